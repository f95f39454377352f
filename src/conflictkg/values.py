"""Values as sources give them: imprecise times, quantities with bounds, names with language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
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
    import edtf

    try:
        parsed = edtf.parse_edtf(text)
        bounds = (_day(parsed.lower_strict()), _day(parsed.upper_strict()))
    except (edtf.EDTFParseException, ValueError, TypeError, AttributeError) as error:
        raise InputError(
            f"“{text}” is not an EDTF date",
            "write 2025-03-18, 2025-03, 2025-03-11/2025-03-20, 2025-03~, ../2025-04-05 or XXXX",
        ) from error
    if bounds[0] and bounds[1] and bounds[0] > bounds[1]:
        raise InputError(f"“{text}” ends before it begins", "put the earlier date first")
    return bounds


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
