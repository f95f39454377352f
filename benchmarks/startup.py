"""Start-up: the command line's help against a bare interpreter, and what a query imports.

Importing nothing that is not needed is what keeps the command line quick; rdflib, pySHACL and
networkx cost half a second each.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from measure import Options, Row, alone, children, duration, say

HEAVY = ("numpy", "rdflib", "pyshacl", "networkx", "pandas", "polars")


def rows(options: Options) -> Iterator[Row]:
    """Measure the start of ``--help`` and list the heavy modules that a query imports."""
    say("start-up")
    bare, help = children(
        [lambda: ("-c", "pass"), lambda: ("-m", "conflictkg", "--help")], 4 * options.rounds + 1
    )
    ratio = help[0].wall / bare[0].wall
    yield Row(
        "`conflictkg --help`, beside `python -c pass`",
        duration(help[0].wall),
        duration(bare[0].wall),
        f"{ratio:.2f}x",
        "at most 3x",
        ratio <= 3,
    )
    found = imported(options.work / "startup-store")
    yield Row(
        "heavy modules that `conflictkg query` imports",
        ", ".join(found) or "none",
        "",
        "",
        "none of " + ", ".join(HEAVY),
        not found,
    )


def imported(store: Path) -> list[str]:
    """Return which heavy modules a query of a small store imports."""
    if not store.exists():
        _run("load", str(_small(store)), "--store", str(store))
    log = _run("query", "SELECT * { ?s ?p ?o } LIMIT 1", "--store", str(store))
    modules = {line.rpartition("|")[2].strip() for line in log.splitlines() if "|" in line}
    return [name for name in HEAVY if name in modules]


def _small(store: Path) -> Path:
    path = store.with_suffix(".nq")
    node = "<http://example.org/{}>"
    quad = " ".join(node.format(name) for name in "spog")
    path.write_text(f"{quad} .\n", encoding="utf-8")
    return path


def _run(*arguments: str) -> str:
    """Run a command of conflictkg; return what the interpreter says it imported."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "conflictkg", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return done.stderr


if __name__ == "__main__":
    alone(__doc__, rows)
