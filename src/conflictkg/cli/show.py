"""conflictkg show"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from conflictkg.cli.common import reading, store_option
from conflictkg.cli.text import quoted, write_lines
from conflictkg.words import counted, in_words

if TYPE_CHECKING:
    from conflictkg.model import Entity, Statement
    from conflictkg.views import Contested, View


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "entity", metavar="ENTITY", help="a CURIE, an IRI, or any spelling of a name"
    )
    parser.add_argument(
        "--kind", default="", help="what it is, where a name is ambiguous: person ..."
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    store_option(parser)


def run(args: argparse.Namespace) -> int:
    """Show the thing."""
    from conflictkg.graph import ConflictGraph
    from conflictkg.resolve import checked_kind

    kg = ConflictGraph(reading(args.store))
    kind = checked_kind(args.kind) if args.kind else ""
    seen = kg.view(kg.find(args.entity, kind=kind).value)
    if args.json:
        sys.stdout.write(json.dumps(asdict(seen), ensure_ascii=False, indent=2, default=str) + "\n")
        return 0
    write_lines(_lines(seen))
    return 0


def _lines(seen: View) -> Iterator[str]:
    """Yield the lines of a view, unwrapped."""
    from conflictkg.model import Claim, Document, Entity, Issue, Statement
    from conflictkg.terms import shrink

    thing = seen.thing
    if isinstance(thing, Statement):
        yield from _statement(thing)
    else:
        yield f"{thing}  ({shrink(thing.iri)})"
    if isinstance(thing, Entity):
        yield from _entity(thing)
    elif isinstance(thing, Document):
        published = thing.published or "date unknown"
        yield f"  {thing.publisher}, {published}, {thing.language}, read: {thing.extent}"
        yield f"  {thing.url}"
    elif isinstance(thing, Claim) and thing.issues:
        yield f"  answers: {'; '.join(map(str, thing.issues))}"
    if seen.contested:
        what = {Claim: "Who says so", Issue: "Claims and who makes them"}
        yield ""
        yield what.get(type(thing), "What is said of it, and by whom")
        for contested in seen.contested:
            yield from _contested(contested)
    if seen.statements:
        yield ""
        yield "What the document reports" if isinstance(thing, Document) else "What it says itself"
        for statement in seen.statements:
            yield from _statement(statement)
    for kind, text in seen.findings:
        yield f"  note ({kind}): {text}"


def _entity(entity: Entity) -> Iterator[str]:
    from conflictkg.model import Ref
    from conflictkg.terms import shrink

    if entity.type:
        yield f"  {entity.type}"
    for use in ("pref", "alt", "hidden"):
        names = [f"{name.text} ({name.language})" for name in entity.names if name.use == use]
        if names:
            title = {"pref": "names", "alt": "also", "hidden": "misspelt"}[use]
            yield f"  {title}: {', '.join(names)}"
    for fact in entity.facts:
        value = str(fact.value) if isinstance(fact.value, Ref) else fact.value
        yield f"  {shrink(fact.predicate.iri)}: {value}   [{shrink(fact.graph.iri)}]"


def _contested(contested: Contested) -> Iterator[str]:
    count = len(contested.documents)
    yield f"  {contested.claim}  [{counted(count, 'document')}]"
    for voice in dict.fromkeys(map(str, contested.voices)):
        yield f"    {voice}"


def _statement(statement: Statement) -> Iterator[str]:
    from conflictkg.terms import shrink

    yield f"  {statement}  ({shrink(statement.iri)})"
    readings: dict[str, list[str]] = {}
    for stance in statement.stances:
        hedge = f" (“{'”, “'.join(stance.hedges)}”)" if stance.hedges else ""
        reading = (
            f"{in_words(stance.attitude)}, {in_words(stance.certainty)}{hedge}: {stance.claim}"
        )
        readings.setdefault(reading, []).extend(map(str, stance.according_to))
    for reading, readers in readings.items():
        yield f"    {reading}   [as read by {', '.join(dict.fromkeys(readers))}]"
    for report in statement.reports:
        quote = f"{quoted(report.quote)} " if report.quote else ""
        translation = f"({report.translation}) " if report.translation else ""
        via = f", via {' < '.join(map(str, report.via))}" if report.via else ""
        yield f"    {in_words(report.wording)}: {quote}{translation}{report.document}{via}"
