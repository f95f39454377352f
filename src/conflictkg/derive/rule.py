"""What a rule is, and how the nodes that it computes are written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import pyoxigraph as ox

from conflictkg.derive.material import Material
from conflictkg.derive.scope import Scope
from conflictkg.derive.utterances import Node
from conflictkg.terms import CKG, DCTERMS, GRAPH, PREFIXES, PROV, RDF, SCHEMA, node

Key = tuple[Node, ...]
"""The piece of work of a rule: the nodes that its results hang on, such as a voice and an issue."""


class Rule(Protocol):
    """A rule: results for each key; the results of a key depend on nothing but the store.

    So all of it can be computed by going through ``all_keys``; and after a change, by replacing
    what is ``stored`` for the keys that are ``affected``.
    """

    name: str
    sentence: str

    def all_keys(self, material: Material) -> Iterable[Key]:
        """Yield every key that may have results."""

    def affected(self, material: Material, scope: Scope) -> set[Key]:
        """Return the keys whose results may differ after the nodes of a scope changed."""

    def stored(self, material: Material, key: Key) -> Iterable[Node]:
        """Yield the nodes in the derived graph that are results of a key."""

    def results(self, material: Material, key: Key) -> Iterator[ox.Quad]:
        """Yield the results of a key."""


def graph_of(name: str) -> Node:
    """Return the graph that holds the results of a rule."""
    return ox.NamedNode(f"{GRAPH}derived/{name}")


def rule_node(name: str) -> Node:
    """Return the IRI of a rule."""
    return node(f"rule:{name}")


def minted(rule: str, *parts: object) -> Node:
    """Return the IRI of a computed node, from the rule and what it was computed from.

    The same input gives the same IRI, in whatever order it was computed.
    """
    text = "\n".join(str(part) for part in parts)
    return node(f"finding:{rule}-{hashlib.sha256(text.encode()).hexdigest()[:16]}")


def finding(
    rule: str,
    iri: Node,
    *,
    kind: Node,
    text: str,
    about: Iterable[Node],
    sources: Iterable[Node],
    classes: Sequence[Node] = (),
    issues: Iterable[Node] = (),
    aspects: Iterable[str] = (),
    more: Iterable[tuple[Node, Node | ox.Literal]] = (),
) -> Iterator[ox.Quad]:
    """Yield the quads of a finding that a rule computed.

    ``sources`` are what it was computed from, ``text`` the reason in one English sentence.
    """
    graph = graph_of(rule)
    pairs: list[tuple[Node, Node | ox.Literal]] = [
        *((RDF.type, cls) for cls in (CKG.Finding, *classes)),
        (DCTERMS.type, kind),
        (SCHEMA.text, ox.Literal(text, language="en")),
        *((SCHEMA.about, thing) for thing in dict.fromkeys(about)),
        *((CKG.addresses, issue) for issue in dict.fromkeys(issues)),
        *((DCTERMS.subject, concept("aspect", aspect)) for aspect in dict.fromkeys(aspects)),
        *((PROV.wasDerivedFrom, source) for source in dict.fromkeys(sources)),
        *more,
    ]
    for predicate, object in pairs:
        yield ox.Quad(iri, predicate, object, graph)


def concept(scheme: str, name: str) -> Node:
    """Return a concept of a scheme by the prefix of the scheme and its local name."""
    return ox.NamedNode(PREFIXES[scheme] + name)


def derived_from(material: Material, rule: str, sources: Iterable[Node]) -> set[Node]:
    """Return the nodes that a rule computed from one of some nodes."""
    graph = graph_of(rule)
    return {
        quad.subject
        for source in sources
        for quad in material.store.match(None, PROV.wasDerivedFrom, source, graph)
        if isinstance(quad.subject, ox.NamedNode)
    }


def stored_objects(material: Material, rule: str, iri: Node, predicate: Node) -> set[Node]:
    """Return the nodes that a property of a computed node points to."""
    return {
        quad.object
        for quad in material.store.match(iri, predicate, None, graph_of(rule))
        if isinstance(quad.object, ox.NamedNode)
    }


def stored_about(material: Material, rule: str, predicate: Node, thing: Node) -> set[Node]:
    """Return the computed nodes that point to a thing by a property."""
    return {
        quad.subject
        for quad in material.store.match(None, predicate, thing, graph_of(rule))
        if isinstance(quad.subject, ox.NamedNode)
    }
