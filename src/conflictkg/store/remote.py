"""A SPARQL 1.1 endpoint as a store."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from conflictkg.errors import QueryError, StoreError
from conflictkg.store.reader import Reader, Results, Term, select, with_values
from conflictkg.terms import prologue

_CUT = re.compile(rb'(?:"truncated":\{"rows":|# truncated after )(\d+)')


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
