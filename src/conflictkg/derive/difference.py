"""In which aspects two claims differ, and which of them says more.

Claims by one predicate are compared aspect by aspect. Claims by two predicates of what a force does
on the ground (predicates.GROUND) are compared by the place where the force is said to do it: a part
of the place is narrower, the whole broader; at one place, a further stage (massed, trying to enter,
attacking, advanced, captured) says more. A further stage at a part of the place is neither.
"""

from __future__ import annotations

from typing import NamedTuple

from conflictkg.derive.material import Material
from conflictkg.derive.predicates import AIMS, FORESEEN, GROUND, RUNGS
from conflictkg.derive.utterances import Node, Proposition
from conflictkg.terms import SEM, kind


class Difference(NamedTuple):
    """One aspect in which two claims differ.

    The later one is narrower, broader, stronger, weaker, of another number, later or other. Of one
    event it says more (further), less (back) or the same by another predicate. It is "" where
    another aspect decides.
    """

    aspect: str
    relation: str
    words: str


def differ(material: Material, one: Proposition, other: Proposition) -> list[Difference]:
    """Return in which aspects the content of a claim differs from that of an earlier one."""
    if not (one.structured and other.structured):
        return [Difference("predicate", "other", "")]
    if one.predicate != other.predicate and _on_the_ground(material, one, other):
        return _ground(material, one, other)
    found: list[Difference] = []
    if one.subject != other.subject:
        found.append(_things(material, "subject", {one.subject}, {other.subject}))
    if one.predicate != other.predicate:
        words = f"predicate: {one.predicate} → {other.predicate}"
        if event_of(one) is not None and event_of(one) == event_of(other):
            rungs = RUNGS[one.predicate], RUNGS[other.predicate]
            relation = (
                "further" if rungs[1] > rungs[0] else "back" if rungs[1] < rungs[0] else "same"
            )
            return [Difference("predicate", relation, words)]
        found.append(Difference("predicate", "other", words))
    if one.objects != other.objects:
        aspect = "aim" if one.predicate in AIMS else "object"
        found.append(_things(material, aspect, one.objects, other.objects))
    if one.places != other.places:
        if one.places and other.places:
            found.append(_things(material, "place", one.places, other.places))
        elif not found and (one.places or other.places):
            relation = "narrower" if other.places else "broader"
            words = f"place: {_names(material, one.places)} → {_names(material, other.places)}"
            found.append(Difference("place", relation, words))
    if one.measures != other.measures:
        found.append(_amounts(one, other))
    if one.time and other.time and one.time != other.time:
        words = f"time: {one.time} → {other.time}"
        relation = "later"
        if not found and not one.amounts:
            inside, around = other.time.within(one.time), one.time.within(other.time)
            relation = "narrower" if inside else "broader" if around else "later"
        found.append(Difference("time", relation, words))
    return found


def happening(proposition: Proposition) -> Node | None:
    """Return the event that a claim says happens or will happen, or None."""
    if proposition.predicate not in FORESEEN:
        return None
    if FORESEEN[proposition.predicate] == "object":
        return next(iter(proposition.objects)) if len(proposition.objects) == 1 else None
    return proposition.subject


def event_of(proposition: Proposition) -> Node | None:
    """Return the event that a claim says happens, will happen, is prepared or possible, or None."""
    if proposition.predicate in ("capableOf", "prepares") and len(proposition.objects) == 1:
        return next(iter(proposition.objects))
    return happening(proposition)


def grounds(material: Material, proposition: Proposition) -> frozenset[Node]:
    """Return where a force is said to do what it does: the object, the place, or the event’s."""
    if proposition.predicate not in GROUND:
        return frozenset()
    objects = frozenset(node for node in proposition.objects if kind(node.value) == "place")
    events = (node for node in proposition.objects if kind(node.value) == "event")
    return (
        objects
        or proposition.places
        or frozenset(place for event in events for place in material.nodes(event, SEM.hasPlace))
    )


def akin(material: Material, one: Node | None, other: Node | None) -> bool:
    """Say whether two nodes are one, or one is part of the other."""
    if one is None or other is None:
        return False
    return one == other or material.within(one, other) or material.within(other, one)


def on_common_ground(material: Material, one: Proposition, other: Proposition) -> bool:
    """Say whether two claims are of one force, or a part of it, at places of which one holds all
    of the other.
    """
    return akin(material, one.subject, other.subject) and _on_the_ground(material, one, other)


def _on_the_ground(material: Material, one: Proposition, other: Proposition) -> bool:
    here, there = grounds(material, one), grounds(material, other)
    if not here or not there or not akin(material, one.subject, other.subject):
        return False
    return here == there or _things(material, "place", here, there).relation != "other"


def _ground(material: Material, one: Proposition, other: Proposition) -> list[Difference]:
    """Return how two claims differ in place, or at one place in stage."""
    words = f"predicate: {one.predicate} → {other.predicate}"
    here, there = grounds(material, one), grounds(material, other)
    stages = GROUND[one.predicate], GROUND[other.predicate]
    further = ""
    if all(stages) and stages[0] != stages[1]:
        further = "stronger" if stages[1] > stages[0] else "weaker"
    if here == there:
        return [Difference("predicate", further or "other", words)]
    place = _things(material, "place", here, there)
    against = {"narrower": "stronger", "broader": "weaker"}
    clash = "other" if further == against[place.relation] else ""
    return [place, Difference("predicate", clash, words)]


def _things(
    material: Material, aspect: str, before: frozenset[Node] | set[Node | None], after: object
) -> Difference:
    """Return how some nodes differ from others: part of them, more than they, or others."""
    olds = {node for node in before if node is not None}
    assert isinstance(after, (set, frozenset))
    news: set[Node] = {node for node in after if node is not None}
    words = f"{aspect}: {_names(material, olds)} → {_names(material, news)}"
    relation = "other"
    if olds and news:
        if all(any(n == o or material.within(n, o) for o in olds) for n in news):
            relation = "narrower"
        elif all(any(n == o or material.within(o, n) for n in news) for o in olds):
            relation = "broader"
    return Difference(aspect, relation, words)


def _names(material: Material, nodes: object) -> str:
    assert isinstance(nodes, (set, frozenset))
    return "“" + material.labels(nodes).rstrip(".") + "”" if nodes else "not said"


def _amounts(one: Proposition, other: Proposition) -> Difference:
    before = ", ".join(a.shown for a in one.amounts) or "no number"
    after = ", ".join(a.shown for a in other.amounts) or "no number"
    words = f"quantity: {before} → {after}"
    if len(one.amounts) != 1 or len(other.amounts) != 1:
        return Difference("quantity", "number", words)
    old, new = one.amounts[0], other.amounts[0]
    if not old.comparable(new):
        return Difference("quantity", "other", f"{words} (not comparable)")
    same_side = old.one_sided == new.one_sided
    if not same_side and old.one_sided and new.within(old):
        return Difference("quantity", "narrower", words)
    if not same_side and new.one_sided and old.within(new):
        return Difference("quantity", "broader", words)
    return Difference("quantity", "number", words)
