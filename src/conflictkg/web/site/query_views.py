"""Rows of a query as map, timeline, network and chart, as far as their columns allow."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from conflictkg.network.layout import force
from conflictkg.store import Reader, Term
from conflictkg.terms import XSD, kind, shrink
from conflictkg.values import edtf_bounds
from conflictkg.web.site import figures
from conflictkg.web.site.drawing import Edge, Node, name_nodes, place_nodes
from conflictkg.web.site.geography import Frame, Position, frame, point, positions
from conflictkg.web.site.links import href
from conflictkg.web.site.page import Feature
from conflictkg.web.site.sides import OTHER, SIDES
from conflictkg.words import counted

Row = tuple[Term | None, ...]

LANES = 30
BARS = 40
EDGES = 300
"""How many lanes, bars and edges are drawn at most; the table has all rows."""

_NUMBERS = frozenset(XSD[name] for name in ("integer", "decimal", "double", "float", "int", "long"))
_DATES = frozenset(XSD[name] for name in ("date", "dateTime", "gYear", "gYearMonth"))
_DATE_LIKE = re.compile(r"^(\.\./)?\d{4}(-\d\d)")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", re.ASCII)
_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns hold, as numbers of columns: dates, places, numbers, nodes, texts."""

    dates: tuple[int, ...]
    places: tuple[int, ...]
    numbers: tuple[int, ...]
    nodes: tuple[int, ...]
    texts: tuple[int, ...]

    @property
    def views(self) -> tuple[str, ...]:
        """The views that there are of such columns; a table there always is."""
        found = {
            "map": self.places,
            "timeline": self.dates,
            "network": len(self.nodes) > 1,
            "chart": self.numbers and (self.nodes or self.texts or self.dates),
        }
        return ("table", *(name for name, there in found.items() if there))


def read_columns(names: Sequence[str], rows: Sequence[Row]) -> Columns:
    """Return what columns hold, by their first rows."""
    found: dict[str, list[int]] = {
        name: [] for name in ("dates", "places", "numbers", "nodes", "texts")
    }
    for at in range(len(names)):
        cells = [row[at] for row in rows[:_LOOKED_AT] if row[at] is not None]
        if not cells:
            continue
        if all(map(_is_place, cells)):
            found["places"].append(at)
        if all(isinstance(cell, ox.NamedNode) for cell in cells):
            found["nodes"].append(at)
        elif all(map(_is_number, cells)):
            found["numbers"].append(at)
        elif all(map(_is_date, cells)):
            found["dates"].append(at)
        else:
            found["texts"].append(at)
    return Columns(**{name: tuple(columns) for name, columns in found.items()})


def _is_place(term: Term | None) -> bool:
    if isinstance(term, ox.NamedNode):
        return kind(term.value) == "place"
    wkt = isinstance(term, ox.Literal) and term.datatype.value.endswith("#wktLiteral")
    return wkt and isinstance(term, ox.Literal) and point(term.value) is not None


def _is_number(term: Term | None) -> bool:
    if not isinstance(term, ox.Literal) or term.datatype not in _NUMBERS:
        return False
    return _NUMBER.fullmatch(term.value) is not None


def _is_date(term: Term | None) -> bool:
    if not isinstance(term, ox.Literal):
        return False
    if term.datatype in _DATES or term.datatype.value.endswith("/EDTF"):
        return term.value[:1] in "0123456789.X["
    return bool(_DATE_LIKE.match(term.value)) and any(edtf_bounds(term.value))


def shown(term: Term | None) -> str:
    """Return a term as people read it: a CURIE, a text, or "" for none."""
    if isinstance(term, ox.NamedNode):
        return shrink(term.value)
    return "" if term is None else str(getattr(term, "value", term))


@dataclass(frozen=True, slots=True)
class Thing:
    """Something on a map of rows: its label, where it leads, its rows, how it was placed."""

    label: str
    href: str
    count: int
    basis: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A mark of a map of rows: where, how large, the things that it stands for, how many rows."""

    x: float
    y: float
    radius: float
    things: tuple[Thing, ...]
    count: int
    position: Position

    @property
    def label(self) -> str:
        """The label of its first thing, and how many others there are."""
        more = len(self.things) - 1
        return self.things[0].label + (f" and {more} more" if more else "")


def dots(
    rows: Sequence[Row], columns: Columns, reader: Reader, width: float, height: float
) -> tuple[tuple[Dot, ...], Frame, int]:
    """Return the marks of a map of rows, its frame, and how many rows could not be placed."""
    at = columns.places[0]
    cells = Counter(row[at] for row in rows if row[at] is not None)
    nodes = [cell.value for cell in cells if isinstance(cell, ox.NamedNode)]
    where = positions(reader, nodes)
    placed: dict[Term, Position] = {}
    for cell in cells:
        if isinstance(cell, ox.NamedNode) and cell.value in where:
            placed[cell] = where[cell.value]
        elif isinstance(cell, ox.Literal) and (found := point(cell.value)):
            placed[cell] = Position(*found)
    view = frame(placed.values(), ratio=width / height)
    scale = width / view.width
    name_at = next(iter(columns.texts), at)
    names = {row[at]: shown(row[name_at]) for row in rows}
    together: dict[tuple[float, float], list[Term]] = {}
    for cell, position in placed.items():
        together.setdefault(position.mercator, []).append(cell)
    made = []
    for (x, y), here in together.items():
        here.sort(key=lambda cell: (-cells[cell], str(cell)))
        count = sum(cells[cell] for cell in here)
        things = tuple(
            Thing(
                shown(cell) if isinstance(cell, ox.NamedNode) else names[cell],
                href(cell.value) if isinstance(cell, ox.NamedNode) else "",
                cells[cell],
                placed[cell].basis,
            )
            for cell in here
        )
        made.append(
            Dot(
                round((x - view.x) * scale, 1),
                round((y - view.y) * scale, 1),
                round(min(10.5 + 2.1 * count**0.5, 36), 1),
                things,
                count,
                min((placed[cell] for cell in here), key=lambda one: len(one.basis)),
            )
        )
    missing = sum(count for cell, count in cells.items() if cell not in placed)
    return tuple(sorted(made, key=lambda dot: -dot.count)), view, missing


def features(rows: Sequence[Row], columns: Columns, reader: Reader) -> Iterator[Feature]:
    """Yield the places of rows as GeoJSON, one feature for each position."""
    yield from map(feature, dots(rows, columns, reader, 960.0, 600.0)[0])


def feature(dot: Dot) -> Feature:
    """Return a mark as a feature of GeoJSON, in the form that the moving map reads."""
    return dot.position.feature(
        dot.label,
        claims=dot.count,
        noun="row",
        radius=dot.radius,
        sides=[],
        places=[
            {
                "name": one.label,
                "page": one.href,
                "told": counted(one.count, "row"),
                "basis": one.basis,
            }
            for one in dot.things
        ],
    )


def timeline(
    rows: Sequence[Row], columns: Columns, names: Sequence[str]
) -> figures.Timeline | None:
    """Return rows by the days of their first column of dates, in lanes by the first other column.

    A column whose values are sides of a stance gives the marks their shapes.
    """
    at = columns.dates[0]
    others = (*columns.texts, *columns.nodes)
    side_at = next(
        (c for c in others if all(shown(r[c]).rpartition(":")[2] in SIDES for r in rows)), None
    )
    distinct = [(len({row[c] for row in rows}), c) for c in others if c != side_at]
    fit = [pair for pair in distinct if 1 < pair[0] <= LANES]
    lane_at = min(fit)[1] if fit else None
    lanes: dict[str, tuple[str, list[figures.Mark]]] = {}
    for row in rows:
        first, last = edtf_bounds(shown(row[at])) if row[at] is not None else (None, None)
        first, last = first or last, last or first
        if first is None or last is None:
            continue
        cell = row[lane_at] if lane_at is not None else None
        label = shown(cell) if lane_at is not None else names[at]
        leads = href(cell.value) if isinstance(cell, ox.NamedNode) else ""
        side = SIDES[_side(row[side_at])] if side_at is not None else OTHER
        title = "; ".join(shown(one) for one in row[:6] if one is not None)
        lanes.setdefault(label, (leads, []))[1].append(
            figures.Mark(first, max(first, last), side, title)
        )
    return figures.timeline((label, leads, marks) for label, (leads, marks) in lanes.items())


def _side(term: Term | None) -> str:
    """Return the local name of a concept, which may be that of a side."""
    return shown(term).rpartition(":")[2]


def network(
    rows: Sequence[Row], columns: Columns, names: Sequence[str]
) -> tuple[tuple[Node, ...], tuple[Edge, ...], int]:
    """Return rows as a network: an edge from the first node of a row to the second.

    The third value is how many edges were left out, the lightest.
    """
    pairs = Counter(ends(rows, columns))
    drawn = pairs.most_common(EDGES)
    iris = sorted({iri for pair, _ in drawn for iri in pair})
    number = {iri: at for at, iri in enumerate(iris)}
    degrees = [0] * len(iris)
    for (one, other), _ in drawn:
        degrees[number[one]] += 1
        degrees[number[other]] += 1
    links = [(number[one], number[other]) for (one, other), _ in drawn]
    places = force(len(iris), links, degrees)
    largest = max(degrees, default=1)
    placed = place_nodes(
        [
            (iri, iri, shrink(iri), kind(iri) or "other", x, y, degree / largest, degree)
            for iri, (x, y), degree in zip(iris, places, degrees, strict=True)
        ],
        links,
    )
    nodes = tuple(name_nodes(tuple(placed)))
    words = edge_of(columns, names)
    edges = tuple(
        Edge(
            at, nodes[number[one]], nodes[number[other]], words, "", True, count,
            counted(count, "row"), (), (), 0,
        )
        for at, ((one, other), count) in enumerate(drawn)
    )  # fmt: skip
    return nodes, edges, len(pairs) - len(drawn)


def ends(rows: Sequence[Row], columns: Columns) -> Iterator[tuple[str, str]]:
    """Yield the two nodes (IRIs) of each row that has both: the ends of an edge."""
    source, target = columns.nodes[:2]
    for row in rows:
        one, other = row[source], row[target]
        if isinstance(one, ox.NamedNode) and isinstance(other, ox.NamedNode):
            yield one.value, other.value


def edge_of(columns: Columns, names: Sequence[str]) -> str:
    """Return in words what an edge between the nodes of rows is: from column to column."""
    source, target = columns.nodes[:2]
    return f"{names[source]} → {names[target]}"


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: what it is of, where that leads, the number, where the bar begins, and its length."""

    label: str
    href: str
    number: str
    start: float
    length: float


def bars(rows: Sequence[Row], columns: Columns) -> Iterator[Bar]:
    """Yield a bar for each of the first BARS rows: the first number, by the first other column.

    Start and length are percent of the width that is free for bars.
    """
    at = columns.numbers[0]
    label_at = (*columns.texts, *columns.nodes, *columns.dates)[0]
    some = [row for row in rows[:BARS] if row[at] is not None]
    values = [float(shown(row[at])) for row in some]
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    reach = (high - low) or 1.0
    for row, value in zip(some, values, strict=True):
        cell = row[label_at]
        yield Bar(
            shown(cell) or "–",
            href(cell.value) if isinstance(cell, ox.NamedNode) else "",
            shown(row[at]),
            round(100 * (min(value, 0.0) - low) / reach, 2),
            round(100 * abs(value) / reach, 2),
        )
