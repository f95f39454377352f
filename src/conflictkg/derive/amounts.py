"""Quantities as the rules compare them: bounds in a common unit, and what is counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import inf, nextafter
from typing import NamedTuple

import pyoxigraph as ox

from conflictkg.terms import CKG, SCHEMA

Value = ox.NamedNode | ox.BlankNode | ox.Literal

ABOUT = 0.1
"""How far from the number “about” still reaches: a tenth of it, either way."""

UNITS = {
    **{"m": ("m", 1.0), "km": ("m", 1e3), "mi": ("m", 1609.344), "ft": ("m", 0.3048)},
    **{"m2": ("m2", 1.0), "ha": ("m2", 1e4), "km2": ("m2", 1e6), "mi2": ("m2", 2589988.0)},
    **{"g": ("g", 1.0), "kg": ("g", 1e3), "t": ("g", 1e6)},
    **{"min": ("s", 60.0), "h": ("s", 3600.0), "d": ("s", 86400.0)},
}
"""Unit -> the unit it is compared in, and how many of those it is. Others compare as they are."""


class Amount(NamedTuple):
    """A quantity: inclusive bounds in ``dimension``, what it counts, and how it is shown.

    An open bound is the next number. ``one_sided`` is "up" for an upper bound alone, "down" for a
    lower bound alone, else "".
    """

    lower: float
    upper: float
    dimension: str
    counts: str
    one_sided: str
    shown: str

    @property
    def measure(self) -> tuple[float, float, str, str]:
        """What it says, however that is written."""
        return (self.lower, self.upper, self.dimension, self.counts)

    def comparable(self, other: Amount) -> bool:
        """Say whether both measure the same thing in units that convert."""
        return self.counts == other.counts and self.dimension == other.dimension

    def disjoint(self, other: Amount) -> bool:
        """Say whether no number fits both."""
        return self.upper < other.lower or other.upper < self.lower

    def within(self, other: Amount) -> bool:
        """Say whether all its numbers, and not the other way round, fit the other."""
        inside = other.lower <= self.lower and self.upper <= other.upper
        return inside and (self.lower, self.upper) != (other.lower, other.upper)


def amount(properties: Mapping[ox.NamedNode, Sequence[Value]], label: Callable[..., str]) -> Amount:
    """Return the quantity of a node with these properties; ``label`` names what is counted."""

    def number(predicate: ox.NamedNode) -> float | None:
        values = properties.get(predicate, ())
        return float(values[0].value) if values and isinstance(values[0], ox.Literal) else None

    def first(predicate: ox.NamedNode) -> str:
        return min((v.value for v in properties.get(predicate, ())), default="")

    value, least, most = number(SCHEMA.value), number(SCHEMA.minValue), number(SCHEMA.maxValue)
    how = first(CKG.approximator).rsplit("/", 1)[-1]
    lower = value if least is None else least
    upper = value if most is None else most
    if value is not None:
        lower, upper = _loosened(how, value, lower, upper)
    if how == "moreThan" and lower is not None:
        lower = nextafter(lower, inf)
    if how == "lessThan" and upper is not None:
        upper = nextafter(upper, -inf)
    unit = first(SCHEMA.unitText) or "1"
    dimension, factor = UNITS.get(unit, (unit, 1.0))
    counted = properties.get(CKG.counts, ())
    what = label(counted[0]) if counted else ""
    one_sided = (
        "up" if lower is None or lower == 0 < (upper or 0) else "down" if upper is None else ""
    )
    return Amount(
        -inf if lower is None else lower * factor,
        inf if upper is None or upper == inf else upper * factor,
        dimension,
        first(CKG.counts),
        "" if value is not None and how in ("", "exactly", "about") else one_sided,
        " ".join(
            filter(None, (_shown(value, least, most, how), "" if unit == "1" else unit, what))
        ),
    )


def _loosened(
    how: str, value: float, lower: float | None, upper: float | None
) -> tuple[float | None, float | None]:
    """Return the bounds of a single number with an approximator."""
    if how in ("upTo", "lessThan"):
        return None, upper
    if how in ("atLeast", "moreThan"):
        return lower, None
    slack = abs(value) * ABOUT
    if how == "about":
        return value - slack, value + slack
    if how == "almost":
        return value - slack, value
    return lower, upper


def _shown(value: float | None, least: float | None, most: float | None, how: str) -> str:
    if value is not None:
        words = {"": "", "exactly": "", "upTo": "up to ", "atLeast": "at least "}
        words |= {"moreThan": "more than ", "lessThan": "less than "}
        return f"{words.get(how, how + ' ')}{value:,g}"
    if least is not None and most is not None:
        return f"{least:,g} to {most:,g}"
    if most is not None:
        return f"up to {most:,g}"
    start = "more than" if how == "moreThan" else "at least"
    return f"{start} {least:,g}" if least is not None else "some"
