"""conflictkg dump"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from conflictkg.cli.common import reading, store_option


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "output", nargs="?", default="-", help="file, its suffix tells the format; - is stdout"
    )
    parser.add_argument("--format", help="format for stdout (default: trig)")
    parser.add_argument("--graph", help="only this graph (CURIE, IRI or documents/NAME)")
    store_option(parser)


def run(args: argparse.Namespace) -> int:
    """Write the store."""
    from conflictkg.files import format_of, graph_named
    from conflictkg.load import dump, written_atomically

    store = reading(args.store)
    graph = graph_named(args.graph) if args.graph else None
    if args.output == "-":
        dump(store, sys.stdout.buffer, format_of(Path("-"), args.format or "trig"), graph=graph)
        return 0
    path = Path(args.output)
    format = format_of(path, args.format)
    with written_atomically(path) as file:
        dump(store, file, format, graph=graph)
    return 0
