"""The first views of map, timeline and network at 1M quads, beside the same pages of everything.

They are made for a graph that has just changed, so that nothing is kept for them, and measured in
processor time, since one thread does all the work and other work on the machine lengthens the rest.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from itertools import count

import pyoxigraph as ox

from conflictkg.graph import ConflictGraph
from conflictkg.store import LocalStore, open_store
from conflictkg.web.http import Request, Served
from conflictkg.web.site import answer
from measure import Options, Row, alone, duration, say

FIRST = 2.0
"""Seconds of processor time that the first view of a page to explore with may take."""


def rows(options: Options) -> Iterator[Row]:
    """Measure the three pages without a selection."""
    size = 100_000 if options.quick else 1_000_000
    store = LocalStore(ox.Store(), "memory:")
    say(f"loading {size:,} quads and what follows from them into memory")
    store.oxigraph.bulk_extend(open_store(options.store(size)).match())
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


if __name__ == "__main__":
    alone(__doc__, rows)
