"""Objects of the model for the things that a walk meets."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from conflictkg.model import Claim, Document, Entity, Issue, Ref
from conflictkg.reading import Snapshot, read_claims, read_documents, read_entity
from conflictkg.store import Reader
from conflictkg.terms import SKOS, kind


@dataclass(frozen=True, slots=True)
class Step:
    """A thing that a walk has come to: how many hops from the start, and over which thing."""

    thing: Entity | Document | Claim | Issue
    distance: int
    before: Ref | None

    def __str__(self) -> str:
        return f"{self.distance}  {self.thing}"


def read_thing(reader: Reader, node: ox.NamedNode) -> Entity | Document | Claim | Issue:
    """Return the object of the model that a node of any kind but a statement is."""
    what = kind(node.value)
    snapshot = Snapshot(reader)
    if what == "claim":
        return read_claims(snapshot, [node])[node]
    if what == "document":
        return read_documents(snapshot, [node])[node]
    if what == "issue":
        snapshot.fetch([node])
        return Issue(node.value, snapshot.text(node, SKOS.prefLabel))
    return read_entity(reader, node)
