"""Who or what is meant by a name, in any spelling and script; and search over names and texts.

A name is looked up as it stands first, then without regard to case, accents and punctuation, then
by its fold (see ``fold``), then by its words, then by its beginning. The best of these decides: a
name is ambiguous only where several things share it. Near misses are only ever hints.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import pyoxigraph as ox

from conflictkg.errors import AmbiguousName, InputError, NameNotFound
from conflictkg.files import FOLDERS, graph_named
from conflictkg.fold import fold, plain
from conflictkg.store import Reader, select
from conflictkg.terms import GRAPH, ID, PREFIXES, expand, kind, node, shrink
from conflictkg.values import Name

KINDS: dict[str, frozenset[str]] = {
    "agent": frozenset({"person", "organization", "unit", "source"}),
    "thing": frozenset(),
}
"""Kinds that stand for several: who can speak, and anything at all."""

LANGUAGES = ("", "en", "uk", "ru")
"""Languages in which a name is looked up as it stands; in others it is found as well, later."""

LONGEST = 200
"""How many characters of a name are looked up; to compare longer ones would cost too much."""

_SLUG = re.compile(r"^[a-z0-9][a-z0-9.-]*$")
_USES = {
    "http://www.w3.org/2004/02/skos/core#prefLabel": "pref",
    "http://purl.org/dc/terms/title": "pref",
    "http://www.w3.org/2004/02/skos/core#altLabel": "alt",
    "http://www.w3.org/2004/02/skos/core#hiddenLabel": "hidden",
}
_PROPERTIES = " ".join(f"<{iri}>" for iri in _USES)
_NAMES = f"SELECT ?thing ?use ?name {{ VALUES ?use {{ {_PROPERTIES} }} ?thing ?use ?name }}"
_AS_IT_STANDS = "SELECT ?thing ?use ?name {{ VALUES ?name {{ {names} }} ?thing ?use ?name }}"
_KNOWN = "SELECT ?thing { ?thing ?property ?value } LIMIT 1"
_TEXTS = """SELECT DISTINCT ?thing ?text {
  { ?thing a ckg:Claim ; schema:text ?text } UNION { ?thing a ckg:Statement ; schema:text ?text }
}"""


class Rank(IntEnum):
    """How well a name fits, from the best down."""

    IDENTIFIER = 0
    PREFERRED = 1
    ALTERNATIVE = 2
    HIDDEN = 3
    PREFERRED_ANY_CASE = 4
    ALTERNATIVE_ANY_CASE = 5
    HIDDEN_ANY_CASE = 6
    FOLDED = 7
    WORDS = 8
    BEGINNING = 9
    TEXT = 10

    @property
    def label(self) -> str:
        """The rank in words."""
        return self.name.lower().replace("_", " ")


_EXACT = {"pref": Rank.PREFERRED, "alt": Rank.ALTERNATIVE, "hidden": Rank.HIDDEN}


@dataclass(frozen=True, slots=True)
class Match:
    """A thing that a text may mean: its IRI, the name or text that fits, and how well it does."""

    iri: str
    name: Name
    rank: Rank

    @property
    def curie(self) -> str:
        """The IRI in short form."""
        return shrink(self.iri)

    @property
    def kind(self) -> str:
        """What kind of thing it is (person, place, claim ...)."""
        return kind(self.iri)


@dataclass(slots=True)
class _Entry:
    """A name in the index."""

    iri: str
    name: Name
    plain: str


class Names:
    """The names of the things in a store. They are read when first needed, and then kept."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def resolve(self, text: str, kinds: Collection[str] = ()) -> ox.NamedNode:
        """Return the one thing that a text means: an IRI, a CURIE or a name in any spelling.

        ``kinds`` restricts it to some kinds of thing; see KINDS and ``terms.kind``.
        Raises NameNotFound, with the nearest names, or AmbiguousName, with the candidates;
        InputError for a text longer than LONGEST that is no identifier.
        """
        allowed = _spelled_out(kinds)
        identified = _identifier(text, allowed)
        if identified is not None:
            return self._known(identified, text, allowed)
        best = self.candidates(text, kinds)
        if not best:
            for slugged in _slugged(text, allowed):
                if self._is_known(slugged):
                    return slugged
            raise NameNotFound(_nothing(text, kinds), self._hint(text, allowed))
        if len(best) > 1:
            raise AmbiguousName(text, [(match.curie, str(match.name)) for match in best])
        return ox.NamedNode(best[0].iri)

    def candidates(self, text: str, kinds: Collection[str] = ()) -> list[Match]:
        """Return the things that fit a name equally well, and better than all others.

        A preferred and an alternative name are equals: a village is not the one that is meant
        because another village of its name is known by another one too.
        Raises InputError for a text longer than LONGEST.
        """
        _check_length(text)
        allowed = _spelled_out(kinds)
        best = _one_each(self._as_it_stands(text, allowed)) or _one_each(self._all(text, allowed))
        return [match for match in best if _tier(match.rank) == _tier(best[0].rank)]

    def search(self, text: str, kinds: Collection[str] = ()) -> Iterator[Match]:
        """Yield all that a text may mean, best first: by name, then claims and statements by text.

        A text is found by having all the words, or their beginnings, in any order.
        Raises InputError for a text longer than LONGEST.
        """
        _check_length(text)
        allowed = _spelled_out(kinds)
        found = _one_each(self._all(text, allowed))
        yield from found
        seen = {match.iri for match in found}
        words = plain(text).split()
        if not words or not (not allowed or allowed & {"claim", "statement"}):
            return
        for row in select(self.reader, _TEXTS):
            thing, literal = row["thing"], row["text"]
            if thing.value in seen or (allowed and kind(thing.value) not in allowed):
                continue
            said = f" {plain(literal.value)}"
            if all(f" {word}" in said for word in words):
                seen.add(thing.value)
                yield Match(thing.value, Name(literal.value, literal.language or ""), Rank.TEXT)

    def _known(self, thing: ox.NamedNode, text: str, allowed: frozenset[str]) -> ox.NamedNode:
        """Return a thing by its identifier if something is said of it."""
        if allowed and kind(thing.value) and kind(thing.value) not in allowed:
            raise NameNotFound(
                f"“{shortened(text)}” is not {_listed(allowed)}",
                "give another, or ask another question",
            )
        if not self._is_known(thing):
            raise NameNotFound(f"nothing is known of {shortened(text)}", self._hint(text, allowed))
        return thing

    def _is_known(self, thing: ox.NamedNode) -> bool:
        return next(iter(select(self.reader, _KNOWN, {"thing": thing})), None) is not None

    def _as_it_stands(self, text: str, allowed: frozenset[str]) -> list[Match]:
        """Return the things that have the text as a name, letter for letter."""
        literals = [ox.Literal(text, language=tag or None) for tag in LANGUAGES]
        rows = select(self.reader, _AS_IT_STANDS.format(names=" ".join(map(str, literals))))
        return [
            Match(iri, name, _EXACT[name.use]) for iri, name in _named(rows) if _fits(iri, allowed)
        ]

    def _all(self, text: str, allowed: frozenset[str]) -> list[Match]:
        """Return the things that a text fits in any way, each name with its rank."""
        wanted = plain(text)
        if not wanted:
            return []
        key, words = fold(text), set(fold(text).split())
        found = []
        for place, entry in enumerate(self._index):
            if not _fits(entry.iri, allowed):
                continue
            rank = None
            if entry.plain == wanted:
                exact = _EXACT[entry.name.use]
                as_it_stands = entry.name.text == text and entry.name.language in LANGUAGES
                rank = exact if as_it_stands else Rank(exact + 3)
            elif key:
                folded = self._folds[place]
                if folded == key:
                    rank = Rank.FOLDED
                elif words <= set(folded.split()):
                    rank = Rank.WORDS
                elif f" {folded}".find(f" {key}") >= 0:
                    rank = Rank.BEGINNING
            if rank is not None:
                found.append(Match(entry.iri, entry.name, rank))
        return found

    def _hint(self, text: str, allowed: frozenset[str]) -> str:
        """Say which names are near; a similarity of strings (difflib), good only for a hint."""
        from difflib import get_close_matches

        if len(text) > LONGEST:
            return f"give a name or an identifier of at most {LONGEST} characters"
        key = fold(text.rpartition(":")[2])
        near: dict[str, str] = {}
        for entry, folded in zip(self._index, self._folds, strict=True):
            if _fits(entry.iri, allowed):
                near.setdefault(folded, f"{entry.name.text} ({shrink(entry.iri)})")
        close = get_close_matches(key, near, 3, 0.75)
        if close:
            return "did you mean " + ", ".join(near[one] for one in close) + "?"
        return "conflictkg search looks in all names and texts"

    @cached_property
    def _index(self) -> list[_Entry]:
        named = _named(select(self.reader, _NAMES))
        return [_Entry(iri, name, plain(name.text)) for iri, name in named]

    @cached_property
    def _folds(self) -> list[str]:
        return [fold(entry.name.text) for entry in self._index]


def checked_kind(text: str) -> str:
    """Return a kind of thing if there is one of the name; raises InputError."""
    known = {*KINDS, *(p for p, space in PREFIXES.items() if space == f"{ID}{p}/")}
    if text not in known:
        raise InputError(f"there is no kind “{text}”", "the kinds are: " + " ".join(sorted(known)))
    return text


def shortened(text: str) -> str:
    """Return a text as an error repeats it: its first LONGEST characters.

    >>> len(shortened("x" * 60_000))
    201
    """
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _check_length(text: str) -> None:
    if len(text) > LONGEST:
        raise InputError(
            f"a name of {len(text):,} characters is not looked up",
            f"give a name or an identifier of at most {LONGEST} characters",
        )


def _named(rows: ox.QuerySolutions) -> Iterator[tuple[str, Name]]:
    """Yield the things that have an identifier of ours, and their names."""
    for thing, use, name in rows:
        known = _USES.get(use.value)
        if known and thing.value.startswith(ID):
            yield thing.value, Name(name.value, name.language or "", known)


def _one_each(matches: list[Match]) -> list[Match]:
    """Return the best match of each thing, the best things first."""
    best: dict[str, Match] = {}
    order = sorted(matches, key=lambda m: (m.rank, m.name.language != "en", m.name, m.iri))
    for match in order:
        best.setdefault(match.iri, match)
    return list(best.values())


def _tier(rank: Rank) -> Rank:
    """Return the rank with which a rank competes: names in use, preferred or not, are equals."""
    return Rank(rank - 1) if rank in (Rank.ALTERNATIVE, Rank.ALTERNATIVE_ANY_CASE) else rank


def _fits(iri: str, allowed: frozenset[str]) -> bool:
    return not allowed or kind(iri) in allowed


def _spelled_out(kinds: Collection[str]) -> frozenset[str]:
    """Return the kinds with those that stand for several spelled out; empty stands for all."""
    if "thing" in kinds:
        return frozenset()
    return frozenset().union(*(KINDS.get(one, frozenset({one})) for one in kinds))


def _identifier(text: str, allowed: frozenset[str]) -> ox.NamedNode | None:
    """Return the node that a text names by IRI, CURIE, ``kind/slug`` or graph path, if it does."""
    prefix, colon, rest = text.partition(":")
    folder, slash, _ = text.partition("/")
    if text.startswith("<") or (colon and rest.startswith("//")):
        return node(text)
    if colon and prefix in PREFIXES and rest and not re.search(r"\s", text):
        return node(text)
    if slash and not re.search(r"\s", text):
        if folder in FOLDERS or f"{folder}/" in FOLDERS:
            return graph_named(text)
        if folder in PREFIXES and PREFIXES[folder].startswith(ID):
            return node(expand(text))
    return None


def _slugged(text: str, allowed: frozenset[str]) -> Iterator[ox.NamedNode]:
    """Yield the nodes of the allowed kinds that have a text as the last part of their IRI."""
    if _SLUG.match(text):
        for one in sorted(allowed):
            spaces = [f"{ID}{one}/"] if one != "graph" else [GRAPH + f for f in FOLDERS.values()]
            yield from (ox.NamedNode(space + text) for space in spaces)


def _nothing(text: str, kinds: Collection[str]) -> str:
    return f"no {' or '.join(sorted(kinds)) or 'thing'} is known by the name “{text}”"


def _listed(kinds: frozenset[str]) -> str:
    return "one of the kinds " + ", ".join(sorted(kinds)) if len(kinds) > 1 else f"a {min(kinds)}"
