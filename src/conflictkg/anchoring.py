"""Quotes held against the text of their document: is each where the graph says it is?

The selectors are those of the Web Annotation Data Model (W3C, 2017), sections 4.2.4 (text quote)
and 4.2.5 (text position); positions count Unicode code points from 0, the end is exclusive.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from conflictkg.model import Report


class Anchored(StrEnum):
    """How a quote stands to the text."""

    FITS = "fits"
    MOVED = "moved"
    AMBIGUOUS = "ambiguous"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A report's quote held against a text; ``found`` is where the quote starts in it, or None."""

    report: Report
    state: Anchored
    found: int | None
    message: str


def anchor(text: str, reports: Iterable[Report]) -> Iterator[Anchor]:
    """Yield how each report's quote stands to the text of its document.

    A quote fits if it stands, with its prefix and suffix, inside the span of its report. If it
    stands elsewhere it moved; if it stands in several places outside the span it is ambiguous.
    """
    for report in reports:
        yield _anchor(text, report)


def _anchor(text: str, report: Report) -> Anchor:
    spelled = [
        at + len(report.prefix)
        for at in _occurrences(text, report.prefix + report.quote + report.suffix)
    ]
    start, end = report.start, report.end
    if start is not None and end is not None:
        if end > len(text):
            message = f"the span ends at {end:,}, the text at {len(text):,}"
            return Anchor(report, Anchored.MISSING, None, message)
        inside = [at for at in spelled if start <= at and at + len(report.quote) <= end]
        if inside:
            return Anchor(report, Anchored.FITS, inside[0], "")
    elif len(spelled) == 1:
        return Anchor(report, Anchored.FITS, spelled[0], "")
    bare = spelled or list(_occurrences(text, report.quote))
    if not bare:
        return Anchor(report, Anchored.MISSING, None, "the words are not in the text")
    if len(bare) > 1:
        places = ", ".join(f"{at:,}" for at in bare[:5])
        return Anchor(report, Anchored.AMBIGUOUS, None, f"the words stand at {places}")
    if not spelled:
        message = f"the words stand at {bare[0]:,}, but prefix or suffix is another"
        return Anchor(report, Anchored.MOVED, bare[0], message)
    moved = f"the words stand at {bare[0]:,}, outside the span {start:,} to {end:,}"
    return Anchor(report, Anchored.MOVED, bare[0], moved)


def _occurrences(text: str, words: str) -> Iterator[int]:
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)
