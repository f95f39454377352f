"""The rule of consistency: statements dated or passed on in ways that do not fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from conflictkg.derive.material import Material
from conflictkg.derive.order import later
from conflictkg.derive.relays import circle
from conflictkg.derive.rule import Key, concept, finding, minted, stored_about
from conflictkg.derive.scope import Scope
from conflictkg.derive.utterances import Node
from conflictkg.terms import CKG, SCHEMA, shrink

NAME = "consistency"


class ConsistencyRule:
    """Statements whose dates disagree, that precede themselves or go round in a circle."""

    name = NAME
    sentence = (
        "A statement has one date, does not precede itself or an earlier one, and is passed on "
        "from somebody; where its sources have it otherwise, that is a finding."
    )

    def all_keys(self, material: Material) -> Iterable[Key]:
        """Yield every statement."""
        seen = {quad.subject for quad in material.store.match(None, CKG.speaker)}
        return ((node,) for node in sorted(seen, key=str) if isinstance(node, ox.NamedNode))

    def affected(self, material: Material, scope: Scope) -> set[Key]:
        """Return the statements of a scope, and those that sources place around them."""
        found: set[Key] = {(node,) for node in scope.statements}
        waiting = list(scope.statements)
        while waiting:
            for before in material.subjects(CKG.saidBefore, waiting.pop()):
                if (before,) not in found:
                    found.add((before,))
                    waiting.append(before)
        return found

    def stored(self, material: Material, key: Key) -> Iterable[Node]:
        """Yield the findings of a statement."""
        return (
            iri
            for iri in stored_about(material, NAME, SCHEMA.about, key[0])
            if iri in {minted(NAME, key[0], what) for what in ("dates", "order", "circle")}
        )

    def results(self, material: Material, key: Key) -> Iterator[ox.Quad]:
        """Yield the findings of a statement."""
        node = key[0]
        utterance = material.utterance(node)
        if not utterance.agreed:
            yield from finding(
                NAME,
                minted(NAME, node, "dates"),
                kind=concept("findingtype", "datesDisagree"),
                text=f"Its documents date {shrink(node.value)} {utterance.day}; it is ordered only "
                "against statements that come before or after all of these.",
                about=[node],
                sources=[node, *material.nodes(node, CKG.said)],
            )
        after = later(material, node) if utterance.said_before else set()
        wrong = [
            other
            for other in sorted(after, key=str)
            if other == node or material.utterance(other).when.last < utterance.when.first
        ]
        if wrong:
            named = ", ".join(shrink(other.value) for other in wrong)
            reason = "itself" if wrong == [node] else f"{named}, which the dates place before it"
            yield from finding(
                NAME,
                minted(NAME, node, "order"),
                kind=concept("findingtype", "dateDoesNotFit"),
                text=f"ckg:saidBefore has {shrink(node.value)} precede {reason}; "
                "it is not used to order them.",
                about=[node, *wrong],
                sources=[node, *wrong],
            )
        if path := circle(material, node):
            yield from finding(
                NAME,
                minted(NAME, node, "circle"),
                kind=concept("findingtype", "circularRelay"),
                text=f"{shrink(node.value)} is passed on in a circle: "
                + " from ".join(material.label(one) for one in [*path, path[0]])
                + "; the circle counts as one source.",
                about=[node, *path],
                sources=[node],
            )
