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
from itertools import chain
from typing import Any

import numpy as np

from conflictkg import __version__
from conflictkg.export.text import (
    Cells,
    about,
    by_row,
    clean,
    encoded,
    kept,
    lines,
    number,
    one_line,
    packed,
    recurring,
    told,
    xml,
)
from conflictkg.network import Projection, Table
from conflictkg.network.columns import Array, Days, Spells
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

_MARKS = '&<>"'
"""What a printable text contains that cannot be the value of an attribute as it is."""


def write(projection: Projection) -> Iterator[bytes]:
    """Yield a projection as GEXF 1.3."""
    nodes, edges = projection.nodes, projection.edges
    each = _Edges(mixed=projection.directed is None)
    return chain(
        encoded(_head(projection)),
        encoded([f'<nodes count="{len(nodes)}">\n']),
        chain.from_iterable(map(_Nodes().lines, nodes.chunks())),
        encoded([f'</nodes>\n<edges count="{len(edges)}">\n']),
        chain.from_iterable(map(each.lines, edges.chunks())),
        encoded(["</edges>\n</graph>\n</gexf>\n"]),
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


class _Nodes:
    """Nodes as texts, part by part."""

    def __init__(self) -> None:
        self.names = Cells(xml, _MARKS)
        self.labels = Cells(lambda label: xml(one_line(label)), [*_MARKS, "  "])
        self.numbers = Cells(repr)
        self.colours = Cells(_colour)
        self.held = Cells(_held)
        self.values = [Cells(partial(_value, name)) for name, _, _ in NODE_ATTRIBUTES]

    def lines(self, nodes: Table) -> Iterator[bytes]:
        """Yield the nodes of a table."""
        columns = (nodes[column] for _, column, _ in NODE_ATTRIBUTES)
        controlled = "control" in nodes.columns
        return lines(
            *('<node id="', self.names.of(nodes["id"])),
            *('" label="', self.labels.of(nodes["label"])),
            *('">\n<attvalues>', self.held.of(nodes["control"]) if controlled else ""),
            *(cells.of(column) for cells, column in zip(self.values, columns, strict=True)),
            *("</attvalues>", _spells(nodes), self.colours.of(nodes["colour"])),
            *('<viz:position x="', self.numbers.of(nodes["x"])),
            *('" y="', self.numbers.of(nodes["y"])),
            *('" z="0"/><viz:size value="', self.numbers.of(nodes["size"]), '"/></node>\n'),
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


def _spells(table: Table) -> Array:
    """Return the spells of each row as an element, or "" where there is none."""
    spells = table["spells"]
    assert isinstance(spells, Spells)
    each = recurring([Days(spells.first), Days(spells.last)], _spell)
    return by_row(spells.starts, each, _several)


@kept
def _spell(first: date | None, last: date | None) -> str:
    """Return a single spell, as an element with nothing else in it."""
    return f"<spells><spell{_when(first, last)}/></spells>"


def _when(first: date | None, last: date | None) -> str:
    start = f' start="{first.isoformat()}"' if first else ""
    return f'{start} end="{last.isoformat()}"' if last else start


def _several(spells: Iterable[str]) -> str:
    """Return single spells as one element."""
    return "".join(spells).replace("</spells><spells>", "")


_ALIKE = (
    *("kind", "label", "directed", "weight", "attitude", "disputed"),
    *("statements", "documents", "origins"),
)
"""Columns that stand beside each other in an edge, and of which combinations recur."""


class _Edges:
    """Edges as texts, part by part; what recurs is made once."""

    def __init__(self, *, mixed: bool) -> None:
        self.mixed = mixed
        self.names = Cells(xml, _MARKS)
        self.proofs = Cells(xml, _MARKS)
        self.tails = Cells(_tail)
        self.heads = kept(self._head)
        self.first = kept(partial(_value, "first_day"))
        self.last = kept(partial(_value, "last_day"))

    def lines(self, edges: Table) -> Iterator[bytes]:
        """Yield the edges of a table."""
        return lines(
            *('<edge id="', packed(edges["id"])),
            *('" source="', self.names.of(edges["source"])),
            *('" target="', self.names.of(edges["target"])),
            *('"', recurring([edges[name] for name in _ALIKE], self.heads)),
            recurring([edges["first"]], self.first),
            recurring([edges["last"]], self.last),
            _proofs(self.proofs.of(edges["evidence"])),
            *("</attvalues>", _spells(edges), self.tails.of(edges["kind"])),
        )

    def _head(self, kind: str, label: str, directed: bool, weight: float, *values: Any) -> str:
        """Return the rest of an edge's tag and its values, but for the evidence."""
        way = f' type="{"directed" if directed else "undirected"}"' if self.mixed else ""
        names = [name for name, _, _ in EDGE_ATTRIBUTES[: len(values)]]
        return (
            f'{way} kind="{xml(kind)}" label="{xml(one_line(label))}" weight="{number(weight)}">'
            f"<attvalues>{_values(names, *values)}"
        )


def _proofs(evidence: Array) -> Array:
    """Return the evidence of each edge as an attribute, or "" where there is none."""
    return np.where(evidence == "", "", '<attvalue for="evidence" value="' + evidence + '"/>')


def _tail(kind: str) -> str:
    """Return what is alike in the edges of a kind: the colour and the line."""
    colour, line = edge_style(kind)
    return f'{_colour(colour)}<viz:shape value="{line}"/></edge>\n'
