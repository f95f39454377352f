"""Each shape has a case that breaks it, and finds that and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest

from conflictkg.terms import bundled, prologue
from conflictkg.validate import Finding, Severity, ontology, shapes, validate
from conflictkg.validate.findings import curie

FOLDER = Path(__file__).parent / "data" / "shapes"
CONFORMS = "conforms"


@dataclass(frozen=True, slots=True)
class Case:
    """One update of the conforming world and the findings it must yield, as lines."""

    file: str
    number: int
    expected: tuple[str, ...]
    update: str

    def __str__(self) -> str:
        return f"{self.file}-{self.number}-{self.expected[0].replace(' ', '-')}"


def read_cases() -> Iterator[Case]:
    for path in sorted(FOLDER.glob("*.ru")):
        for number, block in enumerate(path.read_text("utf-8").strip().split("\n\n"), 1):
            lines = block.splitlines()
            expected = tuple(line[3:] for line in lines if line.startswith("#+ "))
            update = "\n".join(line for line in lines if not line.startswith("#"))
            yield Case(path.stem, number, expected, update)


CASES = tuple(read_cases())
WORLD = tuple(ox.parse(path=str(FOLDER / "base.trig")))


def changed(*cases: Case) -> ox.Store:
    """Return the conforming world as one graph, with the updates of the cases."""
    store = ox.Store()
    store.extend(ox.Quad(*quad.triple) for quad in WORLD)
    for case in cases:
        store.update(prologue() + case.update)
    return store


def as_line(finding: Finding) -> str:
    parts = (
        shapes.local(finding.shape),
        finding.constraint,
        curie(finding.focus),
        curie(finding.value),
    )
    return " ".join(part for part in parts if part)


def test_the_world_that_the_cases_start_from_conforms() -> None:
    assert validate(WORLD) == ()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_case_yields_exactly_what_it_says(case: Case) -> None:
    found = {as_line(finding) for finding in validate(changed(case))}
    expected = set() if case.expected == (CONFORMS,) else set(case.expected)
    assert found == expected


def test_every_constraint_of_every_shape_has_a_case() -> None:
    wanted = {
        f"{shapes.local(shape.iri)} {constraint}"
        for shape in shapes.read().shapes.values()
        if shape.is_targeted
        for constraint in shape.constraints
    }
    have = {" ".join(line.split(" ")[:2]) for case in CASES for line in case.expected}
    assert wanted == have - {CONFORMS}


def test_every_shape_that_can_find_says_what_is_wrong_and_what_to_do() -> None:
    for shape in shapes.read().shapes.values():
        if shape.is_targeted and shape.constraints:
            assert shape.message.endswith("."), shape.iri
            assert shape.hint.endswith("."), shape.iri
            assert "{" not in shape.hint, shape.iri


def test_all_three_severities_are_used() -> None:
    used = {shape.severity for shape in shapes.read().shapes.values() if shape.is_targeted}
    assert used == set(Severity)


def test_every_predicate_of_the_scheme_is_refused_as_a_plain_property() -> None:
    triples = [quad.triple for quad in ox.parse(path=str(bundled("ontology/shapes.ttl")))]
    refused = {
        t.object
        for t in triples
        if t.subject == ox.NamedNode("https://w3id.org/conflictkg/shape/ClaimedContent")
        and t.predicate == ox.NamedNode("http://www.w3.org/ns/shacl#targetSubjectsOf")
    }
    scheme = ox.NamedNode("https://w3id.org/conflictkg/scheme/predicate")
    in_scheme = ox.NamedNode("http://www.w3.org/2004/02/skos/core#inScheme")
    assert refused == {
        t.subject for t in ontology.triples() if t.predicate == in_scheme and t.object == scheme
    }


def test_no_message_of_a_sparql_constraint_has_quotes_that_could_be_taken_for_a_literal() -> None:
    for shape in shapes.read().shapes.values():
        if "SPARQL" in shape.constraints:
            assert '"' not in shape.message + shape.hint, shape.iri
