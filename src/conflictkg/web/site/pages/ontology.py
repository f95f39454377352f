"""The terms: the ontology as a whole, a page for each term, and the concepts of the schemes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyoxigraph as ox

from conflictkg.errors import NameNotFound
from conflictkg.model import Ref
from conflictkg.reading import Snapshot, subjects
from conflictkg.store import Reader, select
from conflictkg.terms import ONTOLOGY_GRAPH, PREFIXES, RDF, RDFS, SCHEME, SKOS, bundled
from conflictkg.web.http import Request, Served
from conflictkg.web.site.links import ONTOLOGY, node_of, page_of
from conflictkg.web.site.page import Page, Table
from conflictkg.web.site.pages.plain import properties, references

_OWL = PREFIXES["owl"]
_SH = "http://www.w3.org/ns/shacl#"
_HOLE = re.compile(r"\{[?$]\w+\}")
"""Where a message of a shape tells a value (SHACL, section 5.3.2)."""
_GROUPS = (
    ("Classes", ox.NamedNode(_OWL + "Class")),
    ("Properties between things", ox.NamedNode(_OWL + "ObjectProperty")),
    ("Properties with values", ox.NamedNode(_OWL + "DatatypeProperty")),
)


@dataclass(frozen=True, slots=True)
class Term:
    """A term: its node, definition, example and status."""

    ref: Ref
    definition: str
    example: str
    group: str


def terms(reader: Reader) -> tuple[Term, ...]:
    """Return the terms of the project's own namespace, by group and name."""
    found = []
    for group, cls in _GROUPS:
        nodes = sorted(
            {
                quad.subject
                for quad in reader.match(None, RDF.type, cls, ONTOLOGY_GRAPH)
                if isinstance(quad.subject, ox.NamedNode)
                and quad.subject.value.startswith(ONTOLOGY)
            },
            key=str,
        )
        snapshot = Snapshot(reader)
        snapshot.fetch(nodes)
        found += [
            Term(
                Ref(node.value, node.value[len(ONTOLOGY) :]),
                snapshot.text(node, SKOS.definition),
                snapshot.text(node, SKOS.example),
                group,
            )
            for node in nodes
        ]
    return tuple(found)


def schemes(reader: Reader) -> list[tuple[Ref, str, list[tuple[Ref, str]]]]:
    """Return the schemes, each with its definition and its concepts with theirs."""
    cls = SKOS.ConceptScheme
    quads = reader.match(None, RDF.type, cls)
    nodes = {quad.subject for quad in quads if isinstance(quad.subject, ox.NamedNode)}
    made = []
    snapshot = Snapshot(reader)
    snapshot.fetch(nodes)
    for node in sorted(nodes, key=str):
        concepts = subjects(reader, SKOS.inScheme, [node])
        snapshot.fetch(concepts)
        told = [(snapshot.ref(one), snapshot.text(one, SKOS.definition)) for one in concepts]
        made.append((snapshot.ref(node), snapshot.text(node, SKOS.definition), told))
    return made


@cache
def _shapes() -> tuple[ox.Quad, ...]:
    """Return the shapes that come with the package."""
    return tuple(ox.parse(path=str(bundled("ontology/shapes.ttl")), format=ox.RdfFormat.TURTLE))


def shapes_of(term: ox.NamedNode) -> list[tuple[str, str]]:
    """Return what the shapes ask of a term: the part before “Mend:”, and what to do."""
    pointing: dict[Any, set[Any]] = {}
    messages: dict[Any, str] = {}
    for quad in _shapes():
        pointing.setdefault(quad.object, set()).add(quad.subject)
        if quad.predicate.value == _SH + "message":
            messages[quad.subject] = getattr(quad.object, "value", "")
    found = set(pointing.get(term, ()))
    with_owners = found | {owner for shape in found for owner in pointing.get(shape, ())}
    told = sorted({_HOLE.sub("…", messages[one]) for one in with_owners if one in messages})
    return [
        (wrong.strip(), mend.strip()) for wrong, _, mend in (m.partition("Mend:") for m in told)
    ]


def page(request: Request, served: Served) -> Page:
    """Return the page of the ontology; its Turtle is the whole ontology."""
    reader = served.kg.store
    every = terms(reader)
    groups = [(name, [term for term in every if term.group == name]) for name, _ in _GROUPS]
    return Page(
        "ontology.html",
        "Ontology",
        {"groups": groups, "schemes": schemes(reader)},
        path="/ontology",
        kind="ontology",
        summary="The terms of conflictkg: what they mean, how they are used, what the shapes ask.",
        data=lambda: {"terms": every},
        table=lambda: Table(
            ("term", "group", "definition", "example"),
            ((t.ref.iri, t.group, t.definition, t.example) for t in every),
        ),
        quads=lambda: reader.match(None, None, None, ONTOLOGY_GRAPH),
    )


def term(request: Request, served: Served) -> Page:
    """Return the page of a term. Raises NameNotFound."""
    return _described(request, served, "term.html")


def concept(request: Request, served: Served) -> Page:
    """Return the page of a concept or a scheme. Raises NameNotFound."""
    return _described(request, served, "term.html")


def _described(request: Request, served: Served, template: str) -> Page:
    reader = served.kg.store
    try:
        node = ox.NamedNode(node_of(request.path))
    except ValueError as error:
        raise NameNotFound(f"“{request.path}” is not the address of a term") from error
    snapshot = Snapshot(reader)
    snapshot.fetch([node])
    if not snapshot.properties(node):
        raise NameNotFound(f"there is no term {request.path}", "see /ontology")
    members = subjects(reader, SKOS.inScheme, [node])
    snapshot.fetch(members)
    known = [p for p in properties(snapshot, node) if p.predicate.iri != SKOS.definition.value]
    name = node.value.removeprefix(ONTOLOGY).removeprefix(SCHEME)
    used = list(_examples(reader, node))
    return Page(
        template,
        snapshot.text(node, SKOS.prefLabel) or snapshot.text(node, RDFS.label) or name,
        {
            "iri": node.value,
            "name": name,
            "definition": snapshot.text(node, SKOS.definition),
            "known": known,
            "members": [(snapshot.ref(m), snapshot.text(m, SKOS.definition)) for m in members],
            "shapes": shapes_of(node),
            "used": used,
            "referring": references(reader, node) if node.value.startswith(SCHEME) else [],
            "of_scheme": snapshot.ref(snapshot.one(node, SKOS.inScheme)),
        },
        path=page_of(node.value),
        kind="term",
        summary=snapshot.text(node, SKOS.definition),
        data=lambda: {"iri": node.value, "properties": known, "examples": used},
        table=lambda: Table(
            ("property", "value"),
            (
                (p.predicate.iri, v.iri if isinstance(v, Ref) else v)
                for p in known
                for v, _, _ in p.values
            ),
        ),
        quads=lambda: reader.describe([node, *members]),
    )


def _examples(reader: Reader, node: ox.NamedNode) -> Iterable[tuple[Ref, Ref | str]]:
    """Return things of a class, or subjects and objects of a property, as the graph has them."""
    if not node.value.startswith(ONTOLOGY):
        return
    name = node.value[len(ONTOLOGY) :]
    if name[:1].isupper():
        query = f"SELECT DISTINCT ?s {{ ?s a {node} }} LIMIT 5"
    else:
        query = f"SELECT DISTINCT ?s ?o {{ ?s {node} ?o }} LIMIT 5"
    rows = list(select(reader, query))
    snapshot = Snapshot(reader)
    snapshot.fetch(term for row in rows for term in row)
    for row in rows:
        parts = list(row)
        other = parts[1] if len(parts) > 1 else None
        value: Ref | str = ""
        if isinstance(other, ox.NamedNode):
            value = snapshot.ref(other)
        elif other is not None:
            value = str(getattr(other, "value", other))
        yield snapshot.ref(parts[0]), value
