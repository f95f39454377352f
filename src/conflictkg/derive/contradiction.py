"""The rule of contradiction: claims that cannot both hold, and claims that somebody denies.

Two claims contradict each other, whoever makes them and whenever they are made,

- if one subject cannot have two objects by a functional predicate, and the claims give it two on a
  day on which both must hold;
- if they number the same thing of the same subject, place and day, and no number fits both;
- if one says what the other, of the same content, says is not so.

A figure for another area, another thing counted, another day or in units that do not convert
contradicts nothing. A claim is disputed if one speaker asserts or confirms it and another denies
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from conflictkg.derive.contrast import sign
from conflictkg.derive.material import Material
from conflictkg.derive.predicates import is_functional, quantity_kind
from conflictkg.derive.rule import (
    Key,
    concept,
    derived_from,
    finding,
    minted,
    stored_about,
    stored_objects,
)
from conflictkg.derive.scope import Scope
from conflictkg.derive.utterances import Node, Proposition, Stance
from conflictkg.derive.valid_time import denied_by_time, share_a_day
from conflictkg.terms import CKG, SCHEMA, kind

NAME = "contradiction"


class ContradictionRule:
    """Claims that cannot both hold; claims that one speaker asserts and another denies."""

    name = NAME
    sentence = (
        "Two claims contradict each other if they cannot both hold on a day on which both must; "
        "a claim is disputed if one speaker asserts or confirms it and another denies it."
    )

    def all_keys(self, material: Material) -> Iterable[Key]:
        """Yield every claim that a stance is taken to, or that has a subject."""
        return all_claims(material)

    def affected(self, material: Material, scope: Scope) -> set[Key]:
        """Return the claims of a scope, and those of the same subject and predicate."""
        claims = set(scope.claims | scope.on)
        for claim in scope.claims:
            claims.update(rivals(material, material.proposition(claim)))
        for iri in derived_from(material, NAME, scope.statements | scope.claims):
            claims.update(stored_objects(material, NAME, iri, SCHEMA.about))
        return {(claim,) for claim in claims if kind(claim.value) != "statement"}

    def stored(self, material: Material, key: Key) -> Iterable[Node]:
        """Yield the contradictions of a claim with those whose IRIs come after its own."""
        for iri in stored_about(material, NAME, SCHEMA.about, key[0]):
            about = stored_objects(material, NAME, iri, SCHEMA.about)
            claims = [node for node in about if kind(node.value) != "statement"]
            if min(claims, key=str) == key[0]:
                yield iri

    def results(self, material: Material, key: Key) -> Iterator[ox.Quad]:
        """Yield the contradictions of a claim with those whose IRIs come after its own."""
        claim = material.proposition(key[0])
        for node in rivals(material, claim):
            if node.value > claim.node.value:
                other = material.proposition(node)
                if why := clash(material, claim, other):
                    yield from _claims(material, claim, other, why)
        yield from _disputed(material, claim)


def all_claims(material: Material) -> Iterator[Key]:
    """Yield every claim that addresses an issue, has a subject or is the claim of a stance."""
    seen: set[Node] = set()
    for predicate in (CKG.addresses, CKG.subject, CKG.onClaim):
        for quad in material.store.match(None, predicate, None):
            node = quad.object if predicate == CKG.onClaim else quad.subject
            if isinstance(node, ox.NamedNode) and kind(node.value) != "finding":
                seen.add(node)
    for node in sorted(seen, key=str):
        yield (node,)


def rivals(material: Material, claim: Proposition) -> list[Node]:
    """Return the claims that may contradict a claim: of the same subject, by the same predicate."""
    if claim.subject is None:
        return []
    alike = material.claims_of(claim.subject).get(claim.predicate, ())
    return [node for node in alike if node != claim.node]


def clash(material: Material, one: Proposition, other: Proposition) -> str:
    """Return why two claims of one subject and predicate cannot both hold, or "" if they can."""
    if one.negated != other.negated:
        same = one.objects == other.objects and one.places == other.places
        if same and _alike(one, other) and denied_by_time(one, other):
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
    return ""


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


def _claims(
    material: Material, one: Proposition, other: Proposition, why: str
) -> Iterator[ox.Quad]:
    yield from finding(
        NAME,
        minted(NAME, one.node, other.node),
        kind=concept("findingtype", "contradiction"),
        text=f"“{one.text.rstrip('.')}” and “{other.text.rstrip('.')}”: {why}.",
        about=[one.node, other.node],
        sources=[one.node, other.node],
        classes=[CKG.Contradiction],
        issues=[issue for issue in one.issues if issue in other.issues],
    )


def _disputed(material: Material, claim: Proposition) -> Iterator[ox.Quad]:
    """Yield that a claim is disputed, with the statements on both sides."""
    stances = [
        stance
        for stance in material.stances_on(claim.node)
        if stance.attitude in ("asserts", "confirms", "denies") and stance.certainty != "unlikely"
    ]
    sides: dict[int, list[Stance]] = {1: [], -1: []}
    for stance in stances:
        side = sign(stance, claim) * (-1 if claim.negated else 1)
        sides.setdefault(side, []).append(stance)
    speakers = {
        side: {s for stance in some for s in material.utterance(stance.statement).speakers}
        for side, some in sides.items()
    }
    if not sides[1] or not sides[-1] or len(speakers[1] | speakers[-1]) < 2:
        return
    statements = {s.statement for s in sides[1]} | {s.statement for s in sides[-1]}
    if len(statements) < 2:
        return
    yield from finding(
        NAME,
        minted(NAME, claim.node, "disputed"),
        kind=concept("findingtype", "contradiction"),
        text=f"“{claim.text.rstrip('.')}” is asserted by {_who(material, sides[1])}, "
        f"and denied by {_who(material, sides[-1])}.",
        about=[claim.node, *sorted(statements, key=str)],
        sources=[claim.node, *sorted(statements, key=str), *(s.node for s in stances)],
        classes=[CKG.Contradiction],
        issues=claim.issues,
    )


def _who(material: Material, stances: Iterable[Stance]) -> str:
    """Return who takes some stances, and when, in the order of the dates, each once."""
    utterances = {stance.statement: material.utterance(stance.statement) for stance in stances}
    ordered = sorted(utterances.values(), key=lambda u: (u.when, u.node.value))
    return ", ".join(dict.fromkeys(f"{material.labels(u.speakers)} ({u.day})" for u in ordered))
