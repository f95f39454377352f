"""LOAD through the gateway: fetched and parsed here, since relative IRIs are those of the address.

SPARQL 1.1 Update, section 3.1.4. The engine would take the address of the gateway for that of the
document.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

import pyoxigraph as ox

from conflictkg.lexing import Token
from conflictkg.web.http import Refused, Served

_ACCEPT = "application/n-triples, text/turtle, application/rdf+xml;q=0.9, application/ld+json;q=0.5"


def is_load(tokens: Sequence[Token]) -> bool:
    """Say whether an operation, by its tokens outside all braces, loads a document."""
    return any(token.kind == "name" and token.text.lower().startswith("load") for token in tokens)


def load(store: ox.Store, tokens: Sequence[Token], served: Served) -> None:
    """Run a LOAD; raises Refused, or OSError if the document cannot be had, unless it is SILENT."""
    names = [token.kind == "name" and token.text.lower() for token in tokens]
    at = next(n for n, name in enumerate(names) if name and name.startswith("load"))
    words = tokens[at:]
    if any(name and name not in ("prefix", "base") for name in names[:at]):
        raise _unusual()
    silent = len(words) > 1 and words[1].text.lower() == "silent"
    rest = words[2:] if silent else words[1:]
    iris = [token.text[1:-1] for token in rest if token.kind == "iri"]
    between = " ".join(token.text.lower() for token in rest if token.kind != "iri")
    if words[0].text.lower() != "load" or (len(iris), between) not in ((1, ""), (2, "into graph")):
        raise _unusual()
    way, *graph = iris
    try:
        fetched(store, way, ox.NamedNode(graph[0]) if graph else None, served)
    except (OSError, ValueError):
        if not silent:
            raise


def fetched(store: ox.Store, way: str, graph: ox.NamedNode | None, served: Served) -> None:
    """Put the triples of a document, to which a way leads through the gateway, into a graph.

    Raises OSError if it cannot be had or read.
    """
    from http.client import HTTPConnection, HTTPException

    options = served.options
    if not way.startswith(f"{options.gateway}/"):
        raise _unusual()
    address = options.services[int(way.rpartition("/")[2])]
    parts = urlsplit(way)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=options.timeout)
    try:
        connection.request("GET", parts.path, headers={"Accept": _ACCEPT})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise OSError(body[:500].decode(errors="replace") or f"it answers {answer.status}")
        kind = answer.headers.get_content_type()
        format = ox.RdfFormat.from_media_type(kind)
        if format is None:
            raise OSError(f"{address} gives {kind}, which is not RDF")
        store.load(body, format=format, base_iri=address, to_graph=graph)
    except HTTPException as error:
        raise OSError(f"{address} broke off its answer: {error}") from error
    except SyntaxError as error:
        raise OSError(f"{address} cannot be parsed: {error.msg}") from error
    finally:
        connection.close()


def _unusual() -> Refused:
    return Refused(
        400,
        "this LOAD is not written as it is taken here",
        "write LOAD <address> or LOAD SILENT <address> INTO GRAPH <graph>, the graph in full",
    )
