"""Quotes held against the text of their document."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflictkg.anchoring import Anchored, anchor
from conflictkg.model import Document, Report

TEXT = "Він сказав 😀: «нікого немає». She said: “nobody came”, and again: “nobody came”."


def report(
    quote: str, start: int | None, end: int | None, prefix: str = "", suffix: str = ""
) -> Report:
    return Report(
        "https://e.org/r",
        Document("https://e.org/d", "A page"),
        "https://e.org/s",
        "direct",
        quote,
        prefix=prefix,
        suffix=suffix,
        start=start,
        end=end,
    )


def state(found: Report, text: str = TEXT) -> tuple[Anchored, int | None]:
    (result,) = anchor(text, [found])
    return result.state, result.found


AT = TEXT.index("nobody came")
AGAIN = TEXT.rindex("nobody came")


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (report("nobody came", AT, AT + 11), (Anchored.FITS, AT)),
        (report("nobody came", AGAIN - 3, AGAIN + 20), (Anchored.MISSING, None)),
        (report("nobody came", AGAIN - 3, AGAIN + 12), (Anchored.FITS, AGAIN)),
        (report("nobody came", 0, 5), (Anchored.AMBIGUOUS, None)),
        (report("nobody came", 0, 5, prefix="again: “"), (Anchored.MOVED, AGAIN)),
        (report("nobody came", None, None, prefix="again: “"), (Anchored.FITS, AGAIN)),
        (report("нікого", 0, 40), (Anchored.FITS, TEXT.index("нікого"))),
        (report("somebody came", 0, 40), (Anchored.MISSING, None)),
        (report("нікого", 0, 40, prefix="other "), (Anchored.MOVED, TEXT.index("нікого"))),
        (report("нікого", 0, 9999), (Anchored.MISSING, None)),
    ],
)
def test_a_quote_fits_moved_is_ambiguous_or_missing(
    found: Report, expected: tuple[Anchored, int | None]
) -> None:
    assert state(found) == expected


@given(st.text(min_size=1, max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_positions_count_code_points(quote: str, before: str, after: str) -> None:
    text = before + quote + after
    start = text.index(quote)
    assert state(report(quote, start, start + len(quote)), text) == (Anchored.FITS, start)
