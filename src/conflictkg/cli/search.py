"""conflictkg search"""

from __future__ import annotations

import argparse
import sys

from conflictkg.cli.common import output_options, reading, store_option


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("text", help="a name in any spelling and script, or words of a text")
    parser.add_argument(
        "--kind", metavar="KIND", help="only things of a kind: person, place, claim, agent ..."
    )
    parser.add_argument("--limit", type=int, default=50, help="at most so many (50)")
    output_options(parser)
    store_option(parser)


def run(args: argparse.Namespace) -> int:
    """Search; return 1 if nothing is found."""
    from itertools import islice

    import pyoxigraph as ox

    from conflictkg import tables
    from conflictkg.queries import Answer
    from conflictkg.resolve import Names, checked_kind

    kinds = (checked_kind(args.kind),) if args.kind else ()
    found = islice(Names(reading(args.store)).search(args.text, kinds), max(args.limit, 0))
    rows = (
        (
            ox.NamedNode(match.iri),
            ox.Literal(match.kind),
            ox.Literal(match.name.text),
            ox.Literal(match.name.language),
            ox.Literal(match.rank.label),
        )
        for match in found
    )
    columns = ("thing", "kind", "name", "language", "fit")
    answer = Answer(columns, rows, columns)
    count = tables.write(
        answer, args.output or tables.default(sys.stdout), sys.stdout, width=tables.terminal()
    )
    if count == 0:
        sys.stderr.write(f"nothing is known by “{args.text}”\n")
        return 1
    return 0
