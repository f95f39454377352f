"""Derivation: the time of all rules as the graph grows, and again after one new document.

Linear means that the time per statement stays what it is; an update is to cost what the document
touches, not what the store holds. The document is of one mould, cast for several speakers, busy and
less busy ones; each is put in, derived and taken out again. Times are processor time of the one
thread that derives. There is no peer to compare with but itself.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pyoxigraph as ox

from measure import Options, Row, alone, child, duration, say

HERE = str(Path(__file__))

CASTS = 15
"""How many new documents are derived, one at a time."""


def rows(options: Options) -> Iterator[Row]:
    """Measure each size in a process of its own, and print the times of each rule."""
    sizes = [20_000, 100_000] if options.quick else [100_000, 1_000_000]
    sizes += [10_000_000] if options.large else []
    first: dict[str, float] = {}
    for size in sizes:
        path = options.generated(size)
        say(f"deriving from {size:,} quads")
        found = child([HERE, "derive", str(path), str(size)]).answer
        each = found["seconds"] / found["statements"]
        first = first or {**found, "each": each}
        growth = each / first["each"]
        yield Row(
            f"derive everything from {size:,} quads ({found['statements']:,.0f} statements, "
            f"{found['derived']:,.0f} derived quads)",
            duration(found["seconds"]),
            "",
            f"{each * 1e6:,.0f} µs a statement, {growth:.2f}x",
            f"linear: at most 1.3x that of {sizes[0]:,}",
            growth <= 1.3,
        )
        again = found["again"] / first["again"]
        yield Row(
            f"derive again after one new document in {size:,} quads (median of {CASTS})",
            duration(found["again"]),
            "",
            f"{again:.2f}x; the slowest {duration(found['slowest'])}",
            f"at most 1.5x that of {sizes[0]:,}",
            again <= 1.5,
        )


def _work(path: Path, size: int) -> None:
    """Be the child: derive in memory, then again for what each of some new documents describes."""
    from conflictkg.derive import RULES, derive
    from conflictkg.provenance import Run
    from conflictkg.store import LocalStore
    from conflictkg.terms import CKG, GRAPH
    from generate import Generator

    store = LocalStore(ox.Store(), "memory:")
    store.oxigraph.bulk_load(path=str(path), format=ox.RdfFormat.N_QUADS)
    statements = len({quad.subject for quad in store.match(None, CKG.expresses)})
    start = time.process_time()
    derive(store, Run.now("benchmark"))
    seconds = time.process_time() - start
    derived = sum(
        1
        for rule in RULES
        for _ in store.match(None, None, None, ox.NamedNode(f"{GRAPH}derived/{rule.name}"))
    )
    generator = Generator(size)
    again = []
    for cast in range(CASTS):
        world = cast * generator.worlds // CASTS
        text = generator.document(world, f"new-{cast}")[1]
        quads = list(ox.parse(text.encode(), format=ox.RdfFormat.N_QUADS))
        touched = {quad.subject for quad in quads if isinstance(quad.subject, ox.NamedNode)}
        store.oxigraph.extend(quads)
        start = time.process_time()
        derive(store, Run.now("benchmark"), touched=touched)
        again.append(time.process_time() - start)
        for quad in quads:
            store.oxigraph.remove(quad)
        derive(store, Run.now("benchmark"), touched=touched)
    answer = {
        "statements": statements,
        "seconds": seconds,
        "derived": derived,
        "again": median(again),
        "slowest": max(again),
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "derive":
        _work(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        alone(__doc__, rows)
