"""A projection: two tables, what they mean, and the evidence behind every edge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np

from conflictkg.errors import ConflictkgError
from conflictkg.network.coding import KIND, SOURCE
from conflictkg.network.columns import FOREVER, NEVER, Array, Spells, Table
from conflictkg.network.control import Control
from conflictkg.network.definitions import Definition
from conflictkg.network.grouping import Packed, pack, within
from conflictkg.network.lanes import Lanes
from conflictkg.network.measures import Groups, heaviest, reweigh
from conflictkg.network.spool import Spool
from conflictkg.network.tabling import Ground, Spooled, edge_table, node_table
from conflictkg.network.windows import windows
from conflictkg.values import day, days, whole


class Projection:
    """A network with stated meaning, weights and time, whose edges name the evidence behind them.

    ``nodes`` and ``edges`` are tables; ``meta`` tells what was asked, with which query, and what
    was left out. It never changes; ``slice`` and ``largest_component`` give others.
    """

    def __init__(
        self,
        asked: Definition,
        ground: Ground,
        parts: Spool,
        loose: Array,
        meta: Mapping[str, Any],
        control: Control | None = None,
    ) -> None:
        self._asked = asked
        self._ground = ground
        self._parts = parts
        self._loose = loose
        self._members = np.flatnonzero(members(parts, loose, len(ground.things)))
        self._meta = MappingProxyType(dict(meta))
        self._control = control

    @property
    def name(self) -> str:
        """The name of the projection."""
        return self._asked.name

    @property
    def summary(self) -> str:
        """What the network shows, in a sentence."""
        return self._asked.summary

    @property
    def meta(self) -> Mapping[str, Any]:
        """What was asked, with which query, and what was left out."""
        return self._meta

    @cached_property
    def edges(self) -> Table | Spooled:
        """The edges, in the order of source, target and kind."""
        if self._parts.on_disk:
            return Spooled(self._ground, self._parts)
        return edge_table(self._ground, self._parts[0])

    @cached_property
    def nodes(self) -> Table:
        """The nodes, in the order of their IRIs."""
        table = node_table(self._ground, self._members, self._parts, self._loose)
        return table if self._control is None else self._control.beside(table, self.meta)

    def annotated(self, meta: Mapping[str, Any], control: Control | None) -> Projection:
        """Return the same network with another meta, and with who is said to hold its places."""
        return Projection(self._asked, self._ground, self._parts, self._loose, meta, control)

    def slice(self, since: date | str | None = None, until: date | str | None = None) -> Projection:
        """Return the network of a window: the evidence of these days, weighed anew.

        Evidence counts that can lie in the window; what has no date is in none, but for edges that
        stand without a date. Positions stay. How much evidence lies outside is in
        ``meta["left_out"]``, beside what the projection left out itself.
        Raises InputError for a window that is none, ConflictkgError for a projection on disk.
        """
        begin, end = days(since, until)
        first = begin.toordinal() if begin else NEVER
        last = end.toordinal() if end else FOREVER
        if self._parts.on_disk:
            raise ConflictkgError(
                "a projection on disk has no slices", "project it again with since and until"
            )
        ground = self._ground
        facts = within(self._parts[0].facts, first, last)
        loose = within(self._loose, first, last)
        edges = pack(facts, ground.origins, ground.statements)
        edges = reweigh(edges, loose, str(self.meta.get("normalise", "none")))
        left_out = dict(self.meta.get("left_out") or {})
        gone = len(self._parts[0].facts.T) + len(self._loose.T) - len(facts.T) - len(loose.T)
        if gone:
            left_out["outside the slice"] = left_out.get("outside the slice", 0) + gone
        meta = {
            **self.meta,
            "since": _text(begin) or self.meta.get("since"),
            "until": _text(end) or self.meta.get("until"),
            "left_out": left_out,
        }
        return self._with([edges], loose, meta)

    def slices(
        self, length: str, every: str | None = None
    ) -> Iterator[tuple[date, date, Projection]]:
        """Return the network window by window: first day, last day, and what lies between.

        ``length`` is such as “1 month”, “1 week”, “30 days” or “1 year”; months and years are those
        of the calendar, weeks begin on Monday. Windows follow each other from the first day to
        the last, or begin ``every`` so long (moving windows); empty ones are given as well.
        Raises InputError for a length that is none.
        """
        ends = np.concatenate([part.first for part in self._parts] + [p.last for p in self._parts])
        ends = ends[(ends > NEVER) & (ends < FOREVER)]
        known = (int(ends.min()), int(ends.max())) if len(ends) else (1, 1)
        first = max(filter(None, (date.fromordinal(known[0]), self._day("since"))))
        last = min(filter(None, (date.fromordinal(known[1]), self._day("until"))))
        spans = windows(first, last, length, every)
        return ((start, end, self.slice(start, end)) for start, end in spans if len(ends))

    def _day(self, name: str) -> date | None:
        return day(self.meta.get(name))

    def largest_component(self) -> Projection:
        """Return the largest part of the network that hangs together, whatever the directions."""
        return self._with(
            *in_largest_component(self._parts, self._loose, len(self._ground.things)),
            {**self.meta, "largest_component": True},
            on_disk=self._parts.on_disk,
        )

    def strongest(self, count: int) -> Projection:
        """Return the network of its heaviest edges, so many; of equals the first stay.

        How many fell away is in ``meta["left_out"]``. A network that has no more stays as it is.
        Raises InputError for a count that is none.
        """
        gone = len(self) - whole(count, "count")
        if gone <= 0:
            return self
        parts = Spool.of(heaviest(self._parts, count), on_disk=self._parts.on_disk)
        inside = members(parts, self._loose[:, :0], len(self._ground.things))
        why = f"edges weaker than the strongest {count:,}"
        return self._with(
            parts,
            self._loose[:, inside[self._loose[SOURCE]]],
            {
                **self.meta,
                "strongest": count,
                "left_out": {**(self.meta.get("left_out") or {}), why: gone},
            },
            on_disk=self._parts.on_disk,
        )

    def _with(
        self,
        parts: Iterable[Packed],
        loose: Array,
        meta: Mapping[str, Any],
        *,
        on_disk: bool = False,
    ) -> Projection:
        spool = Spool.of(parts, on_disk=on_disk)
        return Projection(self._asked, self._ground, spool, loose, meta, self._control)

    def to_networkx(self) -> Any:
        """Return a ``networkx.MultiDiGraph``; see ``conversions``."""
        from conflictkg.network.conversions import to_networkx

        return to_networkx(self)

    def to_rustworkx(self) -> Any:
        """Return a ``rustworkx.PyDiGraph`` (extra ``networks``); see ``conversions``."""
        from conflictkg.network.conversions import to_rustworkx

        return to_rustworkx(self)

    def to_igraph(self) -> Any:
        """Return a directed ``igraph.Graph``, where igraph is installed; see ``conversions``."""
        from conflictkg.network.conversions import to_igraph

        return to_igraph(self)

    @property
    def lanes(self) -> Lanes:
        """The lanes that the nodes stand in, where the layout has lanes."""
        return self._ground.lanes

    @property
    def directed(self) -> bool | None:
        """Whether all edges are directed (True), none is (False), or some are (None)."""
        undirected = frozenset(self._ground.undirected)
        kinds = {self._ground.kinds[code] for part in self._parts for code in np.unique(part.kind)}
        if kinds <= undirected and kinds:
            return False
        return None if kinds & undirected else True

    @property
    def dated(self) -> bool:
        """Whether any node or edge has a time."""
        spells = self.nodes["spells"]
        return isinstance(spells, Spells) and len(spells.first) > 0

    def __len__(self) -> int:
        return len(self.edges)

    def __repr__(self) -> str:
        return f"<Projection {self.name}: {len(self._members):,} nodes, {len(self.edges):,} edges>"


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def members(parts: Iterable[Packed], loose: Array, count: int) -> Array:
    """Say of each node whether edges, or facts about it alone, bear it."""
    inside = np.zeros(count, bool)
    inside[loose[SOURCE, loose[KIND] >= 0]] = True
    for part in parts:
        inside[part.source] = True
        inside[part.target] = True
    return inside


def in_largest_component(
    parts: Iterable[Packed], loose: Array, count: int
) -> tuple[Iterator[Packed], Array]:
    """Return the edges of the largest connected part, and the facts of its nodes."""
    groups = Groups(count)
    for part in parts:
        groups.join(part.source, part.target)
    inside = groups.largest()
    kept = (part.select(np.flatnonzero(inside[part.source])) for part in parts)
    return kept, loose[:, inside[loose[SOURCE]]]
