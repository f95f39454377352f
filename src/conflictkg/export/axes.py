"""The axes of a picture whose places mean something: dates from left to right, a lane an issue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import fill
from typing import Any

from conflictkg.export.labels import drawable
from conflictkg.network.lanes import Lanes

TITLE = 44
"""The most characters of a line of the title of a lane."""

_EPOCH = date(1970, 1, 1).toordinal()
"""The day number that matplotlib counts days from."""

_SMALLEST, _LARGEST = 6.0, 8.5
"""Sizes of the titles of lanes, in points."""


_DAYS = 8
"""Up to so many days each has its tick."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Points by day and lane, the titles of the lanes that have any, and where no day is known."""

    points: tuple[tuple[float, float], ...]
    titles: tuple[str, ...]
    undated: float | None


def charted(names: Sequence[str], lanes: Lanes) -> Chart:
    """Return where nodes of some ids stand: x a day as matplotlib counts them, y minus the lane.

    Lanes without a node are left out. Nodes of one lane and day stand above each other, in a band
    that is a lane high.
    """
    places = [lanes.places[name] for name in names]
    used = {lane: row for row, lane in enumerate(sorted({lane for lane, _ in places}))}
    days = [day for _, day in places if day is not None]
    first, last = min(days, default=_EPOCH), max(days, default=_EPOCH)
    left = first - _EPOCH - max(2.0, (last - first) / 18)
    crowds = Counter(places)
    taken: Counter[tuple[int, int | None]] = Counter()
    points = []
    for place in places:
        lane, day = place
        taken[place] += 1
        shift = (taken[place] - (crowds[place] + 1) / 2) * min(0.3, 0.76 / crowds[place])
        points.append((left if day is None else float(day - _EPOCH), -used[lane] - shift))
    bare = len(days) < len(places)
    return Chart(tuple(points), tuple(lanes.titles[lane] for lane in used), left if bare else None)


def _wrapped(title: str, lines: int) -> str:
    """Return a title on so many lines, cut if it is longer."""
    return fill(drawable(title), TITLE, max_lines=lines, placeholder=" …")


def draw_axes(axes: Any, chart: Chart) -> None:
    """Draw a band and a title for each lane, and the dates below."""
    from matplotlib.dates import AutoDateFormatter, AutoDateLocator, DayLocator

    count = len(chart.titles)
    axes.set_axis_on()
    axes.set_ylim(-count + 0.4, 0.6)
    for row in range(0, count, 2):
        axes.axhspan(-row - 0.5, -row + 0.5, color="#f3f3f3", zorder=0, linewidth=0)
    high = axes.get_position().height * axes.figure.get_figheight() * 72 / max(count, 1)
    rows = range(0, count, max(1, round(_SMALLEST * 1.2 / high)))
    lines = 2 if high >= 2 * _SMALLEST * 1.2 else 1
    axes.set_yticks([-row for row in rows])
    axes.set_yticklabels(
        [_wrapped(chart.titles[row], lines) for row in rows],
        fontsize=max(_SMALLEST, min(_LARGEST, high / lines / 1.25)),
        linespacing=1.15,
    )
    days = [x for x, _ in chart.points]
    beside = max(1.0, (max(days) - min(days)) / 18)
    axes.set_xlim(min(days) - beside, max(days) + beside)
    locator: Any = (
        AutoDateLocator(minticks=4, maxticks=10)  # type: ignore[no-untyped-call]
        if max(days) - min(days) > _DAYS
        else DayLocator()  # type: ignore[no-untyped-call]
    )
    formatter: Any = AutoDateFormatter(locator)  # type: ignore[no-untyped-call]
    formatter.scaled = {366.0: "%Y", 31.0: "%Y-%m", 7.0: "%Y-%m-%d"}
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(formatter)
    axes.grid(axis="x", color="#dddddd", linewidth=0.8, zorder=0)
    axes.set_axisbelow(True)
    axes.tick_params(axis="x", labelsize=9, color="#999999")
    axes.tick_params(axis="y", length=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#999999")
    if chart.undated is not None:
        axes.axvline(chart.undated, color="#bbbbbb", linestyle=(0, (2, 3)), zorder=0)
        axes.annotate(
            "no day known",
            (chart.undated, 0),
            xycoords=("data", "axes fraction"),
            xytext=(0, -22),
            textcoords="offset points",
            ha="center",
            va="top",
            fontsize=9,
            color="#555555",
        )
