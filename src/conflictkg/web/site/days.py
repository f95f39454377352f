"""The days of the map: which of them something is claimed of, and those before and after one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate

from conflictkg.store import Reader, select
from conflictkg.web.site.accounts import CONTROL, TAKEN, VALID, anchors, within
from conflictkg.web.site.happenings import Happening
from conflictkg.web.site.selection import Selection

AROUND = 7
"""How many days the strip shows before and after a day."""

Spans = Mapping[tuple[date, date], int]
"""First and last day -> how many claims or events have this time; open sides are the calendar's."""


@dataclass(frozen=True, slots=True)
class Step:
    """A day of the strip: how much can be of it, and the height of its bar in percent."""

    day: date
    count: int
    height: float


@dataclass(frozen=True, slots=True)
class Days:
    """The day that is shown, or None, and where the stepper leads from it.

    ``before`` and ``after`` are the nearest days on which a time begins or ends; ``fullest`` is
    the one of these days of which there is most.
    """

    day: date | None
    before: date | None
    after: date | None
    fullest: date | None
    strip: tuple[Step, ...]


def days_of(spans: Spans, day: date | None) -> Days:
    """Return the days around one, or where to begin if there is none.

    >>> found = days_of({(date(2025, 3, 18), date(2025, 3, 20)): 2}, date(2025, 3, 19))
    >>> str(found.before), str(found.after), found.strip[AROUND].count
    ('2025-03-18', '2025-03-20', 2)
    """
    stops = sorted({end for span in spans for end in span} - {date.min, date.max})
    begun: Counter[date] = Counter()
    ended: Counter[date] = Counter()
    for (first, last), count in spans.items():
        begun[first] += count
        ended[last] += count
    opened, closed = _sums(begun), _sums(ended)

    def of(one: date) -> int:
        return opened(one) - (closed(one - timedelta(days=1)) if one > date.min else 0)

    fullest = max(stops, key=lambda one: (of(one), one), default=None)
    if day is None:
        return Days(None, None, None, fullest, ())
    at, past = bisect_left(stops, day), bisect_right(stops, day)
    around = [
        date.fromordinal(number)
        for number in range(day.toordinal() - AROUND, day.toordinal() + AROUND + 1)
        if 1 <= number <= date.max.toordinal()
    ]
    counts = [of(one) for one in around]
    tallest = max(*counts, 1)
    return Days(
        day,
        stops[at - 1] if at else None,
        stops[past] if past < len(stops) else None,
        fullest,
        tuple(
            Step(one, count, round(100 * count / tallest, 1))
            for one, count in zip(around, counts, strict=True)
        ),
    )


def _sums(counts: Mapping[date, int]) -> Callable[[date], int]:
    """Return what tells how much there is up to a day."""
    days = sorted(counts)
    sums = [0, *accumulate(counts[day] for day in days)]
    return lambda day: sums[bisect_right(days, day)]


def read_spans(reader: Reader, selection: Selection, *, control: bool) -> Spans:
    """Return the times that the claims about places of a selection are about.

    ``control``: only of claims that say who holds or took a place.
    """
    if selection.problems:
        return {}
    predicates = " ".join(f"predicate:{name}" for name in CONTROL)
    kept = f"VALUES ?predicate {{ {predicates} }} ?claim ckg:predicate ?predicate ." * control
    said = ""
    if selection.since or selection.until:
        said = f"""GRAPH ?graph {{ ?statement ckg:said ?time .
          OPTIONAL {{ ?time ckg:earliest ?earliest }} OPTIONAL {{ ?time ckg:latest ?latest }} }}
          {within(selection)}"""
    any_day = replace(selection, day=None)
    query = f"""SELECT ?from ?to (COUNT(DISTINCT ?claim) AS ?claims) {{
      {{ SELECT DISTINCT ?claim {{ {kept} {anchors(any_day, placed=True)} {TAKEN} {said} }} }}
      {VALID}
    }} GROUP BY ?from ?to"""
    found: Counter[tuple[date, date]] = Counter()
    for row in select(reader, query):
        first, last = (
            date.fromisoformat(row[name].value[:10]) if row[name] else otherwise
            for name, otherwise in (("from", date.min), ("to", date.max))
        )
        found[first, last] += int(row["claims"].value)
    return found


def with_events(spans: Spans, events: Iterable[Happening]) -> Spans:
    """Return times with those of events beside them."""
    found = Counter(dict(spans))
    for event in events:
        if event.first or event.last:
            found[event.first or date.min, event.last or date.max] += 1
    return found
