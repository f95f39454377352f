"""Room for labels: which of them fit into a drawing without lying on one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""

Name = tuple[float, float, str]
"""Where a label stands, from the centre of what it names, and the anchor of its text."""


def beside(
    x: float, y: float, radius: float, text: str, scale: float = 1.0
) -> list[tuple[Name, Box]]:
    """Return where the label of a disc can stand, each with the box that it takes.

    It is 12 units high, times ``scale``, and stands below, to the right, to the left or above.
    """
    width, away = 6.6 * scale * len(text), radius + 3 * scale
    return [
        (
            (across, down, side),
            (x + left, y + down - 11 * scale, x + left + width, y + down + 4 * scale),
        )
        for across, down, left, side in (
            (0.0, away + 11 * scale, -width / 2, "middle"),
            (away + scale, 4.0 * scale, away + scale, "start"),
            (-away - scale, 4.0 * scale, -away - scale - width, "end"),
            (0.0, -away - 2 * scale, -width / 2, "middle"),
        )
    ]


def spaced(x: float, y: float, text: str, scale: float = 1.0) -> Box:
    """Return the box of a name in spaced capitals, in the middle above a point."""
    half = 4.2 * scale * len(text)
    return (x - half, y - 9 * scale, x + half, y + 2 * scale)


def fitting(
    wanted: Iterable[Sequence[Box]], taken: Iterable[Box], width: float, height: float
) -> Iterator[int | None]:
    """Yield for each label which of the boxes it could have it gets, or None.

    Those that come first have the choice. A label lies inside the drawing, on nothing that is
    ``taken`` and on no other label.

    >>> list(fitting([[(0, 0, 9, 9)], [(5, 5, 14, 14), (20, 0, 29, 9)]], [], 40, 40))
    [0, 1]
    """
    filled = list(taken)
    for boxes in wanted:
        free = next(
            (
                number
                for number, box in enumerate(boxes)
                if _inside(box, width, height) and not any(_overlap(box, one) for one in filled)
            ),
            None,
        )
        if free is not None:
            filled.append(boxes[free])
        yield free


def short(label: str, most: int = 40) -> str:
    """Return a label that a drawing has room for: its first words, as far as ``most`` characters.

    >>> short("A Russian grouping of 50,000 has been moved to the border")
    'A Russian grouping of 50,000 has been …'
    """
    return label if len(label) <= most else f"{label[: most - 1].rsplit(' ', 1)[0]} …"


def _inside(box: Box, width: float, height: float) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height


def _overlap(one: Box, other: Box) -> bool:
    across = one[0] < other[2] and other[0] < one[2]
    return across and one[1] < other[3] and other[1] < one[3]
