"""The pages, by address: a handler for each path, for each folder, and for any thing."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from conflictkg.web.http import Request, Served
from conflictkg.web.site.page import Result

Handler = Callable[[Request, Served], Result]
_MODULES: set[str] = set()


def _of(module: str, function: str = "page") -> Handler:
    """Return a handler of a module of the site, which is imported when it is first asked for."""

    _MODULES.add(module)

    def handler(request: Request, served: Served) -> Result:
        result: Result = getattr(import_module(f"conflictkg.web.site.{module}"), function)(
            request, served
        )
        return result

    return handler


PAGES: dict[str, Handler] = {
    "/": _of("pages.home"),
    "/search": _of("pages.search"),
    "/speakers": _of("pages.lists", "speakers"),
    "/issues": _of("pages.lists", "issues"),
    "/places": _of("pages.lists", "places"),
    "/events": _of("pages.lists", "events"),
    "/documents": _of("pages.lists", "documents"),
    "/statements": _of("pages.lists", "statements"),
    "/claims": _of("pages.lists", "claims"),
    "/ontology": _of("pages.ontology"),
    "/ontology/*": _of("pages.ontology", "term"),
    "/scheme/*": _of("pages.ontology", "concept"),
    "/graph/*": _of("pages.graph"),
    "/questions": _of("pages.questions"),
    "/questions/*": _of("pages.questions", "one"),
    "/query": _of("query_page"),
    "/map": _of("map"),
    "/timeline": _of("timeline"),
    "/network": _of("network"),
}
"""Path -> handler; ``/folder/*`` stands for what is in a folder."""

THINGS: Handler = _of("pages.thing")
"""The handler of ``/kind/slug``."""


def load() -> None:
    """Import the modules of all pages: a worker that did so itself would soon be too large."""
    for module in _MODULES:
        import_module(f"conflictkg.web.site.{module}")
