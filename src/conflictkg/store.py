"""The quads and where they are read: an Oxigraph store in memory or on disk, a SPARQL endpoint."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import pyoxigraph as ox

from conflictkg.errors import QueryError, StoreError
from conflictkg.lexing import has_dataset
from conflictkg.terms import PREFIXES, PROVENANCE_GRAPH, prologue

Term = ox.NamedNode | ox.BlankNode | ox.Literal
Results = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
Properties = dict[ox.NamedNode, list[Term]]
"""What a node is said to have, whichever graphs say so: predicate -> its values, each once."""

DEFAULT_STORE = ".conflictkg"
POINTER = "current"
"""The file of a store's folder that names the generation that readers see."""
_CUT = re.compile(rb'(?:"truncated":\{"rows":|# truncated after )(\d+)')
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
        return {node: _gathered(some) for node, some in quads.items()}

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
        return {node: _gathered(match(node, None, None, None)) for node in nodes}

    def graphs(self) -> Iterator[ox.NamedNode]:
        """Yield the names of the graphs."""
        for name in self.oxigraph.named_graphs():
            if isinstance(name, ox.NamedNode):
                yield name

    def __len__(self) -> int:
        return len(self.oxigraph)

    def __repr__(self) -> str:
        return f"<LocalStore {self.location}>"


_PREFIX_HINT = "the prefixes of ontology/context.jsonld are declared for you; others need PREFIX"


def _gathered(quads: Iterable[ox.Quad]) -> Properties:
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


class RemoteStore(Reader):
    """A SPARQL 1.1 endpoint, for reading. Its default graph should be the union of its graphs."""

    def __init__(self, url: str, *, timeout: float = 60.0) -> None:
        self.location = url
        self.timeout = timeout

    def query(self, sparql: str, *, substitutions: Mapping[str, Term] | None = None) -> Results:
        """Run a query by the SPARQL 1.1 Protocol (section 2.1.2, a form); raises QueryError.

        Every endpoint takes forms; Virtuoso 7 never answers a query that is the body itself.
        """
        import http.client
        import urllib.error
        import urllib.parse
        import urllib.request

        text = prologue() + with_values(sparql, substitutions or {})
        request = urllib.request.Request(
            self.location,
            data=urllib.parse.urlencode({"query": text}).encode(),
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept": "application/sparql-results+json, application/n-triples;q=0.9",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as response:
                kind = response.headers.get_content_type()
                try:
                    body, is_whole = response.read(), True
                except http.client.IncompleteRead as error:
                    body, is_whole = error.partial, False
        except urllib.error.HTTPError as error:
            detail = error.read(2000).decode("utf-8", "replace").strip()
            raise QueryError(f"{self.location} answered {error.code}: {detail}") from error
        except OSError as error:
            raise StoreError(
                f"{self.location} cannot be reached: {error}", "check the address"
            ) from error
        if cut := _CUT.search(body, max(0, len(body) - 100)):
            raise QueryError(
                f"{self.location} gives no more than {int(cut[1]):,} rows",
                "ask for less, or raise its limit: conflictkg serve --max-rows",
            )
        if not is_whole:
            raise QueryError(f"{self.location} broke off its answer", "it may have taken too long")
        try:
            if kind == "application/n-triples":
                triples = ox.Store()
                triples.load(body, format=ox.RdfFormat.N_TRIPLES)
                answer: Results = triples.query("CONSTRUCT WHERE { ?s ?p ?o }")
            else:
                answer = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        except (SyntaxError, ValueError) as error:
            raise QueryError(
                f"{self.location} did not answer with SPARQL results but {kind}",
                "is this the address of a SPARQL endpoint?",
            ) from error
        return answer

    def match(
        self,
        subject: ox.NamedNode | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,
        graph: ox.NamedNode | None = None,
    ) -> Iterator[ox.Quad]:
        """Yield the quads that have these parts; ``None`` stands for any."""
        parts = {"s": subject, "p": predicate, "o": object, "g": graph}
        bound: dict[str, Term] = {name: term for name, term in parts.items() if term is not None}
        every = "SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }"
        for row in select(self, every, bound):
            yield ox.Quad(row["s"], row["p"], row["o"], row["g"])

    def describe(self, nodes: Iterable[ox.NamedNode]) -> Iterator[ox.Quad]:
        """Yield all quads that have one of the nodes as subject, some hundred nodes a request."""
        wanted = list(nodes)
        for at in range(0, len(wanted), 200):
            some = " ".join(map(str, wanted[at : at + 200]))
            each = f"SELECT ?s ?p ?o ?g {{ VALUES ?s {{ {some} }} GRAPH ?g {{ ?s ?p ?o }} }}"
            for row in select(self, each):
                yield ox.Quad(row["s"], row["p"], row["o"], row["g"])

    def having(
        self, predicate: ox.NamedNode, values: Iterable[ox.NamedNode]
    ) -> Iterator[ox.NamedNode]:
        """Yield the nodes that have one of the values, some hundred values a request."""
        wanted = list(values)
        for at in range(0, len(wanted), 500):
            some = " ".join(map(str, wanted[at : at + 500]))
            query = f"SELECT DISTINCT ?s {{ VALUES ?o {{ {some} }} ?s {predicate} ?o }}"
            for row in select(self, query):
                if isinstance(row["s"], ox.NamedNode):
                    yield row["s"]

    def graphs(self) -> Iterator[ox.NamedNode]:
        """Yield the names of the graphs."""
        for row in select(self, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"):
            yield row["g"]

    def __len__(self) -> int:
        rows = select(self, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
        return next(int(row["n"].value) for row in rows)

    def __repr__(self) -> str:
        return f"<RemoteStore {self.location}>"


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


def open_store(location: str | Path | None = None) -> LocalStore | RemoteStore:
    """Open a store for reading.

    ``location`` is a folder, ``memory:`` (an empty store in memory) or an ``http(s)://`` SPARQL
    endpoint. Raises StoreError if there is no store in the folder.
    """
    where = str(location or DEFAULT_STORE)
    if where == "memory:":
        return LocalStore(ox.Store(), where)
    if where.startswith(("http://", "https://")):
        return RemoteStore(where)
    generation = current_generation(Path(where))
    if generation is None:
        raise StoreError(f"there is no store in {where}", "make one with: conflictkg build")
    try:
        return LocalStore(ox.Store.read_only(str(generation)), where)
    except (OSError, ValueError, RuntimeError) as error:
        raise StoreError(
            f"the store in {where} cannot be opened: {error}",
            "it is only an index of the graph files: build it again with conflictkg build",
        ) from error


def current_generation(folder: Path) -> Path | None:
    """Return the folder of the generation that readers see, or None if there is none."""
    try:
        name = (folder / POINTER).read_text("utf-8").strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"{folder} cannot be read: {error}", "is it a store folder?") from error
    generation = folder / name
    return generation if generation.is_dir() else None


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
