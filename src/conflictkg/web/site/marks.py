"""The marks of the map: places with what is said of them and the events in them, as drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from conflictkg.model import Ref
from conflictkg.store import Reader
from conflictkg.web.site.accounts import Account, counts
from conflictkg.web.site.geography import Frame, Position, frame, positions
from conflictkg.web.site.happenings import Happening
from conflictkg.web.site.labels import Box, Name, fitting, short, spaced
from conflictkg.web.site.links import href
from conflictkg.web.site.page import Feature
from conflictkg.web.site.sides import side_of
from conflictkg.words import counted

SAID = 4
"""How many things that are asserted of its places stand under the name of a mark."""

WIDTH, HEIGHT = 960.0, 600.0
"""The size of the drawn map in its own units."""


@dataclass(frozen=True, slots=True)
class Arc:
    """A part of a ring: the side that it stands for, where it begins and how long it is, in %."""

    side: str
    label: str
    count: int
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with what is said of it, and the undisputed events in it.

    ``said`` is what is asserted on who holds it.
    """

    place: Ref
    number: Mapping[str, int]
    sides: tuple[tuple[str, int], ...]
    basis: str
    said: tuple[str, ...] = ()
    events: tuple[Happening, ...] = ()

    @property
    def told(self) -> str:
        """What there is, in words, with its sources."""
        number = self.number
        claims = (
            f"{counted(number['claim'], 'claim')} by {counted(number['speaker'], 'speaker')} "
            f"in {counted(number['document'], 'document')}"
        )
        events = counted(len(self.events), "undisputed event")
        if not self.events:
            return claims
        return f"{claims}; {events}" if number["claim"] else events


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark on the map: where, how large, its ring, and the places that it stands for.

    ``said`` is what is asserted on who holds its places. ``name`` is where its label stands, from
    its centre, and the anchor of the text; None where there is no room for it.
    """

    x: float
    y: float
    radius: float
    position: Position
    spots: tuple[Spot, ...]
    arcs: tuple[Arc, ...]
    claims: int
    said: tuple[str, ...] = ()
    name: Name | None = None

    @property
    def short(self) -> str:
        """Its label, as short as a map has room for."""
        return short(self.label, 36)

    @property
    def short_said(self) -> tuple[str, ...]:
        """What is asserted on who holds its places, in as few lines as a map has room for."""
        more = len(self.said) - SAID
        some = tuple(short(one, 48) for one in self.said[:SAID])
        return (*some, f"and {more} more") if more > 0 else some

    @property
    def label(self) -> str:
        """The name of the place of which most is said, and how many others there are."""
        more = len(self.spots) - 1
        return str(self.spots[0].place) + (f" and {more} more" if more else "")

    @property
    def events(self) -> int:
        """How many undisputed events lie here."""
        return sum(len(spot.events) for spot in self.spots)

    @property
    def counted(self) -> str:
        """What there is of it, in words: claims, events or both."""
        some = ((self.claims, "claim"), (self.events, "event"))
        return " and ".join(counted(number, noun) for number, noun in some if number)

    @property
    def approximate(self) -> bool:
        """Whether no place of the mark has coordinates of its own."""
        return bool(self.position.basis)


def read_spots(
    rows: Sequence[Account],
    events: Sequence[Happening],
    at: Mapping[str, Position],
    said: Mapping[str, tuple[str, ...]],
) -> Iterator[Spot]:
    """Yield the places of rows and events, the one of which most is said first."""
    by_place: dict[Ref, list[Account]] = {}
    happened: dict[str, list[Happening]] = {}
    for event in events:
        by_place.setdefault(event.place, [])
        happened.setdefault(event.place.iri, []).append(event)
    for row in rows:
        for place in row.places:
            by_place.setdefault(place, []).append(row)
    for place, told_here in sorted(
        by_place.items(), key=lambda pair: (-counts(pair[1])["claim"], str(pair[0]))
    ):
        sides = Counter(row.attitude for row in told_here)
        position = at.get(place.iri)
        yield Spot(
            place,
            counts(told_here),
            tuple(sorted(sides.items())),
            position.basis if position else "cannot be placed on a map",
            said.get(place.iri, ()),
            tuple(happened.get(place.iri, ())),
        )


def place_marks(spots: Sequence[Spot], at: Mapping[str, Position], shown: Frame) -> Iterator[Mark]:
    """Yield the marks of places, one for each position, the largest first.

    The area of a mark grows with the number of its claims.
    """
    together: dict[tuple[float, float], list[Spot]] = {}
    for spot in spots:
        if spot.place.iri in at:
            together.setdefault(at[spot.place.iri].mercator, []).append(spot)
    scale = WIDTH / shown.width
    marks = []
    for (x, y), here in together.items():
        claims = sum(spot.number["claim"] for spot in here)
        sides: Counter[str] = Counter()
        for spot in here:
            sides.update(dict(spot.sides))
        position = min((at[spot.place.iri] for spot in here), key=lambda one: len(one.basis))
        marks.append(
            Mark(
                round((x - shown.x) * scale, 1),
                round((y - shown.y) * scale, 1),
                round(min(10.5 + 2.1 * claims**0.5, 36), 1),
                position,
                tuple(here),
                tuple(arcs(sides)),
                claims,
                tuple(_said_here(here)),
            )
        )
    yield from sorted(marks, key=lambda mark: -mark.claims)


def features_of(
    reader: Reader, rows: Sequence[Account], events: Sequence[Happening] = ()
) -> Iterator[Feature]:
    """Yield the places of rows and events as GeoJSON, one feature for each position."""
    at = positions(reader, places_of(rows, events))
    spots = tuple(read_spots(rows, events, at, {}))
    yield from map(feature, place_marks(spots, at, frame(at.values())))


def places_of(rows: Iterable[Account], events: Iterable[Happening]) -> Iterator[str]:
    """Yield the places (IRIs) of rows and events, as often as they occur."""
    yield from (place.iri for row in rows for place in row.places)
    yield from (event.place.iri for event in events)


def _said_here(spots: Sequence[Spot]) -> Iterator[str]:
    """Yield what is asserted of the places of a mark, each named where they are several."""
    for spot in spots:
        for one in spot.said:
            yield f"{spot.place}: {one}" if len(spots) > 1 else one


def name_marks(
    marks: Sequence[Mark], countries: Iterable[tuple[float, float, str]] = ()
) -> Iterator[Mark]:
    """Yield the marks with their labels where there is room: below, right, left or above.

    Those of which more is said go first; a label never lies on a mark, on another label or on the
    name of one of the ``countries`` (x, y, name).
    """
    taken = [
        (one.x - one.radius, one.y - one.radius, one.x + one.radius, one.y + one.radius)
        for one in marks
    ]
    taken += [spaced(x, y, name, 1.35) for x, y, name in countries]
    places = [_places_of_name(mark) for mark in marks]
    boxes = [[box for _, box in around] for around in places]
    chosen = fitting(boxes, taken, WIDTH, HEIGHT)
    for mark, around, number in zip(marks, places, chosen, strict=True):
        yield mark if number is None else replace(mark, name=around[number][0])


def _places_of_name(mark: Mark) -> list[tuple[Name, Box]]:
    """Return where the label of a mark can stand, each with the box that it takes."""
    width = max(7.2 * len(mark.short), *(6.2 * len(one) for one in mark.short_said), 0)
    away, more = mark.radius + 5, 15.0 * len(mark.short_said)
    return [
        (
            (x, y, side),
            (mark.x + left, mark.y + y - 12, mark.x + left + width, mark.y + y + 4 + more),
        )
        for x, y, left, side in (
            (0.0, away + 11, -width / 2, "middle"),
            (away, 4.5 - more / 2, away, "start"),
            (-away, 4.5 - more / 2, -away - width, "end"),
            (0.0, -away - 2 - more, -width / 2, "middle"),
        )
    ]


def arcs(sides: Mapping[str, int]) -> Iterator[Arc]:
    """Yield the parts of a ring, in the order in which sides are listed everywhere."""
    order = ("asserts", "confirms", "predicts", "leavesOpen", "doubts", "denies")
    total, start = sum(sides.values()), 0.0
    for name in sorted(sides, key=lambda one: order.index(one) if one in order else len(order)):
        length = 100 * sides[name] / total
        side = side_of(name)
        yield Arc(side.name, side.label, sides[name], round(start, 2), round(length, 2))
        start += length


def feature(mark: Mark) -> Feature:
    """Return a mark as a feature of GeoJSON."""
    return mark.position.feature(
        mark.label,
        claims=mark.claims,
        events=mark.events,
        counted=mark.counted,
        radius=mark.radius,
        said=mark.short_said,
        sides=[{"side": arc.side, "label": arc.label, "count": arc.count} for arc in mark.arcs],
        places=[
            {
                "name": str(spot.place),
                "iri": spot.place.iri,
                "page": href(spot.place.iri),
                "told": spot.told,
                "basis": spot.basis,
                "said": spot.said,
                "events": [
                    {"name": str(one.event), "page": href(one.event.iri)} for one in spot.events
                ],
                **spot.number,
            }
            for spot in mark.spots
        ],
    )
