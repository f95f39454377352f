"""What stands behind the edges: statements and documents with their dates, speakers and origins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

import pyoxigraph as ox

from conflictkg.network.columns import FOREVER, NEVER
from conflictkg.network.definitions import FOLDER
from conflictkg.store import Reader, Term, select, with_values
from conflictkg.terms import bundled, kind

Interval = tuple[int, int]
"""The first and last day number of a time; NEVER and FOREVER stand for open sides."""

UNDATED: Interval = (FOREVER, NEVER)
"""A time of which nothing is known: no window holds it."""

ALWAYS: Interval = (NEVER, FOREVER)


@lru_cache(maxsize=65536)
def _day(text: str) -> int:
    return date.fromisoformat(text[:10]).toordinal()


def interval(first: Term | None, last: Term | None) -> Interval:
    """Return the day numbers of two xsd:date literals, either of which may lack."""
    if first is None and last is None:
        return UNDATED
    return (
        NEVER if first is None else _day(first.value),
        FOREVER if last is None else _day(last.value),
    )


def widest(one: Interval, other: Interval) -> Interval:
    """Return the shortest time that holds two; one that is not known says nothing."""
    if UNDATED in (one, other):
        return other if one == UNDATED else one
    return (min(one[0], other[0]), max(one[1], other[1]))


@dataclass(slots=True)
class Page:
    """A document: its publisher, when it was published, the document that it copies."""

    publisher: str = ""
    published: Interval = UNDATED
    copies: str = ""


@dataclass(slots=True)
class Said:
    """A statement: its speakers and offices, and by document when it was said."""

    speakers: set[str] = field(default_factory=set)
    offices: set[str] = field(default_factory=set)
    said: dict[str, Interval] = field(default_factory=dict)


class Sources:
    """The statements, documents and claims of a graph, each table read when it is first needed."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    @cached_property
    def pages(self) -> dict[str, Page]:
        """The documents by IRI."""
        found: dict[str, Page] = {}
        for document, publisher, first, last, original in self.rows("documents"):
            page = found.setdefault(document.value, Page())
            if publisher:
                page.publisher = min(filter(None, (page.publisher, publisher.value)))
            if original:
                page.copies = min(filter(None, (page.copies, original.value)))
            page.published = widest(page.published, interval(first, last))
        return found

    @cached_property
    def statements(self) -> dict[str, Said]:
        """The statements by IRI."""
        found: dict[str, Said] = {}
        for statement, speaker, office, document, first, last in self.rows("statements"):
            said = found.setdefault(statement.value, Said())
            said.speakers.add(speaker.value)
            if office:
                said.offices.add(office.value)
            page = document.value
            said.said[page] = widest(said.said.get(page, UNDATED), interval(first, last))
        return found

    @cached_property
    def claims(self) -> dict[str, Interval]:
        """Of when claims hold, by IRI; those without a time are not among them."""
        found: dict[str, Interval] = {}
        for claim, _, first, last in self.rows("claims"):
            if first or last:
                found[claim.value] = widest(found.get(claim.value, UNDATED), interval(first, last))
        return found

    @cached_property
    def stances(self) -> dict[str, set[str]]:
        """The claims to which each statement takes a stance."""
        found: dict[str, set[str]] = {}
        for statement, claim in self.rows("stances"):
            found.setdefault(statement.value, set()).add(claim.value)
        return found

    def claims_on_issue(self, issue: ox.NamedNode) -> set[str]:
        """Return the claims that address an issue."""
        return {row[0].value for row in self.rows("claims", issue=issue)}

    def claims_on_place(self, place: ox.NamedNode) -> set[str]:
        """Return the claims that are about a place or a part of it."""
        return {row[0].value for row in self.rows("claims-on-place", place=place)}

    def published_by(self, publisher: ox.NamedNode) -> set[str]:
        """Return the documents of a publisher."""
        rows = self.rows("documents")
        return {row["document"].value for row in rows if row["publisher"] == publisher}

    def original(self, document: str) -> str:
        """Return the document that a document is a copy or translation of, by any number of steps.

        Of documents that copy each other in a circle, the first by IRI stands for all.
        """
        seen = [document]
        while (page := self.pages.get(seen[-1])) and page.copies:
            if page.copies in seen:
                return min(seen[seen.index(page.copies) :])
            seen.append(page.copies)
        return seen[-1]

    def origin(self, evidence: str) -> str:
        """Return the origin of a statement: the office that speaks in it, else its speaker.

        Unnamed sources are one origin, since they may be; of a document its original is.
        """
        said = self.statements.get(evidence)
        if said is None:
            return self.original(evidence)
        named = [one for one in said.speakers if kind(one) != "source"]
        return min(said.offices or named, default="unnamed")

    def published(self, document: str) -> Interval:
        """Return when a document was published."""
        page = self.pages.get(document)
        return page.published if page else UNDATED

    def publisher(self, document: str) -> str:
        """Return who published the original of a document, or the original itself."""
        original = self.original(document)
        page = self.pages.get(original)
        return page.publisher if page and page.publisher else original

    def documents(self, evidence: str) -> Iterable[str]:
        """Return the documents that report a statement."""
        said = self.statements.get(evidence)
        return said.said if said else (evidence,) if evidence in self.pages else ()

    def said(self, evidence: str, document: str | None) -> Interval:
        """Return when a statement was made as a document has it, or else as all have it."""
        said = self.statements.get(evidence)
        if said is None:
            return self.published(evidence)
        if document in said.said:
            return said.said[document]
        found = UNDATED
        for one in said.said.values():
            found = widest(found, one)
        return found

    def dated(
        self, clock: str, evidence: str | None, document: str | None, claim: str | None
    ) -> Interval:
        """Return when a piece of evidence lies by a clock: said, reported or event."""
        if clock == "event":
            return self.claims.get(claim or "", UNDATED)
        if clock == "said":
            return self.said(evidence or document or "", document)
        if document is not None:
            return self.published(document)
        found = UNDATED
        for one in self.documents(evidence or ""):
            found = widest(found, self.published(one))
        return found

    def rows(self, name: str, **bound: ox.NamedNode) -> ox.QuerySolutions:
        """Return the answer to a shared query, with some variables bound."""
        text = (bundled(FOLDER) / "shared" / f"{name}.rq").read_text("utf-8")
        return select(self.reader, with_values(text, bound), bound)
