"""What a change to the store touches: from changed nodes to the statements and claims around."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass

import pyoxigraph as ox

from conflictkg.derive.material import Material
from conflictkg.derive.utterances import Node
from conflictkg.terms import CKG, DCTERMS, GRAPH, ORG, PROV, SCHEMA, kind

_BRACKET_PARENTS = (CKG.said, CKG.expresses, CKG.quantity, CKG.holdsThroughout, CKG.holdsSometimeIn)


@dataclass(frozen=True, slots=True)
class Scope:
    """The statements and claims whose rules have to be looked at again, gone ones included.

    ``on`` are the claims that these statements take a stance to, or took when rules last ran.
    """

    statements: frozenset[Node]
    claims: frozenset[Node]
    on: frozenset[Node]


def scope(material: Material, touched: Set[Node]) -> Scope:
    """Return what changed nodes of any kind bear on: those that name them, step by step.

    A statement bears on itself, a stance or report on its statement, a claim on the statements
    that take a stance to it, a document on what it and its copies report, a post on what is said
    in it, a person, place or event on the statements and claims that name it, or a part of it.
    """
    seen: set[Node] = set()
    statements: set[Node] = set()
    claims: set[Node] = set()
    waiting = list(touched)
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        what = kind(node.value)
        bracketed = "." in node.value.rsplit("/", 1)[-1]
        if (what == "statement" and not bracketed) or _any(material, node, CKG.expresses):
            statements.add(node)
            waiting.extend(material.nodes(node, CKG.saidBefore))
            waiting.extend(material.subjects(CKG.saidBefore, node))
        elif (what == "claim" and not bracketed) or _any(material, node, CKG.addresses):
            claims.add(node)
            for stance in material.subjects(CKG.onClaim, node):
                waiting.extend(material.subjects(CKG.expresses, stance))
            waiting.extend(material.subjects(CKG.object, node))
        waiting.extend(_named_by(material, node, what))
    on = {s.claim for node in statements for s in material.utterance(node).stances}
    shortcuts = ox.NamedNode(GRAPH + "derived/shortcuts")
    for node in statements:
        for quad in material.store.match(node, None, None, shortcuts):
            if isinstance(quad.object, ox.NamedNode):
                on.add(quad.object)
    return Scope(frozenset(statements), frozenset(claims), frozenset(on))


def _any(material: Material, node: Node, predicate: Node) -> bool:
    return bool(material.nodes(node, predicate))


def _named_by(material: Material, node: Node, what: str) -> Iterable[Node]:
    """Yield what has to be looked at again because it names a node that changed."""
    yield from material.nodes(node, CKG.reports)
    for predicate in _BRACKET_PARENTS:
        yield from material.subjects(predicate, node)
    if what in ("document", "report", "") or _any(material, node, CKG.via):
        for predicate in (CKG.inDocument, CKG.via, DCTERMS.isVersionOf, SCHEMA.translationOfWork):
            yield from material.subjects(predicate, node)
    if what in ("statement", "claim", "report", "document", "issue"):
        return
    for predicate in (CKG.speaker, CKG.inCapacity, CKG.subject, CKG.object, SCHEMA.location):
        yield from material.subjects(predicate, node)
    for predicate in (ORG.postIn, SCHEMA.containedInPlace, SCHEMA.superEvent):
        yield from material.subjects(predicate, node)
    for predicate in (PROV.wasAttributedTo, DCTERMS.publisher):
        yield from (
            subject
            for subject in material.subjects(predicate, node)
            if isinstance(subject, ox.NamedNode) and kind(subject.value) in ("document", "report")
        )
