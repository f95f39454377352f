"""The pages that people read: each a function from a request to a response."""

from conflictkg.web.http import Request, Served
from conflictkg.web.site import pages
from conflictkg.web.site.rendering import compile_templates
from conflictkg.web.site.routes import answer

__all__ = ["answer", "warm"]

WARMED = (
    *("/", "/speakers", "/issues", "/places", "/events", "/documents", "/statements", "/claims"),
    *("/search?q=a", "/places.geojson", "/ontology"),
)
"""Pages whose making reads what all pages of one version of the graph then share."""


def warm(served: Served) -> None:
    """Load pages and templates, read names, rank lists: once, for workers forked after it."""
    pages.load()
    compile_templates()
    for url in WARMED:
        path, _, query = url.partition("?")
        response = answer(Request("GET", path, query), served)
        if not isinstance(response.body, bytes):
            for _chunk in response.body:
                pass
