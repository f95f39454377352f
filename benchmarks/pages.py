"""Pages of the site at 1M quads in memory, warm: processor time of a worker, and over HTTP.

A page is made as a worker of the server makes it. “Warm” is with what the site itself keeps for a
version of the graph (rankings, which issues a speaker spoke of, what was told last), never the page
as HTML; “asked for first” is with nothing kept. Over HTTP each request has a query string of its
own, so that no kept answer is sent. The peer is Oxigraph answering `statements-by` raw: what the
speaker said, its rows read and thrown away, without the changes, the figures, the readings of
others and the HTML.
"""

from __future__ import annotations

import gc
import re
import statistics
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from conflictkg.graph import ConflictGraph
from conflictkg.load import build_in_memory
from conflictkg.queries import question
from conflictkg.store import LocalStore, open_store
from conflictkg.terms import CKG, PREFIXES, bundled
from conflictkg.web.http import Request, Served
from conflictkg.web.site import answer, warm
from conflictkg.web.site.links import page_of
from measure import Options, Row, alone, duration, say

LIMIT = 0.1
"""Seconds that a speaker's page may take over HTTP."""
CPU_LIMIT = 0.06
"""Seconds of processor time that a worker may take for it."""
KOVALENKO = "/person/andriy-kovalenko"
"""The page that the project is named for: all his issues on one page, in the real graph."""


def rows(options: Options) -> Iterator[Row]:
    """Measure the pages of speakers, first and last, then other kinds of page."""
    size = 100_000 if options.quick else 1_000_000
    folder = options.store(size)
    store = LocalStore(ox.Store(), "memory:")
    say(f"loading {size:,} quads and what follows from them into memory")
    store.oxigraph.bulk_extend(open_store(folder).match())
    served = Served(ConflictGraph(store), "1")
    warm(served)
    ranked = _speakers(store)
    busiest, middling = ranked[0], ranked[len(ranked) // 2]
    pages = {
        "first page of the busiest speaker": page_of(busiest.value),
        "last page of the busiest speaker": _last(served, page_of(busiest.value)),
        "page of a middling speaker": page_of(middling.value),
        **dict(_others(store)),
    }
    rounds = 4 * options.rounds + 1
    raw = processor(_raw(store, busiest), rounds)
    first = processor(_anew(served.kg, page_of(busiest.value)), rounds)
    ours = [processor(_page(served, path), rounds) for path in pages.values()]
    with _server(folder) as address:
        walls = [_over_http(f"{address}{path}", rounds) for path in pages.values()]
    yield Row(
        f"first page of the busiest speaker, asked for first, {size:,} quads",
        f"{duration(first)} of processor time",
        duration(raw),
        f"{first / raw:.2f} of its time",
    )
    for what, cpu, wall in zip(pages, ours, walls, strict=True):
        yield _row(f"{what}, {size:,} quads", cpu, wall, raw, speaker="speaker" in what)
    real = ConflictGraph(build_in_memory(bundled("graphs")))
    first = processor(_anew(real, KOVALENKO), rounds)
    yield Row(
        "Kovalenko's page, asked for first, the real graph",
        f"{duration(first)} of processor time",
        "",
        "",
    )
    cpu = processor(_page(Served(real, "1"), KOVALENKO), rounds)
    with _server(Path("memory:")) as address:
        wall = _over_http(address + KOVALENKO, rounds)
    yield _row("Kovalenko's page, all issues, the real graph", cpu, wall, speaker=True)


def _row(what: str, cpu: float, wall: float, raw: float = 0.0, *, speaker: bool) -> Row:
    return Row(
        what,
        f"{duration(cpu)} of processor time, {duration(wall)} over HTTP",
        duration(raw) if raw else "",
        f"{cpu / raw:.2f} of its time" if raw else "",
        f"{duration(CPU_LIMIT)}, under {duration(LIMIT)}" if speaker else "",
        (cpu <= CPU_LIMIT and wall < LIMIT) if speaker else None,
    )


def processor(work: Callable[[], object], rounds: int) -> float:
    """Return the median seconds of processor time of a call, warm.

    What was there before is frozen for the garbage collection, as the server does it.
    """
    work()
    gc.collect()
    gc.freeze()
    spent = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return statistics.median(spent)


def _page(served: Served, path: str) -> Callable[[], object]:
    """Return what makes a page; raises AssertionError if there is none at its path."""
    root, _, query = path.partition("?")

    def make() -> bytes:
        response = answer(Request("GET", root, query, headers={"accept": "text/html"}), served)
        assert response.status == 200 and isinstance(response.body, bytes), path
        return response.body

    return make


def _anew(kg: ConflictGraph, path: str) -> Callable[[], object]:
    """Return what makes a page of a version of the graph that nobody has asked before."""
    versions = count()
    return lambda: _page(Served(kg, f"new-{next(versions)}"), path)()


def _last(served: Served, path: str) -> str:
    """Return the address of the last page of a speaker."""
    html = _page(served, path)()
    assert isinstance(html, bytes)
    found = re.search(r"issues [\d,]+–([\d,]+) of ([\d,]+)", html.decode())
    if not found:
        return path
    size, total = (int(number.replace(",", "")) for number in found.groups())
    return f"{path}?page={-(-total // size)}"


@contextmanager
def _server(store: Path) -> Iterator[str]:
    """Serve a store on a free port and give its address, without a slash at the end."""
    command = [sys.executable, "-m", "conflictkg", "serve", "--port", "0", "--no-log"]
    process = subprocess.Popen([*command, "--store", str(store)], stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        for line in process.stderr:
            if found := re.search(r" at (http://\S+?)/?$", line.strip()):
                yield found[1]
                break
    finally:
        process.terminate()
        process.communicate(timeout=60)


def _over_http(url: str, rounds: int) -> float:
    """Return the median seconds until a page has come whole; every request is a new one."""
    spent = []
    for number in range(rounds + 2):
        asked = f"{url}{'&' if '?' in url else '?'}round={number}"
        start = time.perf_counter()
        with urllib.request.urlopen(asked, timeout=60) as response:
            assert response.read().endswith(b"</html>"), url
        spent.append(time.perf_counter() - start)
    return statistics.median(spent[2:])


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
