"""What everything that reads a graph offers, and the ways in which queries are asked of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

import pyoxigraph as ox

from conflictkg.errors import QueryError
from conflictkg.terms import PREFIXES

Term = ox.NamedNode | ox.BlankNode | ox.Literal
Results = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
Properties = dict[ox.NamedNode, list[Term]]
"""What a node is said to have, whichever graphs say so: predicate -> its values, each once."""

_BEFORE_COLON = re.compile(r"([A-Za-z]\w*):")


class Reader(Protocol):
    """What everything that reads a graph needs; the same for every kind of store.

    A store of its own kind derives from it and says in its own way what it can do faster.
    """

    location: str

    def query(self, sparql: str, *, substitutions: Mapping[str, Term] | None = None) -> Results:
        """Run a SPARQL 1.1 query over the union of the graphs.

        ``substitutions`` binds variables (names without ``?``) that the query projects.
        Raises QueryError if the query cannot be parsed or run.
        """

    def match(
        self,
        subject: ox.NamedNode | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,
        graph: ox.NamedNode | None = None,
    ) -> Iterator[ox.Quad]:
        """Yield the quads that have these parts; ``None`` stands for any."""

    def describe(self, nodes: Iterable[ox.NamedNode]) -> Iterator[ox.Quad]:
        """Yield all quads that have one of the nodes as subject."""

    def properties(self, nodes: Iterable[ox.NamedNode]) -> dict[ox.NamedNode, Properties]:
        """Return the properties of each node, empty for what is not known."""
        quads: dict[ox.NamedNode, list[ox.Quad]] = {node: [] for node in nodes}
        for quad in self.describe(quads):
            if isinstance(quad.subject, ox.NamedNode):
                quads[quad.subject].append(quad)
        return {node: gathered(some) for node, some in quads.items()}

    def having(
        self, predicate: ox.NamedNode, values: Iterable[ox.NamedNode]
    ) -> Iterator[ox.NamedNode]:
        """Yield the nodes that have one of the values; one may come several times."""
        for value in values:
            for quad in self.match(None, predicate, value):
                if isinstance(quad.subject, ox.NamedNode):
                    yield quad.subject

    def graphs(self) -> Iterator[ox.NamedNode]:
        """Yield the names of the graphs."""

    def __len__(self) -> int: ...


def gathered(quads: Iterable[ox.Quad]) -> Properties:
    """Return the quads of one node by predicate, each value once; triple terms are left out."""
    found: Properties = {}
    several = False
    for quad in quads:
        value = quad.object
        if isinstance(value, ox.Triple):
            continue
        predicate = quad.predicate
        values = found.get(predicate)
        if values is None:
            found[predicate] = [value]
        else:
            values.append(value)
            several = True
    if several:
        for predicate, values in found.items():
            found[predicate] = list(dict.fromkeys(values))
    return found


def prefixes_in(sparql: str) -> dict[str, str]:
    """Return the known prefixes that a query may use: declaring all costs 1.8 ms a query."""
    return {name: PREFIXES[name] for name in set(_BEFORE_COLON.findall(sparql)) if name in PREFIXES}


def with_values(sparql: str, bindings: Mapping[str, Term]) -> str:
    """Return the query with a VALUES block for each binding at the start of its outermost group.

    SPARQL 1.1 Query, section 10: the block joins with what the query finds, so the answer is the
    one that binding the projected variable gives. Terms are serialised, never pasted.
    """
    if not bindings:
        return sparql
    block = " ".join(f"VALUES ?{name} {{ {term} }}" for name, term in bindings.items())
    at = _first_brace(sparql)
    return f"{sparql[:at]} {block} {sparql[at:]}"


def _first_brace(sparql: str) -> int:
    """Return the position after the first ``{`` of the WHERE clause, outside IRIs and comments."""
    position, in_iri, in_comment = 0, False, False
    for position, character in enumerate(sparql):
        if in_comment:
            in_comment = character != "\n"
        elif in_iri:
            in_iri = character != ">"
        elif character == "#":
            in_comment = True
        elif character == "<":
            in_iri = True
        elif character == "{":
            return position + 1
    raise QueryError("the query has no group of patterns", "write { ... }")


def select(
    reader: Reader, sparql: str, substitutions: Mapping[str, Term] | None = None
) -> ox.QuerySolutions:
    """Return the solutions of a SELECT; raises QueryError if the query is of another form."""
    results = reader.query(sparql, substitutions=substitutions)
    if not isinstance(results, ox.QuerySolutions):
        raise QueryError("this query does not give rows", "use SELECT")
    return results


def construct(reader: Reader, sparql: str) -> ox.QueryTriples:
    """Return the triples of a CONSTRUCT or DESCRIBE; raises QueryError for another form."""
    results = reader.query(sparql)
    if not isinstance(results, ox.QueryTriples):
        raise QueryError("this query does not give triples", "use CONSTRUCT")
    return results
