"""conflictkg build"""

from __future__ import annotations

import argparse
import sys

from conflictkg.cli.common import bar, folder, store_option
from conflictkg.settings import settings
from conflictkg.words import counted


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "graphs", nargs="?", help="folder of graph files (default: graphs/, or the bundled graph)"
    )
    store_option(parser)


def run(args: argparse.Namespace) -> int:
    """Build the store."""
    from conflictkg.load import build

    store = folder(args.store)
    loaded = build(settings(graphs=args.graphs).graphs, store, progress=bar)
    sys.stderr.write(
        f"built {store}: {counted(loaded.files, 'file')}, {counted(loaded.graphs, 'graph')}, "
        f"{counted(loaded.quads, 'quad')}\n"
    )
    return 0
