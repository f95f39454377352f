"""/map: what is said of places, and who is said to hold them, by source and day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from conflictkg.store import Reader
from conflictkg.web.http import Request, Served
from conflictkg.web.site.accounts import (
    CONTROL,
    Account,
    Accounts,
    quads_of,
    read_accounts,
    told,
)
from conflictkg.web.site.control import differing, read_control, said_of_places
from conflictkg.web.site.days import Days, Spans, days_of, read_spans, with_events
from conflictkg.web.site.geography import base, frame, positions
from conflictkg.web.site.happenings import Happening, read_events
from conflictkg.web.site.kept import kept
from conflictkg.web.site.latest import first_view, resting_on
from conflictkg.web.site.marks import (
    HEIGHT,
    WIDTH,
    feature,
    name_marks,
    place_marks,
    places_of,
    read_spots,
)
from conflictkg.web.site.page import Page, Table
from conflictkg.web.site.selection import Selection, read_choices, read_selection
from conflictkg.web.site.words import when
from conflictkg.words import counted

SHOWN = {
    "": "everything said of places",
    "control": "who is said to hold them",
    "events": "events that nobody disputes",
}
"""What the map can show: value of ``show`` -> in words."""

ROWS = 300
"""How many rows the page lists; the CSV has all."""


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
    at = positions(reader, places_of(rows, events))
    said = said_of_places(control) if day else {}
    spots = tuple(read_spots(rows, events, at, said))
    around = frame(at.values(), ratio=WIDTH / HEIGHT)
    under = base(around, WIDTH)
    marks = tuple(name_marks(tuple(place_marks(spots, at, around)), under["countries"]))
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
            "base": under,
            "width": WIDTH,
            "height": HEIGHT,
            "collection": {"type": "FeatureCollection", "features": list(map(feature, marks))},
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
        features=lambda: map(feature, marks),
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
