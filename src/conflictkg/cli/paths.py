"""conflictkg paths"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from itertools import islice

from conflictkg.cli.common import reading, store_option
from conflictkg.cli.text import write_lines
from conflictkg.errors import InputError
from conflictkg.words import counted


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("start", metavar="A", help="a CURIE, an IRI, or any spelling of a name")
    parser.add_argument("end", metavar="B", help="the other thing, named in the same way")
    parser.add_argument(
        "--max-length", type=int, default=4, metavar="N", help="of at most so many hops (4)"
    )
    parser.add_argument("--at", metavar="DAY", help="only ties that can hold on this day")
    parser.add_argument(
        "--via",
        action="append",
        metavar="RELATION",
        help="only by these: a predicate, an attitude, memberOf ..., or claim, stance, about, "
        "structure, report; may be given again",
    )
    parser.add_argument(
        "--max-ties",
        type=int,
        metavar="N",
        help="lead no path through a thing that is tied to more things (10000)",
    )
    parser.add_argument("--limit", type=int, default=5, metavar="N", help="at most so many (5)")
    parser.add_argument("--json", action="store_true", help="as JSON")
    store_option(parser)


def run(args: argparse.Namespace) -> int:
    """Tell the paths; return 1 if there is none."""
    from conflictkg.graph import ConflictGraph
    from conflictkg.walking import MAX_TIES

    if args.limit < 1:
        raise InputError(f"--limit {args.limit} shows nothing", "give 1 or more")
    kg = ConflictGraph(reading(args.store))
    max_ties = MAX_TIES if args.max_ties is None else args.max_ties
    found = kg.paths(
        args.start,
        args.end,
        max_length=args.max_length,
        via=args.via,
        at=args.at,
        max_ties=max_ties,
    )
    shown = list(islice(found, args.limit))
    if args.json:
        sys.stdout.write(json.dumps([asdict(path) for path in shown], ensure_ascii=False, indent=2))
        sys.stdout.write("\n")
    else:
        for number, path in enumerate(shown):
            write_lines([""] * bool(number) + str(path).splitlines())
    if not shown:
        hops = counted(args.max_length, "hop")
        when = f" on {args.at}" if args.at else ""
        sys.stderr.write(
            f"no path of at most {hops} leads from “{args.start}” to “{args.end}”{when}; "
            f"none is led through a document or a thing tied to more than {max_ties:,} "
            "things\n"
        )
    elif next(found, None) is not None:
        sys.stderr.write(f"there are more than these {len(shown)}: give a larger --limit\n")
    return 0 if shown else 1
