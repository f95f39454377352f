"""Which statement came first: by day, by clock time, by what a source says; else unknown.

The statements of one voice on one issue make a thread. A thread is ordered as far as its sources
bear it out: what may have been said on the same day stays unordered, unless clock times with an
offset or ``ckg:saidBefore`` tell. Circles of ``ckg:saidBefore`` tell nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from conflictkg.derive.material import Material
from conflictkg.derive.utterances import Node, Stance, Utterance
from conflictkg.terms import CKG

TOGETHER = 8
"""Of statements unordered among themselves, at most so many are compared with the next one."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What is compared as one: a statement, or what one document says in its own voice."""

    utterances: tuple[Utterance, ...]

    @property
    def first(self) -> Utterance:
        """The statement that stands for all."""
        return self.utterances[0]

    def stances(self, material: Material, issue: Node) -> list[Stance]:
        """Return the stances to claims that address an issue."""
        return [
            stance
            for utterance in self.utterances
            for stance in utterance.stances
            if issue in material.proposition(stance.claim).issues
        ]


def later(material: Material, node: Node) -> set[Node]:
    """Return the statements that sources place after one, by any number of steps.

    It holds the statement itself if the steps lead in a circle.
    """
    found: set[Node] = set()
    waiting = list(material.nodes(node, CKG.saidBefore))
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend(material.nodes(one, CKG.saidBefore))
    return found


def precedes(material: Material, one: Utterance, other: Utterance) -> bool:
    """Say whether it is certain that one statement was made before another.

    Days decide, then clock times, then ``ckg:saidBefore``; where these tell against each other,
    nothing is certain.
    """
    return _before(material, one, other) and not _before(material, other, one)


def _before(material: Material, one: Utterance, other: Utterance) -> bool:
    if one.when.last < other.when.first:
        return True
    if one.clock and other.clock and one.clock.last < other.clock.first:
        return True
    return bool(one.said_before) and other.node in later(material, one.node)


def turns(utterances: Iterable[Utterance]) -> list[Turn]:
    """Return the turns of a thread, in an order that keeps to the dates.

    What a document says in its own voice, all with one date, is one turn.
    """
    made: dict[tuple[object, ...], list[Utterance]] = {}
    for utterance in utterances:
        key: tuple[object, ...] = (utterance.node,)
        if any(channel.value.endswith("/article") for channel in utterance.channels):
            readers = frozenset().union(*(stance.readers for stance in utterance.stances))
            key = (utterance.speakers, utterance.times, readers)
        made.setdefault(key, []).append(utterance)
    found = [Turn(tuple(sorted(some, key=lambda u: u.node.value))) for some in made.values()]
    return sorted(found, key=_rank)


def _rank(turn: Turn) -> tuple[object, ...]:
    one = turn.first
    moment = one.clock.first.isoformat() if one.clock else ""
    return (one.when.first, one.when.last, moment, one.node.value)


def predecessors(material: Material, thread: Sequence[Turn]) -> Iterator[tuple[list[Turn], Turn]]:
    """Yield each turn of a sorted thread with those that come next before it, for certain.

    Several come next before it if their own order is unknown, so that each may be the last. The
    cost is that of sorting: each turn looks at the nearest earlier days, at the nearest clock time
    and at what sources place before it.
    """
    by_last = sorted(range(len(thread)), key=lambda at: (thread[at].first.when.last, at))
    lasts = [thread[at].first.when.last for at in by_last]
    newest = list(accumulate((thread[at].first.when.first for at in by_last), max))
    place = {turn.first.node: at for at, turn in enumerate(thread)}
    told: dict[int, set[int]] = {}
    for at, turn in enumerate(thread):
        for node in later(material, turn.first.node) if turn.first.said_before else ():
            if node in place:
                told.setdefault(place[node], set()).add(at)
    clocks = sorted(
        (turn.first.clock.last, at) for at, turn in enumerate(thread) if turn.first.clock
    )
    for at, turn in enumerate(thread):
        candidates = set(told.get(at, ()))
        day = bisect_left(lasts, turn.first.when.first)
        for one in range(day - 1, max(day - 1 - TOGETHER, -1), -1):
            if lasts[one] < newest[day - 1]:
                break
            candidates.add(by_last[one])
        if turn.first.clock:
            moment = bisect_left(clocks, (turn.first.clock.first, -1))
            if moment:
                candidates.add(clocks[moment - 1][1])
        known = [c for c in candidates if precedes(material, thread[c].first, turn.first)]
        last = [
            thread[c]
            for c in sorted(known)
            if not any(precedes(material, thread[c].first, thread[d].first) for d in known)
        ]
        if last:
            yield last, turn


def unordered(material: Material, thread: Sequence[Turn]) -> Iterator[tuple[Turn, Turn]]:
    """Yield the neighbours of a sorted thread of which it is not known which came first."""
    for one, other in pairwise(thread):
        if not precedes(material, one.first, other.first) and not precedes(
            material, other.first, one.first
        ):
            yield one, other
