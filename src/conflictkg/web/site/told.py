"""Claims as pages tell them: who takes which stance, each utterance once, the sources counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from conflictkg.model import Claim, Ref, Statement
from conflictkg.views import Contested
from conflictkg.web.site.figures import Mark
from conflictkg.web.site.links import page_of
from conflictkg.web.site.sides import SIDES, Side, side_of
from conflictkg.web.site.words import dated, said
from conflictkg.words import counted


@dataclass(frozen=True, slots=True)
class Line:
    """A statement and the stance that it takes; ``readers`` only where readers differ."""

    statement: Statement
    attitude: str
    certainty: str
    readers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A claim with its lines by date, how many take each side, and how many documents tell it."""

    claim: Claim
    lines: tuple[Line, ...]
    tally: tuple[tuple[Side, int], ...]
    documents: int

    @property
    def disputed(self) -> bool:
        """Whether some say yes and some say no."""
        names = {side.name for side, _ in self.tally}
        return bool(names & {"asserts", "confirms", "predicts"} and names & {"denies", "doubts"})


@dataclass(frozen=True, slots=True)
class Group:
    """Claims that answer one question."""

    issue: Ref
    claims: tuple[Told, ...]

    @property
    def documents(self) -> int:
        """How many documents tell any of the claims."""
        return len(
            {d.iri for t in self.claims for line in t.lines for d in line.statement.documents}
        )


def told(contested: Contested) -> Told:
    """Return a claim with one line for each statement, attitude and certainty."""
    readers: dict[tuple[str, str, str], list[str]] = {}
    statements: dict[str, Statement] = {}
    for voice in contested.voices:
        statements[voice.statement.iri] = voice.statement
        key = (voice.statement.iri, voice.stance.attitude, voice.stance.certainty)
        readers.setdefault(key, []).extend(str(ref) for ref in voice.stance.according_to)
    ways: dict[str, int] = {}
    for iri, _, _ in readers:
        ways[iri] = ways.get(iri, 0) + 1
    lines = tuple(
        Line(
            statements[iri],
            attitude,
            certainty,
            tuple(dict.fromkeys(names)) if ways[iri] > 1 else (),
        )
        for (iri, attitude, certainty), names in readers.items()
    )
    numbers: dict[str, set[str]] = {}
    for line in lines:
        numbers.setdefault(line.attitude, set()).add(line.statement.iri)
    order = [*SIDES, *(name for name in numbers if name not in SIDES)]
    tally = tuple((side_of(name), len(numbers[name])) for name in order if name in numbers)
    return Told(contested.claim, lines, tally, len(contested.documents))


def grouped(contested: Iterable[Contested]) -> tuple[Group, ...]:
    """Return claims by the first issue that they address, those that are told most often first."""
    groups: dict[str, list[Told]] = {}
    refs: dict[str, Ref] = {}
    for one in contested:
        issue = one.claim.issues[0] if one.claim.issues else Ref("", "No question in particular")
        refs[issue.iri] = issue
        groups.setdefault(issue.iri, []).append(told(one))
    made = [
        Group(refs[iri], tuple(sorted(some, key=lambda t: (-t.documents, t.claim.text))))
        for iri, some in groups.items()
    ]
    return tuple(sorted(made, key=lambda group: (-group.documents, group.issue.label)))


def span_of(statement: Statement) -> tuple[date, date] | None:
    """Return the first and the last day on which a statement can have been made, if both known."""
    first, last = statement.earliest, statement.latest
    if first is None or last is None:
        known = first or last
        return (known, known) if known else None
    return first, last


def marks_of(lines: Iterable[tuple[Line, str]]) -> list[Mark]:
    """Return lines, each with what it is about, as marks: one for each statement and side.

    Statements whose date is not known have none.
    """
    found: dict[tuple[str, str], list[tuple[Line, str]]] = {}
    for line, what in lines:
        found.setdefault((line.statement.iri, line.attitude), []).append((line, what))
    marks = []
    for some in found.values():
        line, what = some[0]
        days = span_of(line.statement)
        if days is None:
            continue
        side = side_of(line.attitude)
        sources = counted(len(line.statement.documents), "document")
        told = counted(len(some), "claim") if len(some) > 1 else dated(what)
        marks.append(
            Mark(
                *days,
                side,
                f"{line.statement.speaker} {side.label}{': ' if told else ''}{told}, "
                f"{said(line.statement.said)} ({sources})",
                page_of(line.statement.iri),
            )
        )
    return marks
