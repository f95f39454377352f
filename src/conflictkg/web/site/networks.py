"""The network around a thing, as a file: what its page offers beside its text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from conflictkg.export import chunks
from conflictkg.network import project
from conflictkg.store import Reader


def network_of(reader: Reader, name: str, **around: Any) -> Callable[[str], Iterator[bytes]]:
    """Return what writes a projection in a format; ``around`` are filters of ``project``."""
    return lambda form: chunks(project(reader, name, **around), form)
