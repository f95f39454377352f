"""Edges out of facts: sorted in runs, merged, and gathered into packed columns.

Facts come in any order and any number. They are put aside as arrays until all names are known;
then they are put into the order of their names and grouped by source, target and kind. What is more
than one run is sorted run by run, cut at the same sources, and sorted piece by piece, as external
sorting does (Knuth, The Art of Computer Programming, vol. 3, section 5.4).
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, islice, pairwise, takewhile
from operator import itemgetter, ne

from conflictkg.network.columns import FOREVER, NEVER, packed
from conflictkg.network.facts import Fact
from conflictkg.network.spool import Spool

RUN = 200_000
"""How many facts are sorted at a time."""

CHUNK = 50_000
"""How many facts of a table on disk are in memory at a time."""

Row = tuple[int, ...]
"""A fact with its parts in the order of sorting: those of ``ORDER``."""

ORDER = (0, 1, 2, 4, 3, 5, 6, 7, 8)
"""Source, target, kind, evidence, counted, document, attitude, opens, closes."""

_KEY = itemgetter(0, 1, 2)
_BY_EDGE = (
    *("source", "target", "kind", "weight", "statements", "documents", "origins"),
    *("attitude", "first", "last"),
)


@dataclass(slots=True)
class Packed:
    """Edges in the order of source, target and kind, and under each its facts, as arrays.

    The facts of edge number n are those from ``starts[n]`` up to ``starts[n + 1]``.
    """

    source: array[int]
    target: array[int]
    kind: array[int]
    starts: array[int]
    weight: array[float]
    statements: array[int]
    documents: array[int]
    origins: array[int]
    attitude: array[int]
    first: array[int]
    last: array[int]
    facts: tuple[array[int], ...]

    @classmethod
    def empty(cls) -> Packed:
        """Return no edges."""
        return cls(
            source=packed(),
            target=packed(),
            kind=packed(),
            starts=packed([0]),
            weight=array("d"),
            statements=packed(),
            documents=packed(),
            origins=packed(),
            attitude=packed(),
            first=packed(),
            last=packed(),
            facts=tuple(packed() for _ in range(6)),
        )

    def __len__(self) -> int:
        return len(self.source)

    def extend(self, other: Packed) -> None:
        """Take in edges that come after these."""
        for name in _BY_EDGE:
            getattr(self, name).extend(getattr(other, name))
        shift = self.starts[-1]
        self.starts.extend(start + shift for start in islice(other.starts, 1, None))
        for mine, theirs in zip(self.facts, other.facts, strict=True):
            mine.extend(theirs)

    def intervals(self, edge: int) -> list[tuple[int, int]]:
        """Return the times of the facts of an edge; see ``lying``."""
        opens, closes = self.facts[4], self.facts[5]
        span = range(self.starts[edge], self.starts[edge + 1])
        return [lying(opens[at], closes[at]) for at in span]

    def within(self, first: int, last: int) -> Iterator[Row]:
        """Yield the facts that lie in a window, edge by edge."""
        opens, closes = self.facts[4], self.facts[5]
        for at in [at for at, day in enumerate(opens) if day <= last and closes[at] >= first]:
            edge = bisect_right(self.starts, at) - 1
            yield (
                *(self.source[edge], self.target[edge], self.kind[edge]),
                *(column[at] for column in self.facts),
            )

    def select(self, edges: Sequence[int]) -> Packed:
        """Return some of the edges, by number, with their facts."""
        if len(edges) == len(self):
            return self
        chosen = Packed.empty()
        for name in _BY_EDGE:
            column = getattr(self, name)
            getattr(chosen, name).extend(map(column.__getitem__, edges))
        for edge in edges:
            start, end = self.starts[edge], self.starts[edge + 1]
            for mine, theirs in zip(chosen.facts, self.facts, strict=True):
                mine.extend(theirs[start:end])
            chosen.starts.append(chosen.starts[-1] + end - start)
        return chosen


def lying(opens: int, closes: int) -> tuple[int, int]:
    """Return the first and last day of a fact; one that needs two days lies between them."""
    return (opens, closes) if opens <= closes else (closes, opens)


def put_aside(facts: Iterable[Fact], *, on_disk: bool) -> Spool:
    """Put facts aside as arrays, some at a time."""
    spool = Spool(on_disk=on_disk)
    waiting = iter(facts)
    while some := list(islice(waiting, RUN)):
        spool.put(tuple(map(packed, zip(*some, strict=True))))
    return spool


def ordered(
    aside: Spool, nodes: Sequence[int], kinds: Sequence[int], evidence: Sequence[int]
) -> Iterator[Row]:
    """Yield facts that were put aside, sorted; the sequences give each code its place in order."""
    parts = max(1, 2 * len(aside) - 1)
    bounds = [(len(nodes) - 1) * part // parts for part in range(1, parts)]
    buckets = [Spool(on_disk=aside.on_disk) for _ in range(parts)]
    for columns in aside:
        run = _sorted(columns, nodes, kinds, evidence)
        cuts = [0, *(bisect_left(run, (bound,)) for bound in bounds), len(run)]
        for bucket, (begin, end) in zip(buckets, pairwise(cuts), strict=True):
            if begin < end:
                bucket.put(tuple(map(packed, zip(*run[begin:end], strict=True))))
    for bucket in buckets:
        rows = [row for columns in bucket for row in zip(*columns, strict=True)]
        rows.sort()
        yield from rows


def _sorted(
    columns: Sequence[array[int]],
    nodes: Sequence[int],
    kinds: Sequence[int],
    evidence: Sequence[int],
) -> list[Row]:
    """Return the facts of some arrays, sorted and each once. A code of -1 stays what it is."""
    source, target, kind, counted, proof, document, attitude, opens, closes = columns
    return sorted(
        set(
            zip(
                map(nodes.__getitem__, source),
                map(nodes.__getitem__, target),
                map(kinds.__getitem__, kind),
                map(evidence.__getitem__, proof),
                *(counted, document, attitude, opens, closes),
                strict=True,
            )
        )
    )


def pack(
    rows: Iterable[Row], origins: Sequence[int], statements: Sequence[bool], size: int = CHUNK
) -> Iterator[Packed]:
    """Yield the edges that sorted facts bear, about ``size`` facts at a time.

    ``origins`` gives the origin of each evidence, ``statements`` whether it is a statement; both
    have an entry more, at the end, for the code -1 of no evidence.
    """
    waiting = iter(rows)
    over: list[Row] = []
    while True:
        some = [*over, *islice(waiting, size)]
        whole = len(some) - len(over) < size
        end = len(some)
        if not whole:
            key = _KEY(some[-1])
            end -= sum(1 for _ in takewhile(lambda row: _KEY(row) == key, reversed(some)))  # noqa: B023
        over = some[end:]
        if end or whole:
            yield _packed(some[:end] if over else some, origins, statements)
        if whole:
            return


def _packed(rows: list[Row], origins: Sequence[int], statements: Sequence[bool]) -> Packed:
    """Return the edges that all the facts of some edges bear, in order."""
    if not rows:
        return Packed.empty()
    source, target, kind, *facts = (packed(column) for column in zip(*rows, strict=True))
    keys = list(zip(source, target, kind, strict=True))
    changes = map(ne, keys, islice(keys, 1, None))
    begins = [0, *compress(range(1, len(keys)), changes)]
    starts = packed([*begins, len(rows)])

    def firsts(column: Sequence[int]) -> array[int]:
        return column if len(begins) == len(column) else packed(map(column.__getitem__, begins))  # type: ignore[return-value]

    proof, _, page, stance, opens, closes = map(firsts, facts)
    made = Packed(
        source=firsts(source),
        target=firsts(target),
        kind=firsts(kind),
        starts=starts,
        weight=array("d", [1.0]) * len(begins),
        statements=packed(map(statements.__getitem__, proof)),
        documents=packed(map((-1).__lt__, page)),
        origins=packed(map((-1).__lt__, proof)),
        attitude=packed(stance),
        first=packed(map(min, opens, closes)),
        last=packed(map(max, opens, closes)),
        facts=tuple(facts),
    )
    if len(begins) < len(rows):
        for edge, (begin, end) in enumerate(pairwise(starts)):
            if end - begin > 1:
                _measure(made, edge, rows[begin:end], origins, statements)
    return made


def _measure(
    made: Packed,
    edge: int,
    facts: Sequence[Row],
    origins: Sequence[int],
    statements: Sequence[bool],
) -> None:
    """Set the weight and the counts of an edge: of what is distinct, never of rows."""
    proofs = {fact[3] for fact in facts if fact[3] >= 0}
    attitude, first, last = 0, FOREVER, NEVER
    for fact in facts:
        attitude |= fact[6]
        one, other = lying(fact[7], fact[8])
        if (one, other) != (NEVER, FOREVER):
            first, last = min(first, one), max(last, other)
    made.weight[edge] = float(len({fact[4] for fact in facts}))
    made.statements[edge] = sum(1 for code in proofs if statements[code])
    made.documents[edge] = len({fact[5] for fact in facts if fact[5] >= 0})
    made.origins[edge] = len({origins[code] for code in proofs})
    made.attitude[edge] = attitude
    made.first[edge] = first
    made.last[edge] = last
