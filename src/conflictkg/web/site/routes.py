"""Which page answers which address, in which form, and errors as pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import quote

from conflictkg.errors import AmbiguousName, ConflictkgError, NameNotFound
from conflictkg.terms import expand
from conflictkg.web.http import Refused, Request, Response, Served, negotiate
from conflictkg.web.site import data, rendering
from conflictkg.web.site.links import node_of, page_of
from conflictkg.web.site.page import MEDIA_TYPES, Moved, Page, Result
from conflictkg.web.site.pages import PAGES, THINGS

Handler = Callable[[Request, Served], Result]
_SLASHED = re.compile(r"(/[\w-]+)+/")
"""A path of plain names with a slash too many: no other address can be made of it."""

_SUFFIXES = {f".{suffix}": suffix for suffix in MEDIA_TYPES}


def answer(request: Request, served: Served) -> Response:
    """Return the response to a request for a page, in HTML or as data; errors are pages too."""
    path, suffix = _split(request.path)
    asked = Request(
        request.method, path, request.query, request.headers, request.body, request.base
    )
    wants_page = not suffix and _wanted(request, tuple(MEDIA_TYPES)) == "html"
    try:
        if request.method not in ("GET", "HEAD"):
            raise Refused(405, "pages can only be read", headers=(("Allow", "GET, HEAD"),))
        found = _page(asked, served)
        if isinstance(found, Moved):
            return _moved(found, request, suffix)
        return _in_form(found, request, asked, suffix)
    except (Refused, ConflictkgError) as error:
        refused = _refused(error)
        if not wants_page and suffix != "html":
            return refused.response(request.headers.get("accept", ""))
        made = rendering.render(_error_page(refused, error), asked)
        return replace(made, headers=(*made.headers, *refused.headers))


def _page(request: Request, served: Served) -> Result:
    """Return the page of a path. Raises Refused (404) or an error of the graph."""
    path = request.path
    if path.startswith("/id/"):
        target = page_of(node_of(path[3:]))
        if not target:
            raise Refused(404, f"{path} is not the address of a thing", "/id/kind/slug")
        return Moved(target)
    if _SLASHED.fullmatch(path) and (path[:-1] in PAGES or path.count("/") > 2):
        return Moved(quote(path[:-1]), 308)
    first = path.split("/")[1]
    handler = PAGES.get(path) or PAGES.get(f"/{first}/*" if path.count("/") > 1 else "")
    if handler is None and path.count("/") > 1:
        handler = THINGS
    if handler is None:
        raise Refused(404, f"there is no page {path}", "the parts of the site are listed above")
    return handler(request, served)


def _split(path: str) -> tuple[str, str]:
    """Return a path without a suffix that names a form, and the suffix."""
    dot = path.rfind(".")
    suffix = _SUFFIXES.get(path[dot:]) if dot > path.rfind("/") + 1 else None
    if suffix is None:
        return path, ""
    root = path[:dot]
    return ("/" if root == "/index" else root), suffix


def _in_form(page: Page, request: Request, asked: Request, suffix: str) -> Response:
    """Return a page in the form that its address or the Accept field asks for."""
    offered = ("html", *page.formats)
    form = suffix or _wanted(request, offered)
    if form not in offered:
        status = 404 if suffix else 406
        raise Refused(
            status,
            f"this page cannot be had as {suffix or request.headers.get('accept', '')}",
            "it can be had as " + ", ".join(f".{one}" for one in offered),
        )
    if form == "html":
        return rendering.render(page, asked)
    return data.serialised(page, form, asked)


def _wanted(request: Request, offered: tuple[str, ...]) -> str:
    """Return which of the forms the Accept field wants, or ""."""
    types = {MEDIA_TYPES[form]: form for form in offered}
    wanted = negotiate(request.headers.get("accept", ""), tuple(types))
    return types.get(wanted or "", "")


def _moved(moved: Moved, request: Request, suffix: str) -> Response:
    """Return a redirection; /id/ leads to the form that is asked for (303, httpRange-14)."""
    form = suffix or (_wanted(request, tuple(MEDIA_TYPES)) if moved.status == 303 else "html")
    ending = f".{form}" if form and form != "html" and "?" not in moved.path else ""
    query = f"?{request.query}" if request.query and "?" not in moved.path else ""
    return Response(
        moved.status, headers=(("Location", moved.path + ending + query), ("Vary", "Accept"))
    )


def _refused(error: Refused | ConflictkgError) -> Refused:
    """Return an error of the graph as an answer."""
    if isinstance(error, Refused):
        return error
    status = 404 if isinstance(error, NameNotFound) else 400
    status = 300 if isinstance(error, AmbiguousName) else status
    return Refused(status, error.message, error.hint)


_NEAR = re.compile(r"(?:, | or )?([^,]+?) \(([a-z]+:[\w.-]+)\)")
"""A name and its CURIE, as hints list them."""

_TITLES: Mapping[int, str] = {
    300: "Several things have this name",
    400: "This cannot be answered",
    404: "Nothing is known by this name",
    405: "Pages can only be read",
    406: "Not in this form",
}


def _error_page(refused: Refused, error: Refused | ConflictkgError) -> Page:
    candidates = error.candidates if isinstance(error, AmbiguousName) else ()
    if isinstance(error, NameNotFound):
        found = _NEAR.findall(error.hint.removeprefix("did you mean "))
        candidates = tuple((curie, label) for label, curie in found)
    return Page(
        "error.html",
        _TITLES.get(refused.status, "This went wrong"),
        {
            "refused": refused,
            "candidates": [(page_of(expand(curie)), curie, label) for curie, label in candidates],
        },
        status=refused.status,
    )
