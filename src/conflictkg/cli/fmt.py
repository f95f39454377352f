"""conflictkg fmt"""

from __future__ import annotations

import argparse
import difflib
import sys
from pathlib import Path

from conflictkg.settings import own_graphs


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="Turtle or TriG files, or folders of graph files (default: all graph files)",
    )
    parser.add_argument("--check", action="store_true", help="only tell which files would change")
    parser.add_argument("--diff", action="store_true", help="with --check, print how they differ")


def run(args: argparse.Namespace) -> int:
    """Format the files; return 1 if --check finds one that would change."""
    from conflictkg.files import graph_files, read_text
    from conflictkg.load import canonical, written_atomically

    named = [Path(name) for name in args.files] or [own_graphs()]
    paths = [file for path in named for file in (graph_files(path) if path.is_dir() else [path])]
    changed = []
    for path in paths:
        text = canonical(path)
        data, old = read_text(path)
        if data == text.encode():
            continue
        changed.append(path)
        if args.check:
            sys.stderr.write(f"{path} is not in the canonical form\n")
            if args.diff:
                before, after = (part.splitlines(keepends=True) for part in (old, text))
                sys.stdout.writelines(difflib.unified_diff(before, after, str(path), "canonical"))
        else:
            with written_atomically(path) as file:
                file.write(text.encode())
            sys.stderr.write(f"{path} formatted\n")
    if args.check and changed:
        sys.stderr.write("run conflictkg fmt to put them right\n")
        return 1
    return 0
