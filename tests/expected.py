"""The expected answers of the named questions: one CSV file a question, reviewed by a person.

Each question is asked with its own example (``#+ example`` in its header) of the real graph. The
file holds the whole answer, but for the columns that differ from build to build. After a change to
the graph that should change an answer, write the files anew and read what git says has changed:

    python -m tests.expected            (all questions; or name some)
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from conflictkg.load import build_in_memory
from conflictkg.queries import Answer, NamedQuestion, ask, questions
from conflictkg.store import Reader
from conflictkg.tables import write

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "queries" / "expected"

VOLATILE = {"sha256", "time", "software"}
"""Columns that are not compared: they change with every build, edit or version."""


def answered(reader: Reader, question: NamedQuestion) -> str:
    """Return the answer to a question's example as CSV, without the volatile columns."""
    answer = ask(reader, question, dict(question.example))
    kept = [at for at, name in enumerate(answer.columns) if name not in VOLATILE]
    columns = tuple(answer.columns[at] for at in kept)
    rows = (tuple(row[at] for at in kept) for row in answer.rows)
    output = io.StringIO(newline="")
    write(Answer(columns, rows), "csv", output)
    return output.getvalue().replace("\r\n", "\n")


def expected(name: str) -> str:
    """Return the expected answer of a question as CSV; "" if there is none."""
    path = FOLDER / f"{name}.csv"
    return path.read_text("utf-8") if path.is_file() else ""


def rows(text: str) -> list[dict[str, str]]:
    """Return the rows of a CSV text."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def main(names: Sequence[str]) -> None:
    """Write the expected answers anew."""
    reader = build_in_memory(ROOT / "graphs")
    for question in questions(ROOT / "queries"):
        if names and question.name not in names:
            continue
        text = answered(reader, question)
        state = "same" if text == expected(question.name) else "CHANGED: review it"
        (FOLDER / f"{question.name}.csv").write_text(text, "utf-8")
        print(f"{question.name}: {len(rows(text))} rows, {state}")


if __name__ == "__main__":
    main(sys.argv[1:])
