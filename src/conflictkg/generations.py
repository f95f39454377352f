"""Writing to a store on disk, all or nothing.

A store on disk is a folder of *generations*. A writer works on a hard-linked copy of the current
generation and makes it current in one atomic rename, so readers never see half a write and a
killed writer leaves the store as it was.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from conflictkg.errors import StoreError
from conflictkg.store import POINTER, LocalStore, current_generation


@contextmanager
def writing(folder: Path, *, fresh: bool = False) -> Iterator[LocalStore]:
    """Open a new generation of the store for writing; it becomes current when the block ends well.

    ``fresh`` starts from an empty store instead of a copy of the current generation. On any error
    (and on interruption) the new generation is dropped and the store stays as it was.
    Raises StoreError if another process writes to the store or the disk has no room.
    """
    with _exclusive(folder):
        before = current_generation(folder)
        _sweep(folder, keep=before)
        target = Path(tempfile.mkdtemp(prefix="generation-", dir=folder))
        try:
            if before is not None and not fresh:
                target.rmdir()
                ox.Store.read_only(str(before)).backup(str(target))
            local = LocalStore(ox.Store(str(target)), str(folder))
            yield local
            local.oxigraph.flush()
            _close(local)
            _publish(folder, target)
        except BaseException as error:
            shutil.rmtree(target, ignore_errors=True)
            if isinstance(error, OSError):
                raise StoreError(
                    f"the store in {folder} could not be written: {error}",
                    "it is as it was before; is the disk full?",
                ) from error
            raise


def _close(local: LocalStore) -> None:
    """Close the store under a local one, whoever still holds that, and leave it empty.

    Oxigraph closes a store when nothing refers to it. While it is open it merges and deletes files
    in the background, and readers of the folder would find files missing.
    """
    local.oxigraph = ox.Store()


@contextmanager
def _exclusive(folder: Path) -> Iterator[None]:
    """Hold the store's write lock; it goes with the process, however that ends."""
    import filelock

    lock = filelock.FileLock(folder / "lock", timeout=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except filelock.Timeout as error:
        raise StoreError(
            f"another process is writing to the store in {folder}",
            "wait until it has finished; readers are not disturbed",
        ) from error
    except OSError as error:
        raise StoreError(
            f"{folder} cannot be written: {error}", "choose another --store"
        ) from error
    try:
        yield
    finally:
        lock.release()


def _publish(folder: Path, generation: Path) -> None:
    """Make a generation the current one, durably, in one rename."""
    pointer = folder / f"{POINTER}.new"
    with pointer.open("w", encoding="utf-8") as file:
        file.write(generation.name + "\n")
        file.flush()
        os.fsync(file.fileno())
    pointer.replace(folder / POINTER)


def _sweep(folder: Path, keep: Path | None) -> None:
    """Remove the generations that nobody needs: all but the current one."""
    for generation in folder.glob("generation-*"):
        if generation != keep:
            shutil.rmtree(generation, ignore_errors=True)
