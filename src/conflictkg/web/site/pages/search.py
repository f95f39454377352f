"""The search: names in any script and spelling first, then the texts of claims and statements."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

import pyoxigraph as ox

from conflictkg.model import Ref
from conflictkg.reading import Snapshot
from conflictkg.resolve import Match, Rank
from conflictkg.web.http import Request, Served
from conflictkg.web.site import places
from conflictkg.web.site.forms import Features, placed
from conflictkg.web.site.page import Page, Table
from conflictkg.web.site.paging import pages_of

MOST = 500
"""How many matches are looked at."""
SIZE = 40
MAX_TEXT = 200


def page(request: Request, served: Served) -> Page:
    """Return what a text may mean, best first."""
    text = request.first("q").strip()[:MAX_TEXT]
    found = list(islice(served.kg.names.search(text), MOST + 1)) if text else []
    cut = len(found) > MOST
    found = found[:MOST]
    pages = pages_of(request, len(found), SIZE, "matches")
    shown = found[pages.start : pages.end]
    snapshot = Snapshot(served.kg.store)
    nodes = [ox.NamedNode(match.iri) for match in shown]
    snapshot.fetch(nodes)
    rows: list[tuple[Any, Ref]] = [
        (match, snapshot.ref(node)) for match, node in zip(shown, nodes, strict=True)
    ]

    def table() -> Table:
        return Table(
            ("iri", "kind", "name", "language", "fits"),
            ((m.iri, m.kind, m.name.text, m.name.language, m.rank.label) for m in found),
        )

    return Page(
        "search.html",
        f"Search: {text}" if text else "Search",
        {
            "text": text,
            "rows": rows,
            "pages": pages,
            "cut": cut,
            "named": sum(match.rank < Rank.TEXT for match in found),
        },
        path="/search",
        summary="Names in any script and spelling, and the texts of claims and statements.",
        data=lambda: {"q": text, "total": len(found), "truncated": cut, "matches": found},
        table=table,
        quads=lambda: served.kg.store.describe(ox.NamedNode(match.iri) for match in found),
        features=_features(served, found),
        cut=MOST if cut else None,
    )


def _features(served: Served, found: Sequence[Match]) -> Features | None:
    """Return what makes the GeoJSON of the places that are found; None if there are none."""
    refs = [Ref(match.iri, match.name.text) for match in found]
    if not placed(served, (ref.iri for ref in refs)):
        return None
    return lambda: places.features(places.spots_of(served, refs))
