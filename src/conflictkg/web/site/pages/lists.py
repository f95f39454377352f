"""The lists: speakers, issues, places, events, documents, statements, claims; page by page.

A ranking is one query over the whole graph, kept for each version of it; the labels are read for
the page that is shown alone, so that a list costs the same with a million quads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from conflictkg.model import Ref
from conflictkg.reading import Snapshot
from conflictkg.store import Reader, select
from conflictkg.terms import CKG, DCTERMS, SCHEMA
from conflictkg.web.http import Request, Served
from conflictkg.web.site import places as whereabouts
from conflictkg.web.site.forms import Features, placed
from conflictkg.web.site.happenings import read_events
from conflictkg.web.site.kept import kept
from conflictkg.web.site.marks import features_of, places_of
from conflictkg.web.site.page import Page, Table
from conflictkg.web.site.paging import pages_of
from conflictkg.web.site.selection import Selection

SIZE = 50


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: heading, what it says of itself, the query that ranks, and what its numbers count.

    The query gives ``?thing``, one or two numbers ``?n`` and ``?more``, and perhaps a day ``?day``.
    ``kinds`` are the kinds of thing that a search in the list finds.
    """

    name: str
    title: str
    lead: str
    ranking: str
    counts: tuple[str, ...]
    kinds: tuple[str, ...]
    section: str = ""
    filters: tuple[tuple[str, str, ox.NamedNode], ...] = ()


@dataclass(frozen=True, slots=True)
class Ranked:
    """A thing with its numbers and day."""

    iri: str
    numbers: tuple[int, ...]
    day: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A thing as a list shows it; ``by`` speaks or publishes, ``tongue`` is that of the label."""

    thing: Ref
    numbers: tuple[int, ...]
    day: str
    type: Ref
    by: Ref
    language: str = ""
    tongue: str = ""


_TOLD = "?stance ckg:onClaim ?c . ?s ckg:expresses ?stance . ?r ckg:reports ?s ; ckg:inDocument ?d"
LISTINGS = {
    one.name: one
    for one in (
        Listing(
            "speakers",
            "Speakers",
            "Everybody whose words the documents report: people, institutions, units, outlets in "
            "their own voice, and sources that a document does not name.",
            "SELECT ?thing (COUNT(DISTINCT ?s) AS ?n) (COUNT(DISTINCT ?d) AS ?more) { "
            "?s ckg:speaker ?thing OPTIONAL { ?r ckg:reports ?s ; ckg:inDocument ?d } } "
            "GROUP BY ?thing ORDER BY DESC(?n) DESC(?more) ?thing",
            ("statement", "document"),
            ("person", "organization", "unit", "source"),
        ),
        Listing(
            "issues",
            "Issues",
            "The questions in which claims meet, those on which most speakers speak first.",
            "SELECT ?thing (SUM(?speakers) AS ?n) (SUM(?claims) AS ?more) { "
            "{ ?thing a ckg:Issue BIND(0 AS ?speakers) BIND(0 AS ?claims) } "
            "UNION { SELECT ?thing (COUNT(DISTINCT ?who) AS ?speakers) (0 AS ?claims) { "
            "{ SELECT ?thing ?s (MIN(STR(?one)) AS ?who) { "
            "?c ckg:addresses ?thing . ?stance ckg:onClaim ?c . "
            "?s ckg:expresses ?stance ; ckg:speaker ?one } GROUP BY ?thing ?s } } "
            "GROUP BY ?thing } "
            "UNION { SELECT ?thing (0 AS ?speakers) (COUNT(DISTINCT ?c) AS ?claims) { "
            "?c a ckg:Claim ; ckg:addresses ?thing } GROUP BY ?thing } "
            "} GROUP BY ?thing ORDER BY DESC(?n) DESC(?more) ?thing",
            ("speaker", "claim"),
            ("issue",),
        ),
        Listing(
            "places",
            "Places",
            "Settlements, districts, oblasts and other areas, those that most claims name first.",
            "SELECT ?thing (COUNT(DISTINCT ?c) AS ?n) { ?thing a ckg:Place OPTIONAL { "
            "?c ckg:subject|ckg:object|schema:location|schema:mentions ?thing } } "
            "GROUP BY ?thing ORDER BY DESC(?n) ?thing",
            ("claim",),
            ("place",),
        ),
        Listing(
            "events",
            "Events",
            "What is said to have happened, to happen or to come. That an event stands here does "
            "not mean that it took place.",
            "SELECT ?thing (COUNT(DISTINCT ?c) AS ?n) { ?thing a ckg:Event OPTIONAL { "
            "?c ckg:subject|ckg:object|schema:location|schema:mentions ?thing } } "
            "GROUP BY ?thing ORDER BY DESC(?n) ?thing",
            ("claim",),
            ("event",),
        ),
        Listing(
            "documents",
            "Documents",
            "The pages, posts and data sets that the graph reads, the latest first.",
            "SELECT ?thing (COUNT(DISTINCT ?s) AS ?n) (MIN(?when) AS ?day) { ?thing a ckg:Document "
            "OPTIONAL { ?r ckg:inDocument ?thing ; ckg:reports ?s } "
            "OPTIONAL { ?thing ckg:published/ckg:earliest ?when } } "
            "GROUP BY ?thing ORDER BY DESC(?day) ?thing",
            ("statement",),
            ("document",),
            filters=(
                ("publisher", "published by", DCTERMS.publisher),
                ("language", "in", DCTERMS.language),
            ),
        ),
        Listing(
            "statements",
            "Statements",
            "What was said, the latest first.",
            "SELECT ?thing (COUNT(DISTINCT ?d) AS ?n) (MIN(?when) AS ?day) { "
            "?thing a ckg:Statement OPTIONAL { ?r ckg:reports ?thing ; ckg:inDocument ?d } "
            "OPTIONAL { ?thing ckg:said/ckg:earliest ?when } } "
            "GROUP BY ?thing ORDER BY DESC(?day) ?thing",
            ("document",),
            ("statement",),
            section="speakers",
            filters=(("speaker", "by", CKG.speaker),),
        ),
        Listing(
            "claims",
            "Claims",
            "What is said to hold, or not to hold; those that most documents tell first. None of "
            "them is a fact here.",
            "SELECT ?thing (COUNT(DISTINCT ?d) AS ?n) { ?thing a ckg:Claim BIND(?thing AS ?c) "
            f"OPTIONAL {{ {_TOLD} }} }} GROUP BY ?thing ORDER BY DESC(?n) ?thing",
            ("document",),
            ("claim",),
            section="issues",
            filters=(("issue", "on", CKG.addresses),),
        ),
    )
}


def rank(reader: Reader, listing: Listing) -> tuple[Ranked, ...]:
    """Return all things of a list in its order."""
    rows = select(reader, listing.ranking)
    known = {variable.value for variable in rows.variables}
    return tuple(
        Ranked(
            row["thing"].value,
            tuple(int(row[name].value) for name in ("n", "more") if name in known),
            row["day"].value if "day" in known and row["day"] else "",
        )
        for row in rows
        if isinstance(row["thing"], ox.NamedNode)
    )


def _listed(name: str) -> Any:
    def handler(request: Request, served: Served) -> Page:
        return page(LISTINGS[name], request, served)

    return handler


speakers, issues, places, events, documents, statements, claims = map(
    _listed, ("speakers", "issues", "places", "events", "documents", "statements", "claims")
)


def page(listing: Listing, request: Request, served: Served) -> Page:
    """Return a page of a list, filtered by a text (``q``) and by what its filters take."""
    reader = served.kg.store
    ranked = kept(served, listing.name, lambda: rank(reader, listing))
    text = request.first("q").strip()
    if text:
        wanted = {match.iri for match in served.kg.names.search(text, listing.kinds)}
        ranked = tuple(one for one in ranked if one.iri in wanted)
    chosen: list[tuple[str, str, str]] = []
    for name, words, predicate in listing.filters:
        value = request.first(name).strip()
        if value:
            node: ox.NamedNode | ox.Literal
            node = ox.Literal(value) if name == "language" else served.kg.find(value)
            having = {str(quad.subject)[1:-1] for quad in reader.match(None, predicate, node)}
            ranked = tuple(one for one in ranked if one.iri in having)
            label = value if name == "language" else _label(reader, node)
            chosen.append((name, words, label))
    pages = pages_of(request, len(ranked), SIZE, listing.title.lower())
    shown = ranked[pages.start : pages.end]
    rows = list(_rows(reader, shown))

    def table() -> Table:
        return Table(
            ("iri", "label", *listing.counts, "day", "type", "by"),
            (
                (r.thing.iri, r.thing.label, *r.numbers, r.day, r.type.label, r.by.label)
                for r in _rows(reader, ranked)
            ),
        )

    return Page(
        "list.html",
        listing.title,
        {"listing": listing, "rows": rows, "pages": pages, "text": text, "chosen": chosen},
        path=f"/{listing.name}",
        section=listing.section or listing.name,
        summary=listing.lead,
        data=lambda: {
            "total": pages.total,
            "page": pages.number,
            "pages": pages.last,
            "counts": listing.counts,
            listing.name: rows,
        },
        table=table,
        quads=lambda: reader.describe(ox.NamedNode(one.iri) for one in shown),
        features=_features(served, ranked, listing.kinds),
        parts=(pages,),
    )


def _features(
    served: Served, ranked: tuple[Ranked, ...], kinds: tuple[str, ...]
) -> Features | None:
    """Return what makes the GeoJSON of a list of places or events, None where nothing is placed."""
    reader = served.kg.store
    if kinds == ("event",):
        iris = {one.iri for one in ranked}
        events = [one for one in read_events(reader, Selection()) if one.event.iri in iris]
        there = placed(served, places_of((), events))
        return (lambda: features_of(reader, (), events)) if there else None
    if not placed(served, (one.iri for one in ranked)):
        return None
    return lambda: whereabouts.features(
        whereabouts.spots_of(served, (row.thing for row in _rows(reader, ranked)))
    )


def _label(reader: Reader, node: ox.NamedNode | ox.Literal) -> str:
    snapshot = Snapshot(reader)
    snapshot.fetch([node])
    return str(snapshot.ref(node))


def _rows(reader: Reader, ranked: tuple[Ranked, ...]) -> Iterator[Row]:
    """Yield the things with their labels, some hundred at a time."""
    for at in range(0, len(ranked), 500):
        some = ranked[at : at + 500]
        snapshot = Snapshot(reader)
        nodes = [ox.NamedNode(one.iri) for one in some]
        snapshot.fetch(nodes)
        snapshot.follow(nodes, DCTERMS.type, CKG.speaker, DCTERMS.publisher, SCHEMA.about)
        for one, node in zip(some, nodes, strict=True):
            by = snapshot.one(node, CKG.speaker) or snapshot.one(node, DCTERMS.publisher)
            yield Row(
                snapshot.ref(node),
                one.numbers,
                one.day,
                snapshot.ref(snapshot.one(node, DCTERMS.type)),
                snapshot.ref(by),
                snapshot.text(node, DCTERMS.language),
                tongue(snapshot.objects(node, DCTERMS.title), snapshot.ref(node).label),
            )


def tongue(titles: Iterable[object], shown: str) -> str:
    """Return the language tag of the title that is shown, or ""."""
    tags = (t.language for t in titles if isinstance(t, ox.Literal) and t.value == shown)
    return next(tags, None) or ""
