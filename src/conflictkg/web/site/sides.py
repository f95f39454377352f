"""The sides of a stance: one colour and one shape each, the same in text, figures and maps.

The colours are in ``static/style.css`` as ``--denies`` and so on, light and dark; the shapes here.
A shape is drawn in a box from -8 to 8, so that it sits on the point it marks.
"""

from __future__ import annotations

from dataclasses import dataclass

from conflictkg.words import in_words


@dataclass(frozen=True, slots=True)
class Side:
    """A side: attitude, label, what it means, and the path of its shape (SVG, box of 16)."""

    name: str
    label: str
    meaning: str
    path: str
    hollow: bool = False


_CIRCLE = "M0-6A6 6 0 1 1 0 6A6 6 0 1 1 0-6Z"
_INNER = "M0-2.6A2.6 2.6 0 1 1 0 2.6A2.6 2.6 0 1 1 0-2.6Z"

SIDES: dict[str, Side] = {
    side.name: side
    for side in (
        Side("asserts", "asserts", "says that it holds", _CIRCLE),
        Side(
            "confirms",
            "confirms",
            "says that what somebody already said holds",
            f"{_CIRCLE}M0-3.8A3.8 3.8 0 1 0 0 3.8A3.8 3.8 0 1 0 0-3.8Z{_INNER}",
        ),
        Side("predicts", "predicts", "says that it will hold", "M-4.5-6.2L6.4 0L-4.5 6.2Z"),
        Side(
            "leavesOpen",
            "leaves open",
            "neither confirms nor denies it",
            f"{_CIRCLE}M0-4A4 4 0 1 0 0 4A4 4 0 1 0 0-4Z",
        ),
        Side("doubts", "doubts", "says that it may not hold", "M-6.4-4.8L6.4-4.8L0 6.2Z"),
        Side(
            "denies",
            "denies",
            "says that it does not hold",
            "M-6-3.6L-3.6-6L0-2.4L3.6-6L6-3.6L2.4 0L6 3.6L3.6 6L0 2.4L-3.6 6L-6 3.6L-2.4 0Z",
        ),
    )
}
"""Attitude -> side, in the order in which they are listed everywhere: from yes to no."""

OTHER = Side("other", "takes another stance", "", "M-5-5H5V5H-5Z")


def side_of(attitude: str) -> Side:
    """Return the side of an attitude; one that the scheme does not have is a square."""
    known = SIDES.get(attitude)
    return known or Side("other", in_words(attitude) or "takes a stance", "", OTHER.path)
