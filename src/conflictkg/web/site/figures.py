"""Figures drawn by the server: where marks stand, in percent of the width; templates draw them.

Marks stand at percentages, so a figure fits any width and its texts keep their size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from conflictkg.web.site.sides import Side

MARGIN = 2.0
"""Percent of the width that stays free at either end."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark of a lane: first and last day, side, what it says and where it leads."""

    first: date
    last: date
    side: Side
    title: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A mark on its place: centre and ends in percent; ``wide`` where it is not one day."""

    mark: Mark
    at: float
    start: float
    width: float
    wide: bool
    row: int


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of a figure: label, where the label leads, its marks, and how many rows they need."""

    label: str
    href: str
    marks: tuple[Placed, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A date on the axis, in percent."""

    label: str
    at: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """Lanes over one axis of dates."""

    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    first: date
    last: date


def percent(value: float) -> str:
    """Return a percentage as SVG takes it."""
    return f"{value:.2f}%"


def timeline(
    rows: Iterable[tuple[str, str, Sequence[Mark]]], *, close: float = 2.2
) -> Timeline | None:
    """Return lanes (label, address, marks) over the days that the marks span.

    None if there is nothing to compare: no marks, or all of one and the same date.

    Marks that would touch (nearer than ``close`` percent) go to rows of their own within the lane.
    """
    lanes = [(label, href, sorted(marks, key=_by_time)) for label, href, marks in rows]
    dates = {(mark.first, mark.last) for _, _, marks in lanes for mark in marks}
    if len(dates) < 2:
        return None
    days = [day for pair in dates for day in pair]
    first, last = min(days), max(days)
    length = (last - first).days

    def at(day: date) -> float:
        return MARGIN + (100 - 2 * MARGIN) * (day - first).days / length

    placed = []
    for label, href, marks in lanes:
        ends: list[float] = []
        some = []
        for mark in marks:
            start, end = at(mark.first), at(mark.last)
            centre = (start + end) / 2
            left, right = min(start, centre - close / 2), max(end, centre + close / 2)
            row = next((r for r, taken in enumerate(ends) if taken <= left), len(ends))
            ends[row : row + 1] = [right]
            some.append(Placed(mark, centre, start, end - start, end - start > close / 2, row))
        placed.append(Lane(label, href, tuple(some), max(len(ends), 1)))
    return Timeline(tuple(placed), tuple(_ticks(first, last, at)), first, last)


def _by_time(mark: Mark) -> tuple[date, date, str]:
    return mark.first, mark.last, mark.title


def _ticks(first: date, last: date, at: Callable[[date], float]) -> Iterable[Tick]:
    """Yield the dates of the axis: years, months or days, at most seven or so."""
    days = (last - first).days
    if days <= 120:
        step = max(1, -(-days // 5))
        day = first
        while day <= last:
            yield Tick(f"{day.day} {day:%b %Y}" if day == first else f"{day.day} {day:%b}", at(day))
            day += timedelta(days=step)
        return
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next((s for s in (1, 2, 3, 6, 12, 24, 60, 120, 240) if months / s <= 6), 600)
    index = first.year * 12 + first.month - 1
    index += -index % step if step >= 12 else 0
    while True:
        year, month = divmod(index, 12)
        day = date(year, month + 1, 1)
        if day > last:
            return
        if day >= first:
            yield Tick(f"{year}" if step >= 12 else f"{day:%b %Y}", at(day))
        index += step
