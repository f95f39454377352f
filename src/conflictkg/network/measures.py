"""Weights other than counts, and which edges are strong enough or well connected enough to stay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from conflictkg.network.coding import COUNTED, SOURCE
from conflictkg.network.columns import Array
from conflictkg.network.grouping import Packed
from conflictkg.network.spool import Spool


def reweigh(edges: Packed, loose: Array, normalise: str) -> Packed:
    """Return edges with weights that take the activity of their nodes into account.

    ``loose`` are facts about single nodes. ``average`` divides by the mean number of claims of
    both, ``jaccard`` by the number of claims of either, ``cosine`` by the root of the product
    (Leifeld, Discourse Network Analysis, 2017). ``npmi`` is normalised pointwise mutual information
    (Bouma 2009), above 0 where two things are mentioned together more often than by chance; other
    edges have no weight and fall away.
    """
    if normalise == "none" or not len(edges):
        return edges
    pairs = np.unique((loose[SOURCE].astype(np.int64) << 32) | loose[COUNTED])
    totals = np.bincount(pairs >> 32, minlength=1 + max(edges.source.max(), edges.target.max()))
    one, other, shared = totals[edges.source], totals[edges.target], edges.weight
    if normalise == "average":
        weight = 2 * shared / (one + other)
    elif normalise == "jaccard":
        weight = shared / np.maximum(one + other - shared, shared)
    elif normalise == "cosine":
        weight = shared / np.sqrt(one * other)
    else:
        weight = _npmi(shared, one * other, len(np.unique(loose[COUNTED])))
    weight = np.round(weight, 6)
    return replace(edges, weight=weight).select(np.flatnonzero(weight > 0))


def _npmi(shared: Array, product: Array, every: int) -> Array:
    """Return pointwise mutual information over self-information; 1 for what is always together."""
    weight = np.ones(len(shared))
    some = shared < every
    part = shared[some]
    weight[some] = np.log(part * every / product[some]) / -np.log(part / every)
    return weight


def heaviest(parts: Spool, count: int) -> Iterator[Packed]:
    """Yield parts with their edges that are among the heaviest of all; of equals the first."""
    weights = [part.weight for part in parts]
    ends = np.cumsum([len(some) for some in weights])
    chosen = np.sort(np.argsort(-np.concatenate(weights), kind="stable")[:count])
    for part, end in zip(parts, ends, strict=True):
        begin = end - len(part)
        yield part.select(chosen[(chosen >= begin) & (chosen < end)] - begin)


class Groups:
    """Which nodes hang together, learnt from edges: each node points to the first of its group.

    Shiloach and Vishkin, An O(log n) parallel connectivity algorithm, Journal of Algorithms 3
    (1982): roots are hooked to smaller ones, then all pointers are shortened.
    """

    def __init__(self, count: int) -> None:
        self.first = np.arange(count)

    def join(self, sources: Array, targets: Array) -> None:
        """Take in that edges tie their ends together."""
        while True:
            one, other = self.first[sources], self.first[targets]
            apart = one != other
            if not apart.any():
                return
            one, other = one[apart], other[apart]
            np.minimum.at(self.first, np.maximum(one, other), np.minimum(one, other))
            while np.any((shorter := self.first[self.first]) != self.first):
                self.first = shorter

    def largest(self) -> Array:
        """Say of each node whether it is in the largest group; of equals that of the first node."""
        if not len(self.first):
            return np.zeros(0, bool)
        inside: Array = self.first == np.argmax(np.bincount(self.first))
        return inside
