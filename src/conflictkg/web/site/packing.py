"""Packing: the parts of a drawing set side by side, as large as its frame lets them be."""

from __future__ import annotations

from collections.abc import Sequence

Size = tuple[float, float]
"""Width and height."""

_ROOM = (1.0, 0.75, 0.5, 0.3, 0.15, 0.05, 0.0)
"""The shares of the room for labels that are tried, the most first."""
_LEAST = 1.0
"""The least width and height of a part: one without would be no step for others to rest on."""
_STEPS = 18
"""How often the scale is halved in: to some millionths of its range."""


def packed(
    sizes: Sequence[Size], frame: Size, room: Size
) -> tuple[float, list[tuple[float, float]]]:
    """Return a scale and, for each part, where its middle lies in a frame.

    Parts grow with the scale, the ``room`` around each does not: it is for labels. As much of it
    is kept as does not shrink the parts by more than a third. The parts keep their order: those
    that come first lie to the upper left.

    >>> scale, at = packed([(4, 2), (1, 1)], (20, 8), (2, 2))
    >>> round(scale, 2), [tuple(map(round, point)) for point in at]
    (3.0, [(7, 4), (16, 2)])
    """
    found = [_largest(sizes, frame, (room[0] * share, room[1] * share)) for share in _ROOM]
    most = max(scale for scale, _ in found)
    return next((one for one in found if one[0] >= most * 2 / 3), found[-1])


def _largest(
    sizes: Sequence[Size], frame: Size, room: Size
) -> tuple[float, list[tuple[float, float]]]:
    """Return the largest scale at which all parts fit, and their middles; 0 if there is none."""
    widest = max(max(wide / frame[0], high / frame[1]) for wide, high in sizes)
    low, high, best = 0.0, 1 / max(widest, 1e-9), [(frame[0] / 2, frame[1] / 2)] * len(sizes)
    for _ in range(_STEPS):
        scale = (low + high) / 2
        boxes = [
            (max(wide * scale + room[0], _LEAST), max(tall * scale + room[1], _LEAST))
            for wide, tall in sizes
        ]
        corners = _fitted(boxes, frame)
        if corners is None:
            high = scale
        else:
            low = scale
            best = [
                (x + wide / 2, y + tall / 2)
                for (x, y), (wide, tall) in zip(corners, boxes, strict=True)
            ]
    return low, best


def _fitted(boxes: Sequence[Size], frame: Size) -> list[tuple[float, float]] | None:
    """Return the upper left corners of boxes in a frame, each as high up as it goes, or None.

    The skyline method (Jylänki 2010): what is taken is kept as steps of x, y and width.
    """
    steps = [(0.0, 0.0, frame[0])]
    corners = []
    for wide, tall in boxes:
        best: tuple[float, float] | None = None
        for x, own, _ in steps:
            if x + wide > frame[0] + 1e-9:
                break
            below = (at for left, at, long in steps if left < x + wide and x < left + long)
            y = max(own, *below, 0.0)
            if y + tall <= frame[1] + 1e-9 and (best is None or y < best[0]):
                best = (y, x)
        if best is None:
            return None
        y, x = best
        corners.append((x, y))
        steps = _raised(steps, x, x + wide, y + tall)
    return corners


def _raised(
    steps: Sequence[tuple[float, float, float]], start: float, end: float, y: float
) -> list[tuple[float, float, float]]:
    """Return steps with the one from ``start`` to ``end`` at a new height."""
    found = []
    for left, at, long in steps:
        if left < start:
            found.append((left, at, min(long, start - left)))
        if left + long > end:
            found.append((max(left, end), at, left + long - max(left, end)))
    return sorted([*found, (start, y, end - start)])
