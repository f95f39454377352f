"""The rule of being overtaken: denials and forecasts that later sources settle.

A denial, doubt or forecast is settled when at least two independent origins, neither of them the
speaker, later say the same thing of the matter, that it is so or that it is not, and no other says
the contrary later. One of them must be later for certain; the others may be so imprecisely dated
that they begin on the same day. Who stands on which side of the war is not weighed; the text names
them all. The matter is a claim, or any claim by which the same event happens, or the same force
comes to hold the same place; whoever takes a place settles that the others have left it, and where
a place is later said to be held by another, or contested, the contrary is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

import pyoxigraph as ox

from conflictkg.derive.contradiction import all_claims
from conflictkg.derive.contrast import sign
from conflictkg.derive.corroboration import claims_of
from conflictkg.derive.difference import akin, happening
from conflictkg.derive.material import Material
from conflictkg.derive.order import precedes
from conflictkg.derive.origin import origins
from conflictkg.derive.predicates import DEPARTURES
from conflictkg.derive.rule import Key, concept, finding, minted, stored_about
from conflictkg.derive.scope import Scope
from conflictkg.derive.utterances import Node, Proposition, Stance, Utterance
from conflictkg.terms import CKG, SCHEMA, kind

NAME = "overtaken"

OPEN = frozenset({"denies", "doubts", "predicts"})
"""Attitudes that later events can settle."""

SAID = frozenset({"asserts", "confirms", "denies"})

SAME = MappingProxyType({1: 1, -1: -1})
"""What stances to a claim on the same matter are worth: to assert it is to assert the other."""


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
        """Return the claims that the claims of a scope bear on."""
        found: set[Key] = set()
        for (claim,) in claims_of(material, scope, NAME):
            found.add((claim,))
            proposition = material.proposition(claim)
            for node in _around(material, proposition):
                if _worth(material, material.proposition(node), proposition):
                    found.add((node,))
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
            (stance, sides[side])
            for other, sides in same_matter(material, claim)
            for stance in material.stances_on(other)
            if stance.attitude in SAID and stance.certainty != "unlikely"
            if (side := sign(stance, material.proposition(stance.claim))) in sides
        ]
        done: set[Node] = set()
        for stance in open_stances:
            if stance.statement not in done:
                done.add(stance.statement)
                yield from _settled(material, claim, stance, evidence)


def same_matter(material: Material, claim: Node) -> list[tuple[Node, Mapping[int, int]]]:
    """Return the claims that bear on a claim, itself first: what a stance to them is worth to it.

    A negated claim counts through the sign of its stances, so all are taken in their positive form.
    """
    proposition = material.proposition(claim)
    found: dict[Node, Mapping[int, int]] = {claim: SAME}
    for node in _around(material, proposition):
        if node not in found and (
            worth := _worth(material, proposition, material.proposition(node))
        ):
            found[node] = worth
    return list(found.items())


def _worth(material: Material, one: Proposition, other: Proposition) -> Mapping[int, int]:
    """Return what stances to one claim are worth to another: sign to sign; nothing if unrelated."""
    if _matter(one) & _matter(other):
        return SAME
    if _emptied(material, one, other):
        return {1: 1}
    return {1: -1} if _held_by_another(one, other) else {}


def _around(material: Material, claim: Proposition) -> Iterator[Node]:
    """Yield the claims that may bear on a claim: those that name its places and events.

    A claim without them is met by those that name its objects, or else its subject.
    """
    if not claim.structured:
        return
    named = sorted({claim.subject, *claim.objects} - {None}, key=str)
    narrow = [node for node in named if node and kind(node.value) in ("place", "event")]
    for anchor in narrow or sorted(claim.objects, key=str) or named[:1]:
        for predicate in (CKG.subject, CKG.object):
            if anchor is not None:
                yield from material.subjects(predicate, anchor)


def _emptied(material: Material, left: Proposition, taken: Proposition) -> bool:
    """Say whether a claim that one force took a place bears on one that another has left it."""
    return (
        left.predicate in DEPARTURES
        and taken.predicate == "captured"
        and left.objects == taken.objects
        and not akin(material, left.subject, taken.subject)
    )


def _held_by_another(one: Proposition, other: Proposition) -> bool:
    """Say whether a place that one claim has taken or held is another’s, or contested, by other."""
    held = {about[1:] for about in _matter(one) if about[0] == "held"}
    if other.predicate != "controlledBy" or not held:
        return False
    return any(place == other.subject and side not in other.objects for place, side in held)


def _matter(claim: Proposition) -> set[tuple[object, ...]]:
    """Return what a claim is on, in forms that claims of other predicates share."""
    if not claim.structured:
        return set()
    found: set[tuple[object, ...]] = {("said", *claim.content[:4])} if not claim.amounts else set()
    event = happening(claim)
    if event is not None:
        found.add(("event", event))
    if claim.predicate == "captured":
        found.update(("held", place, claim.subject) for place in claim.objects)
    if claim.predicate == "controlledBy":
        found.update(("held", claim.subject, side) for side in claim.objects)
    return found


def _may_follow(material: Material, one: Utterance, other: Utterance) -> bool:
    """Say whether a statement was made later than another, or may have been, and not before it."""
    if precedes(material, one, other):
        return True
    return one.when.first <= other.when.first and one.when.last < other.when.last


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
        and _may_follow(material, mine, material.utterance(other.statement))
    ]
    for side in (1, -1):
        found = origins(material, [other for other, way in later if way == side])
        against = origins(material, [other for other, way in later if way == -side])
        if len(found) < 2 or against:
            continue
        if not any(
            precedes(material, mine, material.utterance(node))
            for some in found.values()
            for node in some
        ):
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
