"""conflictkg diff"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from conflictkg.settings import settings
from conflictkg.store import Reader, current_generation, open_store

if TYPE_CHECKING:
    from conflictkg.comparing import Comparison, Difference

SIGNS = {"added": "+", "removed": "-", "altered": "~"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    where = "a folder of graph files, a graph file, a store or a SPARQL endpoint"
    parser.add_argument("before", metavar="A", help=where)
    parser.add_argument("after", metavar="B", help=where)
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--json", action="store_true", help="as JSON")
    group.add_argument("--markdown", action="store_true", help="as Markdown")


def run(args: argparse.Namespace) -> int:
    """Tell how two graphs differ."""
    from conflictkg.comparing import compare

    found = compare(_opened(args.before), _opened(args.after))
    if args.json:
        shown = {**asdict(found), "before": args.before, "after": args.after}
        sys.stdout.write(json.dumps(shown, ensure_ascii=False, indent=2) + "\n")
        return 0
    lines = _markdown(found) if args.markdown else _text(found)
    width = min(shutil.get_terminal_size().columns, 100)
    for line in lines:
        if args.markdown:
            sys.stdout.write(line + "\n")
            continue
        indent = " " * (len(line) - len(line.lstrip()) + 2)
        wrapped = textwrap.wrap(line, width, subsequent_indent=indent, break_on_hyphens=False)
        sys.stdout.write("\n".join(wrapped) + "\n")
    return 0


def _opened(where: str) -> Reader:
    """Open one side. Around a single file stand the issues and entities of the graph in force."""
    from conflictkg.load import build_in_memory, file_in_memory

    path = Path(where)
    if path.is_file():
        return file_in_memory(path, settings().graphs)
    if path.is_dir() and current_generation(path) is None:
        return build_in_memory(path)
    return open_store(where)


def _text(found: Comparison) -> Iterator[str]:
    if not found.differences:
        yield "no difference"
        return
    yield _summary(found)
    for difference in found.differences:
        sign = SIGNS[difference.how]
        yield f"{sign} {difference.kind}: {difference.label}{_name(difference)}"
        yield from (f"    {detail}" for detail in difference.details)


def _markdown(found: Comparison) -> Iterator[str]:
    if not found.differences:
        yield "No difference."
        return
    yield f"**{_summary(found)}**"
    heading = ""
    for difference in found.differences:
        new = f"## {difference.kind.capitalize()}: {difference.how}"
        if new != heading:
            heading = new
            yield f"\n{heading}\n"
        yield f"- {difference.label}{_name(difference)}"
        yield from (f"  - {detail}" for detail in difference.details)


def _summary(found: Comparison) -> str:
    return ", ".join(
        f"{count} {kind}{'s' if count != 1 else ''} {how}" for kind, how, count in found.counts()
    )


def _name(difference: Difference) -> str:
    return "" if difference.curie.startswith("finding:") else f"  ({difference.curie})"
