"""GraphML 1.0 (http://graphml.graphdrawing.org/specification.html), for igraph, yEd and others.

Each edge says whether it is directed. Values that are not known are left out; lists are texts,
their items divided by a blank, and spells intervals as in ISO 8601: ``2025-03-18/2025-03-20``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from conflictkg.export.text import about, clean, encoded, iso, one_line, told, xml
from conflictkg.network import Projection

_TYPES = {
    **dict.fromkeys(("lat", "lon", "x", "y", "size", "weight"), "double"),
    **dict.fromkeys(("degree", "statements", "documents", "origins"), "int"),
    **dict.fromkeys(("directed", "disputed"), "boolean"),
}


def write(projection: Projection) -> Iterator[bytes]:
    """Yield a projection as GraphML."""
    return encoded(_pieces(projection))


def _pieces(projection: Projection) -> Iterator[str]:
    nodes, edges = projection.nodes, projection.edges
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    told = list(about(projection.meta))
    for number, (key, _) in enumerate(told):
        yield f'<key id="g{number}" for="graph" attr.name="{xml(key)}" attr.type="string"/>\n'
    node_keys = [(name, f"n_{name}") for name in nodes.columns if name != "id"]
    edge_keys = [(n, f"e_{n}") for n in edges.columns if n not in ("id", "source", "target")]
    for cls, keys in (("node", node_keys), ("edge", edge_keys)):
        for name, key in keys:
            type = _TYPES.get(name, "string")
            yield f'<key id="{key}" for="{cls}" attr.name="{name}" attr.type="{type}"/>\n'
    default = "undirected" if projection.directed is False else "directed"
    yield f'<graph edgedefault="{default}">\n'
    for number, (_, value) in enumerate(told):
        yield f'<data key="g{number}">{xml(value)}</data>\n'
    for row in zip(nodes["id"], nodes.rows(*(name for name, _ in node_keys)), strict=True):
        yield f'<node id="{xml(row[0])}">{_data(node_keys, row[1])}</node>\n'
    for part in edges.chunks():
        values = part.rows(*(name for name, _ in edge_keys))
        ends = part.rows("id", "source", "target", "directed")
        for (name, source, target, directed), row in zip(ends, values, strict=True):
            yield (
                f'<edge id="{name}" source="{xml(source)}" target="{xml(target)}"'
                f' directed="{"true" if directed else "false"}">{_data(edge_keys, row)}</edge>\n'
            )
    yield "</graph>\n</graphml>\n"


def _data(keys: Sequence[tuple[str, str]], values: Sequence[Any]) -> str:
    return "".join(
        f'<data key="{key}">{xml(text)}</data>'
        for (name, key), value in zip(keys, values, strict=True)
        if (text := told(value or ()) or None if name == "control" else flat(value)) is not None
    )


def flat(value: Any) -> str | None:
    """Return a cell of a table as text on one line, or None if there is nothing in it.

    >>> flat(((date(2025, 3, 18), None),)), flat(("a", "b")), flat(True)
    ('2025-03-18/..', 'a b', 'true')
    """
    if value is None or value == ():
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return iso(value)
    if isinstance(value, tuple):
        return " ".join(
            item if isinstance(item, str) else "/".join(iso(day) or ".." for day in item)
            for item in map(_cleaned, value)
        )
    return one_line(value) if isinstance(value, str) else str(value)


def _cleaned(item: Any) -> Any:
    return clean(item) if isinstance(item, str) else item
