"""Gephi's spreadsheets: a table of nodes and one of edges, as CSV.

No column holds a date as ISO has it: one such column makes Gephi's importer take the whole table
for one with timestamps. Days stand as numbers, 20250318. A cell that a spreadsheet program would
take for a formula begins with an apostrophe (OWASP, CSV Injection); names of nodes are changed
alike in both tables. Numbers of one column look alike, since types are guessed from some rows.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from conflictkg.export.text import Cells, kept, lines, one_line, packed, recurring, told
from conflictkg.network import Projection
from conflictkg.network.columns import Array

_FORMULA = ("=", "+", "-", "@", "'", "＝", "＋", "－", "＠")
_QUOTED = re.compile('[",]')
_MARKS = ('"', ",", "  ", *(f" {mark}" for mark in _FORMULA))
"""What stands in a text that cannot be a cell as it is, if there is a blank on both sides of it."""

NODES = (
    *(("Id", "id"), ("Label", "label"), ("iri", "iri"), ("category", "kind"), ("subtype", "type")),
    *(("part_of", "part_of"), ("latitude", "lat"), ("longitude", "lon"), ("x", "x"), ("y", "y")),
    *(("size", "size"), ("colour", "colour"), ("strength", "weight"), ("links", "degree")),
    *(("first_day", "first"), ("last_day", "last")),
)
EDGES = (
    *(("Source", "source"), ("Target", "target"), ("Type", "directed"), ("Id", "id")),
    *(("Label", "label"), ("Weight", "weight"), ("Kind", "kind"), ("attitude", "attitude")),
    *(("disputed", "disputed"), ("statements", "statements"), ("documents", "documents")),
    *(("origins", "origins"), ("first_day", "first"), ("last_day", "last")),
    ("evidence", "evidence"),
)
"""Column of the file and column of the table."""


def safe(text: str) -> str:
    """Return a text as a cell that no spreadsheet program takes for a formula.

    >>> safe("=cmd|' /C calc'!A0"), safe("Demydivka")
    ("'=cmd|' /C calc'!A0", 'Demydivka')
    """
    plain = one_line(text)
    return f"'{plain}" if plain.startswith(_FORMULA) else plain


def nodes(projection: Projection) -> Iterator[bytes]:
    """Yield the table of nodes."""
    cells, table = Cells(_cell, _MARKS), projection.nodes
    columns = (*NODES, ("control", "control")) if "control" in table.columns else NODES
    yield _names(columns)
    for part in table.chunks():
        yield from _lines(cells.of(part[column]) for _, column in columns)


def edges(projection: Projection) -> Iterator[bytes]:
    """Yield the table of edges; cells that stand beside each other and recur are made once.

    What recurs has its commas with it, so that there are fewer pieces to be joined.
    """
    ends, arrows = Cells(_cell, _MARKS, after=","), Cells(_arrow, after=",")
    proofs = Cells(_cell, _MARKS, join=_together)
    values, days = kept(lambda *cells: f",{_cells(*cells)},"), kept(lambda day: f"{_cell(day)},")
    alike = [column for _, column in EDGES[4:-3]]
    yield _names(EDGES)
    for part in projection.edges.chunks():
        yield from lines(
            ends.of(part["source"]),
            ends.of(part["target"]),
            arrows.of(part["directed"]),
            packed(part["id"]),
            recurring([part[column] for column in alike], values),
            recurring([part["first"]], days),
            recurring([part["last"]], days),
            proofs.of(part["evidence"]),
            "\n",
        )


def write(projection: Projection) -> Iterator[bytes]:
    """Yield a zip of both tables; its bytes are the same for the same tables."""
    buffer = _Pipe()
    pipe: Any = buffer
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for table, writer in (("nodes", nodes), ("edges", edges)):
            entry = zipfile.ZipInfo(f"{projection.name}.{table}.csv")
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w", force_zip64=True) as file:
                for piece in writer(projection):
                    file.write(piece)
                    yield buffer.taken()
    yield buffer.taken()


class _Pipe:
    """A file that can only be written on, and gives up what was written."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        """Take in a piece."""
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Do nothing: all is taken from here."""

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        whole = b"".join(self._pieces)
        self._pieces.clear()
        return whole


def _names(columns: Sequence[tuple[str, str]]) -> bytes:
    return (",".join(name for name, _ in columns) + "\n").encode()


def _lines(columns: Iterable[Array]) -> Iterator[bytes]:
    """Yield rows of cells."""
    first, *others = columns
    pieces: list[Array | str] = [first]
    for column in others:
        pieces += (",", column)
    return lines(*pieces, "\n")


def _arrow(directed: bool) -> str:
    return "Directed" if directed else "Undirected"


def _cells(*values: Any) -> str:
    return ",".join(map(_cell, values))


def _quoted(text: str) -> str:
    """Return a text in quotes if it needs them (RFC 4180, section 2)."""
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def _together(cells: Iterable[str]) -> str:
    """Return several cells as one."""
    bare = (cell[1:-1].replace('""', '"') if cell.startswith('"') else cell for cell in cells)
    return _quoted(" ".join(bare))


def _cell(value: Any) -> str:
    """Return a value as a cell."""
    if isinstance(value, str | tuple):
        return _quoted(safe(value if isinstance(value, str) else told(value)))
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:%Y%m%d}" if isinstance(value, date) else repr(value)
