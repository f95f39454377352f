"""What a speaker said, issue by issue: the history of a page of issues, and its data."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from conflictkg.history import History, HistoryEntry, Thread, history
from conflictkg.model import Ref, Stance
from conflictkg.store import Reader
from conflictkg.views import Spoken, spoken_of
from conflictkg.web.http import Request, Served
from conflictkg.web.site.figures import Mark, Timeline, timeline
from conflictkg.web.site.kept import kept
from conflictkg.web.site.links import anchor
from conflictkg.web.site.paging import Pages, pages_of
from conflictkg.web.site.told import Line, marks_of

WHOLE = 30
"""Up to so many issues are told on one page, made to be read and printed as a whole."""
SIZE = 10
"""How many issues a page tells of a speaker who spoke of more."""
RECENT = 16
"""How many pages of speakers are kept as they were read, for the next who asks, in any form."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The stances of one wording to one claim; ``readers`` only where readers differ."""

    attitude: str
    certainty: str
    claim: Any
    hedges: tuple[str, ...]
    readers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Speech:
    """What a speaker said: all issues that were spoken of, those of this page told in full."""

    issues: tuple[Spoken, ...]
    told: History
    pages: Pages
    figure: Timeline | None
    _homes: Mapping[str, Ref]

    @property
    def changes(self) -> int:
        """How many computed changes the page tells, those of unknown order and repeats left out."""
        kinds = [c.kind for t in self.told.threads for e in t.entries for c in e.changes]
        return sum(kind not in ("repeats", "orderUnknown") for kind in kinds)

    def home(self, statement: str) -> Ref:
        """Return the issue under which the words of a statement stand: the first on the page."""
        return self._homes[statement]

    @property
    def documents(self) -> int:
        """How many documents report the statements of the page."""
        return len({d.iri for s in self.told.statements for d in s.documents})


def spoken(request: Request, served: Served, node: ox.NamedNode) -> Speech | None:
    """Return what a thing said, if it speaks: the issues of the page that is asked for in full.

    Which issues there are is the same on every page and in every form; it is kept for each version,
    and so is what was told last.
    """
    reader = served.kg.store
    known: dict[ox.NamedNode, tuple[Spoken, ...]] = kept(served, "spoken", dict)
    if node not in known:
        known[node] = spoken_of(reader, node)
    issues = known[node]
    if not issues:
        return None
    size = WHOLE if len(issues) <= WHOLE else SIZE
    pages = pages_of(request, len(issues), size, "issues")
    recent: OrderedDict[tuple[ox.NamedNode, int], Speech]
    recent = kept(served, "speeches", OrderedDict)
    key = (node, pages.number)
    if key in recent:
        recent.move_to_end(key)
        return recent[key]
    told = _told(reader, node, issues[pages.start : pages.end])
    homes: dict[str, Ref] = {}
    for thread in told.threads:
        for entry in thread.entries:
            homes.setdefault(entry.statement.iri, thread.issue)
    recent[key] = Speech(issues, told, pages, _figure(told), homes)
    if len(recent) > RECENT:
        recent.popitem(last=False)
    return recent[key]


def readings(entry: HistoryEntry) -> list[Reading]:
    """Return the stances of a statement, those of one wording together."""
    readers: dict[tuple[str, str, str], list[str]] = {}
    first: dict[tuple[str, str, str], Any] = {}
    ways: dict[str, set[tuple[str, str, str]]] = {}
    for stance in entry.stances:
        key = (stance.claim.iri, stance.attitude, stance.certainty)
        first.setdefault(key, stance)
        readers.setdefault(key, []).extend(map(str, stance.according_to))
        ways.setdefault(stance.claim.iri, set()).add(key)
    return [
        Reading(
            attitude,
            certainty,
            first[claim, attitude, certainty].claim,
            first[claim, attitude, certainty].hedges,
            tuple(dict.fromkeys(names)) if len(ways[claim]) > 1 else (),
        )
        for (claim, attitude, certainty), names in readers.items()
    ]


def _once(stances: Sequence[Stance]) -> list[Stance]:
    """Return the stances, one for each claim and attitude: readers agree more often than not."""
    return list({(s.claim.iri, s.attitude): s for s in stances}.values())


def _figure(told: History) -> Timeline | None:
    """Return what was said over time, a lane for each issue."""
    rows: list[tuple[str, str, list[Mark]]] = []
    for thread in told.threads:
        marks = marks_of(
            (Line(entry.statement, stance.attitude, stance.certainty), stance.claim.text)
            for entry in thread.entries
            for stance in _once(entry.stances)
        )
        if marks:
            rows.append((str(thread.issue), f"#{anchor(thread.issue)}", marks))
    return timeline(rows)


def as_data(speech: Speech | None) -> Any:
    """Return a speech as JSON tells it."""
    if speech is None:
        return None
    return {
        "issues": [
            {"issue": one.issue, "statements": len(one.said), "from": one.first, "to": one.last}
            for one in speech.issues
        ],
        "page": speech.pages.number,
        "pages": speech.pages.last,
        "threads": speech.told.threads,
    }


def rows(reader: Reader, node: ox.NamedNode, speech: Speech) -> Iterator[tuple[Any, ...]]:
    """Yield all that a speaker said in the columns of an entity's table, some issues at a time."""
    for thread in _threads(reader, node, speech):
        for entry in thread.entries:
            statement = entry.statement
            for reading in readings(entry):
                yield (
                    *("said by it", thread.issue.label, reading.claim.text, reading.attitude),
                    *(reading.certainty, statement.speaker.label, entry.when),
                    *(len(statement.documents), statement.iri, statement.gist),
                )


def _threads(reader: Reader, node: ox.NamedNode, speech: Speech) -> Iterator[Thread]:
    """Yield the threads of all pages of a speech."""
    if speech.pages.last == 1:
        yield from speech.told.threads
        return
    for at in range(0, len(speech.issues), SIZE):
        yield from _told(reader, node, speech.issues[at : at + SIZE]).threads


def _told(reader: Reader, node: ox.NamedNode, some: Sequence[Spoken]) -> History:
    """Return what a speaker said on some issues."""
    return history(
        reader,
        node,
        issue=[ox.NamedNode(one.issue) for one in some],
        said=[ox.NamedNode(iri) for one in some for iri in one.said],
    )
