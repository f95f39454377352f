"""Workers and who gets them: a few slots for all, a slow lane for what takes long, a short queue.

A request gets a slot. Only when others wait does it matter how much it has worked, or waited for
its client: beyond PATIENCE it is moved to the slow lane, with a lower priority, and a fresh worker
takes its slot; if the slow lane is full too, it is ended beyond LONGEST. What met a limit in the
last minute goes to the slow lane at once, or is turned away. So a small query waits a fraction of a
second behind each hostile one that is new, and the number of processes is bounded by twice the
number of slots.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress

from conflictkg.web.http import Request
from conflictkg.web.server.channel import Channel, Failed, Stopped
from conflictkg.web.server.frames import Broken
from conflictkg.web.server.metrics import say

PATIENCE = 0.2
"""Effort (see Channel) after which a request makes way for those that wait."""
LONGEST = 0.5
"""Effort after which it is ended for them, if there is no room in the slow lane."""
QUEUE = 512
"""Requests that may wait for a slot."""
_ROUND = 0.05


class Full(Exception):
    """There is no slot, and none came free in time."""


class Pool:
    """The workers of the current version of the graph, and those that still finish older work."""

    def __init__(self, size: int, wait: float, start: Callable[[], Awaitable[Channel]]) -> None:
        self.size = size
        self.version = ""
        self.idle: list[Channel] = []
        self.busy: set[Channel] = set()
        self.slow: set[Channel] = set()
        self.starting = 0
        self.waiting: deque[asyncio.Future[Channel]] = deque()
        self.closed = False
        self._wait = wait
        self._start = start
        self._tasks: set[asyncio.Task[None]] = set()
        self._balancing = False
        self._told = float("-inf")

    async def acquire(self, place: asyncio.Future[Channel], *, costly: bool = False) -> Channel:
        """Wait for a worker; raises Full. Whoever gets one gives it back with release.

        ``place`` is where it is put; an exception that is put there in its stead ends the waiting.
        ``costly``: the request is known to take long, and only gets a place in the slow lane.
        """
        if costly and len(self.slow) >= self.size:
            raise Full
        channel = await self._acquire(place)
        if costly and len(self.slow) >= self.size:  # others were quicker
            self.release(channel, reusable=True)
            raise Full
        if costly:
            self._make_way(channel)
        return channel

    async def _acquire(self, place: asyncio.Future[Channel]) -> Channel:
        while self.idle:
            channel = self.idle.pop()
            if not channel.gone:
                place.set_result(self._given(channel))
                return channel
        if self.closed or len(self.waiting) >= QUEUE:
            raise Full
        self.waiting.append(place)
        timer = asyncio.get_running_loop().call_later(self._wait, _give_up, place)
        self.grow()
        if not self._balancing:
            self._balancing = True
            self._run(self._balance())
        try:
            return await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled() and place.exception() is None:
                self.release(place.result(), reusable=True)
            raise
        finally:
            timer.cancel()
            with suppress(ValueError):  # it was taken out to be given a worker
                self.waiting.remove(place)

    def release(self, channel: Channel, *, reusable: bool) -> None:
        """Take a worker back; one that is slow, old or not to be trusted ends."""
        self.busy.discard(channel)
        self.slow.discard(channel)
        spent = channel.slow or channel.retiring or channel.version != self.version
        if not reusable or spent or self.closed:
            channel.stop("retired")
        if not channel.gone:
            self._offer(channel)
        self.grow()

    def renew(self, version: str) -> None:
        """Serve another version from now on: idle workers end, the others when they are done."""
        self.version = version
        for channel in self.idle:
            channel.stop("retired")
        self.idle.clear()
        self.grow()

    def grow(self) -> None:
        """Start workers for those that wait, and one to spare."""
        while not self.closed and self.version:
            live = self.starting + len(self.idle) + len(self.busy)
            wanted = max(len(self.waiting), 0 if self.idle else 1)
            if live >= self.size or self.starting >= wanted:
                return
            self.starting += 1
            self._run(self._add())

    def close(self) -> None:
        """End all workers; what they were doing is stopped."""
        self.closed = True
        for channel in (*self.idle, *self.busy, *self.slow):
            channel.stop("closing")
        for place in self.waiting:
            _give_up(place)
        for task in self._tasks:
            task.cancel()

    def _make_way(self, channel: Channel) -> None:
        """Move a worker to the slow lane."""
        self.busy.discard(channel)
        self.slow.add(channel)
        channel.nice()
        self.grow()

    def _given(self, channel: Channel) -> Channel:
        self.busy.add(channel)
        channel.begin()
        return channel

    def _offer(self, channel: Channel) -> None:
        while self.waiting:
            place = self.waiting.popleft()
            if not place.done():
                place.set_result(self._given(channel))
                return
        self.idle.append(channel)

    async def _add(self) -> None:
        try:
            channel = await self._start()
        except (Stopped, Failed, Broken, OSError) as error:
            if not isinstance(error, Stopped) and time.monotonic() > self._told + 60:
                self._told = time.monotonic()
                say(f"a worker could not be started: {error}")
            await asyncio.sleep(_ROUND)  # the holder is being replaced: the next round tries again
            return
        finally:
            self.starting -= 1
        if self.closed or channel.version != self.version:
            channel.stop("retired")
            self.grow()
        else:
            self._offer(channel)

    async def _balance(self) -> None:
        while self.waiting and not self.closed:
            await asyncio.sleep(_ROUND)
            while self.waiting and self.waiting[0].done():
                self.waiting.popleft()
            self.grow()
            if not self.waiting or not self.busy:
                continue
            largest = max(self.busy, key=lambda channel: channel.effort)
            if largest.effort > PATIENCE and len(self.slow) < self.size:
                self._make_way(largest)
            elif largest.effort > LONGEST:  # its slot is free at once, whenever its client notices
                self.busy.discard(largest)
                largest.stop("crowded")
                self.grow()
        self._balancing = False

    def _run(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class Costly:
    """Requests that met a limit lately: what they asked, by its hash, and until when it counts."""

    def __init__(self, seconds: float = 60.0, most: int = 10_000) -> None:
        self._seconds = seconds
        self._most = most
        self._until: dict[int, float] = {}

    def add(self, request: Request) -> None:
        """Take note of a request."""
        if len(self._until) >= self._most:
            self._until.clear()
        self._until[_asked(request)] = time.monotonic() + self._seconds

    def __contains__(self, request: Request) -> bool:
        return self._until.get(_asked(request), 0.0) > time.monotonic()


def _asked(request: Request) -> int:
    return hash((request.path, request.query, request.body))


def _give_up(place: asyncio.Future[Channel]) -> None:
    if not place.done():
        place.set_exception(Full())
