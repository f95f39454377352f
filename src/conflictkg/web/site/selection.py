"""The one filter of /map, /timeline and /network: speaker, place, issue, source and days.

All of it stands in the URL. What cannot be understood is told beside the field it was written in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pyoxigraph as ox

from conflictkg.errors import AmbiguousName, ConflictkgError, InputError
from conflictkg.model import Ref
from conflictkg.reading import Snapshot
from conflictkg.store import Reader, select
from conflictkg.terms import kind
from conflictkg.values import edtf_bounds

if TYPE_CHECKING:
    from conflictkg.graph import ConflictGraph

THINGS: Mapping[str, tuple[str, ...]] = {
    "speaker": ("agent",),
    "place": ("place",),
    "issue": ("issue",),
    "source": ("document", "agent"),
}
"""The fields that name a thing, each with the kinds of thing it can be."""

DAYS = ("since", "until")
OFFERED = 400
"""How many names a field offers at most; others can still be typed."""

NOTHING = Ref("")

_DAY = re.compile(r"^\d{4}(-\d{2}(-\d{2})?)?$")


@dataclass(frozen=True, slots=True)
class Problem:
    """A field that was not understood: its name, why, what to do, and what may have been meant."""

    field: str
    message: str
    hint: str = ""
    candidates: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """What is selected; an empty Ref and None restrict nothing.

    ``since`` and ``until`` are about when it was said, ``day`` about the day that it is of.
    ``given`` are the fields as they were written; ``problems`` those that were not understood.
    ``about`` is what the page of a thing is about: a claim or a statement, or whatever claims name.
    """

    speaker: Ref = NOTHING
    place: Ref = NOTHING
    issue: Ref = NOTHING
    source: Ref = NOTHING
    since: date | None = None
    until: date | None = None
    day: date | None = None
    about: Ref = NOTHING
    given: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def things(self) -> tuple[tuple[str, Ref], ...]:
        """The things that restrict the selection, by field."""
        found: tuple[tuple[str, Ref], ...] = (
            ("speaker", self.speaker),
            ("place", self.place),
            ("issue", self.issue),
            ("source", self.source),
        )
        return tuple((field, ref) for field, ref in found if ref)

    def __bool__(self) -> bool:
        return bool(self.things or self.since or self.until or self.day or self.about)

    def filters(self) -> dict[str, Any]:
        """Return what keeps a network to the selection: the filters of ``network.project``."""
        of_document = kind(self.source.iri) == "document"
        names = {"source": "document" if of_document else "publisher"}
        found = {names.get(field, field): ox.NamedNode(ref.iri) for field, ref in self.things}
        return {**found, "since": self.since, "until": self.until}

    def written(self, field: str) -> str:
        """Return what stands in a field of the form: the name of the thing, or what was typed."""
        return dict(self.given).get(field, "")

    def problem(self, field: str) -> Problem | None:
        """Return why a field was not understood, or None if it was."""
        return next((one for one in self.problems if one.field == field), None)

    def query(self, **changes: str) -> str:
        """Return the query string of this selection, with some fields changed ("": left out).

        >>> Selection(given=(("since", "2025-03-01"),)).query(until="2025-03-31")
        '?since=2025-03-01&until=2025-03-31'
        """
        fields = {**dict(self.given), **changes}
        kept = [(field, value) for field, value in fields.items() if value]
        return f"?{urlencode(kept)}" if kept else "?"


def read_selection(
    kg: ConflictGraph,
    parameters: Iterable[tuple[str, str]],
    fields: Mapping[str, tuple[str, ...]] = THINGS,
    *,
    daily: bool = False,
) -> Selection:
    """Return the selection that the parameters of a URL ask for; names in any spelling.

    ``daily``: it may be of one day.
    """
    values = {name: value.strip() for name, value in parameters if value.strip()}
    found: dict[str, Ref] = {}
    days: dict[str, date | None] = {}
    problems: list[Problem] = []
    for field, kinds in fields.items():
        if field in values:
            try:
                node = kg.names.resolve(values[field], kinds)
            except AmbiguousName as error:
                message = f"“{values[field]}” may be any of these"
                problems.append(Problem(field, message, candidates=error.candidates))
            except ConflictkgError as error:
                problems.append(Problem(field, error.message, error.hint))
            else:
                snapshot = Snapshot(kg.store)
                snapshot.fetch([node])
                found[field] = snapshot.ref(node)
                values[field] = found[field].curie
    for field in (*DAYS, "day") if daily else DAYS:
        if field in values:
            days[field] = _day(values[field], last=field == "until", whole=field == "day")
            if days[field] is None:
                message = f"“{values[field]}” is not a day"
                problems.append(Problem(field, message, "write it as 2025-03-18"))
    first, last = days.get("since"), days.get("until")
    if first and last and first > last:
        problems.append(Problem("until", "it is before the first day", "exchange the two days"))
    return Selection(
        speaker=found.get("speaker", NOTHING),
        place=found.get("place", NOTHING),
        issue=found.get("issue", NOTHING),
        source=found.get("source", NOTHING),
        since=first,
        until=last,
        day=days.get("day"),
        given=tuple(values.items()),
        problems=tuple(problems),
    )


def _day(text: str, *, last: bool, whole: bool = False) -> date | None:
    """Return the first or the last day of a day, month or year; None if it is none of them.

    ``whole``: only a day is one.
    """
    if not _DAY.match(text) or (whole and len(text) < len("2025-03-18")):
        return None
    try:
        bounds = edtf_bounds(text)
    except InputError:
        return None
    return bounds[1 if last else 0]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the fields of the form offer: pairs of identifier and name; not all where many."""

    speaker: tuple[tuple[str, str], ...]
    place: tuple[tuple[str, str], ...]
    issue: tuple[tuple[str, str], ...]
    source: tuple[tuple[str, str], ...]


_OFFERED = {
    "speaker": "?x ckg:speaker ?thing",
    "place": "?thing a ckg:Place",
    "issue": "?thing a ckg:Issue",
    "source": "?x dcterms:publisher ?thing",
}


def read_choices(reader: Reader) -> Choices:
    """Return what the form offers: each kind's first OFFERED things, by name."""
    snapshot = Snapshot(reader)

    def offered(pattern: str) -> tuple[tuple[str, str], ...]:
        query = f"SELECT ?thing {{ SELECT DISTINCT ?thing {{ {pattern} }} LIMIT {OFFERED} }}"
        nodes = [row["thing"] for row in select(reader, query)]
        snapshot.fetch(nodes)
        refs = map(snapshot.ref, nodes)
        return tuple(sorted(((ref.curie, str(ref)) for ref in refs), key=lambda pair: pair[1]))

    return Choices(*(offered(pattern) for pattern in _OFFERED.values()))
