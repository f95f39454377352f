"""The quads and where they are read: an Oxigraph store in memory or on disk, a SPARQL endpoint."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from conflictkg.errors import StoreError
from conflictkg.store.local import LocalStore, Overlay
from conflictkg.store.reader import (
    Properties,
    Reader,
    Results,
    Term,
    construct,
    prefixes_in,
    select,
    with_values,
)
from conflictkg.store.remote import RemoteStore

DEFAULT_STORE = ".conflictkg"
POINTER = "current"
"""The file of a store's folder that names the generation that readers see."""


def open_store(location: str | Path | None = None) -> LocalStore | RemoteStore:
    """Open a store for reading.

    ``location`` is a folder, ``memory:`` (an empty store in memory) or an ``http(s)://`` SPARQL
    endpoint. Raises StoreError if there is no store in the folder.
    """
    where = str(location or DEFAULT_STORE)
    if where == "memory:":
        return LocalStore(ox.Store(), where)
    if where.startswith(("http://", "https://")):
        return RemoteStore(where)
    generation = current_generation(Path(where))
    if generation is None:
        raise StoreError(f"there is no store in {where}", "make one with: conflictkg build")
    try:
        return LocalStore(ox.Store.read_only(str(generation)), where)
    except (OSError, ValueError, RuntimeError) as error:
        raise StoreError(
            f"the store in {where} cannot be opened: {error}",
            "it is only an index of the graph files: build it again with conflictkg build",
        ) from error


def current_generation(folder: Path) -> Path | None:
    """Return the folder of the generation that readers see, or None if there is none."""
    try:
        name = (folder / POINTER).read_text("utf-8").strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"{folder} cannot be read: {error}", "is it a store folder?") from error
    generation = folder / name
    return generation if generation.is_dir() else None


__all__ = [
    "DEFAULT_STORE",
    "POINTER",
    "LocalStore",
    "Overlay",
    "Properties",
    "Reader",
    "RemoteStore",
    "Results",
    "Term",
    "construct",
    "current_generation",
    "open_store",
    "prefixes_in",
    "select",
    "with_values",
]
