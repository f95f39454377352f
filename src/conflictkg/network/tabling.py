"""The two tables of a projection, made of packed edges when they are looked at."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import isnan
from typing import Any

from conflictkg.network.columns import (
    FOREVER,
    NEVER,
    Coded,
    Column,
    Days,
    Listed,
    Plain,
    Spells,
    Table,
    Unions,
    merged,
    packed,
    span,
    united,
)
from conflictkg.network.facts import AGAINST, ATTITUDES
from conflictkg.network.grouping import Packed
from conflictkg.network.lanes import Lanes
from conflictkg.network.layout import Point
from conflictkg.network.measures import Loose
from conflictkg.network.spool import Spool
from conflictkg.network.styles import node_colour, sizes
from conflictkg.network.things import Things
from conflictkg.words import in_words

NODE_COLUMNS = (
    *("id", "iri", "label", "kind", "type", "part_of", "lat", "lon", "x", "y", "size", "colour"),
    *("weight", "degree", "first", "last", "spells"),
)
EDGE_COLUMNS = (
    *("id", "source", "target", "kind", "label", "directed", "weight", "attitude", "disputed"),
    *("statements", "documents", "origins", "first", "last", "spells", "evidence"),
)
_MANY = 64
"""How many times of a node are kept before they are merged."""

_STANCES = [
    "; ".join(name for bit, name in enumerate(ATTITUDES) if mask >> bit & 1) or None
    for mask in range(1 << len(ATTITUDES))
]
_DISPUTED = [bool(mask & AGAINST) for mask in range(1 << len(ATTITUDES))]


@dataclass
class Ground:
    """What a projection and its slices share: what nodes, kinds and evidence are, and positions.

    ``evidence`` are IRIs; ``origins`` and ``statements`` have an entry more, for no evidence.
    ``place`` gives the positions of all nodes, once they are asked for.
    """

    things: Things
    kinds: Sequence[str]
    undirected: Iterable[str]
    evidence: Sequence[str]
    origins: Sequence[int]
    statements: Sequence[bool]
    place: Callable[[], Sequence[Point]]
    lanes: Lanes

    @cached_property
    def keys(self) -> array[int]:
        """A number of 64 bits for each node, made of its id."""
        return array("Q", map(_key, self.things.ids))

    @cached_property
    def positions(self) -> Sequence[Point]:
        """The positions of the nodes, by their numbers; nought has no sign."""
        return [(x + 0.0, y + 0.0) for x, y in self.place()]


_WORD = (1 << 64) - 1
_ONE, _OTHER = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F
"""Multipliers that spread bits; they differ, so that the two directions of an edge do as well."""


def _key(name: str) -> int:
    """Return 64 bits that stand for a name; of edges they make ids that never change."""
    return int.from_bytes(hashlib.blake2b(name.encode(errors="replace"), digest_size=8).digest())


class Spooled:
    """A table of edges that stays in a temporary file, read in parts; see ``Table``."""

    def __init__(self, ground: Ground, spool: Spool) -> None:
        self._ground = ground
        self._spool = spool
        self._length = sum(len(part) for part in spool)
        self.columns = EDGE_COLUMNS

    def __len__(self) -> int:
        return self._length

    def chunks(self) -> Iterator[Table]:
        """Yield the table in parts that fit in memory."""
        return (edge_table(self._ground, part) for part in self._spool)

    def rows(self, *columns: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows as tuples of some columns, or of all in their order."""
        for part in self.chunks():
            yield from part.rows(*columns)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for part in self.chunks():
            yield from part

    def __repr__(self) -> str:
        return f"<Table on disk: {self._length:,} rows of {', '.join(self.columns)}>"


def edge_table(ground: Ground, edges: Packed) -> Table:
    """Return packed edges as a table with EDGE_COLUMNS."""
    ids, kinds, keys = ground.things.ids, ground.kinds, ground.keys
    kind_keys = [_key(kind) for kind in kinds]

    return Table(
        {
            "id": Plain(
                f"edge:{(keys[one] * _ONE + keys[other] * _OTHER ^ kind_keys[kind]) & _WORD:016x}"
                for one, other, kind in zip(edges.source, edges.target, edges.kind, strict=True)
            ),
            "source": Coded(ids, edges.source),
            "target": Coded(ids, edges.target),
            "kind": Coded(kinds, edges.kind),
            "label": Coded([in_words(kind) for kind in kinds], edges.kind),
            "directed": Coded([kind not in ground.undirected for kind in kinds], edges.kind),
            "weight": edges.weight,
            "attitude": Coded(_STANCES, edges.attitude),
            "disputed": Coded(_DISPUTED, edges.attitude),
            "statements": edges.statements,
            "documents": edges.documents,
            "origins": edges.origins,
            "first": Days(edges.first),
            "last": Days(edges.last),
            "spells": Spells(edges.first, edges.last, edges.starts, edges.intervals),
            "evidence": Listed(ground.evidence, edges.starts, edges.facts[0]),
        }
    )


class _Sums:
    """What the edges give their nodes: weight, degree, first and last day."""

    def __init__(self, count: int) -> None:
        self.weight = array("d", bytes(8 * count))
        self.degree = array("i", bytes(4 * count))
        self.first = array("i", [FOREVER]) * count
        self.last = array("i", [NEVER]) * count

    def add(self, part: Packed) -> None:
        """Take in some edges."""
        weight, degree = self.weight, self.degree
        for source, target, heavy in zip(part.source, part.target, part.weight, strict=True):
            weight[source] += heavy
            degree[source] += 1
            weight[target] += heavy
            degree[target] += 1
        for ends in (part.source, part.target):
            for node, first, last in zip(ends, part.first, part.last, strict=True):
                self.date(node, first, last)

    def date(self, node: int, first: int, last: int) -> None:
        """Take in when something about a node was; unknown times and all time say nothing."""
        if first <= last and last - first < FOREVER:
            if first < self.first[node]:
                self.first[node] = first
            if last > self.last[node]:
                self.last[node] = last


def node_table(ground: Ground, members: Sequence[int], parts: Spool, loose: Loose) -> Table:
    """Return nodes as a table with NODE_COLUMNS; ``members`` are their numbers in order."""
    things = ground.things
    sums = _Sums(len(things))
    for part in parts:
        sums.add(part)
    for node, opens, closes in zip(loose.node, loose.opens, loose.closes, strict=True):
        sums.date(node, opens, closes)
    weights = [sums.weight[node] for node in members]
    count = len(members)
    spans: list[Mapping[int, Sequence[int]]] = []

    def spans_at(at: int) -> Sequence[int]:
        if not spans:
            spans.append(_node_spells(parts, loose))
        return spans[0].get(members[at], ())

    def number(column: Sequence[float]) -> Column:
        return Column(count, lambda at: None if isnan(v := column[members[at]]) else v)

    def text(column: Sequence[str]) -> Column:
        return Column(count, lambda at: column[members[at]] or None)

    return Table(
        {
            "id": Coded(things.ids, members),
            "iri": Coded(things.iris, members),
            "label": Coded(things.labels, members),
            "kind": Coded(things.kinds, members),
            "type": text(things.types),
            "part_of": text(things.parts),
            "lat": number(things.lat),
            "lon": number(things.lon),
            "x": Column(count, lambda at: ground.positions[members[at]][0]),
            "y": Column(count, lambda at: ground.positions[members[at]][1]),
            "size": sizes(weights),
            "colour": Column(count, lambda at: node_colour(things.kinds[members[at]])),
            "weight": weights,
            "degree": Coded(sums.degree, members),
            "first": Days(packed(_known(sums.first[node]) for node in members)),
            "last": Days(packed(_known(sums.last[node]) for node in members)),
            "spells": Unions(count, spans_at),
        }
    )


def _known(day: int) -> int:
    return day if NEVER < day < FOREVER else NEVER


def _node_spells(parts: Iterable[Packed], loose: Loose) -> dict[int, Sequence[int]]:
    """Return the spans of each node: the union of those of its edges and its own facts."""
    found: dict[int, array[int]] = {}

    def take(nodes: Iterable[int], spans: Iterable[int]) -> None:
        for node, one in zip(nodes, spans, strict=True):
            if one < 0:
                continue
            some = found.get(node)
            if some is None:
                found[node] = array("q", (one,))
                continue
            some.append(one)
            if len(some) > _MANY:
                joined = united(some)
                if len(joined) <= _MANY // 2:
                    found[node] = array("q", joined)

    for part in parts:
        spans = list(map(_spanned, part.first, part.last))
        for at, (begin, end) in enumerate(pairwise(part.starts)):
            if end - begin > 1:
                spans[at] = -1
                several = [_spanned(first, last) for first, last in merged(part.intervals(at))]
                for node in (part.source[at], part.target[at]):
                    take([node] * len(several), several)
        take(part.source, spans)
        take(part.target, spans)
    days = zip(loose.opens, loose.closes, strict=True)
    take(loose.node, [_spanned(*pair) if pair[0] <= pair[1] else -1 for pair in days])
    whole = [span(NEVER, FOREVER)]
    unions = {node: united(spans) for node, spans in found.items()}
    return {node: some for node, some in unions.items() if some != whole}


def _spanned(first: int, last: int) -> int:
    """Return a span; -1 for all time."""
    return span(first, last) if last - first < FOREVER else -1
