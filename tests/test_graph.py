"""ConflictGraph: what Python users hold, on the real graph."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest

import conflictkg
from conflictkg import ConflictGraph, NameNotFound, QueryError, StoreError, open_graph
from conflictkg.model import Claim, Document, Issue, Person, Place, Statement
from conflictkg.store import RemoteStore

SEED = "document:espreso-belgorod-2025-04"


def test_the_seed_holds_two_statements_of_kovalenko(kg: ConflictGraph) -> None:
    found = list(kg.statements(by="Kovalenko", document=SEED))
    assert [str(s.earliest) for s in found] == ["2025-03-18", "2025-03-24"]
    acting = found[0]
    quotes = [
        r.quote for r in acting.reports if r.document.iri.endswith("espreso-belgorod-2025-04")
    ]
    assert quotes == ["are acting and neutralizing threats to the territory of Ukraine"]
    assert acting.capacity.iri.endswith("head-of-center-for-countering-disinformation")


def test_on_one_day_he_denies_and_says_that_forces_are_acting(kg: ConflictGraph) -> None:
    day = date(2025, 3, 18)
    found = {s.iri.rsplit("/", 1)[-1]: s for s in kg.statements(by="Kovalenko", said=(day, day))}
    denial = found["kovalenko-2025-03-18-denial"]
    acting = found["kovalenko-2025-03-18-acting"]
    assert "denies" in {stance.attitude for stance in denial.stances}
    assert {stance.attitude for stance in acting.stances} == {"asserts"}
    assert any(report.quote for report in denial.reports)


def test_a_thing_is_found_by_any_spelling_curie_or_object(kg: ConflictGraph) -> None:
    kovalenko = kg["Андрій Коваленко"]
    assert isinstance(kovalenko, Person)
    assert kg["person/andriy-kovalenko"] == kg["person:andriy-kovalenko"] == kovalenko
    assert kg.find(kovalenko) == kg.find("Kovalenko")
    assert isinstance(kg["Demydivka"], Place)
    assert isinstance(kg[SEED], Document)


def test_every_noun_has_a_view(kg: ConflictGraph) -> None:
    statement = next(kg.statements(document=SEED))
    claim = statement.stances[0].claim
    assert isinstance(kg[statement.iri], Statement)
    assert isinstance(kg[claim.iri], Claim)
    assert isinstance(kg[claim.issues[0].iri], Issue)
    issue = kg.view(claim.issues[0].iri)
    assert claim.iri in {contested.claim.iri for contested in issue.contested}
    document = kg.view(SEED)
    assert {report.statement for report in document.reports} == {
        told.iri for told in document.statements
    }


def test_no_value_comes_without_who_says_so(kg: ConflictGraph) -> None:
    place = kg.view("Demydivka")
    assert place.contested
    for contested in place.contested:
        assert contested.voices, contested.claim
        for voice in contested.voices:
            assert voice.statement.speaker.iri
            assert voice.statement.documents


def test_who_says_gives_voices_by_date_with_their_documents(kg: ConflictGraph) -> None:
    voices = kg.who_says("claim:demydivka-controlled-by-ukraine-2025-03-23")
    assert [voice.statement.speaker.label for voice in voices] == ["Vladimir Romanov"]
    assert "1 document" in str(voices[0])


def test_statements_are_filtered_by_all_that_is_given(kg: ConflictGraph) -> None:
    issue = "issue:control-of-demydivka"
    on_issue = {s.iri for s in kg.statements(issue=issue)}
    by_isw = {s.iri for s in kg.statements(by="ISW", issue=issue)}
    assert by_isw < on_issue
    about = {s.iri for s in kg.statements(about="Demydivka")}
    assert on_issue & about
    assert not list(kg.statements(by="Kovalenko", said=(None, date(2020, 1, 1))))


def test_issues_claims_and_documents_are_listed(kg: ConflictGraph) -> None:
    issues = list(kg.issues())
    assert len(issues) > 40 and all(issue.label.endswith("?") for issue in issues)
    claims = list(kg.claims("issue:control-of-demydivka"))
    assert claims and all("issue/control-of-demydivka" in str(c.issues) for c in claims)
    assert SEED.replace("document:", "") in " ".join(d.iri for d in kg.documents())


def test_objects_are_frozen_and_say_what_they_are(kg: ConflictGraph) -> None:
    statement = next(kg.statements(by="Kovalenko", document=SEED))
    with pytest.raises(dataclasses.FrozenInstanceError):
        statement.gist = "other"  # type: ignore[misc]
    assert str(statement).startswith("Andriy Kovalenko, 2025-03-18")
    assert "<blockquote>" in statement._repr_html_()
    assert "quads" in repr(kg) and "ckg:Statement" in kg._repr_html_()


def test_a_query_gives_rows_with_python_values_and_frames(kg: ConflictGraph) -> None:
    rows = kg.query(
        "SELECT ?s ?earliest ?end { ?s ckg:said/ckg:earliest ?earliest . ?r ckg:reports ?s ;"
        " oa:hasSelector/oa:refinedBy/oa:end ?end } ORDER BY ?end LIMIT 3"
    )
    assert rows.columns == ("s", "earliest", "end")
    assert isinstance(rows[0]["earliest"], date) and isinstance(rows[0]["end"], int)
    assert len(list(rows)) == len(rows) == 3
    assert list(rows.to_pandas().columns) == list(rows.columns)
    assert rows.to_polars().shape == (3, 3)
    assert "<table>" in rows._repr_html_()


def test_a_named_question_takes_names(kg: ConflictGraph) -> None:
    rows = kg.query("statements-by", speaker="Коваленко", document=SEED)
    assert len(rows) == 7
    with pytest.raises(NameNotFound):
        kg.query("statements-by", speaker="Nobody Whatsoever")
    with pytest.raises(NameNotFound, match="no question"):
        kg.query("statement-by")
    with pytest.raises(QueryError):
        kg.query("SELECT ?s { ?s ?p }")


def test_a_value_is_bound_and_never_becomes_part_of_the_query(kg: ConflictGraph) -> None:
    hostile = '"} INSERT DATA { <https://e.org/s> <https://e.org/p> 1 } #'
    rows = kg.query("SELECT ?name { ?s skos:prefLabel ?name }", name=hostile)
    assert len(rows) == 0


def test_search_finds_any_script(kg: ConflictGraph) -> None:
    for text in ("Демидовка", "demydivka", "Demidovka"):
        assert next(iter(kg.search(text))).curie == "place:demydivka"


def test_rdflib_sees_the_same_store_without_a_copy(kg: ConflictGraph) -> None:
    dataset = kg.rdflib
    statement = "https://w3id.org/conflictkg/ontology#Statement"
    query = f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a <{statement}> }}"
    (row,) = dataset.query(query)
    assert int(row[0]) == dict(kg.info().classes)["ckg:Statement"]
    with pytest.raises(StoreError, match="not a local store"):
        _ = ConflictGraph(RemoteStore("http://127.0.0.1:9/")).rdflib


def test_a_dump_opens_again(kg: ConflictGraph, tmp_path: Path) -> None:
    kg.dump(tmp_path / "seed.trig", graph="documents/espreso-belgorod-2025-04")
    (tmp_path / "documents").mkdir()
    (tmp_path / "seed.trig").rename(tmp_path / "documents" / "espreso-belgorod-2025-04.trig")
    again = open_graph(f"memory:{tmp_path}")
    seed = {s.iri for s in kg.statements(document=SEED)}
    assert {s.iri for s in again.statements(document=SEED)} == seed


def test_an_unknown_thing_is_an_error_that_helps(kg: ConflictGraph) -> None:
    with pytest.raises(NameNotFound):
        kg.view("person:nobody")
    with pytest.raises(conflictkg.ConflictkgError):
        kg.view("nosuchprefix:nobody")


def test_the_quotes_of_a_document_are_held_against_a_text(kg: ConflictGraph) -> None:
    states = {anchor.state for anchor in kg.anchor("an entirely different text", SEED)}
    assert {str(state) for state in states} == {"missing"}
