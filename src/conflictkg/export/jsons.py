"""JSON: node-link as NetworkX and D3 have it, Cytoscape's, and a line for each thing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from conflictkg import __version__
from conflictkg.export.text import clean, encoded, iso
from conflictkg.network import Projection
from conflictkg.network.styles import edge_style

Object = dict[str, Any]


def node_link(projection: Projection) -> Iterator[bytes]:
    """Yield node-link JSON, which ``networkx.node_link_graph(data, edges="edges")`` reads.

    Every edge stands once and says whether it is directed; its key is its kind.
    """

    def pieces() -> Iterator[str]:
        head = {
            "directed": projection.directed is not False,
            "multigraph": True,
            "graph": {"name": projection.name, **_meta(projection)},
        }
        yield dumped(head)[:-1]
        yield ', "nodes": ['
        yield from _listed(objects(projection.nodes.rows(), projection.nodes.columns))
        yield '], "edges": ['
        yield from _listed({**edge, "key": edge["kind"]} for edge in _edges(projection))
        yield "]}\n"

    return encoded(pieces())


def cytoscape(projection: Projection) -> Iterator[bytes]:
    """Yield Cytoscape JSON (elements of Cytoscape.js, https://js.cytoscape.org).

    ``networkx.cytoscape_graph`` reads it: ``value`` is the node and ``key`` the kind for it.
    """

    def nodes() -> Iterator[Object]:
        for node in objects(projection.nodes.rows(), projection.nodes.columns):
            x, y = node.pop("x"), node.pop("y")
            yield {"data": {**node, "value": node["id"]}, "position": {"x": x, "y": -y}}

    def edges() -> Iterator[Object]:
        for edge in _edges(projection):
            colour, line = edge_style(edge["kind"])
            kind = {"key": edge["kind"], "interaction": edge["kind"]}
            yield {"data": {**edge, **kind, "colour": colour, "line": line}}

    def pieces() -> Iterator[str]:
        head = {
            "format_version": "1.0",
            "generated_by": f"conflictkg {__version__}",
            "directed": projection.directed is not False,
            "multigraph": True,
            "data": {"name": projection.name, **_meta(projection)},
        }
        yield dumped(head)[:-1]
        yield ', "elements": {"nodes": ['
        yield from _listed(nodes())
        yield '], "edges": ['
        yield from _listed(edges())
        yield "]}}\n"

    return encoded(pieces())


def lines(projection: Projection) -> Iterator[bytes]:
    """Yield a JSON object a line: first the meta, then nodes, then edges, told apart by "is"."""

    def pieces() -> Iterator[str]:
        yield dumped({"is": "network", "name": projection.name, **_meta(projection)}) + "\n"
        for node in objects(projection.nodes.rows(), projection.nodes.columns):
            yield dumped({"is": "node", **node}) + "\n"
        for edge in _edges(projection):
            yield dumped({"is": "edge", **edge}) + "\n"

    return encoded(pieces())


def objects(rows: Iterable[tuple[Any, ...]], columns: tuple[str, ...]) -> Iterator[Object]:
    """Yield rows of a table as objects, without what is not known."""
    for row in rows:
        yield {
            name: plain(value)
            for name, value in zip(columns, row, strict=True)
            if value is not None and value != ()
        }


def plain(value: Any) -> Any:
    """Return a cell as JSON can hold it: dates as text, spells as pairs.

    >>> plain(((date(2025, 3, 18), None),))
    [['2025-03-18', None]]
    """
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, date):
        return iso(value)
    if isinstance(value, tuple):
        return [plain(item) if item is not None else None for item in value]
    return value


def dumped(value: Any) -> str:
    """Return JSON, in the characters of the texts."""
    return json.dumps(value, ensure_ascii=False)


def _edges(projection: Projection) -> Iterator[Object]:
    for part in projection.edges.chunks():
        yield from objects(part.rows(), part.columns)


def _meta(projection: Projection) -> Object:
    return {key: plain(value) for key, value in projection.meta.items() if value is not None}


def _listed(items: Iterable[Object]) -> Iterator[str]:
    for number, item in enumerate(items):
        yield (",\n" if number else "\n") + dumped(item)
