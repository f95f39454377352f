"""How two stances differ: in attitude, certainty, polarity, object, place, time, quantity, aim.

The result is one of the kinds of scheme:change. A later situation is not a change of position: a
place said to be held by one side on one day and by the other on a later day is ``shiftsFocus`` in
the aspects time and object; it is ``reverses`` only where both are said to hold on one day.

Of one claim, or its negative, attitudes are on a scale: to deny, to doubt, to leave open, to
predict, to assert; and so are certainties. Of two claims, what is asserted both times narrows or
broadens with the place, the object or the time, and hardens or softens with how much is said of one
event or of one force at one place. To be for one and against the other is a reversal only where the
one cannot be so without the other.
"""

from __future__ import annotations

from collections.abc import Set
from typing import NamedTuple

from conflictkg.derive.difference import differ
from conflictkg.derive.material import Material
from conflictkg.derive.predicates import is_functional
from conflictkg.derive.utterances import Proposition, Stance
from conflictkg.derive.valid_time import share_a_day

SIGNS = {"asserts": 1, "confirms": 1, "predicts": 1, "denies": -1, "doubts": -1, "leavesOpen": 0}
WEIGHTS = {"asserts": 2, "confirms": 2, "predicts": 1, "denies": 2, "doubts": 1, "leavesOpen": 0}
RANKS = {"certain": 4, "probable": 3, "possible": 2, "unlikely": 1}


class Contrast(NamedTuple):
    """The kind of a change, its aspects, and each aspect in words, with values before and after."""

    kind: str
    aspects: tuple[str, ...]
    words: tuple[str, ...] = ()


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
    relations = {difference.relation for difference in differences} - {"later", ""}
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
        beside = any(difference.relation == "" for difference in differences)
        kind = "shiftsFocus" if beside else _opposed(before, after, signs, relations)
        return Contrast(kind, (*attitude.aspects, *aspects), (*attitude.words, *words))
    kinds = {"narrower": "narrows", "broader": "broadens", "number": "updatesQuantity"}
    if signs == (1, 1):
        kinds |= {"stronger": "hardens", "weaker": "softens", "further": "hardens"}
        kinds |= {"back": "softens"}
    kind = kinds.get(relations.pop(), "") if len(relations) == 1 else ""
    if signs[0] != signs[1]:
        aspects, words = (*attitude.aspects, *aspects), (*attitude.words, *words)
    elif signs == (-1, -1) and kind in ("narrows", "broadens"):
        words = (*words, "of what is denied")
    return Contrast(kind or "shiftsFocus", tuple(dict.fromkeys(aspects)), words)


def _opposed(before: Stance, after: Stance, signs: tuple[int, int], relations: Set[str]) -> str:
    """Return the kind of a change from being for a claim to being against another, or back.

    It is a reversal where what is asserted holds only if what is denied holds: a part of a place
    and the whole of it, the means for an event and the event. Where an event was only said to be
    possible or is only doubted, it hardens or softens.
    """
    if relations <= {"narrower" if signs[0] < 0 else "broader", "same"}:
        return "reverses"
    if relations <= {"further" if signs[0] < 0 else "back", "same"}:
        sure = {before.certainty, after.certainty} <= {"certain", "notStated"}
        if sure and "doubts" not in (before.attitude, after.attitude):
            return "reverses"
        return "softens" if signs[0] > 0 else "hardens"
    return "shiftsFocus"


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
