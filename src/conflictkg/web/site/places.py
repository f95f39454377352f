"""Where things lie: the places around one, as a locator and as GeoJSON; who published what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import cos, dist, radians
from typing import Any

import pyoxigraph as ox

from conflictkg.model import Document, Ref
from conflictkg.reading import Snapshot, read_documents, subjects
from conflictkg.store import Reader, select
from conflictkg.terms import DCTERMS
from conflictkg.web.http import Served
from conflictkg.web.site.geography import UNITS, Position, base, frame, positions
from conflictkg.web.site.kept import kept
from conflictkg.web.site.labels import Box, beside, fitting, spaced
from conflictkg.web.site.page import Feature

_WITHIN = 7000
"""Web Mercator units (of a million around the globe) within which a place is near: 180 km."""
_NEAREST = 12
WIDTH, HEIGHT = 640.0, 400.0
"""The size of the locator in its own units."""
_PLACES = "SELECT DISTINCT ?place { ?place a ckg:Place }"


MAIN, SAID, NEAR = "main", "said", "near"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place, where it lies, and whether the page is about it, claims name it, or it is near."""

    ref: Ref
    at: Position
    role: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A spot in units of the locator."""

    spot: Spot
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Label:
    """The name of a place, or of a country, in units of the locator, and where its text begins."""

    text: str
    role: str
    x: float
    y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Locator:
    """Places around one another over the base map, with a scale bar.

    ``labels`` are those of wide screens, ``large`` those of phones, for which there is less room.
    """

    spots: tuple[Drawn, ...]
    labels: tuple[Label, ...]
    large: tuple[Label, ...]
    base: Mapping[str, Any]
    bar: float
    bar_label: str
    width: float = WIDTH
    height: float = HEIGHT


def every_position(served: Served) -> dict[str, Position]:
    """Return where each place (IRI) is drawn that can be; kept for each version of the graph."""
    reader = served.kg.store
    return kept(
        served,
        "positions",
        lambda: positions(reader, (row["place"].value for row in select(reader, _PLACES))),
    )


def spots_of(served: Served, places: Iterable[Ref], role: str = MAIN) -> Iterator[Spot]:
    """Yield those of some things that are places and can be drawn."""
    every = every_position(served)
    return (Spot(ref, every[ref.iri], role) for ref in places if ref.iri in every)


def around(served: Served, main: Iterable[Ref], said: Iterable[Ref] = ()) -> tuple[Spot, ...]:
    """Return the places that a page is about, those that claims name, and the nearest to the first.

    Nothing if none of them can be placed.
    """
    found: dict[str, Spot] = {}
    for spot in chain(spots_of(served, main), spots_of(served, said, SAID)):
        found.setdefault(spot.ref.iri, spot)
    first = next(iter(found.values()), None)
    if first is None:
        return ()
    beside = sorted(
        (dist(first.at.mercator, at.mercator), iri)
        for iri, at in every_position(served).items()
        if iri not in found and not at.basis
    )
    near = [ox.NamedNode(iri) for distance, iri in beside[:_NEAREST] if distance < _WITHIN]
    snapshot = Snapshot(served.kg.store)
    snapshot.fetch(near)
    return (*found.values(), *spots_of(served, map(snapshot.ref, near), NEAR))


def locator_of(spots: tuple[Spot, ...]) -> Locator | None:
    """Return the places as a figure, or None if there are none."""
    if not spots:
        return None
    seen = frame((spot.at for spot in spots), ratio=WIDTH / HEIGHT)
    scale = WIDTH / seen.width
    drawn = []
    for spot in spots:
        x, y = spot.at.mercator
        radius = 3.5 if spot.role == NEAR else 8.0
        drawn.append(Drawn(spot, (x - seen.x) * scale, (y - seen.y) * scale, radius))
    kilometres = scale * UNITS / (40075 * cos(radians(spots[0].at.latitude)))
    length = next((k for k in (500, 200, 100, 50, 20, 10) if k * kilometres < WIDTH / 4), 5)
    under = base(seen, WIDTH)
    return Locator(
        tuple(drawn),
        tuple(_labels(drawn, under, 1.25)),
        tuple(_labels(drawn, under, 2.2)),
        under,
        length * kilometres,
        f"{length} km",
    )


def _labels(drawn: Sequence[Drawn], under: Mapping[str, Any], scale: float) -> Iterator[Label]:
    """Yield the labels that have room in a size: on no disc, scale bar or other label.

    The places that the page is about come first, then the countries, then what is near.
    """
    taken: list[Box] = [(0.0, HEIGHT - 34 * scale, 200.0, HEIGHT)]
    wanted: list[list[tuple[Label, Box]]] = []
    for one in drawn:
        text, role, r = str(one.spot.ref), one.spot.role, one.radius
        taken.append((one.x - r, one.y - r, one.x + r, one.y + r))
        wanted.append(
            [
                (Label(text, role, one.x + x, one.y + y, anchor), box)
                for (x, y, anchor), box in beside(one.x, one.y, r, text, scale)
            ]
        )
    for x, y, text in under["countries"]:
        label = Label(text, "country", x, y, "middle")
        wanted.append([(label, spaced(x, y, text, scale))])
    wanted.sort(key=lambda some: (MAIN, SAID, "country", NEAR).index(some[0][0].role))
    chosen = fitting([[box for _, box in some] for some in wanted], taken, WIDTH, HEIGHT)
    for some, number in zip(wanted, chosen, strict=True):
        if number is not None:
            yield some[number][0]


def features(spots: Iterable[Spot]) -> Iterator[Feature]:
    """Yield the places as GeoJSON."""
    for spot in spots:
        yield {**spot.at.feature(spot.ref.label, subject=spot.role == MAIN), "id": spot.ref.iri}


def published_by(reader: Reader, node: ox.NamedNode, *, limit: int = 20) -> tuple[Document, ...]:
    """Return the documents that an outlet published, the latest first."""
    nodes = subjects(reader, DCTERMS.publisher, [node])
    read = read_documents(Snapshot(reader), nodes[:500])
    return tuple(sorted(read.values(), key=lambda d: _published(d), reverse=True)[:limit])


def _published(document: Document) -> tuple[str, str]:
    time = document.published
    return (str(time.earliest or "") if time else "", document.iri)
