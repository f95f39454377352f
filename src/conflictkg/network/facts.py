"""Facts out of the rows of a projection's query: dated by the clock, what is not wanted gone.

Rows are read and become facts some thousands at a time; edges are made of them in ``grouping``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice, repeat
from typing import NamedTuple

import numpy as np
import pyoxigraph as ox

from conflictkg.network.coding import NO_FACTS, Vocabulary, facts_of
from conflictkg.network.columns import FOREVER, NEVER, Array
from conflictkg.network.definitions import Definition
from conflictkg.network.sources import ALWAYS, UNDATED, Interval, Sources
from conflictkg.store import Reader, select

PORTION = 10_000
"""How many rows of a query are read at a time."""

ATTITUDES = ("asserts", "confirms", "predicts", "leavesOpen", "doubts", "denies")
_OF_EDGES = {"speaker", "document", "publisher"}
"""Filters that do not lessen what a node counts for where edges are weighed by their nodes."""

AGAINST = (1 << ATTITUDES.index("doubts")) | (1 << ATTITUDES.index("denies"))
"""The attitudes that dispute, as bits."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which facts are wanted, and by which clock they are dated."""

    clock: str = "said"
    since: date | None = None
    until: date | None = None
    speaker: ox.NamedNode | None = None
    place: ox.NamedNode | None = None
    issue: ox.NamedNode | None = None
    document: ox.NamedNode | None = None
    publisher: ox.NamedNode | None = None

    def given(self) -> dict[str, str]:
        """Return the filters that are set, by name."""
        return {
            name: getattr(value, "value", None) or str(value)
            for name in ("since", "until", "speaker", "place", "issue", "document", "publisher")
            if (value := getattr(self, name)) is not None
        }


class Tally:
    """How many rows each filter let pass, each by itself, and how many passed all."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.seen = 0
        self.kept = 0
        self.undated = 0
        self.passed = dict.fromkeys(names, 0)

    def told(self) -> dict[str, int]:
        """Return how many rows each filter left out, by itself."""
        return {name: self.seen - passed for name, passed in self.passed.items()}

    def culprit(self) -> str:
        """Return the filter that leaves nothing by itself, or "" if there is none."""
        return next((name for name, passed in self.passed.items() if not passed), "")


class Row(NamedTuple):
    """A row of a projection's query: IRIs, or None for what it does not have."""

    source: str
    target: str | None
    kind: str | None
    evidence: str | None
    document: str | None
    claim: str | None
    attitude: str | None
    other: str | None
    until: str | None
    lane: str | None


Dated = tuple[Row, Interval]
"""A row and when it lies as a whole."""


def read_facts(
    reader: Reader, asked: Definition, filters: Filters, words: Vocabulary, tally: Tally
) -> Iterator[Array]:
    """Yield the facts of a projection, portion by portion; ``words`` and ``tally`` are filled.

    What stands without a date (the containment of places) comes last, and where filters are set
    only between nodes that other facts bear.
    """
    sources = Sources(reader)
    maker = _Maker(asked, filters.clock, sources, words)
    tests = tests_of(filters, sources)
    solutions = select(reader, asked.sparql)
    maker.ends = any(variable.value == "until" for variable in solutions.variables)
    standing: list[Row] = []
    names = {name for name, _ in tests}
    for rows in _rows(solutions):
        kept: list[Dated] = []
        counting: list[Dated] = []
        for row in rows:
            if row.kind in asked.timeless:
                standing.append(row)
                continue
            dates = maker.dates(row)
            tally.seen += 1
            fitting = [name for name, test in tests if test(row, dates)]
            for name in fitting:
                tally.passed[name] += 1
            tally.undated += dates == UNDATED and not names.isdisjoint(("since", "until"))
            if len(fitting) == len(tests):
                kept.append((row, dates))
            elif row.target is None and len(set(fitting) | _OF_EDGES) == len(names | _OF_EDGES):
                counting.append((row, dates))
        tally.kept += len(kept)
        yield maker.facts(kept)
        yield maker.facts(counting, bearing=False)
    known = None if not tests else set(words.nodes)
    yield maker.facts(
        [
            (row, ALWAYS)
            for row in standing
            if known is None or (row.source in known and row.target in known)
        ]
    )


def _rows(solutions: ox.QuerySolutions) -> Iterator[list[Row]]:
    """Yield solutions as rows, some at a time, without those that lead from a node to itself."""
    at = {variable.value: place for place, variable in enumerate(solutions.variables)}
    waiting = iter(solutions)
    while some := [tuple(solution) for solution in islice(waiting, PORTION)]:
        terms = list(zip(*some, strict=True))
        columns = (
            [None if term is None else term.value for term in terms[at[name]]]
            if name in at
            else repeat(None, len(some))
            for name in Row._fields
        )
        rows = map(Row._make, zip(*columns, strict=True))
        yield [row for row in rows if row.source != row.target]


class _Maker:
    """Makes facts of rows: which documents bear them, what counts, and when they lie."""

    def __init__(self, asked: Definition, clock: str, sources: Sources, words: Vocabulary) -> None:
        self.sources = sources
        self.words = words
        self.clock = clock
        self.weight = asked.weight
        self.ends = False

    def dates(self, row: Row) -> Interval:
        """Return when a row lies as a whole."""
        found = self._date(row.evidence, row.document, row.claim)
        if found == UNDATED:
            return found
        if row.other is not None:
            beside = self._date(row.other, None, row.claim)
            if beside == UNDATED and not self.ends:
                return UNDATED
            if beside != UNDATED:
                until = found[1] if self.ends else min(found[1], beside[1])
                found = (max(found[0], beside[0]), until)
        if self.ends:
            end = FOREVER if row.until is None else date.fromisoformat(row.until).toordinal()
            return (found[0], max(*found, end))
        return found

    def _date(self, evidence: str | None, document: str | None, claim: str | None) -> Interval:
        return self.sources.dated(self.clock, evidence, document, claim)

    def _day(self, said: str, claim: str | None) -> int:
        """Return the first day that a document gives a statement, or else the last it can be."""
        dates = [self._date(said, document, claim) for document in self._documents(said)]
        opens = [first for first, _ in dates if NEVER < first < FOREVER]
        return min(opens or [last for _, last in dates if NEVER < last < FOREVER], default=NEVER)

    def facts(self, rows: Sequence[Dated], *, bearing: bool = True) -> Array:
        """Return the facts of rows: one for each piece of evidence and document.

        Those that are not ``bearing`` have the kind -1: they count for a node, but do not bear it.
        """
        if not rows:
            return NO_FACTS
        words = self.words
        source = words.nodes.numbers(row.source for row, _ in rows)
        target = words.nodes.numbers(row.target for row, _ in rows)
        kind = words.kinds.numbers(row.kind or "" if bearing else None for row, _ in rows)
        stance = np.array([_bit(row.attitude) for row, _ in rows])
        self._place([row for row, _ in rows if row.lane is not None])
        proofs = (
            (at, *proof)
            for at, (row, dates) in enumerate(rows)
            for proof in self._proofs(row, dates)
        )
        which, counted, evidence, pages, opens, closes = zip(*proofs, strict=True)
        at = np.array(which)
        return facts_of(
            source=source[at],
            target=target[at],
            kind=kind[at],
            counted=words.counted.numbers(counted),
            evidence=words.proofs(evidence, self.sources.origin),
            document=words.documents.numbers(pages),
            attitude=stance[at],
            opens=opens,
            closes=closes,
        )

    def _place(self, rows: Iterable[Row]) -> None:
        """Note the lanes of the ends of rows, each end's first by issue and day."""
        lanes = self.words.lanes
        for row in rows:
            for name, said in ((row.source, row.evidence), (row.target, row.other)):
                if name is not None:
                    end = self.words.nodes[name]
                    lane = (row.lane or "", self._day(said, row.claim) if said else NEVER)
                    lanes[end] = min(lane, lanes.get(end, lane))

    def _proofs(
        self, row: Row, dates: Interval
    ) -> Iterator[tuple[str, str | None, str | None, int, int]]:
        """Yield what bears a row: what it counts as, evidence, original document, the days."""
        by_document = row.other is None and not self.ends and dates != ALWAYS
        for evidence, document in self._borne_by(row):
            opens, closes = dates
            if by_document and document is not None:
                opens, closes = self._date(evidence, document, row.claim)
            page = None if document is None else self.sources.original(document)
            yield self._counted(row, evidence, page), evidence, page, opens, closes

    def _borne_by(self, row: Row) -> Iterator[tuple[str | None, str | None]]:
        """Yield the pairs of evidence and document that bear a row."""
        if row.evidence is None:
            yield row.document, row.document
        elif row.document is not None:
            yield row.evidence, row.document
        else:
            yield from ((row.evidence, one) for one in self._documents(row.evidence))
        if row.other is not None:
            yield from ((row.other, one) for one in self._documents(row.other))

    def _documents(self, evidence: str) -> Iterable[str | None]:
        return tuple(self.sources.documents(evidence)) or (None,)

    def _counted(self, row: Row, evidence: str | None, page: str | None) -> str:
        """Return what a fact counts as: facts of one edge that count as the same weigh once."""
        if self.weight == "claims":
            return row.claim or ""
        if self.weight == "one":
            return ""
        if self.weight == "publishers":
            return self.sources.publisher(page) if page else ""
        return (page if self.weight == "documents" else evidence) or ""


@cache
def _bit(attitude: str | None) -> int:
    return 1 << ATTITUDES.index(attitude.rpartition("/")[2]) if attitude else 0


Test = Callable[[Row, Interval], bool]


def tests_of(filters: Filters, sources: Sources) -> list[tuple[str, Test]]:
    """Return the tests that a row has to pass, by the name of the filter."""
    found: list[tuple[str, Test]] = []
    if filters.since is not None:
        first = filters.since.toordinal()
        found.append(("since", lambda row, dates: dates[1] >= first))
    if filters.until is not None:
        last = filters.until.toordinal()
        found.append(("until", lambda row, dates: dates[0] <= last))
    if filters.speaker is not None:
        found.append(("speaker", _said_by(filters.speaker.value, sources)))
    if filters.document is not None:
        found.append(("document", _told_in({filters.document.value}, sources)))
    if filters.publisher is not None:
        found.append(("publisher", _told_in(sources.published_by(filters.publisher), sources)))
    if filters.issue is not None:
        found.append(("issue", _on(sources.claims_on_issue(filters.issue), sources)))
    if filters.place is not None:
        found.append(("place", _on(sources.claims_on_place(filters.place), sources)))
    return found


def _evidence_of(row: Row) -> Iterator[str]:
    if row.evidence is not None:
        yield row.evidence
    if row.other is not None:
        yield row.other


def _said_by(speaker: str, sources: Sources) -> Test:
    def test(row: Row, dates: Interval) -> bool:
        return any(
            speaker in said.speakers
            for one in _evidence_of(row)
            if (said := sources.statements.get(one))
        )

    return test


def _told_in(documents: set[str], sources: Sources) -> Test:
    def test(row: Row, dates: Interval) -> bool:
        if row.document is not None and row.other is None:
            return row.document in documents
        return row.document in documents or any(
            not documents.isdisjoint(sources.documents(one)) for one in _evidence_of(row)
        )

    return test


def _on(claims: set[str], sources: Sources) -> Test:
    def test(row: Row, dates: Interval) -> bool:
        if row.claim is not None:
            return row.claim in claims
        return any(not claims.isdisjoint(sources.stances.get(one, ())) for one in _evidence_of(row))

    return test
