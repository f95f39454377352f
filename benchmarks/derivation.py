"""Derivation: the time of all rules as the graph grows, and again after one new document.

Linear means that the time per statement stays what it is; an update is to cost what the document
touches, not what the store holds. There is no peer to compare with but itself.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from measure import Options, Row, alone, child, duration, say

HERE = str(Path(__file__))


def rows(options: Options) -> Iterator[Row]:
    """Measure each size in a process of its own, and print the times of each rule."""
    sizes = [20_000, 100_000] if options.quick else [100_000, 1_000_000]
    sizes += [10_000_000] if options.large else []
    first: dict[str, float] = {}
    for size in sizes:
        path = options.generated(size)
        new = options.work / f"new-{size}.nq"
        if not new.exists():
            from generate import Generator

            new.write_text(Generator(size).document(0, "new")[1], encoding="utf-8")
        say(f"deriving from {size:,} quads")
        found = child([HERE, "derive", str(path), str(new)]).answer
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
            f"derive again after one new document in {size:,} quads",
            duration(found["again"]),
            "",
            f"{again:.2f}x",
            f"at most 1.5x that of {sizes[0]:,}",
            again <= 1.5,
        )


def _work(path: Path, new: Path) -> None:
    """Be the child: derive in memory, then once more for the statements of a new document."""
    from conflictkg.derive import RULES, derive
    from conflictkg.provenance import Run
    from conflictkg.store import LocalStore
    from conflictkg.terms import CKG, GRAPH

    store = LocalStore(ox.Store(), "memory:")
    store.oxigraph.bulk_load(path=str(path), format=ox.RdfFormat.N_QUADS)
    statements = len({quad.subject for quad in store.match(None, CKG.expresses)})
    start = time.perf_counter()
    derive(store, Run.now("benchmark"))
    seconds = time.perf_counter() - start
    derived = sum(
        1
        for rule in RULES
        for _ in store.match(None, None, None, ox.NamedNode(f"{GRAPH}derived/{rule.name}"))
    )
    quads = list(ox.parse(path=str(new), format=ox.RdfFormat.N_QUADS))
    store.oxigraph.extend(quads)
    touched = {
        quad.subject
        for quad in quads
        if quad.predicate == CKG.expresses and isinstance(quad.subject, ox.NamedNode)
    }
    start = time.perf_counter()
    derive(store, Run.now("benchmark"), touched=touched)
    again = time.perf_counter() - start
    answer = {"statements": statements, "seconds": seconds, "derived": derived, "again": again}
    print(json.dumps(answer))


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "derive":
        _work(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        alone(__doc__, rows)
