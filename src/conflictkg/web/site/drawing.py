"""A network as it is drawn: its parts side by side, its nodes with the labels that have room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from conflictkg.model import Ref
from conflictkg.network.layout import components
from conflictkg.web.site.labels import Box, Name, beside, fitting, short
from conflictkg.web.site.links import href
from conflictkg.web.site.packing import packed
from conflictkg.web.site.words import dated
from conflictkg.words import counted, in_words

WIDTH, HEIGHT = 960.0, 640.0
"""The size of the drawing in its own units."""

MARGIN = 40.0
ROOM = (130.0, 44.0)
"""What stays free around a part, across and down: about a label on either side."""
NAMED = 120
"""How many nodes can have a label in the drawing."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node as it is drawn, in units of the drawing.

    ``name`` is where its label stands, from its centre, and the anchor of the text; None where
    there is no room for it.
    """

    ref: Ref
    id: str
    kind: str
    x: float
    y: float
    radius: float
    degree: int
    size: float
    name: Name | None = None

    @property
    def short(self) -> str:
        """Its label, as short as a drawing has room for."""
        return short(dated(self.ref))


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge with its evidence, of which the first are named; ``more`` counts the others."""

    number: int
    source: Node
    target: Node
    words: str
    side: str
    directed: bool
    weight: float
    told: str
    spells: tuple[tuple[str, str], ...]
    evidence: tuple[Ref, ...]
    more: int


def place_nodes(
    rows: Sequence[tuple[Any, ...]], links: Sequence[tuple[int, int]] | None = None
) -> Iterator[Node]:
    """Yield nodes fitted into the drawing.

    A row is IRI, identifier, label, kind, x, y, size and number of edges. With ``links``, pairs of
    numbers of rows, the connected parts are set side by side with room for labels; without, all
    positions are kept as they are to each other.
    """
    if not rows:
        return
    count = len(rows)
    parts = [list(range(count))] if links is None else components(count, links)
    boxes = [_bounds([rows[number][4:6] for number in part]) for part in parts]
    scale, middles = packed(
        [(right - left, top - low) for left, low, right, top in boxes],
        (WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN),
        (0.0, 0.0) if len(parts) == 1 else ROOM,
    )
    at = {}
    for part, (left, low, right, top), (x, y) in zip(parts, boxes, middles, strict=True):
        for number in part:
            across, up = rows[number][4:6]
            at[number] = (
                x + (across - (left + right) / 2) * scale,
                y - (up - (low + top) / 2) * scale,
            )
    left, low, right, top = _bounds(at.values())
    aside, down = (WIDTH - left - right) / 2, (HEIGHT - low - top) / 2
    largest = max(row[6] for row in rows)
    for number, (iri, identifier, label, noun, _, _, size, degree) in enumerate(rows):
        x, y = at[number]
        yield Node(
            ref=Ref(iri, label),
            id=identifier,
            kind=noun,
            x=round(x + aside, 1),
            y=round(y + down, 1),
            radius=round(3 + 9 * size / largest, 1),
            degree=degree,
            size=size,
        )


def _bounds(points: Iterable[Sequence[float]]) -> Box:
    """Return the left, lower, right and upper end of where points lie."""
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def name_nodes(nodes: Sequence[Node]) -> Iterator[Node]:
    """Yield the nodes with their labels where there is room: below, right, left or above.

    The larger go first. A label never lies on another label or on a node, but that of a hub, a
    node at least half as large as the largest, may hide smaller ones.
    """
    ranked = sorted(nodes, key=lambda one: (-one.size, one.id))[:NAMED]
    hubs = [one for one in ranked if 2 * one.size >= ranked[0].size]
    every, large = list(map(_disc, nodes)), list(map(_disc, hubs))
    names: dict[str, Name] = {}
    labels: list[Box] = []
    for some, taken in ((hubs, every), (hubs, large), (ranked, every)):
        left = [node for node in some if node.id not in names]
        places = [beside(node.x, node.y, node.radius, node.short) for node in left]
        boxes = [[box for _, box in around] for around in places]
        chosen = fitting(boxes, [*taken, *labels], WIDTH, HEIGHT)
        for node, around, number in zip(left, places, list(chosen), strict=True):
            if number is not None:
                names[node.id] = around[number][0]
                labels.append(around[number][1])
    for node in nodes:
        yield replace(node, name=names.get(node.id))


def _disc(node: Node) -> Box:
    radius = node.radius
    return node.x - radius, node.y - radius, node.x + radius, node.y + radius


def as_data(nodes: Sequence[Node], edges: Sequence[Edge], *, free: bool = True) -> dict[str, Any]:
    """Return what the moving network is made of; ``free`` tells that it may be turned."""
    statements = {ref.iri: (dated(ref), href(ref.iri)) for edge in edges for ref in edge.evidence}
    return {
        "free": free,
        "nodes": [
            {
                "id": node.id,
                "label": node.short,
                "kind": node.kind,
                "page": href(node.ref.iri),
                "told": f"{in_words(node.kind)}, {counted(node.degree, 'edge')}",
                "x": node.x,
                "y": node.y,
                "size": node.size,
            }
            for node in nodes
        ],
        "edges": [
            {
                "source": edge.source.id,
                "target": edge.target.id,
                "words": edge.words,
                "side": edge.side,
                "directed": edge.directed,
                "weight": edge.weight,
                "told": edge.told,
                "spells": edge.spells,
                "evidence": [ref.iri for ref in edge.evidence],
                "more": edge.more,
            }
            for edge in edges
        ],
        "statements": statements,
    }
