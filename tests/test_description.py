"""What the endpoint says of itself agrees with what it holds and can do."""

from __future__ import annotations

from collections import Counter

import pytest
import rdflib
from rdflib.namespace import DCTERMS, RDF, RDFS, SH, VOID

from conflictkg import queries
from conflictkg.graph import ConflictGraph
from conflictkg.terms import PREFIXES, expand
from conflictkg.terms import RDF as OUR_RDF
from conflictkg.web.http import Options, Served
from endpoint import handled

SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
HERE = rdflib.URIRef("http://127.0.0.1:7979/sparql")


def read(served: Served, path: str) -> rdflib.Graph:
    reply = handled(served, "GET", path, headers={"Accept": "text/turtle"})
    assert reply.status == 200
    return rdflib.Graph().parse(data=reply.body, format="turtle")


@pytest.fixture(scope="module")
def served(kg: ConflictGraph) -> Served:
    return Served(kg, "v1")


@pytest.fixture(scope="module")
def service(served: Served) -> rdflib.Graph:
    return read(served, "/sparql")


@pytest.fixture(scope="module")
def data(served: Served) -> rdflib.Graph:
    return read(served, "/void")


def number(graph: rdflib.Graph, node: object, property: rdflib.URIRef) -> int:
    return int(graph.value(node, property).toPython())  # type: ignore[union-attr, arg-type]


def test_the_service_says_what_it_can_do(service: rdflib.Graph, kg: ConflictGraph) -> None:
    (node,) = service.subjects(RDF.type, SD.Service)
    assert service.value(node, SD.endpoint) == HERE
    assert set(service.objects(node, SD.supportedLanguage)) == {SD.SPARQL11Query}
    assert set(service.objects(node, SD.feature)) == {SD.UnionDefaultGraph}
    formats = {str(o).rpartition("/")[2] for o in service.objects(node, SD.resultFormat)}
    assert {"SPARQL_Results_JSON", "SPARQL_Results_CSV", "Turtle", "JSON-LD", "RDF_XML"} <= formats
    assert str(service.value(node, SD.defaultEntailmentRegime)).endswith("/Simple")
    options = Options(strict_dataset=True, writable=True, services=("https://e.org/sparql",))
    other = read(Served(kg, "v1", options), "/sparql")
    (node,) = other.subjects(RDF.type, SD.Service)
    assert SD.SPARQL11Update in set(other.objects(node, SD.supportedLanguage))
    assert set(other.objects(node, SD.feature)) == {SD.BasicFederatedQuery}
    assert list(other.objects(node, SD.inputFormat))


def test_every_graph_is_described_with_its_size(data: rdflib.Graph, kg: ConflictGraph) -> None:
    counts = Counter(quad.graph_name for quad in kg.quads())
    described = {}
    for named in data.subjects(RDF.type, SD.NamedGraph):
        content = data.value(named, SD.graph)
        described[str(data.value(named, SD.name))] = number(data, content, VOID.triples)
    assert described == {graph.value: count for graph, count in counts.items()}  # type: ignore[union-attr]


def test_the_partitions_are_those_of_the_union(data: rdflib.Graph, kg: ConflictGraph) -> None:
    triples = {quad.triple for quad in kg.quads()}
    (dataset,) = data.subjects(RDF.type, VOID.Dataset)
    assert number(data, dataset, VOID.triples) == len(triples)
    assert number(data, dataset, VOID.distinctSubjects) == len({t.subject for t in triples})
    assert number(data, dataset, VOID.distinctObjects) == len({t.object for t in triples})
    classes = Counter(t.object for t in triples if t.predicate == OUR_RDF.type)
    parts = list(data.objects(dataset, VOID.classPartition))
    told = {str(data.value(p, VOID["class"])): number(data, p, VOID.entities) for p in parts}
    assert told == {cls.value: count for cls, count in classes.items()}
    assert number(data, dataset, VOID.classes) == len(classes)
    properties = list(data.objects(dataset, VOID.propertyPartition))
    used = Counter(t.predicate.value for t in triples)
    assert {
        str(data.value(p, VOID.property)): number(data, p, VOID.triples) for p in properties
    } == used
    speaker = next(
        p for p in properties if str(data.value(p, VOID.property)) == expand("ckg:speaker")
    )
    speakers = {t.object for t in triples if t.predicate.value == expand("ckg:speaker")}
    assert number(data, speaker, VOID.distinctObjects) == len(speakers)


def test_a_graph_has_partitions_of_its_own(data: rdflib.Graph, kg: ConflictGraph) -> None:
    people = rdflib.URIRef(expand("entitygraph:people"))
    named = next(data.subjects(SD.name, people))
    content = data.value(named, SD.graph)
    parts = data.objects(content, VOID.classPartition)
    told = {str(data.value(p, VOID["class"])): number(data, p, VOID.entities) for p in parts}
    persons = kg.query("SELECT ?p { GRAPH entitygraph:people { ?p a ckg:Person } }")
    assert told[expand("ckg:Person")] == len(persons)


def test_the_prefixes_and_the_named_questions_are_told(
    service: rdflib.Graph, kg: ConflictGraph
) -> None:
    declared = {
        str(service.value(one, SH.prefix)): str(service.value(one, SH.namespace))
        for one in service.objects(None, SH.declare)
    }
    assert declared == dict(PREFIXES)
    told = set(service.subjects(RDF.type, SH.SPARQLSelectExecutable))
    assert told == set(service.subjects(RDF.type, SH.SPARQLExecutable))
    named = {str(service.value(node, RDFS.label)): node for node in told}
    assert set(named) == {question.name for question in queries.questions()}
    for question in queries.questions():
        node = named[question.name]
        text = str(service.value(node, SH.select))
        assert text == question.sparql
        assert str(service.value(node, RDFS.comment)) == question.summary
        (holder,) = service.objects(node, SH.prefixes)
        assert list(service.objects(holder, SH.declare))


def test_a_named_question_runs_as_it_is_told(service: rdflib.Graph, served: Served) -> None:
    """With the declared prefixes before it, on an engine that knows none of them."""
    node = next(service.subjects(RDFS.label, rdflib.Literal("sources-of")))
    text = str(service.value(node, SH.select))
    direct = {"Content-Type": "application/sparql-query"}
    reply = handled(served, "POST", "/sparql", text, direct)
    assert reply.status == 200 and reply.json["results"]["bindings"]


def test_the_description_comes_in_other_forms_and_from_the_well_known_address(
    served: Served,
) -> None:
    reply = handled(served, "GET", "/.well-known/void")
    assert reply.status == 303 and reply.headers["location"] == "/void"
    accept = {"Accept": "application/rdf+xml"}
    xml = handled(served, "GET", "/sparql", headers=accept)
    assert len(rdflib.Graph().parse(data=xml.body, format="xml")) == len(read(served, "/sparql"))
    assert handled(served, "GET", "/void", headers={"Accept": "image/png"}).status == 406
    assert handled(served, "PUT", "/void").status == 405


def test_a_new_version_is_counted_anew(kg: ConflictGraph) -> None:
    import pyoxigraph as ox

    from conflictkg.store import LocalStore

    store = LocalStore(ox.Store(), "memory:")
    triple = (ox.NamedNode("x:s"), ox.NamedNode("x:p"), ox.NamedNode("x:o"))
    for version in range(3):
        served = Served(ConflictGraph(store), str(version), Options())
        graph = read(served, "/void")
        (dataset,) = graph.subjects(RDF.type, VOID.Dataset)
        assert number(graph, dataset, VOID.triples) == version
        assert graph.value(dataset, DCTERMS.license)
        store.oxigraph.add(ox.Quad(*triple[:2], ox.Literal(version), ox.NamedNode("x:g")))
