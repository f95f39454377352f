"""Answers as text: tables for people; CSV, TSV and JSON for programs; RDF for triples.

CSV, TSV and JSON are streamed and give IRIs in full. A table shortens IRIs to CURIEs, wraps its
cells to the width of the terminal, and writes ″ where a long cell repeats the one above.
"""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Iterable, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from conflictkg.errors import InputError
from conflictkg.files import format_of
from conflictkg.queries import Answer
from conflictkg.store import Term
from conflictkg.terms import PREFIXES, XSD, shrink

FORMATS = ("table", "csv", "tsv", "json")
"""The formats of rows."""

STANDARD = {"srj": ox.QueryResultsFormat.JSON, "srx": ox.QueryResultsFormat.XML}
"""The W3C formats of rows, by their usual suffixes."""

DITTO = "″"
_DITTO_FROM = 12
_MEASURED = 500
_NARROWEST = 6
_GAP = "  "
_NUMBERS = frozenset(
    XSD[name].value for name in ("integer", "decimal", "double", "float", "int", "long")
)
_JSON_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?\Z")
_TSV = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_UNPRINTABLE = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), "\ufffd"),
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\ufffd"),
    **dict.fromkeys(map(ord, "\t\n\r"), " "),
}


def write(answer: Answer, format: str, output: IO[str], *, width: int = 80) -> int:
    """Write an answer to a text stream in one of FORMATS; return how many rows it has.

    ``width`` is that of the terminal in characters; only tables look at it.
    """
    if format == "table":
        return _write_table(answer, output, width)
    if format == "json":
        return _write_json(answer, output)
    if format == "tsv":
        return _write_tsv(answer, output)
    return _write_csv(answer, output)


def printable(text: str) -> str:
    """Return a text without what could steer a terminal: control and direction characters.

    >>> printable("a\\x1b[31m\\nb")
    'a\ufffd[31m b'
    """
    return text.translate(_UNPRINTABLE)


def text_of(term: Term | None) -> str:
    """Return a term as plain text: the IRI in full, or the literal without type and language."""
    return "" if term is None else term.value


def json_of(term: Term | None) -> str:
    """Return a term as JSON: a number, true, false, a string, or null where there is none.

    >>> json_of(ox.Literal(2.5)), json_of(ox.Literal("a", language="en")), json_of(None)
    ('2.5', '"a"', 'null')
    """
    if term is None:
        return "null"
    if isinstance(term, ox.Literal):
        if term.datatype.value in _NUMBERS:
            return _json_number(term.value)
        if term.datatype == XSD.boolean and term.value in ("true", "false", "1", "0"):
            return "true" if term.value in ("true", "1") else "false"
    return json.dumps(term.value, ensure_ascii=False)


def _json_number(text: str) -> str:
    """Return a number as it is written where JSON can write it so; JSON has no infinity."""
    if _JSON_NUMBER.match(text):
        return text
    try:
        number = float(text)
    except ValueError:
        return json.dumps(text)
    return repr(number) if math.isfinite(number) else json.dumps(text)


def _write_csv(answer: Answer, output: IO[str]) -> int:
    """Write CSV by RFC 4180, which is also the SPARQL 1.1 CSV format."""
    writer = csv.writer(output)
    writer.writerow(answer.columns)
    count = 0
    for row in answer.rows:
        writer.writerow(map(text_of, row))
        count += 1
    return count


def _write_tsv(answer: Answer, output: IO[str]) -> int:
    """Write tab-separated plain values; tabs, line ends and backslashes are escaped by one."""
    output.write("\t".join(answer.columns) + "\n")
    count = 0
    for row in answer.rows:
        output.write("\t".join(text_of(term).translate(_TSV) for term in row) + "\n")
        count += 1
    return count


def _write_json(answer: Answer, output: IO[str]) -> int:
    """Write an array of objects, a row a line."""
    names = [json.dumps(column, ensure_ascii=False) for column in answer.columns]
    count = 0
    for row in answer.rows:
        output.write("[\n" if count == 0 else ",\n")
        cells = ", ".join(f"{name}: {json_of(t)}" for name, t in zip(names, row, strict=True))
        output.write(f"  {{{cells}}}")
        count += 1
    output.write("\n]\n" if count else "[]\n")
    return count


def _write_table(answer: Answer, output: IO[str], width: int) -> int:
    """Write a table whose columns are as wide as the first rows need and the terminal has."""
    shown = [name for name in answer.view if name in answer.columns] or list(answer.columns)
    places = [answer.columns.index(name) for name in shown]
    numeric = [True] * len(shown)
    rows = answer.rows
    first = list(islice(rows, _MEASURED))
    cells = [[_cell(row[place]) for place in places] for row in first]
    for row in first:
        for at, place in enumerate(places):
            numeric[at] &= row[place] is None or _is_number(row[place])
    head = [name.replace("_", " ") for name in shown]
    widths = fitted([max(map(len, column)) for column in zip(head, *cells, strict=True)], width)
    _write_row(head, widths, numeric, output)
    _write_row(["─" * size for size in widths], widths, numeric, output)
    above: list[str] = [""] * len(shown)
    count = 0
    rest = ([_cell(row[place]) for place in places] for row in rows)
    for row_cells in chain(cells, rest):
        pairs = zip(row_cells, above, strict=True)
        marked = [
            DITTO if cell == old and len(cell) >= _DITTO_FROM else cell for cell, old in pairs
        ]
        _write_row(marked, widths, numeric, output)
        above = row_cells
        count += 1
    return count


def fitted(natural: Sequence[int], width: int) -> list[int]:
    """Return column widths that fit into a width, by narrowing the widest columns alike.

    >>> fitted([10, 4, 60, 50], 80)
    [10, 4, 30, 30]
    """
    widths = list(natural)
    room = max(width - len(_GAP) * (len(widths) - 1), _NARROWEST * len(widths))
    while sum(widths) > room:
        widest = max(widths)
        if widest <= _NARROWEST:
            break
        alike = [at for at, size in enumerate(widths) if size == widest]
        next_size = max((size for size in widths if size < widest), default=_NARROWEST)
        excess = sum(widths) - room
        narrower = max(next_size, widest - -(-excess // len(alike)), _NARROWEST)
        for at in alike:
            widths[at] = narrower
        for at in alike[: max(0, room - sum(widths))]:
            widths[at] += 1
    return widths


def _write_row(
    cells: Sequence[str], widths: Sequence[int], right: Sequence[bool], output: IO[str]
) -> None:
    wrapped = [_wrapped(cell, size) for cell, size in zip(cells, widths, strict=True)]
    for at in range(max(map(len, wrapped), default=0)):
        line = (
            (lines[at] if at < len(lines) else "").rjust(size)
            if to_right
            else (lines[at] if at < len(lines) else "").ljust(size)
            for lines, size, to_right in zip(wrapped, widths, right, strict=True)
        )
        output.write(_GAP.join(line).rstrip() + "\n")


def _wrapped(text: str, width: int) -> list[str]:
    if len(text) <= width:
        return [text]
    import textwrap

    return textwrap.wrap(text, width, break_on_hyphens=False) or [""]


def _cell(term: Term | None) -> str:
    if isinstance(term, ox.NamedNode):
        return shrink(term.value).translate(_UNPRINTABLE)
    return text_of(term).translate(_UNPRINTABLE)


def _is_number(term: Term | None) -> bool:
    return isinstance(term, ox.Literal) and term.datatype.value in _NUMBERS


def default(output: IO[str]) -> str:
    """Return the format for a stream where none is asked for: a table on a terminal, else CSV."""
    return "table" if output.isatty() else "csv"


def terminal() -> int:
    """Return the width of the terminal in characters."""
    from shutil import get_terminal_size

    return get_terminal_size((100, 24)).columns


def write_triples(triples: Iterable[ox.Triple], format: str, output: IO[bytes]) -> None:
    """Write triples as RDF, each once; Turtle in the canonical form.

    Raises InputError for a format that there is not.
    """
    chosen = format_of(Path("-"), format)
    once = dict.fromkeys(triples)
    if chosen == ox.RdfFormat.TURTLE and not any(map(_has_blank_node, once)):
        from conflictkg.turtle import write_turtle

        output.write(write_turtle(once).encode())
    else:
        ox.serialize(once, output, format=chosen, prefixes=dict(PREFIXES))


def write_standard(
    results: ox.QuerySolutions | ox.QueryBoolean, format: str, output: IO[bytes]
) -> None:
    """Write rows, or true or false, in a W3C format, types and languages of terms included.

    srj is SPARQL 1.1 Query Results JSON, srx is SPARQL Query Results XML. Raises InputError for
    another format. All variables that the query selects are written.
    """
    if format not in STANDARD:
        raise InputError(
            f"rows cannot be written as “{format}”",
            "use --format srj or srx, or --json, --csv, --tsv or --table",
        )
    results.serialize(output, STANDARD[format])


def _has_blank_node(triple: ox.Triple) -> bool:
    return isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode)
