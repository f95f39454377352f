"""Checks that need the names of graphs, or all terms in use: what SHACL cannot see."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pyoxigraph as ox

from conflictkg.store import Reader
from conflictkg.terms import CKG, GRAPH, PREFIXES, PROV, PROVENANCE_GRAPH, RDF, shrink
from conflictkg.validate import ontology
from conflictkg.validate.findings import SHAPE, Finding, Severity

SHORTCUTS = (CKG.asserts, CKG.confirms, CKG.denies, CKG.doubts, CKG.leavesOpen, CKG.predicts)
_DERIVED = GRAPH + "derived/"
_OWN = (PREFIXES["ckg"], PREFIXES["predicate"])


class Vocabulary:
    """The properties and classes that quads use, noted as the quads pass by."""

    def __init__(self) -> None:
        self._properties: set[ox.NamedNode] = set()
        self._classes: set[ox.NamedNode] = set()

    def note(self, quad: ox.Quad) -> None:
        """Note the property of a quad, and its class if it gives one."""
        self._properties.add(quad.predicate)
        if quad.predicate == RDF.type and isinstance(quad.object, ox.NamedNode):
            self._classes.add(quad.object)

    def noted(self, quad: ox.Quad) -> ox.Quad:
        """Note a quad and return it."""
        self.note(quad)
        return quad

    def unknown(self) -> Iterator[tuple[ox.NamedNode, bool]]:
        """Yield the terms of our own namespaces that do not exist, and whether each is a class."""
        known = ontology.descriptions()
        for terms, is_class in ((self._properties, False), (self._classes, True)):
            for term in terms:
                if term.value.startswith(_OWN) and term not in known:
                    yield term, is_class


def check(
    reader: Reader, only: Collection[ox.NamedNode], vocabulary: Vocabulary
) -> Iterator[Finding]:
    """Yield the findings on graphs (those of ``only``, or all) and on the terms in use."""
    names = list(only) or list(reader.graphs())
    yield from _undescribed(reader, names)
    yield from _shortcuts(reader, only)
    yield from _unknown_terms(reader, only, vocabulary)


def _undescribed(reader: Reader, names: Collection[ox.NamedNode]) -> Iterator[Finding]:
    for name in names:
        if name == PROVENANCE_GRAPH:
            continue
        if not any(True for _ in reader.match(name, RDF.type, PROV.Entity, PROVENANCE_GRAPH)):
            yield Finding(
                Severity.VIOLATION,
                name.value,
                SHAPE + "GraphDescribed",
                "",
                "",
                "Nothing tells where the graph comes from.",
                "load it with conflictkg build or conflictkg load, which record where it is from.",
                "Provenance",
                name.value,
            )


def _shortcuts(reader: Reader, only: Collection[ox.NamedNode]) -> Iterator[Finding]:
    for shortcut in SHORTCUTS:
        for subject, _, claim, graph in _uses(reader, only, shortcut, None):
            if not graph.startswith(_DERIVED):
                yield Finding(
                    Severity.VIOLATION,
                    subject,
                    SHAPE + "ShortcutDerived",
                    shrink(shortcut.value),
                    claim,
                    f"{shrink(shortcut.value)} is written by hand, but it is derived from stances.",
                    "write ckg:expresses [ ckg:attitude ... ; ckg:onClaim ... ] instead.",
                    "Derived",
                    graph,
                )


def _unknown_terms(
    reader: Reader, only: Collection[ox.NamedNode], vocabulary: Vocabulary
) -> Iterator[Finding]:
    for term, is_class in vocabulary.unknown():
        uses = _uses(reader, only, RDF.type, term) if is_class else _uses(reader, only, term, None)
        for subject, predicate, _, graph in uses:
            yield Finding(
                Severity.VIOLATION,
                subject,
                SHAPE + "KnownTerm",
                shrink(predicate),
                term.value if is_class else "",
                f"{shrink(term.value)} does not exist in the ontology.",
                "correct the spelling; the terms are in ontology/conflictkg.ttl.",
                "Vocabulary",
                graph,
            )


def _uses(
    reader: Reader,
    only: Collection[ox.NamedNode],
    predicate: ox.NamedNode,
    object: ox.NamedNode | None,
) -> Iterator[tuple[str, str, str, str]]:
    """Yield subject, predicate, object and graph, as IRIs or N-Triples, of the quads that match."""
    for graph in only or (None,):
        for quad in reader.match(None, predicate, object, graph):
            yield tuple(_plain(term) for term in (*quad.triple, quad.graph_name))  # type: ignore[misc]


def _plain(term: object) -> str:
    if isinstance(term, ox.DefaultGraph):
        return ""
    return term.value if isinstance(term, ox.NamedNode) else str(term)
