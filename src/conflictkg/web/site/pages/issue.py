"""The page of an issue: all positions over time, who contradicts whom and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from conflictkg.reading import Snapshot, subjects
from conflictkg.store import select
from conflictkg.terms import CKG, SCHEMA
from conflictkg.views import computed_about, in_batches, told_most, who_says
from conflictkg.web.http import Request, Served
from conflictkg.web.site import forms
from conflictkg.web.site.figures import Mark, Timeline, timeline
from conflictkg.web.site.kept import kept
from conflictkg.web.site.links import page_of
from conflictkg.web.site.page import Page, Table
from conflictkg.web.site.paging import pages_of
from conflictkg.web.site.selection import Selection
from conflictkg.web.site.told import Line, Told, marks_of, told

CLAIMS = 60
"""How many claims a page shows at most."""
SPEAKERS = 30
"""How many speakers the figure shows at most; the table has all."""

_HEARD = """SELECT (COUNT(DISTINCT ?who) AS ?speakers) (COUNT(DISTINCT ?d) AS ?documents) {{
  {{ SELECT ?s (MIN(STR(?one)) AS ?who) {{
    ?claim ckg:addresses {issue} . ?stance ckg:onClaim ?claim .
    ?s ckg:expresses ?stance ; ckg:speaker ?one }} GROUP BY ?s }}
  OPTIONAL {{ ?r ckg:reports ?s ; ckg:inDocument ?d }}
}}"""
"""A statement counts for one speaker, also where each document names its source in its own way."""

COLUMNS = (
    *("claim", "attitude", "certainty", "speaker", "said", "documents", "gist"),
    *("claim_iri", "statement_iri"),
)


def page(request: Request, served: Served, node: ox.NamedNode) -> Page:
    """Return the page of an issue."""
    reader = served.kg.store
    snapshot = Snapshot(reader)
    snapshot.fetch([node])
    about = snapshot.follow([node], SCHEMA.about)
    ranked = told_most(reader, subjects(reader, CKG.addresses, [node]))
    claims = [claim for claim, _ in ranked if _is_claim(served, claim)]
    pages = pages_of(request, len(claims), CLAIMS, "claims")
    shown = claims[pages.start : pages.end]
    contested = who_says(reader, shown)
    some = [told(one) for one in contested]
    by_speaker = _by_speaker(some)
    computed = computed_about(reader, node)
    label = snapshot.ref(node)
    heard = _heard(served, node) if pages.last > 1 else _of_page(some)

    selection = Selection(issue=label)

    def data() -> Any:
        return {
            "issue": label,
            "about": [snapshot.ref(thing) for thing in about],
            "claims": {"total": len(claims), "page": pages.number, "pages": pages.last},
            "contested": contested,
            "computed": computed,
        }

    return Page(
        "issue.html",
        str(label),
        {
            "issue": label,
            "about": [snapshot.ref(thing) for thing in about],
            "claims": some,
            "pages": pages,
            "speakers": by_speaker,
            "heard": heard.speakers,
            "documents": heard.documents,
            "figure": _figure(by_speaker),
            "computed": computed,
            "used": {side.name for one in some for side, _ in one.tally},
        },
        path=page_of(node.value),
        kind="issue",
        section="issues",
        summary=f"{label} Who says what, and when.",
        data=data,
        table=lambda: Table(COLUMNS, _rows(map(told, in_batches(reader, claims)))),
        quads=lambda: reader.describe([node, *shown]),
        features=forms.features(served, selection),
        network=forms.network(served, selection, "claims"),
        parts=(pages,),
    )


@dataclass(frozen=True, slots=True)
class Heard:
    """How many speakers speak on an issue, in how many documents."""

    speakers: int
    documents: int


def _heard(served: Served, node: ox.NamedNode) -> Heard:
    """Count over all pages of an issue; kept for each version of the graph."""
    known: dict[ox.NamedNode, Heard] = kept(served, "heard", dict)
    if node not in known:
        row = next(iter(select(served.kg.store, _HEARD.format(issue=node))))
        known[node] = Heard(int(row["speakers"].value), int(row["documents"].value))
    return known[node]


def _of_page(some: list[Told]) -> Heard:
    """Count where all claims of an issue are on one page."""
    statements = [line.statement for one in some for line in one.lines]
    return Heard(
        len({statement.speaker.iri for statement in statements}),
        len({document.iri for statement in statements for document in statement.documents}),
    )


def _is_claim(served: Served, node: ox.NamedNode) -> bool:
    return any(True for _ in served.kg.store.match(node, CKG.addresses)) and "/claim/" in node.value


def _by_speaker(some: list[Told]) -> list[tuple[str, str, list[tuple[Line, Told]]]]:
    """Return label, address and lines of each speaker, who spoke first comes first."""
    found: dict[str, list[tuple[Line, Told]]] = {}
    for one in some:
        for line in one.lines:
            found.setdefault(line.statement.speaker.iri, []).append((line, one))
    rows = []
    for iri, lines in found.items():
        lines.sort(key=lambda pair: (_day(pair[0]), pair[1].claim.text))
        rows.append((str(lines[0][0].statement.speaker), page_of(iri), lines))
    return sorted(rows, key=lambda row: (_day(row[2][0][0]), row[0]))


def _day(line: Line) -> str:
    return str(line.statement.earliest or "9999")


def _figure(by_speaker: list[tuple[str, str, list[tuple[Line, Told]]]]) -> Timeline | None:
    """Return positions over time: a lane for each speaker, those with most lines first chosen."""
    most = sorted(by_speaker, key=lambda row: -len(row[2]))[:SPEAKERS]
    chosen = {row[1] + row[0] for row in most}
    rows: list[tuple[str, str, list[Mark]]] = []
    for label, href, lines in by_speaker:
        if href + label in chosen:
            marks = marks_of((line, one.claim.text) for line, one in lines)
            if marks:
                rows.append((label, href, marks))
    return timeline(rows)


def _rows(some: Iterable[Told]) -> Iterator[tuple[Any, ...]]:
    for one in some:
        for line in one.lines:
            statement = line.statement
            yield (
                *(one.claim.text, line.attitude, line.certainty, statement.speaker.label),
                " or ".join(time.edtf for time in statement.said),
                *(len(statement.documents), statement.gist, one.claim.iri, statement.iri),
            )
