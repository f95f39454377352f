"""The page of any thing: it finds out what the thing is and hands on to the page of its kind."""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph as ox

from conflictkg.errors import AmbiguousName, InputError, NameNotFound
from conflictkg.reading import Snapshot
from conflictkg.resolve import Names, shortened
from conflictkg.terms import CKG, RDF, shrink
from conflictkg.web.http import Request, Served
from conflictkg.web.site.links import node_of
from conflictkg.web.site.page import Result
from conflictkg.web.site.pages import claim, document, entity, issue, plain, statement


def page(request: Request, served: Served) -> Result:
    """Return the page of the thing that a path names. Raises NameNotFound with the nearest."""
    iri = node_of(request.path)
    try:
        node = ox.NamedNode(iri)
    except ValueError as error:
        raise NameNotFound(f"“{request.path}” is not the address of a thing") from error
    snapshot = Snapshot(served.kg.store)
    snapshot.fetch([node])
    kinds = snapshot.objects(node, RDF.type)
    if not snapshot.properties(node):
        raise _unknown(request.path, served.kg.names)
    for cls, handler in (
        (CKG.Statement, statement.page),
        (CKG.Claim, claim.page),
        (CKG.Issue, issue.page),
        (CKG.Document, document.page),
    ):
        if cls in kinds:
            return handler(request, served, node)
    entities = (CKG.Person, CKG.Organization, CKG.Unit, CKG.UnnamedSource, CKG.Place, CKG.Event)
    if any(cls in kinds for cls in entities):
        return entity.page(request, served, node)
    return plain.page(request, served, node)


def _unknown(path: str, names: Names) -> NameNotFound:
    """Return the error of a path that stands for nothing, with the nearest names."""
    kind, _, slug = path.strip("/").partition("/")
    message = f"no {shortened(kind)} is known as “{shortened(slug)}”"
    try:
        near = names.resolve(slug.replace("-", " "))
    except AmbiguousName as error:
        return NameNotFound(message, "did you mean " + _listed(error.candidates) + "?")
    except (NameNotFound, InputError) as error:
        return NameNotFound(message, error.hint)
    return NameNotFound(message, f"did you mean {shrink(near.value)}?")


def _listed(candidates: Sequence[tuple[str, str]]) -> str:
    return " or ".join(f"{label} ({curie})" for curie, label in candidates[:5])
