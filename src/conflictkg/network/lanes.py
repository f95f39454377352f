"""Lanes: which issue each statement of a network stands under, and on which day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from conflictkg.network.columns import FOREVER, NEVER
from conflictkg.network.layout import SPREAD, Point

DAY, LANE = 20.0, 240.0
"""How wide a day is, and how high a lane, in the units of the sizes of nodes."""


@dataclass(frozen=True, slots=True)
class Lanes:
    """The titles of the lanes, from the first to the last, and where each node stands in them.

    ``places`` gives the number of the lane and the day number of a node, by its id; the day is None
    where it is not known.
    """

    titles: tuple[str, ...] = ()
    places: Mapping[str, tuple[int, int | None]] = field(default_factory=dict)


def read_lanes(
    ids: Sequence[str], lanes: Mapping[int, tuple[str, int]], titles: Mapping[str, str]
) -> Lanes:
    """Return lanes out of the issue and the day number of nodes; ``titles`` are those of issues.

    >>> read_lanes(["a", "b"], {0: ("y", 9), 1: ("x", 0)}, {"x": "X?", "y": "Y?"})
    Lanes(titles=('X?', 'Y?'), places={'a': (1, 9), 'b': (0, None)})
    """
    names = sorted({name for name, _ in lanes.values()})
    at = {name: number for number, name in enumerate(names)}
    return Lanes(
        tuple(titles.get(name, name) for name in names),
        {
            ids[node]: (at[name], day if NEVER < day < FOREVER else None)
            for node, (name, day) in lanes.items()
        },
    )


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
