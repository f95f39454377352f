"""The graph that is served: its holder, its version, and the processes forked from it."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from conflictkg.errors import StoreError
from conflictkg.web.http import Response
from conflictkg.web.server.access import VARIABLE
from conflictkg.web.server.channel import Channel, Failed, Stopped, connected
from conflictkg.web.server.frames import Broken, Kind
from conflictkg.web.server.holder import Holding


@dataclass(frozen=True, slots=True)
class Changed:
    """A copy of the graph that a request has changed: the response, and the process with it."""

    response: Response
    candidate: Channel | None


class Held:
    """The current holder, or the current copy of a store on disk; a change that is accepted
    replaces it by a candidate, or by the copy that the candidate has made and changed.

    ``lost`` is called when the holder ends without being asked to. ``whole``: all changes that were
    acknowledged are in the graph; until then no worker is forked.
    """

    def __init__(self, holding: Holding, lost: Callable[[], None]) -> None:
        self.holding = holding
        self.version = ""
        self.quads = 0
        self.filtered = False
        self.whole = False
        self.starts = 0
        self._lost = lost
        self._holder: Channel | None = None
        self._children: dict[int, Channel] = {}
        self._starting: set[Channel] = set()
        self._source: Path | None = None
        self._repeating: Channel | None = None

    async def open(self, version: str, source: Path | None = None) -> None:
        """Start a holder and wait until it has read the graph; raises StoreError if it cannot.

        ``source`` is the copy of a store on disk that is read first; others are made beside it.
        """
        self._source, self.whole = source, False
        if self._repeating is not None:  # of an attempt that failed: it has some of the changes
            self._repeating.stop("rejected")
            self._repeating = None
        channel = Channel(version)
        theirs = await connected(channel)
        with theirs:
            command = [sys.executable, "-m", "conflictkg.web.server.holder", str(theirs.fileno())]
            process = subprocess.Popen(
                [*command, self.holding.text(), version],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=sys.stderr,
                env={name: value for name, value in os.environ.items() if name != VARIABLE},
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
        self._replace(channel)

    def promote(self, candidate: Channel) -> None:
        """Make what a candidate has changed the current version.

        If the candidate has ended, so has what it changed: the holder is lost.
        """
        if candidate.folder is None:
            self._replace(candidate)
            return
        if candidate.gone:
            if self._holder is not None:
                self._holder.stop("died")
            return
        self._source, self.version = candidate.folder, candidate.version
        candidate.stop("retired")

    def _replace(self, candidate: Channel) -> None:
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
        if not self.whole:
            raise Stopped("died")
        return await self._forked(Kind.WORKER, self.version, self._source, version=self.version)

    async def change(self, request: bytes, version: str, seconds: float) -> Changed:
        """Run a request that writes on a fork of the graph; without a candidate it is refused.

        Raises Stopped or Failed if the fork ended or took more than it may.
        """
        candidate = await self._candidate(version)
        try:
            response = await self._applied(candidate, request, seconds)
            if response.status < 400:
                await self._settled(candidate)
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
        target = self._holder
        if self.holding.on_disk:
            if self._repeating is None:
                self._repeating = await self._candidate(version)
            target = self._repeating
        response = await self._applied(target, request, 10 * self.holding.options.timeout)
        self.version = target.version = version
        return response

    async def repeated(self) -> None:
        """Make what was repeated the current version, if it has not become that by itself."""
        if self._repeating is not None:
            candidate, self._repeating = self._repeating, None
            await self._settled(candidate)
            self.promote(candidate)

    def complete(self) -> None:
        """Let there be workers, as the graph is whole; raises StoreError if it is lost."""
        if self._holder is None:
            raise StoreError("the process that holds the graph has ended")
        self.whole = True

    async def survey(self, most: int) -> bytes:
        """Return statistics of the current version as N-Quads; see Kind.SURVEY."""
        channel = await self._forked(Kind.SURVEY, self.version, self._source, most=str(most))
        try:
            return (await channel.receive())[1]
        finally:
            channel.stop("retired")

    async def describe(self, statistics: bytes, version: str) -> None:
        """Make a version of the graph whose description has some statistics the current one."""
        candidate = await self._candidate(version)
        try:
            await candidate.order(Kind.DESCRIBE, statistics)
            await self._settled(candidate)
        except BaseException:
            candidate.stop("rejected")
            raise
        self.promote(candidate)

    async def keeper(self, folder: Path) -> Channel:
        """Fork a process that writes the graph into a folder; see Kind.KEEP."""
        return await self._forked(Kind.KEEP, self.version, self._source, folder=str(folder))

    def close(self) -> None:
        """End the holder."""
        if self._holder is not None:
            self._holder.lost = None
            self._holder.stop("closing")
        if self._repeating is not None:
            self._repeating.stop("closing")

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
                if channel.folder is not None:
                    self._sweep(channel.folder.parent)

    def _sweep(self, folder: Path) -> None:
        """Remove the copies of a store on disk that nobody has open any more.

        While it is made, a copy has another name: with a suffix (``.tmp``).
        """
        needed = {channel.folder for channel in (*self._children.values(), *self._starting)}
        needed.add(self._source)
        for copy in folder.iterdir():
            if copy.with_suffix("") not in needed:
                shutil.rmtree(copy, ignore_errors=True)

    async def _candidate(self, version: str) -> Channel:
        """Fork a process that is to change the graph: its own memory, or its own copy on disk."""
        if self._source is None:
            return await self._forked(Kind.CANDIDATE, version)
        target = self._source.with_name(secrets.token_hex(8))
        return await self._forked(
            Kind.CANDIDATE, version, target, source=str(self._source), target=str(target)
        )

    async def _settled(self, candidate: Channel) -> None:
        """Have a candidate on disk write out and close its copy, so that others can read it."""
        if candidate.folder is not None:
            await candidate.order(Kind.CLOSE)

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

    async def _forked(
        self, kind: Kind, wanted: str, folder: Path | None = None, /, **order: str
    ) -> Channel:
        holder = self._holder
        if holder is None or holder.gone:
            raise Stopped("died")
        channel = Channel(wanted)
        channel.folder = folder
        order.setdefault("source", str(folder))
        self._starting.add(channel)
        try:
            theirs = await connected(channel)
            with theirs:
                holder.hand(kind, json.dumps(order).encode(), theirs.fileno())
            self.starts += 1
            first, payload = await channel.receive()
        finally:
            self._starting.discard(channel)
        if first is not Kind.HELLO:
            raise Broken(f"{first.name} where a greeting should be")
        if channel.gone:
            raise Stopped("died")
        channel.pid = int(json.loads(payload)["pid"])
        self._children[channel.pid] = channel
        return channel

    def _ended(self, channel: Channel) -> None:
        if channel is self._holder:
            self._holder, self.version, self.whole = None, "", False
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
