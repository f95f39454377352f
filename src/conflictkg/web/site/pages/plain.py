"""The page of anything else that the graph knows: its properties, and what refers to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from conflictkg.model import Ref
from conflictkg.reading import Snapshot, sources_of
from conflictkg.store import Reader, select
from conflictkg.terms import RDF
from conflictkg.web.http import Request, Served
from conflictkg.web.site.links import kind_of, page_of
from conflictkg.web.site.page import Page, Table

MOST = 100
"""How many values of a property, and how many references, a page shows; data have all values."""


@dataclass(frozen=True, slots=True)
class Property:
    """A property with its values, each with the graphs that say so."""

    predicate: Ref
    values: tuple[tuple[Ref | str, str, tuple[Ref, ...]], ...]


def properties(snapshot: Snapshot, node: ox.NamedNode) -> list[Property]:
    """Return the properties of a node that was read."""
    snapshot.follow([node], *snapshot.properties(node))
    snapshot.fetch(snapshot.properties(node))
    found = []
    for predicate, values in sources_of(snapshot.reader, [node])[node].items():
        some = [
            (
                snapshot.ref(value) if isinstance(value, ox.NamedNode) else str(_value(value)),
                getattr(value, "language", None) or "",
                tuple(Ref(graph.value) for graph in graphs),
            )
            for value, graphs in values.items()
        ]
        found.append(Property(snapshot.ref(predicate), tuple(some)))
    return sorted(found, key=lambda one: one.predicate.curie)


def _value(term: Any) -> str:
    return str(getattr(term, "value", term))


def references(reader: Reader, node: ox.NamedNode) -> list[tuple[Ref, Ref]]:
    """Return what refers to a node: predicate and subject; one more than MOST if there are more."""
    query = f"SELECT DISTINCT ?p ?s {{ ?s ?p {node} FILTER(isIRI(?s)) }} LIMIT {MOST + 1}"
    rows = list(select(reader, query))
    snapshot = Snapshot(reader)
    snapshot.fetch([row[name] for row in rows for name in ("p", "s")])
    return sorted(
        ((snapshot.ref(row["p"]), snapshot.ref(row["s"])) for row in rows),
        key=lambda pair: (pair[0].curie, pair[1].label, pair[1].iri),
    )


def page(request: Request, served: Served, node: ox.NamedNode) -> Page:
    """Return the page of any node."""
    reader = served.kg.store
    snapshot = Snapshot(reader)
    snapshot.fetch([node])
    known = properties(snapshot, node)
    ref = snapshot.ref(node)
    kinds = [snapshot.ref(kind) for kind in snapshot.objects(node, RDF.type)]
    referring = references(reader, node)

    def table() -> Table:
        rows = (
            (one.predicate.iri, value.iri if isinstance(value, Ref) else value, language, len(said))
            for one in known
            for value, language, said in one.values
        )
        return Table(("property", "value", "language", "graphs"), rows)

    return Page(
        "plain.html",
        str(ref),
        {"iri": node.value, "kinds": kinds, "known": known, "referring": referring},
        path=page_of(node.value),
        kind=kind_of(node.value),
        summary=f"All that the graph says of {ref}.",
        data=lambda: {
            "iri": node.value,
            "properties": known,
            "referred_to_by": referring[:MOST],
            "truncated": len(referring) > MOST,
        },
        table=table,
        quads=lambda: reader.describe([node]),
    )
