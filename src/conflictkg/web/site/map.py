"""/map: what is said of places, and who is said to hold them, by source and day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from conflictkg.model import Ref
from conflictkg.store import Reader
from conflictkg.web.http import Request, Served
from conflictkg.web.site.accounts import (
    CONTROL,
    Account,
    Accounts,
    counts,
    quads_of,
    read_accounts,
    told,
)
from conflictkg.web.site.control import differing, read_control, said_of_places
from conflictkg.web.site.days import Days, Spans, days_of, read_spans, with_events
from conflictkg.web.site.geography import Frame, Position, base, frame, positions
from conflictkg.web.site.happenings import Happening, read_events
from conflictkg.web.site.kept import kept
from conflictkg.web.site.labels import Box, fitting
from conflictkg.web.site.latest import first_view, resting_on
from conflictkg.web.site.links import href
from conflictkg.web.site.page import Feature, Page, Table
from conflictkg.web.site.selection import Selection, read_choices, read_selection
from conflictkg.web.site.sides import side_of
from conflictkg.web.site.words import when
from conflictkg.words import counted

SHOWN = {
    "": "everything said of places",
    "control": "who is said to hold them",
    "events": "events that nobody disputes",
}
"""What the map can show: value of ``show`` -> in words."""

SAID = 4
"""How many things that are asserted of its places stand under the name of a mark."""

WIDTH, HEIGHT = 960.0, 600.0
"""The size of the drawn map in its own units."""

ROWS = 300
"""How many rows the page lists; the CSV has all."""


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
    """A place with what is said of it; ``said`` is what is asserted on who holds it."""

    place: Ref
    number: Mapping[str, int]
    sides: tuple[tuple[str, int], ...]
    basis: str
    said: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """What there is, in words, with its sources."""
        number = self.number
        return (
            f"{counted(number['claim'], 'claim')} by {counted(number['speaker'], 'speaker')} "
            f"in {counted(number['document'], 'document')}"
        )


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
    name: tuple[float, float, str] | None = None

    @property
    def short(self) -> str:
        """Its label, as short as a map has room for."""
        return _short(self.label, 36)

    @property
    def short_said(self) -> tuple[str, ...]:
        """What is asserted on who holds its places, in as few lines as a map has room for."""
        more = len(self.said) - SAID
        some = tuple(_short(one, 48) for one in self.said[:SAID])
        return (*some, f"and {more} more") if more > 0 else some

    @property
    def label(self) -> str:
        """The name of the place of which most is said, and how many others there are."""
        more = len(self.spots) - 1
        return str(self.spots[0].place) + (f" and {more} more" if more else "")

    @property
    def approximate(self) -> bool:
        """Whether no place of the mark has coordinates of its own."""
        return all(spot.basis for spot in self.spots)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def page(request: Request, served: Served) -> Page:
    """Return the page of the map."""
    selection = read_selection(served.kg, request.parameters(), daily=True)
    latest = first_view(request, served, selection)
    reader = latest.store if latest else served.kg.store
    show = request.first("show") if request.first("show") in SHOWN else ""
    found = Accounts(()) if show == "events" else read_accounts(reader, selection, placed=True)
    rows = tuple(row for row in found.rows if show != "control" or row.predicate in CONTROL)
    every = () if show == "control" else tuple(read_events(reader, selection))
    day = selection.day
    events = tuple(one for one in every if not day or one.lies_on(day))
    control = tuple(read_control(rows))
    at = positions(reader, _places(rows, events))
    said = said_of_places(control) if day else {}
    spots = tuple(read_spots(rows, at, said))
    around = frame(at.values(), ratio=WIDTH / HEIGHT)
    marks = tuple(name_marks(tuple(place_marks(spots, at, around))))
    beyond = [mark for mark in marks if not (0 <= mark.x <= WIDTH and 0 <= mark.y <= HEIGHT)]
    sentence = resting_on(latest) + _sentence(
        rows, events, show, selection, complete=found.complete
    )
    return Page(
        "map.html",
        "Map",
        {
            "selection": selection,
            "choices": kept(served, "choices", lambda: read_choices(served.kg.store)),
            "latest": latest,
            "action": "/map",
            "show": show,
            "shows": SHOWN,
            "sentence": sentence,
            "rows": rows[:ROWS],
            "row_count": len(rows),
            "complete": found.complete,
            "control": control,
            "differing": differing(control) if day else (),
            "days": _days(served, reader, selection, show, every),
            "events": events,
            "spots": spots,
            "marks": [mark for mark in marks if mark not in beyond],
            "beyond": beyond,
            "unplaced": [spot for spot in spots if spot.place.iri not in at],
            "base": base(around, WIDTH),
            "width": WIDTH,
            "height": HEIGHT,
            "collection": {"type": "FeatureCollection", "features": list(map(_feature, marks))},
            "csv": f"/map.csv{request.query and '?' + request.query}",
        },
        path="/map",
        section="map",
        summary=sentence,
        data=lambda: {
            "shown": sentence,
            "complete": found.complete,
            "rows": list(_dictionaries(rows)),
        },
        quads=lambda: quads_of(reader, rows),
        table=lambda: Table(COLUMNS, (list(row.values()) for row in _dictionaries(rows))),
        features=lambda: map(_feature, marks),
        cut=None if found.complete else len(rows),
        status=400 if selection.problems else 200,
    )


def _days(
    served: Served, reader: Reader, selection: Selection, show: str, events: Sequence[Happening]
) -> Days:
    """Return the days that the stepper leads to; those of the whole graph are kept."""

    def read() -> Spans:
        return read_spans(reader, selection, control=show == "control")

    if show == "events":
        spans: Spans = {}
    elif reader is not served.kg.store or replace(selection, day=None):
        spans = read()
    else:
        spans = kept(served, f"days {show}", read)
    return days_of(with_events(spans, events), selection.day)


def _places(rows: Sequence[Account], events: Sequence[Happening]) -> Iterator[str]:
    yield from (place.iri for row in rows for place in row.places)
    yield from (event.place.iri for event in events)


def _sentence(
    rows: Sequence[Account],
    events: Sequence[Happening],
    show: str,
    selection: Selection,
    *,
    complete: bool,
) -> str:
    """Return in words what the map shows."""
    undisputed = counted(
        len(events), "undisputed event with a place", "undisputed events with a place"
    )
    day = f", {when(str(selection.day))}" if selection.day else ""
    if show == "events":
        return undisputed + day if events else f"No undisputed event fits{day}"
    first = "" if complete else "The first rows of more: "
    second = f"; and {undisputed}" if events else ""
    return f"{first}{told(rows, selection)}{second}"


def read_spots(
    rows: Sequence[Account], at: Mapping[str, Position], said: Mapping[str, tuple[str, ...]]
) -> Iterator[Spot]:
    """Yield the places of rows, the one of which most is said first."""
    by_place: dict[Ref, list[Account]] = {}
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


def _said_here(spots: Sequence[Spot]) -> Iterator[str]:
    """Yield what is asserted of the places of a mark, each named where they are several."""
    for spot in spots:
        for one in spot.said:
            yield f"{spot.place}: {one}" if len(spots) > 1 else one


def name_marks(marks: Sequence[Mark]) -> Iterator[Mark]:
    """Yield the marks with their labels where there is room: below, right, left or above.

    Those of which more is said go first; a label never lies on a mark or on another label.
    """
    taken = [
        (one.x - one.radius, one.y - one.radius, one.x + one.radius, one.y + one.radius)
        for one in marks
    ]
    places = [_places_of_name(mark) for mark in marks]
    boxes = [[box for _, box in around] for around in places]
    chosen = fitting(boxes, taken, WIDTH, HEIGHT)
    for mark, around, number in zip(marks, places, chosen, strict=True):
        yield mark if number is None else replace(mark, name=around[number][0])


def _places_of_name(mark: Mark) -> list[tuple[tuple[float, float, str], Box]]:
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


def _feature(mark: Mark) -> Feature:
    """Return a mark as a feature of GeoJSON."""
    return {
        "type": "Feature",
        "geometry": {
            "type": "Point",
            "coordinates": [mark.position.longitude, mark.position.latitude],
        },
        "properties": {
            "label": mark.label,
            "claims": mark.claims,
            "radius": mark.radius,
            "approximate": mark.approximate,
            "said": mark.short_said,
            "position": mark.position.basis or "own coordinates",
            "sides": [
                {"side": arc.side, "label": arc.label, "count": arc.count} for arc in mark.arcs
            ],
            "places": [
                {
                    "name": str(spot.place),
                    "iri": spot.place.iri,
                    "page": href(spot.place.iri),
                    "told": spot.told,
                    "basis": spot.basis,
                    "said": spot.said,
                    **spot.number,
                }
                for spot in mark.spots
            ],
        },
    }


COLUMNS = (
    *("place", "said", "speaker", "attitude", "certainty", "claim", "of_day", "holder"),
    *("sources", "statement_iri", "claim_iri", "place_iri", "documents"),
)
"""The columns of the CSV: a row for each place, statement, claim and attitude."""


def _dictionaries(rows: Iterable[Account]) -> Iterator[dict[str, Any]]:
    for row in rows:
        for place in row.places:
            values = (
                *(str(place), " or ".join(row.when), str(row.speaker), row.attitude),
                *(row.certainty, row.claim.text, row.of_day, str(row.holder)),
                *(len(row.sources), row.statement.iri, row.claim.iri, place.iri),
                " ".join(source.iri for source in row.sources),
            )
            yield dict(zip(COLUMNS, values, strict=True))
