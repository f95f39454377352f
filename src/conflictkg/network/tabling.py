"""The two tables of a projection, made of packed edges when they are looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isnan
from typing import Any

import numpy as np

from conflictkg.network.columns import (
    FOREVER,
    NEVER,
    Array,
    Coded,
    Column,
    Days,
    Ids,
    Listed,
    Numbers,
    Spells,
    Table,
    starts_of,
    united,
)
from conflictkg.network.facts import AGAINST, ATTITUDES
from conflictkg.network.grouping import CLOSES, OPENS, SOURCE, Packed
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
"""How many spells of nodes may wait before they are united."""

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

    @cached_property
    def keys(self) -> Array:
        """A number of 64 bits for each node, made of its id."""
        return _keys(self.things.ids)

    @cached_property
    def positions(self) -> Sequence[Point]:
        """The positions of the nodes, by their numbers; nought has no sign."""
        return [(x + 0.0, y + 0.0) for x, y in self.place()]


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
            "spells": edges.spells(),
            "evidence": Listed(ground.evidence, *edges.evidence()),
        }
    )


class _Sums:
    """What the edges and their own facts give nodes: weight, degree, first and last day, times."""

    def __init__(self, count: int) -> None:
        self.weight = np.zeros(count)
        self.degree = np.zeros(count, np.int32)
        self.first = np.full(count, FOREVER, np.int32)
        self.last = np.full(count, NEVER, np.int32)
        self._times = [(np.empty(0, np.int32),) * 3]
        self._room = _WAITING

    def add(self, part: Packed) -> None:
        """Take in some edges."""
        spells = part.spells()
        rows = np.repeat(np.arange(len(part)), np.diff(spells.starts))
        for nodes in (part.source, part.target):
            self.weight += np.bincount(nodes, part.weight, minlength=len(self.weight))
            self.degree += np.bincount(nodes, minlength=len(self.degree)).astype(np.int32)
            self.date(nodes, part.first, part.last)
            self.time(nodes[rows], spells.first, spells.last)

    def date(self, nodes: Array, first: Array, last: Array) -> None:
        """Take in when something about nodes was; unknown times and all time say nothing."""
        known = (first <= last) & (last - first < FOREVER)
        np.minimum.at(self.first, nodes[known], first[known])
        np.maximum.at(self.last, nodes[known], last[known])

    def time(self, nodes: Array, first: Array, last: Array) -> None:
        """Take in spells of nodes; they are united when there are twice as many as before."""
        self._times.append((nodes, first, last))
        self._room -= len(nodes)
        if self._room < 0:
            self._times = [self._united()]
            self._room = max(_WAITING, len(self._times[0][0]))

    def _united(self) -> tuple[Array, Array, Array]:
        return united(*map(np.concatenate, zip(*self._times, strict=True)))

    def alone(self, facts: Array) -> None:
        """Take in facts about single nodes."""
        nodes, first, last = facts[SOURCE], facts[OPENS], facts[CLOSES]
        self.date(nodes, first, last)
        known = (first <= last) & (last - first < FOREVER)
        self.time(nodes[known], first[known], last[known])

    def spells(self) -> Spells:
        """Return the spells of all nodes: the union of those of their edges and own facts."""
        nodes, first, last = self._united()
        some = last - first < FOREVER
        lengths = np.bincount(nodes[some], minlength=len(self.weight))
        return Spells(starts_of(lengths), first[some], last[some])


def node_table(ground: Ground, members: Array, parts: Iterable[Packed], loose: Array) -> Table:
    """Return nodes as a table with NODE_COLUMNS; ``members`` are their numbers in order."""
    things = ground.things
    sums = _Sums(len(things))
    for part in parts:
        sums.add(part)
    sums.alone(loose)
    weight = np.round(sums.weight[members], 6)
    first, last = sums.first[members], sums.last[members]
    numbers = members.tolist()
    count = len(members)

    def number(column: Sequence[float]) -> Column:
        return Column(count, lambda at: None if isnan(v := column[numbers[at]]) else v)

    def text(column: Sequence[str]) -> Column:
        return Column(count, lambda at: column[numbers[at]] or None)

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
            "x": Column(count, lambda at: ground.positions[numbers[at]][0]),
            "y": Column(count, lambda at: ground.positions[numbers[at]][1]),
            "size": Numbers(sizes(weight)),
            "colour": Column(count, lambda at: node_colour(things.kinds[numbers[at]])),
            "weight": Numbers(weight),
            "degree": Numbers(sums.degree[members]),
            "first": Days(np.where(first < FOREVER, first, NEVER)),
            "last": Days(np.where(last < FOREVER, last, NEVER)),
            "spells": sums.spells().take(members),
        }
    )
