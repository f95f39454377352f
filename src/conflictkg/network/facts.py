"""Facts: the rows of a projection's query as numbers, dated by the clock, what is not wanted gone.

A fact says that one piece of evidence, in one document, bears an edge of a kind from one node to
another; or, without a target, that it bears a node. Edges are made of facts in ``grouping``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import pyoxigraph as ox

from conflictkg.network.columns import FOREVER, NEVER
from conflictkg.network.definitions import Definition
from conflictkg.network.sources import ALWAYS, UNDATED, Interval, Sources
from conflictkg.store import Reader, select

ATTITUDES = ("asserts", "confirms", "predicts", "leavesOpen", "doubts", "denies")
_OF_EDGES = {"speaker", "document", "publisher"}
"""Filters that do not lessen what a node counts for where edges are weighed by their nodes."""

AGAINST = (1 << ATTITUDES.index("doubts")) | (1 << ATTITUDES.index("denies"))
"""The attitudes that dispute, as bits."""


class Fact(NamedTuple):
    """One piece of evidence for an edge; all are codes, but for ``attitude`` (a bit) and the days.

    ``target`` is -1 where the fact is about a node alone. ``counted`` is what weight counts. In a
    window lie the facts that open no later than its end and close no earlier than its start.
    """

    source: int
    target: int
    kind: int
    counted: int
    evidence: int
    document: int
    attitude: int
    opens: int
    closes: int


class Codes(dict[str, int]):
    """Names as numbers, in the order in which they come: asked for one, it gives it a number."""

    def __missing__(self, name: str) -> int:
        code = self[name] = len(self)
        return code


@dataclass(slots=True)
class Vocabulary:
    """The names that the codes of facts stand for.

    ``origins`` has a code for each evidence, ``lanes`` the issue and the day of a node that is
    drawn by them.
    """

    nodes: Codes = field(default_factory=Codes)
    kinds: Codes = field(default_factory=Codes)
    evidence: Codes = field(default_factory=Codes)
    documents: Codes = field(default_factory=Codes)
    counted: Codes = field(default_factory=Codes)
    origin_names: Codes = field(default_factory=Codes)
    origins: list[int] = field(default_factory=list)
    lanes: dict[int, tuple[str, int]] = field(default_factory=dict)


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


def read_facts(
    reader: Reader, asked: Definition, filters: Filters, words: Vocabulary, tally: Tally
) -> Iterator[Fact]:
    """Yield the facts of a projection as the store gives them; ``words`` and ``tally`` are filled.

    What stands without a date (the containment of places) comes last, and where filters are set
    only between nodes that other facts bear.
    """
    sources = Sources(reader)
    maker = _Maker(asked, filters.clock, sources, words)
    tests = tests_of(filters, sources)
    rows = select(reader, asked.sparql)
    maker.ends = any(variable.value == "until" for variable in rows.variables)
    standing: list[Row] = []
    names = {name for name, _ in tests}
    for row in _rows(rows):
        if row.kind in asked.timeless:
            standing.append(row)
            continue
        dates = maker.dates(row)
        tally.seen += 1
        if tests:
            fitting = [name for name, test in tests if test(row, dates)]
            for name in fitting:
                tally.passed[name] += 1
            tally.undated += dates == UNDATED and not names.isdisjoint(("since", "until"))
            if len(fitting) < len(tests):
                if row.target is None and len(set(fitting) | _OF_EDGES) == len(names | _OF_EDGES):
                    yield from maker.facts(row, dates, bearing=False)
                continue
        tally.kept += 1
        yield from maker.facts(row, dates)
    known = None if not tests else set(words.nodes)
    for row in standing:
        if known is None or (row.source in known and row.target in known):
            yield from maker.facts(row, ALWAYS)


def _rows(rows: ox.QuerySolutions) -> Iterator[Row]:
    """Yield solutions as rows, without those that lead from a node to itself."""
    at = {variable.value: place for place, variable in enumerate(rows.variables)}
    places = [at.get(name) for name in Row._fields]
    for solution in rows:
        row = Row._make(
            None if place is None or (term := solution[place]) is None else term.value
            for place in places
        )
        if row.source != row.target:
            yield row


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

    def facts(self, row: Row, dates: Interval, *, bearing: bool = True) -> Iterator[Fact]:
        """Yield the facts of a row: one for each piece of evidence and document.

        Those that are not ``bearing`` have the kind -1: they count for a node, but do not bear it.
        """
        words = self.words
        source = words.nodes[row.source]
        target = -1 if row.target is None else words.nodes[row.target]
        kind = words.kinds[row.kind or ""] if bearing else -1
        stance = 1 << ATTITUDES.index(row.attitude.rpartition("/")[2]) if row.attitude else 0
        if row.lane is not None:
            for end, said in ((source, row.evidence), (target, row.other)):
                day = self._day(said, row.claim) if said else NEVER
                words.lanes[end] = min((row.lane, day), words.lanes.get(end, (row.lane, day)))
        by_document = row.other is None and not self.ends and dates != ALWAYS
        for evidence, document in self._borne_by(row):
            opens, closes = dates
            if by_document and document is not None:
                opens, closes = self._date(evidence, document, row.claim)
            page = None if document is None else self.sources.original(document)
            yield Fact(
                source,
                target,
                kind,
                words.counted[self._counted(row, evidence, page)],
                self._evidence(evidence),
                -1 if page is None else words.documents[page],
                stance,
                opens,
                closes,
            )

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

    def _evidence(self, evidence: str | None) -> int:
        if evidence is None:
            return -1
        words = self.words
        code = words.evidence[evidence]
        if code == len(words.origins):
            words.origins.append(words.origin_names[self.sources.origin(evidence)])
        return code


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
