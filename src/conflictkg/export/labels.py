"""Names in a picture: short enough, in characters that the font has, and none over another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

LONGEST = 42
"""The most characters of a name in a picture."""

COVERED = 2
"""The most dots that a name may lie over."""

Dot = tuple[tuple[float, float], float]
"""A point and the radius of its dot, in points of 1/72 inch."""

Named = tuple[tuple[float, float], str, float]
"""A point, its name and the radius of its dot, in points of 1/72 inch."""

_MISSING = "\u25a1"


def shortened(text: str, longest: int = LONGEST) -> str:
    """Return a text cut at a word, with an ellipsis, if it is too long.

    >>> shortened("How far have Ukrainian forces advanced?", 20)
    'How far have …'
    """
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    return f"{cut.rsplit(' ', 1)[0].rstrip(' ,;:') or cut} …"


def drawable(text: str) -> str:
    """Return a text in which a square stands for each character that the font does not have."""
    known = _characters()
    return "".join(mark if ord(mark) in known else _MISSING for mark in text)


@cache
def _characters() -> frozenset[int]:
    """Return the code points of matplotlib's own font, DejaVu Sans."""
    from matplotlib import font_manager

    path = font_manager.findfont("DejaVu Sans")
    return frozenset(font_manager.get_font(path).get_charmap())


def place_labels(
    axes: Any, named: Sequence[Named], inside: Any, dots: Sequence[Dot], foremost: int = 0
) -> None:
    """Write names beside points, the most important first; one for which there is no room is not.

    A name goes where it covers the fewest of the ``dots``; over another name or outside of
    ``inside``, a box of the figure, it is not written, nor over more than two dots unless it is
    among the ``foremost`` so many.
    """
    renderer = axes.figure.canvas.get_renderer()
    scale = axes.figure.dpi / 72
    round_dots = [(*axes.transData.transform(point), radius * scale) for point, radius in dots]
    taken: list[Any] = []
    for rank, (point, name, radius) in enumerate(named):
        tried: list[tuple[int, int, Any, Any]] = []
        for dx, dy, across, along in _around(radius + 2.5):
            text = axes.annotate(
                drawable(shortened(name)),
                point,
                xytext=(dx, dy),
                textcoords="offset points",
                ha=across,
                va=along,
                fontsize=8.5,
                color="#111111",
                zorder=3,
                bbox={"boxstyle": "round,pad=0.12", "fc": "white", "ec": "none", "alpha": 0.72},
            )
            box = text.get_window_extent(renderer).padded(2)
            fits = inside.x0 < box.x0 and box.x1 < inside.x1 and inside.y0 < box.y0
            if fits and box.y1 < inside.y1 and not any(box.overlaps(other) for other in taken):
                tried.append((_covered(box, round_dots), len(tried), text, box))
            else:
                text.remove()
            if tried and not tried[-1][0]:
                break
        best = min(tried, key=lambda one: one[:2], default=None)
        if best and rank >= foremost and best[0] > COVERED:
            best = None
        for one in tried:
            if one is not best:
                one[2].remove()
        if best:
            taken.append(best[3])


def _around(gap: float) -> Iterator[tuple[float, float, str, str]]:
    """Yield where a name can stand: shift in points, and which of its sides is at the point."""
    side = gap * 0.75
    yield from ((gap, 0, "left", "center"), (-gap, 0, "right", "center"))
    yield from ((0, gap, "center", "bottom"), (0, -gap, "center", "top"))
    yield from ((side, side, "left", "bottom"), (side, -side, "left", "top"))
    yield from ((-side, side, "right", "bottom"), (-side, -side, "right", "top"))


def _covered(box: Any, dots: Iterable[tuple[float, float, float]]) -> int:
    """Return how many dots a box lies over, each as its middle and its radius in pixels."""
    return sum(
        box.x0 - r / 2 < x < box.x1 + r / 2 and box.y0 - r / 2 < y < box.y1 + r / 2
        for x, y, r in dots
    )
