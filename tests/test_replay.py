"""What was acknowledged is made again after a kill just as it was."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from conflictkg.web.server.frames import decode_request, encode_request
from conflictkg.web.server.journal import Journal
from conflictkg.web.server.service import generation_name
from served import TOKEN, Server, serving, until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the server needs fork")

NUMBERS = "SELECT ?n { GRAPH <urn:numbers> { ?s <urn:p> ?n } }"


def inserting(number: int) -> str:
    return f"INSERT DATA {{ GRAPH <urn:numbers> {{ <urn:s{number}> <urn:p> {number} }} }}"


def rows(answer: httpx.Response) -> list[str]:
    return sorted(map(str, answer.json()["results"]["bindings"]))


@pytest.fixture(params=["in memory", "on disk"])
def where(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """The option that says where the graph is while it is served."""
    return ("--on-disk",) if request.param == "on disk" else ()


@pytest.fixture
def own(real_folder: Path, tmp_path: Path) -> Path:
    """A copy of the real store that a test may write to."""
    return Path(shutil.copytree(real_folder, tmp_path / "own"))


def test_what_was_acknowledged_is_the_same_after_a_kill(own: Path, where: tuple[str, ...]) -> None:
    """Also where the update has another value each time, and in what is noted about the run."""
    told = (
        "SELECT * { GRAPH <urn:u> { ?s ?p ?o } }",
        "SELECT * { GRAPH graph:provenance { ?s prov:generatedAtTime ?o } }",
    )
    with serving("--store", own, "--writable", *where) as server:
        by_hand = "INSERT { GRAPH <urn:u> { <urn:s> <urn:p> ?u } } WHERE { BIND(STRUUID() AS ?u) }"
        assert server.update(by_hand).status_code == 204
        assert server.update(inserting(1)).status_code == 204
        before = [server.query(query) for query in told]
        tag = httpx.get(f"{server.url}sparql", params={"query": told[0]}).headers["etag"]
        server.kill()
    with serving("--store", own, "--writable", *where) as server:
        after = [server.query(query) for query in told]
        other = httpx.get(f"{server.url}sparql", params={"query": told[0]}).headers["etag"]
    assert [rows(answer) for answer in after] == [rows(answer) for answer in before]
    assert len(rows(before[0])) == 1
    assert tag != other


def test_a_change_is_made_again_as_it_was_accepted(own: Path, where: tuple[str, ...]) -> None:
    """What was taken without the shapes is not refused because the server now looks at them."""
    with serving("--store", own, "--writable", "--no-validate", *where) as server:
        broken = "INSERT DATA { GRAPH <urn:v> { <urn:s2> a ckg:Statement } }"
        assert server.update(broken).status_code == 204
        assert server.update(inserting(7)).status_code == 204
        server.kill()
    with serving("--store", own, "--writable", *where) as server:
        assert 7 in server.numbers(NUMBERS)
        assert server.update(broken.replace("s2", "s4")).status_code == 422


def test_a_replay_that_fails_leaves_the_journal_as_it_was(own: Path) -> None:
    with serving("--store", own, "--writable", "--no-validate") as server:
        assert server.update(inserting(1)).status_code == 204
        server.kill()
    pending = Journal(own)
    ((sequence, record),) = pending.open(generation_name(own))
    spoilt = encode_request(replace(decode_request(record), body=b"INSERT nothing"))
    assert pending.append(spoilt) == sequence + 1
    assert pending.append(record) == sequence + 2
    pending.close()
    whole = (own / "journal").read_bytes()
    done = subprocess.run(
        [sys.executable, "-m", "conflictkg", "serve", "--store", own, "--writable", "--port", "0"],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "CONFLICTKG_TOKEN": TOKEN},
    )
    assert done.returncode == 2 and f"change {sequence + 1} in the journal" in done.stderr
    assert (own / "journal").read_bytes() == whole


FULL = """
from conflictkg.errors import StoreError
from conflictkg.web.server import service
async def full(self):
    raise StoreError("the disk is full")
service.COMPACTED, service.Service._keep = 0, full
"""


def test_a_store_that_cannot_be_written_takes_nothing_back(own: Path) -> None:
    """What is in the journal is acknowledged; what would have another outcome says so."""
    with serving("--store", own, "--writable", "--no-validate", first=FULL) as server:
        assert server.update(inserting(1)).status_code == 204
        now = "INSERT { GRAPH <urn:v> { <urn:t> <urn:p> ?n } } WHERE { BIND(NOW() AS ?n) }"
        told = server.update(now)
        assert told.status_code == 507 and "do not send it again" in told.text
        assert 1 in server.numbers(NUMBERS)
        server.kill()


FAILS_UNTIL = """
import pathlib
from conflictkg.web.server import held
repeat = held.Held.repeat
async def repeated(self, request, version):
    if version.endswith(".3") and not pathlib.Path({!r}).exists():
        raise held.Stopped("time")
    return await repeat(self, request, version)
held.Held.repeat = repeated
"""


def test_a_replay_that_is_begun_anew_makes_no_change_twice(
    own: Path, where: tuple[str, ...], tmp_path: Path
) -> None:
    """Nor is anything written to what is there in between, which lacks some changes."""
    one_more = """DELETE { GRAPH <urn:numbers> { ?s ?p ?n } }
        INSERT { GRAPH <urn:numbers> { ?s ?p ?m } }
        WHERE { GRAPH <urn:numbers> { ?s ?p ?n } BIND(?n + 1 AS ?m) }"""
    words = ("--writable", "--no-validate", *where)
    now = tmp_path / "now"
    with serving("--store", own, *words, first=FAILS_UNTIL.format(str(now))) as server:
        for change in (inserting(1), one_more, inserting(7)):
            assert server.update(change).status_code == 204
        os.kill(server.holder(), signal.SIGKILL)
        assert until(lambda: any("cannot be replayed" in line for line in server.lines), 60)
        assert server.update(one_more).status_code == 503
        now.touch()
        assert until(lambda: _answers(server), 60), "".join(server.lines)
        assert server.numbers(NUMBERS) == {2, 7}
        assert server.update(one_more).status_code == 204
        assert server.numbers(NUMBERS) == {3, 8}


NEVER_KEEPS = """
from conflictkg.web.server import held
async def keeper(self, folder):
    raise held.Stopped("died")
held.Held.keeper = keeper
"""


def test_a_graph_that_cannot_be_written_to_the_store_is_served_from_the_journal(
    own: Path, where: tuple[str, ...]
) -> None:
    words = ("--writable", "--no-validate", *where)
    with serving("--store", own, *words) as server:
        assert server.update(inserting(1)).status_code == 204
        server.kill()
    with serving("--store", own, *words, first=NEVER_KEEPS) as server:
        assert server.numbers(NUMBERS) == {1}
        os.kill(server.holder(), signal.SIGKILL)
        assert until(lambda: sum("were replayed" in line for line in server.lines) == 2, 60)
        assert until(lambda: httpx.get(f"{server.url}health").status_code == 200, 60)
        assert server.update(inserting(2)).status_code == 204
        assert server.numbers(NUMBERS) == {1, 2}
        assert server.stop() == 0
    with serving("--store", own, *words) as server:
        assert server.numbers(NUMBERS) == {1, 2}


ENDS_EARLY = """
import asyncio, os, signal
from conflictkg.web.server import held
settle, ended = held.Held._settled, []
async def settled(self, candidate):
    await settle(self, candidate)
    if self.whole and not ended:
        ended.append(candidate.pid)
        os.kill(candidate.pid, signal.SIGKILL)
        await asyncio.sleep(0.3)
held.Held._settled = settled
"""


def test_a_change_whose_process_ends_before_others_read_it_is_not_lost(
    own: Path, where: tuple[str, ...]
) -> None:
    words = ("--writable", "--no-validate", *where)
    with serving("--store", own, *words, first=ENDS_EARLY) as server:
        assert server.update(inserting(1)).status_code == 204
        assert until(lambda: _answers(server), 60), "".join(server.lines)
        assert server.numbers(NUMBERS) == {1}
        assert server.update(inserting(2)).status_code == 204
        assert server.numbers(NUMBERS) == {1, 2}


SLOWLY = """
import asyncio
from conflictkg.web.server import held
repeat = held.Held.repeat
async def slowly(self, request, version):
    response = await repeat(self, request, version)
    await asyncio.sleep(0.5)
    return response
held.Held.repeat = slowly
"""


def test_nobody_sees_a_graph_in_which_changes_are_not_yet_replayed(
    own: Path, where: tuple[str, ...]
) -> None:
    words = ("--writable", "--no-validate", *where)
    with serving("--store", own, *words, first=SLOWLY) as server:
        for number in (1, 2, 3):
            assert server.update(inserting(number)).status_code == 204
        for pid in (server.holder(), *server.called("worker")):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        end, seen = time.monotonic() + 60, {"1", "2", "3"}
        while not any("were replayed" in line for line in server.lines):
            answer = server.query(NUMBERS)
            if answer.status_code != 503:  # of a worker that is killed while it is asked
                assert {row["n"]["value"] for row in answer.json()["results"]["bindings"]} == seen
            assert time.monotonic() < end, server.lines
        assert server.numbers(NUMBERS) == {1, 2, 3}


def _answers(server: Server) -> bool:
    return any("were replayed" in line for line in server.lines) and (
        httpx.get(f"{server.url}health").status_code == 200
    )
