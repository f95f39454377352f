"""Positions that mean something: places where they are, statements by date and issue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import cos, isnan, pi, sin, sqrt
from statistics import median_low

from conflictkg.network.columns import FOREVER, NEVER
from conflictkg.network.layout import SPREAD, Point
from conflictkg.network.things import mercator

METRES = 100
"""How many metres of Web Mercator one unit is: villages stand apart at sizes of 4 to 100."""

DAY = 20.0
LANE = 240.0


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


def in_lanes(count: int, lanes: Mapping[int, tuple[str, int]]) -> list[Point]:
    """Return positions by date from left to right, with one lane for each issue.

    ``lanes`` gives the issue and the day number of each node. Nodes of one lane and day stand above
    each other; those of which no day is known stand at the left end.
    """
    names = {name: at for at, name in enumerate(sorted({name for name, _ in lanes.values()}))}
    start = min((day for _, day in lanes.values() if NEVER < day < FOREVER), default=0)
    taken: dict[tuple[int, int], int] = {}
    found = []
    for node in range(count):
        name, day = lanes.get(node, ("", NEVER))
        lane = names.get(name, len(names))
        at = day - start if NEVER < day < FOREVER else -10
        step = taken[lane, at] = taken.get((lane, at), -1) + 1
        shift = (step + 1) // 2 * (1 if step % 2 else -1) * SPREAD / 2
        found.append((round(at * DAY, 2), round(shift - lane * LANE, 2)))
    return found
