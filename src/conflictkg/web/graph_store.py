"""The SPARQL 1.1 Graph Store HTTP Protocol: graphs read, put, added to and deleted.

A graph is named indirectly, ``/store?graph=IRI`` or ``/store?default`` (section 4.2), or directly
by its own address below ``/store/`` (section 4.1). What is written must conform to the shapes and
is completed as the loader does it, unless the server does not validate: then it is kept as it came.
``GET /store`` without a name gives the whole data set, which the standard leaves open, but for the
server's own description.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from urllib.parse import quote

import pyoxigraph as ox

from conflictkg import files
from conflictkg.errors import InputError
from conflictkg.web import serialising
from conflictkg.web.catalogue import CATALOGUE
from conflictkg.web.changes import Watch, settle
from conflictkg.web.engine import graph_iris, local
from conflictkg.web.envelope import received
from conflictkg.web.http import Refused, Request, Response, Served
from conflictkg.web.serialising import GRAPHS, accepted, chosen

PATH = "/store"
READ = ("GET", "HEAD", "OPTIONS")
WRITE = ("PUT", "POST", "DELETE")

_MULTIPART = "multipart/form-data"
_NAMED = (ox.RdfFormat.TRIG, ox.RdfFormat.N_QUADS, ox.RdfFormat.JSON_LD)
_WRITABLE = {
    media_type: format for media_type, format in GRAPHS.items() if media_type != "text/plain"
}
"""Media types that can be written; ``application/json`` is read as JSON-LD."""

Graph = ox.NamedNode | ox.DefaultGraph


def answer(request: Request, served: Served) -> Response:
    """Answer a request to the graph store; raises Refused."""
    is_whole, name = _graph(request)
    allowed = methods(served)
    if request.method not in (*READ, *WRITE):
        raise Refused(
            405,
            f"{request.method} is not for a graph store",
            f"use {', '.join(allowed)}",
            headers=[("Allow", ", ".join(allowed))],
        )
    if request.method in ("GET", "HEAD"):
        return _whole(request, served) if is_whole else _get(name, request, served)
    if not served.options.writable:
        raise Refused(
            403, "this graph store is for reading", "it is started with --writable to be changed"
        )
    if request.method == "POST" and is_whole:
        return _create(request, served)
    if is_whole:
        raise Refused(400, f"{request.method} needs to know which graph", "add ?graph=IRI")
    if request.method == "DELETE":
        return _delete(name, request, served)
    return _put(name, request, served, added=request.method == "POST")


def methods(served: Served) -> tuple[str, ...]:
    """Return the methods that the graph store takes."""
    return (*READ, *(WRITE if served.options.writable else ()))


def writes(request: Request) -> bool:
    """Say whether a request to the graph store would change it."""
    return request.method in WRITE


def _graph(request: Request) -> tuple[bool, Graph]:
    """Return whether no graph is named, and the graph that is named, directly or not."""
    given = [(k, v) for k, v in request.parameters() if k in ("graph", "default")]
    direct = request.path.removeprefix(PATH).strip("/")
    if len(given) + bool(direct) > 1:
        raise Refused(400, "several graphs are named", "name one")
    if direct:
        local_part = quote(request.path, safe="/:@!$&'()*+,;=~-._" + _beyond_ascii(request.path))
        return False, graph_iris((request.base + local_part,))[0]
    if not given:
        return True, ox.DefaultGraph()
    name, value = given[0]
    if name == "default":
        return False, ox.DefaultGraph()
    if ":" not in value:
        raise Refused(400, f"“{value}” is not the IRI of a graph", "write it in full")
    return False, graph_iris((value,))[0]


def _beyond_ascii(text: str) -> str:
    return "".join(sorted({character for character in text if not character.isascii()}))


def _whole(request: Request, served: Served) -> Response:
    offered = tuple(name for name, format in GRAPHS.items() if format in _NAMED)
    accept = accepted(request, request.first("format"))
    media_type = chosen(accept, ("application/trig", *offered))
    quads = (quad for quad in local(served) if quad.graph_name != CATALOGUE)
    return serialising.triples(quads, media_type)


def _get(name: Graph, request: Request, served: Served) -> Response:
    """Return a graph, never cut: who reads it may write it back."""
    store = local(served)
    if isinstance(name, ox.NamedNode) and not store.contains_named_graph(name):
        raise Refused(404, f"there is no graph <{name.value}>", "the graphs are listed in /void")
    every = isinstance(name, ox.DefaultGraph) and not served.options.strict_dataset
    quads = store.quads_for_pattern(None, None, None, None if every else name)
    media_type = chosen(accepted(request, request.first("format")), tuple(GRAPHS))
    return serialising.triples((quad.triple for quad in quads), media_type)


def _create(request: Request, served: Served) -> Response:
    """Put what was sent into a graph with a new name, below the store's own address."""
    moment = received(request).isoformat()
    digest = hashlib.sha256(moment.encode() + b"\n" + request.body).hexdigest()
    name = ox.NamedNode(f"{request.base}{PATH}/{digest[:16]}")
    _put(name, request, served, added=True)
    return Response(201, headers=(("Location", name.value),))


def _delete(name: Graph, request: Request, served: Served) -> Response:
    store = local(served)
    if isinstance(name, ox.NamedNode):
        if not store.contains_named_graph(name):
            raise Refused(404, f"there is no graph <{name.value}>")
        watch = Watch(store, [name])
        store.remove_graph(name)
    else:
        watch = Watch(store, [])
        store.clear_graph(name)
    if served.options.validate:
        settle(served, watch, "delete", request)
    return Response(204)


def _put(name: Graph, request: Request, served: Served, *, added: bool) -> Response:
    """Put what was sent in place of a graph, or add it to the graph."""
    store = local(served)
    is_new = isinstance(name, ox.NamedNode) and not store.contains_named_graph(name)
    watch = Watch(store, [name] if isinstance(name, ox.NamedNode) else [])
    about: list[ox.Triple] = []
    content: list[ox.Triple] = []
    for body, format in _payloads(request):
        if served.options.validate:
            read, said = _read_strictly(body, format, name)
            about += said
        else:
            read = list(_read(body, format, name, request))
        content += read
    if not added and not is_new:
        store.clear_graph(name)
    if isinstance(name, ox.NamedNode):
        store.add_graph(name)
    store.extend(ox.Quad(t.subject, t.predicate, t.object, name) for t in content)
    if served.options.validate:
        settle(served, watch, "put", request, about=about)
    if is_new:
        return Response(201)
    return Response(204)


def _payloads(request: Request) -> Iterator[tuple[bytes, ox.RdfFormat]]:
    """Yield the RDF of a request with its format: its body, or the parts of a form (5.5)."""
    if request.content_type != _MULTIPART:
        yield request.body, _format(request.headers.get("content-type", ""))
        return
    from email import message_from_bytes
    from email.policy import HTTP

    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = message_from_bytes(head + request.body, policy=HTTP)
    parts = [part for part in message.walk() if not part.is_multipart()]
    if not message.is_multipart() or not parts:
        raise Refused(400, "the form has no parts", "send each file as a part with a Content-Type")
    for part in parts:
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            yield payload, _format(part.get("content-type", ""))


def _format(content_type: str) -> ox.RdfFormat:
    name, *parameters = (piece.strip().lower() for piece in content_type.split(";"))
    if name not in _WRITABLE:
        raise Refused(415, f"{name or 'no media type'} is not RDF", f"send {', '.join(_WRITABLE)}")
    if any(one.startswith("charset=") and one[8:].strip('"') != "utf-8" for one in parameters):
        raise Refused(415, "the body is not UTF-8", "send UTF-8")
    return _WRITABLE[name]


def _read_strictly(
    body: bytes, format: ox.RdfFormat, name: Graph
) -> tuple[list[ox.Triple], list[ox.Triple]]:
    """Read RDF as the loader does; return the triples of the graph and those about the graph.

    Relative IRIs are relative to the graph (section 4.1).
    """
    if not isinstance(name, ox.NamedNode):
        raise Refused(422, "triples outside any named graph are not taken", "name a graph")
    try:
        file = files.parse(body, "the body", graph=name, format=format, base=name.value)
    except InputError as error:
        raise Refused(400, error.message, error.hint, line=error.line) from error
    for other in file.graphs:
        if other != name:
            raise Refused(400, f"it holds the graph <{other.value}>", f"send it to {PATH}?graph=")
    return file.graphs.get(name, []), file.about_graph(name)


def _read(body: bytes, format: ox.RdfFormat, name: Graph, request: Request) -> Iterator[ox.Triple]:
    """Read RDF as it is; relative IRIs are relative to the graph (section 4.1)."""
    base = name.value if isinstance(name, ox.NamedNode) else request.base + PATH
    try:
        for quad in ox.parse(body, format=format, base_iri=base):
            if quad.graph_name not in (name, ox.DefaultGraph()):
                raise Refused(400, f"it holds the graph {quad.graph_name}", "send that to its own")
            yield quad.triple
    except SyntaxError as error:
        raise Refused(400, error.msg or str(error), line=error.lineno) from error
    except (ValueError, OSError) as error:
        raise Refused(400, f"it cannot be parsed: {error}") from error
