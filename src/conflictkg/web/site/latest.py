"""The first view of a large graph: its latest documents, with all that they speak of.

Drawing a graph of a million statements takes longer than anybody waits, and shows nobody anything.
So a page without a selection rests on the latest documents, says so, and leads to the whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from conflictkg.store import LocalStore, Reader, select
from conflictkg.terms import CKG, DCTERMS, GRAPH, kind
from conflictkg.web.http import Request, Served
from conflictkg.web.site.kept import kept
from conflictkg.web.site.selection import Selection
from conflictkg.web.site.words import when

LARGE = 500
"""Documents from which on a graph is large."""
MOST = 15_000
"""Quads of documents that a first view rests on, at most; one document there is always."""
STEPS = 3
"""How far what the documents speak of is followed: a claim, its place, what that lies in."""

_DOCUMENTS = """SELECT ?document (MAX(?day) AS ?last) {
  ?document a ckg:Document ; ckg:published ?time . ?time ckg:latest|ckg:earliest ?day
} GROUP BY ?document"""
_INSIDE = {"statement", "stance", "report"}
"""Kinds of things that a document graph alone has: none is followed out of the documents."""
_NAMING = {DCTERMS.title, DCTERMS.publisher, CKG.published}
"""What is taken of documents that the latest refer to."""


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest documents as a store of their own: how many, of how many, from which day on."""

    store: LocalStore
    documents: int
    of: int
    since: date


def first_view(request: Request, served: Served, selection: Selection) -> Latest | None:
    """Return what the page of a request rests on; None if it rests on the whole graph."""
    if selection or selection.problems or request.first("all"):
        return None
    return kept(served, "latest documents", lambda: read_latest(served.kg.store))


def resting_on(latest: Latest | None) -> str:
    """Return how a sentence begins that is about the latest documents, "" if it is about all."""
    if latest is None:
        return ""
    documents = "document" if latest.documents == 1 else f"{latest.documents:,} documents"
    since = when(str(latest.since))
    return f"The latest {documents} of {latest.of:,}, published since {since}: "


def read_latest(reader: Reader, *, large: int = LARGE, most: int = MOST) -> Latest | None:
    """Return the latest documents of a graph that is large, or None if it is not."""
    rows = sorted(
        ((row["last"].value[:10], row["document"].value) for row in select(reader, _DOCUMENTS)),
        reverse=True,
    )
    if len(rows) < large:
        return None
    quads: list[ox.Quad] = []
    found, since = 0, date.max
    for day, document in rows:
        graph = ox.NamedNode(f"{GRAPH}document/{document.rsplit('/', 1)[-1]}")
        its = list(reader.match(None, None, None, graph))
        if found and len(quads) + len(its) > most:
            break
        quads += its
        found, since = found + 1, date.fromisoformat(day)
    store = LocalStore(ox.Store(), "memory:")
    store.oxigraph.bulk_extend([*quads, *_around(reader, quads)])
    return Latest(store, found, len(rows), since)


def _around(reader: Reader, quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return what describes the things that documents speak of, and what was derived from them."""
    inside: set[ox.NamedNode] = set()
    seen: set[ox.NamedNode] = set()
    for quad in quads:
        inside.update(node for node in (quad.subject,) if isinstance(node, ox.NamedNode))
        seen.update(node for node in (quad.object,) if isinstance(node, ox.NamedNode))
    found: list[ox.Quad] = []
    known = set(inside)
    for _ in range(STEPS):
        wanted = [node for node in seen - known if kind(node.value) not in _INSIDE]
        known.update(wanted)
        quads = [
            quad
            for quad in reader.describe(wanted)
            if not _of_a_document(quad) or quad.predicate in _NAMING
        ]
        found += quads
        seen = {quad.object for quad in quads if isinstance(quad.object, ox.NamedNode)}
    return found + _derived(reader, inside, known)


def _derived(
    reader: Reader, inside: Iterable[ox.NamedNode], known: set[ox.NamedNode]
) -> list[ox.Quad]:
    """Return the derived nodes that rest on nothing but statements and claims that are known."""
    nodes: dict[ox.NamedNode, None] = {}
    for node in inside:
        if kind(node.value) in ("statement", "stance"):
            for quad in reader.match(None, None, node):
                if not _of_a_document(quad) and isinstance(quad.subject, ox.NamedNode):
                    nodes[quad.subject] = None
    found = []
    for node in nodes:
        its = list(reader.describe([node]))
        if all(
            quad.object in known
            for quad in its
            if isinstance(quad.object, ox.NamedNode)
            and kind(quad.object.value) in ("statement", "stance", "claim")
        ):
            found += its
    return found


def _of_a_document(quad: ox.Quad) -> bool:
    return isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value.startswith(
        GRAPH + "document/"
    )
