"""What ties two things: the relations that can be walked, as patterns, and the ties of a thing.

A claim ties its subject to its object and its place, by whoever takes a stance to it; a stance ties
a speaker to a claim; a claim is about what it names; and some properties are disputed by nobody
(who belongs where, what lies where, who published what). A claim to which nobody takes a stance
ties nothing. Concepts (tanks, “contested”) are not things: they tie nothing either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from itertools import chain
from typing import NamedTuple

import pyoxigraph as ox

from conflictkg.derive.spans import span
from conflictkg.errors import NameNotFound
from conflictkg.store import Reader, select
from conflictkg.terms import PREFIXES, kind

AGENTS = ("person", "organization", "unit", "source")
ENTITIES = (*AGENTS, "place", "event")
WALKED = frozenset({*ENTITIES, "claim", "issue", "document"})
"""The kinds of thing that can be walked to; a statement is what a tie rests on, not a thing."""

BATCH = 200
"""How many things one query asks about."""

_MADE = "FILTER EXISTS {{ ?reading ckg:onClaim {} }}"


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation from ``?a`` to ``?b``: the kinds of its ends, its pattern, how it reads.

    ``group`` is claim, stance, about, structure or report. ``?via`` of the pattern names the
    relation where ``name`` is empty; ``?carrier`` is what the tie rests on, by default ``?a``.
    ``dated`` tells whose time the tie has: that of a claim, or a property of the carrier.
    """

    group: str
    name: str
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    pattern: str
    dated: str = ""
    sentence: str = ""


_SAID = "ckg:said"
RELATIONS = (
    Relation(
        *("claim", "", ENTITIES, (*ENTITIES, "claim")),
        "?carrier ckg:subject ?a . ?carrier ckg:object|schema:location ?b . "
        "?carrier ckg:predicate ?via " + _MADE.format("?carrier"),
        "claim",
    ),
    Relation(
        *("stance", "", AGENTS, ("claim",)),
        "?carrier ckg:speaker ?a . ?carrier ckg:expresses ?reading . "
        "?reading ckg:onClaim ?b ; ckg:attitude ?via",
        _SAID,
    ),
    Relation(
        *("about", "about", ("claim",), (*ENTITIES, "claim")),
        "?a ckg:subject|ckg:object|schema:location|schema:mentions ?b " + _MADE.format("?a"),
        "claim",
    ),
    Relation(
        *("about", "about", ("claim",), AGENTS),
        "?a ckg:subject|ckg:object ?words . ?words ckg:speaker ?b " + _MADE.format("?a"),
        "claim",
    ),
    Relation(
        *("structure", "memberOf", AGENTS, AGENTS),
        "?carrier org:member ?a ; org:organization ?b",
        "org:memberDuring",
        "{a} belongs to {b}",
    ),
    Relation(
        *("structure", "memberOf", AGENTS, AGENTS),
        "?carrier org:member ?a ; org:post ?post . ?post org:postIn ?b",
        "org:memberDuring",
        "{a} belongs to {b}",
    ),
    Relation(
        *("structure", "containedInPlace", ("place",), ("place",)),
        "?a schema:containedInPlace ?b",
        sentence="{a} lies in {b}",
    ),
    Relation(
        *("structure", "superEvent", ("event",), ("event",)),
        "?a schema:superEvent ?b",
        sentence="“{a}” is part of “{b}”",
    ),
    Relation(
        *("structure", "hasActor", ("event",), AGENTS),
        "?a sem:hasActor ?b",
        "sem:hasTime",
        "{b} took part in “{a}”",
    ),
    Relation(
        *("structure", "hasPlace", ("event",), ("place",)),
        "?a sem:hasPlace ?b",
        "sem:hasTime",
        "“{a}” took place in {b}",
    ),
    Relation(
        *("structure", "publisher", ("document",), AGENTS),
        "?a dcterms:publisher ?b",
        "ckg:published",
        "{b} published “{a}”",
    ),
    Relation(
        *("structure", "isVersionOf", ("document",), ("document",)),
        "?a dcterms:isVersionOf ?b",
        sentence="“{a}” is a copy of “{b}”",
    ),
    Relation(
        *("structure", "translationOfWork", ("document",), ("document",)),
        "?a schema:translationOfWork ?b",
        sentence="“{a}” is a translation of “{b}”",
    ),
    Relation(
        *("structure", "addresses", ("claim",), ("issue",)),
        f"?a ckg:addresses ?b {_MADE.format('?a')}",
        sentence="“{a}” answers the question “{b}”",
    ),
    Relation(
        *("structure", "concerns", ("issue",), ENTITIES),
        "?a schema:about ?b . ?a a ckg:Issue",
        sentence="The question “{a}” is about {b}",
    ),
    Relation(
        *("report", "reportedIn", AGENTS, ("document",)),
        "?carrier ckg:speaker ?a . ?report ckg:reports ?carrier ; ckg:inDocument ?b",
        _SAID,
        "“{b}” reports words of {a}",
    ),
)
"""All relations, those of more weight first; ties are told in this order."""

GROUPS = tuple(dict.fromkeys(relation.group for relation in RELATIONS))
_NAMES = tuple(dict.fromkeys(relation.name for relation in RELATIONS if relation.name))
_SCHEMES = {"claim": "predicate", "stance": "attitude"}

VALID_TIME = "{ ?carrier ckg:holdsThroughout ?t } UNION { ?carrier ckg:holdsSometimeIn ?t }"
MADE_TIME = "?reading ckg:onClaim ?carrier . ?words ckg:expresses ?reading ; ckg:said ?t ."


class Link(NamedTuple):
    """A tie of two things as it is found: by which relation, what it is called, what it rests on.

    ``forward`` says that the relation leads from the thing asked about to the other one.
    """

    relation: int
    via: str
    carrier: ox.NamedNode
    forward: bool


Links = dict[ox.NamedNode, list[Link]]
"""What ties a thing, by the thing at the other end."""


class Tied:
    """Finds the ties of things, by some relations only, or those that can hold on a day.

    ``via`` are names of relations: predicates of claims, attitudes, ``memberOf`` and the like, or
    the groups claim, stance, about, structure, report. What was found is kept.
    Raises NameNotFound for a relation that there is not.
    """

    def __init__(
        self, reader: Reader, via: str | Iterable[str] | None = None, at: date | None = None
    ) -> None:
        self.reader = reader
        self.at = at
        self.asked = frozenset([via] if isinstance(via, str) else via or ())
        self._relations = list(_chosen(reader, self.asked))
        self._found: dict[ox.NamedNode, Links] = {}

    def passes(self, node: ox.NamedNode) -> bool:
        """Say whether a way may lead through a thing: a document is an end, never a bridge.

        Every document ties all whom it quotes. Where ``via`` asks for reports, it is a bridge.
        """
        return kind(node.value) != "document" or bool(self.asked & {"report", "reportedIn"})

    def of(self, nodes: Iterable[ox.NamedNode]) -> dict[ox.NamedNode, Links]:
        """Return the ties of some things: those of most weight first, then by identifier."""
        wanted = list(dict.fromkeys(nodes))
        missing = [node for node in wanted if node not in self._found]
        for at in range(0, len(missing), BATCH):
            self._read(missing[at : at + BATCH])
        return {node: self._found[node] for node in wanted}

    def ahead(self, nodes: Sequence[ox.NamedNode]) -> Iterator[ox.NamedNode]:
        """Yield things with their ties read: one by itself, then more and more at a time."""
        start, size = 0, 1
        while start < len(nodes):
            some = nodes[start : start + size]
            self.of(some)
            yield from some
            start, size = start + size, min(size * 4, BATCH)

    def _read(self, nodes: Sequence[ox.NamedNode]) -> None:
        found: dict[ox.NamedNode, dict[ox.NamedNode, set[Link]]] = {node: {} for node in nodes}
        for place, values in self._relations:
            relation = RELATIONS[place]
            for forward in (True, False):
                mine, kinds, others = (
                    ("a", relation.starts, relation.ends)
                    if forward
                    else ("b", relation.ends, relation.starts)
                )
                some = [str(node) for node in nodes if kind(node.value) in kinds]
                if not some:
                    continue
                query = (
                    f"SELECT DISTINCT ?a ?b ?via ?carrier {{ VALUES ?{mine} {{ {' '.join(some)} }} "
                    f"{values} {relation.pattern} }}"
                )
                for a, b, via, carrier in select(self.reader, query):
                    here, there = (a, b) if forward else (b, a)
                    if here != there and _is_any_of(others, there):
                        name = relation.name or via.value.rsplit("/", 1)[-1]
                        tie = Link(place, name, carrier or a, forward)
                        found[here].setdefault(there, set()).add(tie)
        keep = self._holding(found) if self.at else None
        for node, ties in found.items():
            kept = {
                other: sorted(t for t in some if keep is None or t in keep)
                for other, some in ties.items()
            }
            self._found[node] = dict(
                sorted(
                    ((other, some) for other, some in kept.items() if some),
                    key=lambda pair: (pair[1][0].relation, pair[0].value),
                )
            )

    def _holding(self, found: dict[ox.NamedNode, dict[ox.NamedNode, set[Link]]]) -> set[Link]:
        """Return the ties that can hold on the day."""
        ties = set(chain.from_iterable(some for t in found.values() for some in t.values()))
        carriers: dict[str, set[ox.NamedNode]] = {}
        for tie in ties:
            carriers.setdefault(RELATIONS[tie.relation].dated, set()).add(tie.carrier)
        holding = {
            dated: some if not dated else set(self._on_the_day(dated, some))
            for dated, some in carriers.items()
        }
        return {tie for tie in ties if tie.carrier in holding[RELATIONS[tie.relation].dated]}

    def _on_the_day(self, dated: str, carriers: set[ox.NamedNode]) -> Iterator[ox.NamedNode]:
        """Yield the carriers one of whose times can mean the day, or that have none.

        The valid time of a claim decides; a claim without one counts when it can have been made.
        """
        pattern = VALID_TIME if dated == "claim" else f"?carrier {dated} ?t ."
        times = times_of(self.reader, carriers, pattern)
        if dated == "claim":
            times |= times_of(self.reader, carriers - times.keys(), MADE_TIME)
        for carrier in carriers:
            known = times.get(carrier)
            if not known or any(covers(edtf, self.at) for edtf in known):
                yield carrier


def covers(edtf: str, day: date | None) -> bool:
    """Say whether an EDTF value can mean a day."""
    days = span(edtf)
    return day is None or days.first <= day <= days.last


def times_of(
    reader: Reader, carriers: Iterable[ox.NamedNode], pattern: str
) -> dict[ox.NamedNode, list[str]]:
    """Return the EDTF values that a pattern from ``?carrier`` to ``?t`` finds, by carrier."""
    wanted = sorted(carriers, key=str)
    found: dict[ox.NamedNode, list[str]] = {}
    for at in range(0, len(wanted), BATCH):
        some = " ".join(map(str, wanted[at : at + BATCH]))
        query = (
            f"SELECT DISTINCT ?carrier ?edtf {{ VALUES ?carrier {{ {some} }} {pattern} "
            "?t ckg:edtf ?edtf }"
        )
        for carrier, edtf in select(reader, query):
            found.setdefault(carrier, []).append(edtf.value)
    return found


def _is_any_of(kinds: Sequence[str], node: object) -> bool:
    return isinstance(node, ox.NamedNode) and kind(node.value) in kinds


def _chosen(reader: Reader, asked: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Yield the relations that are asked for, each with the values that ``?via`` may have."""
    names = {one.removeprefix("predicate:").removeprefix("attitude:") for one in asked}
    listed = {group: _concepts(reader, scheme) for group, scheme in _SCHEMES.items()}
    known = {*GROUPS, *_NAMES, *chain.from_iterable(listed.values())} if names else set()
    for name in sorted(names - known):
        near = get_close_matches(name, known, 3)
        groups = ", ".join(GROUPS)
        raise NameNotFound(
            f"there is no relation “{name}”",
            f"did you mean {' or '.join(near)}?"
            if near
            else f"relations are {', '.join(_NAMES)}, predicates and attitudes; groups {groups}",
        )
    for place, relation in enumerate(RELATIONS):
        if not names or relation.group in names or relation.name in names:
            yield place, ""
        elif some := sorted(names & listed.get(relation.group, set())):
            space = PREFIXES[_SCHEMES[relation.group]]
            yield place, f"VALUES ?via {{ {' '.join(f'<{space}{name}>' for name in some)} }}"


def _concepts(reader: Reader, scheme: str) -> set[str]:
    """Return the local names of the concepts of a scheme."""
    query = f"SELECT DISTINCT ?concept {{ ?concept skos:inScheme scheme:{scheme} }}"
    return {row["concept"].value.rsplit("/", 1)[-1] for row in select(reader, query)}
