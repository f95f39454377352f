"""The rule of being overtaken: denials and forecasts that later sources settle.

A denial, doubt or forecast is settled when at least two independent origins, neither of them the
speaker, later say the same thing of the matter, that it is so or that it is not, and no other says
the contrary later. Who stands on which side of the war is not weighed; the text names them all. The
matter is a claim, or any claim by which the same event happens, or the same force comes to hold the
same place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from conflictkg.derive.contradiction import all_claims
from conflictkg.derive.contrast import happening, sign
from conflictkg.derive.corroboration import claims_of
from conflictkg.derive.material import Material
from conflictkg.derive.order import precedes
from conflictkg.derive.origin import origins
from conflictkg.derive.rule import Key, concept, finding, minted, stored_about
from conflictkg.derive.scope import Scope
from conflictkg.derive.utterances import Node, Proposition, Stance
from conflictkg.terms import CKG, SCHEMA

NAME = "overtaken"

OPEN = frozenset({"denies", "doubts", "predicts"})
"""Attitudes that later events can settle."""

SAID = frozenset({"asserts", "confirms", "denies"})


class OvertakenRule:
    """Denials, doubts and forecasts that independent later sources settle."""

    name = NAME
    sentence = (
        "A denial, doubt or forecast is overtaken when at least two independent sources later "
        "agree whether the thing is so."
    )

    def all_keys(self, material: Material) -> Iterable[Key]:
        """Yield every claim."""
        return all_claims(material)

    def affected(self, material: Material, scope: Scope) -> set[Key]:
        """Return the claims on the matters that the claims of a scope are about."""
        found: set[Key] = set()
        for (claim,) in claims_of(material, scope, NAME):
            found.add((claim,))
            found.update((other,) for other, _ in same_matter(material, claim))
        return found

    def stored(self, material: Material, key: Key) -> Iterable[Node]:
        """Yield the findings on a claim."""
        return stored_about(material, NAME, SCHEMA.about, key[0])

    def results(self, material: Material, key: Key) -> Iterator[ox.Quad]:
        """Yield which denials, doubts and forecasts of a claim were settled, and by whom."""
        claim = key[0]
        open_stances = [
            s for s in material.stances_on(claim) if s.attitude in OPEN or s.certainty == "unlikely"
        ]
        if not open_stances:
            return
        evidence = [
            (stance, sign(stance, material.proposition(stance.claim)) * way)
            for other, way in same_matter(material, claim)
            for stance in material.stances_on(other)
            if stance.attitude in SAID and stance.certainty != "unlikely"
        ]
        done: set[Node] = set()
        for stance in open_stances:
            if stance.statement not in done:
                done.add(stance.statement)
                yield from _settled(material, claim, stance, evidence)


def same_matter(material: Material, claim: Node) -> list[tuple[Node, int]]:
    """Return the claims on the matter of a claim, itself first, each with 1.

    A negated claim counts through the sign of its stances, so all are taken in their positive form.
    """
    proposition = material.proposition(claim)
    found = {claim: 1}
    for anchor in _anchors(proposition):
        for predicate in (CKG.subject, CKG.object):
            for node in material.subjects(predicate, anchor):
                if node not in found and _matter(material.proposition(node)) & _matter(proposition):
                    found[node] = 1
    return list(found.items())


def _anchors(claim: Proposition) -> list[Node]:
    """Return the nodes that all claims on the matter of a claim name as subject or object."""
    nodes = {claim.subject, *claim.objects} if claim.structured else set()
    return sorted((node for node in nodes if node is not None), key=str)


def _matter(claim: Proposition) -> set[object]:
    """Return what a claim is on, in forms that claims of other predicates share."""
    if not claim.structured:
        return set()
    found: set[object] = {("said", *claim.content[:4])} if not claim.amounts else set()
    event = happening(claim)
    if event is not None:
        found.add(("event", event))
    if claim.predicate == "captured":
        found.update(("held", place, claim.subject) for place in claim.objects)
    if claim.predicate == "controlledBy":
        found.update(("held", claim.subject, side) for side in claim.objects)
    return found


def _settled(
    material: Material, claim: Node, stance: Stance, evidence: list[tuple[Stance, int]]
) -> Iterator[ox.Quad]:
    mine = material.utterance(stance.statement)
    own = {*mine.speakers, *mine.offices}
    later = [
        (other, side)
        for other, side in evidence
        if other.statement != stance.statement
        and not own & set(material.voices(material.utterance(other.statement)))
        and precedes(material, mine, material.utterance(other.statement))
    ]
    for side in (1, -1):
        found = origins(material, [other for other, way in later if way == side])
        against = origins(material, [other for other, way in later if way == -side])
        if len(found) < 2 or against:
            continue
        held = sign(stance, material.proposition(claim))
        fate = "borne out by" if side == held else "overtaken by"
        what = {"denies": "denial", "doubts": "doubt", "predicts": "forecast"}
        statements = sorted({node for some in found.values() for node in some}, key=str)
        told = ", ".join(
            f"{material.labels(u.speakers)} ({u.day})"
            for u in sorted(
                map(material.utterance, statements), key=lambda u: (u.when, u.node.value)
            )
        )
        yield from finding(
            NAME,
            minted(NAME, claim, stance.statement, side),
            kind=concept("findingtype", "overtaken"),
            text=f"The {what.get(stance.attitude, 'doubt')} by {material.labels(mine.speakers)} "
            f"({mine.day}) that “{material.label(claim).rstrip('.')}” was {fate} what others said "
            f"later: {told}.",
            about=[claim, stance.statement],
            sources=[claim, stance.node, stance.statement, *statements],
            issues=material.proposition(claim).issues,
        )
