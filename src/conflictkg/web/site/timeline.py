"""/timeline: what was said, by day and by issue or speaker; alike statements in one mark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from conflictkg.model import Ref
from conflictkg.web.http import Request, Served
from conflictkg.web.site.accounts import Account, day_of, quads_of, read_accounts, told
from conflictkg.web.site.figures import Tick
from conflictkg.web.site.forms import placed, written
from conflictkg.web.site.kept import kept
from conflictkg.web.site.latest import first_view, resting_on
from conflictkg.web.site.links import href
from conflictkg.web.site.marks import features_of, places_of
from conflictkg.web.site.page import Page, Table
from conflictkg.web.site.rendering import address
from conflictkg.web.site.selection import Selection, read_choices, read_selection
from conflictkg.web.site.sides import SIDES, Side, side_of
from conflictkg.web.site.words import dated, when
from conflictkg.words import counted

LANES = {"": "by issue", "speaker": "by speaker"}
"""What a lane can be: value of ``lanes`` -> in words."""

MOST_LANES = 30
ROWS = 300
"""How many lanes are drawn and rows listed at most; the CSV has all."""

MARGIN = 2.0
"""Percent of the width that stays free at either end."""

DIGIT = 1.9
"""Percent of the width of a phone that a digit takes."""

_LONGEST = {"day": 1, "week": 7, "month": 31, "year": 366}
_ORDER = tuple(SIDES)


@dataclass(frozen=True, slots=True)
class Bin:
    """A part of the axis: its first and last day."""

    first: date
    last: date

    @property
    def told(self) -> str:
        """Its days in words."""
        return when(str(self.first) if self.first == self.last else f"{self.first}/{self.last}")


@dataclass(frozen=True, slots=True)
class Mark:
    """Alike statements of one part of the axis: one side, one lane.

    ``at``, ``start`` and ``width`` are percent of the axis; ``width`` is 0 where the days are known
    to lie in one part. ``size`` scales the shape of the side, ``level`` is the row in the lane.
    ``crowded``: on a phone its number would run into a larger one.
    """

    side: Side
    count: int
    at: float
    start: float
    width: float
    size: float
    level: int
    title: str
    href: str
    crowded: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of the figure: what it is of, how many statements, its marks, and its height."""

    of: Ref
    label: str
    statements: int
    marks: tuple[Mark, ...]
    levels: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A month or year of the overview: its label, statements, height in percent, and its link.

    ``tick`` says whether the axis names it, ``minor`` whether it does so only where there is room.
    """

    label: str
    short: str
    tick: bool
    minor: bool
    count: int
    at: float
    width: float
    height: float
    href: str


@dataclass(frozen=True, slots=True)
class Figure:
    """Lanes over an axis; ``unit`` is the length of its parts, ``left_out`` counts lanes."""

    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    unit: str
    left_out: int


def page(request: Request, served: Served) -> Page:
    """Return the page of the timeline."""
    selection = read_selection(served.kg, request.parameters())
    latest = first_view(request, served, selection)
    reader = latest.store if latest else served.kg.store
    found = read_accounts(reader, selection)
    dated = [row for row in found.rows if day_of(row)]
    by = request.first("lanes") if request.first("lanes") in LANES else ""
    undated = counts_undated(found.rows)
    without = f"; {counted(undated, 'statement')} without a date" if undated else ""
    cut = "" if found.complete else "The first rows of more: "
    sentence = f"{resting_on(latest)}{cut}{told(found.rows, selection)}{without}"
    return Page(
        "timeline.html",
        "Timeline",
        {
            "selection": selection,
            "choices": kept(served, "choices", lambda: read_choices(served.kg.store)),
            "action": "/timeline",
            "latest": latest,
            "lanes": by,
            "lane_choices": LANES,
            "sentence": sentence,
            "bars": tuple(overview(dated, selection, request.query)) if dated else (),
            "figure": draw(dated, by, selection, request.query) if dated else None,
            "rows": found.rows[:ROWS],
            "row_count": len(found.rows),
            "complete": found.complete,
        },
        path="/timeline",
        section="timeline",
        summary=sentence,
        data=lambda: {
            "shown": sentence,
            "complete": found.complete,
            "rows": list(_dictionaries(found.rows)),
        },
        quads=lambda: quads_of(reader, found.rows),
        features=(lambda: features_of(reader, found.rows))
        if placed(served, places_of(found.rows, ()))
        else None,
        network=written(reader, selection, "claims")
        if any(row.attitude != "leavesOpen" for row in found.rows)
        else None,
        table=lambda: Table(COLUMNS, (list(row.values()) for row in _dictionaries(found.rows))),
        cut=None if found.complete else len(found.rows),
        status=400 if selection.problems else 200,
    )


def counts_undated(rows: Iterable[Account]) -> int:
    """Return how many statements have no date."""
    return len({row.statement.iri for row in rows if not day_of(row)})


def draw(rows: Sequence[Account], by: str, selection: Selection, query: str) -> Figure:
    """Return the figure of rows that have a day, in lanes by issue or speaker.

    The axis reaches from the first to the last day of the rows that lies in the selection.
    """
    first = min(row.earliest or row.latest or date.max for row in rows)
    last = max(row.latest or row.earliest or date.min for row in rows)
    first, last = max(first, selection.since or first), min(last, selection.until or last)
    unit = unit_of(first, last)
    bins = list(bins_of(first, last, unit))
    lanes: dict[Ref, list[Account]] = {}
    for row in rows:
        for ref in row.claim.issues if by == "" else (row.speaker,):
            lanes.setdefault(ref, []).append(row)
    sized = sorted(
        lanes.items(), key=lambda lane: (-len({row.statement for row in lane[1]}), str(lane[0]))
    )
    drawn = tuple(
        _lane(ref, of_lane, bins, "speaker" if by else "issue", query)
        for ref, of_lane in sized[:MOST_LANES]
    )
    return Figure(drawn, tuple(_ticks(bins, unit)), unit, len(sized) - len(drawn))


def overview(rows: Sequence[Account], selection: Selection, query: str) -> Iterator[Bar]:
    """Yield how much was said in each month, or year, of a long time; each leads to that time."""
    days = {
        row.statement.iri: max(day, selection.since or day) for row in rows if (day := day_of(row))
    }
    first, last = min(days.values()), max(days.values())
    if (last - first).days <= 62:
        return
    unit = "year" if (last - first).days > 2000 else "month"
    bins = list(bins_of(first, last, unit))
    share = 100 / len(bins)
    found = [sum(one.first <= day <= one.last for day in days.values()) for one in bins]
    step = max(1, -(-len(bins) // 7))
    for number, (one, count) in enumerate(zip(bins, found, strict=True)):
        begin = str(one.first)[: 4 if unit == "year" else 7]
        yield Bar(
            label=f"{one.first.year}" if unit == "year" else f"{one.first:%B %Y}",
            short=f"{one.first.year}" if unit == "year" else f"{one.first:%b %Y}",
            tick=number % step == 0,
            minor=bool(number // step % 2),
            count=count,
            at=share * number,
            width=share,
            height=round(100 * count / max(found), 2),
            href=address("/timeline", query, since=begin, until=begin),
        )


def unit_of(first: date, last: date) -> str:
    """Return into which parts an axis is divided: day, week, month or year."""
    days = (last - first).days
    for unit, most in (("day", 62), ("week", 450), ("month", 2000)):
        if days <= most:
            return unit
    return "year"


def bins_of(first: date, last: date, unit: str) -> Iterator[Bin]:
    """Yield the parts of an axis.

    >>> [one.told for one in bins_of(date(2025, 3, 30), date(2025, 4, 2), "month")]
    ['1–31 March 2025', '1–30 April 2025']
    """
    day = _start(first, unit)
    while day <= last:
        if (date.max - day).days < _LONGEST[unit]:
            yield Bin(day, date.max)
            return
        after = _start(day + timedelta(days=_LONGEST[unit]), unit)
        yield Bin(day, after - timedelta(days=1))
        day = after


def _start(day: date, unit: str) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if unit == "year" else day


def _lane(ref: Ref, rows: Sequence[Account], bins: Sequence[Bin], field: str, query: str) -> Lane:
    """Return a lane with its marks; marks of one side and the same days are one."""
    groups: dict[tuple[int, int, str], dict[str, Account]] = {}
    for row in rows:
        start = _bin_of(row.earliest or row.latest, bins)
        end = _bin_of(row.latest or row.earliest, bins)
        groups.setdefault((start, end, row.attitude), {})[row.statement.iri] = row
    levels = sorted({attitude for _, _, attitude in groups}, key=_place)
    marks = [
        _mark(some, bins, (start, end), side_of(attitude), levels.index(attitude),
              address("/timeline", query, **{field: ref.curie}))
        for (start, end, attitude), some in sorted(
            groups.items(),
            key=lambda group: (group[0][0] - group[0][1], _place(group[0][2]), group[0]),
        )
    ]  # fmt: skip
    statements = len({row.statement.iri for row in rows})
    return Lane(ref, str(ref), statements, tuple(_spaced(marks)), len(levels))


def _spaced(marks: Sequence[Mark]) -> Iterator[Mark]:
    """Yield the marks, those crowded whose number has no room beside larger ones on a phone."""
    numbered: list[Mark] = []
    for mark in sorted(marks, key=lambda one: -one.count):
        if mark.count > 1 and all(
            one.level != mark.level
            or abs(one.at - mark.at) > len(f"{one.count}{mark.count}") * DIGIT / 2 + 1
            for one in numbered
        ):
            numbered.append(mark)
    for mark in marks:
        yield replace(mark, crowded=mark.count > 1 and mark not in numbered)


def _place(attitude: str) -> int:
    """Return the place of an attitude in the order in which sides are listed everywhere."""
    return _ORDER.index(attitude) if attitude in _ORDER else len(_ORDER)


def _mark(
    rows: dict[str, Account],
    bins: Sequence[Bin],
    ends: tuple[int, int],
    side: Side,
    level: int,
    narrower: str,
) -> Mark:
    start, end = ends
    share = (100 - 2 * MARGIN) / len(bins)
    days = Bin(bins[start].first, bins[end].last)
    statements = list(rows.values())
    one = statements[0]
    if len(rows) == 1:
        title = f"{one.speaker} {side.label}: {dated(one.claim.text)} ({when(one.when[0])})"
        leads = href(one.statement.iri)
    else:
        title = f"{counted(len(rows), 'statement')}: {side.label}, {days.told}"
        path, _, query = narrower.partition("?")
        leads = address(path, query, since=str(days.first), until=str(days.last)) + "#table"
    return Mark(
        side=side,
        count=len(rows),
        at=MARGIN + share * (start + end + 1) / 2,
        start=MARGIN + share * start,
        width=share * (end - start + 1) if end > start else 0.0,
        size=round(min(0.8 + 0.12 * (len(rows) - 1) ** 0.5, 1.3), 3),
        level=level,
        title=title,
        href=leads,
    )


def _bin_of(day: date | None, bins: Sequence[Bin]) -> int:
    """Return in which part a day lies; days outside count to the nearest."""
    assert day is not None
    for number, one in enumerate(bins):
        if day <= one.last:
            return number
    return len(bins) - 1


def _ticks(bins: Sequence[Bin], unit: str) -> Iterator[Tick]:
    """Yield the labels of the axis, eight or so."""
    share = (100 - 2 * MARGIN) / len(bins)
    step = max(1, -(-len(bins) // 8))
    for number, one in enumerate(bins):
        if number % step == 0:
            day = one.first
            label = f"{day.year}" if unit == "year" else f"{day:%b %Y}"
            if unit in ("day", "week"):
                label = f"{day.day} {day:%b}" + (f" {day.year}" if number == 0 else "")
            yield Tick(label, MARGIN + share * (number + 0.5))


COLUMNS = (
    *("said", "earliest", "latest", "speaker", "attitude", "certainty", "claim", "issues"),
    *("sources", "statement_iri", "speaker_iri", "claim_iri", "documents"),
)
"""The columns of the CSV: a row for each statement, claim and attitude."""


def _dictionaries(rows: Iterable[Account]) -> Iterator[dict[str, Any]]:
    for row in rows:
        values = (
            *(" or ".join(row.when), str(row.earliest or ""), str(row.latest or "")),
            *(str(row.speaker), row.attitude, row.certainty, row.claim.text),
            " | ".join(map(str, row.claim.issues)),
            *(len(row.sources), row.statement.iri, row.speaker.iri, row.claim.iri),
            " ".join(source.iri for source in row.sources),
        )
        yield dict(zip(COLUMNS, values, strict=True))
