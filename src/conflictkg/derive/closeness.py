"""Which earlier stance a later one is to be compared with: the closest in content."""

from __future__ import annotations

from collections.abc import Sequence

from conflictkg.derive.difference import akin, event_of, on_common_ground
from conflictkg.derive.material import Material
from conflictkg.derive.predicates import AIMS
from conflictkg.derive.utterances import Node, Proposition, Stance

ALIKE = 90
"""From this closeness on, two claims say the same, their time and polarity apart."""


def best(material: Material, befores: Sequence[Stance], after: Stance) -> Stance | None:
    """Return the earlier stance that a later one is to be compared with, or None.

    The same claim first, or one of the same content; then one that says another thing of the same
    subject by the same predicate, or of a part of it, or of the same event; then what the same
    force does at the same place or a part of it; then another aim or cause.
    """
    claim = material.proposition(after.claim)
    scored = []
    for before in befores:
        other = material.proposition(before.claim)
        near = closeness(material, other, claim)
        if near:
            shared = bool(before.readers & after.readers)
            scored.append((-near, not shared, before.node.value, before))
    return min(scored)[-1] if scored else None


def closeness(material: Material, one: Proposition, other: Proposition) -> int:
    """Return how close two claims are, from 0 (nothing to compare) to 100 (the same claim)."""
    if one.node == other.node:
        return 100
    if not (one.structured and other.structured):
        return 0
    if one.content == other.content:
        return ALIKE
    if one.predicate == other.predicate:
        counted = {a.counts for a in one.amounts} == {a.counts for a in other.amounts}
        if one.subject == other.subject and counted:
            alike = 4 * (one.objects == other.objects) + 2 * (one.places == other.places)
            return 60 + alike + (one.time == other.time)
        if counted and akin(material, one.subject, other.subject) and one.objects:
            return 55
        if one.predicate in AIMS:
            return 30 + 4 * (one.subject == other.subject)
    if event_of(one) is not None and event_of(one) == event_of(other):
        return 50
    if on_common_ground(material, one, other):
        return 40
    return 0


def read_once(
    material: Material, stances: Sequence[Stance], others: Sequence[Stance] = ()
) -> list[Stance]:
    """Return one reading of each claim of a statement: that of a reader of the others, if there is.

    Else the reading that most readers share; among equals, the first by IRI.
    """
    readers = frozenset().union(*(stance.readers for stance in others)) if others else frozenset()
    chosen: dict[tuple[Node, Node], Stance] = {}
    for stance in sorted(
        stances,
        key=lambda s: (not s.readers & readers, -len(s.readers), s.node.value),
    ):
        chosen.setdefault((stance.statement, stance.claim), stance)
    return list(chosen.values())
