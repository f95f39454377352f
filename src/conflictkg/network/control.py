"""Who is said to hold places, by whom, day by day: what no statement carries is not among it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np

from conflictkg.network.columns import FOREVER, NEVER, Coded, Table, day_of
from conflictkg.network.facts import Filters, Row, tests_of
from conflictkg.network.sources import UNDATED, Interval, Sources, interval
from conflictkg.network.things import read_things
from conflictkg.store import Reader

Held = tuple[date | None, date | None, str]
"""The first and the last day of a time, and who is said to hold the place then and by whom."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One speaker's word that a party holds a place.

    ``first`` and ``last`` are the days it is said of: of each of them, or of some day of that time
    where ``throughout`` is False; ``told`` is when the word itself lies, by the network's clock.
    """

    holder: str
    speaker: str
    first: int
    last: int
    throughout: bool
    told: Interval


@dataclass(frozen=True, slots=True)
class Control:
    """What is said of the control of places, by IRI; and how many words on it name no day."""

    holdings: Mapping[str, Sequence[Holding]]
    undated: int

    def of(self, place: str, first: int = NEVER, last: int = FOREVER) -> tuple[Held, ...]:
        """Return the control of a place as told in a window: in order, no two times overlapping."""
        some = [
            one
            for one in self.holdings.get(place, ())
            if (first, last) == (NEVER, FOREVER) or (one.told[0] <= last and one.told[1] >= first)
        ]
        return held(some)

    def beside(self, nodes: Table, meta: Mapping[str, Any]) -> Table:
        """Return a table of nodes with the control of each, as told in the window of a meta."""
        since, until = meta.get("since"), meta.get("until")
        first = date.fromisoformat(since).toordinal() if since else NEVER
        last = date.fromisoformat(until).toordinal() if until else FOREVER
        control = [self.of(iri, first, last) or None for iri in nodes["iri"]]
        return nodes.with_columns(control=Coded(control, np.arange(len(control))))


def held(holdings: Sequence[Holding]) -> tuple[Held, ...]:
    """Return what holds when: the times between two changes, each with all that is said of it.

    >>> one = Holding("Russia", "A", 738000, 738004, True, (1, 1))
    >>> other = Holding("contested", "B", 738004, 738009, False, (1, 1))
    >>> for first, last, text in held([one, other]):
    ...     print(first, last, text)
    2021-07-29 2021-08-01 Russia (A)
    2021-08-02 2021-08-02 Russia (A); contested, on some day (B)
    2021-08-03 2021-08-07 contested, on some day (B)
    """
    begins = {one.first for one in holdings} | {one.last + 1 for one in holdings}
    found: list[tuple[int, int, str]] = []
    edges = sorted(begins)
    for first, after in pairwise(edges):
        text = _said([one for one in holdings if one.first <= first and one.last >= after - 1])
        if found and found[-1][1] == first - 1 and found[-1][2] == text:
            found[-1] = (found[-1][0], after - 1, text)
        elif text:
            found.append((first, after - 1, text))
    return tuple((day_of(first), day_of(last), text) for first, last, text in found)


def _said(holdings: Iterable[Holding]) -> str:
    """Return who is said to hold a place and by whom: “Ukraine (A, B); contested (C)”."""
    by: dict[str, set[str]] = {}
    for one in holdings:
        sure = one.throughout or one.first == one.last
        holder = one.holder if sure else f"{one.holder}, on some day"
        by.setdefault(holder, set()).add(one.speaker)
    return "; ".join(f"{holder} ({', '.join(sorted(by[holder]))})" for holder in sorted(by))


def read_control(reader: Reader, filters: Filters) -> Control:
    """Return what a store holds on the control of places, as far as the filters let it pass."""
    sources = Sources(reader)
    tests = tests_of(filters, sources)
    words: list[tuple[str, str, str, Interval, bool, Interval]] = []
    undated = 0
    for row in sources.rows("control"):
        place, holder, claim, statement, document, speaker, throughout, first, last = row
        told = sources.dated(filters.clock, statement.value, document.value, claim.value)
        fact = Row(
            source=place.value,
            target=None,
            kind=None,
            evidence=statement.value,
            document=document.value,
            claim=claim.value,
            attitude=None,
            other=None,
            until=None,
            lane=None,
        )
        if not all(test(fact, told) for _, test in tests):
            continue
        days = interval(first, last)
        if days == UNDATED:
            undated += 1
            continue
        always = throughout is not None and throughout.value == "true"
        words.append((place.value, holder.value, speaker.value, days, always, told))
    iris = sorted({iri for _, holder, speaker, *_ in words for iri in (holder, speaker)})
    things = read_things(reader, iris)
    names = dict(zip(things.iris, things.labels, strict=True))
    found: dict[str, list[Holding]] = {}
    for place_iri, holder_iri, speaker_iri, days, always, told in words:
        one = Holding(names[holder_iri], names[speaker_iri], *days, throughout=always, told=told)
        found.setdefault(place_iri, []).append(one)
    return Control(found, undated)
