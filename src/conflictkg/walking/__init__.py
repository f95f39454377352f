"""Walking the graph: what is next to a thing, the ways between two, and what they stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import pyoxigraph as ox

from conflictkg.errors import InputError
from conflictkg.model import Claim, Document, Entity, Issue
from conflictkg.store import Reader
from conflictkg.terms import kind
from conflictkg.values import whole
from conflictkg.walking import routes
from conflictkg.walking.explanation import Explainer, refs_of
from conflictkg.walking.relations import WALKED, Tied
from conflictkg.walking.routes import MAX_TIES
from conflictkg.walking.things import Step, read_thing
from conflictkg.walking.ties import Path

__all__ = ["MAX_TIES", "Path", "Step", "Tied", "Via", "neighbours", "paths", "walk"]

Via = str | Iterable[str] | None
"""Relations to walk by: names of predicates, attitudes, properties or groups; None for all."""


def neighbours(
    reader: Reader, node: ox.NamedNode, *, via: Via = None, at: date | None = None
) -> Iterator[Entity | Document | Claim | Issue]:
    """Return what is tied to a thing, what has the weightier ties first; each is read as it comes.

    Raises InputError for what cannot be walked from, NameNotFound for an unknown relation.
    """
    tied = Tied(reader, via, at)
    return (read_thing(reader, other) for other in tied.of([_walked(node)])[node])


def walk(
    reader: Reader,
    start: ox.NamedNode,
    *,
    via: Via = None,
    max_length: int = 2,
    at: date | None = None,
    max_ties: int = MAX_TIES,
) -> Iterator[Step]:
    """Return all within some hops of a thing, itself first, breadth first, each thing once.

    Raises InputError for what cannot be walked from and for numbers that are none, NameNotFound
    for an unknown relation.
    """
    limits = whole(max_length, "max_length"), whole(max_ties, "max_ties")
    steps = routes.walk(Tied(reader, via, at), _walked(start), *limits)
    return (_step(reader, found) for found in steps)


def _step(reader: Reader, found: routes.Found) -> Step:
    before = found.before
    ref = refs_of(reader, [before])[before] if before is not None else None
    return Step(read_thing(reader, found.node), found.distance, ref)


def paths(
    reader: Reader,
    start: ox.NamedNode,
    end: ox.NamedNode,
    *,
    max_length: int = 4,
    via: Via = None,
    at: date | None = None,
    max_ties: int = MAX_TIES,
) -> Iterator[Path]:
    """Return the paths from one thing to another, explained, the shortest first.

    Raises as ``walk`` does.
    """
    limits = whole(max_length, "max_length"), whole(max_ties, "max_ties")
    tied = Tied(reader, via, at)
    ways = routes.routes(tied, _walked(start), _walked(end), *limits)
    return map(Explainer(tied).path, ways)


def _walked(node: ox.NamedNode) -> ox.NamedNode:
    if kind(node.value) not in WALKED:
        raise InputError(
            f"{node.value} is not a thing that is tied to others",
            "walk from a person, organization, unit, source, place, event, claim, issue or "
            "document; of a statement, take its speaker or a claim",
        )
    return node
