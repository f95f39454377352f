"""Names in a picture: short enough, in characters that the font has, and none over another."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

LONGEST = 42
"""The most characters of a name in a picture."""

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


def place_labels(axes: Any, named: Iterable[tuple[tuple[float, float], str, float]]) -> None:
    """Write names beside points, the most important first; one for which there is no room is not.

    ``named`` are points, names and the radii of the dots in points of 1/72 inch.
    """
    renderer = axes.figure.canvas.get_renderer()
    frame = axes.figure.bbox
    taken: list[Any] = []
    for point, name, radius in named:
        gap = radius + 2.5
        for dx, dy, across, along in (
            (gap, 0, "left", "center"),
            (-gap, 0, "right", "center"),
            (0, gap, "center", "bottom"),
            (0, -gap, "center", "top"),
        ):
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
            inside = box.x0 > 0 and box.x1 < 0.81 * frame.x1 and box.y0 > 0.05 * frame.y1
            if inside and not any(box.overlaps(other) for other in taken):
                taken.append(box)
                break
            text.remove()
