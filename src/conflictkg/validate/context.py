"""What the shapes look at when only some graphs are validated: the graphs and their surroundings.

The shapes look at most two steps away from a node (a report's statement and its dates), along whole
chains in five properties (places in places, events in events ...), and sideways where two things
are compared (claims on one subject, places of one name, holders of one post). Gathering just that
costs what the graphs and their surroundings hold, however large the store is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from conflictkg.store import Reader
from conflictkg.terms import CKG, ORG, PROVENANCE_GRAPH, RDF, SCHEMA, SKOS
from conflictkg.validate import ontology
from conflictkg.validate.engines import Result
from conflictkg.validate.findings import SHAPE

CHAINS = (CKG.saidBefore, CKG.via, SCHEMA.containedInPlace, SCHEMA.superEvent, SKOS.broader)
_CLASHES = {SHAPE + "FunctionalClash", SHAPE + "FiguresClash"}
_DANGLING = SHAPE + "Described"
_INVERSE = (CKG.addresses, CKG.onClaim, CKG.object, CKG.subject, CKG.reports)


@dataclass(frozen=True, slots=True)
class Scope:
    """The triples to validate, the nodes that the graphs describe and those they refer to."""

    triples: Collection[ox.Triple]
    described: frozenset[str]
    mentioned: frozenset[str]

    def concerns(self, result: Result) -> bool:
        """Return whether a result is about the graphs, not about their surroundings."""
        if result.focus in self.described or result.value in self.described:
            return True
        if result.shape == _DANGLING:
            return result.focus in self.mentioned
        near = {result.focus, result.value} & self.mentioned
        return result.shape in _CLASHES and bool(near)


def own_quads(reader: Reader, graphs: Collection[ox.NamedNode]) -> Iterator[ox.Quad]:
    """Yield the quads of the graphs and what the provenance graph says of them."""
    for graph in graphs:
        yield from reader.match(None, None, None, graph)
        yield from reader.match(graph, None, None, PROVENANCE_GRAPH)


def gather(reader: Reader, graphs: Collection[ox.NamedNode]) -> Scope:
    """Gather the graphs and as much of the rest of the store as the shapes look at."""
    own = [quad.triple for quad in own_quads(reader, graphs)]
    described = {node for node in (t.subject for t in own) if isinstance(node, ox.NamedNode)}
    mentioned = {node for node in (t.object for t in own) if isinstance(node, ox.NamedNode)}
    gathering = _Gathering(reader, own)
    for node in mentioned:
        gathering.describe(node)
    for node in described:
        for triple in gathering.describe(node):
            if isinstance(triple.object, ox.NamedNode):
                gathering.describe(triple.object)
        gathering.follow(node)
        gathering.look_back(node)
        gathering.compare(node)
    claims = {t.object for t in own if t.predicate == CKG.onClaim} | described
    for claim in claims:
        if isinstance(claim, ox.NamedNode):
            gathering.rivals(claim)
    return Scope(
        gathering.triples | set(ontology.classes()),
        frozenset(node.value for node in described),
        frozenset(node.value for node in mentioned),
    )


class _Gathering:
    """Triples as they are gathered, each node described once."""

    def __init__(self, reader: Reader, own: Collection[ox.Triple]) -> None:
        self._reader = reader
        self._done: set[ox.NamedNode] = set()
        self.triples: set[ox.Triple] = set(own)

    def describe(self, node: ox.NamedNode) -> list[ox.Triple]:
        """Add what is said of a node, in all graphs, and of its parts."""
        said = [quad.triple for quad in self._reader.match(node, None, None, None)]
        said += ontology.descriptions().get(node, ())
        if node in self._done:
            return said
        self._done.add(node)
        self.triples.update(said)
        for triple in said:
            part = triple.object
            if isinstance(part, ox.NamedNode) and part.value.startswith(node.value + "."):
                self.describe(part)
        return said

    def follow(self, node: ox.NamedNode) -> None:
        """Add the chains that a node begins: larger places, larger events, units above ..."""
        waiting, seen = [node], {node}
        while waiting:
            link = waiting.pop()
            nexts: list[object] = [t.object for t in self.describe(link) if t.predicate in CHAINS]
            if self._is_a(link, CKG.Unit):
                nexts += self._parents(link)
            for step in nexts:
                if isinstance(step, ox.NamedNode) and step not in seen:
                    seen.add(step)
                    waiting.append(step)

    def look_back(self, node: ox.NamedNode) -> None:
        """Add one reference to a node along each property that shapes follow backwards."""
        for property in _INVERSE:
            for quad in self._reader.match(None, property, node, None):
                self.triples.add(quad.triple)
                break

    def compare(self, node: ox.NamedNode) -> None:
        """Add what a node is compared with: places of one name, memberships of one member."""
        said = self.describe(node)
        if self._is_a(node, CKG.Place):
            for label in (t.object for t in said if t.predicate == SKOS.prefLabel):
                self._describe_all(SKOS.prefLabel, label)
        for triple in said:
            if triple.predicate == CKG.speaker:
                self._describe_all(ORG.member, triple.object)
            elif triple.predicate in (ORG.member, ORG.post):
                self._describe_all(triple.predicate, triple.object)

    def rivals(self, claim: ox.NamedNode) -> None:
        """Add the claims that say something of a claim's subject by its functional predicate."""
        said = self.describe(claim)
        subjects = _things(said, CKG.subject)
        predicates = _things(said, CKG.predicate)
        if not subjects or not any(self._is_functional(p) for p in predicates):
            return
        self._assert(claim)
        for quad in self._reader.match(None, CKG.subject, subjects[0], None):
            rival = quad.subject
            if isinstance(rival, ox.NamedNode) and any(
                True for p in predicates for _ in self._reader.match(rival, CKG.predicate, p, None)
            ):
                self.describe(rival)
                self._assert(rival)

    def _assert(self, claim: ox.NamedNode) -> None:
        """Add one stance that asserts or confirms a claim."""
        for quad in self._reader.match(None, CKG.onClaim, claim, None):
            stance = quad.subject
            if not isinstance(stance, ox.NamedNode):
                continue
            for attitude in self._reader.match(stance, CKG.attitude, None, None):
                if attitude.object in _HOLDING:
                    self.triples.update((quad.triple, attitude.triple))
                    return

    def _parents(self, unit: ox.NamedNode) -> list[object]:
        parents: list[object] = []
        for quad in self._reader.match(None, ORG.member, unit, None):
            if isinstance(quad.subject, ox.NamedNode):
                said = self.describe(quad.subject)
                parents += [t.object for t in said if t.predicate == ORG.organization]
        return parents

    def _describe_all(self, property: ox.NamedNode, object: object) -> None:
        if not isinstance(object, ox.NamedNode | ox.Literal):
            return
        for quad in self._reader.match(None, property, object, None):
            if isinstance(quad.subject, ox.NamedNode):
                self.describe(quad.subject)

    def _is_a(self, node: ox.NamedNode, kind: ox.NamedNode) -> bool:
        return any(True for _ in self._reader.match(node, RDF.type, kind, None))

    def _is_functional(self, predicate: ox.NamedNode) -> bool:
        return any(
            t.predicate == CKG.functional and t.object == _TRUE for t in self.describe(predicate)
        )


def _things(said: Collection[ox.Triple], predicate: ox.NamedNode) -> list[ox.NamedNode]:
    """Return the things that a description gives for a property."""
    return [
        triple.object
        for triple in said
        if triple.predicate == predicate and isinstance(triple.object, ox.NamedNode)
    ]


_TRUE = ox.Literal(True)
_HOLDING = {
    ox.NamedNode("https://w3id.org/conflictkg/scheme/attitude/asserts"),
    ox.NamedNode("https://w3id.org/conflictkg/scheme/attitude/confirms"),
}
