"""An Oxigraph store, in memory or on disk, and graphs laid over a store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyoxigraph as ox

from conflictkg.errors import QueryError
from conflictkg.lexing import has_dataset
from conflictkg.store.reader import Properties, Reader, Results, Term, gathered, prefixes_in
from conflictkg.terms import PROVENANCE_GRAPH

_PREFIX_HINT = "the prefixes of ontology/context.jsonld are declared for you; others need PREFIX"


class LocalStore(Reader):
    """An Oxigraph store, in memory or on disk, with the reader's interface."""

    def __init__(self, store: ox.Store, location: str) -> None:
        self.oxigraph = store
        self.location = location

    def query(self, sparql: str, *, substitutions: Mapping[str, Term] | None = None) -> Results:
        """Run a SPARQL 1.1 query over the union of the graphs, or those it names by FROM.

        Raises QueryError.
        """
        bound: dict[ox.Variable, Any] = {
            ox.Variable(name): term for name, term in (substitutions or {}).items()
        }
        try:
            return self.oxigraph.query(
                sparql,
                use_default_graph_as_union=not has_dataset(sparql),
                substitutions=bound or None,
                prefixes=prefixes_in(sparql),
            )
        except SyntaxError as error:
            raise QueryError(f"the query cannot be parsed: {error.msg}", _PREFIX_HINT) from error
        except (ValueError, RuntimeError, OSError) as error:
            raise QueryError(f"the query cannot be run: {error}") from error

    def match(
        self,
        subject: ox.NamedNode | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,
        graph: ox.NamedNode | None = None,
    ) -> Iterator[ox.Quad]:
        """Yield the quads that have these parts; ``None`` stands for any."""
        return self.oxigraph.quads_for_pattern(subject, predicate, object, graph)

    def describe(self, nodes: Iterable[ox.NamedNode]) -> Iterator[ox.Quad]:
        """Yield all quads that have one of the nodes as subject."""
        for node in nodes:
            yield from self.oxigraph.quads_for_pattern(node, None, None, None)

    def properties(self, nodes: Iterable[ox.NamedNode]) -> dict[ox.NamedNode, Properties]:
        """Return the properties of each node, empty for what is not known.

        All pages are made of this: each part of a quad that is looked at is copied, so subject
        and graph are not.
        """
        match = self.oxigraph.quads_for_pattern
        return {node: gathered(match(node, None, None, None)) for node in nodes}

    def graphs(self) -> Iterator[ox.NamedNode]:
        """Yield the names of the graphs."""
        for name in self.oxigraph.named_graphs():
            if isinstance(name, ox.NamedNode):
                yield name

    def __len__(self) -> int:
        return len(self.oxigraph)

    def __repr__(self) -> str:
        return f"<LocalStore {self.location}>"


class Overlay(Reader):
    """Graphs laid over a store, each in place of the store's graph of that name; for looking only.

    Patterns see both; queries are not offered, since no engine sees two stores as one.
    """

    def __init__(self, base: Reader, above: LocalStore) -> None:
        self.location = base.location
        self._base = base
        self._above = above
        self._hidden = set(above.graphs())

    def query(self, sparql: str, *, substitutions: Mapping[str, Term] | None = None) -> Results:
        """Raise QueryError: an overlay has patterns only."""
        raise QueryError("graphs laid over a store cannot be queried", "load them first")

    def match(
        self,
        subject: ox.NamedNode | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,
        graph: ox.NamedNode | None = None,
    ) -> Iterator[ox.Quad]:
        """Yield the quads that have these parts; ``None`` stands for any."""
        yield from self._above.match(subject, predicate, object, graph)
        for quad in self._base.match(subject, predicate, object, graph):
            if quad.graph_name not in self._hidden or quad.graph_name == PROVENANCE_GRAPH:
                yield quad

    def describe(self, nodes: Iterable[ox.NamedNode]) -> Iterator[ox.Quad]:
        """Yield all quads that have one of the nodes as subject."""
        for node in nodes:
            yield from self.match(node)

    def graphs(self) -> Iterator[ox.NamedNode]:
        """Yield the names of the graphs."""
        yield from self._hidden
        yield from (name for name in self._base.graphs() if name not in self._hidden)

    def __len__(self) -> int:
        return sum(1 for _ in self.match())
