"""The two tables of a projection, made of packed edges when they are looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from conflictkg.network.coding import CLOSES, OPENS, SOURCE
from conflictkg.network.columns import (
    FOREVER,
    NEVER,
    Array,
    Coded,
    Days,
    Ids,
    Listed,
    Measures,
    Numbers,
    Spells,
    Table,
    coded,
    starts_of,
    united,
)
from conflictkg.network.facts import AGAINST, ATTITUDES
from conflictkg.network.grouping import Packed
from conflictkg.network.lanes import Lanes
from conflictkg.network.layout import Point
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
_STANCES = [
    "; ".join(name for bit, name in enumerate(ATTITUDES) if mask >> bit & 1) or None
    for mask in range(1 << len(ATTITUDES))
]
_WAITING = 1_000_000
"""How many spells of nodes may wait before they are united; as many as there are, if more."""

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
    origins: Array
    statements: Array
    place: Callable[[], Sequence[Point]]
    lanes: Lanes

    @cached_property
    def keys(self) -> Array:
        """A number of 64 bits for each node, made of its id."""
        return _keys(self.things.ids)

    @cached_property
    def positions(self) -> Array:
        """The positions of the nodes, by their numbers; nought has no sign."""
        return np.array(self.place(), float).reshape(-1, 2) + 0.0


_ONE, _OTHER = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
"""Multipliers that spread bits; they differ, so that the two directions of an edge do as well."""


def _keys(names: Iterable[str]) -> Array:
    """Return 64 bits that stand for each name; of edges they make ids that never change."""
    digests = (hashlib.blake2b(name.encode(errors="replace"), digest_size=8) for name in names)
    return np.frombuffer(b"".join(one.digest() for one in digests), ">u8").astype(np.uint64)


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
        for part in self._spool:
            yield from edge_table(self._ground, part).chunks()

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
    source, target, kind = edges.source, edges.target, edges.kind
    numbers = keys[source] * _ONE + keys[target] * _OTHER
    return Table(
        {
            "id": Ids(numbers ^ _keys(kinds)[kind]),
            "source": Coded(ids, source),
            "target": Coded(ids, target),
            "kind": Coded(kinds, kind),
            "label": Coded([in_words(kind) for kind in kinds], kind),
            "directed": Coded([kind not in ground.undirected for kind in kinds], kind),
            "weight": Numbers(edges.weight),
            "attitude": Coded(_STANCES, edges.attitude),
            "disputed": Coded(_DISPUTED, edges.attitude),
            "statements": Numbers(edges.statements),
            "documents": Numbers(edges.documents),
            "origins": Numbers(edges.origins),
            "first": Days(edges.first),
            "last": Days(edges.last),
            "spells": edges.spells,
            "evidence": lambda: Listed(ground.evidence, *edges.evidence()),
        }
    )


class _Sums:
    """What the edges and their own facts give nodes: weight, degree, first and last day."""

    def __init__(self, count: int) -> None:
        self.weight = np.zeros(count)
        self.degree = np.zeros(count, np.int32)
        self.first = np.full(count, FOREVER, np.int32)
        self.last = np.full(count, NEVER, np.int32)

    def add(self, part: Packed) -> None:
        """Take in some edges."""
        for nodes in (part.source, part.target):
            self.weight += np.bincount(nodes, part.weight, minlength=len(self.weight))
            self.degree += np.bincount(nodes, minlength=len(self.degree)).astype(np.int32)
            self.date(nodes, part.first, part.last)

    def date(self, nodes: Array, first: Array, last: Array) -> None:
        """Take in when something about nodes was; unknown times and all time say nothing.

        Arrays out of a file have a type of their own, which makes ``at`` slow; not so ``astype``.
        """
        known = _known(first, last)
        np.minimum.at(self.first, nodes[known], first[known].astype(np.int32))
        np.maximum.at(self.last, nodes[known], last[known].astype(np.int32))


def _known(first: Array, last: Array) -> Array:
    """Say which times are known and not all time."""
    known: Array = (first <= last) & (last - first < FOREVER)
    return known


def _node_spells(count: int, parts: Iterable[Packed], loose: Array) -> Spells:
    """Return the spells of all nodes: the union of those of their edges and their own facts."""
    known = _known(loose[OPENS], loose[CLOSES])
    times = [(loose[SOURCE, known], loose[OPENS, known], loose[CLOSES, known])]
    room = _WAITING
    for part in parts:
        spells = part.spells()
        rows = np.repeat(np.arange(len(part)), np.diff(spells.starts))
        times += [(nodes[rows], spells.first, spells.last) for nodes in (part.source, part.target)]
        room -= 2 * len(rows)
        if room < 0:
            times = [united(*map(np.concatenate, zip(*times, strict=True)))]
            room = max(_WAITING, len(times[0][0]))
    nodes, first, last = united(*map(np.concatenate, zip(*times, strict=True)))
    known = _known(first, last)
    lengths = np.bincount(nodes[known], minlength=count)
    return Spells(starts_of(lengths), first[known], last[known])


def node_table(ground: Ground, members: Array, parts: Iterable[Packed], loose: Array) -> Table:
    """Return nodes as a table with NODE_COLUMNS; ``members`` are their numbers in order."""
    things = ground.things
    sums = _Sums(len(things))
    for part in parts:
        sums.add(part)
    sums.date(loose[SOURCE], loose[OPENS], loose[CLOSES])
    weight = np.round(sums.weight[members], 6)
    first, last = sums.first[members], sums.last[members]
    numbers = members.tolist()

    def some(values: Sequence[str]) -> Coded:
        return coded([values[number] for number in numbers])

    kinds = some(things.kinds)
    colours = [node_colour(kind) for kind in kinds.values]
    return Table(
        {
            "id": Coded(things.ids, members),
            "iri": Coded(things.iris, members),
            "label": Coded(things.labels, members),
            "kind": kinds,
            "type": some(things.types),
            "part_of": some(things.parts),
            "lat": Measures(np.array(things.lat)[members]),
            "lon": Measures(np.array(things.lon)[members]),
            "x": lambda: Numbers(ground.positions[members, 0]),
            "y": lambda: Numbers(ground.positions[members, 1]),
            "size": Numbers(sizes(weight)),
            "colour": Coded(colours, kinds.numbers),
            "weight": Numbers(weight),
            "degree": Numbers(sums.degree[members]),
            "first": Days(np.where(first < FOREVER, first, NEVER)),
            "last": Days(np.where(last < FOREVER, last, NEVER)),
            "spells": lambda: _node_spells(len(things), parts, loose).take(members),
        }
    )
