"""Answers that hold for a whole version of the graph, worked out once and then kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from conflictkg.web.http import Served

T = TypeVar("T")
_KEPT: dict[tuple[int, str], tuple[object, str, object]] = {}


def kept(served: Served, name: str, make: Callable[[], T]) -> T:
    """Return what ``make`` gives, kept until the graph is another or has another version.

    Without a version nothing tells whether the graph changed, and nothing is kept.
    """
    key = (id(served.kg.store), name)
    store, version, value = _KEPT.get(key, (None, "", None))
    if served.version and store is served.kg.store and version == served.version:
        return value  # type: ignore[return-value]
    made = make()
    if served.version:
        _KEPT[key] = (served.kg.store, served.version, made)
    return made
