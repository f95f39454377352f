"""Editors that ask an endpoint what it is need no configuration for ours."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from conflictkg import queries
from conflictkg.graph import ConflictGraph
from conflictkg.store import LocalStore
from conflictkg.terms import PREFIXES, expand
from conflictkg.web import catalogue
from conflictkg.web.http import Served
from conftest import SMALL_DOCUMENT
from endpoint import Reply, handled
from served import Server, serving, until

SHAPES = "PREFIX sh: <http://www.w3.org/ns/shacl#>\nPREFIX void: <http://rdfs.org/ns/void#>\n"
PREFIX_QUERY = f"""{SHAPES}
SELECT DISTINCT ?prefix ?namespace {{ [] sh:namespace ?namespace ; sh:prefix ?prefix }}
ORDER BY ?prefix"""
EXAMPLES = f"""{SHAPES}PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?example ?comment ?query {{
  ?example a sh:SPARQLExecutable ; rdfs:comment ?comment ;
    sh:select|sh:ask|sh:construct|sh:describe ?query
}} ORDER BY ?example"""
PARTITIONS = f"""{SHAPES}PREFIX ext: <http://ldf.fi/void-ext#>
SELECT DISTINCT ?subject ?property ?object ?datatype ?triples {{
  {{ ?part void:class ?subject ; void:propertyPartition ?inner .
     ?inner void:property ?property
     OPTIONAL {{ ?inner void:triples ?triples }}
     OPTIONAL {{ {{ ?inner void:classPartition [ void:class ?object ] }}
                UNION {{ ?inner ext:datatypePartition [ ext:datatype ?datatype ] }} }}
  }} UNION {{
     ?links void:subjectsTarget [ void:class ?subject ] ; void:linkPredicate ?property ;
       void:objectsTarget [ void:class ?object ] }} }}"""
"""The queries of editors: what they look for and how they ask, in our words."""

MOMENT = datetime(2025, 3, 18, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def served(real_store: LocalStore) -> Served:
    """The real graph with its description, as a server holds it."""
    store = ox.Store()
    store.bulk_extend(real_store.match())
    catalogue.renew(store, catalogue.survey(store, MOMENT))
    return Served(ConflictGraph(LocalStore(store, "memory:")), "v1")


def rows(reply: Reply) -> list[dict[str, str]]:
    assert reply.status == 200, reply.text
    return [
        {name: term["value"] for name, term in row.items()}
        for row in reply.json["results"]["bindings"]
    ]


def asked(served: Served, query: str) -> list[dict[str, str]]:
    return rows(
        handled(served, "POST", "/sparql", query, {"Content-Type": "application/sparql-query"})
    )


def test_an_editor_finds_the_prefixes(served: Served) -> None:
    found = {row["prefix"]: row["namespace"] for row in asked(served, PREFIX_QUERY)}
    assert found == dict(PREFIXES)


def test_an_editor_finds_the_named_questions_and_runs_them(served: Served) -> None:
    found = {row["comment"]: row["query"] for row in asked(served, EXAMPLES)}
    assert found == {one.summary: one.sparql for one in queries.questions()}
    for query in found.values():
        asked(served, query)


def test_an_editor_finds_what_each_class_is_linked_to(served: Served, kg: ConflictGraph) -> None:
    ends = asked(served, PARTITIONS)
    speaker = {
        (row["object"], row["triples"])
        for row in ends
        if row["subject"] == expand("ckg:Statement") and row["property"] == expand("ckg:speaker")
    }
    said = kg.query("SELECT DISTINCT ?s ?o { ?s a ckg:Statement ; ckg:speaker ?o }")
    kinds = kg.query("SELECT DISTINCT ?k { ?s a ckg:Statement ; ckg:speaker ?o . ?o a ?k }")
    assert speaker == {(expand(row["k"]), str(len(said))) for row in kinds}
    texts = {row["datatype"] for row in ends if row["property"] == expand("oa:exact")}
    assert texts <= {expand("xsd:string"), expand("rdf:langString")} and texts


def test_the_figures_are_those_of_the_data(served: Served, real_store: LocalStore) -> None:
    triples = {quad.triple for quad in real_store.match()}
    part = "SELECT ?of ?n { ?d a void:Dataset ; void:%s ?p . ?p void:%s ?of ; void:%s ?n }"
    classes = asked(served, part % ("classPartition", "class", "entities"))
    types = Counter(t.object for t in triples if t.predicate.value == expand("rdf:type"))
    assert {row["of"]: int(row["n"]) for row in classes} == {
        cls.value: count for cls, count in types.items()
    }
    properties = asked(served, part % ("propertyPartition", "property", "triples"))
    used = Counter(t.predicate.value for t in triples)
    assert {row["of"]: int(row["n"]) for row in properties} == used
    whole = "SELECT ?n ?at { ?d a void:Dataset ; void:triples ?n ; prov:generatedAtTime ?at }"
    assert asked(served, whole) == [{"n": str(len(triples)), "at": "2025-03-18T12:00:00Z"}]


def test_it_does_not_count_itself_and_has_no_blank_nodes(served: Served) -> None:
    store = served.kg.store
    assert isinstance(store, LocalStore)
    content = set(store.match(graph=catalogue.CATALOGUE))
    assert set(catalogue.survey(store.oxigraph, MOMENT)) <= content
    for quad in content:
        assert isinstance(quad.subject, ox.NamedNode)
        assert quad.subject.value.startswith(catalogue.CATALOGUE.value)
        assert not isinstance(quad.object, ox.BlankNode)
    whole = "SELECT ?n { <http://127.0.0.1:7979/void#dataset> void:triples ?n }"
    described = ox.Store()
    void = handled(served, "GET", "/void", headers={"Accept": "application/n-triples"})
    described.load(void.body, format=ox.RdfFormat.N_TRIPLES)
    (row,) = described.query(whole, prefixes=dict(PREFIXES))  # type: ignore[misc]
    (own,) = asked(served, "SELECT ?n { ?d a void:Dataset ; void:triples ?n }")
    assert row["n"].value == own["n"], "the description counts itself"  # type: ignore[index]


@pytest.mark.skipif(sys.platform == "win32", reason="the server needs fork")
@pytest.mark.parametrize("words", [("memory:",), ("",), ("", "--on-disk")])
def test_it_is_there_however_the_graph_is_served(
    words: tuple[str, ...], small: Path, real_folder: Path
) -> None:
    where = f"memory:{small}" if words[0] else str(real_folder)
    with serving("--store", where, *words[1:]) as server:
        assert len(found(server, PREFIX_QUERY)) == len(PREFIXES)
        assert len(found(server, EXAMPLES)) == len(list(queries.questions()))
        assert any(row["subject"] == expand("ckg:Statement") for row in found(server, PARTITIONS))


def found(server: Server, query: str) -> list[dict[str, str]]:
    """Return what an editor of another site gets: by GET, with nothing but an Accept field."""
    accept = {"accept": "application/sparql-results+json", "origin": "https://editor.example"}
    fields = {"ac": "1", "query": query}
    answer = httpx.get(f"{server.url}sparql", params=fields, headers=accept, timeout=60)
    assert answer.headers["access-control-allow-origin"] == "*"
    return rows(Reply(answer.status_code, answer.headers, answer.content))


@pytest.mark.skipif(sys.platform == "win32", reason="the server needs fork")
@pytest.mark.parametrize("where", [(), ("--on-disk",)])
def test_a_large_graph_is_counted_while_it_is_served_and_after_changes_again(
    where: tuple[str, ...], small: Path, tmp_path: Path
) -> None:
    from conflictkg.load import build

    build(small, tmp_path / "store")
    sooner = "from conflictkg.web.server import service\nservice.AT_ONCE = 0\n"
    sooner += "service.REFRESHED = 0.5\nservice._SPARING = 0"
    words = ("--store", tmp_path / "store", "--writable", "--no-validate", *where)
    statements = (
        "SELECT ?n { ?d a void:Dataset ; void:classPartition ?p . "
        "?p void:class ckg:Statement ; void:entities ?n }"
    )
    with serving(*words, first=sooner) as server:
        assert until(lambda: server.numbers(statements) == {1}, 30)
        more = SMALL_DOCUMENT.replace(":small", ":other").replace("claim:other", "claim:small")
        answer = httpx.put(
            f"{server.url}store?graph=https://w3id.org/conflictkg/graph/document/other",
            content=more.encode(),
            headers={
                "content-type": "application/trig",
                "authorization": "Bearer a-token-for-the-tests-only",
            },
            timeout=60,
        )
        assert answer.status_code == 201, answer.text
        assert until(lambda: server.numbers(statements) == {2}, 30)
        assert server.numbers("SELECT (COUNT(*) AS ?n) { ?d a void:Dataset }") == {1}


def test_classes_that_are_data_are_not_listed(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = served.kg.store
    assert isinstance(store, LocalStore)
    monkeypatch.setattr(catalogue, "MOST", 50)
    told = {quad.predicate for quad in catalogue.survey(store.oxigraph, MOMENT)}
    assert catalogue.VOID.triples in told and catalogue.VOID.classes in told
    assert catalogue.VOID.classPartition not in told
