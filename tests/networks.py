"""Networks made of nothing but what a test needs, hostile ones among them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import nan
from typing import NamedTuple

from hypothesis import strategies as st

from conflictkg.network import Projection, definition
from conflictkg.network.columns import FOREVER, NEVER
from conflictkg.network.facts import Fact, Vocabulary
from conflictkg.network.making import Thinning, assemble
from conflictkg.network.sources import UNDATED
from conflictkg.network.things import Things

PERSON = "https://w3id.org/conflictkg/id/person/"
KINDS = ("asserts", "denies", "contradicts", "anything else")


class Edge(NamedTuple):
    """One piece of evidence: the numbers of two nodes, the kind, the statement, the days."""

    source: int
    target: int
    kind: int
    statement: int | str
    days: tuple[int, int]


def network(
    labels: Sequence[str], edges: Iterable[Edge], *, name: str = "claims", lat: float = nan
) -> Projection:
    """Return a projection of nodes with some labels; each stands by itself and in its edges."""
    words = Vocabulary()
    numbers = [words.nodes[f"{PERSON}{number}"] for number in range(len(labels))]
    called = dict(zip(words.nodes, labels, strict=True))

    def facts() -> Iterable[Fact]:
        kinds = [words.kinds[kind] for kind in KINDS]
        for node in numbers:
            yield Fact(node, -1, kinds[0], 0, -1, -1, 0, *UNDATED)
        for edge in edges:
            proof = words.evidence[f"https://w3id.org/conflictkg/id/statement/{edge.statement}"]
            if proof == len(words.origins):
                words.origins.append(words.origin_names[f"{edge.statement}"])
            yield Fact(
                *(numbers[edge.source], numbers[edge.target], kinds[edge.kind]),
                *(proof, proof, words.documents["document"], 1, *edge.days),
            )

    def describe(iris: Sequence[str]) -> Things:
        things = Things()
        for iri in iris:
            things.add(iri, called[iri], lat=lat, lon=lat)
        return things

    meta = {"query": "SELECT ?a { ?a ?b ?c FILTER(?a < ?c && ?b > 1) }"}
    return assemble(definition(name), facts(), words, describe, Thinning(), meta)


HOSTILE = (
    *("", " ", "a\x00b\x1b[31mc", "\ud800", "\uffff", "line\nbreak\ttab\r", "]]>", "<b>&amp;\"'"),
    *("=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", 'a,b;c"d', "a" * 10_000, "Коваленко"),
    *("\u202eright to left", "שלום", "🚀 emoji 👩‍👩‍👧", "null", "NaN", "2025-03-18", "$x^2$"),
)

DAYS = st.one_of(
    st.just(UNDATED),
    st.just((NEVER, FOREVER)),
    st.integers(1, FOREVER - 1).map(lambda day: (day, day)),
    st.tuples(st.integers(738000, 739000), st.integers(738000, 739000)),
    st.integers(738000, 739000).map(lambda day: (NEVER, day)),
    st.integers(738000, 739000).map(lambda day: (day, FOREVER)),
)


@st.composite
def networks(draw: st.DrawFn, *, name: str = "claims") -> Projection:
    """Networks of any labels, times and shapes: empty, with loops, without any date."""
    labels = draw(st.lists(st.sampled_from(HOSTILE) | st.text(max_size=20), max_size=6))
    number = st.integers(0, max(len(labels) - 1, 0))
    edge = st.builds(Edge, number, number, st.integers(0, 3), st.integers(0, 5), DAYS)
    edges = draw(st.lists(edge, max_size=12)) if labels else []
    return network(labels, edges, name=name)
