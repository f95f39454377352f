"""The process that holds the graph and forks those that work on it.

It reads the graph once, runs nothing that a client sends, and has a single thread: a fork shares
its memory and costs milliseconds. A *candidate* is a fork that changes its copy of the graph; if
the change is accepted it becomes the holder.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import time
import traceback
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from conflictkg.errors import ConflictkgError
from conflictkg.generations import close, in_memory, keep, on_disk, working_copy
from conflictkg.graph import ConflictGraph
from conflictkg.load import build_in_memory
from conflictkg.store import LocalStore
from conflictkg.web import catalogue
from conflictkg.web.envelope import options_of
from conflictkg.web.http import Options, Served
from conflictkg.web.server import limits
from conflictkg.web.server.frames import Broken, Kind, decode_request, frame, receive, told
from conflictkg.web.server.metrics import say
from conflictkg.web.server.worker import Answer, messages, work


@dataclass(frozen=True, slots=True)
class Holding:
    """What a holder is told at its start.

    ``source``: folder of graph files (``built``) or of a generation of a store, which a holder of a
    graph ``on_disk`` does not open: those that it forks are told which copy to use. ``answer``: the
    handlers, as ``module:function``, beside which the module may have ``warm``, to do once what all
    forks need; ``edge``: the process that all others end with.
    """

    source: str
    built: bool
    on_disk: bool
    answer: str
    options: Options
    edge: int

    def text(self) -> str:
        """Return this as JSON."""
        options = {name: getattr(self.options, name) for name in Options.__slots__}
        values = {name: getattr(self, name) for name in Holding.__slots__}
        return json.dumps({**values, "options": options})


def parsed(text: str) -> Holding:
    """Return what a JSON text tells a holder."""
    values = json.loads(text)
    options = values.pop("options")
    services = tuple(options.pop("services"))
    return Holding(**values, options=Options(**options, services=services))


def main() -> int:
    """Hold a graph: the arguments are a descriptor, what to hold, in JSON, and its version."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    holding = parsed(sys.argv[2])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    limits.die_with(holding.edge)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # NumPy's, that there be a single thread
    if not limits.LINUX:
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        holder = Holder(holding, channel, sys.argv[3])
    except ConflictkgError as error:
        channel.sendall(told(Kind.FAILED, message=error.message, hint=error.hint))
        return 1
    holder.hold()
    return 0


class Holder:
    """The graph in memory (or the way to it on disk), and the orders that arrive."""

    def __init__(self, holding: Holding, channel: socket.socket, version: str) -> None:
        self.holding = holding
        self.channel = channel
        module, _, name = holding.answer.partition(":")
        handlers = import_module(module)
        self.answer: Answer = getattr(handlers, name)
        self.store = _held(holding)
        self.served = self.serving(version)
        if hasattr(handlers, "warm"):
            try:
                handlers.warm(self.served)
            except Exception:  # no reason to serve nothing: whoever asks for the page is told
                say(f"a page could not be made beforehand:\n{traceback.format_exc(limit=-4)}")
        limits.settle()
        network = bool(holding.options.services)
        self.filtered = limits.forbid_calls(network=network)

    def serving(self, version: str) -> Served:
        """Return the graph, as it is now, for handlers to answer from."""
        return Served(ConflictGraph(self.store), version, self.holding.options)

    def hold(self) -> None:
        """Do what is ordered until the other side goes."""
        self.channel.sendall(
            told(Kind.HELLO, pid=os.getpid(), quads=len(self.store), filtered=self.filtered)
        )
        while True:
            try:
                kind, payload, descriptors = receive(self.channel)
            except Broken:
                return
            if kind is Kind.WRITE:
                self.change(payload)
                continue
            if kind is Kind.DESCRIBE:
                self.describe(payload)
                continue
            if kind is Kind.CLOSE:
                close(self.store)
                self.channel.sendall(frame(Kind.END, b"{}"))
                continue
            channel = socket.socket(fileno=descriptors[0])
            limits.be_called("holder")  # as no candidate is asked for forks
            if self.forked():
                channel.close()
                continue
            limits.be_called(kind.name.lower())
            self.channel.close()
            self.channel = channel
            self.become(kind, json.loads(payload))
            if kind is not Kind.CANDIDATE:
                os._exit(0)

    def forked(self) -> bool:
        """Fork, and return whether this is still the holder.

        On Linux the new process becomes a child of the edge, which learns how it ends.
        """
        if not limits.LINUX:
            return os.fork() != 0
        between = os.fork()
        if between:
            os.waitpid(between, 0)
            return True
        between = os.getpid()
        if os.fork():
            os._exit(0)
        while os.getppid() == between:
            time.sleep(0.0002)
        limits.die_with(self.holding.edge)
        return False

    def become(self, kind: Kind, order: dict[str, str]) -> None:
        """Do, in a process of its own, what is ordered; one that is a candidate goes on to hold."""
        source = Path(order["source"]) if self.holding.on_disk else None
        if kind is Kind.WORKER:
            self.become_worker(order["version"], source)
            return
        try:
            if source is not None and kind is Kind.CANDIDATE:
                self.store = working_copy(source, Path(order["target"]))
            self.channel.sendall(told(Kind.HELLO, pid=os.getpid()))
            if kind is Kind.KEEP:
                self.keep(source or self.store, Path(order["folder"]))
            elif kind is Kind.SURVEY:
                self.survey(source, int(order["most"]))
        except ConflictkgError as error:
            self.channel.sendall(told(Kind.FAILED, message=error.message, hint=error.hint))
            os._exit(1)

    def become_worker(self, version: str, source: Path | None) -> None:
        """Answer requests until told to stop or grown too large."""
        limits.be_first_to_go()
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)
        limits.forbid_files()
        if source is not None:
            self.store = on_disk(source)
            self.served = self.serving(version)
        work(self.channel, self.answer, self.served)

    def change(self, payload: bytes) -> None:
        """Change the graph as a request says, under the limits, and send the answer."""
        version, _, data = payload.partition(b"\n")
        request = decode_request(data)
        options = options_of(request, self.holding.options)
        served = replace(self.serving(version.decode()), options=options)
        limits.limit_memory(options.memory)
        limits.limit_cpu(options.timeout)
        for message in messages(request, self.answer, served):
            self.channel.sendall(message)
        self.served = self.serving(version.decode())
        limits.limit_memory(0)
        limits.limit_cpu(10**8)

    def describe(self, statistics: bytes) -> None:
        """Renew what editors ask for; no page shows it, so what was made for pages stays good."""
        catalogue.renew(self.store.oxigraph, ox.parse(statistics, format=ox.RdfFormat.N_QUADS))
        self.channel.sendall(frame(Kind.END, b"{}"))

    def survey(self, source: Path | None, most: int) -> None:
        """Send statistics of the graph, or nothing if it has more than so many quads."""
        os.nice(5)
        limits.limit_memory(self.holding.options.memory)
        store = (self.store if source is None else on_disk(source)).oxigraph
        few = sum(1 for _ in islice(store, most + 1)) <= most
        counted = catalogue.survey(store, datetime.now(UTC)) if few else ()
        text = ox.serialize(counted, format=ox.RdfFormat.N_QUADS)
        self.channel.sendall(frame(Kind.END, text or b""))

    def keep(self, source: LocalStore | Path, folder: Path) -> None:
        """Write the graph as a new generation of a store; it is made current on a second order."""

        def confirm(generation: Path) -> None:
            self.channel.sendall(told(Kind.END, generation=generation.name))
            if receive(self.channel)[0] is not Kind.PUBLISH:
                raise Broken("not to be published")

        keep(source, folder, confirm, without=catalogue.CATALOGUE)
        self.channel.sendall(frame(Kind.END, b"{}"))


def _held(holding: Holding) -> LocalStore:
    """Return the graph that a holder is to hold."""
    if holding.built:
        return build_in_memory(Path(holding.source))
    if holding.on_disk:
        return LocalStore(ox.Store(), holding.source)
    return in_memory(Path(holding.source))


if __name__ == "__main__":
    raise SystemExit(main())
