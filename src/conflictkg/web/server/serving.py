"""Serving: the processes, the socket, signals, from the first line to the last."""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from types import FrameType

import uvicorn

from conflictkg.errors import InputError
from conflictkg.generations import exclusive
from conflictkg.web.http import Options
from conflictkg.web.server import limits
from conflictkg.web.server.access import Access
from conflictkg.web.server.connection import CONNECTIONS, Connection
from conflictkg.web.server.edge import Edge
from conflictkg.web.server.gateway import gateway
from conflictkg.web.server.holder import Holding
from conflictkg.web.server.metrics import AccessLog, Metrics
from conflictkg.web.server.service import Service

ANSWER = "conflictkg.web.app:answer"
CLOSING_SECONDS = 20
"""Time that requests have to finish when the server is told to stop."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What is served and how: ``folder`` of a store, or ``graphs`` to be built in memory."""

    options: Options
    host: str = "127.0.0.1"
    port: int = 7979
    folder: Path | None = None
    graphs: Path | None = None
    token: str = ""
    workers: int = 0
    on_disk: bool = False
    replay: bool = False
    log: bool = True
    log_queries: bool = False
    answer: str = ANSWER


class Ending:
    """The wish that the server ends: remembered from the first signal on, and told to ``heed``."""

    def __init__(self) -> None:
        self.wanted = False
        self.heed: Callable[[int, FrameType | None], None] | None = None

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Take note of a signal."""
        self.wanted = True
        if self.heed is not None:
            self.heed(number, frame)


class Server(uvicorn.Server):
    """A server of HTTP that leaves the signals to others."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Do nothing: one handler is in place as long as the process lives."""
        yield


def serve(serving: Serving, *, ready: Callable[[str], None]) -> None:
    """Serve until told to stop; ``ready`` gets the address when requests are answered.

    Raises StoreError if there is no store or it cannot be held, InputError for a bad address.
    """
    ending = Ending()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ending)
    listening = _listening(serving.host, serving.port)
    _raise_limit_of_files()
    limits.adopt_orphans()
    options = serving.options
    with listening, gateway(options.services, options.timeout) as way_out:
        serving = replace(serving, options=replace(options, gateway=way_out))
        if serving.options.writable and serving.folder is not None:
            with exclusive(serving.folder):
                _run(serving, listening, ready, ending)
        else:
            _run(serving, listening, ready, ending)


def _run(
    serving: Serving, listening: socket.socket, ready: Callable[[str], None], ending: Ending
) -> None:
    factory = None
    try:
        import uvloop

        factory = uvloop.new_event_loop
    except ImportError:  # an optional package: slower without it
        factory = None
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(_serve(serving, listening, ready, ending))


async def _serve(
    serving: Serving, listening: socket.socket, ready: Callable[[str], None], ending: Ending
) -> None:
    metrics = Metrics()
    service = _service(serving, metrics)
    log = AccessLog(wanted=serving.log, queries=serving.log_queries)
    writes = import_module(serving.answer.partition(":")[0]).writes
    edge = Edge(service, writes, Access(serving.token), log, metrics)
    loop = asyncio.get_running_loop()
    server = Server(_config(edge))
    opening = asyncio.ensure_future(service.open())

    def give_up(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(opening.cancel)

    ending.heed = give_up
    if ending.wanted:
        opening.cancel()
    rounds = asyncio.ensure_future(_rounds(service, log))
    try:
        await opening
        ending.heed = server.handle_exit
        server.should_exit = server.should_exit or ending.wanted
        telling = asyncio.ensure_future(_tell(server, listening, serving.host, ready))
        describing = asyncio.ensure_future(service.describing())
        await server.serve(sockets=[listening])
        telling.cancel()
        describing.cancel()
    except asyncio.CancelledError:
        if not opening.cancelled():
            raise
    finally:
        await service.close()
        rounds.cancel()
        log.flush(1.0)


def _service(serving: Serving, metrics: Metrics) -> Service:
    if serving.folder is None and serving.options.writable:
        raise InputError(
            "a graph that is built in memory cannot be written to: nothing would be left of it",
            "conflictkg build, then: conflictkg serve --store FOLDER --writable",
        )
    if serving.folder is None and serving.on_disk:
        raise InputError(
            "a graph that is built in memory is not on disk",
            "conflictkg build, then: conflictkg serve --store FOLDER --on-disk",
        )
    holding = Holding(
        str((serving.graphs or Path("graphs")).resolve()),
        serving.folder is None,
        serving.on_disk,
        serving.answer,
        serving.options,
        os.getpid(),
    )
    return Service(
        holding,
        metrics,
        workers=serving.workers or max(2, min(4, os.cpu_count() or 2)),
        folder=serving.folder,
        replay=serving.replay,
    )


def _config(edge: Edge) -> uvicorn.Config:
    logging.getLogger("uvicorn.error").addFilter(_worth_telling)
    return uvicorn.Config(
        edge,
        http=Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=CLOSING_SECONDS,
        limit_concurrency=CONNECTIONS,
        backlog=1024,
    )


def _worth_telling(record: logging.LogRecord) -> bool:
    """Return whether a message of the HTTP library is news; a response cut on purpose is not."""
    return record.levelno >= logging.ERROR and "without completing" not in record.getMessage()


async def _tell(
    server: uvicorn.Server, listening: socket.socket, host: str, ready: Callable[[str], None]
) -> None:
    while not server.started:
        await asyncio.sleep(0.01)
    port = listening.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    ready(f"http://{shown}:{port}/")


async def _rounds(service: Service, log: AccessLog) -> None:
    """Learn of processes that have ended, and write the log, again and again."""
    while True:
        await asyncio.sleep(0.05)
        service.held.reap()
        log.flush()


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that is bound to an address; raises InputError if it cannot be had."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except (OSError, OverflowError) as error:
        raise InputError(
            f"{host}:{port} cannot be listened to: {error}",
            "choose another --port (0: any that is free) or --host",
        ) from error
    return listening


def _raise_limit_of_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 8192 if hard == resource.RLIM_INFINITY else min(8192, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
