from __future__ import annotations

import pyoxigraph as ox
import pytest

from conflictkg.graph import ConflictGraph
from conflictkg.terms import ID
from conflictkg.views import (
    claims_about,
    computed_about,
    neighbours,
    spoken_of,
    told_most,
    who_says,
)

DEMYDIVKA = ox.NamedNode(ID + "place/demydivka")
CONTROL = ox.NamedNode(ID + "issue/control-of-demydivka")


@pytest.mark.parametrize(
    "name", ["person/andriy-kovalenko", "organization/center-for-countering-disinformation"]
)
def test_the_issues_spoken_of_are_those_of_the_history(kg: ConflictGraph, name: str) -> None:
    """An institution speaks through the holders of its posts, here as there."""
    node = ox.NamedNode(ID + name)
    threads = kg.history(node.value).threads
    spoken = {one.issue: one for one in spoken_of(kg.store, node)}
    assert len(threads) >= 20
    assert {thread.issue.iri: len(thread.entries) for thread in threads} == {
        iri: len(one.said) for iri, one in spoken.items()
    }
    for thread in threads:
        first = min(str(e.statement.earliest or "9999") for e in thread.entries)
        assert spoken[thread.issue.iri].first == first


def test_claims_are_ranked_by_the_documents_that_tell_them(kg: ConflictGraph) -> None:
    ranked = told_most(kg.store, claims_about(kg.store, DEMYDIVKA))
    numbers = [number for _, number in ranked]
    assert numbers == sorted(numbers, reverse=True) and numbers[0] > 1
    told = who_says(kg.store, [claim for claim, _ in ranked])
    assert [len(contested.documents) for contested in told] == numbers


def test_neighbours_are_named_in_the_same_claims(kg: ConflictGraph) -> None:
    claims = claims_about(kg.store, DEMYDIVKA)
    found = neighbours(kg.store, claims, DEMYDIVKA)
    assert found and all(one.thing.iri != DEMYDIVKA.value and one.thing.label for one in found)
    for one in found[:5]:
        node = ox.NamedNode(one.thing.iri)
        shared = [c for c in claims_about(kg.store, node) if c in claims]
        told = who_says(kg.store, shared)
        assert one.claims == sum(bool(contested.documents) for contested in told)
        assert one.documents == len({d.iri for c in told for d in c.documents})
    assert neighbours(kg.store, [], DEMYDIVKA) == ()


def test_contradictions_of_an_issue_name_the_speakers_of_both_sides(kg: ConflictGraph) -> None:
    found = [one for one in computed_about(kg.store, CONTROL) if one.kind == "contradiction"]
    asked = {row["why"] for row in kg.query("contradictions", issue="issue:control-of-demydivka")}
    assert {one.why for one in found} == asked
    for one in found:
        for claim, speakers in one.claims:
            said = {voice.statement.speaker.iri for voice in kg.who_says(claim.iri)}
            assert {ref.iri for ref in speakers} == said
    two = next(one for one in found if len(one.claims) == 2)
    claim = ox.NamedNode(two.claims[0][0].iri)
    assert two.why in {one.why for one in computed_about(kg.store, claim)}
