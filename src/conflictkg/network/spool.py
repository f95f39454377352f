"""Things put aside in order and read again: in memory, or in a temporary file."""

from __future__ import annotations

import pickle
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from typing import IO, Any


class Spool:
    """A list of objects that may be on disk; what is there takes no memory but its position.

    The file has no name and is gone with the object; only this process can have written it.
    """

    def __init__(self, *, on_disk: bool) -> None:
        self._kept: list[Any] = []
        self._file: IO[bytes] | None = None
        if on_disk:
            self._file = tempfile.TemporaryFile(prefix="conflictkg-")  # noqa: SIM115
            weakref.finalize(self, self._file.close)

    @classmethod
    def of(cls, things: Iterable[Any], *, on_disk: bool) -> Spool:
        """Return some objects put aside."""
        spool = cls(on_disk=on_disk)
        for thing in things:
            spool.put(thing)
        return spool

    def put(self, thing: Any) -> None:
        """Put an object aside."""
        if self._file is None:
            self._kept.append(thing)
            return
        self._kept.append(self._file.seek(0, 2))
        pickle.dump(thing, self._file, protocol=5)

    def __getitem__(self, at: int) -> Any:
        if self._file is None:
            return self._kept[at]
        self._file.seek(self._kept[at])
        return pickle.load(self._file)

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[Any]:
        return (self[at] for at in range(len(self._kept)))

    @property
    def on_disk(self) -> bool:
        """Whether the objects are in a file."""
        return self._file is not None
