"""Networks: GEXF and CSV beside NetworkX, slices beside its views, projections beside raw queries.

Both sides are made of the same generated evidence: one row an edge, with its day and statement.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path

from measure import Options, Row, alone, child, interleaved, say

KINDS = ("asserts", "denies", "confirms", "doubts", "predicts")
FIRST_DAY, DAYS = date(2015, 1, 1).toordinal(), 3650
PER_STATEMENT = 10
"""How many edges a statement bears in the generated network."""

LIMIT = 900
"""The most seconds that one piece of work may take."""

PERSON = "https://w3id.org/conflictkg/id/person/"
STATEMENT = "https://w3id.org/conflictkg/id/statement/"


Evidence = list[tuple[str, str, str, str, int]]


def evidence(nodes: int, edges: int) -> Evidence:
    """Return rows of evidence: source, target, kind, statement and day; always the same."""
    draw = random.Random(1).random
    people = [f"{PERSON}{number}" for number in range(nodes)]
    statements = [f"{STATEMENT}{number}" for number in range(edges // PER_STATEMENT + 1)]
    rows = []
    for number in range(edges):
        source, target = int(draw() * nodes), int(draw() * nodes)
        if source != target:
            day = FIRST_DAY + int(draw() * DAYS)
            statement = statements[number // PER_STATEMENT]
            rows.append((people[source], people[target], KINDS[number % 5], statement, day))
    return rows


def _projection(given: Evidence, *, on_disk: bool):  # type: ignore[no-untyped-def]
    """Return the generated network as a projection."""
    from conflictkg.network import definition
    from conflictkg.network.coding import Vocabulary, facts_of
    from conflictkg.network.columns import Array
    from conflictkg.network.facts import PORTION
    from conflictkg.network.making import Thinning, assemble
    from conflictkg.network.things import Things

    words = Vocabulary()

    def facts() -> Iterator[Array]:
        """Yield facts in portions, as they come from a store."""
        waiting = iter(given)
        while rows := list(islice(waiting, PORTION)):
            source, target, kind, statement, day = zip(*rows, strict=True)
            proof = words.proofs(statement, lambda iri: iri[-3:])
            yield facts_of(
                source=words.nodes.numbers(source),
                target=words.nodes.numbers(target),
                kind=words.kinds.numbers(kind),
                counted=proof,
                evidence=proof,
                document=words.documents.numbers(statement),
                attitude=1,
                opens=day,
                closes=day,
            )

    def describe(iris: Sequence[str]) -> Things:
        things = Things()
        for iri in iris:
            things.add(iri, f"Person {iri.rpartition('/')[2]}")
        return things

    return assemble(definition("claims"), facts(), words, describe, Thinning(), {}, on_disk=on_disk)


def _graph(given: Evidence):  # type: ignore[no-untyped-def]
    """Return the same network as NetworkX has it, with the attributes that its writer bears."""
    import networkx

    graph = networkx.MultiDiGraph()
    for node in {node for row in given for node in row[:2]}:
        graph.add_node(node, label=f"Person {node.rpartition('/')[2]}", category="person")
    for source, target, kind, statement, day in given:
        graph.add_edge(
            source,
            target,
            label=kind,
            weight=1.0,
            statements=1,
            documents=1,
            origins=1,
            first_day=date.fromordinal(day).isoformat(),
            last_day=date.fromordinal(day).isoformat(),
            evidence=statement,
            start=date.fromordinal(day).isoformat(),
            end=date.fromordinal(day).isoformat(),
        )
    return graph


def work(what: str, nodes: int, edges: int, folder: Path) -> None:
    """Do one piece of work in this process and print what it took, as JSON.

    The evidence lies ready when the clock starts.
    """
    given = evidence(nodes, edges)
    started = time.process_time()
    if what.startswith("networkx"):
        import networkx

        graph = _graph(given)
        built = time.process_time()
        if what == "networkx gexf":
            networkx.write_gexf(graph, folder / "networkx.gexf")
        else:
            low, high = (date.fromordinal(FIRST_DAY + 1000 + n).isoformat() for n in (0, 29))
            view = networkx.subgraph_view(
                graph, filter_edge=lambda s, t, k: low <= graph.edges[s, t, k]["start"] <= high
            )
            view.copy()
    else:
        from conflictkg.export import write

        made = _projection(given, on_disk=what.endswith("on disk"))
        built = time.process_time()
        if what.startswith("gexf"):
            write(made, folder / "ours.gexf")
        elif what.startswith("csv"):
            write(made, folder / "ours.csv")
        else:
            first = FIRST_DAY + 1000
            part = made.slice(date.fromordinal(first), date.fromordinal(first + 29))
            len(part.nodes), len(part.edges)
    ended = time.process_time()
    print(json.dumps({"build": built - started, "work": ended - built, "seconds": ended - started}))


def rows(options: Options) -> Iterator[Row]:
    """Yield the rows of the table, each told as soon as it is measured."""
    for row in _rows(options):
        say(f"{row.what}: {row.ours}; {row.peer}; {row.ratio}")
        yield row


def _rows(options: Options) -> Iterator[Row]:
    """Yield the rows of the table: files and slices beside NetworkX, then queries."""
    nodes, edges = (10_000, 100_000) if options.quick else (100_000, 1_000_000)
    size = f"{nodes:,} nodes, {edges:,} edges"

    def done(what: str, nodes: int = nodes, edges: int = edges) -> dict[str, float]:
        say(f"{what}: {nodes:,} nodes, {edges:,} edges")
        found = child(
            [__file__, "--do", what, str(nodes), str(edges), str(options.work)], limit=LIMIT
        )
        return {**found.answer, "mib": found.mib}

    gexf, peer, csv = done("gexf on disk"), done("networkx gexf"), done("csv on disk")
    faster, lighter = peer["seconds"] / gexf["seconds"], gexf["mib"] / peer["mib"]
    took = f"{peer['seconds']:.0f} s, {peer['mib']:,.0f} MiB"
    yield Row(
        f"GEXF of {size}, build included, beside `networkx.write_gexf` (CPU)",
        f"{gexf['seconds']:.1f} s, {gexf['mib']:,.0f} MiB",
        took,
        f"{faster:.1f} times as fast, {lighter:.2f} of its memory",
        "at least 5, at most 0.1",
        faster >= 5 and lighter <= 0.1,
    )
    for what, seconds in (("build included", csv["seconds"]), ("from the tables", csv["work"])):
        faster = peer["seconds"] / seconds
        yield Row(
            f"CSV of {size}, {what}, beside the same",
            f"{seconds:.1f} s, {csv['mib']:,.0f} MiB",
            took,
            f"{faster:.1f} times as fast",
            "at least 20",
            faster >= 20,
        )
    ours, view = done("slice"), done("networkx view")
    part = ours["work"] / view["work"]
    yield Row(
        f"30 days of {size}, beside copying a NetworkX view",
        f"{ours['work']:.2f} s",
        f"{view['work']:.2f} s",
        f"{part:.3f} of its time",
        "at most 0.1",
        part <= 0.1,
    )
    if options.large:
        large = done("gexf on disk", 1_000_000, 5_000_000)
        table = done("csv on disk", 1_000_000, 5_000_000)
        yield Row(
            "GEXF of 1,000,000 nodes, 5,000,000 edges, build included; CSV",
            f"{large['seconds']:.0f} s, {large['mib']:,.0f} MiB; "
            f"{table['seconds']:.0f} s, {table['mib']:,.0f} MiB",
            f"not tried: more than {5 * peer['mib'] / 1024:.0f} GiB, five times that of a fifth",
            f"{large['mib'] / gexf['mib']:.1f} times the memory for 10 times the nodes",
        )
    yield from _queries(options)


def _queries(options: Options) -> Iterator[Row]:
    """Yield what projections of a generated graph cost beside their bare queries, rows read."""
    from conflictkg.network import definition, project
    from conflictkg.store import open_store, select

    quads = 100_000 if options.quick else 1_000_000
    reader = open_store(options.store(quads))
    for name in ("claims", "alignment", "attribution", "events", "places", "evidence"):
        asked = definition(name)
        made = project(reader, name)

        def bare(sparql: str = asked.sparql) -> None:
            for row in select(reader, sparql):
                tuple(row)

        def whole(name: str = name) -> None:
            project(reader, name)

        ours, peer = interleaved([whole, bare], 1 if options.quick else 3)
        yield Row(
            f"projection `{name}` of {quads:,} quads on disk ({len(made.nodes):,} nodes, "
            f"{len(made):,} edges), beside its bare query",
            f"{ours:.2f} s",
            f"{peer:.2f} s",
            f"{ours / peer:.1f} of its time",
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--do"]:
        work(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[5]))
    else:
        alone(__doc__, rows)
