"""Reads what the rules reason on from the store, as they need it, and keeps it for a while."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import pyoxigraph as ox

from conflictkg.derive.amounts import amount
from conflictkg.derive.spans import Span, clock, span, without_clock
from conflictkg.derive.utterances import Node, Proposition, Stance, Utterance
from conflictkg.store import Reader
from conflictkg.terms import CKG, DCTERMS, ORG, RDFS, SCHEMA, SKOS, kind

Value = ox.NamedNode | ox.BlankNode | ox.Literal
Properties = dict[Node, list[Value]]

_NAMES = (SKOS.prefLabel, DCTERMS.title, SCHEMA.text, RDFS.label)

CACHED = 200_000
"""How many nodes are kept as they were read; what was made of them is kept longer."""

KEPT = 1_000_000
"""How many statements, claims and names are kept before all are forgotten and read anew."""


class Material:
    """Reads nodes of a store as the rules need them, and keeps them while they are used.

    ``changed`` are the statements that changed since the rules last ran; None if that is not known,
    or they never ran.
    """

    def __init__(self, store: Reader) -> None:
        self.store = store
        self.changed: frozenset[Node] | None = None
        self._properties: dict[Node, Properties] = {}
        self._propositions: dict[Node, Proposition] = {}
        self._utterances: dict[Node, Utterance] = {}
        self._threads: dict[Node, dict[Node, list[Node]]] = {}
        self._labels: dict[Node, str] = {}
        self._by_subject: dict[Node, dict[str, list[Node]]] = {}
        self._above: dict[Node, list[Node]] = {}

    def properties(self, node: Node) -> Properties:
        """Return the properties of a node, each object once, in a fixed order."""
        found = self._properties.get(node)
        if found is None:
            if len(self._properties) > CACHED:
                self._properties.clear()
            if len(self._utterances) + len(self._propositions) + len(self._labels) > KEPT:
                self.forget()
            found = {}
            for quad in self.store.match(node):
                values = found.setdefault(quad.predicate, [])
                if not isinstance(quad.object, ox.Triple) and quad.object not in values:
                    values.append(quad.object)
            self._properties[node] = found
        return found

    def forget(self) -> None:
        """Let go of all that was read."""
        self._properties.clear()
        self._propositions.clear()
        self._utterances.clear()
        self._threads.clear()
        self._labels.clear()
        self._by_subject.clear()
        self._above.clear()

    def nodes(self, node: Node, predicate: Node) -> list[Node]:
        """Return the nodes that a property points to, in the order of their IRIs."""
        values = self.properties(node).get(predicate, ())
        return sorted((v for v in values if isinstance(v, ox.NamedNode)), key=str)

    def subjects(self, predicate: Node, object: Node) -> list[Node]:
        """Return the nodes that have a property, in the order of their IRIs."""
        found = {quad.subject for quad in self.store.match(None, predicate, object)}
        return sorted((node for node in found if isinstance(node, ox.NamedNode)), key=str)

    def text(self, node: Node, predicate: Node) -> str:
        """Return the text of a property, English where there is some, or ""."""
        literals = [
            v for v in self.properties(node).get(predicate, ()) if isinstance(v, ox.Literal)
        ]
        english = [literal for literal in literals if literal.language == "en"]
        return min((literal.value for literal in english or literals), default="")

    def label(self, node: Node) -> str:
        """Return a name to show: preferred name, title, text, or the end of the IRI."""
        found = self._labels.get(node)
        if found is None:
            texts = (self.text(node, predicate) for predicate in _NAMES)
            slug = node.value.rsplit("/", 1)[-1].replace("-", " ")
            found = self._labels[node] = next(filter(None, texts), slug)
        return found

    def labels(self, nodes: Iterable[Node]) -> str:
        """Return the names of some nodes, joined, each once."""
        return ", ".join(sorted({self.label(node) for node in nodes}))

    def time(self, node: Node, predicate: Node) -> Span | None:
        """Return the valid time that a property gives, the common part where there are several."""
        spans = [span(self._edtf(time)) for time in self.nodes(node, predicate)]
        if not spans:
            return None
        first = max(s.first for s in spans)
        last = min(s.last for s in spans)
        return Span(first, last) if first <= last else None

    def _edtf(self, time: Node) -> str:
        return self.text(time, CKG.edtf) or "XXXX"

    def proposition(self, node: Node) -> Proposition:
        """Return a claim; one of several subjects or predicates is no proposition: it has none."""
        found = self._propositions.get(node)
        if found is None:
            subjects, predicates = self.nodes(node, CKG.subject), self.nodes(node, CKG.predicate)
            negated = self.properties(node).get(CKG.negated, ())
            found = self._propositions[node] = Proposition(
                node=node,
                text=self.text(node, SCHEMA.text),
                issues=tuple(self.nodes(node, CKG.addresses)),
                subject=subjects[0] if len(subjects) == 1 else None,
                predicate=local(predicates[0]) if len(predicates) == 1 else "",
                objects=frozenset(self.nodes(node, CKG.object)),
                places=frozenset(self.nodes(node, SCHEMA.location)),
                amounts=tuple(
                    amount(self.properties(q), self.label) for q in self.nodes(node, CKG.quantity)
                ),
                negated=any(value.value == "true" for value in negated),
                throughout=self.time(node, CKG.holdsThroughout),
                sometime=self.time(node, CKG.holdsSometimeIn),
            )
        return found

    def utterance(self, node: Node) -> Utterance:
        """Return a statement."""
        found = self._utterances.get(node)
        if found is None:
            found = self._utterances[node] = self._read_utterance(node)
        return found

    def _read_utterance(self, node: Node) -> Utterance:
        times = sorted({self._edtf(time) for time in self.nodes(node, CKG.said)})
        spans = [span(edtf) for edtf in times] or [Span(date.min, date.max)]
        first, last = max(s.first for s in spans), min(s.last for s in spans)
        agreed = first <= last
        if not agreed:
            first, last = min(s.first for s in spans), max(s.last for s in spans)
        clocks = {c for edtf in times if (c := clock(edtf))}
        offices = {
            office
            for post in self.nodes(node, CKG.inCapacity)
            for office in self.nodes(post, ORG.postIn)
        }
        return Utterance(
            node=node,
            speakers=tuple(self.nodes(node, CKG.speaker)),
            offices=tuple(sorted(offices, key=str)),
            channels=tuple(self.nodes(node, CKG.channel)),
            times=tuple(sorted({without_clock(edtf) for edtf in times})),
            when=Span(first, last),
            clock=clocks.pop() if agreed and len(clocks) == 1 else None,
            agreed=agreed,
            said_before=tuple(self.nodes(node, CKG.saidBefore)),
            stances=tuple(self._stances(node)),
        )

    def _stances(self, statement: Node) -> Iterator[Stance]:
        for node in self.nodes(statement, CKG.expresses):
            attitudes = self.nodes(node, CKG.attitude)
            certainties = self.nodes(node, CKG.certainty)
            for claim in self.nodes(node, CKG.onClaim):
                yield Stance(
                    node,
                    statement,
                    claim,
                    local(attitudes[0]) if attitudes else "",
                    local(certainties[0]) if certainties else "notStated",
                    frozenset(self.nodes(node, CKG.accordingTo)),
                )

    def stances_on(self, claim: Node) -> list[Stance]:
        """Return the stances that statements take to a claim."""
        return [
            stance
            for node in self.subjects(CKG.onClaim, claim)
            for statement in self.subjects(CKG.expresses, node)
            for stance in self.utterance(statement).stances
            if stance.node == node
        ]

    def claims_of(self, subject: Node) -> dict[str, list[Node]]:
        """Return the claims that have a subject, by predicate."""
        found = self._by_subject.get(subject)
        if found is None:
            found = self._by_subject[subject] = {}
            for node in self.subjects(CKG.subject, subject):
                found.setdefault(self.proposition(node).predicate, []).append(node)
        return found

    def above(self, node: Node) -> list[Node]:
        """Return what a place, event, organization or unit is part of, nearest first, itself not.

        An organization or unit is part of what it is a member of, at whatever time that is said. A
        part that contains itself is met once and goes no further.
        """
        known = self._above.get(node)
        if known is None:
            found: dict[Node, None] = {}
            waiting = [node]
            while waiting:
                for upper in self._wholes(waiting.pop(0)):
                    if upper != node and upper not in found:
                        found[upper] = None
                        waiting.append(upper)
            known = self._above[node] = list(found)
        return known

    def _wholes(self, node: Node) -> list[Node]:
        if kind(node.value) in ("organization", "unit"):
            return [
                whole
                for membership in self.subjects(ORG.member, node)
                for whole in self.nodes(membership, ORG.organization)
            ]
        return [
            upper
            for predicate in (SCHEMA.containedInPlace, SCHEMA.superEvent)
            for upper in self.nodes(node, predicate)
        ]

    def within(self, inner: Node, outer: Node) -> bool:
        """Say whether a place, event, organization or unit is part of another."""
        return inner != outer and outer in self.above(inner)

    def voices(self, utterance: Utterance) -> tuple[Node, ...]:
        """Return whose history a statement belongs to: its speakers, and whom they speak for."""
        return tuple(dict.fromkeys((*utterance.speakers, *utterance.offices)))

    def threads(self, voice: Node) -> dict[Node, list[Node]]:
        """Return the issues that a person or institution speaks on, each with the statements.

        Those of the holders of an institution's posts are among its statements.
        """
        found = self._threads.get(voice)
        if found is None:
            said = set(self.subjects(CKG.speaker, voice))
            for post in self.subjects(ORG.postIn, voice):
                said.update(self.subjects(CKG.inCapacity, post))
            found = {}
            for node in sorted(said, key=str):
                stances = self.utterance(node).stances
                issues = {i for s in stances for i in self.proposition(s.claim).issues}
                for issue in issues:
                    found.setdefault(issue, []).append(node)
            self._threads[voice] = found
        return found


def local(node: Node) -> str:
    """Return the local name of a concept: "denies" of attitude:denies."""
    return node.value.rsplit("/", 1)[-1]
