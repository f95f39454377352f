"""Which handler answers which path: the endpoint, the graph store, the descriptions, the site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from conflictkg.errors import ConflictkgError
from conflictkg.web import description, graph_store, sparql
from conflictkg.web.http import Refused, Request, Response, Served

Handler = Callable[[Request, Served], Response]


def answer(request: Request, served: Served) -> Response:
    """Answer any request; what is refused is an answer too.

    HEAD is answered as GET: the server leaves the body out. Redirects name the address that the
    server has for others, if it is told one.
    """
    response = _answered(request, served)
    base = served.options.base_url
    if not base:
        return response
    headers = tuple(
        (name, base + value if name == "Location" and value.startswith("/") else value)
        for name, value in response.headers
    )
    return replace(response, headers=headers)


def _answered(request: Request, served: Served) -> Response:
    handler = _handler(request.path)
    try:
        if handler is None:
            from conflictkg.web import site

            return site.answer(request, served)
        if request.method == "OPTIONS":
            return Response(204, headers=(("Allow", ", ".join(_methods(handler, served))),))
        return handler(request, served)
    except Refused as refused:
        return refused.response(request.headers.get("accept", ""))
    except ConflictkgError as error:
        wrong = Refused(400, error.message, error.hint)
        return wrong.response(request.headers.get("accept", ""))


def warm(served: Served) -> None:
    """Do what all workers would do each for itself: load modules, compile, read names."""
    from conflictkg.web import site

    site.warm(served)
    query = "query=SELECT+%3Fs+%7B+%3Fs+a+ckg%3AStatement+%7D+LIMIT+1"
    response = answer(Request("GET", sparql.PATH, query), served)
    if not isinstance(response.body, bytes):
        for _ in response.body:
            pass


def writes(request: Request) -> bool:
    """Say whether a request would change the graph, whatever will come of it.

    Raises Refused (400) for a form that cannot be read.
    """
    handler = _handler(request.path)
    if handler is graph_store.answer:
        return graph_store.writes(request)
    return handler is _endpoint and sparql.writes(request)


def _handler(path: str) -> Handler | None:
    """Return the handler of a path, or None for the paths of the site: all others."""
    if path.rstrip("/") == sparql.PATH or path.startswith(f"{sparql.PATH}."):
        return _endpoint
    if path == graph_store.PATH or path.startswith(f"{graph_store.PATH}/"):
        return graph_store.answer
    return description.void if path in description.PATHS else None


def _methods(handler: Handler, served: Served) -> tuple[str, ...]:
    """Return the methods that can be used where a handler answers."""
    if handler is graph_store.answer:
        return graph_store.methods(served)
    return sparql.METHODS if handler is _endpoint else description.METHODS


def _endpoint(request: Request, served: Served) -> Response:
    """Answer at ``/sparql``, and at ``/sparql.csv`` and the like, whose suffix is the format."""
    suffix = request.path.removeprefix(sparql.PATH).strip("/.")
    return sparql.answer(replace(request, path=sparql.PATH), served, suffix=suffix)
