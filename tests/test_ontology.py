"""Hygiene of the ontology: rules that every term must keep, and consistency with the real graph."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from conflictkg.store import LocalStore
from conflictkg.terms import (
    CKG,
    OA,
    ORG,
    PREFIXES,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    XSD,
    bundled,
    node,
    shrink,
)

FILES = ("conflictkg.ttl", "schemes.ttl", "alignments.ttl", "shapes.ttl")
ROOT = Path(__file__).parent.parent
OWN = PREFIXES["ckg"]
NAMED_ELSEWHERE = {"owl", "rdf", "rdfs", "xsd", "skos"}


def triples(name: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(path=str(bundled("ontology") / name))]


CORE = triples("conflictkg.ttl")
SCHEMES = triples("schemes.ttl")
TERMS = sorted(
    {
        t.subject
        for t in CORE
        if isinstance(t.subject, ox.NamedNode) and t.subject.value.startswith(OWN)
    },
    key=str,
)
CONCEPTS = sorted(
    {t.subject for t in SCHEMES if t.predicate == RDF.type and t.object == SKOS.Concept}, key=str
)


def objects(some: list[ox.Triple], subject: object, predicate: ox.NamedNode) -> list[object]:
    return [t.object for t in some if t.subject == subject and t.predicate == predicate]


def id_of(term: object) -> str:
    return shrink(term.value) if isinstance(term, ox.NamedNode) else str(term)


@pytest.mark.parametrize("name", FILES)
def test_every_file_parses_alike_in_rdflib_and_pyoxigraph(name: str) -> None:
    from rdflib import Graph

    assert len(Graph().parse(bundled("ontology") / name)) == len(set(triples(name)))


def test_the_context_is_read_by_a_jsonld_processor_as_the_prefix_map() -> None:
    from pyld import jsonld

    context = json.loads(bundled("ontology/context.jsonld").read_text("utf-8"))
    expanded = jsonld.expand({**context, "@id": "person:a", "ckg:speaker": {"@id": "person:b"}})
    assert expanded == [
        {
            "@id": PREFIXES["person"] + "a",
            OWN + "speaker": [{"@id": PREFIXES["person"] + "b"}],
        }
    ]


def test_the_ontology_survives_a_jsonld_processor() -> None:
    from pyld import jsonld

    text = ox.serialize(CORE, format=ox.RdfFormat.JSON_LD)
    assert text is not None
    quads = jsonld.to_rdf(json.loads(text), {"format": "application/n-quads"})
    read = {q.triple for q in ox.parse(quads.encode(), format=ox.RdfFormat.N_QUADS)}
    named = {t for t in CORE if not isinstance(t.subject, ox.BlankNode)}
    assert {t for t in read if not isinstance(t.subject, ox.BlankNode)} == named


def test_examples_name_things_that_exist(real_store: LocalStore) -> None:
    named = {
        curie
        for t in CORE
        if t.predicate == SKOS.example and isinstance(t.object, ox.Literal)
        for curie in re.findall(r"\b([a-z]+:[A-Za-z0-9][\w.-]*\w)", t.object.value)
        if curie.split(":")[0] in PREFIXES and ".expresses-" not in curie
    }
    assert len(named) > 40
    for curie in sorted(named):
        assert next(real_store.match(node(curie)), None) or curie.startswith(
            ("schema:", "dcterms:", "prov:", "xsd:")
        ), curie


def test_there_are_about_sixty_own_terms() -> None:
    assert 40 <= len(TERMS) <= 60


@pytest.mark.parametrize("term", TERMS, ids=id_of)
def test_every_term_has_label_definition_example_and_status(term: ox.NamedNode) -> None:
    status = ox.NamedNode(PREFIXES["vs"] + "term_status")
    for predicate in (RDFS.label, SKOS.definition, SKOS.example, status):
        assert len(objects(CORE, term, predicate)) == 1, shrink(predicate.value)


@pytest.mark.parametrize("term", TERMS, ids=id_of)
def test_classes_are_upper_case_and_properties_lower_case(term: ox.NamedNode) -> None:
    kinds = {id_of(kind) for kind in objects(CORE, term, RDF.type)}
    local = term.value.removeprefix(OWN)
    assert local[0].isupper() == ("owl:Class" in kinds)
    assert len(kinds & {"owl:Class", "owl:ObjectProperty", "owl:DatatypeProperty"}) == 1


def test_labels_are_unique_without_regard_to_case() -> None:
    labels = Counter(str(t.object).lower() for t in CORE if t.predicate == RDFS.label)
    assert [label for label, count in labels.items() if count > 1] == []


def test_every_term_that_is_used_is_defined() -> None:
    used = {
        term
        for name in FILES
        for t in triples(name)
        for term in (t.subject, t.predicate, t.object)
        if isinstance(term, ox.NamedNode) and term.value.startswith(OWN)
    }
    assert used <= set(TERMS)


def test_every_term_is_used_by_the_real_graph_or_its_derived_graphs(
    real_store: LocalStore,
) -> None:
    ontology = ox.NamedNode("https://w3id.org/conflictkg/graph/ontology")
    unused = {
        shrink(term.value)
        for term in TERMS
        if all(q.graph_name == ontology for q in real_store.match(None, term))
        and all(q.graph_name == ontology for q in real_store.match(None, None, term))
    }
    schemes = {"ckg:functional"}
    assert unused - schemes == set()


@pytest.mark.parametrize("concept", CONCEPTS, ids=id_of)
def test_every_concept_has_one_label_one_definition_and_one_scheme(concept: ox.NamedNode) -> None:
    for predicate in (SKOS.prefLabel, SKOS.definition, SKOS.inScheme):
        assert len(objects(SCHEMES, concept, predicate)) == 1, shrink(predicate.value)


def test_the_scheme_of_a_concept_is_the_one_of_its_prefix() -> None:
    for concept in CONCEPTS:
        (scheme,) = objects(SCHEMES, concept, SKOS.inScheme)
        assert str(concept)[1:].startswith(str(scheme)[1:-1] + "/")


def test_labels_are_unique_within_a_scheme() -> None:
    labels = Counter(
        (str(objects(SCHEMES, concept, SKOS.inScheme)), str(objects(SCHEMES, concept, label)))
        for concept in CONCEPTS
        for label in [SKOS.prefLabel]
    )
    assert [label for label, count in labels.items() if count > 1] == []


def test_every_attitude_has_its_shortcut_property() -> None:
    attitudes = {
        str(concept)[1:-1].removeprefix(PREFIXES["attitude"])
        for concept in CONCEPTS
        if str(concept)[1:].startswith(PREFIXES["attitude"])
    }
    assert attitudes
    assert {OWN + name for name in attitudes} <= {term.value for term in TERMS}


def test_every_predicate_tells_its_subjects_and_quantities_how_they_compare() -> None:
    kinds = {"levelQuantity", "cumulativeQuantity", "incrementQuantity"}
    for concept in CONCEPTS:
        local = str(concept)[1:-1].removeprefix(PREFIXES["predicate"])
        if str(concept)[1:-1] == local or local in kinds:
            continue
        assert objects(SCHEMES, concept, SCHEMA.domainIncludes), local
        if SCHEMA.QuantitativeValue in objects(SCHEMES, concept, SCHEMA.rangeIncludes):
            (broader,) = objects(SCHEMES, concept, SKOS.broader)
            assert id_of(broader).removeprefix("predicate:") in kinds, local


@pytest.mark.parametrize("name", FILES[:3])
def test_blank_nodes_stand_only_in_lists_and_disjointness(name: str) -> None:
    for t in triples(name):
        if isinstance(t.subject, ox.BlankNode):
            assert id_of(t.predicate).startswith(("rdf:", "owl:members"))


def test_the_ontology_has_a_version_iri_and_a_licence() -> None:
    ontology = ox.NamedNode(OWN.rstrip("#"))
    assert objects(CORE, ontology, ox.NamedNode(PREFIXES["owl"] + "versionIRI"))
    assert objects(CORE, ontology, ox.NamedNode(PREFIXES["dcterms"] + "license"))


def test_alignments_bind_only_terms_of_ours_to_terms_of_others() -> None:
    for t in triples("alignments.ttl"):
        if isinstance(t.subject, ox.NamedNode) and t.subject.value.startswith(OWN):
            assert isinstance(t.object, ox.NamedNode)
            assert not t.object.value.startswith(OWN)


STORABLE = {"string", "integer", "decimal", "boolean", "date", "gYear", "gYearMonth", "dateTime"}


def test_only_datatypes_that_every_store_keeps_are_used(real_store: LocalStore) -> None:
    used = {
        q.object.datatype.value.removeprefix(PREFIXES["xsd"])
        for q in real_store.match()
        if isinstance(q.object, ox.Literal) and q.object.datatype.value.startswith(PREFIXES["xsd"])
    }
    assert used <= STORABLE
    assert XSD.date.value.removeprefix(PREFIXES["xsd"]) in used


def no_claimed_content(store: LocalStore) -> Iterator[ox.Quad]:
    for q in store.match():
        if q.predicate.value.startswith(PREFIXES["predicate"]):
            yield q


def test_no_claimed_content_is_a_plain_triple_in_any_graph(real_store: LocalStore) -> None:
    assert list(no_claimed_content(real_store)) == []
    for property in ("predicate:controlledBy", "ckg:controlledBy"):
        assert not bool(real_store.query(f"ASK {{ ?place {property} ?side }}"))
    assert bool(real_store.query("ASK { ?claim ckg:predicate predicate:controlledBy }"))


def _closure(store: LocalStore, *more: ox.Triple) -> list[str]:
    """Return the contradictions that the OWL 2 RL rules derive over ontology and graph."""
    import owlrl
    import rdflib

    text = io.BytesIO()
    ox.serialize(
        {*(q.triple for q in store.match()), *CORE, *triples("alignments.ttl"), *more},
        text,
        format=ox.RdfFormat.N_TRIPLES,
    )
    graph = rdflib.Graph().parse(data=text.getvalue(), format="nt")
    closure = owlrl.DeductiveClosure(owlrl.OWLRL_Semantics)
    closure.expand(graph)
    error = rdflib.URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
    return [str(o) for o in graph.objects(None, error)]


def test_owl_rl_finds_no_contradiction_in_ontology_and_graph(real_store: LocalStore) -> None:
    assert _closure(real_store) == []


def test_owl_rl_would_find_a_person_that_is_a_place() -> None:
    person = ox.NamedNode(PREFIXES["person"] + "andriy-kovalenko")
    empty = LocalStore(ox.Store(), "memory:")
    a_person = ox.Triple(person, RDF.type, CKG.Person)
    assert _closure(empty, a_person) == []
    found = _closure(empty, a_person, ox.Triple(person, RDF.type, CKG.Place))
    assert any("isjoint" in text for text in found)


def test_anchors_and_posts_use_the_terms_of_others(real_store: LocalStore) -> None:
    for term in (OA.TextQuoteSelector, OA.TextPositionSelector, ORG.Membership, ORG.Post):
        assert any(True for _ in real_store.match(None, RDF.type, term))
