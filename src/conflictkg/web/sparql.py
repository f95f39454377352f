"""The SPARQL 1.1 Protocol: queries and updates, by GET, by form and directly.

Query: section 2.1, update: section 2.2, dataset: sections 2.1.4 and 2.2.3 of SPARQL 1.1 Protocol.
The default graph is the union of all graphs, or with ``strict_dataset`` the unnamed one, unless the
request or the query says what it is. Parameters that the protocol does not know are ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote_to_bytes, urlencode

import pyoxigraph as ox

from conflictkg.lexing import has_dataset
from conflictkg.store import Results, prefixes_in
from conflictkg.web import description, fence, serialising, updates
from conflictkg.web.engine import graph_iris, local, misspelt, unreached
from conflictkg.web.http import FORM, Refused, Request, Response, Served, negotiate
from conflictkg.web.serialising import GRAPHS, SOLUTIONS, accepted, chosen

QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
PATH = "/sparql"
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
HTML = "text/html"
_FIELDS = 1000

_DATASET = {
    "query": ("default-graph-uri", "named-graph-uri"),
    "update": ("using-graph-uri", "using-named-graph-uri"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks: an operation (query, update or "" for the service), text and dataset.

    ``default`` and ``named`` are the IRIs of the graphs that the request itself names.
    """

    operation: str
    text: str = ""
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    format: str = ""


def answer(request: Request, served: Served, *, suffix: str = "") -> Response:
    """Answer a request to the endpoint; ``suffix`` is the format that its path ends with.

    Raises Refused, with line and column where the text of the query is at fault.
    """
    asked = read(request)
    accept = accepted(request, asked.format or suffix)
    if asked.operation == "update":
        if not served.options.writable:
            raise Refused(
                403, "this endpoint is for reading", "it is started with --writable to be changed"
            )
        if not writes(request):  # it was taken for one that reads, and is not to change a copy
            raise Refused(400, "the form cannot be read", "send update=... in it")
        return updates.answer(asked.text, request, served, asked.default, asked.named)
    is_page = request.method != "POST" and negotiate(accept, (*SOLUTIONS, *GRAPHS, HTML)) == HTML
    if is_page:
        kept = [(k, v) for k, v in request.parameters() if k in ("query", *_DATASET["query"])]
        where = "/query" + (f"?{urlencode(kept)}" if kept else "")
        return Response(303, headers=(("Location", where), ("Vary", "Accept")))
    if not asked.operation:
        return description.answer(request, served, accept)
    return _query(asked, request, served, accept)


def writes(request: Request) -> bool:
    """Say whether a request to the endpoint is an update, whatever will come of it.

    Of a form only the names are decoded, however long it is. Raises Refused (400) for one of more
    than 1,000 parameters.
    """
    if request.method != "POST" or request.content_type != FORM:
        return request.method == "POST" and request.content_type == UPDATE
    if request.body.count(b"&") >= _FIELDS:
        raise Refused(400, f"the form has more than {_FIELDS:,} parameters", "send fewer")
    names = (field.partition(b"=")[0] for field in request.body.split(b"&"))
    return any(len(name) <= 18 and unquote_to_bytes(name) == b"update" for name in names)


def read(request: Request) -> Asked:
    """Return what a request asks; raises Refused for one that the protocol does not allow."""
    given = request.parameters()
    kind = request.content_type
    if request.method not in METHODS:
        raise Refused(
            405,
            f"{request.method} is not for a SPARQL endpoint",
            "use GET or POST",
            headers=[("Allow", ", ".join(METHODS))],
        )
    if request.method == "POST":
        _check_charset(request)
        if kind == FORM:
            inside = request.form()
            if any(name in ("query", "update") for name, _ in given):
                raise Refused(400, "a query is in the address of a POST", "put it into the form")
            given += inside
        elif kind in (QUERY, UPDATE):
            if any(name in ("query", "update") for name, _ in given):
                raise Refused(400, "there is a query in the address and another in the body")
            given.append(("query" if kind == QUERY else "update", _decoded(request.body)))
        else:
            raise Refused(
                415,
                f"a POST of {kind or 'no media type'} is not SPARQL",
                f"send {QUERY}, {UPDATE} or {FORM}",
            )
    texts = [(name, value) for name, value in given if name in ("query", "update")]
    if len(texts) > 1:
        names = " and ".join(sorted({name for name, _ in texts}))
        raise Refused(400, f"there are {len(texts)} texts to run ({names})", "send one")
    formats = {value for name, value in given if name == "format"}
    format = formats.pop() if len(formats) == 1 else ""  # of several, the Accept field decides
    if not texts:
        if request.method == "POST":
            raise Refused(400, "there is nothing to run", "send query=... or update=...")
        return Asked("", format=format)
    operation, text = texts[0]
    if operation == "update" and request.method != "POST":
        raise Refused(400, "an update is not to be had by GET", "POST it")
    default, named = (
        tuple(value for key, value in given if key == name and value)
        for name in _DATASET[operation]
    )
    return Asked(operation, text.removeprefix("\ufeff"), default, named, format)


def _check_charset(request: Request) -> None:
    for parameter in request.headers.get("content-type", "").split(";")[1:]:
        name, _, value = parameter.partition("=")
        charset = value.strip().strip('"').lower()
        if name.strip().lower() == "charset" and charset not in ("utf-8", "utf8", "us-ascii"):
            raise Refused(415, f"the body is {charset}", "send UTF-8")


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Refused(400, f"byte {error.start} of the query is not UTF-8", "send UTF-8") from error


def _query(asked: Asked, request: Request, served: Served, accept: str) -> Response:
    options = served.options
    text = fence.check(asked.text, services=options.services, gateway=options.gateway)
    default, named = graph_iris(asked.default), graph_iris(asked.named)
    is_given = bool(default or named)
    try:
        results: Results = local(served).query(
            text,
            base_iri=request.base + request.path if request.base else None,
            prefixes=prefixes_in(text),
            use_default_graph_as_union=not (
                options.strict_dataset or is_given or has_dataset(text)
            ),
            default_graph=list(default) if is_given else None,
            named_graphs=list(named) if is_given else None,
        )
        return _written(results, accept, options.max_rows)
    except SyntaxError as error:
        raise misspelt(error, text) from error
    except (ValueError, RuntimeError) as error:
        raise Refused(400, f"the query cannot be run: {error}") from error
    except OSError as error:
        raise unreached(error, served, "the query") from error


def _written(results: Results, accept: str, limit: int) -> Response:
    if isinstance(results, ox.QueryTriples):
        return serialising.triples(results, chosen(accept, tuple(GRAPHS)), limit=limit)
    media_type = chosen(accept, tuple(SOLUTIONS))
    if isinstance(results, ox.QueryBoolean):
        return serialising.boolean(bool(results), media_type)
    return serialising.solutions(results, media_type, limit=limit)
