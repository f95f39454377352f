"""`statements-by`: one speaker's statements out of 1M quads, beside Oxigraph and rdflib.

All sides answer the same SPARQL, bound to the same speaker, and read all rows. rdflib's data set is
in memory; the time that it takes to load is left out, and it gets two minutes for an answer.
"""

from __future__ import annotations

import json
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from conflictkg.queries import NamedQuestion, ask, question
from conflictkg.store import LocalStore, open_store
from conflictkg.terms import CKG, PREFIXES
from measure import Options, Row, alone, child, duration, interleaved, say, timed

LIMIT = 120
"""How many seconds rdflib gets for an answer."""

PLAIN = """SELECT ?said ?words ?claim ?statement ?speaker WHERE {
    ?statement ckg:speaker ?speaker ; ckg:said ?time ; ckg:expresses ?stance .
    ?time ckg:edtf ?said . ?stance ckg:onClaim ?what . ?what schema:text ?claim .
    ?report ckg:reports ?statement ; oa:hasSelector ?selector . ?selector oa:exact ?words }"""
"""The bare joins of the question over the union of the graphs: rdflib's best case."""


def rows(options: Options) -> Iterator[Row]:
    """Measure the question for the busiest speaker and for one in the middle."""
    size = 100_000 if options.quick else 1_000_000
    asked = question("statements-by")
    bare = replace(asked, name="plain", sparql=PLAIN)
    disk = open_store(options.store(size))
    assert isinstance(disk, LocalStore)
    memory = LocalStore(ox.Store(), "memory:")
    say(f"loading {size:,} quads into memory")
    memory.oxigraph.bulk_load(path=str(options.generated(size)), format=ox.RdfFormat.N_QUADS)
    ours: dict[tuple[str, str], float] = {}
    speakers = _speakers(disk)
    for kind, speaker in speakers.items():
        for place, store in (("on disk", disk), ("in memory", memory)):
            mine, raw = _both(store, asked, speaker)
            count = len(mine())
            ours[kind, place], peer = interleaved([mine, raw], 4 * options.rounds + 1)
            ratio = ours[kind, place] / peer
            yield Row(
                f"`statements-by`, {kind} ({count} rows), {size:,} quads {place}, "
                "beside raw pyoxigraph",
                duration(ours[kind, place]),
                duration(peer),
                f"{ratio:.2f} of its time",
                "at most 1.5",
                ratio <= 1.5,
            )
    (plain,) = interleaved([_both(memory, bare, speakers["busiest speaker"])[0]], 9)
    ours["plain joins, busiest speaker", "in memory"] = plain
    yield from _rdflib(options, size, speakers, ours)


def _both(
    store: LocalStore, asked: NamedQuestion, speaker: ox.NamedNode
) -> tuple[Callable[[], list[Any]], Callable[[], list[Any]]]:
    """Return two ways to ask: as a user of the package does, and Oxigraph itself."""
    bound: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]
    bound = {ox.Variable("speaker"): speaker}
    prefixes = dict(PREFIXES)

    def ours() -> list[Any]:
        return list(ask(store, asked, {"speaker": speaker.value}).rows)

    def raw() -> list[Any]:
        answer = store.oxigraph.query(
            asked.sparql, use_default_graph_as_union=True, substitutions=bound, prefixes=prefixes
        )
        assert isinstance(answer, ox.QuerySolutions)
        return list(answer)

    return ours, raw


def _speakers(store: LocalStore) -> dict[str, ox.NamedNode]:
    """Return the person or organization with most statements, and the middle one of all."""
    counts = Counter(
        quad.object
        for quad in store.match(None, CKG.speaker)
        if isinstance(quad.object, ox.NamedNode) and "/id/source/" not in quad.object.value
    )
    ranked = sorted(counts, key=lambda node: (-counts[node], node.value))
    return {"busiest speaker": ranked[0], "middling speaker": ranked[len(ranked) // 2]}


def _rdflib(
    options: Options,
    asked: int,
    speakers: dict[str, ox.NamedNode],
    ours: dict[tuple[str, str], float],
) -> Iterator[Row]:
    """Measure rdflib in memory; its graph may be smaller, which the row then says."""
    size = min(asked, options.rdflib_quads)
    say(f"asking rdflib with {size:,} quads: minutes")
    nodes = [speakers[kind].value for kind in ("busiest speaker", "middling speaker")]
    found = child([str(Path(__file__)), "rdflib", str(options.generated(size)), *nodes])
    for (kind, place), mine in ours.items():
        if place == "on disk":
            continue
        seconds = found.answer[kind]
        ratio = abs(seconds) / mine
        bare = kind.startswith("plain")
        yield Row(
            f"{'`statements-by`, ' if not bare else ''}{kind}, {asked:,} quads in memory, "
            f"beside rdflib in memory{'' if size == asked else f' with only {size:,}'}",
            duration(mine),
            duration(seconds) if seconds > 0 else f"no answer in {LIMIT} s",
            f"{'' if seconds > 0 else 'more than '}{ratio:,.0f} times as fast",
            "" if bare else "at least 100",
            None if bare else ratio >= 100,
        )


def _ask_rdflib(path: str, busiest: str, middling: str) -> dict[str, float]:
    """Return the seconds of each question; negative ones are those of giving up."""
    import rdflib
    from rdflib.plugins.sparql import prepareQuery

    data = rdflib.Dataset(default_union=True)
    loading = timed(lambda: data.parse(path, format="nquads"))
    say(f"rdflib loaded {path} in {loading:.0f} s")
    text = question("statements-by").sparql
    found = {}
    for name, sparql, speaker in (
        ("plain joins, busiest speaker", PLAIN, busiest),
        ("middling speaker", text, middling),
        ("busiest speaker", text, busiest),
    ):
        query = prepareQuery(sparql, initNs=dict(PREFIXES))
        bound = {"speaker": rdflib.URIRef(speaker)}
        signal.alarm(LIMIT)
        try:
            found[name] = timed(lambda q=query, b=bound: list(data.query(q, initBindings=b)))  # type: ignore[misc]
        except TimeoutError:
            found[name] = -float(LIMIT)
        signal.alarm(0)
    return found


def _give_up(number: int, frame: object) -> None:
    raise TimeoutError


if __name__ == "__main__":
    if len(sys.argv) == 5 and sys.argv[1] == "rdflib":
        signal.signal(signal.SIGALRM, _give_up)
        print(json.dumps(_ask_rdflib(*sys.argv[2:])))
    else:
        alone(__doc__, rows)
