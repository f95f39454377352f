"""Imprecise times, quantities, names."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflictkg.errors import InputError
from conflictkg.values import ImpreciseTime, Quantity, edtf_bounds

DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))


@given(DAYS)
def test_a_day_is_its_own_bounds(day: date) -> None:
    assert edtf_bounds(day.isoformat()) == (day, day)


@given(DAYS, DAYS)
def test_an_interval_has_the_bounds_of_its_ends(one: date, other: date) -> None:
    first, last = sorted((one, other))
    assert edtf_bounds(f"{first}/{last}") == (first, last)


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("2025-03", (date(2025, 3, 1), date(2025, 3, 31))),
        ("2025-02~", (date(2025, 2, 1), date(2025, 2, 28))),
        ("2025?", (date(2025, 1, 1), date(2025, 12, 31))),
        ("../2025-04-05", (None, date(2025, 4, 5))),
        ("2025-03-18/..", (date(2025, 3, 18), None)),
        ("2025-03-18/", (date(2025, 3, 18), None)),
        ("2025-03-15T17:19:00+02:00", (date(2025, 3, 15), date(2025, 3, 15))),
        ("XXXX", (None, None)),
    ],
)
def test_edtf_gives_the_first_and_the_last_day(
    text: str, bounds: tuple[date | None, date | None]
) -> None:
    assert edtf_bounds(text) == bounds


@pytest.mark.parametrize(
    "text", ["18 March 2025", "2025-13", "2025-02-30", "2025-03-20/2025-03-01", "x" * 300]
)
def test_a_bad_date_is_an_error(text: str) -> None:
    with pytest.raises(InputError):
        edtf_bounds(text)


def test_an_unknown_time_says_so() -> None:
    assert str(ImpreciseTime()) == "date unknown"
    assert ImpreciseTime("2025-03").latest == date(2025, 3, 31)


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (Quantity(value=200, counts="soldiers"), "200 soldiers"),
        (Quantity(value=13, unit="km2", approximator="about"), "about 13 km2"),
        (Quantity(lower=3, upper=4, unit="km"), "3 to 4 km"),
        (Quantity(upper=60000), "up to 60,000"),
        (Quantity(lower=2), "at least 2"),
        (Quantity(as_written="several"), "several"),
        (Quantity(), "no number"),
    ],
)
def test_a_quantity_reads_as_the_source_means_it(quantity: Quantity, text: str) -> None:
    assert str(quantity) == text
