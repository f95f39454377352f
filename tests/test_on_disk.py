"""A graph that is served from disk takes changes as one in memory does."""

from __future__ import annotations

import shutil
import sys
import threading
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from conflictkg.store import open_store
from conflictkg.web.catalogue import CATALOGUE
from conftest import Run
from served import TOKEN, Server, serving, until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the server needs fork")

GRAPH = ox.NamedNode("urn:numbers")
NUMBERS = "SELECT ?n { GRAPH <urn:numbers> { ?s <urn:p> ?n } }"


def inserting(*numbers: int) -> str:
    data = " ".join(f"<urn:s{number}> <urn:p> {number} ." for number in numbers)
    return f"INSERT DATA {{ GRAPH <urn:numbers> {{ {data} }} }}"


@pytest.fixture
def own(real_folder: Path, tmp_path: Path) -> Path:
    """A copy of the real store that a test may write to."""
    return Path(shutil.copytree(real_folder, tmp_path / "own"))


def copies(store: Path) -> list[Path]:
    return list(store.glob("serving-*/*"))


def test_a_change_is_seen_is_kept_and_leaves_no_copies(own: Path, run: Run) -> None:
    with serving("--store", own, "--on-disk", "--writable") as server:
        assert server.update(inserting(1)).status_code == 204
        assert server.numbers(NUMBERS) == {1}
        refused = "INSERT DATA { GRAPH <urn:numbers> { <urn:s2> a ckg:Statement ; <urn:p> 2 } }"
        assert server.update(refused).status_code == 422
        assert server.update("INSERT nothing").status_code == 400
        assert server.numbers(NUMBERS) == {1}
        assert server.update(inserting(3)).status_code == 204
        assert server.numbers(NUMBERS) == {1, 3}
        assert until(lambda: len(copies(own)) == 1, 10), "copies that nobody reads are left"
        assert server.stop() == 0
    assert not list(own.glob("serving-*"))
    kept = open_store(own)
    assert {str(quad.object)[1:2] for quad in kept.match(graph=GRAPH)} == {"1", "3"}
    assert CATALOGUE not in set(kept.graphs())
    done = run("info", "--store", own)
    assert done.returncode == 0 and "derived/description" not in done.stdout


def test_a_reader_sees_one_version(own: Path) -> None:
    """Every change adds two numbers; no answer has one without the other."""
    with serving("--store", own, "--on-disk", "--writable", "--no-validate") as server:
        seen: list[set[int]] = []
        over = threading.Event()
        readers = [threading.Thread(target=_read, args=(server, seen, over)) for _ in range(3)]
        for reader in readers:
            reader.start()
        for number in range(1, 9):
            assert server.update(inserting(number, -number)).status_code == 204
        over.set()
        for reader in readers:
            reader.join(60)
        assert server.numbers(NUMBERS) == {*range(1, 9), *range(-8, 0)}
    assert len({frozenset(numbers) for numbers in seen}) > 2
    assert all(numbers == {-number for number in numbers} for numbers in seen)


SWEPT = """
import asyncio
from conflictkg.web.server import held
forked = held.Held._forked
async def swept(self, *words, **order):
    forking = asyncio.ensure_future(forked(self, *words, **order))
    while not forking.done():
        self._sweep(self._source.parent)
        await asyncio.sleep(0.001)
    return await forking
held.Held._forked = swept
"""


def test_a_copy_is_not_cleared_away_while_it_is_made(own: Path) -> None:
    """Processes may end, and what they had open is cleared away, at any moment."""
    words = ("--store", own, "--on-disk", "--writable", "--no-validate")
    with serving(*words, first=SWEPT) as server:
        for number in range(1, 6):
            told = server.update(inserting(number))
            assert told.status_code == 204, told.text
        assert server.numbers(NUMBERS) == {*range(1, 6)}


def _read(server: Server, seen: list[set[int]], over: threading.Event) -> None:
    while not over.is_set():
        seen.append(server.numbers(NUMBERS))


def test_nothing_acknowledged_is_lost_when_the_server_is_killed_while_it_writes(own: Path) -> None:
    acknowledged: set[int] = set()
    for start in (1, 1001):
        with serving("--store", own, "--on-disk", "--writable", "--no-validate") as server:
            assert server.numbers(NUMBERS) >= acknowledged
            writer = threading.Thread(target=_write, args=(server, start, acknowledged))
            writer.start()
            before = len(acknowledged)
            assert until(lambda: len(acknowledged) >= before + 3, 60)  # noqa: B023
            server.kill()
            writer.join(60)
    with serving("--store", own, "--on-disk", "--writable", "--no-validate") as server:
        found = server.numbers(NUMBERS)
        assert found >= acknowledged and len(found - acknowledged) <= 2
        assert len(list(own.glob("serving-*"))) == 1, "what was killed is cleared away"


def _write(server: Server, start: int, acknowledged: set[int]) -> None:
    try:
        for number in range(start, start + 1000):
            if server.update(inserting(number)).status_code == 204:
                acknowledged.add(number)
    except httpx.HTTPError:
        return


def test_a_graph_in_memory_alone_is_neither_written_to_nor_on_disk(run: Run) -> None:
    env = {"CONFLICTKG_TOKEN": TOKEN}
    for option, reason in (
        ("--writable", "nothing would be left of it"),
        ("--on-disk", "is not on disk"),
    ):
        done = run("serve", "--store", "memory:", "--port", "0", option, env=env)
        assert done.returncode == 2
        assert reason in done.stderr and "conflictkg build, then" in done.stderr
