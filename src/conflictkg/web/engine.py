"""The engine that handlers ask, and its errors as answers."""

from __future__ import annotations

import re

import pyoxigraph as ox

from conflictkg.lexing import Token, position, tokens
from conflictkg.store import LocalStore
from conflictkg.terms import PREFIXES
from conflictkg.web.http import Refused, Served

_EXPECTED = re.compile(r"[A-Z_]{2,}|\"[^\"]+\"|The SELECT [a-z ]+")
_AT = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


def local(served: Served) -> ox.Store:
    """Return the engine of the graph that is served; raises Refused (501) if it has none here."""
    if not isinstance(served.kg.store, LocalStore):
        raise Refused(501, f"{served.kg.store.location} is not a local store", "ask it itself")
    return served.kg.store.oxigraph


def graph_iris(values: tuple[str, ...]) -> list[ox.NamedNode]:
    """Return the graphs that parameters name; raises Refused (400) for what is not an IRI."""
    graphs = []
    for value in values:
        try:
            graphs.append(ox.NamedNode(value))
        except ValueError as error:
            raise Refused(400, f"“{value}” is not the IRI of a graph: {error}") from error
    return graphs


def unreached(error: OSError, served: Served, what: str) -> Refused:
    """Return a failure to reach another endpoint as a refusal; it names that, not the gateway."""
    said, options = str(error), served.options
    for at, address in enumerate(options.services if options.gateway else ()):
        said = said.replace(f"{options.gateway}/{at}", address)
    return Refused(502, f"{what} could not be run: {said}")


def misspelt(error: SyntaxError, text: str) -> Refused:
    """Return a syntax error as a refusal with its place in the text and what could stand there.

    The engine tells the furthest place that any reading came to; a prefix that nobody declares is
    found without it.
    """
    unknown = _undeclared(text)
    if unknown:
        line, column = position(text, unknown.start)
        prefix = unknown.text.partition(":")[0]
        message = f"unknown prefix “{prefix}:”"
        hint = "the prefixes of ontology/context.jsonld are declared for you; others need PREFIX"
    else:
        found = _AT.search(str(error))
        if not found:
            return Refused(400, f"the query cannot be parsed: {error}")
        line, column, expected = int(found[1]), int(found[2]), found[3]
        message = "the query cannot be parsed"
        said = _EXPECTED.findall(re.sub(r"\[[^\]]*\]", "", expected))
        hint = f"expected {' or '.join(said[:8])}" if said else ""
    return Refused(
        400, f"{message}, at line {line}, column {column}", hint, line=line, column=column
    )


def _undeclared(text: str) -> Token | None:
    """Return the first prefixed name whose prefix is neither known nor declared before it."""
    known, before = set(PREFIXES), ""
    for token in tokens(text):
        if token.kind == "prefixed":
            prefix = token.text.partition(":")[0]
            if before == "prefix":
                known.add(prefix)
            elif prefix not in known:
                return token
        before = token.text.lower()
    return None
