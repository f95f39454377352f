"""The rule of contradiction: claims that cannot both hold, and claims that somebody denies.

Two claims contradict each other, whoever makes them and whenever they are made,

- if one subject cannot have two objects by a functional predicate, and the claims give it two on a
  day on which both must hold;
- if they number the same thing of the same subject, place and day, and no number fits both;
- if one says what the other, of the same content, says is not so;
- if one has a force in a place throughout the last day on which, by the other, it left;
- if one has an event that is no campaign, battle or the like in one place, and the other elsewhere.

A figure for another area, another thing counted, another day or in units that do not convert
contradicts nothing.

A claim is disputed if one speaker asserts or confirms it and another denies it. Where the claim has
no time of its own, the stances must bear on one time: of what may change (predicates.STATES), they
must fall on a common day, or one must answer the other; of what happens once (predicates.ACTS), a
denial that comes before the assertion clashes with nothing, for it may have happened since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from conflictkg.derive.clashes import clash, depends_on_stances
from conflictkg.derive.contrast import sign
from conflictkg.derive.material import Material
from conflictkg.derive.order import precedes
from conflictkg.derive.predicates import ACTS, DEPARTURES, STATES
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
from conflictkg.terms import CKG, SCHEMA, kind

NAME = "contradiction"

CLASHES, DISPUTED = CKG.Claim, CKG.Statement
"""What the second part of a key asks for: clashes with other claims, or statements for and against.
"""


class ContradictionRule:
    """Claims that cannot both hold; claims that one speaker asserts and another denies."""

    name = NAME
    sentence = (
        "Two claims contradict each other if they cannot both hold on a day on which both must; "
        "a claim is disputed if one speaker asserts or confirms it and another denies it."
    )

    def all_keys(self, material: Material) -> Iterable[Key]:
        """Yield every claim, as one that may be disputed and as one that may clash with others."""
        for (claim,) in all_claims(material):
            yield (claim, DISPUTED)
            yield (claim, CLASHES)

    def affected(self, material: Material, scope: Scope) -> set[Key]:
        """Return the claims of a scope, those that can clash with them, and what is said of them.

        Stances bear on a clash only where they tell of which time a claim without one is.
        """
        timeless = {node for node in scope.on if depends_on_stances(material.proposition(node))}
        clashing = set(scope.claims) | timeless
        for claim in scope.claims | timeless:
            clashing.update(rivals(material, material.proposition(claim)))
        disputed = set(scope.claims | scope.on)
        for iri in derived_from(material, NAME, scope.statements | scope.claims):
            about = stored_objects(material, NAME, iri, SCHEMA.about)
            claims = {claim for claim in about if kind(claim.value) != "statement"}
            (disputed if claims != about else clashing).update(claims)
        return {(c, DISPUTED) for c in disputed} | {(c, CLASHES) for c in clashing}

    def stored(self, material: Material, key: Key) -> Iterable[Node]:
        """Yield that a claim is disputed, or its clashes with claims of later IRIs."""
        claim, what = key
        for iri in stored_about(material, NAME, SCHEMA.about, claim):
            about = stored_objects(material, NAME, iri, SCHEMA.about)
            claims = [node for node in about if kind(node.value) != "statement"]
            found = CLASHES if len(claims) == len(about) else DISPUTED
            if found == what and min(claims, key=str) == claim:
                yield iri

    def results(self, material: Material, key: Key) -> Iterator[ox.Quad]:
        """Yield that a claim is disputed, or its clashes with claims of later IRIs."""
        claim = material.proposition(key[0])
        if key[1] == DISPUTED:
            yield from _disputed(material, claim)
            return
        for node in rivals(material, claim):
            if node.value > claim.node.value:
                other = material.proposition(node)
                if why := clash(material, claim, other):
                    yield from _claims(material, claim, other, why)


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
    """Return the claims that may contradict a claim: of its subject, by predicates that can."""
    if claim.subject is None:
        return []
    known = material.claims_of(claim.subject)
    predicates = {claim.predicate}
    if claim.predicate == "locatedIn":
        predicates |= DEPARTURES
    elif claim.predicate in DEPARTURES:
        predicates.add("locatedIn")
    return sorted((n for p in predicates for n in known.get(p, ()) if n != claim.node), key=str)


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
    pairs = [
        (pro, con) for pro in sides[1] for con in sides[-1] if _bears_on(material, claim, pro, con)
    ]
    sides = {
        1: list(dict.fromkeys(pro for pro, _ in pairs)),
        -1: list(dict.fromkeys(con for _, con in pairs)),
    }
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


def _bears_on(material: Material, claim: Proposition, pro: Stance, con: Stance) -> bool:
    """Say whether a denial bears on the time that an assertion is of."""
    if claim.time or claim.predicate not in STATES | ACTS:
        return True
    one, other = material.utterance(pro.statement), material.utterance(con.statement)
    if claim.predicate in ACTS:
        return not precedes(material, other, one)
    answers = {
        (stance.statement, answered)
        for stance in (pro, con)
        for answered in material.nodes(stance.node, CKG.inResponseTo)
    }
    ends = {(pro.statement, con.statement), (con.statement, pro.statement)}
    return one.when.meets(other.when) or bool(answers & ends)


def _who(material: Material, stances: Iterable[Stance]) -> str:
    """Return who takes some stances, and when, in the order of the dates, each once."""
    utterances = {stance.statement: material.utterance(stance.statement) for stance in stances}
    ordered = sorted(utterances.values(), key=lambda u: (u.when, u.node.value))
    return ", ".join(dict.fromkeys(f"{material.labels(u.speakers)} ({u.day})" for u in ordered))
