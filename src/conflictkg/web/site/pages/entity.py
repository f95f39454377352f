"""The page of a person, organization, unit, unnamed source, place or event."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import pyoxigraph as ox

from conflictkg.model import Entity, Event, Fact, Place, Ref
from conflictkg.reading import Snapshot, read_entity, read_time
from conflictkg.store import Reader
from conflictkg.terms import DCTERMS, SCHEMA, SEM, SKOS
from conflictkg.views import Contested, claims_about, in_batches, neighbours, told_most, who_says
from conflictkg.web.http import Request, Served
from conflictkg.web.site import forms, places, speaking
from conflictkg.web.site.figures import Mark, Timeline, timeline
from conflictkg.web.site.links import kind_of, page_of
from conflictkg.web.site.origin import origin_of
from conflictkg.web.site.page import Page, Table
from conflictkg.web.site.paging import pages_of
from conflictkg.web.site.selection import Selection
from conflictkg.web.site.told import Group, grouped, marks_of, told
from conflictkg.web.site.words import when

CLAIMS = 30
"""How many claims a page shows at most."""

SECTION = {
    **{"person": "speakers", "organization": "speakers", "unit": "speakers"},
    **{"source": "speakers", "place": "places", "event": "events"},
}
_HIDDEN = {DCTERMS.source.value, SKOS.note.value, SCHEMA.sameAs.value}
_HIDDEN |= {"http://www.opengis.net/ont/geosparql#hasGeometry"}
_DATED = re.compile(r"(.*) \(([0-9X./~?%-]+)\)", re.DOTALL)
_NAMED = {
    "http://www.w3.org/ns/org#memberOf": "posts",
    "http://www.opengis.net/ont/geosparql#sfTouches": "borders on",
    "https://schema.org/containedInPlace": "lies in",
    "https://schema.org/superEvent": "part of",
    "http://semanticweb.cs.vu.nl/2009/11/sem/hasActor": "who took part",
    "http://semanticweb.cs.vu.nl/2009/11/sem/hasPlace": "where",
    "http://semanticweb.cs.vu.nl/2009/11/sem/hasTime": "when",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a property, with the graphs that say so."""

    name: str
    facts: tuple[Fact, ...]


def page(request: Request, served: Served, node: ox.NamedNode) -> Page:
    """Return the page of an entity."""
    reader = served.kg.store
    thing = read_entity(reader, node)
    ranked = told_most(reader, claims_about(reader, node))
    pages = pages_of(request, len(ranked), CLAIMS, "claims", "claims")
    shown = [claim for claim, _ in ranked[pages.start : pages.end]]
    contested = who_says(reader, shown)
    groups = grouped(contested)
    around = neighbours(reader, [claim for claim, _ in ranked], node)
    here = _whereabouts(served, thing, contested)
    spoken = speaking.spoken(request, served, node)
    told_by = len(
        {d.iri for c in contested for voice in c.voices for d in voice.statement.documents}
    )
    kind = kind_of(node.value)

    selection = _selection(node, kind, speaks=spoken is not None)

    def data() -> Any:
        return {
            "thing": thing,
            "claims": {"total": len(ranked), "page": pages.number, "pages": pages.last},
            "contested": contested,
            "neighbours": around,
            "says": speaking.as_data(spoken),
        }

    def table() -> Table:
        every = in_batches(reader, [claim for claim, _ in ranked])
        said = speaking.rows(reader, node, spoken) if spoken else ()
        return Table(COLUMNS, chain(_rows(every), said))

    return Page(
        "entity.html",
        thing.label,
        {
            "thing": thing,
            "names": _names(thing),
            "known": _known(thing, reader),
            "notes": [f.value for f in thing.facts if f.predicate.iri == SKOS.note.value],
            "sources": _refs(thing, DCTERMS.source.value),
            "same": _refs(thing, SCHEMA.sameAs.value),
            "groups": groups,
            "pages": pages,
            "told_by": told_by,
            "figure": _figure(groups),
            "around": around,
            "locator": places.locator_of(here),
            "origin": origin_of(reader, node) if here and kind == "place" else None,
            "spoken": spoken,
            "published": places.published_by(reader, node) if kind != "place" else (),
        },
        path=page_of(node.value),
        kind=kind,
        section=SECTION.get(kind, ""),
        summary=f"What is said of {thing.label}, by whom and in how many documents.",
        data=data,
        table=table,
        quads=lambda: reader.describe([node, *shown]),
        features=(lambda: places.features(here))
        if here and kind == "place"
        else forms.features(served, selection),
        network=forms.network(served, selection, "claims" if spoken else "mentions"),
        parts=(pages, spoken.pages) if spoken else (pages,),
    )


def _whereabouts(
    served: Served, thing: Entity, contested: Iterable[Contested]
) -> tuple[places.Spot, ...]:
    """Return the places of the small map: a place itself, or those of an event and its claims."""
    if isinstance(thing, Place):
        return places.around(served, [Ref(thing.iri, thing.label)])
    if isinstance(thing, Event):
        said = (place for one in contested for place in one.claim.places)
        return places.around(served, _refs(thing, SEM.hasPlace.value), said)
    return ()


def _selection(node: ox.NamedNode, kind: str, *, speaks: bool) -> Selection:
    """Return what the files of a thing hold: what it says, else what is said of it."""
    ref = Ref(node.value)
    if speaks:
        return Selection(speaker=ref)
    return Selection(place=ref) if kind == "place" else Selection(about=ref)


COLUMNS = (
    *("part", "issue", "claim", "attitude", "certainty", "speaker", "said", "documents"),
    *("statement", "gist"),
)


def _rows(contested: Iterable[Contested]) -> Iterator[tuple[Any, ...]]:
    for one in map(told, contested):
        issue = one.claim.issues[0].label if one.claim.issues else ""
        for line in one.lines:
            statement = line.statement
            yield (
                *("said of it", issue, one.claim.text, line.attitude),
                *(line.certainty, statement.speaker.label),
                " or ".join(time.edtf for time in statement.said),
                *(len(statement.documents), statement.iri, statement.gist),
            )


def _names(thing: Entity) -> dict[str, list[Any]]:
    """Return the other names, by use."""
    label = thing.label
    return {
        use: [n for n in thing.names if n.use == use and not (use == "pref" and n.text == label)]
        for use in ("pref", "alt", "hidden")
    }


def _known(thing: Entity, reader: Reader) -> list[Known]:
    found: dict[str, list[Fact]] = {}
    for fact in thing.facts:
        if fact.predicate.iri not in _HIDDEN:
            found.setdefault(fact.predicate.iri, []).append(fact)
    return [
        Known(
            _NAMED.get(iri, Ref(iri).curie.partition(":")[2] or iri),
            tuple(_dated(fact, reader) for fact in facts),
        )
        for iri, facts in found.items()
    ]


def _dated(fact: Fact, reader: Reader) -> Fact:
    """Return a fact with the date that it is, or that ends its label, in words."""
    if fact.predicate.iri == SEM.hasTime.value and isinstance(fact.value, Ref):
        snapshot, node = Snapshot(reader), ox.NamedNode(fact.value.iri)
        snapshot.fetch([node])
        time = read_time(snapshot, node)
        return replace(fact, value=when(time.edtf)) if time else fact
    found = isinstance(fact.value, Ref) and _DATED.fullmatch(fact.value.label)
    if not found or not isinstance(fact.value, Ref):
        return fact
    return replace(fact, value=Ref(fact.value.iri, f"{found[1]} ({when(found[2])})"))


def _refs(thing: Entity, predicate: str) -> list[Ref]:
    return [
        fact.value if isinstance(fact.value, Ref) else Ref("", fact.value)
        for fact in thing.facts
        if fact.predicate.iri == predicate
    ]


def _figure(groups: tuple[Group, ...]) -> Timeline | None:
    """Return what is said of a thing over time, a lane for each issue."""
    rows: list[tuple[str, str, list[Mark]]] = []
    for group in groups[:12]:
        marks = marks_of((line, t.claim.text) for t in group.claims for line in t.lines)
        if marks:
            rows.append((str(group.issue), page_of(group.issue.iri), marks))
    return timeline(rows)
