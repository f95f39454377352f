"""Everything that ties two things: claims on both, what they say of each other, and alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from conflictkg.model import Document, Ref, Report, Statement, Voice
from conflictkg.reading import Snapshot, read_documents, read_reports, read_statements, subjects
from conflictkg.store import Reader, select
from conflictkg.terms import CKG, ORG
from conflictkg.views import Contested, who_says
from conflictkg.walking.explanation import Explainer, refs_of
from conflictkg.walking.relations import BATCH, Tied
from conflictkg.walking.routes import routes
from conflictkg.walking.ties import Hop, Path, sides, voice_lines
from conflictkg.words import counted

Node = ox.NamedNode

_NAMING = "ckg:subject|ckg:object|schema:location|schema:mentions"


@dataclass(frozen=True, slots=True)
class Meeting:
    """A question on which two speakers meet: one claim, or two claims that cannot both hold.

    ``one`` and ``other`` are what each says. To agree and to disagree do not exclude each other:
    a speaker may say one thing today and another tomorrow.
    """

    claims: tuple[Contested, ...]
    one: tuple[Voice, ...]
    other: tuple[Voice, ...]

    @property
    def agrees(self) -> bool:
        """Whether both are for the one claim, or both against it."""
        mine, theirs = _signs(self.one), _signs(self.other)
        return len(self.claims) == 1 and bool(mine & theirs)

    @property
    def disagrees(self) -> bool:
        """Whether one is for what the other is against, or each for one of two rival claims."""
        mine, theirs = _signs(self.one), _signs(self.other)
        return len(self.claims) > 1 or any(-sign in theirs for sign in mine)


@dataclass(frozen=True, slots=True)
class Bond:
    """Everything that ties two things.

    ``direct`` is the hop between them, if there is one; ``claims`` are those that name both;
    ``one_on_other`` and ``other_on_one`` what each says in claims that name the other;
    ``meetings`` the claims on which both take a stance; ``answers`` the statements of one in
    response to the other; ``relays`` the reports by which one passes on words of the other;
    ``documents`` those that report both; ``common`` the ways over what both belong to.
    """

    one: Ref
    other: Ref
    direct: Hop | None = None
    claims: tuple[Contested, ...] = ()
    one_on_other: tuple[Voice, ...] = ()
    other_on_one: tuple[Voice, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    answers: tuple[Statement, ...] = ()
    relays: tuple[Report, ...] = ()
    documents: tuple[Document, ...] = ()
    common: tuple[Path, ...] = ()

    @property
    def agreements(self) -> tuple[Meeting, ...]:
        """The claims on which both are on one side."""
        return tuple(meeting for meeting in self.meetings if meeting.agrees)

    @property
    def disagreements(self) -> tuple[Meeting, ...]:
        """The claims on which they are on opposite sides, and those that cannot both hold."""
        return tuple(meeting for meeting in self.meetings if meeting.disagrees)

    def __bool__(self) -> bool:
        parts = (self.direct, self.claims, self.one_on_other, self.other_on_one, self.meetings)
        return any((*parts, self.answers, self.relays, self.documents, self.common))

    def __str__(self) -> str:
        return "\n".join(_lines(self))


def between(reader: Reader, one: Node, other: Node) -> Bond:
    """Return everything that ties two things.

    What the holders of an institution's posts say in them counts as said by the institution.
    """
    tied = Tied(reader)
    explainer = Explainer(tied)
    refs = refs_of(reader, (one, other))
    if one == other:
        return Bond(refs[one], refs[other])
    said = [_said(reader, node) for node in (one, other)]
    stances = [_claims_of(reader, statements) for statements in said]
    naming = [set(_naming(reader, node)) for node in (one, other)]
    rivals = list(_rivals(reader, *stances))
    wanted = {
        *(naming[0] & naming[1]),
        *(stances[0] & naming[1]),
        *(stances[1] & naming[0]),
        *(stances[0] & stances[1]),
        *(claim for pair in rivals for claim in pair),
    }
    contested = {
        ox.NamedNode(found.claim.iri): found for found in who_says(reader, sorted(wanted, key=str))
    }
    voices = [
        {
            claim: tuple(v for v in found.voices if ox.NamedNode(v.statement.iri) in statements)
            for claim, found in contested.items()
        }
        for statements in said
    ]
    direct = explainer.hop(one, other) if other in tied.of([one])[one] else None
    groups = Tied(reader, "memberOf")
    return Bond(
        refs[one],
        refs[other],
        direct=direct,
        claims=tuple(contested[claim] for claim in sorted(naming[0] & naming[1], key=str)),
        one_on_other=_on(voices[0], stances[0] & naming[1]),
        other_on_one=_on(voices[1], stances[1] & naming[0]),
        meetings=tuple(_meetings(contested, voices, stances[0] & stances[1], rivals)),
        answers=tuple(_answers(reader, *said)),
        relays=tuple(_relays(reader, one, said[1])) + tuple(_relays(reader, other, said[0])),
        documents=tuple(_documents(reader, *said)),
        common=tuple(
            Explainer(groups).path(way)
            for way in routes(groups, one, other, 2, BATCH)
            if len(way) == 3
        ),
    )


def _signs(voices: Iterable[Voice]) -> set[int]:
    affirming, denying, _ = sides(voices)
    return {sign for sign, some in ((1, affirming), (-1, denying)) if some}


def _on(voices: dict[Node, tuple[Voice, ...]], claims: set[Node]) -> tuple[Voice, ...]:
    return tuple(voice for claim in sorted(claims, key=str) for voice in voices[claim])


def _said(reader: Reader, node: Node) -> set[Node]:
    """Return the statements of a speaker, those of the holders of its posts among them."""
    posts = subjects(reader, ORG.postIn, [node])
    said = subjects(reader, CKG.speaker, [node])
    return {*said, *subjects(reader, CKG.inCapacity, posts)}


def _claims_of(reader: Reader, statements: Iterable[Node]) -> set[Node]:
    return {row["x"] for row in _batched(reader, statements, "?s ckg:expresses/ckg:onClaim ?x")}


def _naming(reader: Reader, node: Node) -> Iterator[Node]:
    for row in select(reader, f"SELECT DISTINCT ?claim {{ ?claim {_NAMING} {node} }}"):
        yield row["claim"]


def _batched(reader: Reader, nodes: Iterable[Node], pattern: str) -> Iterator[ox.QuerySolution]:
    """Yield the solutions of a pattern from ``?s`` to ``?x``, some hundred nodes a query."""
    wanted = sorted(nodes, key=str)
    for at in range(0, len(wanted), BATCH):
        some = " ".join(map(str, wanted[at : at + BATCH]))
        query = f"SELECT DISTINCT ?s ?x {{ VALUES ?s {{ {some} }} {pattern} }}"
        yield from select(reader, query)


def _rivals(reader: Reader, mine: set[Node], theirs: set[Node]) -> Iterator[tuple[Node, Node]]:
    """Yield the claims of both that cannot both hold, as the rules computed it."""
    pattern = "?found schema:about ?s ; a ckg:Contradiction ; schema:about ?x"
    pairs = {(row["s"], row["x"]) for row in _batched(reader, mine, pattern)}
    for claim, rival in sorted(pairs, key=str):
        if claim != rival and rival in theirs:
            yield claim, rival


def _meetings(
    contested: dict[Node, Contested],
    voices: Sequence[dict[Node, tuple[Voice, ...]]],
    shared: set[Node],
    rivals: Iterable[tuple[Node, Node]],
) -> Iterator[Meeting]:
    for claim in sorted(shared, key=str):
        yield Meeting((contested[claim],), voices[0][claim], voices[1][claim])
    for claim, rival in rivals:
        mine, theirs = sides(voices[0][claim])[0], sides(voices[1][rival])[0]
        if mine and theirs:
            yield Meeting((contested[claim], contested[rival]), mine, theirs)


def _answers(reader: Reader, mine: set[Node], theirs: set[Node]) -> Iterator[Statement]:
    """Yield the statements of either in response to one of the other, by date."""
    pattern = "?s ckg:expresses/ckg:inResponseTo ?x"
    found = [
        row["s"]
        for some, others in ((mine, theirs), (theirs, mine))
        for row in _batched(reader, some, pattern)
        if row["x"] in others
    ]
    yield from read_statements(reader, found)


def _relays(reader: Reader, relayer: Node, statements: set[Node]) -> Iterator[Report]:
    """Yield the reports of some statements that a relayer publishes or passes on."""
    pattern = (
        f"?x ckg:reports ?s . {{ ?x ckg:inDocument/dcterms:publisher {relayer} }} UNION "
        f"{{ ?x ckg:via+ ?hop . ?hop prov:wasAttributedTo {relayer} }}"
    )
    found = {row["x"] for row in _batched(reader, statements, pattern)}
    yield from read_reports(Snapshot(reader), sorted(found, key=str))


def _documents(reader: Reader, mine: set[Node], theirs: set[Node]) -> Iterator[Document]:
    """Yield the documents that report statements of both."""
    pattern = "?report ckg:reports ?s ; ckg:inDocument ?x"
    both = [{row["x"] for row in _batched(reader, some, pattern)} for some in (mine, theirs)]
    shared = sorted(both[0] & both[1], key=str)
    yield from read_documents(Snapshot(reader), shared).values()


def _lines(bond: Bond) -> Iterator[str]:
    yield f"{bond.one} and {bond.other}"
    if not bond:
        yield "Nothing here ties them directly."
    if bond.direct:
        yield "Tied directly:"
        yield from (f"  {line}" for line in str(bond.direct).splitlines())
    for title, meetings in (
        ("They agree", bond.agreements),
        ("They disagree", bond.disagreements),
    ):
        if meetings:
            yield f"{title} on {counted(len(meetings), 'claim')}:"
        for meeting in meetings:
            yield "  " + " against ".join(f"“{found.claim}”" for found in meeting.claims)
            yield from (f"    {line}" for line in voice_lines((*meeting.one, *meeting.other)))
    if bond.claims:
        yield f"Named together in {counted(len(bond.claims), 'claim')}:"
        yield from (f"  {found.claim}" for found in bond.claims)
    for speaker, named, voices in (
        (bond.one, bond.other, bond.one_on_other),
        (bond.other, bond.one, bond.other_on_one),
    ):
        if voices:
            yield f"{speaker} on {named}:"
        for claim in dict.fromkeys(voice.stance.claim for voice in voices):
            yield f"  “{claim}”"
            mine = (voice for voice in voices if voice.stance.claim.iri == claim.iri)
            yield from (f"    {line}" for line in voice_lines(mine))
    for title, things in (("In answer to each other", bond.answers), ("Passed on", bond.relays)):
        if things:
            yield f"{title}:"
            yield from dict.fromkeys(f"  {thing}" for thing in things)
    if bond.documents:
        yield f"Both in {counted(len(bond.documents), 'document')}:"
        yield from (f"  {document}" for document in bond.documents)
    for path in bond.common:
        yield f"Both belong to {path.things[1]}"
