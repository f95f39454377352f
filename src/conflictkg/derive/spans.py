"""Times as the rules compare them: days from and to, and clock times where they are known."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import NamedTuple

from conflictkg.values import edtf_bounds

_CLOCK = re.compile(r"T[0-9:.]+(?:Z|[+-][0-9:]+)?")


class Span(NamedTuple):
    """From the first to the last day that a time can mean; an open end is the end of the calendar.

    >>> span("2025-03-18").single
    True
    """

    first: date
    last: date

    @property
    def single(self) -> bool:
        """Whether it is one day."""
        return self.first == self.last

    def within(self, other: Span) -> bool:
        """Say whether all its days are days of another."""
        return other.first <= self.first and self.last <= other.last

    def meets(self, other: Span) -> bool:
        """Say whether it has a day in common with another."""
        return self.first <= other.last and other.first <= self.last

    def __str__(self) -> str:
        first = "…" if self.first == date.min else self.first.isoformat()
        last = "…" if self.last == date.max else self.last.isoformat()
        return first if first == last else f"{first} to {last}"


class Clock(NamedTuple):
    """The earliest and the latest moment that a time of day can mean, in UTC."""

    first: datetime
    last: datetime


@lru_cache(maxsize=4096)
def span(edtf: str) -> Span:
    """Return the days of an EDTF value; an unknown or open bound is the end of the calendar."""
    first, last = edtf_bounds(without_clock(edtf))
    return Span(first or date.min, last or date.max)


def without_clock(edtf: str) -> str:
    """Return an EDTF value without its times of day.

    >>> without_clock("2025-03-18T09:30:00+02:00")
    '2025-03-18'
    """
    return _CLOCK.sub("", edtf) if "T" in edtf else edtf


@lru_cache(maxsize=4096)
def clock(edtf: str) -> Clock | None:
    """Return the moments of an EDTF value with time and offset, or None without them.

    A time without an offset tells no moment: it may be local to the speaker or to the document.

    >>> clock("2025-03-18T09:30:00+02:00").first.hour
    7
    >>> clock("2025-03-18T09:30:00") is None
    True
    """
    start, slash, end = edtf.partition("/")
    first, last = _moment(start), _moment(end if slash else start)
    return Clock(first, last) if first and last and first <= last else None


def _moment(text: str) -> datetime | None:
    if "T" not in text:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read.astimezone(UTC) if read.tzinfo else None
