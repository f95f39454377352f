"""/query: the SPARQL editor; the result as table, map, timeline, network or chart; downloads.

The page asks the endpoint of this process, so that limits and errors are the same as there.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import starmap
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox

from conflictkg.queries import questions
from conflictkg.rows import value_of
from conflictkg.store import Reader, Term, select
from conflictkg.terms import PREFIXES, shrink
from conflictkg.web import sparql
from conflictkg.web.http import Refused, Request, Response, Served
from conflictkg.web.site import query_forms
from conflictkg.web.site import query_views as views
from conflictkg.web.site.drawing import HEIGHT as NETWORK_HEIGHT
from conflictkg.web.site.drawing import WIDTH as NETWORK_WIDTH
from conflictkg.web.site.drawing import as_data
from conflictkg.web.site.geography import base
from conflictkg.web.site.kept import kept
from conflictkg.web.site.page import Page, Table
from conflictkg.web.site.pages.questions import page as every
from conflictkg.words import counted

ROWS = 1000
"""How many rows the page shows; the downloads have all that the endpoint gives."""

ROW_FORMATS = ("json", "xml", "csv", "tsv")
GRAPH_FORMATS = ("ttl", "nt", "trig", "nq", "jsonld", "rdf")

EXAMPLE = """\
# Who said what about Demydivka, and when
SELECT DISTINCT ?who ?said ?attitude ?claim ?statement {
  { SELECT DISTINCT ?proposition ?claim {
      ?proposition ckg:subject|ckg:object|schema:location place:demydivka ; schema:text ?claim } }
  GRAPH ?graph {
    ?stance ckg:onClaim ?proposition ; ckg:attitude ?attitude .
    ?statement ckg:expresses ?stance ; ckg:speaker ?speaker ; ckg:said ?time .
    ?time ckg:edtf ?said .
  }
  ?speaker skos:prefLabel ?who FILTER(LANG(?who) = "en")
}
ORDER BY ?said ?who
LIMIT 100
"""

_ACCEPT = "application/sparql-results+json, application/n-triples;q=0.9"
_DATASET = ("default-graph-uri", "named-graph-uri")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a query gave: rows (those of a graph are its triples), yes or no, or an error."""

    form: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[views.Row, ...] = ()
    complete: bool = True
    value: bool = False
    error: Refused | None = None

    @property
    def told(self) -> str:
        """What there is, in words."""
        if self.form == "boolean":
            return "yes" if self.value else "no"
        noun = "triple" if self.form == "graph" else "row"
        if not self.complete:
            return f"the first {counted(len(self.rows), noun)}; there are more"
        return counted(len(self.rows), noun)


def page(request: Request, served: Served) -> Page:
    """Return the page of a query, or the empty editor."""
    given = request.first("query")
    asked = bool(given.strip())
    outcome = ask(request, served) if asked else Outcome()
    columns = views.read_columns(outcome.columns, outcome.rows)
    offered = columns.views if outcome.rows else ("table",)
    view = request.first("view") if request.first("view") in offered else "table"
    failed = outcome.error
    formats = GRAPH_FORMATS if outcome.form == "graph" else ROW_FORMATS
    bare = _answered(given, outcome, served.kg.store) if asked else every(request, served)
    return replace(
        bare,
        template="query.html",
        title="Query",
        content={
            "query": given or EXAMPLE,
            "asked": asked,
            "outcome": outcome,
            "error": failed,
            "views": offered,
            "view": view,
            "shown": dict(_drawn(view, outcome, columns, served.kg.store)),
            "downloads": [(name, _endpoint(request, format=name)) for name in formats],
            "snippets": _snippets(request, given) if asked and not failed else (),
            "questions": tuple(questions()),
            "vocabulary": kept(served, "vocabulary", lambda: vocabulary(served.kg.store)),
            "cell": cell,
            "dataset": [pair for pair in request.parameters() if pair[0] in _DATASET],
        },
        path="/query",
        section="query",
        summary="Ask the graph in SPARQL 1.1",
        features=query_forms.features(served, outcome.rows, columns),
        network=query_forms.network(served, outcome.rows, columns, outcome.columns, given),
        cut=None if outcome.complete else len(outcome.rows),
        status=failed.status if failed else 200,
    )


def _answered(given: str, outcome: Outcome, reader: Reader) -> Page:
    """Return the answer to a query as data; those of one that failed raise its error."""

    def known() -> Outcome:
        if outcome.error:
            raise outcome.error
        return outcome

    def data() -> dict[str, Any]:
        return {
            "query": given,
            "complete": known().complete,
            **({"value": outcome.value} if outcome.form == "boolean" else {}),
            "columns": outcome.columns,
            "rows": [[views.shown(term) for term in row] for row in outcome.rows],
        }

    def table() -> Table:
        return Table(known().columns, ([value_of(term) for term in row] for row in outcome.rows))

    if outcome.form == "boolean":
        return Page("query.html", "Query", data=data)
    return Page(
        "query.html", "Query", data=data, table=table, quads=lambda: _quads(reader, known())
    )


def _quads(reader: Reader, outcome: Outcome) -> Iterator[ox.Quad | ox.Triple]:
    """Yield the triples of an answer, or what describes the nodes of its rows."""
    if outcome.form == "graph":
        yield from starmap(ox.Triple, outcome.rows)
    else:
        nodes = (term for row in outcome.rows for term in row if isinstance(term, ox.NamedNode))
        yield from reader.describe(dict.fromkeys(nodes))


def ask(request: Request, served: Served) -> Outcome:
    """Return what the query of a request gives, at most ROWS rows of it."""
    kept_fields = [(k, v) for k, v in request.parameters() if k in ("query", *_DATASET)]
    asking = Request(
        "GET",
        "/sparql",
        urlencode(kept_fields),
        {"accept": _ACCEPT},
        base=request.base,
    )
    limit = min(ROWS, served.options.max_rows or ROWS)
    limited = replace(served, options=replace(served.options, max_rows=limit))
    try:
        response = sparql.answer(asking, limited)
    except Refused as refused:
        return Outcome(error=refused)
    return _outcome(response)


def _outcome(response: Response) -> Outcome:
    body = response.whole()
    if response.media_type.startswith("application/n-triples"):
        lines = [line for line in body.splitlines() if not line.startswith(b"#")]
        triples = list(ox.parse(b"\n".join(lines), format=ox.RdfFormat.N_TRIPLES))
        rows = tuple((t.subject, t.predicate, t.object) for t in triples)
        complete = len(lines) == len(body.splitlines())
        return Outcome("graph", ("subject", "predicate", "object"), rows, complete)
    told = json.loads(body)
    if "boolean" in told:
        return Outcome("boolean", value=bool(told["boolean"]))
    complete = told.pop("truncated", None) is None
    results = ox.parse_query_results(json.dumps(told), format=ox.QueryResultsFormat.JSON)
    assert isinstance(results, ox.QuerySolutions)
    names = tuple(variable.value for variable in results.variables)
    rows = tuple(tuple(solution) for solution in results)
    return Outcome("rows", names, rows, complete)


def _drawn(
    view: str, outcome: Outcome, columns: views.Columns, reader: Reader
) -> Iterator[tuple[str, Any]]:
    """Yield what a view shows, by the names that its template knows."""
    if view == "map":
        width, height = 960.0, 600.0
        marks, shown, missing = views.dots(outcome.rows, columns, reader, width, height)
        yield from {
            "marks": marks,
            "missing": missing,
            "width": width,
            "height": height,
            "base": base(shown, width),
            "collection": {
                "type": "FeatureCollection",
                "features": [views.feature(mark) for mark in marks],
            },
        }.items()
    elif view == "timeline":
        yield "figure", views.timeline(outcome.rows, columns, outcome.columns)
    elif view == "network":
        nodes, edges, missing = views.network(outcome.rows, columns, outcome.columns)
        yield from {
            "nodes": nodes,
            "lines": edges,
            "missing": missing,
            "width": NETWORK_WIDTH,
            "height": NETWORK_HEIGHT,
            "network": as_data(nodes, edges),
        }.items()
    elif view == "chart":
        yield "bars", tuple(views.bars(outcome.rows, columns))
        yield "number", outcome.columns[columns.numbers[0]]


@dataclass(frozen=True, slots=True)
class Cell:
    """A term as a cell of a table: its text, IRI, language and datatype where they tell more."""

    text: str
    iri: str = ""
    language: str = ""
    datatype: str = ""


_UNTOLD = {
    *("string", "integer", "decimal", "date", "dateTime", "boolean", "gYear"),
    "langString",
}


def cell(term: Term | None) -> Cell:
    """Return a term as a cell."""
    if isinstance(term, ox.NamedNode):
        return Cell(shrink(term.value), term.value)
    if isinstance(term, ox.Literal):
        datatype = shrink(term.datatype.value)
        untold = datatype.rpartition(":")[2] in _UNTOLD
        return Cell(term.value, "", term.language or "", "" if untold else datatype)
    return Cell("" if term is None else str(term))


def _endpoint(request: Request, **more: str) -> str:
    """Return the address of the endpoint that gives the result of this page."""
    fields = [(k, v) for k, v in request.parameters() if k in ("query", *_DATASET)]
    return "/sparql?" + urlencode([*fields, *more.items()])


def _snippets(request: Request, query: str) -> tuple[tuple[str, str], ...]:
    """Return how to ask the same elsewhere: name and text."""
    endpoint = (request.base or "http://127.0.0.1:7979") + "/sparql"
    text = query.replace("\r\n", "\n").strip()
    curl = (
        f"curl --get {shlex.quote(endpoint)} \\\n  --header 'Accept: text/csv' \\\n"
        f"  --data-urlencode {shlex.quote('query=' + text)}"
    )
    quoted = repr(text)
    if '"""' not in text and "\\" not in text and not text.endswith('"'):
        quoted = f'"""\n{text}\n"""'
    python = (
        "from conflictkg import open_graph\n\n"
        f"kg = open_graph({endpoint!r})\n"
        f"for row in kg.query({quoted}):\n    print(row)"
    )
    return (("curl", curl), ("Python", python))


_TERMS = """SELECT DISTINCT ?term ?kind ?text { GRAPH graph:ontology {
  VALUES (?class ?kind) {
    (owl:Class "class") (owl:ObjectProperty "property") (owl:DatatypeProperty "property")
    (skos:Concept "constant") }
  ?term a ?class
  OPTIONAL { ?term rdfs:comment|skos:definition ?text FILTER(LANG(?text) = "en") }
} } ORDER BY ?term"""

BORROWED = (
    *("skos:prefLabel", "skos:altLabel", "schema:text", "schema:location", "schema:url"),
    *("schema:mentions", "schema:about", "schema:containedInPlace", "schema:value"),
    *("schema:minValue", "schema:maxValue", "schema:unitText", "dcterms:title"),
    *("dcterms:publisher", "dcterms:source", "dcterms:type", "dcterms:language"),
    *("geo:hasGeometry", "geo:asWKT", "oa:hasSelector", "oa:exact", "org:member", "org:post"),
    *("prov:wasAttributedTo", "prov:wasDerivedFrom", "sem:hasTime", "sem:hasPlace"),
    *("sem:hasActor", "rdf:type", "rdfs:label", "xsd:date", "xsd:integer"),
)
"""Terms of other vocabularies that the graph uses, for completion."""


def vocabulary(reader: Reader) -> Mapping[str, Any]:
    """Return what the editor completes: the one prefix map, and the terms of the ontology."""
    terms = [
        (shrink(row["term"].value), row["kind"].value, row["text"].value if row["text"] else "")
        for row in select(reader, _TERMS)
    ]
    known = {curie for curie, _, _ in terms}
    terms += [(curie, "property", "") for curie in BORROWED if curie not in known]
    return {"prefixes": dict(PREFIXES), "terms": terms}
