"""The history of a speaker: as objects, on the command line, and as one SPARQL query."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest

from conflictkg.graph import ConflictGraph
from conflictkg.history import History, history
from conflictkg.queries import ask, question
from conflictkg.store import LocalStore
from conflictkg.terms import bundled, node, shrink
from conftest import Run
from world import claim, statement, world

KOVALENKO = node("person:andriy-kovalenko")
BORDER = node("issue:defence-forces-at-border")


@pytest.fixture(scope="module")
def told(real_store: LocalStore) -> History:
    return history(real_store, KOVALENKO)


def test_statements_stand_issue_by_issue_in_time(told: History) -> None:
    assert len(told.statements) > 30
    assert len({thread.issue.iri for thread in told.threads}) == len(told.threads)
    for thread in told.threads:
        for change in (c for entry in thread.entries for c in entry.changes):
            order = [entry.statement.iri for entry in thread.entries]
            if change.kind != "orderUnknown":
                assert order.index(change.before) < order.index(change.after), change


def test_the_change_of_march_2025_stands_beside_the_verdict_of_the_article(told: History) -> None:
    thread = next(t for t in told.threads if t.issue.iri == BORDER.value)
    entry = thread.entries[-1]
    assert shrink(entry.statement.iri) == "statement:kovalenko-2025-03-24-sumy-border"
    (change,) = entry.changes
    assert (change.kind, set(change.aspects)) == (
        "shiftsFocus",
        {"aim", "object", "place", "subject"},
    )
    assert "border area of Belgorod Oblast" in change.values
    (verdict,) = (v for v in entry.verdicts if v.relation == "distorts")
    assert verdict.agreement == "agrees"
    assert verdict.who.startswith("Espreso")
    assert entry.current


def test_a_history_can_be_narrowed(real_store: LocalStore) -> None:
    only = history(real_store, KOVALENKO, issue=BORDER)
    assert [thread.issue.iri for thread in only.threads] == [BORDER.value]
    march = history(
        real_store, KOVALENKO, since=date(2025, 3, 20), until=date(2025, 3, 31), issue=BORDER
    )
    assert [shrink(s.iri) for s in march.statements] == [
        "statement:kovalenko-2025-03-24-sumy-border"
    ]
    page = node("document:espreso-belgorod-2025-04")
    told = history(real_store, KOVALENKO, document=page)
    assert {shrink(s.iri) for s in told.statements} == {
        "statement:kovalenko-2025-03-18-acting",
        "statement:kovalenko-2025-03-24-sumy-border",
    }
    assert {d.iri for s in told.statements for d in s.documents} == {page.value}


def test_an_institution_has_the_statements_of_the_holders_of_its_posts(
    real_store: LocalStore, told: History
) -> None:
    center = history(real_store, node("organization:center-for-countering-disinformation"))
    mine = {s.iri for s in told.statements if s.capacity}
    assert mine <= {s.iri for s in center.statements}


def test_an_order_that_is_unknown_is_told_as_such() -> None:
    store = world(
        statement("a", "person:x", "2025-03-18", "denies certain c")
        + statement("b", "person:x", "2025-03-18", "asserts certain c")
        + claim("c")
    )
    (thread,) = history(store, node("person:x")).threads
    kinds = [change.kind for entry in thread.entries for change in entry.changes]
    assert kinds == ["orderUnknown"]
    assert all(entry.current for entry in thread.entries)


def test_somebody_who_said_nothing_has_an_empty_history(real_store: LocalStore) -> None:
    assert history(real_store, node("person:nobody")).threads == ()


def test_one_plain_query_of_at_most_25_lines_gives_the_same(
    real_store: LocalStore, told: History
) -> None:
    text = (bundled("queries") / "history.rq").read_text("utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert len(lines) <= 25
    answer = ask(real_store, question("history"), {"speaker": "Kovalenko"})
    at = {name: answer.columns.index(name) for name in answer.columns}
    rows = [[getattr(term, "value", "") for term in row] for row in answer.rows]
    quoted = {(r[at["statement"]], r[at["question"]], r[at["quote"]]) for r in rows}
    assert quoted == {
        (entry.statement.iri, thread.issue.label, report.quote)
        for thread in told.threads
        for entry in thread.entries
        for report in entry.statement.reports
    }
    mine = {s.iri for s in told.statements}
    changed = {(r[at["statement"]], r[at["question"]], r[at["why"]]) for r in rows if r[at["why"]]}
    assert {
        (entry.statement.iri, thread.issue.label, change.why)
        for thread in told.threads
        for entry in thread.entries
        for change in entry.changes
        if change.kind != "orderUnknown" and change.before in mine
    } <= changed


def test_the_command_line_tells_it_as_text_json_csv_and_markdown(
    run: Run, real_folder: Path
) -> None:
    words = ("history", "Kovalenko", "--issue", BORDER.value, "--store", str(real_folder))
    text = run(*words).stdout
    assert "↓ shifts focus" in text
    assert "verdict, Espreso" in text
    assert all(len(line) <= 110 or "http" in line for line in text.splitlines())
    as_json = json.loads(run(*words, "--json").stdout)
    assert as_json["threads"][0]["entries"][-1]["changes"][0]["kind"] == "shiftsFocus"
    rows = list(csv.DictReader(io.StringIO(run(*words, "--csv").stdout)))
    assert any(row["change"] == "shiftsFocus" for row in rows)
    assert run(*words, "--markdown").stdout.startswith("# Andriy Kovalenko")
    assert run("history", "Nobody Known", "--store", str(real_folder)).returncode == 2
    assert run(*words, "--since", "soon").returncode == 2


def test_a_history_by_all_its_issues_is_the_whole_one(kg: ConflictGraph) -> None:
    speaker = kg.find("Kovalenko", kind="agent")
    whole = history(kg.store, speaker)
    issues = [kg.find(thread.issue.iri) for thread in whole.threads]
    assert len(issues) > 20
    assert history(kg.store, speaker, issue=issues) == whole
