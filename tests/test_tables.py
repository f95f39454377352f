"""Answers as text: what is written is what was found, in every format."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflictkg import tables
from conflictkg.errors import InputError
from conflictkg.queries import Answer
from conflictkg.terms import XSD, node

CELLS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"))
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=5)
)


def answer(rows: list[list[str]]) -> Answer:
    columns = tuple(f"c{at}" for at in range(len(rows[0])))
    return Answer(columns, (tuple(map(ox.Literal, row)) for row in rows), columns)


def written(given: Answer, format: str, width: int = 80) -> str:
    output = io.StringIO(newline="")
    tables.write(given, format, output, width=width)
    return output.getvalue()


@given(TABLES)
def test_csv_reads_back_as_it_was(rows: list[list[str]]) -> None:
    read = list(csv.reader(io.StringIO(written(answer(rows), "csv"), newline="")))
    assert read[1:] == rows


@given(TABLES)
def test_json_reads_back_as_it_was(rows: list[list[str]]) -> None:
    assert [list(row.values()) for row in json.loads(written(answer(rows), "json"))] == rows


@given(TABLES)
def test_tsv_has_a_line_a_row_and_a_field_a_column(rows: list[list[str]]) -> None:
    lines = written(answer(rows), "tsv").split("\n")
    assert len(lines) == len(rows) + 2
    unescaped = [
        [field.encode().decode() for field in line.split("\t")] for line in lines[1 : len(rows) + 1]
    ]
    assert all(len(fields) == len(rows[0]) for fields in unescaped)


@given(TABLES, st.integers(20, 200))
def test_a_table_keeps_to_its_width_and_prints_no_control_characters(
    rows: list[list[str]], width: int
) -> None:
    lines = written(answer(rows), "table", width).split("\n")
    assert all(len(line) <= max(width, 6 * len(rows[0]) + 2 * (len(rows[0]) - 1)) for line in lines)
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for line in lines for c in line)


def test_terms_are_written_for_whom_they_are_for() -> None:
    columns = ("thing", "n", "x", "yes", "day", "none")

    def row() -> Iterator[tuple[ox.NamedNode | ox.Literal | None, ...]]:
        yield (
            node("person:andriy-kovalenko"),
            ox.Literal(29),
            ox.Literal("2.5", datatype=XSD.decimal),
            ox.Literal(True),
            ox.Literal("2025-03-18", datatype=XSD.date),
            None,
        )

    iri = "https://w3id.org/conflictkg/id/person/andriy-kovalenko"
    given = "29,2.5,true,2025-03-18,"
    assert written(Answer(columns, row()), "csv") == (
        f"thing,n,x,yes,day,none\r\n{iri},{given}\r\n"
    )
    assert json.loads(written(Answer(columns, row()), "json")) == [
        {"thing": iri, "n": 29, "x": 2.5, "yes": True, "day": "2025-03-18", "none": None}
    ]
    assert "person:andriy-kovalenko  29  2.5  true  2025-03-18" in written(
        Answer(columns, row()), "table"
    )


def test_numbers_that_json_cannot_write_are_strings() -> None:
    assert tables.json_of(ox.Literal(float("inf"))) == '"INF"'
    assert tables.json_of(ox.Literal("+5", datatype=XSD.integer)) == "5.0"
    assert tables.json_of(ox.Literal("many", datatype=XSD.integer)) == '"many"'


def test_no_rows_are_a_header_and_an_empty_list() -> None:
    assert written(Answer(("a", "b"), iter(())), "csv") == "a,b\r\n"
    assert written(Answer(("a", "b"), iter(())), "json") == "[]\n"
    assert written(Answer(("a", "b"), iter(())), "table").splitlines() == ["a  b", "─  ─"]


@pytest.mark.parametrize("format", ["csv", "tsv", "json"])
def test_rows_are_written_as_they_come(format: str) -> None:
    output = io.StringIO()
    seen = []

    def rows() -> Iterator[tuple[ox.Literal]]:
        for number in range(3):
            seen.append(output.getvalue().count("row"))
            yield (ox.Literal(f"row {number}"),)

    tables.write(Answer(("a",), rows()), format, output)
    assert seen == [0, 1, 2]


def test_a_table_shows_the_view_and_marks_what_repeats() -> None:
    rows = [["a long quotation", "x", "1"], ["a long quotation", "x", "2"]]
    given = answer(rows)
    shown = written(Answer(given.columns, given.rows, ("c2", "c0")), "table")
    assert shown.splitlines() == ["c2  c0", "──  " + "─" * 16, "1   a long quotation", "2   ″"]


@given(st.lists(st.integers(1, 300), min_size=1, max_size=8), st.integers(20, 300))
def test_columns_fill_the_width_and_no_more(natural: list[int], width: int) -> None:
    widths = tables.fitted(natural, width)
    room = max(width - 2 * (len(natural) - 1), 6 * len(natural))
    assert sum(widths) <= max(room, 6 * len(natural))
    assert all(new <= old for new, old in zip(widths, natural, strict=True))
    if sum(natural) <= room:
        assert widths == natural


def test_triples_are_written_once_and_canonically() -> None:
    triple = ox.Triple(node("place:x"), node("skos:prefLabel"), ox.Literal("X", language="en"))
    output = io.BytesIO()
    tables.write_triples([triple, triple], "ttl", output)
    assert output.getvalue().decode().count("X") == 1
    assert 'place:x skos:prefLabel "X"@en .' in output.getvalue().decode()
    blank = ox.Triple(ox.BlankNode("b"), node("skos:prefLabel"), ox.Literal("X"))
    output = io.BytesIO()
    tables.write_triples([blank], "ttl", output)
    assert len(list(ox.parse(output.getvalue(), format=ox.RdfFormat.TURTLE))) == 1
    with pytest.raises(InputError, match="unknown RDF format"):
        tables.write_triples([triple], "word", io.BytesIO())
