"""Lanes: which issue each statement of a network stands under, and on which day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from conflictkg.network.columns import FOREVER, NEVER


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
