"""Text for a terminal: wrapped, harmless, and in words rather than identifiers."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterable

WIDTH = 100
"""Columns that a line of text fills at most."""


def write_lines(lines: Iterable[str]) -> None:
    """Print lines wrapped to the terminal; what is wrapped is indented under its line."""
    from conflictkg.tables import printable

    width = min(shutil.get_terminal_size().columns, WIDTH)
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()) + 2)
        wrapped = textwrap.wrap(
            printable(line),
            width,
            subsequent_indent=indent,
            break_on_hyphens=False,
            break_long_words=False,
        )
        sys.stdout.write("\n".join(wrapped) + "\n")


def quoted(words: str) -> str:
    """Return words in quotation marks, unless they bring their own."""
    return words if words.startswith(("“", "«", '"')) else f"“{words}”"
