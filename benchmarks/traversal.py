"""Traversal of 1M quads: paths and walks read off the store, beside NetworkX on all ties at once.

NetworkX gets a graph of the same ties, which has to be built first; that time is told in the rows,
apart from the search. Ours starts from nothing each time, and explains the paths where it says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pyoxigraph as ox

from conflictkg.graph import ConflictGraph
from conflictkg.store import LocalStore
from conflictkg.terms import CKG, RDF, kind
from conflictkg.walking import MAX_TIES, Tied, routes
from conflictkg.walking.relations import BATCH, WALKED
from measure import Options, Row, alone, duration, interleaved, say, timed

MANY = 100
"""How many explained paths one row asks for."""


def rows(options: Options) -> Iterator[Row]:
    """Measure paths between the busiest speaker and the places most spoken of, and a walk."""
    size = 100_000 if options.quick else 1_000_000
    store = LocalStore(ox.Store(), "memory:")
    say(f"loading {size:,} quads into memory")
    store.oxigraph.bulk_load(path=str(options.generated(size)), format=ox.RdfFormat.N_QUADS)
    kg = ConflictGraph(store)
    speaker = _most(store, CKG.speaker, ("person",))
    place = _most(store, CKG.subject, ("place",))
    say("building a NetworkX graph of all ties")
    built: list[Any] = []
    building = timed(lambda: built.append(_built(store)))
    graph = built[0]
    what = f"{size:,} quads; NetworkX: {len(graph):,} nodes, {graph.number_of_edges():,} edges"

    def searched() -> object:
        import networkx as nx

        return nx.bidirectional_shortest_path(graph, speaker.value, place.value)

    def first() -> object:
        return next(kg.paths(f"<{speaker.value}>", f"<{place.value}>"))

    ours, theirs = interleaved([first, searched], options.rounds)
    yield Row(
        f"first path from the busiest speaker to a place, explained, {what}",
        duration(ours),
        f"{duration(building)} to build, {duration(theirs)} to search",
        f"{(building + theirs) / ours:,.0f} times as fast",
        "at least 10",
        building + theirs >= 10 * ours,
    )
    count = len(list(_ways(store, speaker, place)))
    ours, theirs = interleaved(
        [lambda: list(_ways(store, speaker, place)), lambda: _simple(graph, speaker, place)],
        options.rounds,
    )
    yield Row(
        f"all {count:,} ways of at most 4 hops between them, without words",
        duration(ours),
        f"{duration(theirs)}, built before",
        f"{theirs / ours:.2f} times as fast",
    )
    (ours,) = interleaved([lambda: list(islice(_paths(kg, speaker, place), MANY))], options.rounds)
    yield Row(f"the first {min(MANY, count)} of them, explained", duration(ours), "", "")
    walked = sum(1 for _ in routes.walk(Tied(store), speaker, 2, MAX_TIES))
    ours, theirs = interleaved(
        [
            lambda: list(routes.walk(Tied(store), speaker, 2, MAX_TIES)),
            lambda: _around(graph, speaker),
        ],
        options.rounds,
    )
    yield Row(
        f"all {walked:,} things within 2 hops of the busiest speaker",
        duration(ours),
        f"{duration(building)} to build, {duration(theirs)} to search",
        f"{(building + theirs) / ours:.1f} times as fast",
    )


def _most(store: LocalStore, predicate: ox.NamedNode, kinds: tuple[str, ...]) -> ox.NamedNode:
    """Return the node of some kinds that most quads of a property have at an end."""
    found: Counter[ox.NamedNode] = Counter(
        quad.object
        for quad in store.match(None, predicate)
        if isinstance(quad.object, ox.NamedNode) and kind(quad.object.value) in kinds
    )
    return min(found, key=lambda node: (-found[node], node.value))


def _ways(store: LocalStore, one: ox.NamedNode, other: ox.NamedNode) -> Iterator[object]:
    return routes.routes(Tied(store), one, other, 4, MAX_TIES)


def _paths(kg: ConflictGraph, one: ox.NamedNode, other: ox.NamedNode) -> Iterator[object]:
    return kg.paths(f"<{one.value}>", f"<{other.value}>")


def _built(store: LocalStore) -> Any:
    """Return all ties as a NetworkX graph, those of documents apart: they are ends, not bridges."""
    import networkx as nx

    graph = nx.Graph()
    things = {
        quad.subject
        for cls in ("Person", "Organization", "Unit", "UnnamedSource", "Place", "Event")
        for quad in store.match(None, RDF.type, CKG[cls])
    }
    things |= {quad.subject for quad in store.match(None, CKG.addresses)}
    things |= {quad.object for quad in store.match(None, CKG.addresses)}
    nodes = sorted(
        (n for n in things if isinstance(n, ox.NamedNode) and kind(n.value) in WALKED), key=str
    )
    tied = Tied(store)
    for at in range(0, len(nodes), BATCH):
        for node, links in tied.of(nodes[at : at + BATCH]).items():
            for other in links:
                if kind(other.value) != "document":
                    graph.add_edge(node.value, other.value)
    return graph


def _simple(graph: Any, one: ox.NamedNode, other: ox.NamedNode) -> object:
    import networkx as nx

    return list(nx.all_simple_paths(graph, one.value, other.value, cutoff=4))


def _around(graph: Any, one: ox.NamedNode) -> object:
    import networkx as nx

    return nx.single_source_shortest_path_length(graph, one.value, cutoff=2)


if __name__ == "__main__":
    alone(__doc__, rows)
