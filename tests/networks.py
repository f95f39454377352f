"""Networks made of nothing but what a test needs, hostile ones among them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import nan
from typing import NamedTuple

from hypothesis import strategies as st

from conflictkg.network import Projection, definition
from conflictkg.network.coding import Vocabulary, facts_of
from conflictkg.network.columns import FOREVER, NEVER, Array
from conflictkg.network.making import Thinning, assemble
from conflictkg.network.sources import UNDATED
from conflictkg.network.things import Things

PERSON = "https://w3id.org/conflictkg/id/person/"
STATEMENT = "https://w3id.org/conflictkg/id/statement/"
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

    def facts() -> Iterator[Array]:
        kinds = words.kinds.numbers(KINDS)
        alone = dict.fromkeys(("target", "counted", "evidence", "document"), -1)
        opens, closes = UNDATED
        yield facts_of(
            source=numbers, kind=kinds[0], attitude=0, opens=opens, closes=closes, **alone
        )
        for edge in edges:
            proof = words.proofs([f"{STATEMENT}{edge.statement}"], str)
            opens, closes = edge.days
            yield facts_of(
                source=numbers[edge.source],
                target=numbers[edge.target],
                kind=kinds[edge.kind],
                counted=proof,
                evidence=proof,
                document=words.documents.numbers(["document"]),
                attitude=1,
                opens=opens,
                closes=closes,
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
