"""What the predicate scheme says that the rules need: functional ones, kinds of quantity."""

from __future__ import annotations

from functools import cache

import pyoxigraph as ox

from conflictkg.terms import CKG, PREFIXES, SKOS, bundled

AIMS = frozenset({"aim", "causedBy"})
"""Predicates whose object is an aim or a justification."""

HAPPENS = {
    "occurred": "subject",
    "ongoing": "subject",
    "conducts": "object",
    "participatedIn": "object",
}
"""Predicates by which a claim says that an event happens, and where in the claim it stands."""

FORESEEN = {**HAPPENS, "willOccur": "subject"}
"""The same, with that by which a claim says that an event will happen."""

RUNGS = {"capableOf": 1, "prepares": 2, "willOccur": 3} | dict.fromkeys(HAPPENS, 4)
"""How much of an event a claim says: that there are the means for it, that it is prepared, that it
will happen, that it happens. Each holds only if those before it hold."""

GROUND = {
    "locatedIn": 0,
    "conducts": 0,
    "massedIn": 1,
    "triedToEnter": 2,
    "attacked": 3,
    "advancedInto": 4,
    "captured": 5,
}
"""Predicates of what a force does on the ground, each with its stage; 0 where there is none."""


STATES = frozenset(
    {"controlledBy", "locatedIn", "massedIn", "ongoing", "conducts", "capableOf", "prepares"}
    | {"supports", "areaOf", "strength", "advanceDepth", "distance", "population", "kept"}
)
"""Predicates of what may be so on one day and not on another."""

ACTS = frozenset(
    {"advancedInto", "triedToEnter", "withdrewFrom", "drivenOutOf", "captured", "attacked"}
    | {"repelled", "destroyed", "redeployedTo", "occurred", "participatedIn", "usedEquipment"}
    | {"published", "losses", "destroyedCount", "attackCount"}
)
"""Predicates of what stays true once it has happened."""

DEPARTURES = frozenset({"withdrewFrom", "drivenOutOf"})
"""Predicates by which a force is no longer in a place."""

EXTENDED = frozenset(
    {"war", "campaign", "offensive", "counterattack", "limitedOperation", "battle", "incursion"}
    | {"raid", "deployment", "withdrawal", "evacuation", "sabotage", "propaganda", "exercise"}
    | {"negotiation", "historical"}
)
"""Types of events that may take place in several places; others are in one."""


@cache
def _scheme() -> tuple[frozenset[str], dict[str, str]]:
    functional: set[str] = set()
    kinds: dict[str, str] = {}
    start = PREFIXES["predicate"]
    for quad in ox.parse(path=str(bundled("ontology/schemes.ttl"))):
        subject = getattr(quad.subject, "value", "")
        if not subject.startswith(start):
            continue
        if quad.predicate == CKG.functional and quad.object.value == "true":
            functional.add(subject.removeprefix(start))
        if quad.predicate == SKOS.broader:
            kind = quad.object.value.removeprefix(start).removesuffix("Quantity")
            kinds[subject.removeprefix(start)] = kind
    return frozenset(functional), kinds


def is_functional(predicate: str) -> bool:
    """Say whether a subject has one object at a time by a predicate.

    >>> is_functional("controlledBy"), is_functional("locatedIn")
    (True, False)
    """
    return predicate in _scheme()[0]


def quantity_kind(predicate: str) -> str:
    """Return level, cumulative or increment for a quantity predicate, else "".

    >>> quantity_kind("losses")
    'cumulative'
    """
    return _scheme()[1].get(predicate, "")
