"""What a projection is: a SPARQL file whose header says what its nodes, edges, weight and time are.

The headers have the form of those of the named questions (lines that begin with ``#+``), with keys
of their own; the queries give rows of facts, which ``facts`` reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from conflictkg.errors import InputError, NameNotFound
from conflictkg.terms import bundled

FOLDER = "queries/networks"
CLOCKS = ("said", "reported", "event")
"""When it was said, when it was published, when it is said to have happened."""

WEIGHTS = ("statements", "documents", "publishers", "claims", "one")
LAYOUTS = ("force", "mercator", "lanes")

_KEY = re.compile(r"^#\+ ([a-z]+):\s*(.*)$")
_ITEM = re.compile(r"^#\+\s+-\s+([A-Za-z]\w*):\s+(\S.*)$")
_MORE = re.compile(r"^#\+\s{2,}(\S.*)$")


@dataclass(frozen=True, slots=True)
class Definition:
    """A projection by name: its meaning in words, its query and what the query's rows stand for.

    ``weight`` tells what is counted, ``clock`` which time is meant if none is asked for;
    ``undirected`` and ``timeless`` are kinds of edges; ``columns`` those of the query, each with
    what it holds; ``normalise`` the other weights that can be asked for, ``dynamic`` the
    attributes of nodes in time.
    """

    name: str
    summary: str
    description: str
    nodes: str
    edges: str
    weight: str
    clock: str
    layout: str
    undirected: frozenset[str]
    timeless: frozenset[str]
    normalise: tuple[str, ...]
    dynamic: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    sparql: str


def projections(folder: Path | None = None) -> Iterator[Definition]:
    """Yield the projections that there are, by name."""
    for path in sorted((folder or bundled(FOLDER)).glob("*.rq")):
        yield read_definition(path)


def definition(name: str) -> Definition:
    """Return the projection of a name; raises NameNotFound with the names that there are."""
    path = bundled(FOLDER) / f"{name}.rq"
    if re.fullmatch(r"[a-z-]+", str(name)) and path.is_file():
        return read_definition(path)
    names = [path.stem for path in sorted(bundled(FOLDER).glob("*.rq"))]
    near = get_close_matches(str(name), names, 1, 0.6)
    meant = f"did you mean {near[0]}? " if near else ""
    raise NameNotFound(
        f"there is no projection “{name}”", f"{meant}the projections are: {', '.join(names)}"
    )


@cache
def read_definition(path: Path) -> Definition:
    """Read a projection from its file; raises InputError with file and line for a bad header."""
    text = path.read_text("utf-8")
    said: dict[str, str] = {}
    columns: dict[str, str] = {}
    key = ""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#+"):
            break
        if start := _KEY.match(line):
            key = start[1]
            said[key] = start[2]
        elif key == "columns" and (item := _ITEM.match(line)):
            columns[item[1]] = item[2]
        elif key and (more := _MORE.match(line)):
            said[key] = f"{said[key]} {more[1]}".strip()
        else:
            raise InputError(
                "it is not part of a header", "write key: text", source=path, line=number
            )
    made = Definition(
        name=path.stem,
        summary=said.get("summary", ""),
        description=said.get("description", ""),
        nodes=said.get("nodes", ""),
        edges=said.get("edges", ""),
        weight=said.get("weight", "statements"),
        clock=said.get("clock", "said"),
        layout=said.get("layout", "force"),
        undirected=frozenset(said.get("undirected", "").split()),
        timeless=frozenset(said.get("timeless", "").split()),
        normalise=("none", *said.get("normalise", "").split()),
        dynamic=tuple(said.get("dynamic", "").split()),
        columns=tuple(columns.items()),
        sparql=text,
    )
    for value, known in (
        (made.weight, WEIGHTS),
        (made.clock, CLOCKS),
        (made.layout, LAYOUTS),
    ):
        if value not in known:
            raise InputError(f"“{value}” is none of {', '.join(known)}", "mend it", source=path)
    return made
