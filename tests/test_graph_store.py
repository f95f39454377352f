"""The graph store: graphs by HTTP, and what a write must be like to be accepted."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest

from conflictkg.graph import ConflictGraph
from conflictkg.store import LocalStore
from conflictkg.terms import CKG, PROV, PROVENANCE_GRAPH, expand, node
from conflictkg.web.http import Options, Served
from conftest import SMALL_DOCUMENT
from endpoint import Endpoint, Reply, handled, serving

GRAPHS = Path(__file__).parent.parent / "graphs"
SMALL = "docgraph:small"
TRIG = {"Content-Type": "application/trig"}
TURTLE = {"Content-Type": "text/turtle"}
UPDATE = {"Content-Type": "application/sparql-update"}


def named(graph: str) -> str:
    return "/store?" + urlencode({"graph": expand(graph)})


@pytest.fixture
def served(real_store: LocalStore) -> Served:
    """The real graph, to be changed."""
    store = ox.Store()
    store.bulk_extend(real_store.oxigraph)
    return Served(ConflictGraph(LocalStore(store, "memory:")), "v1", Options(writable=True))


def plain(*quads: ox.Quad) -> Served:
    """A store that takes anything."""
    store = ox.Store()
    store.extend(quads)
    kg = ConflictGraph(LocalStore(store, "memory:"))
    return Served(kg, "v1", Options(writable=True, validate=False))


def n(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"https://e.org/{name}")


def quads(served: Served) -> set[ox.Quad]:
    return set(served.kg.quads())


def a_document(served: Served) -> tuple[str, bytes]:
    """A document of the real graph: its graph and its file."""
    path = GRAPHS / "documents" / "menafn-kursk-propagandists-2024-08-06.trig"
    return f"docgraph:{path.stem}", path.read_bytes()


@pytest.mark.parametrize(
    ("accept", "format"),
    [
        ("", ox.RdfFormat.TURTLE),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/trig", ox.RdfFormat.TRIG),
    ],
)
def test_a_graph_is_read_whole_in_any_form(
    accept: str, format: ox.RdfFormat, kg: ConflictGraph
) -> None:
    served = Served(kg, "v1", Options(max_rows=10))
    graph = node("docgraph:espreso-belgorod-2025-04")
    headers = {"Accept": accept} if accept else {}
    reply = handled(served, "GET", named("docgraph:espreso-belgorod-2025-04"), headers=headers)
    assert reply.status == 200
    read = {quad.triple for quad in ox.parse(reply.body, format=format)}
    assert read == {quad.triple for quad in kg.quads(graph=graph)}
    assert len(read) > 1000


def test_the_whole_data_set_and_its_default_graph_are_read(kg: ConflictGraph) -> None:
    served = Served(kg, "v1")
    everything = handled(served, "GET", "/store", headers={"Accept": "application/n-quads"})
    assert set(ox.parse(everything.body, format=ox.RdfFormat.N_QUADS)) == quads(served)
    union = handled(served, "GET", "/store?default", headers={"Accept": "application/n-triples"})
    read = {quad.triple for quad in ox.parse(union.body, format=ox.RdfFormat.N_TRIPLES)}
    assert read == {quad.triple for quad in quads(served)}
    strict = Served(kg, "v1", Options(strict_dataset=True))
    assert handled(strict, "GET", "/store?default").body == b""


@pytest.mark.parametrize(
    ("method", "target", "headers", "status"),
    [
        ("GET", "/store?graph=https://e.org/none", {}, 404),
        ("HEAD", "/store?graph=https://e.org/none", {}, 404),
        ("DELETE", "/store?graph=https://e.org/none", {}, 404),
        ("GET", "/store?graph=none", {}, 400),
        ("GET", "/store?graph=https://e.org/g&default", {}, 400),
        ("GET", "/store/g?graph=https://e.org/g", {}, 400),
        ("PUT", "/store", TURTLE, 400),
        ("DELETE", "/store", {}, 400),
        ("PATCH", "/store?default", {}, 405),
        ("PUT", "/store?graph=https://e.org/g", {}, 415),
        ("PUT", "/store?graph=https://e.org/g", {"Content-Type": "text/csv"}, 415),
        (
            "PUT",
            "/store?graph=https://e.org/g",
            {"Content-Type": "text/turtle; charset=latin-1"},
            415,
        ),
        ("GET", "/store?graph=https://e.org/g", {"Accept": "text/csv"}, 406),
    ],
)
def test_what_cannot_be_done_is_told_by_its_status(
    method: str, target: str, headers: dict[str, str], status: int
) -> None:
    held = plain(ox.Quad(n("s"), n("p"), n("o"), n("g")))
    reply = handled(held, method, target, b"<x:s> <x:p> <x:o> .", headers)
    assert reply.status == status
    assert reply.json["error"]["message"]
    assert ("PUT" in reply.headers.get("allow", "")) is (status == 405)


def test_a_store_for_reading_takes_nothing(kg: ConflictGraph) -> None:
    served = Served(kg, "v1")
    for method in ("PUT", "POST", "DELETE"):
        assert handled(served, method, named(SMALL), SMALL_DOCUMENT, TRIG).status == 403
    assert "PUT" not in handled(served, "OPTIONS", "/store").headers["allow"]


def test_a_document_that_conforms_is_accepted_and_followed_by_the_rules(served: Served) -> None:
    graph, data = a_document(served)
    before = quads(served)
    assert handled(served, "DELETE", named(graph)).status == 204
    shorter = quads(served)
    derived = "https://w3id.org/conflictkg/graph/derived/"
    lost = {q for q in before - shorter if str(q.graph_name).startswith(f"<{derived}")}
    assert lost
    assert not any(quad.graph_name == node(graph) for quad in shorter)
    assert handled(served, "PUT", named(graph), data, TRIG).status == 201
    after = quads(served)
    assert {q for q in before if q.graph_name != PROVENANCE_GRAPH} == {
        q for q in after if q.graph_name != PROVENANCE_GRAPH
    }
    made = list(served.kg.quads(node(graph), PROV.wasGeneratedBy))
    assert len(made) == 1 and "/put-" in str(made[0].object)
    assert handled(served, "PUT", named(graph), data, TRIG).status == 204
    assert quads(served) == after


def test_what_does_not_conform_is_refused_with_the_findings(served: Served) -> None:
    reply = handled(served, "PUT", named(SMALL), SMALL_DOCUMENT, TRIG)
    assert reply.status == 422
    details = reply.json["error"]["details"]
    assert {detail["severity"] for detail in details} == {"Violation"}
    assert any("claim:somebody-came" in detail["message"] for detail in details)
    assert all(detail["message"] and "focus" in detail and "hint" in detail for detail in details)


def test_removing_what_others_refer_to_is_refused(served: Served) -> None:
    reply = handled(served, "DELETE", named("entitygraph:people"))
    assert reply.status == 422
    said = [detail["message"] for detail in reply.json["error"]["details"]]
    assert any("described nowhere" in message for message in said)


@pytest.mark.parametrize(
    ("body", "kind", "status", "said"),
    [
        ("<x:s> <x:p> .", "text/turtle", 400, "not a valid RDF object"),
        ("<x:s> <x:p> [ <x:q> 1 ] .\n<x:s <x:p> 1 .", "text/turtle", 400, ""),
        ("_:a <x:p> 1 .", "text/turtle", 400, "is not the object of anything"),
        ('<x:s> ckg:edtf "2025-99" .', "text/turtle", 400, ""),
        ("<x:s> <x:p> 1 .\n<https://e.org/h> { <x:s> <x:p> 1 }", "application/trig", 400, "graph"),
        (
            '<!DOCTYPE x [<!ENTITY a "aaaa">]><rdf:RDF xmlns:rdf='
            '"http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
            "application/rdf+xml",
            400,
            "document type",
        ),
        ("<x:s> <x:p> " + "[ <x:p> " * 5000 + "1" + "]" * 5000 + " .", "text/turtle", 400, "deep"),
        ('[{"@context": "http://127.0.0.1:9/c", "a": 1}]', "application/ld+json", 400, ""),
        (b"\xff\xfe<\x00", "text/turtle", 400, "UTF-16"),
    ],
    ids=["cut", "wrong", "blank", "date", "graph", "entities", "nesting", "context", "encoding"],
)
def test_rdf_that_is_wrong_or_hostile_is_refused(
    body: str | bytes, kind: str, status: int, said: str, served: Served
) -> None:
    before = quads(served)
    reply = handled(served, "PUT", "/store?graph=https://e.org/g", body, {"Content-Type": kind})
    assert reply.status == status
    assert said in reply.json["error"]["message"]
    assert quads(served) == before


def test_triples_outside_any_graph_are_not_taken(served: Served) -> None:
    reply = handled(served, "PUT", "/store?default", "<x:s> <x:p> <x:o> .", TURTLE)
    assert reply.status == 422
    update = "INSERT DATA { <x:s> <x:p> <x:o> }"
    assert handled(served, "POST", "/sparql", update, UPDATE).status == 422


def test_relative_iris_are_relative_to_the_graph(served: Served) -> None:
    body = "<b> <c> <> , <#d> ."
    assert handled(served, "PUT", "/store?graph=https://e.org/a", body, TURTLE).status == 201
    triples = {quad.triple for quad in served.kg.quads(graph=n("a"))}
    assert triples == {ox.Triple(n("b"), n("c"), n("a")), ox.Triple(n("b"), n("c"), n("a#d"))}


def test_what_is_added_joins_what_is_there(served: Served) -> None:
    triple = '<https://w3id.org/conflictkg/id/place/graivoron> skos:altLabel "Graiworon"@de .'
    body = f"@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n{triple}"
    graph = "entitygraph:places"
    before = {quad.triple for quad in served.kg.quads(graph=node(graph))}
    assert handled(served, "POST", named(graph), body, TURTLE).status == 204
    after = {quad.triple for quad in served.kg.quads(graph=node(graph))}
    assert before < after and len(after - before) == 1
    licensed = served.kg.quads(node(graph), node("dcterms:license"))
    assert "creativecommons" in str(next(licensed).object)


@pytest.mark.parametrize(
    ("update", "status"),
    [
        ('INSERT DATA { GRAPH <x:g> { place:graivoron skos:altLabel "Graiworon"@de } }', 204),
        ("INSERT DATA { GRAPH <x:g> { place:graivoron ckg:nope 1 } }", 422),
        ("DELETE DATA { GRAPH entitygraph:people { person:andriy-kovalenko a ckg:Person } }", 422),
        ("CLEAR GRAPH derivedgraph:change", 403),
        ("DELETE WHERE { GRAPH ?g { ?s a ckg:Change } }", 403),
        ("DROP GRAPH graph:provenance", 403),
        ("INSERT DATA { GRAPH <x:g> { <x:s> <x:p> [ <x:q> 1 ] } }", 204),
        ("INSERT DATA { GRAPH <x:g> { [] <x:p> 1 } }", 422),
    ],
)
def test_an_update_is_checked_as_a_graph_is(update: str, status: int, served: Served) -> None:
    reply = handled(served, "POST", "/sparql", update, UPDATE)
    assert reply.status == status, reply.text
    if status == 204:
        held = list(served.kg.quads(graph=ox.NamedNode("x:g")))
        assert held and not any(isinstance(q.object, ox.BlankNode) for q in held)
        assert list(served.kg.quads(ox.NamedNode("x:g"), PROV.wasGeneratedBy))


def test_an_update_of_a_statement_is_followed_by_the_rules(served: Served) -> None:
    denies = "?stance ckg:attitude attitude:denies"
    speaker = "?s ckg:speaker person:andriy-kovalenko ; ckg:expresses ?stance"
    update = (
        f"DELETE {{ GRAPH ?g {{ {denies} }} }} "
        "INSERT { GRAPH ?g { ?stance ckg:attitude attitude:asserts } } "
        f"WHERE {{ {speaker} GRAPH ?g {{ {denies} }} }}"
    )
    person = node("person:andriy-kovalenko")
    of_him = {quad.subject for quad in served.kg.quads(None, CKG.speaker, person)}
    before = [q for q in served.kg.quads(None, CKG.denies) if q.subject in of_him]
    assert before
    assert handled(served, "POST", "/sparql", update, UPDATE).status == 204
    assert not [q for q in served.kg.quads(None, CKG.denies) if q.subject in of_him]
    for quad in before:
        assert list(served.kg.quads(quad.subject, CKG.asserts, quad.object))


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { GRAPH <x:g> { place:graivoron ckg:nope 1 } }",
        "PREFIX h: <x:> INSERT DATA { GRAPH h:g { place:graivoron ckg:nope 1 } }",
        "BASE <x:a/b> INSERT DATA { GRAPH <g> { place:graivoron ckg:nope 1 } }",
        "INSERT { GRAPH ?g { place:graivoron ckg:nope 1 } } WHERE { BIND(<x:g> AS ?g) }",
        "INSERT { GRAPH ?g { ?s ckg:nope 1 } } WHERE { GRAPH ?g { ?s a ckg:Place } }",
        "WITH <x:g> INSERT { ?s ckg:nope 1 } WHERE { GRAPH ?g { ?s a ckg:Place } }",
        "INSERT { GRAPH <x:\\u0067> { ?s ckg:nope 1 } } WHERE { ?s a ckg:Place }",
        "INSERT { GRAPH <x:g> { ?s ckg:nope 1 } } WHERE { ?s a ?o FILTER(?s<'x>') FILTER('y'>?s) }",
    ],
)
def test_no_update_gets_past_the_shapes(update: str, served: Served) -> None:
    reply = handled(served, "POST", "/sparql", update, UPDATE)
    if reply.status == 204:
        assert not list(served.kg.quads(None, CKG.nope))
    else:
        assert reply.status == 422 and "ckg:nope" in reply.text


def test_a_server_that_does_not_validate_keeps_what_comes_as_it_comes() -> None:
    held = plain()
    body = "<a> <p> [ <q> 1 ], [ <q> 1 ] ."
    assert handled(held, "PUT", "/store/some/where", body, TURTLE).status == 201
    graph = ox.NamedNode("http://127.0.0.1:7979/store/some/where")
    kept = list(held.kg.quads(graph=graph))
    assert len(kept) == 4 and len(quads(held)) == 4
    assert {q.subject for q in kept if not isinstance(q.subject, ox.BlankNode)} == {
        ox.NamedNode("http://127.0.0.1:7979/store/some/a")
    }
    assert handled(held, "GET", "/store/some/where").status == 200
    assert handled(held, "DELETE", "/store/some/where").status == 204
    assert not quads(held)


def test_a_graph_without_a_name_gets_one() -> None:
    held = plain()
    replies = [handled(held, "POST", "/store", f"<x:s> <x:p> {at} .", TURTLE) for at in (1, 2)]
    where = [reply.headers["location"] for reply in replies]
    assert [reply.status for reply in replies] == [201, 201] and len(set(where)) == 2
    for location in where:
        target = location.removeprefix("http://127.0.0.1:7979")
        assert handled(held, "GET", target).status == 200


def test_parts_of_a_form_are_added_together() -> None:
    held = plain()
    parts = (("text/turtle", "<x:s> <x:p> 1 ."), ("application/n-triples", "<x:s> <x:p> <x:o> ."))
    body = "".join(
        f'--b\r\nContent-Disposition: form-data; name="f"\r\nContent-Type: {kind}\r\n\r\n{text}\r\n'
        for kind, text in parts
    )
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    target = "/store?graph=https://e.org/g"
    assert handled(held, "POST", target, body + "--b--\r\n", headers).status == 201
    assert len(quads(held)) == 2
    assert handled(held, "POST", target, "nothing", headers).status == 400


def accepted(reply: Reply) -> Reply:
    assert reply.status in (201, 204), reply.text
    return reply


def test_a_server_takes_a_document_whole_or_not_at_all(tmp_path: Path, real_folder: Path) -> None:
    shutil.copytree(real_folder, tmp_path / "store")
    graph = "docgraph:menafn-kursk-propagandists-2024-08-06"
    data = (GRAPHS / "documents" / "menafn-kursk-propagandists-2024-08-06.trig").read_bytes()
    with serving(tmp_path / "store", "--writable") as endpoint:
        before = _everything(endpoint)
        assert endpoint.request("PUT", named(SMALL), SMALL_DOCUMENT, TRIG).status == 422
        half = f"DROP GRAPH {graph} ; INSERT DATA {{ <x:s> <x:p> 1 }}"
        assert endpoint.update(half).status == 422
        assert _everything(endpoint) == before
        accepted(endpoint.request("DELETE", named(graph)))
        assert endpoint.request("GET", named(graph)).status == 404
        accepted(endpoint.request("PUT", named(graph), data, TRIG))
        nobody = Endpoint(endpoint.url)
        assert nobody.request("DELETE", named(graph)).status == 401
    with serving(tmp_path / "store") as endpoint:
        stripped = {q for q in before if q.graph_name != PROVENANCE_GRAPH}
        after = {q for q in _everything(endpoint) if q.graph_name != PROVENANCE_GRAPH}
        assert stripped == after


def _everything(endpoint: Endpoint) -> set[ox.Quad]:
    reply = endpoint.request("GET", "/store", headers={"Accept": "application/n-quads"})
    return set(ox.parse(reply.body, format=ox.RdfFormat.N_QUADS))
