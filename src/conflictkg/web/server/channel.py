"""The edge's end of the socket to a process: requests out, answers in, whole or in pieces."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from conflictkg.web.http import Response
from conflictkg.web.server import limits
from conflictkg.web.server.frames import Broken, Frames, Kind, decode_head, frame

_HELD = 512 * 1024
"""Bytes of a response that wait for a slow client before the worker has to wait as well."""


class Stopped(Exception):
    """A process ended before its answer did: why, as one of the words of ``Channel.stop``."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


class Failed(Exception):
    """A process says that it cannot answer; ``told`` has status, message, hint, reason, trace."""

    def __init__(self, told: dict[str, Any]) -> None:
        super().__init__(told.get("message", ""))
        self.told = told


class Channel(asyncio.Protocol):
    """The edge's end of the socket to one process, and what is known of that process.

    ``folder`` is the copy of the store that it has open, if the graph is on disk; ``retiring``
    tells that it takes no further request.
    """

    def __init__(self, version: str) -> None:
        self.version = version
        self.pid = 0
        self._since = 0.0
        self._worked = 0.0
        self._waited = 0.0
        self._waiting_since: float | None = None
        self.slow = False
        self.gone = False
        self.retiring = False
        self.folder: Path | None = None
        self._frames = Frames()
        self._arrived: deque[tuple[Kind, bytes]] = deque()
        self._bytes = 0
        self._waiter: asyncio.Future[None] | None = None
        self._reason = ""
        self.status: int | None = None
        self._transport: asyncio.Transport | None = None
        self._socket: socket.socket | None = None
        self.lost: Callable[[], None] | None = None

    async def receive(self) -> tuple[Kind, bytes]:
        """Wait for the next message; raises Stopped if there will be none, Failed if it says so."""
        while not self._arrived:
            if self.gone:
                raise Stopped(self._reason, self.status)
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        kind, payload = self._arrived.popleft()
        self._bytes -= len(payload)
        if self._bytes < _HELD and self._transport is not None and not self.gone:
            self._transport.resume_reading()
        if kind is Kind.FAILED:
            raise Failed(cast("dict[str, Any]", json.loads(payload)))
        return kind, payload

    async def head(self) -> tuple[Response, bool]:
        """Wait for a response; return it and whether its body is whole."""
        kind, payload = await self.receive()
        if kind not in (Kind.ANSWER, Kind.BEGIN):
            raise Broken(f"{kind.name} where a response should be")
        return decode_head(payload), kind is Kind.ANSWER

    async def order(self, kind: Kind, payload: bytes = b"") -> dict[str, Any]:
        """Send a message and return what comes back, a JSON object."""
        self.send(kind, payload)
        _, answer = await self.receive()
        return cast("dict[str, Any]", json.loads(answer))

    def send(self, kind: Kind, payload: bytes = b"") -> None:
        """Send a message."""
        if self._transport is not None and not self.gone:
            self._transport.write(frame(kind, payload))

    def stop(self, reason: str) -> None:
        """End the process at once; ``reason`` is what those who wait for it are told."""
        if self.gone:
            return
        self._reason = self._reason or reason
        if self.pid:
            try:
                os.kill(self.pid, signal.SIGKILL)
            except ProcessLookupError:
                self._reason = self._reason or "died"
        if self._transport is not None:
            self._transport.abort()
        self._end()

    def ended(self, status: int) -> None:
        """Take note of how the process ended: its exit code, negative for a signal."""
        self.status = status
        self.pid = 0

    def nice(self) -> None:
        """Let others go first."""
        self.slow = True
        try:
            os.setpriority(os.PRIO_PROCESS, self.pid, 15)
        except (ProcessLookupError, PermissionError):
            self.slow = True

    def begin(self) -> None:
        """Take note of the time at which a request begins, and of the process's CPU time."""
        self._since = time.monotonic()
        self._worked = self._processor()
        self._waited = 0.0

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Take note that the process is kept waiting by a client, as long as the block lasts."""
        self._waiting_since = time.monotonic()
        try:
            yield
        finally:
            self._waited, self._waiting_since = self.waited, None

    @property
    def waited(self) -> float:
        """Seconds for which the client has kept the request waiting."""
        since = self._waiting_since
        return self._waited + (0.0 if since is None else time.monotonic() - since)

    def speaks_through(self, descriptor: socket.socket) -> None:
        """Take a second handle of the socket, for messages that carry descriptors."""
        self._socket = descriptor

    def hand(self, kind: Kind, payload: bytes, descriptor: int) -> None:
        """Send a message with a descriptor; nothing else may be on its way out."""
        if self.gone or self._socket is None:
            raise Stopped(self._reason or "died", self.status)
        socket.send_fds(self._socket, [frame(kind, payload)], [descriptor])

    @property
    def effort(self) -> float:
        """Seconds of CPU time that the request has taken, those for which its client has kept it
        waiting, and a tenth of the time that has passed besides.

        So one that waits for the processor is not taken for a large one.
        """
        passed, waited = time.monotonic() - self._since, self.waited
        if not limits.LINUX:
            return passed
        return self._processor() - self._worked + waited + (passed - waited) / 10

    def _processor(self) -> float:
        """Return the CPU time of the process so far, by its clock (clock_getcpuclockid(3))."""
        if not limits.LINUX or not self.pid:
            return self._worked
        try:
            return time.clock_gettime((~self.pid << 3) | 2)
        except OSError:  # it has just ended
            return self._worked

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Take what the process sent."""
        try:
            for message in self._frames.feed(data):
                if message[0] is Kind.RETIRING:
                    self.retiring = True
                    continue
                self._arrived.append(message)
                self._bytes += len(message[1])
        except Broken:
            self.stop("broken")
            return
        if self._bytes >= _HELD and self._transport is not None:
            self._transport.pause_reading()
        self._wake()

    def connection_lost(self, error: Exception | None) -> None:
        """Take note that the process has closed its end."""
        self._reason = self._reason or "died"
        self._end()

    def _end(self) -> None:
        if not self.gone:
            self.gone = True
            if self._socket is not None:
                self._socket.close()
            if self.lost is not None:
                self.lost()
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


async def connected(channel: Channel) -> socket.socket:
    """Connect a channel and return the other end of its socket, to be handed to a process."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    channel.speaks_through(ours.dup())
    await asyncio.get_running_loop().create_unix_connection(lambda: channel, sock=ours)
    return theirs
