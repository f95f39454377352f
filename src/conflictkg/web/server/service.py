"""What the edge serves: the graph, the workers, and one writer whose changes are durable.

``folder`` is that of the store; without one the holder builds the graph.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import shutil
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from conflictkg import __version__
from conflictkg.errors import StoreError
from conflictkg.generations import linked, own_folder
from conflictkg.store import current_generation
from conflictkg.web.catalogue import AT_ONCE, LARGE
from conflictkg.web.envelope import again, enclosed, opened
from conflictkg.web.http import Options, Refused, Request, Response
from conflictkg.web.server.channel import Failed, Stopped
from conflictkg.web.server.exchange import refusal
from conflictkg.web.server.frames import Broken, Kind, decode_request, encode_request
from conflictkg.web.server.held import Held
from conflictkg.web.server.holder import Holding
from conflictkg.web.server.journal import Journal, missing
from conflictkg.web.server.metrics import Metrics, say
from conflictkg.web.server.pool import Pool

WRITERS = 64
"""Requests that may wait for the writer."""
COMPACTED = 64 * 1024 * 1024
"""Bytes of the journal beyond which the graph is written to the store."""
REFRESHED = 60.0
"""Seconds after which what was counted is counted again, if the graph has changed: at least."""
_SPARING = 20
"""Times the time that counting takes, that pass until it is done again: at least."""
_SERVED = "serving"
_EXPANSION = 1.5
"""Bytes in memory for one on disk (10.9M quads: 4.1 GB for 2.7)."""
QUEUED_SECONDS = 15.0
"""Time that a request waits for a worker at most."""


class Service:
    """The graph and all that works on it."""

    def __init__(
        self,
        holding: Holding,
        metrics: Metrics,
        *,
        workers: int,
        folder: Path | None,
        replay: bool = False,
    ) -> None:
        self.options: Options = holding.options
        self.metrics = metrics
        self.held = Held(holding, self._holder_lost)
        self.pool = Pool(workers, QUEUED_SECONDS, self.held.worker)
        self.salt = secrets.randbits(32)
        self.closed = False
        self._base = ""
        self._kept = 0
        self._copies: Path | None = None
        self._described = 0
        self._counted = -1
        self._folder = folder
        self._replay = replay
        self._journal: Journal | None = None
        self._writer = asyncio.Lock()
        self._writers = 0
        self._recovery: asyncio.Task[None] | None = None

    @property
    def version(self) -> str:
        """The version of the content that a request would see now."""
        return self.pool.version

    async def open(self) -> None:
        """Read the graph, replay the journal, start workers; raises StoreError."""
        if self._folder is None:
            self._base = f"memory-{secrets.token_hex(4)}"
            await self.held.open(self._version(0))
        else:
            generation = generation_name(self._folder)
            self._base = generation.removeprefix("generation-")
            source = (self._folder / generation).resolve()
            copy = None
            if self.held.holding.on_disk:
                self._copies = own_folder(self._folder.resolve(), _SERVED, os.getpid())
                copy = self._copies / secrets.token_hex(8)
                linked(source, copy)
            else:
                _check_room(source)
            self.held.holding = replace(self.held.holding, source=str(source))
            await self.held.open(self._version(0), copy)
            if self.options.writable:
                await self._replayed(generation, self._folder)
            elif count := missing(self._folder, generation):
                say(f"{count} changes in the journal are not in the store; --writable adds them")
        try:
            statistics = await self.held.survey(AT_ONCE)
            await self._describe(statistics, self._sequence if statistics else -1)
        except (Stopped, Failed, Broken) as error:
            say(f"the graph could not be described: {error}")
        self.held.complete()
        self.pool.renew(self.held.version)

    async def describing(self) -> None:
        """Count what is in the graph, and again after changes, from time to time; see catalogue."""
        pause, failed = 0.0, False
        while not self.closed:
            await asyncio.sleep(pause)
            pause = REFRESHED
            if self._counted == self._sequence or not self.held.whole:
                continue
            began = time.monotonic()
            try:
                async with self._writer:  # a change is in the journal before it is in the graph
                    sequence = self._sequence
                statistics = await self.held.survey(LARGE)
                async with self._writer:
                    if self.held.whole:
                        await self._describe(statistics, sequence)
                        self.pool.renew(self.held.version)
                failed = False
            except (Stopped, Failed, Broken, OSError) as error:
                say(f"what is in the graph could not be counted: {error}")
                if failed:  # twice: not again until it changes
                    self._counted = self._sequence
                failed = not failed
            pause = max(REFRESHED, _SPARING * (time.monotonic() - began))

    @property
    def _sequence(self) -> int:
        return self._journal.sequence if self._journal else 0

    async def _describe(self, statistics: bytes, sequence: int) -> None:
        self._described += 1
        version = f"{self._version(self._sequence)}.{self._described}"
        await self.held.describe(statistics, version)
        self._counted = sequence

    async def write(self, request: Request) -> Response:
        """Run a request that writes: all of it, durably, or none; raises Refused."""
        if self._journal is None:
            raise Refused(403, "this server is for reading only", "start it with --writable")
        if self._writers >= WRITERS or self.closed:
            raise refusal(503, "too many changes wait", "")
        self._writers += 1
        try:
            # Once begun, a change is carried through, whether the client waits for it or not.
            return await asyncio.shield(asyncio.ensure_future(self._write(request)))
        finally:
            self._writers -= 1

    async def _write(self, request: Request) -> Response:
        async with self._writer:
            assert self._journal is not None
            if not self.held.whole:  # what is there now may lack changes that were acknowledged
                raise refusal(503, "the graph is being read again", "try again later")
            version = self._version(self._journal.sequence + 1)
            data = encode_request(enclosed(request, self.options, datetime.now(UTC)))
            changed = await self.held.change(data, version, self.options.timeout)
            response, only_once = opened(changed.response)
            if changed.candidate is None:
                return response
            try:
                await asyncio.to_thread(self._journal.append, data)
            except StoreError as error:
                changed.candidate.stop("rejected")
                raise Refused(507, error.message, error.hint) from error
            self.metrics.writes += 1
            self.held.promote(changed.candidate)
            self.pool.renew(self.held.version)
            if only_once or self._journal.size > COMPACTED:
                kept = await self._keeps()
                if only_once and not kept:
                    raise Refused(
                        507,
                        "the change is made and in the journal, but not in the store: after a "
                        "crash it would be made again, with another outcome",
                        "do not send it again; is the disk full?",
                    )
            return response

    async def close(self) -> None:
        """Write what the store does not have yet, and end all processes."""
        self.closed = True
        self.pool.close()
        async with self._writer:
            if self._journal is not None:
                if self.held.whole and self._journal.sequence > self._kept:
                    await self._keeps()
                self._journal.close()
            self.held.close()
            if self._copies is not None:
                shutil.rmtree(self._copies, ignore_errors=True)

    def health(self) -> Response:
        """Return whether requests can be answered."""
        told = {
            "status": "ok" if self.held.whole else "starting",
            "version": self.version,
            **({} if self.held.holding.on_disk else {"quads": self.held.quads}),
            "software": __version__,
        }
        return Response(
            200 if self.held.whole else 503,
            "application/json",
            json.dumps(told).encode(),
            (("cache-control", "no-store"),),
        )

    def gauges(self) -> Mapping[str, tuple[str, float]]:
        """Return what is going on now, for Prometheus."""
        pool = self.pool
        return {
            "workers_idle": ("Workers without a request.", len(pool.idle)),
            "workers_busy": ("Workers in a slot.", len(pool.busy)),
            "workers_slow": ("Workers in the slow lane.", len(pool.slow)),
            "requests_waiting": ("Requests that wait for a worker.", len(pool.waiting)),
            "forks": ("Processes forked since the start.", self.held.starts),
            "journal_bytes": ("Size of the journal.", self._journal.size if self._journal else 0),
        }

    def report(self, told: dict[str, Any]) -> None:
        """Tell the operator of an error in the server itself."""
        if told.get("trace"):
            say(f"an error in the server:\n{told['trace']}")

    def _version(self, sequence: int) -> str:
        return f"{self._base}.{sequence}"

    async def _replayed(self, generation: str, folder: Path) -> None:
        """Make the changes again that the store does not contain, and keep them there."""
        if self._journal is not None:
            self._journal.close()
        self._journal = Journal(folder)
        replayed = 0
        try:
            for sequence, record in self._journal.open(generation, replay=self._replay):
                await self._repeat(sequence, record)
                replayed += 1
        finally:
            if self._journal.torn:
                say(
                    f"the last {self._journal.torn} bytes of {self._journal.path} were being "
                    "written when the server ended; put aside as journal.torn, never acknowledged"
                )
        self._kept = self._journal.sequence - replayed
        try:
            await self.held.repeated()
        except (Stopped, Failed, Broken) as error:
            raise StoreError(f"the graph with the replayed changes is lost: {error}") from error
        if replayed:
            say(f"{replayed} acknowledged changes were replayed from {self._journal.path}")
            await self._keeps()

    async def _repeat(self, sequence: int, record: bytes) -> None:
        request = again(decode_request(record))
        what = f"change {sequence} in the journal ({request.method} {request.path})"
        try:
            response = await self.held.repeat(encode_request(request), self._version(sequence))
        except (Stopped, Failed, Broken) as error:
            raise StoreError(
                f"{what} cannot be replayed: {error}", "allow more with --timeout and --memory"
            ) from error
        if response.status >= 400:
            text = response.body[:500] if isinstance(response.body, bytes) else b""
            raise StoreError(
                f"{what} was accepted once and is now refused: {text.decode(errors='replace')}",
                "to give up the changes in the journal, move it away",
            )

    async def _keeps(self) -> bool:
        """Write the graph to the store; return whether that worked, and say so if it did not."""
        assert self._journal is not None
        try:
            await self._keep()
        except StoreError as error:
            say(f"{error}\nThe changes are safe in {self._journal.path}.")
            return False
        return True

    async def _keep(self) -> None:
        """Write the graph to the store and empty the journal; killed anywhere, nothing is lost.

        The generation is durable before the journal says that it holds everything, the journal
        says so before the generation is current, and it is emptied after that.
        """
        assert self._journal is not None and self._folder is not None
        try:
            keeper = await self.held.keeper(self._folder)
            try:
                _, payload = await keeper.receive()
                generation = str(json.loads(payload)["generation"])
                self._journal.keeping(generation)
                await keeper.order(Kind.PUBLISH)
            finally:
                keeper.stop("retired")
        except (Stopped, Failed, Broken) as error:
            raise StoreError(f"the store could not be written: {error}") from error
        self._journal.kept(generation)
        self._kept = self._journal.sequence

    def _holder_lost(self) -> None:
        """Start a holder again, from the store and the journal."""
        if not self.closed and self._recovery is None:
            say("the process that holds the graph has ended; starting another")
            self.metrics.stopped["holder"] += 1
            self._recovery = asyncio.ensure_future(self._recover())

    async def _recover(self) -> None:
        wait = 1.0
        while not self.closed:
            try:
                async with self._writer:
                    if not self.closed:
                        await self.open()
                break
            except (StoreError, OSError, Stopped, Failed, Broken) as error:
                say(str(error))
                await asyncio.sleep(wait)
                wait = min(60.0, 2 * wait)
        self._recovery = None


def _check_room(generation: Path) -> None:
    """Raise StoreError if a store is not going to fit into memory (Linux)."""
    told = Path("/proc/meminfo")
    if not told.exists():
        return
    available = next(
        int(line.split()[1]) * 1024
        for line in told.read_text("ascii").splitlines()
        if line.startswith("MemAvailable")
    )
    size = sum(path.stat().st_size for path in generation.iterdir())
    if _EXPANSION * size > available:
        raise StoreError(
            f"the store needs about {_EXPANSION * size / 2**30:.1f} GiB in memory, and "
            f"{available / 2**30:.1f} GiB are available",
            "serve it from disk: --on-disk",
        )


def generation_name(folder: Path) -> str:
    """Return the name of the current generation of a store; raises StoreError."""
    generation = current_generation(folder)
    if generation is None:
        raise StoreError(f"there is no store in {folder}", "make one with: conflictkg build")
    return generation.name
