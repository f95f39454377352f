"""Whether two claims are bound to hold on a common day."""

from __future__ import annotations

from conflictkg.derive.material import Proposition
from conflictkg.derive.spans import Span


def share_a_day(one: Proposition, other: Proposition) -> bool:
    """Say whether there is a day on which, if both claims hold, both must hold.

    Two times of "holds throughout" that overlap have one; so have a time of "holds sometime in"
    and one of "holds throughout" that covers it. Sometime in a single day is throughout that day.
    A claim without a valid time proves nothing.
    """
    mine, theirs = _throughout(one), _throughout(other)
    if mine and theirs:
        return mine.meets(theirs)
    if mine and other.sometime:
        return other.sometime.within(mine)
    if theirs and one.sometime:
        return one.sometime.within(theirs)
    return False


def _throughout(claim: Proposition) -> Span | None:
    if claim.throughout:
        return claim.throughout
    return claim.sometime if claim.sometime and claim.sometime.single else None
