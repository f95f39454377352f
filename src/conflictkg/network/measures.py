"""Weights other than counts, and which edges are strong enough to stay."""

from __future__ import annotations

import heapq
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import log, sqrt

from conflictkg.network.columns import packed
from conflictkg.network.grouping import Packed


@dataclass(slots=True)
class Loose:
    """Facts about single nodes: node, whether it is borne by the fact, what counts, the days."""

    node: array[int]
    bearing: array[int]
    counted: array[int]
    opens: array[int]
    closes: array[int]

    @classmethod
    def empty(cls) -> Loose:
        """Return no facts."""
        return cls(packed(), packed(), packed(), packed(), packed())

    def within(self, first: int, last: int) -> Loose:
        """Return the facts that lie in a window."""
        return self._some(
            at for at, opens in enumerate(self.opens) if opens <= last and self.closes[at] >= first
        )

    def of(self, inside: Sequence[bool]) -> Loose:
        """Return the facts of some of the nodes."""
        return self._some(at for at, node in enumerate(self.node) if inside[node])

    def _some(self, numbers: Iterable[int]) -> Loose:
        at = list(numbers)
        columns = (self.node, self.bearing, self.counted, self.opens, self.closes)
        return Loose(*(packed(map(column.__getitem__, at)) for column in columns))

    def borne(self) -> set[int]:
        """Return the nodes that the facts bear."""
        return {node for node, bears in zip(self.node, self.bearing, strict=True) if bears}

    def totals(self) -> tuple[dict[int, int], int]:
        """Return how many distinct things count for each node, and how many there are at all."""
        sets: dict[int, set[int]] = {}
        for node, counted in zip(self.node, self.counted, strict=True):
            sets.setdefault(node, set()).add(counted)
        return {node: len(some) for node, some in sets.items()}, len(set(self.counted))


def reweigh(edges: Packed, loose: Loose, normalise: str) -> Packed:
    """Return edges with weights that take the activity of their nodes into account.

    ``average`` divides by the mean number of claims of both, ``jaccard`` by the number of claims of
    either, ``cosine`` by the root of the product (Leifeld, Discourse Network Analysis, 2017).
    ``npmi`` is normalised pointwise mutual information (Bouma 2009), above 0 where two things are
    mentioned together more often than by chance; other edges have no weight and fall away.
    """
    if normalise == "none":
        return edges
    totals, every = loose.totals()
    kept: list[int] = []
    weights = array("d")
    for at, (source, target, shared) in enumerate(
        zip(edges.source, edges.target, edges.weight, strict=True)
    ):
        weight = _normalised(normalise, shared, totals[source], totals[target], every)
        weights.append(weight)
        if weight > 0:
            kept.append(at)
    return replace(edges, weight=weights).select(kept)


def _normalised(how: str, shared: float, one: int, other: int, every: int) -> float:
    if how == "average":
        return round(2 * shared / (one + other), 6)
    if how == "jaccard":
        return round(shared / max(one + other - shared, shared), 6)
    if how == "cosine":
        return round(shared / sqrt(one * other), 6)
    if shared >= every:
        return 1.0
    return round(log(shared * every / (one * other)) / -log(shared / every), 6)


def heaviest(parts: Iterable[Packed], count: int) -> list[list[int]]:
    """Return for each part the edges that are among the heaviest; of equals the first."""
    ranked: list[tuple[float, int, int]] = []
    sizes: list[int] = []
    for number, part in enumerate(parts):
        sizes.append(number)
        some = ((weight, -number, -at) for at, weight in enumerate(part.weight))
        ranked = heapq.nlargest(count, [*ranked, *heapq.nlargest(count, some)])
    chosen: list[list[int]] = [[] for _ in sizes]
    for _, number, at in ranked:
        chosen[-number].append(-at)
    return [sorted(some) for some in chosen]


class Groups:
    """Which nodes hang together, learnt edge by edge (union-find by size)."""

    def __init__(self, count: int) -> None:
        self.parent = packed(range(count))
        self.sizes = packed([1]) * count

    def find(self, node: int) -> int:
        """Return the node that stands for the group of a node."""
        parent = self.parent
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    def join(self, sources: Sequence[int], targets: Sequence[int]) -> None:
        """Take in that edges tie their ends together."""
        for one, other in zip(sources, targets, strict=True):
            a, b = self.find(one), self.find(other)
            if a != b:
                if self.sizes[a] < self.sizes[b]:
                    a, b = b, a
                self.parent[b] = a
                self.sizes[a] += self.sizes[b]

    def largest(self, count: int) -> int:
        """Return the node that stands for the largest group; of equals that of the first node."""
        best, found = 0, -1
        for node in range(count):
            root = self.find(node)
            if self.sizes[root] > best:
                best, found = self.sizes[root], root
        return found
