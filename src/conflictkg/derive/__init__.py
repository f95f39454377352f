"""The rules: what follows from the stances, computed into derived graphs.

Each rule is a module that begins with what it says in words; its results are in the graph
``derivedgraph:<rule>``. A derived graph can be thrown away and built again; its provenance names
the run and the rule, and each computed node names what it was computed from.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Set
from contextlib import contextmanager

import pyoxigraph as ox

from conflictkg.derive.change import ChangeRule
from conflictkg.derive.consistency import ConsistencyRule
from conflictkg.derive.contradiction import ContradictionRule
from conflictkg.derive.corroboration import CorroborationRule
from conflictkg.derive.material import Material
from conflictkg.derive.overtaken import OvertakenRule
from conflictkg.derive.positions import PositionRule
from conflictkg.derive.rule import Key, Rule, graph_of, rule_node
from conflictkg.derive.scope import scope
from conflictkg.derive.shortcuts import ShortcutRule
from conflictkg.derive.utterances import Node
from conflictkg.provenance import Run, graph_provenance
from conflictkg.store import LocalStore
from conflictkg.terms import DCTERMS, ORG, PROV, PROVENANCE_GRAPH, RDF, RDFS, kind

RULES: tuple[Rule, ...] = (
    ChangeRule(),
    PositionRule(),
    ContradictionRule(),
    CorroborationRule(),
    OvertakenRule(),
    ConsistencyRule(),
    ShortcutRule(),
)
"""The rules. Shortcuts come last: the others see in them which claims a statement used to be on."""


def derive(store: LocalStore, run: Run, *, touched: Set[Node] | None = None) -> None:
    """Bring the derived graphs of a store up to date.

    ``touched`` are the nodes (of any kind) whose descriptions changed; only what they bear on is
    computed again, and the result is the same. None computes everything anew; so does a change in
    which organizations and units are part of which, for that bears on all they say.
    """
    material = Material(store)
    if touched is None or any(_regroups(material, node) for node in touched):
        for rule in RULES:
            store.oxigraph.remove_graph(graph_of(rule.name))
        with _uncollected():
            for rule in RULES:
                store.oxigraph.bulk_extend(_results(material, rule, rule.all_keys(material)))
    else:
        reach = scope(material, touched)
        material.changed = reach.statements
        for rule in RULES:
            keys = rule.affected(material, reach)
            stale = {
                quad
                for key in keys
                for node in rule.stored(material, key)
                for quad in store.match(node, None, None, graph_of(rule.name))
            }
            fresh = set(_results(material, rule, sorted(keys, key=str)))
            for quad in stale - fresh:
                store.oxigraph.remove(quad)
            store.oxigraph.extend(fresh - stale)
    for rule in RULES:
        _describe(store, rule, run)


def _regroups(material: Material, node: Node) -> bool:
    """Say whether a node that changed is, or may have been, the membership of an organization."""
    if kind(node.value) != "membership":
        return False
    members = material.nodes(node, ORG.member)
    return not members or any(kind(member.value) != "person" for member in members)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep Python's cycle collector away while everything is derived.

    What the rules keep has no cycles; looking for some again and again took a third of the time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _results(material: Material, rule: Rule, keys: Iterable[Key]) -> Iterator[ox.Quad]:
    for key in keys:
        yield from rule.results(material, key)


def _describe(store: LocalStore, rule: Rule, run: Run) -> None:
    """Write the provenance of a derived graph: the run, the rule as its plan, the licence."""
    plan, graph = rule_node(rule.name), graph_of(rule.name)
    triples = (
        ox.Triple(plan, RDF.type, PROV.Plan),
        ox.Triple(plan, RDFS.label, ox.Literal(rule.sentence, language="en")),
        ox.Triple(graph, PROV.wasDerivedFrom, plan),
    )
    licensed = ox.Triple(graph, DCTERMS.license, DERIVED_LICENSE)
    for quad in list(store.match(graph, None, None, PROVENANCE_GRAPH)):
        store.oxigraph.remove(quad)
    store.oxigraph.extend(
        [
            *(ox.Quad(t.subject, t.predicate, t.object, PROVENANCE_GRAPH) for t in triples),
            *graph_provenance(graph, run, about=[licensed]),
        ]
    )


DERIVED_LICENSE = ox.NamedNode("https://creativecommons.org/licenses/by/4.0/")
"""The licence of what the rules compute."""

__all__ = ["DERIVED_LICENSE", "RULES", "Rule", "derive", "graph_of"]
