"""conflictkg history"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from conflictkg.cli.common import reading, store_option
from conflictkg.cli.text import quoted, write_lines
from conflictkg.words import in_words

if TYPE_CHECKING:
    from conflictkg.history import History, HistoryEntry
    from conflictkg.model import Report

COLUMNS = (
    *("issue", "date", "statement", "gist", "stances", "current", "change", "aspects", "why"),
    *("verdicts", "quote", "translation", "wording", "publisher", "published", "title", "url"),
)
"""The columns of the CSV: one row for each statement, issue and report."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("name", metavar="NAME", help="the speaker: any spelling, a CURIE or an IRI")
    parser.add_argument("--issue", help="only this issue (its identifier or name)")
    parser.add_argument(
        "--since", metavar="DAY", help="only what can have been said on or after it"
    )
    parser.add_argument(
        "--until", metavar="DAY", help="only what can have been said on or before it"
    )
    parser.add_argument("--document", help="only as this document tells it")
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--json", action="store_true", help="as JSON")
    group.add_argument("--csv", action="store_true", help="as CSV, a row for each report")
    group.add_argument("--markdown", action="store_true", help="as Markdown")
    store_option(parser)


def run(args: argparse.Namespace) -> int:
    """Tell the history of a speaker."""
    from conflictkg.history import history
    from conflictkg.resolve import Names
    from conflictkg.values import days

    reader = reading(args.store)
    names = Names(reader)
    since, until = days(args.since or None, args.until or None)
    told = history(
        reader,
        names.resolve(args.name, ("agent",)),
        issue=names.resolve(args.issue, ("issue",)) if args.issue else None,
        since=since,
        until=until,
        document=names.resolve(args.document, ("document",)) if args.document else None,
    )
    if args.json:
        sys.stdout.write(json.dumps(asdict(told), ensure_ascii=False, indent=2, default=str) + "\n")
    elif args.csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_rows(told))
    elif args.markdown:
        sys.stdout.write("\n".join(_markdown(told)) + "\n")
    else:
        print_text(told)
    return 0


def print_text(told: History) -> None:
    """Print a history as a person reads it, wrapped to the terminal."""
    write_lines(_text(told))


def _title(told: History) -> str:
    statements = told.statements
    count = f"{len(statements)} statement{'s' if len(statements) != 1 else ''}"
    issues = f"{len(told.threads)} issue{'s' if len(told.threads) != 1 else ''}"
    return f"{told.speaker}: {count} on {issues}"


def _text(told: History) -> Iterator[str]:
    """Yield the lines for a terminal, unwrapped."""
    yield _title(told)
    for thread in told.threads:
        yield ""
        yield f"{thread.issue}  ({thread.issue.curie})"
        for entry in thread.entries:
            for change in entry.changes:
                sign = "?" if change.kind == "orderUnknown" else "↓"
                values = f": {change.values}" if change.values else ""
                yield f"  {sign} {in_words(str(change))}{values}"
            now = "  [last known]" if entry.current else ""
            yield f"  {entry.when}  {entry.statement.gist}{now}"
            for line in _stances(entry):
                yield f"      {line}"
            for report in entry.statement.reports:
                yield f"      {_words(report)}"
            for line in _verdicts(entry):
                yield f"      {line}"


def _markdown(told: History) -> Iterator[str]:
    yield f"# {_escaped(_title(told))}"
    for thread in told.threads:
        yield f"\n## {_escaped(str(thread.issue))}\n"
        for entry in thread.entries:
            for change in entry.changes:
                yield f"- *{in_words(str(change))}*: {_escaped(change.why)}"
            now = " *(last known)*" if entry.current else ""
            yield f"- **{entry.when}** {_escaped(entry.statement.gist)}{now}"
            for line in (*_stances(entry), *_verdicts(entry)):
                yield f"  - {_escaped(line)}"
            for report in entry.statement.reports:
                yield f"  - {_words(report, markdown=True)}"


def _stances(entry: HistoryEntry) -> Iterator[str]:
    """Yield the stances, those of one wording together, with who reads it so if readers differ."""
    readers: dict[str, list[str]] = {}
    claims: dict[str, set[str]] = {}
    for stance in entry.stances:
        sure = "" if stance.certainty in ("", "certain", "notStated") else f" ({stance.certainty})"
        line = f"{in_words(stance.attitude)}{sure}: {stance.claim}"
        readers.setdefault(line, []).extend(str(ref) for ref in stance.according_to)
        claims.setdefault(stance.claim.iri, set()).add(line)
    differing = {line for lines in claims.values() if len(lines) > 1 for line in lines}
    for line, by in readers.items():
        yield f"{line} [as read by {', '.join(dict.fromkeys(by))}]" if line in differing else line


def _words(report: Report, *, markdown: bool = False) -> str:
    """Return the words of a report and where they stand."""
    quote = f"{quoted(report.quote)} " if report.quote else ""
    translation = f"({report.translation}) " if report.translation else ""
    page = report.document
    via = f", via {' < '.join(map(str, report.via))}" if report.via else ""
    published = f", {page.published}" if page.published else ""
    source = f"{page.publisher}{published}, {in_words(report.wording)}{via}"
    if markdown:
        title = _escaped(page.title)
        link = f"[{title}](<{page.url}>)" if page.url.startswith("http") else title
        return f"{_escaped(quote + translation)}— {_escaped(source)}: {link}"
    return f"{quote}{translation}— {source}" + (f", {page.url}" if page.url else "")


_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|])")


def _escaped(text: str) -> str:
    """Return a text as Markdown shows it as it is: nothing in it is markup."""
    from conflictkg.tables import printable

    return _MARKDOWN.sub(r"\\\1", printable(text))


def _verdicts(entry: HistoryEntry) -> Iterator[str]:
    from conflictkg.history import AGREES

    for verdict in entry.verdicts:
        with_what = "the computed change" if verdict.relation in AGREES else "the other readings"
        beside = f" [{verdict.agreement} with {with_what}]" if verdict.agreement else ""
        yield f"verdict, {verdict.who}: {verdict.judged.claim}{beside}"


def _rows(told: History) -> Iterator[tuple[str, ...]]:
    for thread in told.threads:
        for entry in thread.entries:
            statement = entry.statement
            start = (
                *(thread.issue.label, entry.when, statement.iri, statement.gist),
                *("; ".join(_stances(entry)), "yes" if entry.current else ""),
                "; ".join(change.kind for change in entry.changes),
                "; ".join(dict.fromkeys(a for change in entry.changes for a in change.aspects)),
                *("; ".join(change.why for change in entry.changes), "; ".join(_verdicts(entry))),
            )
            for report in statement.reports:
                page = report.document
                yield (
                    *start,
                    *(report.quote, report.translation, report.wording, str(page.publisher)),
                    *(str(page.published or ""), page.title, page.url),
                )
            if not statement.reports:
                yield (*start, *[""] * (len(COLUMNS) - len(start)))
