"""The rule of current positions: what a voice last said on an issue, as far as is known.

A position is marked as derived, says as of when, and names what it replaces: the statements on the
issue that came before. Where the order of the last statements is
unknown, each that may be the last is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from conflictkg.derive.closeness import read_once
from conflictkg.derive.material import Material
from conflictkg.derive.order import Turn, later, precedes
from conflictkg.derive.rule import Key, concept, finding
from conflictkg.derive.scope import Scope
from conflictkg.derive.threads import (
    POSITIONS,
    affected_threads,
    members,
    position_of,
    threads,
    turns_of,
)
from conflictkg.derive.utterances import Node
from conflictkg.terms import DCTERMS

NAME = POSITIONS


class PositionRule:
    """The latest stances of a speaker or office on an issue."""

    name = NAME
    sentence = (
        "The current position of a speaker or office on an issue is what it said last; what it "
        "said before is superseded, and stays."
    )

    def all_keys(self, material: Material) -> Iterable[Key]:
        """Yield every voice with every issue that it speaks on."""
        return threads(material)

    def affected(self, material: Material, scope: Scope) -> set[Key]:
        """Return the threads that the statements of a scope are in, or were in."""
        return affected_threads(material, scope)

    def stored(self, material: Material, key: Key) -> Iterable[Node]:
        """Yield the position of a thread."""
        yield position_of(*key)

    def results(self, material: Material, key: Key) -> Iterator[ox.Quad]:
        """Yield the position of a thread."""
        voice, issue = key
        thread = turns_of(material, voice, issue)
        last = latest(material, thread)
        stances = [s for turn in last for s in read_once(material, turn.stances(material, issue))]
        if not stances:
            return
        said = "; ".join(
            f"{stance.attitude} ({stance.certainty}): {material.label(stance.claim).rstrip('.')}"
            for stance in stances
        )
        mine = {utterance.node for turn in last for utterance in turn.utterances}
        superseded = set(members(material, voice, issue)) - mine
        days = ", ".join(sorted({turn.first.day for turn in last}))
        unsure = ", which of them last is not known" if len(last) > 1 else ""
        yield from finding(
            NAME,
            position_of(voice, issue),
            kind=concept("findingtype", "currentPosition"),
            text=f"{material.label(voice)}, as of {days}{unsure}: {said}.",
            about=[voice],
            sources=[
                *(utterance.node for turn in last for utterance in turn.utterances),
                *(stance.node for stance in stances),
            ],
            issues=[issue],
            more=[(DCTERMS.replaces, node) for node in sorted(superseded, key=str)],
        )


def latest(material: Material, thread: list[Turn]) -> list[Turn]:
    """Return the turns that none is known to follow."""
    if not thread:
        return []
    newest = max(turn.first.when.first for turn in thread)
    late = [turn for turn in thread if turn.first.when.last >= newest]
    nodes = {turn.first.node for turn in late}
    timed = [turn for turn in late if turn.first.clock]
    return [
        turn
        for turn in late
        if not (turn.first.clock and _followed(material, turn, timed))
        and not (turn.first.said_before and _told(material, turn, nodes))
    ]


def _followed(material: Material, turn: Turn, others: list[Turn]) -> bool:
    return any(precedes(material, turn.first, other.first) for other in others)


def _told(material: Material, turn: Turn, nodes: set[Node]) -> bool:
    after = later(material, turn.first.node) & nodes
    return any(precedes(material, turn.first, material.utterance(node)) for node in after)
