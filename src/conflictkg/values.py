"""Values as sources give them: imprecise times, quantities with bounds, names with language."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from conflictkg.errors import InputError

UNKNOWN = "XXXX"
"""The EDTF value of a time that is not known at all."""


@lru_cache(maxsize=4096)
def edtf_bounds(text: str) -> tuple[date | None, date | None]:
    """Return the first and the last day that an EDTF value can mean.

    ``None`` stands for an open or unknown bound. Levels 0 to 2 of the Extended Date/Time Format
    (ISO 8601-2:2019, annex A) are read; ``~`` and ``?`` do not widen the bounds.
    Raises InputError if the text is not EDTF.

    >>> edtf_bounds("2025-03-11/2025-03-20")
    (datetime.date(2025, 3, 11), datetime.date(2025, 3, 20))
    >>> edtf_bounds("XXXX")
    (None, None)
    """
    if text in ("", UNKNOWN):
        return (None, None)
    start, slash, end = text.partition("/")
    if slash and (start in ("", "..") or end in ("", "..")):
        lower = None if start in ("", "..") else edtf_bounds(start)[0]
        upper = None if end in ("", "..") else edtf_bounds(end)[1]
        return (lower, upper)
    first = _plain_days(start)
    last = _plain_days(end) if slash else first
    bounds = (first[0], last[1]) if first and last else _parsed_bounds(text)
    if bounds[0] and bounds[1] and bounds[0] > bounds[1]:
        raise InputError(f"“{text}” ends before it begins", "put the earlier date first")
    return bounds


def day(value: date | str | None) -> date | None:
    """Return a day that is given as such or as text, of a moment its day.

    Raises InputError for what is no day.

    >>> day("2025-03-18")
    datetime.date(2025, 3, 18)
    """
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise InputError(f"“{value}” is not a day", "write it as 2025-03-18") from error


def days(first: date | str | None, last: date | str | None) -> tuple[date | None, date | None]:
    """Return the first and the last day of a time; None leaves that side open.

    Raises InputError for what is no day, and for a time that ends before it begins.

    >>> days("2025-03-18", None)
    (datetime.date(2025, 3, 18), None)
    """
    since, until = day(first), day(last)
    if since and until and since > until:
        raise InputError(
            f"the time from {since} to {until} ends before it begins",
            "give the earlier day first",
        )
    return since, until


def whole(number: int, name: str) -> int:
    """Return a number that counts something; raises InputError for one that cannot."""
    if not isinstance(number, int) or number < 0:
        raise InputError(f"{name} is {number!r}", "give a whole number, 0 or more")
    return number


def _plain_days(text: str) -> tuple[date, date] | None:
    """Return the first and last day of a plain day, month or year; None for any other form.

    Nearly all values are plain, and the grammar of the edtf package takes 14 ms for each.
    """
    match = _PLAIN.fullmatch(text)
    if not match:
        return None
    year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    try:
        if day:
            return date(year, month, day), date(year, month, day)
        if month:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        return date(year, 1, 1), date(year, 12, 31)
    except ValueError:
        return None


_PLAIN = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?)?[~?%]?")


def _parsed_bounds(text: str) -> tuple[date | None, date | None]:
    """Return the bounds of any EDTF value; raises InputError if it is none."""
    edtf = _edtf()
    try:
        parsed = edtf.parse_edtf(text)
        return _day(parsed.lower_strict()), _day(parsed.upper_strict())
    except (edtf.EDTFParseException, ValueError, TypeError, AttributeError) as error:
        raise InputError(
            f"“{text}” is not an EDTF date",
            "write 2025-03-18, 2025-03, 2025-03-11/2025-03-20, 2025-03~, ../2025-04-05 or XXXX",
        ) from error


@cache
def _edtf() -> Any:
    """Import the edtf package without the warnings that its own grammar gives."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import edtf
    return edtf


def _day(bound: Any) -> date | None:
    """Return the day of a time tuple; an infinite bound has none."""
    return None if isinstance(bound, float) else date(*bound[:3])


@dataclass(frozen=True, slots=True)
class ImpreciseTime:
    """A time as a source gives it: the words, EDTF, the bounds in days, and how it was resolved."""

    edtf: str = UNKNOWN
    as_written: str = ""
    note: str = ""

    @property
    def earliest(self) -> date | None:
        """The first day it can mean."""
        return edtf_bounds(self.edtf)[0]

    @property
    def latest(self) -> date | None:
        """The last day it can mean."""
        return edtf_bounds(self.edtf)[1]

    def __str__(self) -> str:
        return "date unknown" if self.edtf == UNKNOWN else self.edtf


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as a source gives it; ``lower`` and ``upper`` are inclusive bounds, in ``unit``."""

    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    unit: str = "1"
    counts: str = ""
    approximator: str = ""
    as_written: str = ""

    def __str__(self) -> str:
        unit = "" if self.unit == "1" else f" {self.unit}"
        what = f" {self.counts}" if self.counts else ""
        if self.value is not None:
            loosely = f"{self.approximator} " if self.approximator else ""
            return f"{loosely}{self.value:,g}{unit}{what}"
        if self.lower is not None and self.upper is not None:
            return f"{self.lower:,g} to {self.upper:,g}{unit}{what}"
        if self.upper is not None:
            return f"up to {self.upper:,g}{unit}{what}"
        if self.lower is not None:
            return f"at least {self.lower:,g}{unit}{what}"
        return self.as_written or "no number"


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """A name with its BCP 47 language (and script) tag; ``use`` is pref, alt or hidden."""

    text: str
    language: str = ""
    use: str = "pref"

    def __str__(self) -> str:
        return self.text
