"""The page of a claim: what it says, and who takes which stance to it, in which words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox

from conflictkg.model import Ref
from conflictkg.reading import Snapshot, subjects
from conflictkg.terms import CKG
from conflictkg.views import computed_about, findings_about, told_most, who_says
from conflictkg.web.http import Request, Served
from conflictkg.web.site import forms
from conflictkg.web.site.figures import timeline
from conflictkg.web.site.links import page_of
from conflictkg.web.site.page import Page, Table
from conflictkg.web.site.paging import pages_of
from conflictkg.web.site.selection import Selection
from conflictkg.web.site.told import Line, Told, marks_of, told

LINES = 60
"""How many stances a page tells in full at most."""

COLUMNS = (
    *("attitude", "certainty", "speaker", "said", "gist", "wording", "quote", "translation"),
    *("publisher", "url", "statement"),
)


def page(request: Request, served: Served, node: ox.NamedNode) -> Page:
    """Return the page of a claim."""
    reader = served.kg.store
    (contested,) = who_says(reader, [node])
    one = told(contested)
    pages = pages_of(request, len(one.lines), LINES, "stances")
    computed = computed_about(reader, node)
    others = _others(served, one)
    by_speaker: dict[str, list[Line]] = {}
    for line in one.lines:
        by_speaker.setdefault(line.statement.speaker.iri, []).append(line)
    lanes = [
        (str(lines[0].statement.speaker), page_of(iri), marks_of((line, "") for line in lines))
        for iri, lines in by_speaker.items()
    ]

    selection = Selection(about=Ref(node.value))

    def data() -> Any:
        return {"claim": one.claim, "voices": contested.voices, "computed": computed}

    return Page(
        "claim.html",
        one.claim.text or one.claim.iri,
        {
            "claim": one.claim,
            "told": one,
            "lines": one.lines[pages.start : pages.end],
            "pages": pages,
            "computed": computed,
            "findings": [f for f in findings_about(reader, node) if not _is_rule(f[0])],
            "others": others,
            "figure": timeline([lane for lane in lanes if lane[2]][:24]),
        },
        path=page_of(node.value),
        kind="claim",
        section="issues",
        summary="Who says so, who denies it, and where it stands.",
        data=data,
        table=lambda: Table(COLUMNS, _rows(one)),
        quads=lambda: reader.describe([node, *subjects(reader, CKG.onClaim, [node])]),
        features=forms.features(served, selection),
        network=forms.network(served, selection, "claims"),
    )


def _is_rule(kind: str) -> bool:
    return kind in ("contradiction", "corroboration", "overtaken", "current position")


def _others(served: Served, one: Told) -> list[tuple[Any, int]]:
    """Return the other claims of the same question that are told most often."""
    if not one.claim.issues:
        return []
    reader = served.kg.store
    issue = ox.NamedNode(one.claim.issues[0].iri)
    nodes = [n for n in subjects(reader, CKG.addresses, [issue]) if n.value != one.claim.iri]
    ranked = [pair for pair in told_most(reader, nodes) if pair[1]][:8]
    snapshot = Snapshot(reader)
    snapshot.fetch(other for other, _ in ranked)
    return [(snapshot.ref(other), number) for other, number in ranked]


def _rows(one: Told) -> Iterator[tuple[Any, ...]]:
    for line in one.lines:
        statement = line.statement
        start = (
            *(line.attitude, line.certainty, statement.speaker.label),
            " or ".join(time.edtf for time in statement.said),
            statement.gist,
        )
        for report in statement.reports:
            yield (
                *start,
                *(report.wording, report.quote, report.translation),
                *(report.document.publisher.label, report.document.url, statement.iri),
            )
