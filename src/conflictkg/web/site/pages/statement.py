"""The page of a statement: its reports, its readings, the way its words came, its changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from conflictkg.model import Ref, Stance, Statement
from conflictkg.reading import Snapshot, read_statements, subjects
from conflictkg.store import Reader
from conflictkg.terms import CKG, DCTERMS, RDF, SCHEMA
from conflictkg.views import findings_about
from conflictkg.web.http import Request, Served
from conflictkg.web.site import forms
from conflictkg.web.site.links import page_of
from conflictkg.web.site.page import Page, Table
from conflictkg.web.site.selection import Selection

COLUMNS = (
    *("document", "publisher", "published", "language", "wording", "via", "quote"),
    *("translation", "start", "end", "url"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """A computed change that leads from one statement to another; ``later`` says which is shown."""

    kind: str
    why: str
    other: Ref
    later: bool
    issue: Ref


def page(request: Request, served: Served, node: ox.NamedNode) -> Page:
    """Return the page of a statement."""
    reader = served.kg.store
    statement = read_statements(reader, [node])[0]
    steps = _steps(reader, statement)
    stances = [ox.NamedNode(stance.iri) for stance in statement.stances]
    reports = [ox.NamedNode(report.iri) for report in statement.reports]

    selection = Selection(about=Ref(node.value))

    def data() -> Any:
        return {"statement": statement, "changes": steps}

    return Page(
        "statement.html",
        statement.gist or f"A statement by {statement.speaker}",
        {
            "statement": statement,
            "readings": _readings(statement),
            "steps": steps,
            "findings": findings_about(reader, node),
        },
        path=page_of(node.value),
        kind="statement",
        section="speakers",
        summary=f"{statement.speaker}: {statement.gist}",
        data=data,
        table=lambda: Table(COLUMNS, _rows(statement)),
        quads=lambda: reader.describe([node, *stances, *reports]),
        features=forms.features(served, selection),
        network=forms.network(served, selection, "attribution"),
    )


def _readings(statement: Statement) -> list[tuple[Any, list[tuple[Stance, list[Ref]]]]]:
    """Return the claims, each with the stances that readers see in it and who they are."""
    claims: dict[str, Any] = {}
    found: dict[str, dict[tuple[str, str], tuple[Stance, list[Ref]]]] = {}
    for stance in statement.stances:
        claims[stance.claim.iri] = stance.claim
        ways = found.setdefault(stance.claim.iri, {})
        key = (stance.attitude, stance.certainty)
        ways.setdefault(key, (stance, []))[1].extend(stance.according_to)
    return [
        (claims[iri], [(stance, list(dict.fromkeys(by))) for stance, by in ways.values()])
        for iri, ways in found.items()
    ]


def _steps(reader: Reader, statement: Statement) -> tuple[Step, ...]:
    """Return the computed changes from and to a statement."""
    stances = {stance.iri for stance in statement.stances}
    nodes = [ox.NamedNode(iri) for iri in stances]
    found = list(
        dict.fromkeys([*subjects(reader, CKG.after, nodes), *subjects(reader, CKG.before, nodes)])
    )
    snapshot = Snapshot(reader)
    snapshot.fetch(found)
    snapshot.follow(found, CKG.addresses, DCTERMS.type)
    steps: dict[tuple[str, str, bool], Step] = {}
    for change in found:
        if CKG.Change not in snapshot.objects(change, RDF.type):
            continue
        ends = {end: snapshot.one(change, end) for end in (CKG.before, CKG.after)}
        later = getattr(ends[CKG.after], "value", "") in stances
        other = ends[CKG.before if later else CKG.after]
        owner = next(iter(subjects(reader, CKG.expresses, _nodes(other))), None)
        if owner is None or owner.value == statement.iri:
            continue
        snapshot.fetch([owner])
        kind = getattr(snapshot.one(change, DCTERMS.type), "value", "").rsplit("/", 1)[-1]
        step = Step(
            kind,
            snapshot.text(change, SCHEMA.text),
            snapshot.ref(owner),
            later,
            snapshot.ref(snapshot.one(change, CKG.addresses)),
        )
        steps[kind, step.why, later] = step
    return tuple(sorted(steps.values(), key=lambda s: (not s.later, s.issue.label, s.why)))


def _nodes(term: object) -> list[ox.NamedNode]:
    return [term] if isinstance(term, ox.NamedNode) else []


def _rows(statement: Statement) -> Iterator[tuple[Any, ...]]:
    for report in statement.reports:
        document = report.document
        yield (
            *(document.iri, document.publisher.label),
            *(document.published.edtf if document.published else "", document.language),
            *(report.wording, " < ".join(map(str, report.via)), report.quote, report.translation),
            *(report.start, report.end, document.url),
        )
