"""Paths as plain objects and as text: hops, the sentences that they stand for, who says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from textwrap import shorten

from conflictkg.model import Claim, Document, Ref, Statement, Voice
from conflictkg.words import counted, in_words

SHOWN = 3
"""How many sentences of a hop, voices of a sentence and quotes of a voice the text shows."""

GIST = 160
"""How many characters of a statement's gist the text of a path shows."""

_FOR = frozenset({"asserts", "confirms", "predicts"})
_AGAINST = frozenset({"denies", "doubts"})


@dataclass(frozen=True, slots=True)
class Tie:
    """One sentence that ties two things, with what carries it.

    ``relation`` is a predicate, an attitude or a property. ``supports`` are those who say so,
    ``denials`` those who deny or doubt it, ``others`` those who leave it open; ``origins`` the
    independent origins among those who say so (see derive.origin). A sentence that nobody
    disputes has no voices but ``sources``: the documents, pages or graphs that it is taken from.
    """

    relation: str
    sentence: str
    claim: Claim | None = None
    supports: tuple[Voice, ...] = ()
    denials: tuple[Voice, ...] = ()
    others: tuple[Voice, ...] = ()
    origins: tuple[Ref, ...] = ()
    sources: tuple[Ref, ...] = ()

    @property
    def voices(self) -> tuple[Voice, ...]:
        """All who speak of it."""
        return (*self.supports, *self.denials, *self.others)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements that speak of it, each once."""
        return tuple({voice.statement.iri: voice.statement for voice in self.voices}.values())

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents in which the statements are read to speak of it, each once."""
        return tuple({d.iri: d for voice in self.voices for d in told_in(voice)}.values())

    def __str__(self) -> str:
        return "\n".join(_tie_lines(self))


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a path: two things, and the sentences that tie them, the weightiest first.

    ``origins`` are the independent origins of all that is said for any of the sentences.
    """

    source: Ref
    target: Ref
    ties: tuple[Tie, ...]
    origins: tuple[Ref, ...] = ()

    @property
    def sentence(self) -> str:
        """The sentence of most weight."""
        return self.ties[0].sentence

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements that carry it, each once."""
        return tuple({s.iri: s for tie in self.ties for s in tie.statements}.values())

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents in which the statements are read so, each once."""
        return tuple({d.iri: d for tie in self.ties for d in tie.documents}.values())

    @property
    def sources(self) -> tuple[Ref, ...]:
        """What the undisputed ones of its sentences are taken from."""
        return tuple(dict.fromkeys(source for tie in self.ties for source in tie.sources))

    def __str__(self) -> str:
        return "\n".join(_hop_lines(self))


@dataclass(frozen=True, slots=True)
class Path:
    """A way from one thing to another: its things, and a hop between each two of them."""

    things: tuple[Ref, ...]
    hops: tuple[Hop, ...] = ()

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements that carry it, each once."""
        return tuple({s.iri: s for hop in self.hops for s in hop.statements}.values())

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents in which the statements are read so, each once."""
        return tuple({d.iri: d for hop in self.hops for d in hop.documents}.values())

    def __len__(self) -> int:
        return len(self.hops)

    def __iter__(self) -> Iterator[Hop]:
        return iter(self.hops)

    def __str__(self) -> str:
        return "\n".join(_path_lines(self))

    def _repr_html_(self) -> str:
        from html import escape

        hops = "".join(f"<li><pre>{escape(str(hop))}</pre></li>" for hop in self.hops)
        return f"<p>{escape(' → '.join(map(str, self.things)))}</p><ol>{hops}</ol>"


def sides(
    voices: Iterable[Voice],
) -> tuple[tuple[Voice, ...], tuple[Voice, ...], tuple[Voice, ...]]:
    """Return those who are for a claim, those against it, and the others."""
    sides: tuple[list[Voice], list[Voice], list[Voice]] = ([], [], [])
    for voice in voices:
        attitude, unlikely = voice.stance.attitude, voice.stance.certainty == "unlikely"
        if attitude in _FOR and not unlikely:
            sides[0].append(voice)
        elif attitude in _FOR or attitude in _AGAINST:
            sides[1].append(voice)
        else:
            sides[2].append(voice)
    return tuple(sides[0]), tuple(sides[1]), tuple(sides[2])


def _path_lines(path: Path) -> Iterator[str]:
    names = " → ".join(str(thing) for thing in path.things)
    if not path.hops:
        yield f"{names}: one and the same, no hops"
        return
    yield f"{path.things[0]} to {path.things[-1]}, {counted(len(path.hops), 'hop')}: {names}"
    for number, hop in enumerate(path.hops, 1):
        first, *rest = _hop_lines(hop)
        yield f"{number}. {first}"
        yield from (f"   {line}" for line in rest)


def _hop_lines(hop: Hop) -> Iterator[str]:
    for tie in hop.ties[:SHOWN]:
        yield from _tie_lines(tie)
    if len(hop.ties) > SHOWN:
        more = counted(len(hop.ties) - SHOWN, "more sentence")
        total = counted(len(hop.origins), "independent origin")
        yield f"and {more} of {hop.source} and {hop.target}; {total} in all"


def _tie_lines(tie: Tie) -> Iterator[str]:
    """Yield the sentence, then who says so, who denies it, and how many origins there are."""
    sentence = tie.sentence if tie.sentence.endswith((".", "”", "?", "!")) else f"{tie.sentence}."
    yield sentence
    for title, voices in (("", tie.supports), ("denied: ", tie.denials), ("", tie.others)):
        lines = list(voice_lines(voices))
        yield from (f"  {title}{line}" for line in lines[:SHOWN])
        if len(lines) > SHOWN:
            yield f"  {title}and {len(lines) - SHOWN} more"
    if tie.sources:
        yield f"  undisputed; from {'; '.join(map(str, tie.sources))}"
        return
    documents = counted(len(tie.documents), "document")
    if tie.origins:
        who = ", ".join(map(str, tie.origins))
        found = counted(len(tie.origins), "independent origin")
        yield f"  {found} ({who}), {documents}"
    else:
        yield f"  nobody here asserts it; {documents}"


def voice_lines(voices: Iterable[Voice]) -> Iterator[str]:
    """Yield voices as lines: who, when, with which attitude, in which words and where.

    Documents that read a statement in the same way share a line.
    """
    readings: dict[tuple[str, str, str], list[Voice]] = {}
    for voice in voices:
        stance = voice.stance
        key = (voice.statement.iri, stance.attitude, stance.certainty)
        readings.setdefault(key, []).append(voice)
    for some in readings.values():
        statement, stance = some[0].statement, some[0].stance
        documents = {d.iri: d for voice in some for d in told_in(voice)}
        when = " or ".join(dict.fromkeys(map(str, statement.said))) or "date unknown"
        sure = "" if stance.certainty in ("certain", "notStated", "") else f", {stance.certainty}"
        quotes = dict.fromkeys(
            words if words.startswith(("“", "«", '"')) else f"“{words}”"
            for report in statement.reports
            if (words := report.quote) and report.document.iri in documents
        )
        gist = shorten(statement.gist, GIST, placeholder=" …")
        words = " ".join([gist, *islice(quotes, SHOWN)])
        where = ", ".join(dict.fromkeys(str(d.publisher or d.title) for d in documents.values()))
        yield f"{statement.speaker}, {when}, {in_words(stance.attitude)}{sure}: {words} ({where})"


def told_in(voice: Voice) -> tuple[Document, ...]:
    """Return the documents of a voice: those that read it so, or all where others read it."""
    readers = {ref.iri for ref in voice.stance.according_to}
    reading = tuple(d for d in voice.statement.documents if d.iri in readers)
    return reading or voice.statement.documents
