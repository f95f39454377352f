"""Projections out of a store: facts are read, put in order, grouped, weighed and thinned."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

import numpy as np
import pyoxigraph as ox

from conflictkg.errors import InputError
from conflictkg.network import layout
from conflictkg.network.coding import SOURCE, TARGET, Codes, Vocabulary
from conflictkg.network.columns import Array
from conflictkg.network.control import read_control
from conflictkg.network.definitions import CLOCKS, Definition, definition, projections
from conflictkg.network.facts import Filters, Tally, read_facts
from conflictkg.network.grouping import Packed, ordered, pack, put_aside
from conflictkg.network.lanes import in_lanes, read_lanes
from conflictkg.network.measures import heaviest, reweigh
from conflictkg.network.mercator import on_map
from conflictkg.network.projection import Projection, in_largest_component, members
from conflictkg.network.spool import Spool
from conflictkg.network.tabling import Ground
from conflictkg.network.things import Things, read_things
from conflictkg.store import Reader
from conflictkg.terms import ID
from conflictkg.values import days, whole

_STATEMENT = f"{ID}statement/"
"""What the IRIs of statements begin with."""


def project(
    reader: Reader,
    name: str,
    *,
    since: date | str | None = None,
    until: date | str | None = None,
    speaker: ox.NamedNode | None = None,
    place: ox.NamedNode | None = None,
    issue: ox.NamedNode | None = None,
    document: ox.NamedNode | None = None,
    publisher: ox.NamedNode | None = None,
    min_weight: float = 1,
    strongest: int | None = None,
    largest_component: bool = False,
    clock: str | None = None,
    normalise: str = "none",
    control: bool = False,
    on_disk: bool = False,
    progress: Callable[[Iterator[Array]], Iterator[Array]] | None = None,
) -> Projection:
    """Return the projection of a name; see ``projections`` for those that there are.

    ``since`` and ``until`` are the first and the last day on which evidence may lie, by ``clock``
    (said, reported, event; None for the projection's own); what has no date lies in no window.
    ``speaker``, ``place``, ``issue`` and ``document`` keep what is said by, about, on or in them,
    ``publisher`` what stands in a document that it published.
    Edges that count less than ``min_weight``, and all but the ``strongest`` so many, fall away.
    ``normalise`` weighs by the activity of nodes: average, jaccard, cosine or npmi.
    ``control`` adds to places who is said to hold them, by whom and when.
    ``on_disk`` keeps the edges in a temporary file: memory then grows with nodes, not with edges.
    ``progress`` wraps the facts as they are read, portion by portion.
    Raises NameNotFound for an unknown name, InputError for an option that is none.
    """
    asked = definition(name)
    clock = _one_of(clock or asked.clock, CLOCKS, "clock")
    normalise = _one_of(normalise, asked.normalise, f"normalisation of {asked.name}")
    if control and "control" not in asked.dynamic:
        having = ", ".join(one.name for one in projections() if "control" in one.dynamic)
        raise InputError(
            f"{asked.name} does not tell who controls its nodes", f"these do: {having}"
        )
    if not (isinstance(min_weight, int | float) and min_weight >= 0):
        raise InputError(f"min_weight is {min_weight!r}", "give a number, 0 or more")
    if strongest is not None:
        whole(strongest, "strongest")
    filters = Filters(clock, *days(since, until), speaker, place, issue, document, publisher)
    given = filters.given()
    words, tally = Vocabulary(), Tally(tuple(given))
    facts = read_facts(reader, asked, filters, words, tally)
    if progress is not None:
        facts = progress(facts)
    meta: dict[str, Any] = {
        "projection": asked.name,
        "summary": asked.summary,
        "node": asked.nodes,
        "edge": asked.edges,
        "weight": asked.weight,
        "normalise": normalise,
        "clock": clock,
        **given,
        "min_weight": min_weight,
        "strongest": strongest,
        "largest_component": largest_component,
        **({"control": "who is said to hold a place, and by whom"} if control else {}),
        "query": asked.sparql,
    }
    thin = Thinning(min_weight, strongest, largest_component, normalise)
    made = assemble(
        asked, facts, words, lambda iris: read_things(reader, iris), thin, meta, on_disk=on_disk
    )
    left_out = {name: count for name, count in tally.told().items() if count}
    if tally.undated:
        left_out["without a date"] = tally.undated
    held = read_control(reader, filters) if control else None
    if held and held.undated:
        left_out["statements on control of no day"] = held.undated
    emptied = (tally.culprit() or " and ".join(given)) if given and not tally.kept else ""
    left_out |= made.meta["left_out"]
    told = {**made.meta, "left_out": left_out, **({"emptied_by": emptied} if emptied else {})}
    return made.annotated(told, held)


@dataclass(frozen=True, slots=True)
class Thinning:
    """How edges are weighed, and how strong or well connected they must be to stay."""

    min_weight: float = 1
    strongest: int | None = None
    largest_component: bool = False
    normalise: str = "none"


def assemble(
    asked: Definition,
    facts: Iterable[Array],
    words: Vocabulary,
    describe: Callable[[Sequence[str]], Things],
    thin: Thinning,
    meta: dict[str, Any],
    *,
    on_disk: bool = False,
) -> Projection:
    """Return the projection that facts make; ``describe`` tells what the nodes of some IRIs are."""
    with _uncollected():
        aside = put_aside(facts, on_disk=on_disk)
        order, nodes = _ranked(words.nodes)
        kinds, kind_ranks = _ranked(words.kinds)
        evidence, evidence_ranks = _ranked(words.evidence)
        things = describe(order)
        places = zip(words.nodes.values(), nodes.tolist(), strict=False)
        lanes = {rank: words.lanes[code] for code, rank in places if code in words.lanes}
        issues = describe(sorted({issue for issue, _ in lanes.values()})) if lanes else Things()
        origins = np.full(len(evidence) + 1, -1)
        origins[evidence_ranks[:-1]] = words.origins
        statements = np.array([*(iri.startswith(_STATEMENT) for iri in evidence), False])
        spool, loose = Spool(on_disk=on_disk), []
        for some in ordered(aside, nodes, kind_ranks, evidence_ranks):
            lone = some[TARGET] < 0
            loose.append(some[:, lone])
            spool.put(pack(some[:, ~lone], origins, statements))
        spool, alone, left_out = _thinned(spool, np.concatenate(loose, axis=1), thin, len(things))
    ground = Ground(
        things=things,
        kinds=kinds,
        undirected=asked.undirected,
        evidence=evidence,
        origins=origins,
        statements=statements,
        place=lambda: _positions(asked.layout, things, spool, lanes),
        lanes=read_lanes(things.ids, lanes, dict(zip(issues.iris, issues.labels, strict=True))),
    )
    return Projection(asked, ground, spool, alone, {**meta, "left_out": left_out})


@contextmanager
def _uncollected() -> Iterator[None]:
    """Hold back the collector of garbage: what is made by the million here has no cycles."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def _ranked(names: Codes) -> tuple[list[str], Array]:
    """Return names in order, and the place of each code in it; -1 stays."""
    order = sorted(names)
    ranks = np.empty(len(order) + 1, np.int32)
    ranks[names.numbers(order)] = np.arange(len(order), dtype=np.int32)
    ranks[-1] = -1
    return order, ranks


def _thinned(
    spool: Spool, loose: Array, thin: Thinning, count: int
) -> tuple[Spool, Array, dict[str, int]]:
    """Return what stays of edges and of facts of single nodes, and how many edges fell away.

    Nodes that are left bare go as well, unless no edge had to go.
    """
    left_out: dict[str, int] = {}

    def keep(parts: Iterable[Packed], why: str) -> None:
        nonlocal spool
        before = sum(map(len, spool))
        spool = Spool.of(parts, on_disk=spool.on_disk)
        gone = before - sum(map(len, spool))
        if gone:
            left_out[why] = gone

    if thin.min_weight > 1:
        keep(
            (part.select(np.flatnonzero(part.weight >= thin.min_weight)) for part in spool),
            f"edges lighter than {thin.min_weight:g}",
        )
    if thin.normalise != "none":
        keep((reweigh(part, loose, thin.normalise) for part in spool), "edges no more than chance")
    if thin.strongest is not None:
        keep(
            heaviest(spool, thin.strongest),
            f"edges weaker than the strongest {thin.strongest:,}",
        )
    if thin.largest_component:
        inside, loose = in_largest_component(spool, loose, count)
        keep(inside, "edges outside the largest component")
    if left_out:
        loose = loose[:, members(spool, loose[:, :0], count)[loose[SOURCE]]]
    return spool, loose, left_out


def _positions(
    how: str, things: Things, spool: Spool, lanes: Mapping[int, tuple[str, int]]
) -> Sequence[layout.Point]:
    """Return a position for each node."""
    count = len(things)
    if how == "lanes":
        return in_lanes(count, lanes)
    degrees = np.zeros(count, np.int64)
    for part in spool:
        degrees += np.bincount(part.source, minlength=count)
        degrees += np.bincount(part.target, minlength=count)
    if how == "force" and count > layout.TREES:
        return layout.sunflower(degrees)
    edges = [
        pair
        for part in spool
        for pair in zip(part.source.tolist(), part.target.tolist(), strict=True)
    ]
    if how == "mercator":
        return on_map(things.lat, things.lon, edges)
    return layout.force(count, edges, degrees.tolist())


def _one_of(value: str, known: Sequence[str], what: str) -> str:
    if value in known:
        return value
    near = get_close_matches(str(value), known, 1)
    meant = f"did you mean {near[0]}? " if near else ""
    raise InputError(f"there is no {what} “{value}”", f"{meant}it is one of: {', '.join(known)}")
