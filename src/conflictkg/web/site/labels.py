"""Room for labels: which of them fit into a drawing without lying on one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""


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
