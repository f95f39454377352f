"""Why two claims cannot both hold, in words."""

from __future__ import annotations

from conflictkg.derive.difference import akin
from conflictkg.derive.material import Material, local
from conflictkg.derive.predicates import EXTENDED, STATES, is_functional, quantity_kind
from conflictkg.derive.utterances import Proposition
from conflictkg.derive.valid_time import denied_by_time, share_a_day
from conflictkg.terms import DCTERMS, kind


def clash(material: Material, one: Proposition, other: Proposition) -> str:
    """Return why two claims of one subject cannot both hold, or "" if they can."""
    if one.predicate != other.predicate:
        return _left(material, one, other)
    if one.negated != other.negated:
        same = one.objects == other.objects and one.places == other.places
        if (
            same
            and _alike(one, other)
            and denied_by_time(one, other)
            and _together(material, one, other)
        ):
            return "one says what the other says is not so"
        return ""
    if one.negated or one.places != other.places:
        return ""
    when = one.throughout or one.sometime
    if one.amounts or other.amounts:
        return _numbers(one, other)
    functional = is_functional(one.predicate) and one.objects and other.objects
    if functional and one.objects.isdisjoint(other.objects) and share_a_day(one, other):
        objects = f"{material.labels(one.objects)} and {material.labels(other.objects)}"
        subject = material.label(one.subject) if one.subject else ""
        return f"at one time {subject} has one “{one.predicate}”, not both {objects} ({when})"
    if one.predicate == "locatedAt":
        return _elsewhere(material, one, other)
    return ""


def _left(material: Material, one: Proposition, other: Proposition) -> str:
    """Return why a force cannot be where it has left, or ""."""
    here, gone = (one, other) if one.predicate == "locatedIn" else (other, one)
    if here.negated or gone.negated or not here.throughout or not gone.time:
        return ""
    day = gone.time.last
    inside = bool(here.objects) and all(
        any(place == left or material.within(place, left) for left in gone.objects)
        for place in here.objects
    )
    if inside and here.throughout.first <= day <= here.throughout.last:
        return f"who has left by {day} is not there throughout that day"
    return ""


def _elsewhere(material: Material, one: Proposition, other: Proposition) -> str:
    """Return why an event cannot have been in two places, or ""."""
    if one.subject is None or not one.objects or not other.objects:
        return ""
    if any(akin(material, here, there) for here in one.objects for there in other.objects):
        return ""
    kinds = {local(node) for node in material.nodes(one.subject, DCTERMS.type)}
    if not kinds or kinds & EXTENDED:
        return ""
    places = f"{material.labels(one.objects)} and {material.labels(other.objects)}"
    return f"{material.label(one.subject)} was in one place, not both {places}"


def _alike(one: Proposition, other: Proposition) -> bool:
    return one.measures == other.measures and one.structured


def _numbers(one: Proposition, other: Proposition) -> str:
    """Return why two numbers cannot both be right, or ""."""
    if one.objects != other.objects:
        return ""
    for mine in one.amounts:
        for theirs in other.amounts:
            if not mine.comparable(theirs) or not mine.disjoint(theirs):
                continue
            if _one_occasion(one, other):
                return f"{mine.shown} and {theirs.shown} are said of the same thing and time"
            if quantity_kind(one.predicate) == "cumulative" and one.time and other.time:
                first, then = sorted(((one.time, mine), (other.time, theirs)))
                if first[0].last < then[0].first and then[1].upper < first[1].lower:
                    return f"{first[1].shown} by {first[0]} cannot shrink to {then[1].shown}"
    return ""


def _one_occasion(one: Proposition, other: Proposition) -> bool:
    """Say whether two numbers are of one occasion.

    That is a common day, or one event: on one and the same day, or, for numbers that each stand
    for an event of their own, at no other time.
    """
    if share_a_day(one, other):
        return True
    if one.subject is None or kind(one.subject.value) != "event":
        return False
    if quantity_kind(one.predicate) == "increment":
        return one.time is None or other.time is None or one.time == other.time
    return one.time is not None and one.time.single and one.time == other.time


def depends_on_stances(claim: Proposition) -> bool:
    """Say whether only those who make a claim tell of which time it is."""
    return claim.time is None and claim.predicate in STATES


def _together(material: Material, one: Proposition, other: Proposition) -> bool:
    """Say whether two claims without time, of what may change, were made of a common day."""
    if not (depends_on_stances(one) and depends_on_stances(other)):
        return True
    days = [
        [material.utterance(stance.statement).when for stance in material.stances_on(claim.node)]
        for claim in (one, other)
    ]
    return not all(days) or any(mine.meets(theirs) for mine in days[0] for theirs in days[1])
