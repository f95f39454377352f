"""The first view of a large graph: its latest documents, whole, and the way to the rest."""

from __future__ import annotations

import json
from itertools import chain

import pyoxigraph as ox
import pytest

from asking import asked, text_of
from conflictkg.graph import ConflictGraph
from conflictkg.network import project
from conflictkg.store import LocalStore
from conflictkg.terms import CKG, GRAPH, ID, RDF, XSD, kind
from conflictkg.web.site.accounts import Account, read_accounts
from conflictkg.web.site.latest import LARGE, read_latest
from conflictkg.web.site.selection import Selection

EVERYTHING = Selection()


@pytest.fixture(scope="module")
def large(real_store: LocalStore) -> ConflictGraph:
    """The real graph beside hundreds of old documents that say nothing."""

    def old() -> list[ox.Quad]:
        found = []
        for number in range(LARGE):
            document = ox.NamedNode(f"{ID}document/old-{number}")
            time = ox.NamedNode(f"{ID}time/old-{number}")
            graph = ox.NamedNode(f"{GRAPH}document/old-{number}")
            day = ox.Literal("1950-01-01", datatype=XSD.date)
            found += [
                ox.Quad(document, RDF.type, CKG.Document, graph),
                ox.Quad(document, CKG.published, time, graph),
                ox.Quad(time, CKG.latest, day, graph),
            ]
        return found

    store = LocalStore(ox.Store(), "memory:")
    store.oxigraph.bulk_extend(chain(real_store.match(), old()))
    return ConflictGraph(store)


def facts_of(row: Account) -> tuple[object, ...]:
    """Return what must be the same, whatever else the graph holds.

    The order of issues may not; and each document has an unnamed source of its own for a statement.
    """
    speaker = row.speaker if kind(row.speaker.iri) != "source" else None
    return (
        *(row.statement.iri, speaker, row.attitude, row.certainty, row.when, row.sources),
        *(row.claim.iri, row.claim.text, frozenset(row.claim.issues), frozenset(row.places)),
        *(row.predicate, row.holder, row.of_day, row.claim.negated),
    )


def test_the_latest_documents_are_whole_and_say_the_same(kg: ConflictGraph) -> None:
    latest = read_latest(kg.store, large=1, most=6000)
    assert latest and 1 < latest.documents < latest.of == 109
    every = {document.iri: document for document in kg.documents()}
    inside = {
        quad.subject.value
        for quad in latest.store.match(None, RDF.type, CKG.Document)
        if quad.subject.value in every
    }
    days = [
        edge
        for iri in inside
        if (time := every[iri].published) and (edge := time.latest or time.earliest)
    ]
    assert len(inside) >= latest.documents and min(days) == latest.since
    wanted = {
        facts_of(row)
        for row in read_accounts(kg.store, EVERYTHING).rows
        if {source.iri for source in row.sources} <= inside
    }
    found = {facts_of(row) for row in read_accounts(latest.store, EVERYTHING).rows}
    assert wanted and wanted <= found


@pytest.mark.parametrize("name", ["alignment", "claims", "mentions", "revisions", "attribution"])
def test_a_network_of_the_latest_documents_has_names_and_edges_that_are_there(
    kg: ConflictGraph, name: str
) -> None:
    latest = read_latest(kg.store, large=1, most=6000)
    assert latest
    whole, part = project(kg.store, name), project(latest.store, name)
    labels = dict(whole.nodes.rows("id", "label"))
    assert 0 < len(part) < len(whole)
    for node, label in part.nodes.rows("id", "label"):
        assert label == labels[node] or (node.startswith("statement:") and " " in label)
    edges = set(whole.edges.rows("source", "target", "kind"))
    assert set(part.edges.rows("source", "target", "kind")) <= edges


def test_a_small_graph_is_shown_whole(kg: ConflictGraph) -> None:
    assert read_latest(kg.store) is None
    assert "This graph is large" not in text_of(asked(kg, "/map"))


@pytest.mark.parametrize("path", ["/map", "/timeline", "/network"])
def test_a_page_says_that_it_rests_on_the_latest_and_leads_to_the_whole(
    large: ConflictGraph, path: str
) -> None:
    page = text_of(asked(large, path))
    assert "The latest " in page and " of 609, published since " in page
    assert f'href="{path}?all=1">everything at once</a>' in page
    assert json.loads(text_of(asked(large, f"{path}.json")))["shown"].startswith("The latest ")
    for fields in ({"all": "1"}, {"speaker": "Kovalenko"}, {"since": "2025"}):
        assert "The latest " not in text_of(asked(large, path, **fields))


def test_a_large_graph_has_its_days_whole(large: ConflictGraph, kg: ConflictGraph) -> None:
    rows = [
        json.loads(text_of(asked(one, "/map.json", day="2025-03-23")))["rows"]
        for one in (large, kg)
    ]
    assert rows[0] == rows[1] != []
