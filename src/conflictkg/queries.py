"""Named questions: SPARQL in ``.rq`` files whose header says what they answer and what they take.

The header is in the manner of grlc (https://github.com/CLARIAH/grlc): lines that begin with ``#+``.
Values are bound to the variables of the same names, never pasted into the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from conflictkg.errors import InputError, NameNotFound, QueryError
from conflictkg.resolve import Names
from conflictkg.store import Reader, Results, Term, with_values
from conflictkg.terms import XSD, bundled, expand

FOLDER = "queries"
SUFFIXES = (".rq", ".sparql")
KINDS = (
    *("agent", "person", "organization", "unit", "source", "place", "event", "issue", "claim"),
    *("statement", "document", "thing", "graph", "text", "date"),
)
"""What a parameter can be; all but text and date are things, given by identifier or name."""

MAX_DEPTH = 200
"""How deeply the brackets of a query may nest; the parser is recursive and has no limit."""

_KEYS = ("summary", "description", "parameters", "defaults", "view", "example")
_LISTS = ("parameters", "defaults", "example")
_KEY = re.compile(r"^([a-z]+):\s*(.*)$")
_ITEM = re.compile(r"^-\s+([A-Za-z]\w*):\s+(\S.*)$")
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_AT = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a question takes: the variable, the kinds of thing it can be, whether it may lack."""

    name: str
    kinds: tuple[str, ...]
    required: bool = True
    default: str = ""


@dataclass(frozen=True, slots=True)
class NamedQuestion:
    """A question with a name: what it answers, what it takes, and its SPARQL.

    ``view`` names the columns that a table on a terminal shows, if not all; ``example`` are values
    to ask it with, whose answer stands in ``queries/expected``.
    """

    name: str
    summary: str
    sparql: str
    description: str = ""
    parameters: tuple[Parameter, ...] = ()
    view: tuple[str, ...] = ()
    example: tuple[tuple[str, str], ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows that answer a SELECT, each a tuple of terms in the order of ``columns``.

    Rows can be read once. ``view`` are the columns that matter most, for a narrow place.
    """

    columns: tuple[str, ...]
    rows: Iterator[tuple[Term | None, ...]]
    view: tuple[str, ...] = ()


def questions(folder: Path | None = None) -> Iterator[NamedQuestion]:
    """Yield the named questions of a folder (the bundled ones by default), by name."""
    for path in sorted((folder or bundled(FOLDER)).glob("*.rq")):
        yield read_question(path)


def question(name: str, folder: Path | None = None) -> NamedQuestion:
    """Return the question of a name; raises NameNotFound with the nearest names."""
    path = (folder or bundled(FOLDER)) / f"{name}.rq"
    if re.fullmatch(r"[\w-]{1,100}", name) and path.is_file():
        return read_question(path)
    names = [path.stem for path in sorted((folder or bundled(FOLDER)).glob("*.rq"))]
    near = get_close_matches(name, names, 3, 0.5)
    raise NameNotFound(
        f"there is no question “{name}”",
        f"did you mean {' or '.join(near)}?" if near else "the questions are: " + ", ".join(names),
    )


def read_question(path: Path) -> NamedQuestion:
    """Read a question from a file; raises InputError with file and line."""
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise InputError("there is no such file", "check the name", source=path) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"it cannot be read: {error}", source=path) from error
    return parse_question(text, name=path.stem, source=str(path))


def parse_question(text: str, *, name: str = "", source: str = "") -> NamedQuestion:
    """Return the question that a text is: header, if it has one, and SPARQL.

    Raises InputError, with the line, if the header is not as it should be.

    >>> parse_question("#+ parameters:\\n#+   - place: place\\nSELECT ...").parameters
    (Parameter(name='place', kinds=('place',), required=True, default=''),)
    """
    said, items = _header(text, source)
    defaults = {key: value for key, (value, _) in items["defaults"].items()}
    parameters = []
    for parameter, (value, line) in items["parameters"].items():
        kinds, comma, rest = value.partition(",")
        known = tuple(kind.strip() for kind in kinds.split(" or "))
        unknown = [kind for kind in known if kind not in KINDS]
        if unknown or (comma and rest.strip() != "optional"):
            raise InputError(
                f"“{value}” does not say what the parameter {parameter} takes",
                f"write one of {', '.join(KINDS)}, or several joined by or; then, perhaps, "
                "“, optional”",
                source=source,
                line=line,
            )
        required = not comma and parameter not in defaults
        parameters.append(Parameter(parameter, known, required, defaults.get(parameter, "")))
    for key in ("defaults", "example"):
        for parameter, (_, line) in items[key].items():
            if parameter not in items["parameters"]:
                raise InputError(
                    f"{key} names “{parameter}”, which is not a parameter",
                    "list it under parameters",
                    source=source,
                    line=line,
                )
    return NamedQuestion(
        name=name,
        summary=said.get("summary", ""),
        sparql=text,
        description=said.get("description", ""),
        parameters=tuple(parameters),
        view=tuple(said.get("view", "").replace(",", " ").split()),
        example=tuple((key, value) for key, (value, _) in items["example"].items()),
        source=source,
    )


def _header(text: str, source: str) -> tuple[dict[str, str], dict[str, dict[str, tuple[str, int]]]]:
    """Return the header: texts by key, and lists by key, each value with its line."""
    said: dict[str, str] = {}
    items: dict[str, dict[str, tuple[str, int]]] = {key: {} for key in _LISTS}
    key = ""
    for line, raw in enumerate(text.splitlines(), 1):
        if not raw.startswith("#+"):
            if raw.strip() and not raw.startswith("#"):
                break
            continue
        content = raw[2:].strip()
        indented = raw[2:].startswith("  ")
        start, item = _KEY.match(content), _ITEM.match(content)
        if not indented and start and start[1] in _KEYS:
            key = start[1]
            if key in said or items.get(key) or (key in _LISTS and start[2]):
                raise InputError(
                    f"“{content}” cannot stand here",
                    "write each key once; the values of a list stand below it, as - name: value",
                    source=source,
                    line=line,
                )
            said[key] = start[2]
        elif indented and key in _LISTS and item:
            items[key][item[1]] = (item[2].strip(), line)
        elif indented and key and key not in _LISTS and content:
            said[key] = f"{said[key]} {content}".strip()
        elif content:
            raise InputError(
                f"“{content}” is not part of a header",
                f"a header has {', '.join(f'{one}:' for one in _KEYS)} "
                "each followed by text, or by indented lines - name: value",
                source=source,
                line=line,
            )
    return said, items


def bind(asked: NamedQuestion, given: Mapping[str, str], names: Names) -> dict[str, Term]:
    """Return the terms that values given as text stand for, by parameter.

    Raises QueryError for a value that is not taken or one that lacks, InputError for a bad date,
    and NameNotFound or AmbiguousName for a name.
    """
    taken = {parameter.name: parameter for parameter in asked.parameters}
    for name in given:
        if name not in taken:
            near = get_close_matches(name, taken, 1)
            raise QueryError(
                f"{asked.name} does not take “{name}”",
                f"did you mean {near[0]}?" if near else _takes(asked),
            )
    bound = {}
    for parameter in asked.parameters:
        value = given.get(parameter.name) or parameter.default
        if value:
            bound[parameter.name] = _term(parameter, value, names)
        elif parameter.required:
            raise QueryError(f"{asked.name} needs to know which {parameter.name}", _takes(asked))
    return bound


def _takes(asked: NamedQuestion) -> str:
    if not asked.parameters:
        return "it takes nothing"
    listed = ", ".join(
        f"{one.name} ({' or '.join(one.kinds)}{'' if one.required else ', optional'})"
        for one in asked.parameters
    )
    return f"it takes {listed}; give it as -p name=value"


def _term(parameter: Parameter, value: str, names: Names) -> Term:
    if parameter.kinds == ("text",):
        return ox.Literal(value)
    if parameter.kinds == ("date",):
        if not _DATE.match(value):
            raise InputError(f"“{value}” is not a day", "write it as 2025-03-18")
        return ox.Literal(value, datatype=XSD.date)
    return names.resolve(value, parameter.kinds)


def loose_term(value: str) -> Term:
    """Return the term that a value stands for where no header tells its kind: node or string."""
    try:
        return ox.NamedNode(expand(value))
    except (InputError, ValueError):
        return ox.Literal(value)


def ask(
    reader: Reader,
    asked: NamedQuestion,
    given: Mapping[str, str] | None = None,
    *,
    names: Names | None = None,
) -> Answer:
    """Return the answer to a question whose SPARQL is a SELECT; its parameters are not columns.

    ``names`` saves reading the names again where several questions are asked of one store.
    Raises what ``bind`` raises, and QueryError.
    """
    bound = bind(asked, given or {}, names or Names(reader))
    results = run_question(reader, asked, bound)
    if not isinstance(results, ox.QuerySolutions):
        raise QueryError(f"{asked.name} is not a SELECT", "use run for other forms")
    return answer(results, without=[p.name for p in asked.parameters], view=asked.view)


def answer(
    results: ox.QuerySolutions, *, without: Sequence[str] = (), view: Sequence[str] = ()
) -> Answer:
    """Return solutions as an answer, without some of the variables."""
    variables = [variable.value for variable in results.variables]
    columns = tuple(name for name in variables if name not in without)
    pick: Callable[[Any], Any]
    if len(columns) == 1:
        only = columns[0]

        def pick(solution: Any) -> Any:
            return (solution[only],)
    else:
        pick = itemgetter(*columns) if columns else (lambda solution: ())
    return Answer(columns, map(pick, results), tuple(view) or columns)


def run_question(reader: Reader, asked: NamedQuestion, bound: Mapping[str, Term]) -> Results:
    """Run the SPARQL of a question with its parameters bound; see ``run``.

    The values are both substituted and joined in as VALUES: Oxigraph orders joins by what it sees
    in the text, and does not see substitutions there (2 to 10 times slower at a million quads).
    """
    sparql = with_values(asked.sparql, bound) if asked.parameters else asked.sparql
    return run(reader, sparql, bound, source=asked.source)


def run(
    reader: Reader, sparql: str, bound: Mapping[str, Term] | None = None, *, source: str = ""
) -> Results:
    """Run SPARQL of any form with some variables bound, and return what the store gives.

    Raises QueryError, or InputError with file and line if the text came from a file.
    """
    _check_depth(sparql)
    try:
        return reader.query(sparql, substitutions=bound)
    except QueryError as error:
        if isinstance(error.__cause__, SyntaxError):
            raise _placed(error, sparql, source) from error
        if bound and "SELECT projection" in error.message:
            raise QueryError(
                error.message, "a value can be given only for a variable that the query selects"
            ) from error
        raise


def _check_depth(sparql: str) -> None:
    depth = 0
    for bracket in re.findall(r"[({\[\])}]", sparql):
        depth += 1 if bracket in "({[" else -1
        if depth > MAX_DEPTH:
            raise QueryError(f"the query nests more than {MAX_DEPTH} brackets", "split it")


def _placed(error: QueryError, sparql: str, source: str) -> InputError | QueryError:
    """Return a syntax error with its line and column and the line itself."""
    found = _AT.search(str(error.__cause__))
    if not found:
        return error
    row, column, expected = int(found[1]), int(found[2]), found[3]
    lines = sparql.splitlines() or [""]
    text = lines[min(row, len(lines)) - 1]
    start = max(0, column - 60)
    shown = f"    {text[start : column + 20]}\n    {' ' * (column - 1 - start)}^"
    prefix = re.search(r"([A-Za-z][\w-]*):\S*$", text[: column - 1])
    message = "the query cannot be parsed"
    if "Prefix not found" in expected:
        message += ": unknown prefix" + (f" “{prefix[1]}:”" if prefix else "")
    message += f", at line {row}, column {column}:\n{shown}"
    words = re.findall(r"[A-Z]{2,}|\"[^\"]+\"", re.sub(r"\[[^\]]*\]", "", expected))
    hint = error.hint if "Prefix" in expected or not words else f"expected {' or '.join(words[:8])}"
    if source:
        return InputError(message, hint, source=source, line=row)
    return QueryError(message, hint)
