"""Where the store and the graph files are: option, environment, ``conflictkg.toml``, default."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

from conflictkg.errors import InputError
from conflictkg.store import DEFAULT_STORE
from conflictkg.terms import bundled

CONFIG = "conflictkg.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """The locations in force: the store (folder, ``memory:`` or URL) and the graph folder."""

    store: str
    graphs: Path


def settings(store: str | None = None, graphs: str | Path | None = None) -> Settings:
    """Return the locations in force.

    What is given wins, then ``CONFLICTKG_STORE`` and ``CONFLICTKG_GRAPHS``, then ``store`` and
    ``graphs`` in the nearest ``conflictkg.toml`` of this folder or one above it (paths relative to
    that file), then ``.conflictkg`` and ``graphs`` here or, failing that, the bundled graph.
    Raises InputError if the configuration cannot be read.
    """
    config, base = _config()
    where = store or os.environ.get("CONFLICTKG_STORE") or _located(config.get("store"), base)
    files = graphs or os.environ.get("CONFLICTKG_GRAPHS") or _located(config.get("graphs"), base)
    if not files:
        here = Path("graphs")
        files = here if (here / "documents").is_dir() else bundled("graphs")
    return Settings(where or DEFAULT_STORE, Path(files))


def own_graphs(graphs: str | Path | None = None) -> Path:
    """Return the graph folder in force for writing: like settings, but never the bundled one.

    Raises InputError if there is no folder of graph files here.
    """
    folder = settings(graphs=graphs).graphs
    if not graphs and folder == bundled("graphs") and folder.resolve() != Path("graphs").resolve():
        raise InputError(
            "there is no folder of graph files here",
            "go to the folder that holds graphs/, or name it: an option, CONFLICTKG_GRAPHS or "
            "graphs = in conflictkg.toml",
        )
    return folder


def _config() -> tuple[dict[str, str], Path]:
    here = Path.cwd()
    for folder in (here, *here.parents):
        path = folder / CONFIG
        if not path.is_file():
            continue
        try:
            read = tomllib.loads(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise InputError(f"it cannot be read: {error}", source=path) from error
        unknown = set(read) - {"store", "graphs"}
        if unknown or not all(isinstance(value, str) for value in read.values()):
            raise InputError(
                f"it may set store and graphs, as text; found {', '.join(sorted(read))}",
                'for example: store = ".conflictkg"',
                source=path,
            )
        return read, folder
    return {}, here


def _located(value: str | None, base: Path) -> str:
    if not value or value.startswith(("memory:", "http://", "https://")):
        return value or ""
    return str(base / value)
