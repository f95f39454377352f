"""What several commands share: the store option, formats of output, progress."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from conflictkg.errors import StoreError
from conflictkg.settings import settings
from conflictkg.store import LocalStore, RemoteStore, open_store


def store_option(parser: argparse.ArgumentParser) -> None:
    """Add --store."""
    parser.add_argument(
        "--store",
        metavar="WHERE",
        help="folder of the store, memory: for the graph files in memory, or the http(s):// "
        "address of a SPARQL endpoint (default: CONFLICTKG_STORE, conflictkg.toml, .conflictkg)",
    )


def output_options(parser: argparse.ArgumentParser) -> None:
    """Add --json, --csv, --tsv and --table, of which one may be given."""
    group = parser.add_mutually_exclusive_group()
    for name, what in (
        ("json", "JSON"),
        ("csv", "CSV"),
        ("tsv", "tab-separated values"),
        ("table", "a table (the default on a terminal; CSV in a pipe)"),
    ):
        group.add_argument(
            f"--{name}", dest="output", action="store_const", const=name, help=f"as {what}"
        )


def reading(where: str | None) -> LocalStore | RemoteStore:
    """Open the store in force for reading; ``memory:`` is built from the graph files."""
    chosen = settings(store=where)
    if chosen.store.startswith("memory:"):
        from conflictkg.load import build_in_memory

        return build_in_memory(settings(graphs=chosen.store[7:] or None).graphs, progress=bar)
    return open_store(chosen.store)


def folder(where: str | None) -> Path:
    """Return the folder of the store in force, for writing; raises StoreError if it is not one."""
    chosen = settings(store=where).store
    if chosen.startswith(("memory:", "http://", "https://")):
        raise StoreError(f"{chosen} cannot be written to from here", "give a folder as --store")
    return Path(chosen)


def bar(files: Iterable[Path], word: str) -> Iterable[Path]:
    """Show on a terminal how far the work on some files is."""
    from tqdm import tqdm

    shown: Iterable[Path] = tqdm(
        list(files), desc=word, unit="file", disable=None, delay=1, leave=False, file=sys.stderr
    )
    return shown
