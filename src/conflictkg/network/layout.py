"""Where nodes stand: the same for the same network, every time.

``force`` draws each connected part by springs (Fruchterman and Reingold 1991, as rustworkx has it,
with a fixed seed) where rustworkx is installed, and as a radial tree (Eades 1992) where it is not;
the parts are set side by side. What is too large for either is laid as seeds in a sunflower, the
heaviest in the middle (Vogel 1979).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import cos, pi, sin, sqrt
from typing import Any

import numpy as np

from conflictkg.network.columns import Array

SPRINGS = 1000
"""The most nodes of a part that springs are used for: their time grows with the square."""

TREES = 50_000
"""The most nodes of a network that is drawn by its edges at all."""

SPREAD = 60.0
"""The distance between neighbours, in the units of the sizes of nodes (4 to 100)."""

SEED = 1

Point = tuple[float, float]


def force(count: int, edges: Sequence[tuple[int, int]], weights: Sequence[float]) -> list[Point]:
    """Return a position for each of ``count`` nodes; edges are pairs of their numbers."""
    if count > TREES:
        return sunflower(weights)
    around: list[list[int]] = [[] for _ in range(count)]
    for one, other in dict.fromkeys(edges):
        around[one].append(other)
        around[other].append(one)
    drawn = []
    for part in components(count, edges):
        if len(part) < 3 or len(part) > SPRINGS or (points := _springs(part, around)) is None:
            points = _radial(part, around, weights)
        drawn.append((part, points))
    return _side_by_side(count, drawn)


def components(count: int, edges: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return the connected parts of a network, the largest first, each as its nodes in order."""
    root = list(range(count))

    def find(node: int) -> int:
        while root[node] != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for one, other in edges:
        a, b = find(one), find(other)
        if a != b:
            root[max(a, b)] = min(a, b)
    parts: dict[int, list[int]] = {}
    for node in range(count):
        parts.setdefault(find(node), []).append(node)
    return sorted(parts.values(), key=lambda part: (-len(part), part[0]))


def sunflower(weights: Sequence[float] | Array) -> list[Point]:
    """Return positions on the spiral of a sunflower, the heaviest node in the middle.

    Vogel, A better way to construct the sunflower head, Mathematical Biosciences 44 (1979).
    """
    ranks = np.empty(len(weights))
    ranks[np.argsort(-np.asarray(weights), kind="stable")] = np.arange(len(weights))
    far, angle = SPREAD * np.sqrt(ranks), ranks * pi * (3 - sqrt(5))
    x, y = np.round(far * np.cos(angle), 2), np.round(far * np.sin(angle), 2)
    return list(zip(x.tolist(), y.tolist(), strict=True))


def _springs(part: Sequence[int], around: Sequence[Sequence[int]]) -> list[Point] | None:
    """Return positions by springs, about the origin; None where rustworkx is not installed."""
    try:
        import rustworkx
    except ImportError:
        return None
    numbers = {node: number for number, node in enumerate(part)}
    graph: Any = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(len(part)))
    graph.add_edges_from_no_data(
        [(numbers[a], numbers[b]) for a in part for b in around[a] if a < b]
    )
    reach = SPREAD * sqrt(len(part))
    rounds = max(50, min(300, 120_000 // len(part)))
    laid = rustworkx.spring_layout(graph, seed=SEED, num_iter=rounds, k=2 / sqrt(len(part)))
    return [(reach * laid[n][0], reach * laid[n][1]) for n in range(len(part))]


def _radial(
    part: Sequence[int], around: Sequence[Sequence[int]], weights: Sequence[float]
) -> list[Point]:
    """Return positions on rings around the heaviest node, each branch in a sector of its size."""
    start = min(part, key=lambda node: (-weights[node], node))
    parent, order = {start: start}, [start]
    for node in order:
        for other in sorted(around[node]):
            if other not in parent:
                parent[other] = node
                order.append(other)
    leaves = dict.fromkeys(order, 0)
    for node in reversed(order):
        leaves[node] = leaves[node] or 1
        if node != start:
            leaves[parent[node]] += leaves[node]
    depth, begins, points = {start: 0}, {start: 0.0}, {start: (0.0, 0.0)}
    step = max(SPREAD, SPREAD * leaves[start] / 40)
    full = 2 * pi / leaves[start]
    used = dict.fromkeys(order, 0.0)
    for node in order[1:]:
        above = parent[node]
        depth[node] = depth[above] + 1
        begins[node] = begins[above] + used[above]
        used[above] += leaves[node] * full
        middle = begins[node] + leaves[node] * full / 2
        points[node] = (step * depth[node] * cos(middle), step * depth[node] * sin(middle))
    return [points[node] for node in part]


def _side_by_side(
    count: int, drawn: Sequence[tuple[Sequence[int], Sequence[Point]]]
) -> list[Point]:
    """Return the positions of parts set in rows, the largest first.

    The rows are as wide as leaves the least room empty.
    """
    boxes = []
    for _, points in drawn:
        left, low = min(p[0] for p in points), min(p[1] for p in points)
        wide = max(p[0] for p in points) - left + 2 * SPREAD
        high = max(p[1] for p in points) - low + 2 * SPREAD
        boxes.append((left, low, wide, high))
    widest = max((box[2] for box in boxes), default=0.0)
    side = sqrt(sum(box[2] * box[3] for box in boxes))
    sizes = [(wide, high) for _, _, wide, high in boxes]
    tried = [_in_rows(sizes, max(widest, side * tenths / 10)) for tenths in range(10, 25, 2)]
    _, corners = min(tried, key=lambda one: one[0])
    placed: list[Point] = [(0.0, 0.0)] * count
    for (part, points), (left, low, _, _), (x, y) in zip(drawn, boxes, corners, strict=True):
        for node, (a, b) in zip(part, points, strict=True):
            placed[node] = (round(x + a - left, 2), round(y - (b - low), 2))
    return placed


def _in_rows(sizes: Sequence[Point], width: float) -> tuple[float, list[Point]]:
    """Return the area that boxes take if set in rows of a width, and their corners."""
    corners = []
    x = y = row = reach = 0.0
    for wide, high in sizes:
        if x + wide > width:
            x, y, row = 0.0, y - row, 0.0
        corners.append((x, y))
        row, x = max(row, high), x + wide
        reach = max(reach, x)
    return reach * (row - y), corners
