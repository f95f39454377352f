"""Places where they are on a map: Web Mercator (EPSG:3857)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import cos, isnan, log, pi, radians, sin, sqrt, tan
from statistics import median_low

from conflictkg.network.layout import SPREAD, Point

METRES = 100
"""How many metres of Web Mercator one unit is: villages stand apart at sizes of 4 to 100."""

_EARTH = 6378137.0
"""The radius of the sphere of Web Mercator (EPSG:3857), in metres."""


def on_map(
    lat: Sequence[float], lon: Sequence[float], edges: Sequence[tuple[int, int]]
) -> list[Point]:
    """Return Web Mercator positions; a place without coordinates stands by those it is tied to."""
    found: dict[int, Point] = {}
    for node, (north, east) in enumerate(zip(lat, lon, strict=True)):
        if not isnan(north):
            x, y = mercator(north, east)
            found[node] = (x / METRES, y / METRES)
    ties: dict[int, list[int]] = {}
    for one, other in edges:
        ties.setdefault(one, []).append(other)
        ties.setdefault(other, []).append(one)
    middle = _median(list(found.values()))
    waiting = [node for node in range(len(lat)) if node not in found]
    beside: Counter[Point] = Counter()
    while waiting:
        near = {
            node: _median(around)
            for node in waiting
            if (around := [found[tie] for tie in ties.get(node, ()) if tie in found])
        } or dict.fromkeys(waiting, middle)
        for node, (x, y) in near.items():
            beside[x, y] += 1
            angle, far = beside[x, y] * pi * (3 - sqrt(5)), SPREAD * sqrt(beside[x, y])
            found[node] = (x + far * cos(angle), y + far * sin(angle))
        waiting = [node for node in waiting if node not in near]
    return [(round(found[node][0], 2), round(found[node][1], 2)) for node in range(len(lat))]


def _median(points: Sequence[Point]) -> Point:
    """Return the point in the middle of others, each coordinate by itself."""
    if not points:
        return (0.0, 0.0)
    return (median_low([x for x, _ in points]), median_low([y for _, y in points]))


def mercator(lat: float, lon: float) -> tuple[float, float]:
    """Return Web Mercator coordinates (EPSG:3857) in metres.

    >>> round(mercator(0, 180)[0])
    20037508
    """
    x = _EARTH * radians(lon)
    y = _EARTH * log(tan(pi / 4 + radians(max(-85.0, min(85.0, lat))) / 2))
    return (x, y)
