"""Pages of the site at 1M quads in memory, beside Oxigraph answering `statements-by` raw.

A page is made whole: read, told, rendered, as a worker of the server does it; nothing of it is
kept from one request to the next. The peer is one query alone, its rows read and thrown away:
what the speaker said, without the changes, the figures, the readings of others and the HTML.

The first views of map, timeline and network are made for a graph that has just changed, so that
nothing is kept for them; their peer is the same page of everything at once. They are measured in
processor time, since one thread does all the work and other work on the machine lengthens the rest.
"""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pyoxigraph as ox

from conflictkg.graph import ConflictGraph
from conflictkg.queries import question
from conflictkg.store import LocalStore, open_store
from conflictkg.terms import CKG, PREFIXES
from conflictkg.web.http import Request, Served
from conflictkg.web.site import answer
from conflictkg.web.site.links import page_of
from measure import Options, Row, alone, duration, interleaved, say

LIMIT = 0.1
"""Seconds that a speaker's page may take."""

FIRST = 2.0
"""Seconds of processor time that the first view of a page to explore with may take."""


def rows(options: Options) -> Iterator[Row]:
    """Measure the pages of the busiest and of a middling speaker, then other kinds of page."""
    size = 100_000 if options.quick else 1_000_000
    disk = open_store(options.store(size))
    store = LocalStore(ox.Store(), "memory:")
    say(f"loading {size:,} quads and what follows from them into memory")
    store.oxigraph.bulk_extend(disk.match())
    served = Served(ConflictGraph(store), "1")
    ranked = _speakers(store)
    rounds = 4 * options.rounds + 1
    for kind, speaker in (("busiest", ranked[0]), ("middling", ranked[len(ranked) // 2])):
        ours, raw = interleaved(
            [_page(served, page_of(speaker.value)), _raw(store, speaker)], rounds
        )
        yield Row(
            f"page of the {kind} speaker, {size:,} quads",
            duration(ours),
            duration(raw),
            f"{ours / raw:.2f} of its time",
            f"under {duration(LIMIT)}",
            ours < LIMIT,
        )
    raw_busiest = _raw(store, ranked[0])
    for what, path in _others(store):
        ours, raw = interleaved([_page(served, path), raw_busiest], rounds)
        yield Row(f"{what}, {size:,} quads", duration(ours), duration(raw), f"{ours / raw:.2f}")
    for path in ("/map", "/timeline", "/network"):
        yield _first_view(store, path, size, options.rounds)


def _first_view(store: LocalStore, path: str, size: int, rounds: int) -> Row:
    """Measure a page without a selection, and the same page of everything at once."""
    versions = count(2)
    spent: dict[str, list[float]] = {"": [], "all=1": []}
    for _ in range(rounds):
        for query, times in spent.items():
            served = Served(ConflictGraph(store), f"{path} {next(versions)}")
            request = Request("GET", path, query, headers={"accept": "text/html"})
            begin = time.process_time()
            assert answer(request, served).status == 200
            times.append(time.process_time() - begin)
    first, whole = (statistics.median(times) for times in spent.values())
    return Row(
        f"first view of {path}, {size:,} quads, beside everything at once (processor time)",
        duration(first),
        duration(whole),
        f"{first / whole:.2f} of its time",
        f"under {duration(FIRST)}",
        first < FIRST,
    )


def _page(served: Served, path: str) -> Callable[[], object]:
    """Return what makes a page; raises AssertionError if there is none at its path."""

    def make() -> bytes:
        response = answer(Request("GET", path, headers={"accept": "text/html"}), served)
        assert response.status == 200 and isinstance(response.body, bytes), path
        return response.body

    return make


def _raw(store: LocalStore, speaker: ox.NamedNode) -> Callable[[], object]:
    """Return Oxigraph itself answering `statements-by` for a speaker."""
    bound: dict[ox.Variable, Any] = {ox.Variable("speaker"): speaker}
    sparql, prefixes = question("statements-by").sparql, dict(PREFIXES)

    def ask() -> list[Any]:
        found = store.oxigraph.query(
            sparql, use_default_graph_as_union=True, substitutions=bound, prefixes=prefixes
        )
        assert isinstance(found, ox.QuerySolutions)
        return list(found)

    return ask


def _speakers(store: LocalStore) -> list[ox.NamedNode]:
    """Return the people and organizations that speak, the busiest first."""
    counts = Counter(
        quad.object
        for quad in store.match(None, CKG.speaker)
        if isinstance(quad.object, ox.NamedNode) and "/id/source/" not in quad.object.value
    )
    return sorted(counts, key=lambda node: (-counts[node], node.value))


def _others(store: LocalStore) -> Iterator[tuple[str, str]]:
    """Yield other pages: the issue with most claims, the place in most, a list, the first page."""
    for what, predicate, kind in (
        ("page of the issue with most claims", CKG.addresses, "/id/issue/"),
        ("page of the thing in most claims", CKG.subject, "/id/"),
    ):
        counts = Counter(
            quad.object
            for quad in store.match(None, predicate)
            if isinstance(quad.object, ox.NamedNode) and kind in quad.object.value
        )
        yield what, page_of(min(counts, key=lambda node: (-counts[node], node.value)).value)
    yield "list of speakers", "/speakers"
    yield "first page", "/"


if __name__ == "__main__":
    alone(__doc__, rows)
