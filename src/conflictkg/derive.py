"""The rules: what follows from the stances, computed into derived graphs.

Each rule is a SPARQL query that is read as a sentence; its results are in the graph
``derivedgraph:<rule>``. A derived graph can be thrown away and built again; its provenance names
the run, the rule and the graphs that it was made from.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass

import pyoxigraph as ox

from conflictkg.provenance import Run, graph_provenance
from conflictkg.store import LocalStore, construct
from conflictkg.terms import DCTERMS, GRAPH, PROV, PROVENANCE_GRAPH, RDF, RDFS, node


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its name, the sentence it stands for, and the CONSTRUCT pattern of its results.

    ``pattern`` is the WHERE clause; it binds ?statement, so that the rule can be run for the
    statements that a new document touches.
    """

    name: str
    sentence: str
    template: str
    pattern: str

    @property
    def iri(self) -> ox.NamedNode:
        """The IRI of the rule."""
        return node(f"rule:{self.name}")

    @property
    def graph(self) -> ox.NamedNode:
        """The graph that holds the results."""
        return ox.NamedNode(f"{GRAPH}derived/{self.name}")


SHORTCUTS = Rule(
    "shortcuts",
    "A statement that is read to take an attitude to a claim has that attitude as a property.",
    "?statement ?shortcut ?claim",
    """?statement ckg:expresses ?stance .
       ?stance ckg:attitude ?attitude ; ckg:onClaim ?claim .
       BIND(IRI(CONCAT(STR(ckg:), STRAFTER(STR(?attitude), STR(attitude:)))) AS ?shortcut)""",
)

RULES = (SHORTCUTS,)


def derive(store: LocalStore, run: Run, *, touched: Set[ox.NamedNode] | None = None) -> None:
    """Bring the derived graphs of a store up to date.

    ``touched`` are the statements whose descriptions changed; only what follows from them is
    computed again. None computes everything anew.
    """
    for rule in RULES:
        if touched is None:
            store.oxigraph.remove_graph(rule.graph)
            store.oxigraph.bulk_extend(_results(store, rule, ""))
        else:
            for statement in touched:
                for quad in list(store.match(statement, None, None, rule.graph)):
                    store.oxigraph.remove(quad)
            for some in _batches(sorted(touched, key=str), 500):
                values = f"VALUES ?statement {{ {some} }}"
                store.oxigraph.extend(_results(store, rule, values))
        _describe(store, rule, run)


def _results(store: LocalStore, rule: Rule, values: str) -> Iterator[ox.Quad]:
    """Yield what a rule gives, for the bound statements only if there are any."""
    query = f"CONSTRUCT {{ {rule.template} }} WHERE {{ {values} {rule.pattern} }}"
    for triple in construct(store, query):
        yield ox.Quad(triple.subject, triple.predicate, triple.object, rule.graph)


def _batches(nodes: list[ox.NamedNode], size: int) -> Iterator[str]:
    for at in range(0, len(nodes), size):
        yield " ".join(map(str, nodes[at : at + size]))


def _describe(store: LocalStore, rule: Rule, run: Run) -> None:
    """Write the provenance of a derived graph: the run, the rule as its plan, the licence."""
    store.oxigraph.extend(
        [
            *(
                ox.Quad(triple.subject, triple.predicate, triple.object, PROVENANCE_GRAPH)
                for triple in (
                    ox.Triple(rule.iri, RDF.type, PROV.Plan),
                    ox.Triple(rule.iri, RDFS.label, ox.Literal(rule.sentence, language="en")),
                    ox.Triple(rule.graph, PROV.wasDerivedFrom, rule.iri),
                )
            ),
            *graph_provenance(rule.graph, run, about=[_licensed(rule.graph)]),
        ]
    )


def _licensed(graph: ox.NamedNode) -> ox.Triple:
    return ox.Triple(graph, DCTERMS.license, DERIVED_LICENSE)


DERIVED_LICENSE = ox.NamedNode("https://creativecommons.org/licenses/by/4.0/")
