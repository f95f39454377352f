"""How two stances differ: in attitude, certainty, polarity, object, place, time, quantity, aim.

The result is one of the kinds of scheme:change. A later situation is not a change of position: a
place said to be held by one side on one day and by the other on a later day is ``shiftsFocus`` in
the aspects time and object; it is ``reverses`` only where both are said to hold on one day.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from conflictkg.derive.material import Material
from conflictkg.derive.predicates import AIMS, FORESEEN, HAPPENS, is_functional
from conflictkg.derive.utterances import Node, Proposition, Stance
from conflictkg.derive.valid_time import share_a_day

SIGNS = {"asserts": 1, "confirms": 1, "predicts": 1, "denies": -1, "doubts": -1, "leavesOpen": 0}
WEIGHTS = {"asserts": 2, "confirms": 2, "predicts": 1, "denies": 2, "doubts": 1, "leavesOpen": 0}
RANKS = {"certain": 4, "probable": 3, "possible": 2, "unlikely": 1}


class Contrast(NamedTuple):
    """The kind of a change, its aspects, and each aspect in words, with values before and after."""

    kind: str
    aspects: tuple[str, ...]
    words: tuple[str, ...] = ()


class Difference(NamedTuple):
    """One aspect in which two claims differ: narrower, broader, number, later or other."""

    aspect: str
    relation: str
    words: str


def sign(stance: Stance, proposition: Proposition) -> int:
    """Return 1 if a stance is for what its claim says positively, -1 if against it, else 0.

    To assert, or to predict, as unlikely is to be against; to deny a negative claim is to be for.
    """
    given = SIGNS.get(stance.attitude, 0)
    if stance.certainty == "unlikely" and given > 0:
        given = -1
    return -given if proposition.negated else given


def contrast(material: Material, before: Stance, after: Stance) -> Contrast:
    """Return how a stance differs from an earlier one."""
    one, other = material.proposition(before.claim), material.proposition(after.claim)
    differences = [] if one.node == other.node else list(differ(material, one, other))
    signs = (sign(before, one), sign(after, other))
    attitude = _attitude(before, after, signs, one.negated != other.negated)
    relations = {difference.relation for difference in differences} - {"later"}
    aspects = tuple(dict.fromkeys(d.aspect for d in differences))
    words = tuple(d.words for d in differences if d.words)
    if not relations:
        kind = attitude.kind
        if kind == "repeats":
            return Contrast(kind, aspects, words)
        return Contrast(kind, (*attitude.aspects, *aspects), (*attitude.words, *words))
    if is_functional(one.predicate) and one.objects != other.objects and signs == (1, 1):
        if share_a_day(one, other):
            return Contrast("reverses", aspects, words)
        return Contrast(
            "shiftsFocus", (*aspects, "time"), (*words, "the situation at another time")
        )
    if signs[0] * signs[1] < 0:
        against = ({"narrower"}, {"narrower", "modality"}) if signs[0] < 0 else ()
        against = against or ({"broader"}, {"broader", "modality"})
        kind = "reverses" if relations in (*against, {"modality"}) else "shiftsFocus"
        return Contrast(kind, (*attitude.aspects, *aspects), (*attitude.words, *words))
    if relations == {"modality"}:
        relations = {"other"}
    kinds = {"narrower": "narrows", "broader": "broadens", "number": "updatesQuantity"}
    kind = kinds[relations.pop()] if len(relations) == 1 and "other" not in relations else ""
    if signs[0] != signs[1]:
        aspects, words = (*attitude.aspects, *aspects), (*attitude.words, *words)
    elif signs == (-1, -1) and kind in ("narrows", "broadens"):
        words = (*words, "of what is denied")
    return Contrast(kind or "shiftsFocus", tuple(dict.fromkeys(aspects)), words)


def _attitude(before: Stance, after: Stance, signs: tuple[int, int], flipped: bool) -> Contrast:
    """Return how attitude and certainty differ, as if the claim were the same."""
    words = f"attitude: {_sure(before)} → {_sure(after)}"
    if flipped and before.attitude == after.attitude:
        words = "polarity: what is said to be so → what is said not to be so"
        if signs[1] > 0:
            words = "polarity: what is said not to be so → what is said to be so"
    polarity = ("polarity",) if flipped else ()
    if signs[0] * signs[1] < 0:
        return Contrast("reverses", polarity or ("attitude",), (words,))
    if signs[1] == 0 and signs[0]:
        return Contrast("retracts" if signs[0] > 0 else "softens", ("attitude",), (words,))
    if signs[0] == 0 and signs[1]:
        return Contrast("hardens", ("attitude",), (words,))
    weights = [WEIGHTS.get(stance.attitude, 0) for stance in (before, after)]
    if weights[0] != weights[1]:
        return Contrast(
            "hardens" if weights[1] > weights[0] else "softens", ("attitude",), (words,)
        )
    ranks = [RANKS.get(stance.certainty, 0) for stance in (before, after)]
    if all(ranks) and ranks[0] != ranks[1]:
        how = f"certainty: {before.certainty} → {after.certainty}"
        kind = "hardens" if ranks[1] > ranks[0] else "softens"
        return Contrast(kind, ("certainty",), (how,))
    return Contrast("repeats", ())


def _sure(stance: Stance) -> str:
    sure = "" if stance.certainty in ("certain", "notStated") else f" ({stance.certainty})"
    return f"{stance.attitude}{sure}"


def differ(material: Material, one: Proposition, other: Proposition) -> list[Difference]:
    """Return in which aspects the content of a claim differs from that of an earlier one."""
    if not (one.structured and other.structured):
        return [Difference("predicate", "other", "")]
    found: list[Difference] = []
    if one.subject != other.subject:
        found.append(_things(material, "subject", {one.subject}, {other.subject}))
    if one.predicate != other.predicate:
        words = f"predicate: {one.predicate} → {other.predicate}"
        if happening(one) is not None and happening(one) == happening(other):
            happens = one.predicate in HAPPENS and other.predicate in HAPPENS
            return [Difference("predicate", "modality" if happens else "other", words)]
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


def best(material: Material, befores: Sequence[Stance], after: Stance) -> Stance | None:
    """Return the earlier stance that a later one is to be compared with, or None.

    The same claim first, or one of the same content; then one that says another thing of the same
    subject by the same predicate, or of the same event; then another aim or cause.
    """
    claim = material.proposition(after.claim)
    scored = []
    for before in befores:
        other = material.proposition(before.claim)
        closeness = _closeness(material, other, claim)
        if closeness:
            shared = bool(before.readers & after.readers)
            scored.append((-closeness, not shared, before.node.value, before))
    return min(scored)[-1] if scored else None


def _closeness(material: Material, one: Proposition, other: Proposition) -> int:
    if one.node == other.node:
        return 100
    if not (one.structured and other.structured):
        return 0
    if one.content == other.content:
        return 90
    if one.predicate == other.predicate:
        counted = {a.counts for a in one.amounts} == {a.counts for a in other.amounts}
        if one.subject == other.subject and counted:
            alike = 4 * (one.objects == other.objects) + 2 * (one.places == other.places)
            return 60 + alike + (one.time == other.time)
        if one.predicate in AIMS:
            return 30 + 4 * (one.subject == other.subject)
    if happening(one) is not None and happening(one) == happening(other):
        return 50
    return 0
