"""GEXF 1.3 as its readers really read it: Gephi, graphology (Gephi Lite, sigma) and NetworkX.

Time stands in spells of whole days, sorted and disjoint, and again as strings, since some readers
know no time. Values that are not known are left out. No attribute is named as a column that Gephi
has of its own, (source, target, kind) is unique, edges that differ in direction say so one by one,
every node has a position, colours are r, g, b, and nothing is nested. The file is written as
it is read from the tables, with memory for the names of the nodes only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import repeat
from typing import Any

from conflictkg import __version__
from conflictkg.export.text import Cells, Texts, about, clean, encoded, number, one_line, told, xml
from conflictkg.network import Projection, Table
from conflictkg.network.columns import Coded, Spell, Spells, Unions, spell_of, spells_of
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
    control = "control" in nodes.columns
    dated = control or any(nodes["spells"])
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">\n'
    yield from _meta(projection)
    same = {True: ' defaultedgetype="directed"', False: ' defaultedgetype="undirected"', None: ""}
    mode = ' mode="dynamic"' if dated else ""
    yield (
        f"<graph{same[projection.directed]}{mode}"
        ' timeformat="date" timerepresentation="interval" idtype="string">\n'
    )
    if control:
        yield from _attributes("node", CONTROL[:1], mode="dynamic")
    yield from _attributes("node", (*NODE_ATTRIBUTES, *CONTROL) if control else NODE_ATTRIBUTES)
    yield from _attributes("edge", EDGE_ATTRIBUTES)
    yield f'<nodes count="{len(nodes)}">\n'
    yield from _nodes(nodes)
    yield f'</nodes>\n<edges count="{len(edges)}">\n'
    texts = _Edges(mixed=projection.directed is None)
    for part in edges.chunks():
        yield from texts.texts(part)
    yield "</edges>\n</graph>\n</gexf>\n"


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


def _nodes(nodes: Table) -> Iterator[str]:
    colours = {colour: _colour(colour) for colour in set(nodes["colour"])}
    spells = nodes["spells"]
    assert isinstance(spells, Unions)
    each = Texts(lambda number: _spell(spell_of(number)))
    times = ("".join(map(each.__getitem__, spells.spans(at))) for at in range(len(nodes)))
    held = map(_held, nodes["control"]) if "control" in nodes.columns else repeat("", len(nodes))
    rows = zip(
        nodes.rows("id", "label", "x", "y", "size", "colour"),
        times,
        held,
        nodes.rows(*(column for _, column, _ in NODE_ATTRIBUTES)),
        strict=True,
    )
    names = [name for name, _, _ in NODE_ATTRIBUTES]
    for (name, label, x, y, size, colour), time, control, values in rows:
        when = f"<spells>{time}</spells>" if time else ""
        yield (
            f'<node id="{xml(name)}" label="{xml(one_line(label))}">\n<attvalues>'
            f"{control}{_values(names, values)}</attvalues>{when}"
            f'{colours[colour]}<viz:position x="{x}" y="{y}" z="0"/>'
            f'<viz:size value="{size}"/></node>\n'
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


def _values(names: Sequence[str], values: Sequence[Any]) -> str:
    return "".join(
        f'<attvalue for="{name}" value="{xml(_text(value))}"/>'
        for name, value in zip(names, values, strict=True)
        if value is not None
    )


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return number(value) if isinstance(value, float) else str(value)


def _colour(colour: str) -> str:
    red, green, blue = rgb(colour)
    return f'<viz:color r="{red}" g="{green}" b="{blue}"/>'


def _spells(spells: Sequence[Spell]) -> str:
    if not spells:
        return ""
    return f"<spells>{''.join(map(_spell, spells))}</spells>"


def _spell(spell: Spell) -> str:
    return f"<spell{_when(*spell)}/>"


def _when(first: date | None, last: date | None) -> str:
    start = f' start="{first.isoformat()}"' if first else ""
    return f'{start} end="{last.isoformat()}"' if last else start


_EDGE = (
    '<edge id="%s" source="%s" target="%s"%s%s"><attvalues>%s'
    '<attvalue for="statements" value="%s"/><attvalue for="documents" value="%s"/>'
    '<attvalue for="origins" value="%s"/>%s%s%s</attvalues>%s%s'
)


class _Edges:
    """Edges as texts, part by part; what recurs is made once."""

    def __init__(self, *, mixed: bool) -> None:
        self.mixed = mixed
        self.names = Cells(xml)
        self.proofs = Cells(lambda text: xml(text) if text else "")
        self.firsts = Cells(lambda day: _day("first_day", day))
        self.lasts = Cells(lambda day: _day("last_day", day))
        self.weights = Texts(number)
        self.numbers = Cells(str)
        self.spells = Texts(lambda intervals: _spells(spells_of(intervals)))

    def texts(self, edges: Table) -> Iterator[str]:
        """Yield the edges of a table."""
        kinds, heads, tails = self._styles(edges)
        stances, disputed = _codes(edges["attitude"]), _codes(edges["disputed"])
        attitudes = [
            (f'<attvalue for="attitude" value="{stance}"/>' if stance else "")
            + f'<attvalue for="disputed" value="{"true" if against else "false"}"/>'
            for stance, against in zip(stances.values, disputed.values, strict=True)
        ]
        spells = edges["spells"]
        assert isinstance(spells, Spells)
        return map(
            _EDGE.__mod__,
            zip(
                edges["id"],
                self.names.of(edges["source"]),
                self.names.of(edges["target"]),
                map(heads.__getitem__, kinds.codes),
                map(self.weights.__getitem__, edges["weight"]),
                map(attitudes.__getitem__, stances.codes),
                self.numbers.of(edges["statements"]),
                self.numbers.of(edges["documents"]),
                self.numbers.of(edges["origins"]),
                self.firsts.of(edges["first"]),
                self.lasts.of(edges["last"]),
                map(_proof, self.proofs.of(edges["evidence"])),
                spells.texts(self.spells),
                map(tails.__getitem__, kinds.codes),
                strict=True,
            ),
        )

    def _styles(self, edges: Table) -> tuple[Coded, list[str], list[str]]:
        """Return the kinds of edges, and what is alike in the edges of each kind."""
        kinds, labels = _codes(edges["kind"]), _codes(edges["label"])
        directed = _codes(edges["directed"])
        heads, tails = [], []
        for kind, label, arrow in zip(kinds.values, labels.values, directed.values, strict=True):
            colour, line = edge_style(kind)
            way = f' type="{"directed" if arrow else "undirected"}"' if self.mixed else ""
            heads.append(f'{way} kind="{xml(kind)}" label="{xml(one_line(label))}" weight="')
            tails.append(f'{_colour(colour)}<viz:shape value="{line}"/></edge>\n')
        return kinds, heads, tails


def _day(name: str, day: date | None) -> str:
    return f'<attvalue for="{name}" value="{day.isoformat()}"/>' if day else ""


def _proof(evidence: str) -> str:
    return f'<attvalue for="evidence" value="{evidence}"/>' if evidence else ""


def _codes(column: Sequence[Any]) -> Coded:
    """Return a column that is packed as codes, as such."""
    assert isinstance(column, Coded)
    return column
