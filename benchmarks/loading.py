"""Loading: N-Quads into an empty store on disk, beside Oxigraph's own bulk loader; one document.

Each side runs in a process of its own, so that its peak memory can be told. conflictkg's time
includes checks, hashes, provenance and the atomic switch; the rules, which a bulk loader does not
have, are measured apart (and see derivation.py).
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox

from measure import Options, Row, alone, children, duration, say

SMALL = 20_000
"""The small store: a little more than the real graph cast once."""

HERE = str(Path(__file__))


def rows(options: Options) -> Iterator[Row]:
    """Measure loading of whole files, of one new document, and building of the real graph."""
    sizes = [100_000] if options.quick else [1_000_000]
    memory: dict[int, tuple[float, float]] = {}
    for size in [*sizes, *([10_000_000] if options.large else [])]:
        yield from _whole(options, size, memory)
    if len(memory) > 1:
        small, big = sorted(memory)
        ours, peer = (memory[big][i] / memory[small][i] for i in (0, 1))
        yield Row(
            f"peak memory at {big:,} quads beside that at {small:,}",
            f"{ours:.2f}x",
            f"{peer:.2f}x",
            "",
            "does not grow with the file",
            ours <= 1.5,
        )
    yield from _one_document(options, sizes[0])
    yield from _real(options)


def _whole(options: Options, size: int, memory: dict[int, tuple[float, float]]) -> Iterator[Row]:
    path = options.generated(size)
    say(f"loading {size:,} quads")
    rounds = 1 if size > 1_000_000 else 3
    (ours, our_mib), (raw, raw_mib) = children(
        [_command(options, verb, path) for verb in ("load-without-rules", "raw")], rounds
    )
    memory[size] = (our_mib, raw_mib)
    ratio = raw.seconds / ours.seconds
    yield Row(
        f"load {size:,} quads of N-Quads, rules apart, beside raw `bulk_load` + `flush`",
        f"{duration(ours.seconds)}, {our_mib:,.0f} MiB",
        f"{duration(raw.seconds)}, {raw_mib:,.0f} MiB",
        f"{ratio:.2f} of its speed",
        "at least 0.8",
        ratio >= 0.8,
    )
    if size > 1_000_000:
        return
    ((whole, whole_mib),) = children([_command(options, "load", path)], 1)
    yield Row(
        f"load {size:,} quads of N-Quads and derive all that follows from them, once",
        f"{duration(whole.seconds)}, {whole_mib:,.0f} MiB",
        duration(raw.seconds),
        f"{raw.seconds / whole.seconds:.2f} of its speed",
    )


def _one_document(options: Options, size: int) -> Iterator[Row]:
    """Load one document into a store that exists: what a reader of news does every day."""
    from generate import Generator

    stores = {quads: options.store(quads) for quads in (SMALL, size)}
    new = Generator(size).write_document(options.work)
    quads = sum(1 for _ in ox.parse(path=str(new)))
    say("loading one document")
    (big, _), (small, _), (raw, _) = children(
        [
            _command(options, "load", new, stores[size]),
            _command(options, "load", new, stores[SMALL]),
            _command(options, "raw", new, stores[size]),
        ],
        options.rounds,
    )
    yield Row(
        f"load one new document ({quads:,} quads) into {size:,}, with the rules, "
        f"beside into {SMALL:,}",
        duration(big.seconds),
        duration(small.seconds),
        f"{big.seconds / small.seconds:.2f}x",
    )
    yield Row(
        f"the same into {size:,}, beside raw `bulk_load` + `flush`",
        duration(big.seconds),
        duration(raw.seconds),
        f"{raw.seconds / big.seconds:.2f} of its speed",
    )


def _real(options: Options) -> Iterator[Row]:
    from conflictkg.load import build
    from conflictkg.terms import bundled

    say("building the real graph")
    target = options.work / "real"
    start = time.perf_counter()
    built = build(bundled("graphs"), target)
    spent = time.perf_counter() - start
    yield Row(
        f"build the real graph ({built.quads:,} quads, {built.files} files)",
        duration(spent),
        "",
        f"{built.quads / spent:,.0f} quads/s",
    )


def _command(options: Options, verb: str, path: Path, start_from: Path | None = None) -> _Command:
    return _Command(options.work / f"{verb}-target", verb, path, start_from)


class _Command:
    """Arguments of a child that loads a file into a store made ready for it before each run."""

    def __init__(self, target: Path, verb: str, path: Path, start_from: Path | None) -> None:
        self.target, self.verb, self.path, self.start_from = target, verb, path, start_from

    def __call__(self) -> Sequence[str]:
        shutil.rmtree(self.target, ignore_errors=True)
        if self.start_from:
            shutil.copytree(self.start_from, self.target)
        return HERE, self.verb, str(self.path), str(self.target)


_VERBS = ("load", "load-without-rules", "raw")


def _raw(path: Path, target: Path) -> None:
    """Do with Oxigraph alone what loading is at the least."""
    generations = sorted(target.glob("generation-*"))
    store = ox.Store(str(generations[-1] if generations else target))
    store.bulk_load(path=str(path))
    store.flush()


def _work(verb: str, path: Path, target: Path) -> None:
    """Be the child: import first, then measure the work alone."""
    from conflictkg.load import load

    start = time.perf_counter()
    if verb == "raw":
        _raw(path, target)
    else:
        load([path], target, rules=verb != "load-without-rules")
    print(json.dumps({"seconds": time.perf_counter() - start}))


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] in _VERBS:
        _work(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        alone(__doc__, rows)
