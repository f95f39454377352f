"""The first page: what is here, from where, and where to begin."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import pyoxigraph as ox

from conflictkg import queries
from conflictkg.model import Ref
from conflictkg.reading import Snapshot
from conflictkg.store import Reader, select
from conflictkg.views import Contents, contents
from conflictkg.web.http import Request, Served
from conflictkg.web.site.kept import kept
from conflictkg.web.site.page import Page, Table
from conflictkg.web.site.words import language

_MONTHS = """SELECT ?month (COUNT(DISTINCT ?s) AS ?n) {
  ?s ckg:said ?time . ?time ckg:earliest ?day BIND(SUBSTR(STR(?day), 1, 7) AS ?month)
} GROUP BY ?month ORDER BY ?month"""
_OUTLETS = """SELECT ?outlet (COUNT(DISTINCT ?d) AS ?n)
    (GROUP_CONCAT(DISTINCT COALESCE(STR(?tongue), ""); separator=" ") AS ?tongues) {
  ?d a ckg:Document ; dcterms:publisher ?outlet OPTIONAL { ?d dcterms:language ?tongue }
} GROUP BY ?outlet ORDER BY DESC(?n) ?outlet LIMIT 12"""
_SPEAKERS = """SELECT ?who (COUNT(DISTINCT ?s) AS ?n) { ?s ckg:speaker ?who }
GROUP BY ?who ORDER BY DESC(?n) ?who LIMIT 8"""
_HEARD = "SELECT (COUNT(DISTINCT ?who) AS ?n) { ?s ckg:speaker ?who }"
_ISSUES = """SELECT ?issue (COUNT(DISTINCT ?who) AS ?n) {
  { SELECT ?issue ?s (MIN(STR(?one)) AS ?who) {
    ?claim ckg:addresses ?issue . ?stance ckg:onClaim ?claim .
    ?s ckg:expresses ?stance ; ckg:speaker ?one } GROUP BY ?issue ?s }
} GROUP BY ?issue ORDER BY DESC(?n) ?issue LIMIT 8"""

COUNTED = (
    ("ckg:Document", "documents", "/documents"),
    ("speakers", "speakers", "/speakers"),
    ("ckg:Statement", "statements", "/statements"),
    ("ckg:Claim", "claims", "/claims"),
    ("ckg:Issue", "issues", "/issues"),
    ("ckg:Place", "places", "/places"),
    ("ckg:Event", "events", "/events"),
)
EXAMPLES = (
    ("history", "speaker", "What did Kovalenko say, and how did it change?"),
    ("control", "place", "Who is said to hold Demydivka, by whom and of which day?"),
    ("contradictions", "issue", "Which claims cannot both hold, and why?"),
    ("relay-chains", "", "Through whom did a statement reach us?"),
    ("quantities", "", "Which numbers are given, by whom?"),
)
"""Named questions to begin with: name, parameter filled from the question's example, words."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A thing with a number."""

    thing: Ref
    number: int
    more: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first page shows; the same for every reader of one version of the graph.

    ``heard`` is how many speakers there are.
    """

    held: Contents
    months: tuple[tuple[str, int], ...]
    outlets: tuple[Ranked, ...]
    speakers: tuple[Ranked, ...]
    issues: tuple[Ranked, ...]
    licenses: tuple[tuple[str, int], ...]
    heard: int


def overview(reader: Reader) -> Overview:
    """Return what there is to say of a graph as a whole."""
    held = contents(reader)
    months = tuple((row["month"].value, int(row["n"].value)) for row in select(reader, _MONTHS))
    outlets = [
        (row["outlet"].value, int(row["n"].value), row["tongues"].value)
        for row in select(reader, _OUTLETS)
    ]
    speakers = [(row["who"].value, int(row["n"].value), "") for row in select(reader, _SPEAKERS)]
    issues = [(row["issue"].value, int(row["n"].value), "") for row in select(reader, _ISSUES)]
    labels = labelled(reader, [iri for iri, *_ in (*outlets, *speakers, *issues)])
    licenses: dict[str, int] = {}
    for line in held.graphs:
        licenses[line.license] = licenses.get(line.license, 0) + 1

    def ranked(rows: list[tuple[str, int, str]]) -> tuple[Ranked, ...]:
        return tuple(Ranked(labels[iri], number, more) for iri, number, more in rows)

    return Overview(
        held,
        months,
        tuple(
            Ranked(one.thing, one.number, ", ".join(map(language, sorted(one.more.split()))))
            for one in ranked(outlets)
        ),
        ranked(speakers),
        ranked(issues),
        tuple(sorted(licenses.items(), key=lambda pair: (-pair[1], pair[0]))),
        next(int(row["n"].value) for row in select(reader, _HEARD)),
    )


def labelled(reader: Reader, iris: list[str]) -> dict[str, Ref]:
    """Return references to things with their labels, English where there is one."""
    snapshot = Snapshot(reader)
    nodes = [ox.NamedNode(iri) for iri in iris]
    snapshot.fetch(nodes)
    return {node.value: snapshot.ref(node) for node in nodes}


def page(request: Request, served: Served) -> Page:
    """Return the first page."""
    seen = kept(served, "overview", lambda: overview(served.kg.store))
    counts = {**dict(seen.held.classes), "speakers": seen.heard}
    most = max((number for _, number in seen.months), default=1)

    def data() -> Any:
        return {"quads": seen.held.quads, "counts": counts, **asdict(seen)}

    def table() -> Table:
        return Table(("class", "number"), seen.held.classes)

    return Page(
        "home.html",
        "Who said what",
        {
            "seen": seen,
            "numbers": [(counts.get(name, 0), label, to) for name, label, to in COUNTED],
            "bars": _bars(seen.months, most),
            "examples": list(_examples()),
        },
        path="/",
        summary="Who said what about an armed conflict, when, in which words, how sure they were, "
        "who contradicts it and how it changed.",
        data=data,
        table=table,
        quads=lambda: served.kg.store.describe(
            ox.NamedNode(one.thing.iri) for one in (*seen.issues, *seen.speakers, *seen.outlets)
        ),
    )


def _bars(months: tuple[tuple[str, int], ...], most: int) -> list[dict[str, Any]]:
    """Return a bar for each month between the first and the last, in percent of the width."""
    if not months:
        return []
    known = dict(months)
    first, last = (int(m[:4]) * 12 + int(m[5:7]) - 1 for m in (months[0][0], months[-1][0]))
    every = [f"{at // 12}-{at % 12 + 1:02}" for at in range(first, last + 1)]
    width = 100 / len(every)
    return [
        {
            "month": month,
            "number": known.get(month, 0),
            "x": at * width,
            "width": max(width * 0.82, 0.1),
            "height": round(88 * known.get(month, 0) / most, 1),
            "year": month[:4] if month.endswith("-01") or at == 0 else "",
        }
        for at, month in enumerate(every)
    ]


def _examples() -> list[tuple[str, str]]:
    found = []
    for name, parameter, words in EXAMPLES:
        asked = queries.question(name)
        value = dict(asked.example).get(parameter, "")
        found.append((f"/questions/{name}" + (f"?{parameter}={value}" if value else ""), words))
    return found
