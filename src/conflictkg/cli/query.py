"""conflictkg query"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from conflictkg.cli.common import output_options, reading, store_option
from conflictkg.errors import InputError, QueryError

if TYPE_CHECKING:
    from conflictkg.queries import NamedQuestion
    from conflictkg.store import Results


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "question",
        nargs="?",
        metavar="SPARQL|NAME|FILE|-",
        help="a named question (see --list), a file *.rq or *.sparql, SPARQL text, or - for stdin",
    )
    parser.add_argument(
        "-p",
        dest="given",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a value to ask with; a thing by identifier or by name, in any spelling",
    )
    parser.add_argument("--list", action="store_true", help="list the named questions")
    parser.add_argument("--show", action="store_true", help="print the question instead of asking")
    parser.add_argument(
        "--format",
        help="standard formats: srj or srx for rows; ttl, nt, jsonld or rdf for triples "
        "(default for triples: ttl)",
    )
    output_options(parser)
    store_option(parser)


def run(args: argparse.Namespace) -> int:
    """Answer the question."""
    if args.list:
        return _list()
    if not args.question:
        raise QueryError("there is no question", "conflictkg query --list shows the named ones")
    asked = _question(args.question)
    if args.show:
        sys.stdout.write(asked.sparql.rstrip() + "\n")
        return 0
    given = _given(args.given)

    from conflictkg import queries
    from conflictkg.resolve import Names

    store = reading(args.store)
    if asked.parameters or asked.summary:
        bound = queries.bind(asked, given, Names(store))
    else:
        bound = {name: queries.loose_term(value) for name, value in given.items()}
    _interruptible(lambda: _write(queries.run_question(store, asked, bound), asked, args))
    return 0


def _interruptible(work: Callable[[], None]) -> None:
    """Do work in a thread, so that Ctrl-C is heard while the engine computes."""
    from threading import Thread
    from traceback import clear_frames

    failed: list[BaseException] = []

    def attempt() -> None:
        try:
            work()
        except BaseException as error:
            clear_frames(error.__traceback__)  # results must not leave the thread they are of
            failed.append(error)

    thread = Thread(target=attempt, daemon=True)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]


def _question(text: str) -> NamedQuestion:
    """Return what a user means by an argument: a question by name, file, pipe or as SPARQL."""
    from conflictkg import queries

    if text == "-":
        return queries.parse_question(sys.stdin.read())
    if text.endswith(queries.SUFFIXES) and not any(mark in text for mark in "{\n"):
        return queries.read_question(Path(text))
    if any(mark in text for mark in "{ \n\t"):
        return queries.parse_question(text)
    return queries.question(text)


def _given(pairs: list[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name or not value.strip():
            raise InputError(f"“{pair}” is not name=value", "for example: -p speaker=Kovalenko")
        if name in given:
            raise InputError(f"{name} is given twice", "ask twice, or leave one out")
        given[name] = value.strip()
    return given


def _list() -> int:
    from conflictkg import queries

    for asked in queries.questions():
        takes = " ".join(
            f"-p {p.name}=…" if p.required else f"[-p {p.name}=…]" for p in asked.parameters
        )
        sys.stdout.write(f"{asked.name} {takes}".rstrip() + f"\n    {asked.summary}\n")
    return 0


def _write(results: Results, asked: NamedQuestion, args: argparse.Namespace) -> None:
    """Write results of any form as the options say."""
    import pyoxigraph as ox

    from conflictkg import queries, tables

    if isinstance(results, ox.QueryTriples):
        if args.output:
            raise QueryError(
                f"triples cannot be written as {args.output}", "use --format ttl, nt, jsonld or rdf"
            )
        tables.write_triples(results, args.format or "ttl", sys.stdout.buffer)
    elif args.format:
        tables.write_standard(results, args.format, sys.stdout.buffer)
    elif isinstance(results, ox.QueryBoolean):
        sys.stdout.write("true\n" if results else "false\n")
    else:
        without = [parameter.name for parameter in asked.parameters]
        rows = queries.answer(results, without=without, view=asked.view)
        count = tables.write(
            rows, args.output or tables.default(sys.stdout), sys.stdout, width=tables.terminal()
        )
        if count == 0 and sys.stderr.isatty():
            sys.stderr.write("nothing found\n")
