"""What nodes are: their labels, kinds, types and coordinates, read in portions."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import nan

import pyoxigraph as ox

from conflictkg.store import Reader
from conflictkg.terms import DCTERMS, GEO, RDFS, SCHEMA, SCHEME, SEM, SKOS, kind, shrink

PORTION = 1000
_LABELS = (SKOS.prefLabel, DCTERMS.title, SCHEMA.text, RDFS.label)
_TOLD = frozenset((*_LABELS, DCTERMS.type, SCHEMA.containedInPlace, GEO.hasGeometry, SEM.hasPlace))
"""The properties of a node that are looked at."""

_POINT = re.compile(r"POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)", re.IGNORECASE)


@dataclass(slots=True)
class Things:
    """What is known of each node, by its place in the order of IRIs; NaN where no coordinate."""

    iris: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    lat: array[float] = field(default_factory=lambda: array("d"))
    lon: array[float] = field(default_factory=lambda: array("d"))

    def __len__(self) -> int:
        return len(self.iris)

    def add(
        self,
        iri: str,
        label: str = "",
        *,
        kind: str = "",
        type: str = "",
        part: str = "",
        lat: float = nan,
        lon: float = nan,
    ) -> None:
        """Add a node; its id is its CURIE, which is also its label if it has none."""
        short = shrink(iri)
        self.iris.append(iri)
        self.ids.append(short)
        self.labels.append(label or short)
        self.kinds.append(kind or kind_of(iri))
        self.types.append(type)
        self.parts.append(part)
        self.lat.append(lat)
        self.lon.append(lon)


def kind_of(iri: str) -> str:
    """Return what kind of thing an IRI stands for; a concept of a scheme is a thing.

    >>> kind_of("https://w3id.org/conflictkg/scheme/thing/tank")
    'thing'
    """
    return kind(iri) or ("thing" if iri.startswith(SCHEME) else "other")


def read_things(reader: Reader, iris: Sequence[str]) -> Things:
    """Return what a store knows of some nodes, in the order given.

    An event of which nobody disputes that it has one place has the coordinates of that.
    """
    things = Things()
    for some in batched_nodes(iris):
        _read_portion(reader, some, things)
    return things


def batched_nodes(iris: Sequence[str]) -> list[Sequence[str]]:
    """Return nodes in portions that one request can carry."""
    return [iris[at : at + PORTION] for at in range(0, len(iris), PORTION)]


def _read_portion(reader: Reader, iris: Sequence[str], things: Things) -> None:
    labels: dict[str, tuple[int, bool, str]] = {}
    types: dict[str, str] = {}
    wholes: dict[str, str] = {}
    geometries: dict[str, str] = {}
    happened: dict[str, set[str]] = {}
    for quad in reader.describe(map(ox.NamedNode, iris)):
        predicate = quad.predicate
        if predicate not in _TOLD:
            continue
        value, subject = quad.object, str(quad.subject)[1:-1]
        if predicate in _LABELS and isinstance(value, ox.Literal):
            rank = (_LABELS.index(predicate), value.language != "en", value.value)
            labels[subject] = min(rank, labels.get(subject, rank))
        elif isinstance(value, ox.NamedNode):
            for wanted, found in (
                (DCTERMS.type, types),
                (SCHEMA.containedInPlace, wholes),
                (GEO.hasGeometry, geometries),
            ):
                if predicate == wanted:
                    found[subject] = min(value.value, found.get(subject, value.value))
            if predicate == SEM.hasPlace:
                happened.setdefault(subject, set()).add(value.value)
    scenes = {event: places.pop() for event, places in happened.items() if len(places) == 1}
    for quad in reader.describe(map(ox.NamedNode, sorted(set(scenes.values())))):
        if quad.predicate == GEO.hasGeometry and isinstance(quad.object, ox.NamedNode):
            place, one = str(quad.subject)[1:-1], quad.object.value
            geometries[place] = min(one, geometries.get(place, one))
    points: dict[str, tuple[float, float]] = {}
    for quad in reader.describe(map(ox.NamedNode, sorted(set(geometries.values())))):
        if quad.predicate == GEO.asWKT and isinstance(quad.object, ox.Literal):
            point = _POINT.search(quad.object.value)
            if point:
                points[str(quad.subject)[1:-1]] = (float(point[2]), float(point[1]))
    for iri in iris:
        lat, lon = points.get(geometries.get(scenes.get(iri, iri), ""), (nan, nan))
        things.add(
            iri,
            labels[iri][2] if iri in labels else "",
            type=types.get(iri, "").rpartition("/")[2],
            part=shrink(wholes[iri]) if iri in wholes else "",
            lat=lat,
            lon=lon,
        )
