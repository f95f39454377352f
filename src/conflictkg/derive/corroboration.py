"""The rule of corroboration: claims that independent sources assert or confirm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from conflictkg.derive.contradiction import all_claims
from conflictkg.derive.material import Material
from conflictkg.derive.origin import origins
from conflictkg.derive.rule import Key, concept, derived_from, finding, minted, stored_about
from conflictkg.derive.rule import stored_objects as objects
from conflictkg.derive.scope import Scope
from conflictkg.derive.utterances import Node, Stance
from conflictkg.terms import PROV, SCHEMA, kind

NAME = "corroboration"


class CorroborationRule:
    """Claims that at least two independent origins assert or confirm."""

    name = NAME
    sentence = (
        "A claim is corroborated if at least two independent origins assert or confirm it; relays, "
        "copies and translations lead back to one origin, and so do the organs of one state."
    )

    def all_keys(self, material: Material) -> Iterable[Key]:
        """Yield every claim."""
        return all_claims(material)

    def affected(self, material: Material, scope: Scope) -> set[Key]:
        """Return the claims of a scope and of its statements."""
        return claims_of(material, scope, NAME)

    def stored(self, material: Material, key: Key) -> Iterable[Node]:
        """Yield the corroboration of a claim."""
        return stored_about(material, NAME, SCHEMA.about, key[0])

    def results(self, material: Material, key: Key) -> Iterator[ox.Quad]:
        """Yield the corroboration of a claim, if it has any."""
        claim = key[0]
        stances = affirming(material, claim)
        found = origins(material, stances)
        if len(found) < 2:
            return
        statements = sorted({stance.statement for stance in stances}, key=str)
        proposition = material.proposition(claim)
        yield from finding(
            NAME,
            minted(NAME, claim),
            kind=concept("findingtype", "corroboration"),
            text=f"{len(found)} independent sources say that "
            f"“{material.label(claim).rstrip('.')}”: {material.labels(found)}.",
            about=[claim],
            sources=[claim, *statements],
            issues=proposition.issues,
            more=[(PROV.wasAttributedTo, origin) for origin in sorted(found, key=str)],
        )


def affirming(material: Material, claim: Node) -> list[Stance]:
    """Return the stances that assert or confirm a claim."""
    return [
        stance
        for stance in material.stances_on(claim)
        if stance.attitude in ("asserts", "confirms") and stance.certainty != "unlikely"
    ]


def claims_of(material: Material, scope: Scope, rule: str) -> set[Key]:
    """Return the claims of a scope and of its statements, and those that a rule has them in."""
    claims = set(scope.claims | scope.on)
    for iri in derived_from(material, rule, scope.statements | scope.claims):
        about = objects(material, rule, iri, SCHEMA.about)
        claims.update(node for node in about if kind(node.value) not in ("statement", "person"))
    return {(claim,) for claim in claims}
