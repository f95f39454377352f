"""What the rules reason on: propositions, stances to them, and the utterances that take these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import pyoxigraph as ox

from conflictkg.derive.amounts import Amount
from conflictkg.derive.spans import Clock, Span, span

Node = ox.NamedNode


@dataclass(frozen=True, slots=True)
class Proposition:
    """A claim as the rules see it; ``places`` are where it holds, ``amounts`` its quantities."""

    node: Node
    text: str
    issues: tuple[Node, ...]
    subject: Node | None
    predicate: str
    objects: frozenset[Node]
    places: frozenset[Node]
    amounts: tuple[Amount, ...]
    negated: bool
    throughout: Span | None
    sometime: Span | None

    @property
    def structured(self) -> bool:
        """Whether more than its text is known."""
        return self.subject is not None and bool(self.predicate)

    @property
    def time(self) -> Span | None:
        """The valid time, of either kind."""
        return self.throughout or self.sometime

    @property
    def content(self) -> tuple[object, ...]:
        """What it says, its time and polarity apart; a textual claim is like no other."""
        if not self.structured:
            return (self.node,)
        return (self.subject, self.predicate, self.objects, self.places, self.measures)

    @property
    def measures(self) -> frozenset[tuple[float, float, str, str]]:
        """Its quantities, however they are written."""
        return frozenset(one.measure for one in self.amounts)


class Stance(NamedTuple):
    """A reading of a statement: its attitude to a claim, how sure, according to whom."""

    node: Node
    statement: Node
    claim: Node
    attitude: str
    certainty: str
    readers: frozenset[Node]


@dataclass(frozen=True, slots=True)
class Utterance:
    """A statement: who spoke for whom, when, and the stances that it is read to take.

    ``times`` are the dates that documents give it, ``when`` what they agree on: their common part,
    or, where there is none, all of it. ``clock`` is the time of day, where it is known.
    """

    node: Node
    speakers: tuple[Node, ...]
    offices: tuple[Node, ...]
    channels: tuple[Node, ...]
    times: tuple[str, ...]
    when: Span
    clock: Clock | None
    agreed: bool
    said_before: tuple[Node, ...]
    stances: tuple[Stance, ...]

    @property
    def day(self) -> str:
        """The date in words: what the documents agree on, else all that they give."""
        if not self.times:
            return "an unknown date"
        if not self.agreed:
            return " or ".join(self.times)
        return next((edtf for edtf in self.times if span(edtf) == self.when), str(self.when))
