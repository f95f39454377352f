"""Edges out of facts: sorted, and gathered into packed columns.

Facts come in any order and any number. They are put aside as arrays until all names are known;
then they are dealt out to ranges of sources, as distribution sorting does (Knuth, The Art of
Computer Programming, vol. 3, section 5.2.5), and each range is sorted and grouped by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from conflictkg.network.coding import (
    ATTITUDE,
    CLOSES,
    COUNTED,
    DOCUMENT,
    EVIDENCE,
    KIND,
    NO_FACTS,
    OPENS,
    SOURCE,
    TARGET,
)
from conflictkg.network.columns import FOREVER, NEVER, Array, Spells, ranges, starts_of, united
from conflictkg.network.spool import Spool

RUN = 200_000
"""How many facts of a table on disk are in memory at a time, about."""


@dataclass(slots=True)
class Packed:
    """Edges in the order of source, target and kind, and the facts that bear them, as arrays.

    ``facts`` has a column for each fact, in the order of the edges and of their evidence; those of
    edge number n are the columns from ``starts[n]`` up to ``starts[n + 1]``.
    """

    facts: Array
    starts: Array
    weight: Array
    statements: Array
    documents: Array
    origins: Array
    attitude: Array
    first: Array
    last: Array

    def __len__(self) -> int:
        return len(self.weight)

    @property
    def source(self) -> Array:
        """The sources of the edges."""
        return self._of_edges(SOURCE)

    @property
    def target(self) -> Array:
        """The targets of the edges."""
        return self._of_edges(TARGET)

    @property
    def kind(self) -> Array:
        """The kinds of the edges."""
        return self._of_edges(KIND)

    def _of_edges(self, row: int) -> Array:
        column: Array = self.facts[row]
        return column if self.facts.shape[1] == len(self) else column[self.starts[:-1]]

    def select(self, edges: Array) -> Packed:
        """Return some of the edges, by number, with their facts."""
        if len(edges) == len(self):
            return self
        lengths = np.diff(self.starts)[edges]
        return Packed(
            self.facts[:, ranges(self.starts[edges], lengths)],
            starts_of(lengths),
            *(
                column[edges]
                for column in (
                    *(self.weight, self.statements, self.documents, self.origins),
                    *(self.attitude, self.first, self.last),
                )
            ),
        )

    def spells(self) -> Spells:
        """Return when the edges are; one with evidence that is of no time, or all, has no spell."""
        first, last = lying(self.facts)
        owners = np.repeat(np.arange(len(self)), np.diff(self.starts))
        if len(self) < len(owners):
            owners, first, last = united(owners, first, last)
        dated = (first > NEVER) | (last < FOREVER)
        lengths = np.bincount(owners[dated], minlength=len(self))
        return Spells(starts_of(lengths), first[dated], last[dated])

    def evidence(self) -> tuple[Array, Array]:
        """Return the evidence of the edges, each once: where that of each begins, and the codes."""
        codes = self.facts[EVIDENCE]
        new = codes >= 0
        if len(self) < len(codes):
            same = codes[1:] == codes[:-1]
            same[self.starts[1:-1] - 1] = False
            new[1:] &= ~same
        return starts_of(new)[self.starts], codes[new]


def lying(facts: Array) -> tuple[Array, Array]:
    """Return the first and last day of facts; one that needs two days lies between them."""
    opens, closes = facts[OPENS], facts[CLOSES]
    return np.minimum(opens, closes), np.maximum(opens, closes)


def within(facts: Array, first: int, last: int) -> Array:
    """Return the facts that lie in a window."""
    inside: Array = facts[:, (facts[OPENS] <= last) & (facts[CLOSES] >= first)]
    return inside


def put_aside(portions: Iterable[Array], *, on_disk: bool) -> Spool:
    """Put facts aside, as many at a time as may be in memory."""
    spool = Spool(on_disk=on_disk)
    some, count = [NO_FACTS], 0
    for portion in portions:
        some.append(portion)
        count += portion.shape[1]
        if count >= RUN:
            spool.put(np.concatenate(some, axis=1))
            some, count = [NO_FACTS], 0
    spool.put(np.concatenate(some, axis=1))
    return spool


def ordered(aside: Spool, nodes: Array, kinds: Array, evidence: Array) -> Iterator[Array]:
    """Yield facts that were put aside, sorted, each once, those of a source together.

    The arrays give each code its place in order, and end in that of the code -1.
    """
    if not aside.on_disk:
        whole = [_named(facts, nodes, kinds, evidence) for facts in aside]
        yield _sorted(np.concatenate(whole, axis=1))
        return
    ends = _ranges_of(aside, nodes)
    buckets = [Spool(on_disk=True) for _ in ends]
    for facts in aside:
        named = _named(facts, nodes, kinds, evidence)
        places = np.searchsorted(ends, named[SOURCE])
        for place in np.flatnonzero(np.bincount(places)):
            buckets[place].put(named[:, places == place])
    for bucket in buckets:
        yield _sorted(np.concatenate([*bucket, NO_FACTS], axis=1))


def _named(facts: Array, nodes: Array, kinds: Array, evidence: Array) -> Array:
    """Return facts with the places of names in order rather than their codes."""
    places = facts.copy()
    for row, order in ((SOURCE, nodes), (TARGET, nodes), (KIND, kinds), (EVIDENCE, evidence)):
        places[row] = order[facts[row]]
    return places


def _ranges_of(aside: Spool, nodes: Array) -> Array:
    """Return the last sources of ranges that have about as many facts as fit in memory."""
    counts = np.zeros(len(nodes), np.int64)
    for facts in aside:
        counts += np.bincount(nodes[facts[SOURCE]], minlength=len(nodes))
    filled = np.cumsum(counts)
    ends = np.searchsorted(filled, np.arange(RUN, filled[-1], RUN))
    return np.unique(np.append(ends, len(nodes)))


def _sorted(facts: Array) -> Array:
    """Return facts sorted by edge and evidence, each once.

    Most edges rest on one fact, so what decides is only looked at where ends are alike.
    """
    ends = _joined(facts, SOURCE, TARGET)
    order = np.argsort(ends)
    ends, facts = ends[order], facts[:, order]
    alike = np.zeros(len(order) + 1, bool)
    alike[1:-1] = ends[1:] == ends[:-1]
    places = np.flatnonzero(alike[1:] | alike[:-1])
    some = facts[:, places]
    keys = [
        _joined(some, OPENS, CLOSES),
        _joined(some, DOCUMENT, ATTITUDE),
        _joined(some, EVIDENCE, COUNTED),
        some[KIND],
        ends[places],
    ]
    facts[:, places] = some = some[:, np.lexsort(keys)]
    again = np.all(some[:, 1:] == some[:, :-1], axis=0)
    return np.delete(facts, places[1:][again], axis=1)


def _joined(facts: Array, high: int, low: int) -> Array:
    """Return two rows of facts as one, in whose order they sort; neither is below -1."""
    both: Array = (facts[high].astype(np.int64) << 32) + facts[low] + 1
    return both


def pack(facts: Array, origins: Array, statements: Array) -> Packed:
    """Return the edges that sorted facts bear.

    ``origins`` gives the origin of each evidence, ``statements`` whether it is a statement; both
    have an entry more, at the end, for the code -1 of no evidence.
    """
    count = facts.shape[1]
    new = np.ones(count, bool)
    new[1:] = np.any(facts[: KIND + 1, 1:] != facts[: KIND + 1, :-1], axis=0)
    begins = np.flatnonzero(new)
    starts = np.append(begins, count)
    proofs = facts[EVIDENCE]
    first, last = lying(facts)
    undated = (first == NEVER) & (last == FOREVER)
    first, last = (
        _over(np.minimum, np.where(undated, FOREVER, first), begins),
        _over(np.maximum, np.where(undated, NEVER, last), begins),
    )
    never = first > last
    first[never], last[never] = NEVER, FOREVER
    return Packed(
        facts=facts,
        starts=starts,
        weight=_distinct(facts[COUNTED], starts).astype(float),
        statements=_distinct(np.where(statements[proofs], proofs, -1), starts),
        documents=_distinct(facts[DOCUMENT], starts),
        origins=_distinct(np.where(proofs < 0, -1, origins[proofs]), starts),
        attitude=_over(np.bitwise_or, facts[ATTITUDE], begins),
        first=first,
        last=last,
    )


def _over(reduce: np.ufunc, values: Array, begins: Array) -> Array:
    """Return values reduced edge by edge."""
    if len(begins) == len(values):
        return values.copy()
    reduced: Array = reduce.reduceat(values, begins)
    return reduced


def _distinct(codes: Array, starts: Array) -> Array:
    """Return how many distinct codes each edge has; -1 is none."""
    counts = (codes[starts[:-1]] >= 0).astype(np.int32)
    lengths = np.diff(starts)
    several = np.flatnonzero(lengths > 1)
    some = codes[ranges(starts[several], lengths[several])]
    edges = np.repeat(np.arange(len(several)), lengths[several])
    pairs = np.sort(((edges << 32) | some)[some >= 0])
    new = np.ones(len(pairs), bool)
    new[1:] = pairs[1:] != pairs[:-1]
    counts[several] = np.bincount(pairs[new] >> 32, minlength=len(several))
    return counts
