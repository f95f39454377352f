"""Writing to a store on disk, all or nothing.

A store on disk is a folder of *generations*. A writer works on a hard-linked copy of the current
generation and makes it current in one atomic rename, so readers never see half a write and a
killed writer leaves the store as it was.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from conflictkg.errors import StoreError
from conflictkg.store import POINTER, LocalStore, Reader, current_generation

_LENGTH = struct.Struct("!Q")


@contextmanager
def writing(folder: Path, *, fresh: bool = False) -> Iterator[LocalStore]:
    """Open a new generation of the store for writing; it becomes current when the block ends well.

    ``fresh`` starts from an empty store instead of a copy of the current generation. On any error
    (and on interruption) the new generation is dropped and the store stays as it was.
    Raises StoreError if another process writes to the store or the disk has no room.
    """
    with exclusive(folder):
        before = current_generation(folder)
        _sweep(folder, keep=before)
        with _new_generation(folder) as target:
            if before is not None and not fresh:
                target.rmdir()
                ox.Store.read_only(str(before)).backup(str(target))
            local = LocalStore(ox.Store(str(target)), str(folder))
            yield local
            close(local)
            _publish(folder, target)


@contextmanager
def _new_generation(folder: Path) -> Iterator[Path]:
    """Make the folder of a new generation, which is dropped again if the block fails.

    Raises StoreError in place of an OSError of the block.
    """
    target = Path(tempfile.mkdtemp(prefix="generation-", dir=folder))
    try:
        yield target
    except BaseException as error:
        shutil.rmtree(target, ignore_errors=True)
        if isinstance(error, OSError):
            raise StoreError(
                f"the store in {folder} could not be written: {error}",
                "it is as it was before; is the disk full?",
            ) from error
        raise


def close(local: LocalStore) -> None:
    """Write out and close the store under a local one, and leave that empty, whoever holds it.

    Oxigraph closes a store when nothing refers to it. While it is open it merges and deletes files
    in the background, and readers of the folder would find files missing.
    """
    local.oxigraph.flush()
    local.oxigraph = ox.Store()


def keep(
    source: Reader | Path,
    folder: Path,
    confirm: Callable[[Path], None],
    *,
    without: ox.NamedNode,
) -> None:
    """Write a store, but for one graph, as the new generation of a folder whose lock is held.

    ``source`` is the store, or the folder of one on disk, which is linked and not copied.
    ``confirm`` gets the generation when it is durable and before it is current; if it raises, the
    generation is dropped. Raises StoreError if it cannot be written.
    """
    _sweep(folder, keep=current_generation(folder))
    with _new_generation(folder) as target:
        if isinstance(source, Path):
            target.rmdir()
            local = working_copy(source, target)
            local.oxigraph.remove_graph(without)
        else:
            local = LocalStore(ox.Store(str(target)), str(folder))
            quads = source.match()
            local.oxigraph.bulk_extend(quad for quad in quads if quad.graph_name != without)
            for name in source.graphs():
                if name != without:
                    local.oxigraph.add_graph(name)
        close(local)
        for path in (*target.iterdir(), target, folder):
            _sync(path)
        confirm(target)
        _publish(folder, target)


def on_disk(generation: Path) -> LocalStore:
    """Open a generation for reading; raises StoreError."""
    try:
        return LocalStore(ox.Store.read_only(str(generation)), str(generation.parent))
    except (OSError, ValueError, RuntimeError) as error:
        raise StoreError(f"the store in {generation} cannot be opened: {error}") from error


def working_copy(generation: Path, target: Path) -> LocalStore:
    """Copy a generation, by hard links, and open the copy for writing; raises StoreError."""
    linked(generation, target)
    try:
        return LocalStore(ox.Store(str(target)), str(target))
    except (OSError, ValueError, RuntimeError) as error:
        raise StoreError(f"{target} cannot be written: {error}", "is the disk full?") from error


def linked(generation: Path, target: Path) -> None:
    """Copy a generation by hard links; raises StoreError."""
    try:
        ox.Store.read_only(str(generation)).backup(str(target))
    except (OSError, ValueError, RuntimeError) as error:
        raise StoreError(
            f"the store in {generation} cannot be copied: {error}",
            "may its folder be written to? is the disk full?",
        ) from error


def own_folder(folder: Path, name: str, process: int) -> Path:
    """Make the folder in which a process has copies of a store that writers leave alone.

    Those of processes that are no more are removed. Raises StoreError if it cannot be made.
    """
    for old in folder.glob(f"{name}-*"):
        number = old.name.rpartition("-")[2]
        if number.isdecimal() and not _runs(int(number)):
            shutil.rmtree(old, ignore_errors=True)
    own = folder / f"{name}-{process}"
    try:
        own.mkdir(exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"no copy of the store can be made: {error}", "may its folder be written to?"
        ) from error
    return own


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def in_memory(generation: Path) -> LocalStore:
    """Return the content of a generation as a store in memory.

    Another process opens the generation, since that starts threads which never end; this one can
    be forked afterwards. Raises StoreError if it cannot be read.
    """
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        os.close(ours)
        os._exit(_pour(generation, theirs))
    os.close(theirs)
    target = LocalStore(ox.Store(), str(generation.parent))
    with os.fdopen(ours, "rb") as source:
        head = source.read(_LENGTH.size)
        if head:
            for name in json.loads(source.read(*_LENGTH.unpack(head))):
                target.oxigraph.add_graph(ox.NamedNode(name))
            target.oxigraph.bulk_load(source, format=ox.RdfFormat.N_QUADS)
    if os.waitpid(child, 0)[1]:
        raise StoreError(
            f"the store in {generation.parent} cannot be read",
            "it is only an index of the graph files: build it again with conflictkg build",
        )
    return target


def _pour(generation: Path, pipe: int) -> int:
    """Write a generation into a pipe, first the names of empty graphs; return the exit code."""
    with os.fdopen(pipe, "wb") as target:
        try:
            store = ox.Store.read_only(str(generation))
            empty = [
                name.value
                for name in store.named_graphs()
                if isinstance(name, ox.NamedNode)
                and next(store.quads_for_pattern(None, None, None, name), None) is None
            ]
            text = json.dumps(empty).encode()
            target.write(_LENGTH.pack(len(text)) + text)
            store.dump(target, format=ox.RdfFormat.N_QUADS)
        except (OSError, ValueError, RuntimeError) as error:
            sys.stderr.write(f"{generation}: {error}\n")
            return 1
    return 0


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
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
    _sync(folder)


def _sync(path: Path) -> None:
    """Make a file or the entries of a folder durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(folder: Path, keep: Path | None) -> None:
    """Remove the generations that nobody needs: all but the current one."""
    for generation in folder.glob("generation-*"):
        if generation != keep:
            shutil.rmtree(generation, ignore_errors=True)
