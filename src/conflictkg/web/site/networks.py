"""The network around a thing, as GEXF: what its page offers beside its text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from conflictkg.export import chunks
from conflictkg.network import project
from conflictkg.store import Reader


def network_of(reader: Reader, name: str, **around: Any) -> Callable[[], Iterator[bytes]]:
    """Return what makes the GEXF of a projection; ``around`` are filters of ``project``."""
    return lambda: chunks(project(reader, name, **around), "gexf")
