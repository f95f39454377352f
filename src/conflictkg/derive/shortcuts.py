"""The rule of shortcuts: stances as properties, for people who write SPARQL by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from conflictkg.derive.material import Material
from conflictkg.derive.rule import Key, graph_of
from conflictkg.derive.scope import Scope
from conflictkg.derive.utterances import Node
from conflictkg.terms import CKG, PREFIXES

NAME = "shortcuts"


class ShortcutRule:
    """``ckg:asserts``, ``ckg:denies`` and the like, from the stances of a statement."""

    name = NAME
    sentence = (
        "A statement that is read to take an attitude to a claim has that attitude as a property."
    )

    def all_keys(self, material: Material) -> Iterable[Key]:
        """Yield every statement that expresses a stance."""
        seen = {quad.subject for quad in material.store.match(None, CKG.expresses)}
        return ((node,) for node in sorted(seen, key=str) if isinstance(node, ox.NamedNode))

    def affected(self, material: Material, scope: Scope) -> set[Key]:
        """Return the statements of a scope."""
        return {(node,) for node in scope.statements}

    def stored(self, material: Material, key: Key) -> Iterable[Node]:
        """Yield the statement itself, whose shortcuts are the results."""
        return key

    def results(self, material: Material, key: Key) -> Iterator[ox.Quad]:
        """Yield the shortcuts of a statement."""
        for stance in material.utterance(key[0]).stances:
            if stance.attitude:
                shortcut = ox.NamedNode(PREFIXES["ckg"] + stance.attitude)
                yield ox.Quad(key[0], shortcut, stance.claim, graph_of(NAME))
