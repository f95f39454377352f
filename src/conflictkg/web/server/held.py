"""The graph that is served: its holder, its version, and the processes forked from it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from conflictkg.errors import StoreError
from conflictkg.web.http import Response
from conflictkg.web.server.channel import Channel, Failed, Stopped, connected
from conflictkg.web.server.frames import Broken, Kind
from conflictkg.web.server.holder import Holding


@dataclass(frozen=True, slots=True)
class Changed:
    """A copy of the graph that a request has changed: the response, and the process with it."""

    response: Response
    candidate: Channel | None


class Held:
    """The current holder; it is replaced by a candidate when a change is accepted.

    ``lost`` is called when the holder ends without being asked to.
    """

    def __init__(self, holding: Holding, lost: Callable[[], None]) -> None:
        self.holding = holding
        self.version = ""
        self.quads = 0
        self.filtered = False
        self.starts = 0
        self._lost = lost
        self._holder: Channel | None = None
        self._children: dict[int, Channel] = {}

    async def open(self, version: str) -> None:
        """Start a holder and wait until it has read the graph; raises StoreError if it cannot."""
        channel = Channel(version)
        theirs = await connected(channel)
        with theirs:
            command = [sys.executable, "-m", "conflictkg.web.server.holder", str(theirs.fileno())]
            process = subprocess.Popen(
                [*command, self.holding.text(), version],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=sys.stderr,
            )
        channel.pid = process.pid
        self._children[process.pid] = channel
        process.returncode = 0  # the edge waits for all its children itself
        try:
            _, payload = await channel.receive()
        except Failed as failed:
            raise StoreError(failed.told["message"], failed.told.get("hint", "")) from failed
        except Stopped as stopped:
            raise StoreError(
                "the graph could not be held in memory",
                "the process that reads it ended: is there enough memory? try --on-disk",
            ) from stopped
        told = json.loads(payload)
        self.quads, self.filtered = told["quads"], told["filtered"]
        self.promote(channel)

    def promote(self, candidate: Channel) -> None:
        """Make a candidate the holder; the one before ends."""
        before, self._holder = self._holder, candidate
        self.version = candidate.version
        candidate.lost = lambda: self._ended(candidate)
        if candidate.gone:
            self._ended(candidate)
        if before is not None:
            before.stop("retired")

    async def worker(self) -> Channel:
        """Fork a worker for the current version."""
        return await self._forked(Kind.WORKER, self.version, version=self.version)

    async def change(self, request: bytes, version: str, seconds: float) -> Changed:
        """Run a request that writes on a fork of the graph; without a candidate it is refused.

        Raises Stopped or Failed if the fork ended or took more than it may.
        """
        candidate = await self._forked(Kind.CANDIDATE, version)
        try:
            response = await self._applied(candidate, request, seconds)
        except Stopped as stopped:
            raise await settled(candidate, stopped) from stopped
        except BaseException:
            candidate.stop("rejected")
            raise
        if response.status >= 400:
            candidate.stop("rejected")
            return Changed(response, None)
        return Changed(response, candidate)

    async def repeat(self, request: bytes, version: str) -> Response:
        """Run a request that was accepted before, in the holder itself."""
        if self._holder is None:
            raise Stopped("died")
        response = await self._applied(self._holder, request, 10 * self.holding.options.timeout)
        self.version = self._holder.version = version
        return response

    async def keeper(self, folder: Path) -> Channel:
        """Fork a process that writes the graph into a folder; see Kind.KEEP."""
        return await self._forked(Kind.KEEP, self.version, folder=str(folder))

    def close(self) -> None:
        """End the holder."""
        if self._holder is not None:
            self._holder.lost = None
            self._holder.stop("closing")

    def reap(self) -> None:
        """Take note of the processes that have ended."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            channel = self._children.pop(pid, None)
            if channel is not None:
                channel.ended(os.waitstatus_to_exitcode(status))

    async def _applied(self, channel: Channel, request: bytes, seconds: float) -> Response:
        timer = asyncio.get_running_loop().call_later(seconds, channel.stop, "time")
        try:
            channel.send(Kind.WRITE, channel.version.encode() + b"\n" + request)
            response, whole = await channel.head()
            if whole:
                return response
            pieces = []
            while (message := await channel.receive())[0] is Kind.CHUNK:
                pieces.append(message[1])
            return Response(
                response.status, response.media_type, b"".join(pieces), response.headers
            )
        finally:
            timer.cancel()

    async def _forked(self, kind: Kind, wanted: str, /, **order: str) -> Channel:
        holder = self._holder
        if holder is None or holder.gone:
            raise Stopped("died")
        channel = Channel(wanted)
        theirs = await connected(channel)
        with theirs:
            holder.hand(kind, json.dumps(order).encode(), theirs.fileno())
        self.starts += 1
        first, payload = await channel.receive()
        if first is not Kind.HELLO:
            raise Broken(f"{first.name} where a greeting should be")
        if channel.gone:
            raise Stopped("died")
        channel.pid = int(json.loads(payload)["pid"])
        self._children[channel.pid] = channel
        return channel

    def _ended(self, channel: Channel) -> None:
        if channel is self._holder:
            self._holder, self.version = None, ""
            self._lost()


async def settled(channel: Channel, stopped: Stopped) -> Stopped:
    """Return why a process ended, its exit code included, which may arrive a little later."""
    for _ in range(50):
        if stopped.reason != "died" or channel.status is not None:
            break
        await asyncio.sleep(0.01)
    return Stopped(stopped.reason, channel.status)


def explained(stopped: Stopped, memory: int, seconds: float) -> tuple[int, str, str]:
    """Return status, message and hint for a request whose process was ended."""
    narrower = "ask for less: anchor the query on fewer things, add LIMIT"
    if stopped.reason == "time":
        return 504, f"it was stopped after the time limit of {seconds:g} s", narrower
    status = stopped.status if stopped.reason == "died" else None  # else it was the edge's doing
    if stopped.reason == "memory" or status in (-signal.SIGABRT, -signal.SIGKILL):
        return 503, f"it took more memory than the limit of {memory} MiB", narrower
    if stopped.reason == "crowded":
        return 503, "it was stopped for shorter requests that wait", "try again later"
    if stopped.reason == "client":
        return 499, "the client has gone", ""
    if stopped.reason == "stalled":
        return 499, "the client does not take the response", ""
    if stopped.reason == "closing":
        return 503, "the server is shutting down", "try again later"
    if status in (-signal.SIGSEGV, -signal.SIGBUS):
        return 500, "it nests deeper than the limit of the stack", "write it with less nesting"
    if status == -signal.SIGXCPU:
        return 504, f"it was stopped after the time limit of {seconds:g} s", narrower
    return 500, "the process that worked on it ended", "report this if it happens again"
