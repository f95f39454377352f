"""Whether two claims are bound to hold at a common time."""

from __future__ import annotations

from conflictkg.derive.utterances import Proposition


def share_a_day(one: Proposition, other: Proposition) -> bool:
    """Say whether there is a day on which, if both claims hold, both hold all day.

    Only two times of "holds throughout" that overlap prove that. Sometime in a day is not the whole
    of it: a village can be held by one side in the morning and by the other at nightfall.
    """
    return bool(one.throughout and other.throughout and one.throughout.meets(other.throughout))


def denied_by_time(one: Proposition, other: Proposition) -> bool:
    """Say whether two claims, one the negative of the other, are bound to clash.

    Without any time they do; so they do if both hold throughout a common day, or if one holds
    sometime in a time throughout which the other says that it does not.
    """
    if one.time is None and other.time is None:
        return True
    if share_a_day(one, other):
        return True
    if one.throughout and other.sometime:
        return other.sometime.within(one.throughout)
    if other.throughout and one.sometime:
        return one.sometime.within(other.throughout)
    return False
