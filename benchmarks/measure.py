"""How things are measured: side by side, several times, in this process or in one of their own."""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("conflictkg", "pyoxigraph", "rdflib", "pyshacl", "pyshifty")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was measured for conflictkg and for the peer.

    ``ratio`` is what the target is about: ``target`` says in words what it should be, and
    ``met`` whether it is (None where nothing was promised).
    """

    what: str
    ours: str
    peer: str
    ratio: str
    target: str = ""
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class Child:
    """What a process of its own used: seconds (of the work, and of it all), MiB; its answer."""

    seconds: float
    wall: float
    mib: float
    answer: dict[str, float]


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says: where generated files go, and how much is run."""

    work: Path
    quick: bool = False
    large: bool = False
    rdflib_quads: int = 1_000_000

    @property
    def rounds(self) -> int:
        """How often each side is measured."""
        return 3 if self.quick else 5

    def generated(self, quads: int) -> Path:
        """Return a generated N-Quads file of a size; it is made at its first use."""
        path = self.work / f"{quads}.nq"
        if not path.exists():
            from generate import write

            say(f"generating {quads:,} quads")
            write(quads, path)
        return path

    def store(self, quads: int) -> Path:
        """Return a store on disk that holds a generated file; it is loaded at its first use."""
        folder = self.work / f"store-{quads}"
        if not (folder / "current").exists():
            from conflictkg.load import load

            path = self.generated(quads)
            say(f"loading {quads:,} quads for reading")
            load([path], folder)
        return folder


def say(text: str) -> None:
    """Tell what is going on, on stderr."""
    print(text, file=sys.stderr, flush=True)


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that a call takes, without garbage collection in between."""
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start
    finally:
        gc.enable()


def interleaved(works: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """Return the median seconds of each call; they take turns, so that noise hits all alike."""
    spent: list[list[float]] = [[] for _ in works]
    for number in range(rounds):
        turns = range(len(works))
        for which in turns if number % 2 == 0 else reversed(turns):
            spent[which].append(timed(works[which]))
    return [statistics.median(times) for times in spent]


def child(arguments: Sequence[str], *, limit: float = 3600) -> Child:
    """Run Python with arguments in a process of its own; it may print a JSON object at its end.

    ``seconds`` of that object, if any, is the time of the work without the start of the process.
    Raises TimeoutError if it is not done after ``limit`` seconds, RuntimeError if it fails.
    """
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen([sys.executable, *arguments], stdout=output)
        timer = threading.Timer(limit, process.kill)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode and wall >= limit:
            raise TimeoutError(f"not done after {limit:.0f} s")
        if process.returncode:
            raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}")
        output.seek(0)
        lines = output.read().decode().strip().splitlines()
    answer = json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}
    return Child(answer.get("seconds", wall), wall, usage.ru_maxrss / 1024, answer)


def children(
    commands: Sequence[Callable[[], Sequence[str]]], rounds: int
) -> list[tuple[Child, float]]:
    """Return, for each command, its median run and the largest memory of its runs; they take turns.

    A command is a function, so that it can make its own empty folder before each run.
    """
    runs: list[list[Child]] = [[] for _ in commands]
    for number in range(rounds):
        turns = range(len(commands))
        for which in turns if number % 2 == 0 else reversed(turns):
            runs[which].append(child(commands[which]()))
    return [
        (sorted(some, key=lambda run: run.seconds)[len(some) // 2], max(run.mib for run in some))
        for some in runs
    ]


def machine() -> str:
    """Return one line on the machine and the versions of what was compared."""
    found = [f"{name} {version(name)}" for name in PACKAGES if _installed(name)]
    return (
        f"{os.cpu_count()} cores, {_memory():.0f} GiB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, " + ", ".join(found)
    )


def _installed(name: str) -> bool:
    from importlib.metadata import PackageNotFoundError

    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _memory() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def duration(seconds: float) -> str:
    """Return a duration as people read it.

    >>> duration(0.00123), duration(0.25), duration(12.3)
    ('1.23 ms', '250 ms', '12.3 s')
    """
    if seconds < 1:
        return f"{seconds * 1000:.3g} ms"
    return f"{seconds:.3g} s"


def markdown(rows: Sequence[Row]) -> str:
    """Return rows as a Markdown table."""
    lines = ["| measured | conflictkg | peer | ratio | target | met |", "|---|---|---|---|---|---|"]
    for row in rows:
        met = {True: "yes", False: "**no**", None: ""}[row.met]
        lines.append(
            f"| {row.what} | {row.ours} | {row.peer} | {row.ratio} | {row.target} | {met} |"
        )
    return "\n".join(lines) + "\n"


def parser(description: str | None) -> argparse.ArgumentParser:
    """Return the command line that all benchmarks share; the first line says what is measured."""
    made = argparse.ArgumentParser(description=(description or "").split("\n", 1)[0])
    made.add_argument("--quick", action="store_true", help="fewer quads and rounds, one minute")
    made.add_argument("--large", action="store_true", help="10M quads as well, half an hour")
    made.add_argument("--work", type=Path, help="keep generated files here (a temporary folder)")
    made.add_argument(
        "--rdflib-quads", type=int, default=1_000_000, help="how many rdflib gets (1000000)"
    )
    return made


@contextmanager
def options_of(parsed: argparse.Namespace) -> Iterator[Options]:
    """Give the options of a parsed command line; a temporary folder goes when the block ends."""
    with tempfile.TemporaryDirectory(prefix="conflictkg-benchmarks-") as temporary:
        work = parsed.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        yield Options(work, parsed.quick, parsed.large, parsed.rdflib_quads)


def alone(description: str | None, rows: Callable[[Options], Iterator[Row]]) -> None:
    """Run one benchmark from the command line and print its table."""
    with options_of(parser(description).parse_args()) as options:
        print(markdown(list(rows(options))))
        print(machine())
