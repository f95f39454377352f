"""Threads: the statements of one voice on one issue, and which of them a change to the store is in.

A voice is a speaker, or an institution that speaks through the holders of its posts (org:postIn of
ckg:inCapacity) as well as by itself. The current position of a thread names all its statements, so
that after a change a thread is found without going through all that its voice ever said.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from conflictkg.derive.material import Material
from conflictkg.derive.order import Turn, turns
from conflictkg.derive.rule import Key, minted, stored_about, stored_objects
from conflictkg.derive.scope import Scope
from conflictkg.derive.utterances import Node
from conflictkg.terms import CKG, DCTERMS, ORG, PROV, SCHEMA

POSITIONS = "positions"
"""The rule that keeps, with the current position of a thread, which statements are in it."""


def threads(material: Material) -> Iterator[Key]:
    """Yield every voice with every issue that it speaks on, voice by voice."""
    seen: set[Node] = set()
    for predicate in (CKG.speaker, ORG.postIn):
        for quad in material.store.match(None, predicate, None):
            if isinstance(quad.object, ox.NamedNode):
                seen.add(quad.object)
    for voice in sorted(seen, key=str):
        for issue in sorted(material.threads(voice), key=str):
            yield voice, issue


def affected_threads(material: Material, scope: Scope) -> set[Key]:
    """Return the threads that the statements of a scope are in, and those that they were in."""
    found: set[Key] = set()
    for node in scope.statements:
        utterance = material.utterance(node)
        for issue in issues_of(material, node):
            found.update((voice, issue) for voice in material.voices(utterance))
        for predicate in (PROV.wasDerivedFrom, DCTERMS.replaces):
            for position in stored_about(material, POSITIONS, predicate, node):
                for voice in stored_objects(material, POSITIONS, position, SCHEMA.about):
                    for issue in stored_objects(material, POSITIONS, position, CKG.addresses):
                        found.add((voice, issue))
    return found


def members(material: Material, voice: Node, issue: Node) -> list[Node]:
    """Return the statements of a thread.

    After a change, those that did not change are in the threads that they were in.
    """
    if material.changed is None:
        return material.threads(voice).get(issue, [])
    found = {
        node
        for node in kept(material, voice, issue) - material.changed
        if material.utterance(node).speakers
    }
    found.update(
        node
        for node in material.changed
        if voice in material.voices(material.utterance(node)) and issue in issues_of(material, node)
    )
    return sorted(found, key=str)


def kept(material: Material, voice: Node, issue: Node) -> set[Node]:
    """Return the statements that a thread had when the rules last ran, and stances of some."""
    position = position_of(voice, issue)
    return {
        node
        for predicate in (PROV.wasDerivedFrom, DCTERMS.replaces)
        for node in stored_objects(material, POSITIONS, position, predicate)
    }


def position_of(voice: Node, issue: Node) -> Node:
    """Return the node of the current position of a thread."""
    return minted(POSITIONS, voice, issue)


def issues_of(material: Material, statement: Node) -> set[Node]:
    """Return the issues that a statement takes a stance on."""
    return {
        issue
        for stance in material.utterance(statement).stances
        for issue in material.proposition(stance.claim).issues
    }


def turns_of(material: Material, voice: Node, issue: Node) -> list[Turn]:
    """Return the turns of a thread, sorted."""
    return turns(material.utterance(node) for node in members(material, voice, issue))
