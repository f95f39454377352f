"""conflictkg query and conflictkg search, as processes of their own."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import Run

SEED = "document=document:espreso-belgorod-2025-04"
ISSUES = "SELECT ?issue { ?issue a ckg:Issue } ORDER BY ?issue LIMIT 2"


def test_the_kovalenko_question_is_answered_by_name(run: Run, real_folder: Path) -> None:
    done = run(
        "query", "statements-by", "-p", "speaker=Коваленко", "-p", SEED, "--store", real_folder
    )
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout, newline="")))
    assert {row["said"] for row in rows} == {"2025-03-18", "2025-03-24"}
    assert "speaker" not in rows[0]


def test_a_pipe_gets_csv_and_the_options_change_it(run: Run, real_folder: Path) -> None:
    plain = run("query", ISSUES, "--store", real_folder)
    assert plain.stdout.splitlines()[0] == "issue"
    as_json = run("query", ISSUES, "--json", "--store", real_folder)
    assert len(json.loads(as_json.stdout)) == 2
    table = run("query", ISSUES, "--table", "--store", real_folder)
    assert "issue:" in table.stdout and "https://" not in table.stdout
    srj = run("query", ISSUES, "--format", "srj", "--store", real_folder)
    assert json.loads(srj.stdout)["head"] == {"vars": ["issue"]}


def test_a_question_comes_by_file_and_by_pipe_too(
    run: Run, real_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine.rq").write_text(
        "#+ parameters:\n#+   - place: place\nSELECT ?name ?place { ?place skos:prefLabel ?name }"
    )
    by_file = run("query", "mine.rq", "-p", "place=Demydivka", "--store", real_folder)
    assert "Демидівка" in by_file.stdout
    by_pipe = run("query", "-", "--store", real_folder, stdin=ISSUES)
    assert by_pipe.stdout == run("query", ISSUES, "--store", real_folder).stdout


def test_other_forms_than_select(run: Run, real_folder: Path) -> None:
    assert run("query", "ASK { ?s ?p ?o }", "--store", real_folder).stdout == "true\n"
    described = run("query", "DESCRIBE place:demydivka", "--store", real_folder)
    assert (
        described.stdout.startswith("@prefix") and "place:demydivka a ckg:Place" in described.stdout
    )
    lines = run("query", "DESCRIBE place:demydivka", "--format", "nt", "--store", real_folder)
    assert lines.stdout.startswith("<https://")
    wrong = run("query", "DESCRIBE place:demydivka", "--csv", "--store", real_folder)
    assert wrong.returncode == 2 and "triples cannot be written as csv" in wrong.stderr


def test_raw_sparql_takes_values_of_variables(run: Run, real_folder: Path) -> None:
    text = "SELECT ?name ?thing { ?thing skos:prefLabel ?name }"
    done = run("query", text, "-p", "thing=place:demydivka", "--store", real_folder)
    assert "Демидівка" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("statement-by",), "did you mean statements-by?"),
        (("statements-by",), "needs to know which speaker"),
        (("statements-by", "-p", "speaker=Kovalenka"), "did you mean Kovalenko"),
        (("who-said-about-place", "-p", "place=Поповка"), "place:popovka-sumy"),
        (("statements-by", "-p", "speaker"), "is not name=value"),
        (("statements-by", "-p", "speaker=a", "-p", "speaker=b"), "speaker is given twice"),
        (("SELECT ?s { ?s a nope:It }",), "unknown prefix “nope:”"),
        (("SELECT ?s { ?s a ",), "line 1, column"),
        (("gone.rq",), "gone.rq: there is no such file"),
        ((), "there is no question"),
        ((ISSUES, "--format", "docx"), "rows cannot be written as “docx”"),
    ],
)
def test_what_cannot_be_answered_ends_with_two_and_one_clear_sentence(
    words: tuple[str, ...], said: str, run: Run, real_folder: Path
) -> None:
    done = run("query", *words, "--store", real_folder)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_an_error_in_a_file_names_the_file_and_the_line(
    run: Run, real_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "bad.rq").write_text("#+ summary: Bad.\nSELECT *\n{ ?s a }")
    done = run("query", "bad.rq", "--store", real_folder)
    assert done.returncode == 2 and "bad.rq:3: " in done.stderr


def test_the_questions_are_listed_and_shown(run: Run) -> None:
    listed = run("query", "--list")
    assert "statements-by -p speaker=… [-p document=…]\n    All statements" in listed.stdout
    assert "SELECT" in run("query", "statements-by", "--show").stdout


def test_a_query_does_not_pay_for_what_it_does_not_use(real_folder: Path) -> None:
    words = ["query", "statements-by", "-p", "speaker=Kovalenko", "--store", str(real_folder)]
    program = (
        "import sys; from conflictkg.cli import main\n"
        f"main({words!r})\n"
        "heavy = {'numpy', 'rdflib', 'pyshacl', 'networkx', 'pandas', 'polars', 'edtf'}\n"
        "heavy &= set(sys.modules)\n"
        "sys.exit(repr(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


TOLD = """
import resource, signal, sys
from conflictkg import queries
from conflictkg.cli import main
run = queries.run_question
def told(*asked):
    print("asked", file=sys.stderr, flush=True)
    return run(*asked)
queries.run_question = told
resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where tests run aside
raise SystemExit(main(sys.argv[1:]))
"""


def test_a_long_query_can_be_interrupted(real_folder: Path) -> None:
    endless = "SELECT ?a ?b { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z } ORDER BY ?y ?x"
    words = [sys.executable, "-c", TOLD, "query", endless, "--store", str(real_folder)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == b"asked\n"
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert b"interrupted" in said


def test_a_reader_that_goes_away_is_no_error(real_folder: Path) -> None:
    words = [sys.executable, "-m", "conflictkg", "query", "SELECT * { ?s ?p ?o }"]
    with subprocess.Popen(
        [*words, "--store", str(real_folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
    assert process.returncode == 0
    assert said == b""


def test_a_terminal_gets_a_table_that_fits(real_folder: Path) -> None:
    import pty

    master, slave = pty.openpty()
    words = [sys.executable, "-m", "conflictkg", "query", "statements-by", "-p"]
    done = subprocess.run(
        [*words, "speaker=Kovalenko", "-p", SEED, "--store", str(real_folder)],
        stdout=slave,
        env={**os.environ, "COLUMNS": "90"},
    )
    os.close(slave)
    shown = os.read(master, 1 << 16).decode("utf-8", "replace").replace("\r\n", "\n")
    os.close(master)
    assert done.returncode == 0
    lines = shown.splitlines()
    assert lines[0].split() == ["said", "attitude", "certainty", "claim", "quote", "title"]
    assert all(len(line) <= 90 for line in lines)


def test_search_finds_names_in_any_script_and_texts_after_them(run: Run, real_folder: Path) -> None:
    done = run("search", "Demydivka", "--csv", "--store", real_folder)
    rows = list(csv.DictReader(io.StringIO(done.stdout, newline="")))
    assert rows[0]["thing"].endswith("/place/demydivka")
    assert run("search", "Демидівка", "--kind", "place", "--store", real_folder).returncode == 0


def test_search_that_finds_nothing_ends_with_one(run: Run, real_folder: Path) -> None:
    done = run("search", "zzzqqq", "--store", real_folder)
    assert done.returncode == 1
    assert "nothing is known by “zzzqqq”" in done.stderr
    assert run("search", "x", "--kind", "village", "--store", real_folder).returncode == 2
