"""SPARQL 1.1 Update: one request is one change, checked before it is accepted.

WHERE clauses read what queries read, the union of the named graphs, unless the operation says USING
or WITH, or the request names a data set (SPARQL 1.1 Protocol, section 2.2.3). The engine has no
parameter for this, so USING clauses are put into the text, before each WHERE. Nothing can name the
unnamed graph there; a DELETE WHERE without a template is left to read what it deletes from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from conflictkg.lexing import Token, tokens
from conflictkg.store import prefixes_in
from conflictkg.terms import PREFIXES
from conflictkg.web import fence, loading
from conflictkg.web.changes import Watch, settle
from conflictkg.web.engine import graph_iris, local, misspelt, unreached
from conflictkg.web.envelope import changes_by_itself, once
from conflictkg.web.http import Refused, Request, Response, Served

_BLANKED = re.compile(r"[^\r\n]")
_MARKS = frozenset("{}()[];,.^*/|+-=<>!&?")
_WHOLE = ("all", "named")
_UNSURE = re.compile(r"[\\']|/\.")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of an update: its tokens outside all braces, and the braces of its groups."""

    start: int
    end: int
    outside: tuple[Token, ...]
    groups: tuple[tuple[int, int], ...]

    def says(self, word: str) -> Token | None:
        """Return the first token outside all braces that is or ends with a keyword."""
        found = (t for t in self.outside if t.kind == "name" and t.text.lower().endswith(word))
        return next(found, None)


def answer(
    text: str, request: Request, served: Served, default: tuple[str, ...], named: tuple[str, ...]
) -> Response:
    """Run an update and return 204.

    Raises Refused: 400 for text that cannot be parsed or run, 422 with the findings for a graph
    that would not conform. The store may then be half changed, and is to be dropped.
    """
    store, options = local(served), served.options
    text = fence.check(text, services=options.services, gateway=options.gateway, update=True)
    using = [*graph_iris(default), *graph_iris(named)]
    operations = tuple(_operations(text))
    if using and any(one.says("using") or one.says("with") for one in operations):
        raise Refused(
            400, "both the request and the update say what the dataset is", "let one of them say it"
        )
    base = request.base + request.path if request.base else None
    watch = Watch(store, named_graphs(text) if options.validate else ())
    try:
        is_declared_later = any(map(_declaring, operations[1:]))
        reads_union = not options.strict_dataset and any(map(_takes_dataset, operations))
        loads = bool(options.gateway) and any(one.says("load") for one in operations)
        if not (using or is_declared_later or reads_union or loads):
            store.update(text, base_iri=base, prefixes=prefixes_in(text))
        else:
            if not is_declared_later and not any(one.says("load") for one in operations):
                _parse_only(text, base)
            for operation in filter(_does, operations):
                if options.gateway and loading.is_load(operation.outside):
                    loading.load(store, operation.outside, served)
                    continue
                reads = bool(using) or (reads_union and _takes_dataset(operation))
                clauses = _using(store, default, named) if reads else ""
                one = _alone(text, operation, operations, clauses)
                store.update(one, base_iri=base, prefixes=prefixes_in(one))
    except SyntaxError as error:
        raise misspelt(error, text) from error
    except (ValueError, RuntimeError) as error:
        raise Refused(400, f"the update cannot be run: {error}") from error
    except OSError as error:
        raise unreached(error, served, "the update") from error
    if options.validate:
        settle(served, watch, "update", request)
    return once(Response(204)) if changes_by_itself(text) else Response(204)


def _operations(text: str) -> Iterator[Operation]:
    """Yield the operations of an update; declarations stand in the first one after them."""
    outside: list[Token] = []
    groups: list[tuple[int, int]] = []
    start, depth, opened = 0, 0, 0
    for token in tokens(text):
        if token.text == "{" and token.kind == "mark":
            opened = token.start if depth == 0 else opened
            depth += 1
        elif token.text == "}" and token.kind == "mark":
            depth -= 1
            if depth == 0:
                groups.append((opened, token.end))
        elif depth == 0 and token.text == ";":
            yield Operation(start, token.start, tuple(outside), tuple(groups))
            outside, groups, start = [], [], token.end
        elif depth == 0:
            outside.append(token)
    yield Operation(start, len(text), tuple(outside), tuple(groups))


def _does(operation: Operation) -> bool:
    """Say whether an operation is more than declarations."""
    return bool(operation.groups) or len(operation.outside) > len(_declaring(operation))


def _takes_dataset(operation: Operation) -> bool:
    """Say whether an operation reads the union: it has a template and names no data set itself."""
    named = operation.says("using") or operation.says("with")
    return bool(operation.says("where") and len(operation.groups) > 1 and not named)


def _parse_only(text: str, base: str | None) -> None:
    """Raise SyntaxError if a text is not an update: it is run on an empty store."""
    try:
        ox.Store().update(text, base_iri=base, prefixes=prefixes_in(text))
    except (ValueError, RuntimeError, OSError):
        return


def _using(store: ox.Store, default: tuple[str, ...], named: tuple[str, ...]) -> str:
    """Return the USING clauses of the dataset of a request, or of the union of all graphs."""
    if not default and not named:
        every = [str(graph) for graph in store.named_graphs() if isinstance(graph, ox.NamedNode)]
        if not every:
            return ""
        return " ".join(f"USING {graph} USING NAMED {graph}" for graph in every)
    listed = [f"USING {ox.NamedNode(iri)}" for iri in default]
    return " ".join(listed + [f"USING NAMED {ox.NamedNode(iri)}" for iri in named])


def _alone(text: str, operation: Operation, every: tuple[Operation, ...], clauses: str) -> str:
    """Return the text of one operation with its data set and the declarations before it.

    All else is blank, so that places in it are those in the whole text. (The engine takes no
    declarations after the first operation, which the grammar of SPARQL 1.1 allows.)
    """
    before = _BLANKED.sub(" ", text[: operation.start])
    for other in every:
        declared = _declaring(other)
        if declared and other.end < operation.end:
            start, end = declared[0].start, declared[-1].end
            before = before[:start] + text[start:end] + before[end:]
    own, where = text[operation.start : operation.end], operation.says("where")
    if where is None or not clauses:
        return before + own
    at = where.end - operation.start - len("where")
    template = ""
    if len(operation.groups) == 1:  # DELETE WHERE, where the pattern is the template too
        start, end = operation.groups[0]
        template = text[start:end]
    return f"{before}{own[:at]}{template} {clauses} {own[at:]}"


def _declaring(operation: Operation) -> tuple[Token, ...]:
    """Return the tokens of the PREFIX and BASE declarations that an operation begins with."""
    at = 0
    while at < len(operation.outside):
        size = {"prefix": 3, "base": 2}.get(operation.outside[at].text.lower())
        if size is None:
            break
        at += size
    return operation.outside[:at]


def named_graphs(text: str) -> frozenset[ox.NamedNode] | None:
    """Return every graph that an update can change by name, and more; None if it may be any.

    Any is meant by GRAPH with a variable, ALL and NAMED; and it is assumed where IRIs are not
    written in full, or where the text could be read in two ways (see fence): a character that the
    grammar does not know, an IRI that may be a comparison.
    """
    if "'''" in text or '"""' in text:
        return None
    operand, depth = False, 0
    found: set[ox.NamedNode] = set()
    declared = dict(PREFIXES)
    before, last = "", ""
    for token in tokens(text):
        if token.kind == "name" and token.text.lower().endswith(_WHOLE):
            return None
        if token.kind == "variable" and last.lower().endswith("graph"):
            return None
        if token.kind == "mark":
            if token.text not in _MARKS:
                return None
            depth += (token.text == "(") - (token.text == ")")
        elif token.kind == "iri" and operand and depth > 0:
            return None
        operand = token.kind != "mark" or token.text == ")"
        iri = ""
        if token.kind == "iri":
            iri = token.text[1:-1]
            if before.lower() == "prefix":
                declared[last[:-1]] = iri
        elif token.kind == "prefixed" and last.lower() != "prefix":
            prefix, _, name = token.text.partition(":")
            iri = declared.get(prefix, "") + name
        if token.kind == "iri" or iri:
            if _UNSURE.search(iri) or not _ABSOLUTE.match(iri):
                return None
            try:
                found.add(ox.NamedNode(iri))
            except ValueError:
                return None
        before, last = last, token.text
    return frozenset(found)
