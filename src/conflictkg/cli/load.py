"""conflictkg load"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from conflictkg.cli.common import bar, folder, store_option
from conflictkg.errors import InputError
from conflictkg.words import counted


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="RDF files; - is standard input")
    parser.add_argument("--graph", help="graph for triples outside any named graph (CURIE or IRI)")
    parser.add_argument("--format", help="format, where the suffix does not tell it (ttl, nq ...)")
    parser.add_argument(
        "--no-rules",
        action="store_true",
        help="leave the derived graphs as they are, for a dump that brings its own",
    )
    store_option(parser)


def run(args: argparse.Namespace) -> int:
    """Load the files."""
    from conflictkg.files import format_of, graph_named
    from conflictkg.load import load, load_bytes

    store = folder(args.store)
    graph = graph_named(args.graph) if args.graph else None
    if args.files == ["-"]:
        if not args.format:
            raise InputError("standard input has no suffix", "say which with --format")
        kind = format_of(Path("-"), args.format)
        loaded = load_bytes(sys.stdin.buffer.read(), store, format=kind, graph=graph)
    else:
        format = format_of(Path(args.files[0]), args.format) if args.format else None
        paths = [Path(name) for name in args.files]
        loaded = load(
            paths, store, graph=graph, format=format, rules=not args.no_rules, progress=bar
        )
    sys.stderr.write(
        f"loaded {counted(loaded.files, 'file')} into {store}: "
        f"{counted(loaded.graphs, 'graph')}, {counted(loaded.quads, 'quad')}\n"
    )
    return 0
