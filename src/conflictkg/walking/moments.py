"""What is dated about a thing, in time: statements, events, documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from conflictkg.model import Document, Entity, Statement
from conflictkg.reading import (
    Snapshot,
    read_documents,
    read_entity,
    read_statements,
    read_time,
    subjects,
)
from conflictkg.store import Reader, select
from conflictkg.terms import DCTERMS, SCHEMA, SEM, kind
from conflictkg.values import ImpreciseTime

Node = ox.NamedNode

_STATEMENTS = {
    "says": "?s ckg:speaker {0}",
    "is told in": "?r ckg:inDocument {0} ; ckg:reports ?s",
    "is judged in": "?reading ckg:onClaim {0} . ?s ckg:expresses ?reading",
    "is answered in": "?c ckg:addresses {0} . ?reading ckg:onClaim ?c . ?s ckg:expresses ?reading",
    "is spoken of in": "?c ckg:subject|ckg:object|schema:location|schema:mentions {0} . "
    "?reading ckg:onClaim ?c . ?s ckg:expresses ?reading",
}
_ROLES = {
    "claim": ("is judged in", "is spoken of in"),
    "issue": ("is answered in",),
    "document": ("is told in",),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """Something dated: when, in which role the thing asked about is there, and what it is.

    ``times`` are the dates that documents give it; none stands for an unknown date.
    """

    times: tuple[ImpreciseTime, ...]
    role: str
    thing: Statement | Document | Entity

    @property
    def earliest(self) -> date | None:
        """The first day that it can be of."""
        return min((time.earliest for time in self.times if time.earliest), default=None)

    @property
    def latest(self) -> date | None:
        """The last day that it can be of."""
        return max((time.latest for time in self.times if time.latest), default=None)

    def __str__(self) -> str:
        when = " or ".join(dict.fromkeys(map(str, self.times))) or "date unknown"
        thing = self.thing
        what = f"{thing.speaker}: {thing.gist}" if isinstance(thing, Statement) else str(thing)
        return f"{when}  {self.role} {what}"


def timeline(reader: Reader, node: Node) -> Iterator[Moment]:
    """Yield what is dated about a thing, by its first possible day; what has no date comes last.

    That is what it says itself, what is said about it or on it, the events that it takes part in,
    that take place in it or are part of it, and the documents that it publishes.
    """
    found = [*_said(reader, node), *_events(reader, node), *_published(reader, node)]
    yield from sorted(
        found,
        key=lambda moment: (
            moment.earliest or moment.latest or date.max,
            moment.latest or date.max,
            moment.thing.iri,
        ),
    )


def _said(reader: Reader, node: Node) -> Iterator[Moment]:
    if kind(node.value) == "statement":
        yield from (Moment(s.said, "is", s) for s in read_statements(reader, [node]))
        return
    seen: set[Node] = set()
    for role in _ROLES.get(kind(node.value), ("says", "is spoken of in")):
        query = f"SELECT DISTINCT ?s {{ {_STATEMENTS[role].format(node)} }}"
        fresh = [s for row in select(reader, query) if (s := row["s"]) not in seen]
        seen.update(fresh)
        yield from (Moment(s.said, role, s) for s in read_statements(reader, fresh))


def _events(reader: Reader, node: Node) -> Iterator[Moment]:
    roles: dict[Node, str] = {node: "is"} if kind(node.value) == "event" else {}
    for role, predicate in (
        ("takes part in", SEM.hasActor),
        ("is the place of", SEM.hasPlace),
        ("includes", SCHEMA.superEvent),
    ):
        for event in subjects(reader, predicate, [node]):
            roles.setdefault(event, role)
    snapshot = Snapshot(reader)
    snapshot.fetch(roles)
    snapshot.follow(roles, SEM.hasTime)
    for event, role in roles.items():
        times = [read_time(snapshot, time) for time in snapshot.objects(event, SEM.hasTime)]
        yield Moment(tuple(filter(None, times)), role, read_entity(reader, event))


def _published(reader: Reader, node: Node) -> Iterator[Moment]:
    role, documents = "publishes", subjects(reader, DCTERMS.publisher, [node])
    if kind(node.value) == "document":
        role, documents = "is", [node]
    snapshot = Snapshot(reader)
    wanted = [d for d in documents if kind(d.value) == "document"]
    for document in read_documents(snapshot, wanted).values():
        times = (document.published,) if document.published else ()
        yield Moment(times, role, document)
