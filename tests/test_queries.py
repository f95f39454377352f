"""Named questions: their headers, their parameters, and their answers on the real graph."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflictkg import queries
from conflictkg.errors import AmbiguousName, InputError, NameNotFound, QueryError
from conflictkg.graph import ConflictGraph
from conflictkg.queries import NamedQuestion, Parameter, ask, bind, parse_question, question
from conflictkg.resolve import Names
from conflictkg.store import LocalStore, open_store, with_values
from conflictkg.terms import node
from expected import answered, expected, rows

ALL = list(queries.questions())
REQUIRED = {
    *("statements-by", "sources-of", "who-said-about-place", "claims-on-issue", "quantities"),
    *("aliases", "relay-chains", "unattributed", "timeline", "graph-provenance"),
}
SEED = "document:espreso-belgorod-2025-04"


def by_name(one: NamedQuestion) -> str:
    return one.name


@pytest.fixture(scope="session")
def names(real_store: LocalStore) -> Names:
    return Names(real_store)


def test_every_agreed_question_is_there() -> None:
    assert {one.name for one in ALL} >= REQUIRED


@pytest.mark.parametrize("one", ALL, ids=by_name)
def test_a_competency_question_has_its_expected_answer(
    one: NamedQuestion, real_store: LocalStore
) -> None:
    hint = "is this right? then: python -m tests.expected, and review the difference"
    assert rows(expected(one.name)), f"{one.name} has no expected answer; {hint}"
    assert rows(answered(real_store, one)) == rows(expected(one.name)), hint


@pytest.mark.parametrize("one", ALL, ids=by_name)
def test_the_answer_is_the_same_from_disk(one: NamedQuestion, real_folder: Path) -> None:
    assert rows(answered(open_store(real_folder), one)) == rows(expected(one.name))


@pytest.mark.parametrize("one", ALL, ids=by_name)
def test_binding_by_values_alone_as_endpoints_do_gives_the_same_answer(
    one: NamedQuestion, real_store: LocalStore, names: Names
) -> None:
    bound = bind(one, dict(one.example), names)
    here = queries.run_question(real_store, one, bound)
    there = real_store.query(with_values(one.sparql, bound))
    assert isinstance(here, ox.QuerySolutions) and isinstance(there, ox.QuerySolutions)
    assert [list(row) for row in here] == [list(row) for row in there]


@pytest.mark.parametrize("one", ALL, ids=by_name)
def test_a_question_says_what_it_answers_and_can_bind_what_it_takes(
    one: NamedQuestion, real_store: LocalStore
) -> None:
    assert one.summary.endswith((".", "?"))
    assert len(one.summary) <= 110
    assert len(one.sparql.splitlines()) <= 75, "a stranger should be able to read it"
    results = real_store.query(f"{one.sparql} LIMIT 0")
    assert isinstance(results, ox.QuerySolutions)
    selected = {variable.value for variable in results.variables}
    assert {parameter.name for parameter in one.parameters} <= selected
    assert set(one.view) <= selected


@pytest.mark.parametrize("one", ALL, ids=by_name)
def test_no_row_comes_twice(one: NamedQuestion, real_store: LocalStore) -> None:
    required = {p.name for p in one.parameters if p.required}
    few = {name: value for name, value in one.example if name in required}
    found = list(ask(real_store, one, few).rows)
    assert len(found) == len(set(found))


def test_kovalenko_said_two_things_in_the_seed_article(real_store: LocalStore) -> None:
    answer = ask(real_store, question("statements-by"), {"speaker": "Kovalenko", "document": SEED})
    at = {name: place for place, name in enumerate(answer.columns)}
    found = {(str(row[at["said"]].value), row[at["quote"]].value) for row in answer.rows}  # type: ignore[union-attr]
    assert {said for said, _ in found} == {"2025-03-18", "2025-03-24"}
    assert any("are acting and neutralizing threats" in quote for _, quote in found)


def test_several_passages_of_a_document_do_not_multiply_stances(real_store: LocalStore) -> None:
    speaker = "person:emil-kastehelmi"
    passages, stances = (
        len(list(real_store.query(f"SELECT DISTINCT ?x {{ GRAPH ?g {{ {pattern} }} }}")))  # type: ignore[arg-type]
        for pattern in (
            f"?x ckg:inDocument {SEED} ; ckg:reports ?s . ?s ckg:speaker {speaker}",
            f"?s ckg:speaker {speaker} ; ckg:expresses ?x . ?x ckg:accordingTo {SEED}",
        )
    )
    answer = ask(real_store, question("statements-by"), {"speaker": speaker, "document": SEED})
    found = list(answer.rows)
    assert passages > 1
    assert len(found) == stances
    quotes = {row[answer.columns.index("quote")].value for row in found}  # type: ignore[union-attr]
    assert all(quote.count(" … ") == passages - 1 for quote in quotes)


def test_what_is_not_given_restricts_nothing(real_store: LocalStore) -> None:
    timeline = question("timeline")
    everything = len(list(ask(real_store, timeline).rows))
    march = {"since": "2025-03-01", "until": "2025-03-31"}
    in_march = len(list(ask(real_store, timeline, march).rows))
    by_him = len(list(ask(real_store, timeline, {**march, "speaker": "Kovalenko"}).rows))
    assert everything > in_march > by_him > 0


@pytest.mark.parametrize(
    "spelling", ["Kovalenko", "Коваленко", "andrii kovalenko", "Андрей КОВАЛЕНКО"]
)
def test_a_speaker_is_given_in_any_spelling(spelling: str, names: Names) -> None:
    bound = bind(question("statements-by"), {"speaker": spelling}, names)
    assert bound == {"speaker": node("person:andriy-kovalenko")}


def test_a_value_is_bound_and_never_pasted(real_store: LocalStore) -> None:
    asked = parse_question("#+ parameters:\n#+   - x: text\nSELECT ?x { BIND(1 AS ?y) }")
    hostile = '" } ; DROP ALL #'
    (row,) = queries.run_question(real_store, asked, bind(asked, {"x": hostile}, Names(real_store)))  # type: ignore[misc]
    assert row["x"].value == hostile  # type: ignore[index]


def test_parameters_are_told_from_what_is_wrong_with_them(names: Names) -> None:
    asked = question("statements-by")
    with pytest.raises(QueryError, match="needs to know which speaker"):
        bind(asked, {}, names)
    with pytest.raises(QueryError, match="does not take “speakr”") as wrong:
        bind(asked, {"speakr": "Kovalenko"}, names)
    assert wrong.value.hint == "did you mean speaker?"
    with pytest.raises(InputError, match="“March” is not a day"):
        bind(question("timeline"), {"since": "March"}, names)
    with pytest.raises(AmbiguousName, match="place:popovka-sumy"):
        bind(question("who-said-about-place"), {"place": "Поповка"}, names)
    with pytest.raises(NameNotFound, match="is not one of the kinds"):
        bind(asked, {"speaker": "place:demydivka"}, names)


def test_an_unknown_question_lists_near_names() -> None:
    with pytest.raises(NameNotFound) as unknown:
        question("statement-by")
    assert "statements-by" in unknown.value.hint


def test_a_header_is_read() -> None:
    asked = parse_question(
        "#+ summary: Who holds a place?\n"
        "#+ description: One row\n"
        "#+   for each side.\n"
        "#+ parameters:\n"
        "#+   - place: place\n"
        "#+   - about: claim or issue, optional\n"
        "#+   - since: date\n"
        "#+ defaults:\n"
        "#+   - since: 2025-01-01\n"
        "#+ view: place, side\n"
        "#+ example:\n"
        "#+   - place: Demydivka\n"
        "SELECT ...",
        name="control",
    )
    assert asked.summary == "Who holds a place?"
    assert asked.description == "One row for each side."
    assert asked.parameters == (
        Parameter("place", ("place",)),
        Parameter("about", ("claim", "issue"), required=False),
        Parameter("since", ("date",), required=False, default="2025-01-01"),
    )
    assert asked.view == ("place", "side")
    assert asked.example == (("place", "Demydivka"),)


@pytest.mark.parametrize(
    ("header", "line", "said"),
    [
        ("#+ sumary: x", 1, "is not part of a header"),
        ("#+ summary: x\n#+ summary: y", 2, "cannot stand here"),
        ("#+ parameters: place", 1, "cannot stand here"),
        ("#+ parameters:\n#+   - place", 2, "is not part of a header"),
        ("#+ parameters:\n#+   - place: village", 2, "does not say what the parameter place takes"),
        ("#+ parameters:\n#+   - place: place, maybe", 2, "does not say"),
        ("#+ defaults:\n#+   - place: x", 2, "is not a parameter"),
        ("#+   - place: place", 1, "is not part of a header"),
    ],
)
def test_a_bad_header_is_told_with_file_and_line(header: str, line: int, said: str) -> None:
    with pytest.raises(InputError, match=said) as wrong:
        parse_question(f"{header}\nSELECT * {{}}", source="mine.rq")
    assert wrong.value.line == line
    assert str(wrong.value).startswith(f"mine.rq:{line}: ")


@given(st.text(max_size=200))
def test_any_text_is_a_question_or_a_clear_error(text: str) -> None:
    try:
        assert parse_question(text).sparql == text
    except InputError as error:
        assert error.line


def test_bad_sparql_is_told_with_line_and_column(real_store: LocalStore) -> None:
    with pytest.raises(QueryError, match="line 2, column 15") as wrong:
        queries.run(real_store, "SELECT *\n{ ?s a nope:It }")
    assert "unknown prefix “nope:”" in wrong.value.message
    with pytest.raises(InputError, match=r"mine\.rq:1: ") as placed:
        queries.run(real_store, "SELECT * { ?s a ", source="mine.rq")
    assert placed.value.line == 1


def test_a_query_that_nests_too_deeply_is_refused_before_it_is_parsed(
    real_store: LocalStore,
) -> None:
    with pytest.raises(QueryError, match="nests more than"):
        queries.run(real_store, "SELECT * { FILTER(" + "(" * 10_000 + "1" + ")" * 10_000 + ") }")


def test_a_value_for_a_variable_that_is_not_selected_is_refused(real_store: LocalStore) -> None:
    with pytest.raises(QueryError) as wrong:
        queries.run(real_store, "SELECT ?s { ?s ?p ?o }", {"o": ox.Literal("x")})
    assert "only for a variable that the query selects" in wrong.value.hint


def test_no_quote_is_lost_where_another_passage_has_none(kg: ConflictGraph) -> None:
    every = kg.query(
        "SELECT ?speaker ?statement ?title ?words { GRAPH ?g { ?statement ckg:speaker ?speaker ; "
        "ckg:expresses ?stance . ?report ckg:reports ?statement ; ckg:inDocument ?document ; "
        "oa:hasSelector ?selector . ?selector oa:exact ?words . ?document dcterms:title ?title } }"
    )
    quotes = {(row["speaker"], row["statement"], row["title"], row["words"]) for row in every}
    told: dict[tuple[object, ...], str] = {}
    for speaker in {speaker for speaker, *_ in quotes}:
        for row in kg.query("statements-by", speaker=str(speaker)):
            key = (speaker, row["statement"], row["title"])  # copies may share a title
            told[key] = told.get(key, "") + str(row["quote"])
    assert len(quotes) > 50
    for speaker, statement, title, words in quotes:
        assert str(words) in told[speaker, statement, title], (statement, title)
