"""Validation: one new document in a small and in a large store; a whole graph beside pySHACL.

Plain pySHACL is run as it is shipped, on the same triples and the same shapes; both must find the
same number of results. It gets ten minutes.
"""

from __future__ import annotations

import io
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from measure import Options, Row, alone, child, duration, interleaved, say

SMALL = 20_000
"""The small store: a little more than the real graph cast once."""

HERE = str(Path(__file__))
LIMIT = 500.0
"""How many seconds pySHACL gets."""


def rows(options: Options) -> Iterator[Row]:
    """Measure one document, then whole graphs: the real one and a generated one."""
    yield from _one_document(options, 100_000 if options.quick else 1_000_000)
    from conflictkg.load import build
    from conflictkg.terms import bundled

    real = options.work / "real"
    build(bundled("graphs"), real)
    yield from _whole("the real graph", real)
    if not options.quick:
        yield from _whole("a generated graph", options.store(50_000))


def _one_document(options: Options, size: int) -> Iterator[Row]:
    """Validate a document that is new, with what it points to, before it is loaded."""
    from conflictkg.load import laid_over
    from conflictkg.store import open_store
    from conflictkg.validate import validate
    from generate import Generator

    path = Generator(size).write_document(options.work)
    stores = [open_store(options.store(quads)) for quads in (size, SMALL)]
    found: set[int] = set()

    def check(number: int) -> None:
        data, graphs = laid_over(stores[number], [path])
        found.add(len(validate(data, only=graphs)))

    check(1)
    say("validating one document")
    big, small = interleaved([lambda: check(0), lambda: check(1)], 2 * options.rounds + 1)
    quads = sum(1 for _ in ox.parse(path=str(path)))
    counted = " or ".join(map(str, sorted(found)))
    yield Row(
        f"validate one new document ({quads:,} quads, {counted} findings) in {size:,}, "
        f"beside in {len(stores[1]):,}",
        duration(big),
        duration(small),
        f"{big / small:.2f}x",
        "the same: at most 1.3x",
        big / small <= 1.3,
    )


def _whole(what: str, store: Path) -> Iterator[Row]:
    say(f"validating {what}")
    ours = child([HERE, "ours", str(store)])
    count = int(ours.answer["results"])
    name = f"validate {what} ({ours.answer['quads']:,.0f} quads), beside pySHACL as shipped"
    say(f"validating {what} with pySHACL: minutes")
    try:
        plain = child([HERE, "plain", str(store)], limit=LIMIT)
    except TimeoutError:
        least = LIMIT / ours.seconds
        yield Row(
            f"{name} ({count} results, its unknown)",
            duration(ours.seconds),
            f"not done after {LIMIT:.0f} s",
            f"more than {least:.0f} times as fast",
            "at least 10",
            least >= 10,
        )
        return
    ratio = plain.seconds / ours.seconds
    theirs = int(plain.answer["results"])
    yield Row(
        f"{name} ({count} results, its {theirs})",
        f"{duration(ours.seconds)}, {ours.mib:,.0f} MiB",
        f"{duration(plain.seconds)}, {plain.mib:,.0f} MiB",
        f"{ratio:.0f} times as fast",
        "at least 10, same results",
        ratio >= 10 and count == theirs,
    )


def _ntriples(store: Path) -> bytes:
    """Return what full validation looks at: the union of the graphs, and the ontology."""
    from conflictkg.store import open_store
    from conflictkg.validate import ontology

    triples = {quad.triple for quad in open_store(store).match()} | set(ontology.triples())
    text = io.BytesIO()
    ox.serialize(triples, text, format=ox.RdfFormat.N_TRIPLES)
    return text.getvalue()


def _ours(store: Path) -> dict[str, float]:
    from conflictkg.store import open_store
    from conflictkg.validate import engines, shapes, validate

    start = time.perf_counter()
    reader = open_store(store)
    validate(reader)
    seconds = time.perf_counter() - start
    results = engines.run(_ntriples(store), shapes.read().text)
    return {"seconds": seconds, "results": len(results), "quads": len(reader)}


def _plain(store: Path) -> dict[str, float]:
    import pyshacl
    import rdflib

    from conflictkg.terms import bundled

    text = _ntriples(store)
    start = time.perf_counter()
    graph = rdflib.Graph().parse(data=text, format="nt11")
    shapes = rdflib.Graph().parse(bundled("ontology/shapes.ttl"))
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes)
    seconds = time.perf_counter() - start
    assert isinstance(report, rdflib.Graph)
    results = set(report.objects(None, rdflib.SH.result))
    return {"seconds": seconds, "results": len(results)}


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] in ("ours", "plain"):
        work = {"ours": _ours, "plain": _plain}[sys.argv[1]]
        print(json.dumps(work(Path(sys.argv[2]))))
    else:
        alone(__doc__, rows)
