"""/map: what is said of places, and who is said to hold them, by source and day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from conflictkg.model import Ref
from conflictkg.reading import Snapshot
from conflictkg.store import Reader, select
from conflictkg.web.http import Request, Served
from conflictkg.web.site.accounts import CONTROL, Account, Accounts, counts, read_accounts, told
from conflictkg.web.site.geography import Frame, Position, base, frame, positions
from conflictkg.web.site.kept import kept
from conflictkg.web.site.labels import Box, fitting
from conflictkg.web.site.links import href
from conflictkg.web.site.page import Feature, Page, Table
from conflictkg.web.site.selection import Selection, read_choices, read_selection
from conflictkg.web.site.sides import side_of
from conflictkg.words import counted

SHOWN = {
    "": "everything said of places",
    "control": "who is said to hold them",
    "events": "events that nobody disputes",
}
"""What the map can show: value of ``show`` -> in words."""

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
    """A place with what is said of it."""

    place: Ref
    number: Mapping[str, int]
    sides: tuple[tuple[str, int], ...]
    basis: str

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

    ``name`` is where its label stands, from its centre, and the anchor of the text; None where
    there is no room for it.
    """

    x: float
    y: float
    radius: float
    position: Position
    spots: tuple[Spot, ...]
    arcs: tuple[Arc, ...]
    claims: int
    name: tuple[float, float, str] | None = None

    @property
    def short(self) -> str:
        """Its label, as short as a map has room for."""
        return self.label if len(self.label) <= 36 else f"{self.label[:35]}…"

    @property
    def label(self) -> str:
        """The name of the place of which most is said, and how many others there are."""
        more = len(self.spots) - 1
        return str(self.spots[0].place) + (f" and {more} more" if more else "")

    @property
    def approximate(self) -> bool:
        """Whether no place of the mark has coordinates of its own."""
        return all(spot.basis for spot in self.spots)


@dataclass(frozen=True, slots=True)
class Happening:
    """An event that stands in the graph as undisputed, with its place, its time and its sources."""

    event: Ref
    place: Ref
    when: str
    sources: int


def page(request: Request, served: Served) -> Page:
    """Return the page of the map."""
    reader = served.kg.store
    selection = read_selection(served.kg, request.parameters())
    show = request.first("show") if request.first("show") in SHOWN else ""
    found = Accounts(()) if show == "events" else read_accounts(reader, selection, placed=True)
    rows = tuple(row for row in found.rows if show != "control" or row.predicate in CONTROL)
    events = () if show == "control" else tuple(read_events(reader, selection))
    at = positions(reader, _places(rows, events))
    spots = tuple(read_spots(rows, at))
    shown = frame(at.values(), ratio=WIDTH / HEIGHT)
    marks = tuple(name_marks(tuple(place_marks(spots, at, shown))))
    beyond = [mark for mark in marks if not (0 <= mark.x <= WIDTH and 0 <= mark.y <= HEIGHT)]
    sentence = _sentence(rows, events, show, selection, complete=found.complete)
    return Page(
        "map.html",
        "Map",
        {
            "selection": selection,
            "choices": kept(served, "choices", lambda: read_choices(reader)),
            "action": "/map",
            "show": show,
            "shows": SHOWN,
            "sentence": sentence,
            "rows": rows[:ROWS],
            "row_count": len(rows),
            "complete": found.complete,
            "control": tuple(read_control(rows)),
            "events": events,
            "spots": spots,
            "marks": [mark for mark in marks if mark not in beyond],
            "beyond": beyond,
            "unplaced": [spot for spot in spots if spot.place.iri not in at],
            "base": base(shown, WIDTH),
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
        table=lambda: Table(COLUMNS, (list(row.values()) for row in _dictionaries(rows))),
        features=lambda: map(_feature, marks),
        cut=None if found.complete else len(rows),
        status=400 if selection.problems else 200,
    )


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
    if show == "events":
        return undisputed if events else "No undisputed event fits"
    first = "" if complete else "The first rows of more: "
    second = f"; and {undisputed}" if events else ""
    return f"{first}{told(rows, selection)}{second}"


def read_events(reader: Reader, selection: Selection) -> Iterator[Happening]:
    """Yield the undisputed events of a selection that have a place, by time.

    Nobody speaks them, and they answer no issue: a selection by speaker or issue has none.
    """
    if selection.speaker or selection.issue or selection.problems:
        return
    within = f"?place schema:containedInPlace* <{selection.place.iri}> ." if selection.place else ""
    source = f"VALUES ?given {{ <{selection.source.iri}> }}" if selection.source else ""
    reported = "?source dcterms:publisher? ?given ." if selection.source else ""
    query = f"""SELECT ?event ?place (MIN(?edtf) AS ?when) (MIN(?d) AS ?first) (MAX(?e) AS ?last)
                       (COUNT(DISTINCT ?source) AS ?sources) {{
      {source} ?event a ckg:Event ; sem:hasPlace ?place . {within}
      ?event dcterms:source ?source . {reported}
      OPTIONAL {{ ?event sem:hasTime ?time . ?time ckg:edtf ?edtf
                 OPTIONAL {{ ?time ckg:earliest ?d }} OPTIONAL {{ ?time ckg:latest ?e }} }}
    }} GROUP BY ?event ?place ORDER BY ?first ?event LIMIT {ROWS}"""
    solutions = list(select(reader, query))
    snapshot = Snapshot(reader)
    for column in ("event", "place"):
        snapshot.fetch(row[column] for row in solutions)
    for row in solutions:
        first, last = (row[name].value[:10] if row[name] else "" for name in ("first", "last"))
        if selection.since and (last or "9999") < str(selection.since):
            continue
        if selection.until and (first or "9999") > str(selection.until):
            continue
        yield Happening(
            snapshot.ref(row["event"]),
            snapshot.ref(row["place"]),
            row["when"].value if row["when"] else "",
            int(row["sources"].value),
        )


def read_spots(rows: Sequence[Account], at: Mapping[str, Position]) -> Iterator[Spot]:
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
            )
        )
    yield from sorted(marks, key=lambda mark: -mark.claims)


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
    width, away = 7.2 * len(mark.short), mark.radius + 5
    return [
        ((x, y, side), (mark.x + left, mark.y + y - 12, mark.x + left + width, mark.y + y + 4))
        for x, y, left, side in (
            (0.0, away + 11, -width / 2, "middle"),
            (away, 4.5, away, "start"),
            (-away, 4.5, -away - width, "end"),
            (0.0, -away - 2, -width / 2, "middle"),
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


@dataclass(frozen=True, slots=True)
class Holding:
    """Who is said to hold or to have taken a place, of which day, and who says so or denies it."""

    place: Ref
    of_day: str
    verb: str
    holder: Ref
    voices: tuple[Account, ...]


def read_control(rows: Iterable[Account]) -> Iterator[Holding]:
    """Yield the claims of control, by place and day, each with all who take a stance to it."""
    groups: dict[tuple[str, str, str, str], list[tuple[Ref, Account]]] = {}
    for row in rows:
        if row.predicate in CONTROL:
            verb = "held by" if row.predicate == "controlledBy" else "taken by"
            verb = f"not {verb}" if row.claim.negated else verb
            for place in row.places:
                key = (str(place), row.of_day, verb, str(row.holder))
                groups.setdefault(key, []).append((place, row))
    for (_, of_day, verb, _), found in sorted(groups.items()):
        place, first = found[0]
        yield Holding(place, of_day, verb, first.holder, tuple(row for _, row in found))


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
