"""The journal: requests that were accepted, on disk before anybody is told so.

A file of records, each with a mark, a sequence number, a length and checksums. A record that was
being written when the power went is recognised and put aside; damage before the last record is
an error. The first record names the generation of the store that the others change; a record of
the kind ``kept`` says which generation contains all records before it, once it is current.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from conflictkg.errors import StoreError

NAME = "journal"
_MARK = b"ckgj"
_HEAD = struct.Struct("!4scQII")
"""Mark, kind, sequence number, length of the payload, checksum of the payload."""
_CHECK = struct.Struct("!I")
"""Checksum of the head, after it."""
_BEGIN, _WRITE, _KEPT = b"b", b"w", b"k"


@dataclass(frozen=True, slots=True)
class Record:
    """A record: its kind, its sequence number, its payload, and where it ends in the file."""

    kind: bytes
    sequence: int
    payload: bytes
    end: int


class Journal:
    """The journal of a store's folder, open for appending."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / NAME
        self.sequence = 0
        self.size = 0
        self.failed = ""
        self.torn = 0
        self._file: int | None = None

    def open(self, generation: str, *, replay: bool = False) -> Iterator[tuple[int, bytes]]:
        """Yield the requests that the current generation does not contain; then append to them.

        ``replay`` yields them even if another generation than theirs is current.

        Raises StoreError if the journal is damaged or belongs to another generation. What was
        being written last is moved to ``journal.torn``; it was never acknowledged.
        """
        if not self.path.exists():
            self._renew(generation)
            return
        records, torn = scanned(self.path)
        if torn:
            self._put_aside(torn)
        base, pending = _missing(records, generation)
        if base != generation and pending and not replay:
            raise StoreError(
                f"{self.path} holds {len(pending)} changes to {base}, but the store was replaced "
                f"since then by {generation}",
                "to make them to the new store: --replay; to give them up: move the journal away",
            )
        self.sequence = max((record.sequence for record in records), default=0)
        if not pending:
            self._renew(generation)
            return
        self._append_to()
        for record in pending:
            yield record.sequence, record.payload

    def append(self, payload: bytes) -> int:
        """Add a request, durably, and return its sequence number; raises StoreError.

        After a failure that leaves the file in doubt nothing more is added.
        """
        self._add(_WRITE, self.sequence + 1, payload)
        self.sequence += 1
        return self.sequence

    def keeping(self, generation: str) -> None:
        """Note, durably, that a generation about to be current contains all that is here."""
        self._add(_KEPT, self.sequence, json.dumps({"generation": generation}).encode())

    def kept(self, generation: str) -> None:
        """Begin anew: the current generation contains all that is here."""
        try:
            self._renew(generation)
        except OSError as error:  # the journal goes on: it says which generation has what is in it
            raise StoreError(f"the journal {self.path} could not be emptied: {error}") from error

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _add(self, kind: bytes, sequence: int, payload: bytes) -> None:
        if self.failed or self._file is None:
            raise StoreError(f"the journal cannot be written: {self.failed}", "restart the server")
        data = encoded(kind, sequence, payload)
        try:
            _write(self._file, data)
            _sync(self._file)
        except OSError as error:
            try:
                os.ftruncate(self._file, self.size)
                _sync(self._file)
            except OSError as worse:
                self.failed = str(worse)
            raise StoreError(
                f"the journal {self.path} could not be written: {error}",
                "nothing was changed; is the disk full?",
            ) from error
        self.size += len(data)

    def _renew(self, generation: str) -> None:
        """Put a journal without requests in place of what is there, in one rename."""
        begin = json.dumps({"generation": generation}).encode()
        new = self.path.with_suffix(".new")
        with _created(new) as file:
            file.write(encoded(_BEGIN, self.sequence, begin))
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.path)
        self.close()
        self._append_to()
        _sync_folder(self.folder)

    def _append_to(self) -> None:
        self.size = self.path.stat().st_size
        self._file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)

    def _put_aside(self, torn: bytes) -> None:
        self.torn = len(torn)
        with _created(self.path.with_suffix(".torn")) as file:
            file.write(torn)
        whole = self.path.stat().st_size - len(torn)
        with self.path.open("r+b") as file:
            file.truncate(whole)
            os.fsync(file.fileno())


def missing(folder: Path, generation: str) -> int:
    """Return how many requests the journal of a folder holds that a generation does not contain.

    Raises StoreError if the journal is damaged.
    """
    path = folder / NAME
    return len(_missing(scanned(path)[0], generation)[1]) if path.exists() else 0


def _missing(records: list[Record], generation: str) -> tuple[str, list[Record]]:
    """Return the generation that requests change, and those of them that it does not contain."""
    base = json.loads(records[0].payload)["generation"] if records else generation
    begun = records[0].sequence if records else 0
    for record in records:
        if record.kind == _KEPT and json.loads(record.payload)["generation"] == generation:
            base, begun = generation, record.sequence
    return base, [one for one in records if one.kind == _WRITE and one.sequence > begun]


def scanned(path: Path) -> tuple[list[Record], bytes]:
    """Return the records of a journal and what is left of one that was cut off at its end.

    Raises StoreError if a record is damaged and others follow it.
    """
    data = path.read_bytes()
    records: list[Record] = []
    at = 0
    while at < len(data):
        record = _record(data, at)
        if record is None or (records and record.sequence < records[-1].sequence):
            if any(_record(data, later) for later in _marks(data, at + 1)):
                raise StoreError(
                    f"{path} is damaged at byte {at}, and acknowledged changes follow",
                    "restore the file from a copy; moving it away gives up the changes in it",
                )
            return records, data[at:]
        records.append(record)
        at = record.end
    return records, b""


def encoded(kind: bytes, sequence: int, payload: bytes) -> bytes:
    """Return a record as bytes."""
    head = _HEAD.pack(_MARK, kind, sequence, len(payload), zlib.crc32(payload))
    return head + _CHECK.pack(zlib.crc32(head)) + payload


def _record(data: bytes, at: int) -> Record | None:
    """Return the record that begins at a position, or None if none does that is whole."""
    start = at + _HEAD.size + _CHECK.size
    if start > len(data):
        return None
    head = data[at : at + _HEAD.size]
    mark, kind, sequence, length, check = _HEAD.unpack(head)
    if mark != _MARK or _CHECK.unpack_from(data, at + _HEAD.size)[0] != zlib.crc32(head):
        return None
    payload = data[start : start + length]
    if len(payload) < length or zlib.crc32(payload) != check:
        return None
    return Record(kind, sequence, payload, start + length)


def _marks(data: bytes, at: int) -> Iterator[int]:
    while (at := data.find(_MARK, at)) >= 0:
        yield at
        at += 1


def _created(path: Path) -> BinaryIO:
    """Return a file to be written that its owner alone may read."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600), "wb")


def _write(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


def _sync(file: int) -> None:
    if hasattr(os, "fdatasync"):
        os.fdatasync(file)
    else:
        os.fsync(file)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
