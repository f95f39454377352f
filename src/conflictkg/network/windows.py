"""Windows of time that follow each other: days, weeks, months, years."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from conflictkg.errors import InputError

_LENGTH = re.compile(r"\s*(\d+)?\s*(day|week|month|year)s?\s*", re.IGNORECASE)


def windows(
    first: date, last: date, length: str, every: str | None = None
) -> Iterator[tuple[date, date]]:
    """Return windows that cover the days from one to another, each as its first and last day.

    They follow each other, or begin ``every`` so long and then may overlap (moving windows).
    Raises InputError for a length that is none.

    >>> [str(start) for start, _ in windows(date(2025, 3, 18), date(2025, 4, 2), "1 month")]
    ['2025-03-01', '2025-04-01']
    >>> [str(end) for _, end in windows(date(2025, 3, 18), date(2025, 4, 2), "10 days")]
    ['2025-03-27', '2025-04-06']
    >>> [str(end) for _, end in windows(date(2025, 3, 18), date(2025, 3, 26), "30 days", "1 week")]
    ['2025-04-15', '2025-04-22']
    """
    count, unit = _parsed(length)
    return _windows(first, last, (count, unit), _parsed(every) if every else (count, unit))


def _parsed(length: str) -> tuple[int, str]:
    match = _LENGTH.fullmatch(str(length))
    count = int(match[1] or 1) if match else 0
    if match is None or count < 1:
        raise InputError(
            f"“{length}” is not a length of time", "write 30 days, 1 week, 1 month or 1 year"
        )
    return count, match[2].lower()


def _windows(
    first: date, last: date, length: tuple[int, str], every: tuple[int, str]
) -> Iterator[tuple[date, date]]:
    start: date | None = _begin(first, every[1])
    while start is not None and start <= last:
        after = _later(start, *length)
        yield start, after - timedelta(days=1) if after else date.max
        start = _later(start, *every)


def _begin(day: date, unit: str) -> date:
    """Return the first day of the calendar's week, month or year that a day is in."""
    if unit == "week":
        return date.fromordinal(max(1, day.toordinal() - day.weekday()))
    if unit == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if unit == "year" else day


def _later(day: date, count: int, unit: str) -> date | None:
    """Return the day that comes so many units later; None beyond the calendar."""
    try:
        if unit in ("day", "week"):
            return day + timedelta(days=count * (7 if unit == "week" else 1))
        months = day.year * 12 + day.month - 1 + count * (12 if unit == "year" else 1)
        return date(months // 12, months % 12 + 1, 1)
    except (OverflowError, ValueError):
        return None
