"""GEXF 1.3 as its readers really read it: Gephi, graphology (Gephi Lite, sigma) and NetworkX.

Time stands in spells of whole days, sorted and disjoint, and again as strings, since some readers
know no time. Values that are not known are left out. No attribute is named as a column that Gephi
has of its own, (source, target, kind) is unique, edges that differ in direction say so one by one,
every node has a position, colours are r, g, b, and nothing is nested. The file is written as
it is read from the tables, with memory for the names of the nodes only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import chain, repeat
from typing import Any

from conflictkg import __version__
from conflictkg.export.text import (
    Cells,
    about,
    by_row,
    clean,
    encoded,
    kept,
    number,
    one_line,
    recurring,
    told,
    xml,
)
from conflictkg.network import Projection, Table
from conflictkg.network.columns import Days, Spells
from conflictkg.network.styles import edge_style, rgb

NODE_ATTRIBUTES = (
    *(("iri", "iri", "string"), ("category", "kind", "string"), ("subtype", "type", "string")),
    *(("part_of", "part_of", "string"), ("latitude", "lat", "double")),
    *(("longitude", "lon", "double"), ("strength", "weight", "double")),
    *(("links", "degree", "integer"), ("first_day", "first", "string")),
    ("last_day", "last", "string"),
)
"""Attribute of a node in the file, the column that it comes from, its type."""

EDGE_ATTRIBUTES = (
    *(("attitude", "attitude", "string"), ("disputed", "disputed", "boolean")),
    *(("statements", "statements", "integer"), ("documents", "documents", "integer")),
    *(("origins", "origins", "integer"), ("first_day", "first", "string")),
    *(("last_day", "last", "string"), ("evidence", "evidence", "string")),
)

CONTROL = (("control", "control", "string"), ("control_said", "control", "string"))
"""Who is said to hold a place, in time and again as one text; only where it was asked for.

Gephi takes the first declaration of an attribute, graphology knows those of the last block only: so
``control`` stands in a dynamic block first and in the static one again.
"""

_PLAIN = str.maketrans({"<": "＜", ">": "＞", "&": "＆"})
"""Meta data may not hold markup; full-width characters stand for these three."""


def write(projection: Projection) -> Iterator[bytes]:
    """Yield a projection as GEXF 1.3."""
    return encoded(_pieces(projection))


def _pieces(projection: Projection) -> Iterator[str]:
    nodes, edges = projection.nodes, projection.edges
    texts = _Edges(mixed=projection.directed is None)
    return chain(
        _head(projection),
        [f'<nodes count="{len(nodes)}">\n'],
        chain.from_iterable(map(_Nodes().texts, nodes.chunks())),
        [f'</nodes>\n<edges count="{len(edges)}">\n'],
        chain.from_iterable(map(texts.texts, edges.chunks())),
        ["</edges>\n</graph>\n</gexf>\n"],
    )


def _head(projection: Projection) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">\n'
    yield from _meta(projection)
    same = {True: ' defaultedgetype="directed"', False: ' defaultedgetype="undirected"', None: ""}
    control = "control" in projection.nodes.columns
    mode = ' mode="dynamic"' if control or projection.dated else ""
    yield (
        f"<graph{same[projection.directed]}{mode}"
        ' timeformat="date" timerepresentation="interval" idtype="string">\n'
    )
    if control:
        yield from _attributes("node", CONTROL[:1], mode="dynamic")
    yield from _attributes("node", (*NODE_ATTRIBUTES, *CONTROL) if control else NODE_ATTRIBUTES)
    yield from _attributes("edge", EDGE_ATTRIBUTES)


def _meta(projection: Projection) -> Iterator[str]:
    def plain(text: str) -> str:
        return clean(text).translate(_PLAIN)

    told = "\n".join(f"{key}: {value}" for key, value in about(projection.meta))
    yield f"<meta>\n<creator>conflictkg {__version__}</creator>\n"
    yield f"<description>{plain(told)}</description>\n"
    yield f"<keywords>{plain(projection.name)}</keywords>\n</meta>\n"


def _attributes(
    cls: str, attributes: Sequence[tuple[str, str, str]], mode: str = "static"
) -> Iterator[str]:
    yield f'<attributes class="{cls}" mode="{mode}">\n'
    for name, _, kind in attributes:
        yield f'<attribute id="{name}" title="{name}" type="{kind}"/>\n'
    yield "</attributes>\n"


_NODE = (
    '<node id="%s" label="%s">\n<attvalues>%s%s</attvalues>%s'
    '%s<viz:position x="%s" y="%s" z="0"/><viz:size value="%s"/></node>\n'
)


class _Nodes:
    """Nodes as texts, part by part."""

    def __init__(self) -> None:
        self.names = Cells(xml)
        self.labels = Cells(lambda label: xml(one_line(label)))
        self.colours = Cells(_colour)
        self.held = Cells(_held)
        self.values = [Cells(partial(_value, name)) for name, _, _ in NODE_ATTRIBUTES]

    def texts(self, nodes: Table) -> Iterator[str]:
        """Yield the nodes of a table."""
        columns = (nodes[column] for _, column, _ in NODE_ATTRIBUTES)
        values = (cells.of(column) for cells, column in zip(self.values, columns, strict=True))
        controlled = "control" in nodes.columns
        return map(
            _NODE.__mod__,
            zip(
                self.names.of(nodes["id"]),
                self.labels.of(nodes["label"]),
                self.held.of(nodes["control"]) if controlled else repeat("", len(nodes)),
                map("".join, zip(*values, strict=True)),
                _spells(nodes),
                self.colours.of(nodes["colour"]),
                nodes["x"],
                nodes["y"],
                nodes["size"],
                strict=True,
            ),
        )


def _held(control: Sequence[tuple[date | None, date | None, str]] | None) -> str:
    """Return who is said to hold a place, as values with their times and as one text."""
    if not control:
        return ""
    times = "".join(
        f'<attvalue for="control" value="{xml(one_line(text))}"{_when(first, last)}/>'
        for first, last, text in control
    )
    return f'{times}<attvalue for="control_said" value="{xml(told(control))}"/>'


def _value(name: str, value: Any) -> str:
    """Return the value of an attribute, or "" where it is not known."""
    return "" if value is None else f'<attvalue for="{name}" value="{xml(_text(value))}"/>'


def _values(names: Sequence[str], *values: Any) -> str:
    return "".join(map(_value, names, values))


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return number(value) if isinstance(value, float) else str(value)


def _colour(colour: str) -> str:
    red, green, blue = rgb(colour)
    return f'<viz:color r="{red}" g="{green}" b="{blue}"/>'


def _spells(table: Table) -> Iterable[str]:
    """Return the spells of each row as an element, or "" where there is none."""
    spells = table["spells"]
    assert isinstance(spells, Spells)
    each = recurring([Days(spells.first), Days(spells.last)], _spell)
    return by_row(spells.starts, list(each), _several)


@kept
def _spell(first: date | None, last: date | None) -> str:
    """Return a single spell, as an element with nothing else in it."""
    return f"<spells><spell{_when(first, last)}/></spells>"


def _when(first: date | None, last: date | None) -> str:
    start = f' start="{first.isoformat()}"' if first else ""
    return f'{start} end="{last.isoformat()}"' if last else start


def _several(spells: Sequence[str]) -> str:
    """Return single spells as one element."""
    return "".join(spells).replace("</spells><spells>", "")


_EDGE = '<edge id="%s" source="%s" target="%s"%s%s%s</attvalues>%s%s'
_ALIKE = (
    *("kind", "label", "directed", "weight", "attitude", "disputed"),
    *("statements", "documents", "origins"),
)
"""Columns that stand beside each other in an edge, and of which combinations recur."""


class _Edges:
    """Edges as texts, part by part; what recurs is made once."""

    def __init__(self, *, mixed: bool) -> None:
        self.mixed = mixed
        self.names = Cells(xml)
        self.proofs = Cells(xml)
        self.tails = Cells(_tail)
        self.heads = kept(self._head)
        self.days = kept(partial(_values, ("first_day", "last_day")))

    def texts(self, edges: Table) -> Iterator[str]:
        """Yield the edges of a table."""
        return map(
            _EDGE.__mod__,
            zip(
                edges["id"],
                self.names.of(edges["source"]),
                self.names.of(edges["target"]),
                recurring([edges[name] for name in _ALIKE], self.heads),
                recurring([edges["first"], edges["last"]], self.days),
                map(_proof, self.proofs.of(edges["evidence"])),
                _spells(edges),
                self.tails.of(edges["kind"]),
                strict=True,
            ),
        )

    def _head(self, kind: str, label: str, directed: bool, weight: float, *values: Any) -> str:
        """Return the rest of an edge's tag and its values, but for the evidence."""
        way = f' type="{"directed" if directed else "undirected"}"' if self.mixed else ""
        names = [name for name, _, _ in EDGE_ATTRIBUTES[: len(values)]]
        return (
            f'{way} kind="{xml(kind)}" label="{xml(one_line(label))}" weight="{number(weight)}">'
            f"<attvalues>{_values(names, *values)}"
        )


def _proof(evidence: str) -> str:
    return f'<attvalue for="evidence" value="{evidence}"/>' if evidence else ""


def _tail(kind: str) -> str:
    """Return what is alike in the edges of a kind: the colour and the line."""
    colour, line = edge_style(kind)
    return f'{_colour(colour)}<viz:shape value="{line}"/></edge>\n'
