"""The answer to a query, or to a named question, as a file: its places, and its network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from conflictkg.export import chunks
from conflictkg.network import Definition, Projection
from conflictkg.network.coding import Vocabulary, facts_of
from conflictkg.network.making import Thinning, assemble
from conflictkg.network.sources import ALWAYS
from conflictkg.network.things import read_things
from conflictkg.store import Reader, Term
from conflictkg.web.http import Served
from conflictkg.web.site import query_views as views
from conflictkg.web.site.forms import Features, Network, placed


def features(served: Served, rows: Sequence[views.Row], columns: views.Columns) -> Features | None:
    """Return what makes the places of rows, as the map of the query page; None if none is known."""
    cells = [row[columns.places[0]] for row in rows] if columns.places else []
    points = any(isinstance(cell, ox.Literal) for cell in cells)
    if not points and not placed(served, _iris(cells)):
        return None
    return lambda: views.features(rows, columns, served.kg.store)


def _iris(cells: Sequence[Term | None]) -> Iterator[str]:
    return (cell.value for cell in cells if isinstance(cell, ox.NamedNode))


def network(
    served: Served,
    rows: Sequence[views.Row],
    columns: views.Columns,
    names: Sequence[str],
    sparql: str,
) -> Network | None:
    """Return what writes the network of rows in a format; None if they have no two nodes each."""
    if len(columns.nodes) < 2 or not any(views.ends(rows, columns)):
        return None
    return lambda form: chunks(projection(served.kg.store, rows, columns, names, sparql), form)


def projection(
    reader: Reader,
    rows: Sequence[views.Row],
    columns: views.Columns,
    names: Sequence[str],
    sparql: str,
) -> Projection:
    """Return rows as a network: an edge from the first node of a row to the second.

    It weighs as many rows as have both, and has no time: what the rows rest on is not told.
    """
    words = Vocabulary()
    edge = views.edge_of(columns, names)
    asked = Definition(
        name="query",
        summary="The answer to a query",
        description="",
        nodes="the nodes of two columns",
        edges=edge,
        weight="rows",
        clock="said",
        layout="force",
        undirected=frozenset(),
        timeless=frozenset(),
        normalise=("none",),
        dynamic=(),
        columns=(),
        sparql=sparql,
    )
    ends = list(views.ends(rows, columns))
    opens, closes = ALWAYS
    facts = facts_of(
        source=words.nodes.numbers(one for one, _ in ends),
        target=words.nodes.numbers(other for _, other in ends),
        kind=words.kinds[edge],
        counted=range(len(ends)),
        evidence=-1,
        document=-1,
        attitude=0,
        opens=opens,
        closes=closes,
    )
    meta = {
        "projection": asked.name,
        "node": asked.nodes,
        "edge": edge,
        "weight": asked.weight,
        "query": sparql,
    }
    return assemble(asked, [facts], words, lambda iris: read_things(reader, iris), Thinning(), meta)
