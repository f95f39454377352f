"""Ways through the graph, as sequences of things: breadth first, the shortest first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pyoxigraph as ox

from conflictkg.walking.relations import Links, Tied

MAX_TIES = 10_000
"""A thing tied to more things than this is an end, not a bridge, unless a caller says otherwise:
through the armed forces of a side everything is two hops from everything."""

Node = ox.NamedNode


class Found(NamedTuple):
    """A thing that a walk has come to, how far from the start, and from which thing."""

    node: Node
    distance: int
    before: Node | None


def walk(tied: Tied, start: Node, max_length: int, max_ties: int) -> Iterator[Found]:
    """Yield all that can be walked to, breadth first, each thing once; the start comes first.

    Things are read as the walk goes on: what is not asked for is not read.
    """
    seen = {start}
    yield Found(start, 0, None)
    layer = [start]
    for distance in range(1, max_length + 1):
        if not layer:
            return
        following: list[Node] = []
        for node in tied.ahead(layer):
            ties = tied.of([node])[node]
            if node != start and len(ties) > max_ties:
                continue
            for other in ties:
                if other not in seen:
                    seen.add(other)
                    yield Found(other, distance, node)
                    if tied.passes(other):
                        following.append(other)
        layer = following


class _Side:
    """The things around one end, by distance, as far as was looked.

    ``edge`` are the farthest of them, ``back`` the nearer things that each is tied to.
    """

    def __init__(self, tied: Tied, end: Node, max_ties: int) -> None:
        self.tied = tied
        self.end = end
        self.max_ties = max_ties
        self.distance = {end: 0}
        self.depth = 0
        self.back: dict[Node, list[Node]] = {}
        self.edge = [end]

    def widen(self) -> None:
        """Look one hop further."""
        self.depth += 1
        following: list[Node] = []
        self.tied.of(self.edge)
        for node in self.edge:
            if node != self.end and not self.is_bridge(node):
                continue
            for other in self.ties(node):
                self.back.setdefault(other, []).append(node)
                if other not in self.distance:
                    self.distance[other] = self.depth
                    following.append(other)
        self.edge = following

    def is_beyond(self, length: int, other: Node) -> bool:
        """Say whether no way of a length, or of a greater one, can lead to the other end.

        That is so where all that can be reached is known, and the other end is not among it, or
        there are too few things for a way that meets nothing twice.
        """
        return not self.edge and (other not in self.distance or length >= len(self.distance))

    def ties(self, node: Node) -> Links:
        """Return the ties of a thing."""
        return self.tied.of([node])[node]

    def is_bridge(self, node: Node) -> bool:
        """Say whether a way may lead through a thing."""
        return self.tied.passes(node) and len(self.ties(node)) <= self.max_ties


def routes(
    tied: Tied, start: Node, end: Node, max_length: int, max_ties: int
) -> Iterator[tuple[Node, ...]]:
    """Yield the ways from one thing to another that meet nothing twice, the shortest first.

    From both ends the things around are looked up to where they meet, always on the side that has
    fewer (bidirectional breadth-first search, Pohl 1971); then the ways of one length are told off
    depth first, leaving out all that does not lead to the end in the hops that are left.
    Of one length, ways by ties of more weight come first, then by identifier.
    """
    if start == end:
        yield (start,)
        return
    near, far = _Side(tied, start, max_ties), _Side(tied, end, max_ties)
    for length in range(1, max_length + 1):
        side = near if near.edge and len(near.edge) <= len(far.edge) else far
        side.widen()
        if near.is_beyond(length, end) or far.is_beyond(length, start):
            return
        yield from _onwards(near, far, _meeting(near, far, length), [start], length)


def _meeting(near: _Side, far: _Side, length: int) -> list[set[Node]]:
    """Return, for each place of a way up to where the sides meet, what can stand there."""
    places = [{node for node, far_off in far.distance.items() if node in near.distance}]
    places[0] = {node for node in places[0] if far.distance[node] <= length - near.depth}
    for place in range(near.depth - 1, -1, -1):
        before = {node for other in places[0] for node in near.back.get(other, ())}
        places.insert(0, {node for node in before if near.distance[node] <= place})
    return places


def _onwards(
    near: _Side, far: _Side, places: list[set[Node]], way: list[Node], length: int
) -> Iterator[tuple[Node, ...]]:
    """Yield the ways of a length that go on from the things met so far."""
    here, left = way[-1], length - len(way) + 1
    if left == 0:
        yield tuple(way)
        return
    if len(way) > 1 and not near.is_bridge(here):
        return
    if len(way) < len(places):
        following = [other for other in near.ties(here) if other in places[len(way)]]
    else:
        back = [other for other in far.back.get(here, ()) if far.distance[other] < left]
        following = sorted(back, key=lambda other: (far.ties(other)[here][0], other.value))
    following = [n for n in following if n not in way and (left == 1 or n != far.end)]
    for other in near.tied.ahead(following) if left > 1 else following:
        yield from _onwards(near, far, places, [*way, other], length)
