"""The page of a named graph: where it comes from and what it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from conflictkg.errors import NameNotFound
from conflictkg.model import Ref
from conflictkg.reading import Snapshot
from conflictkg.resolve import LONGEST, shortened
from conflictkg.store import Reader, select
from conflictkg.terms import DCTERMS, PROV, PROVENANCE_GRAPH, RDFS, SCHEMA
from conflictkg.web.http import Request, Served
from conflictkg.web.site.links import node_of, page_of
from conflictkg.web.site.page import Page, Table

COLUMNS = ("subject", "predicate", "object")
_CLASSES = """SELECT ?class (COUNT(DISTINCT ?thing) AS ?n) {{ GRAPH {graph} {{ ?thing a ?class }} }}
GROUP BY ?class ORDER BY DESC(?n) ?class"""


NOTHING = Ref("")


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a graph comes from: file and hash, run, software, people, licence."""

    file: str = ""
    sha256: str = ""
    sources: tuple[Ref, ...] = ()
    made: str = ""
    run: Ref = NOTHING
    software: Ref = NOTHING
    by: tuple[Ref, ...] = ()
    license: str = ""


def provenance(reader: Reader, graph: ox.NamedNode) -> Provenance:
    """Return the provenance of a graph, empty where nothing is told."""
    told: dict[ox.NamedNode, list[Any]] = {}
    for quad in reader.match(graph, None, None, PROVENANCE_GRAPH):
        told.setdefault(quad.predicate, []).append(quad.object)
    snapshot = Snapshot(reader)
    sources = [n for n in told.get(PROV.wasDerivedFrom, []) if isinstance(n, ox.NamedNode)]
    runs = [n for n in told.get(PROV.wasGeneratedBy, []) if isinstance(n, ox.NamedNode)][:1]
    people = [n for n in told.get(PROV.wasAttributedTo, []) if isinstance(n, ox.NamedNode)]
    snapshot.fetch([*sources, *people])
    files = [n for n in sources if "/id/file/" in n.value]
    label = ""
    software: ox.NamedNode | None = None
    for run in runs:
        for quad in reader.match(run, PROV.wasAssociatedWith):
            software = quad.object if isinstance(quad.object, ox.NamedNode) else None
        for quad in reader.match(run, RDFS.label):
            label = getattr(quad.object, "value", "")
    if software is not None:
        snapshot.fetch([software])
    return Provenance(
        file=next((snapshot.text(n, RDFS.label) for n in files), ""),
        sha256=_text(told, SCHEMA.sha256),
        sources=tuple(snapshot.ref(n) for n in sources if n not in files),
        made=_text(told, PROV.generatedAtTime),
        run=Ref(runs[0].value, label) if runs else NOTHING,
        software=snapshot.ref(software),
        by=tuple(snapshot.ref(n) for n in people),
        license=_text(told, DCTERMS.license),
    )


def _text(told: dict[ox.NamedNode, list[Any]], predicate: ox.NamedNode) -> str:
    return next((node.value for node in told.get(predicate, [])), "")


def page(request: Request, served: Served) -> Page:
    """Return the page of a named graph."""
    reader = served.kg.store
    if len(request.path) > LONGEST:
        raise NameNotFound(
            f"there is no graph {shortened(request.path)}",
            f"give an address of at most {LONGEST} characters",
        )
    try:
        graph = ox.NamedNode(node_of(request.path))
    except ValueError as error:
        raise NameNotFound(f"“{request.path}” is not the address of a graph") from error
    classes = [
        (Ref(row["class"].value), int(row["n"].value))
        for row in select(reader, _CLASSES.format(graph=graph))
    ]
    told = provenance(reader, graph)
    if not classes and told == Provenance():
        raise NameNotFound(f"there is no graph {request.path}", "the first page counts them")
    name = graph.value.split("/graph/", 1)[1]
    document = name.removeprefix("document/") if name.startswith("document/") else ""

    def table() -> Table:
        quads = reader.match(None, None, None, graph)
        rows = ((_value(q.subject), q.predicate.value, _value(q.object)) for q in quads)
        return Table(COLUMNS, sorted(rows))

    return Page(
        "graph.html",
        name,
        {"told": told, "classes": classes, "document": document},
        path=page_of(graph.value),
        kind="graph",
        summary=f"Where the graph {name} comes from, and what it holds.",
        data=lambda: {"graph": graph.value, "provenance": told, "classes": classes},
        table=table,
        quads=lambda: reader.match(None, None, None, graph),
    )


def _value(term: Any) -> str:
    return str(getattr(term, "value", term))
