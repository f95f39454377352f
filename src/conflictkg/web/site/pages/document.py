"""The page of a document: what it reports, what it supports, and where the graph has it from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox

from conflictkg.model import Document, Ref, Report, Statement
from conflictkg.reading import subjects
from conflictkg.terms import DCTERMS, GRAPH
from conflictkg.views import view
from conflictkg.web.http import Request, Served
from conflictkg.web.site import forms
from conflictkg.web.site.links import page_of
from conflictkg.web.site.page import Page, Table
from conflictkg.web.site.pages.graph import provenance
from conflictkg.web.site.pages.home import labelled
from conflictkg.web.site.pages.lists import tongue
from conflictkg.web.site.paging import pages_of
from conflictkg.web.site.selection import Selection
from conflictkg.web.site.told import Line

SIZE = 60
"""How many statements a page tells at most."""
SUPPORTS = 60
"""How many things whose names and facts are taken from it a page lists; its JSON has all."""

COLUMNS = (
    *("statement", "speaker", "said", "gist", "stances", "wording", "via", "quote"),
    *("translation", "start", "end"),
)


def page(request: Request, served: Served, node: ox.NamedNode) -> Page:
    """Return the page of a document."""
    reader = served.kg.store
    seen = view(reader, node)
    assert seen is not None and isinstance(seen.thing, Document)
    document = seen.thing
    reports: dict[str, list[Report]] = {}
    for report in seen.reports:
        reports.setdefault(report.statement, []).append(report)
    in_text = sorted(seen.statements, key=lambda s: _place(reports.get(s.iri, [])))
    pages = pages_of(request, len(in_text), SIZE, "statements")
    shown = in_text[pages.start : pages.end]
    graph = ox.NamedNode(node.value.replace("/id/document/", "/graph/document/"))
    taken = [n.value for n in subjects(reader, DCTERMS.source, [node])]

    selection = Selection(source=Ref(node.value))

    def data() -> Any:
        return {
            "document": document,
            "statements": seen.statements,
            "findings": seen.findings,
            "supports": list(labelled(reader, taken).values()),
            "provenance": provenance(reader, graph),
        }

    return Page(
        "document.html",
        document.title or node.value.rsplit("/", 1)[-1],
        {
            "document": document,
            "tongue": tongue(
                (quad.object for quad in reader.match(node, DCTERMS.title)), document.title
            ),
            "statements": [(s, _lines(s), reports.get(s.iri, [])) for s in shown],
            "pages": pages,
            "speakers": len({s.speaker.iri for s in seen.statements}),
            "claims": len({st.claim.iri for s in seen.statements for st in s.stances}),
            "findings": seen.findings,
            "supports": list(labelled(reader, taken[:SUPPORTS]).values()),
            "taken": len(taken),
            "provenance": provenance(reader, graph),
            "graph": graph.value if graph.value.startswith(GRAPH) else "",
        },
        path=page_of(node.value),
        kind="document",
        section="documents",
        summary=f"What {document.publisher or 'a document'} reports, by whom, in which words.",
        data=data,
        table=lambda: Table(COLUMNS, _rows(in_text)),
        quads=lambda: reader.match(None, None, None, graph),
        features=forms.features(served, selection),
        network=forms.network(served, selection, "claims"),
    )


def _place(reports: list[Report]) -> tuple[bool, int]:
    starts = [report.start for report in reports if report.start is not None]
    return (not starts, min(starts, default=0))


def _lines(statement: Statement) -> list[tuple[Line, Any]]:
    return [(Line(statement, s.attitude, s.certainty), s) for s in statement.stances]


def _rows(statements: list[Statement]) -> Iterator[tuple[Any, ...]]:
    for statement in statements:
        for report in statement.reports:
            yield (
                *(statement.iri, statement.speaker.label),
                *(" or ".join(time.edtf for time in statement.said), statement.gist),
                "; ".join(map(str, statement.stances)),
                *(report.wording, " < ".join(map(str, report.via)), report.quote),
                *(report.translation, report.start, report.end),
            )
