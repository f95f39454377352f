"""The server among hostile users, crashes and kills: what it promises holds, nothing leaks."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import pytest

from conflictkg.web.server.channel import Stopped
from conflictkg.web.server.held import explained
from served import TOKEN, Server, descriptors, private_memory, processes_of, serving, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

MEMORY = 256
SMALL = "SELECT ?n { VALUES ?n { 1 2 3 } }"
NUMBERS = "SELECT ?n { GRAPH <urn:numbers> { ?s <urn:p> ?n } }"
EVERYTHING = "SELECT ?a ?b ?c ?d { ?a ?p ?b . ?c ?q ?d }"

_WORDS = " ".join(f'"{"a" * 40}{number}"' for number in range(60_000))
HOSTILE = {
    "product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "product, sorted": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a ?f",
    "product, grouped": "SELECT ?a ?d (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f } GROUP BY ?a ?d",
    "paths": "SELECT (COUNT(*) AS ?n) { ?a (<urn:x>|!<urn:x>)* ?b . ?b (<urn:x>|!<urn:x>)* ?c }",
    "paths both ways": "SELECT * { ?a (!<urn:x>|^!<urn:x>)+ ?b . ?c (!<urn:x>|^!<urn:x>)+ ?d }",
    "regex": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f "
    'FILTER(REGEX(STR(?c), CONCAT("(.*", STR(?f), "){3}"))) }',
    "growth": "SELECT (STRLEN(?y) AS ?n) { BIND(STR(<urn:aaaaaaaaaaaaaaaa>) AS ?x0) "
    + " ".join(f"BIND(CONCAT({', '.join([f'?x{n}'] * 8)}) AS ?x{n + 1})" for n in range(12))
    + " BIND(?x12 AS ?y) }",
    "values": f"SELECT (COUNT(*) AS ?n) {{ VALUES ?a {{ {_WORDS} }} VALUES ?b {{ {_WORDS} }} }}",
    "everything": f"{EVERYTHING}",
    "nesting": f"SELECT * {{ FILTER({'(' * 10_000}1{')' * 10_000}) }}",
}


def laughs() -> str:
    """Return RDF/XML that means a billion words."""
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )
    return (
        f'<?xml version="1.0"?><!DOCTYPE rdf:RDF [{entities}]>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e:">'
        '<rdf:Description rdf:about="urn:s"><e:p>&a9;</e:p></rdf:Description></rdf:RDF>'
    )


def inserting(number: int) -> str:
    return f"INSERT DATA {{ GRAPH <urn:numbers> {{ <urn:s{number}> <urn:p> {number} }} }}"


@pytest.fixture
def own(real_folder: Path, tmp_path: Path) -> Path:
    """A copy of the real store that a test may write to."""
    return Path(shutil.copytree(real_folder, tmp_path / "own"))


@pytest.fixture(scope="module")
def server(real_folder: Path) -> Iterator[Server]:
    """A server with narrow limits."""
    limits = ("--timeout", "3", "--memory", str(MEMORY), "--workers", "2")
    with serving("--store", real_folder, *limits) as running:
        yield running


def asked(server: Server, query: str) -> httpx.Response | None:
    """Return the answer to a query, or None if it was cut off after it had begun."""
    try:
        return server.query(query)
    except httpx.RemoteProtocolError:
        return None


def settled(server: Server) -> tuple[int, int]:
    """Wait until nothing runs; return how many processes and descriptors the server has then."""
    main = server.process.pid

    def quiet() -> bool:
        busy = server.metric("conflictkg_workers_busy") + server.metric("conflictkg_workers_slow")
        return busy == 0 and len(server.processes()) <= 4

    assert until(quiet, 20)
    return len(server.processes()), descriptors(main)


def test_ten_hostile_queries_at_once_do_not_keep_others_from_an_answer(server: Server) -> None:
    server.query(SMALL)
    before = settled(server)
    memory_before = sum(map(private_memory, server.processes()))
    peak = 0
    done = threading.Event()
    waits: list[float] = []

    def ask_small() -> None:
        nonlocal peak
        while not done.is_set():
            start = time.monotonic()
            assert server.numbers(SMALL) == {1, 2, 3}
            waits.append(time.monotonic() - start)
            peak = max(peak, sum(map(private_memory, server.processes())))
            time.sleep(0.05)

    with ThreadPoolExecutor(11) as threads:
        small = threads.submit(ask_small)
        try:
            answers = list(threads.map(lambda text: asked(server, text), HOSTILE.values()))
        finally:
            done.set()
        small.result()
    for name, answer in zip(HOSTILE, answers, strict=True):
        if answer is None:  # its rows are sent as they come; see the test on incomplete results
            assert name in ("everything", "paths both ways")
        else:
            assert answer.status_code in (400, 413, 500, 503, 504), name
            assert answer.json()["error"]["message"], name
    assert len(waits) >= 3
    # Two slots and two places in the slow lane, each with its limit, and the edge.
    assert peak - memory_before < (2 * 2 * MEMORY + 200) * 1024 * 1024
    after = settled(server)
    assert after[0] <= before[0] + 1 and after[1] <= before[1] + 4


@pytest.mark.parametrize("name", [name for name in HOSTILE if name != "everything"])
def test_a_hostile_query_is_stopped_and_told_which_limit_it_met(server: Server, name: str) -> None:
    start = time.monotonic()
    answer = server.query(HOSTILE[name])
    told = answer.json()["error"]
    assert answer.status_code in (400, 500, 503, 504)
    if answer.status_code == 504:
        assert "time limit of 3 s" in told["message"]
    elif answer.status_code == 503:
        assert f"limit of {MEMORY} MiB" in told["message"]
    else:
        assert "nest" in told["message"] or "deep" in told["message"]
    assert time.monotonic() - start < 10
    assert server.numbers(SMALL) == {1, 2, 3}


def test_a_result_that_meets_the_time_limit_is_seen_to_be_incomplete(server: Server) -> None:
    with (
        pytest.raises(httpx.RemoteProtocolError),
        httpx.stream("GET", f"{server.url}sparql", params={"query": EVERYTHING}) as answer,
    ):
        assert answer.status_code == 200
        for _ in answer.iter_bytes():
            pass
    assert server.numbers(SMALL) == {1, 2, 3}


def workers_of(server: Server) -> set[int]:
    """Return the processes that work on a request just now: those that use the processor."""
    return {pid for pid in server.processes() - {server.process.pid} if _state(pid) in "RD"}


def strike(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process that may just have ended."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _state(pid: int) -> str:
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8")
    except OSError:
        return "gone"
    return text.rpartition(")")[2].split()[0]


def test_a_worker_that_dies_is_an_error_for_its_request_alone(server: Server) -> None:
    with ThreadPoolExecutor(1) as thread:
        asked = thread.submit(server.query, HOSTILE["product"])
        assert until(lambda: bool(workers_of(server)), 3)
        for pid in workers_of(server):
            strike(pid, signal.SIGSEGV)
        answer = asked.result()
    assert answer.status_code == 500
    assert "nests deeper" in answer.json()["error"]["message"]
    assert server.numbers(SMALL) == {1, 2, 3}


def test_a_worker_that_dies_in_the_middle_of_a_result_leaves_it_incomplete(
    server: Server,
) -> None:
    with (
        pytest.raises(httpx.RemoteProtocolError),
        httpx.stream("GET", f"{server.url}sparql", params={"query": EVERYTHING}) as answer,
    ):
        pieces = answer.iter_bytes()
        assert next(pieces)
        assert until(lambda: bool(workers_of(server)), 3)
        for pid in workers_of(server):
            strike(pid, signal.SIGKILL)
        for _ in pieces:
            pass
    assert server.numbers(SMALL) == {1, 2, 3}


def test_a_query_ends_when_its_client_goes(real_folder: Path) -> None:
    with serving("--store", real_folder, "--timeout", "60", "--workers", "2") as server:
        url = httpx.URL(server.url)
        body = HOSTILE["product"].encode()
        connection = socket.create_connection((url.host, url.port or 80))
        connection.sendall(
            b"POST /sparql HTTP/1.1\r\nhost: a.example\r\n"
            b"content-type: application/sparql-query\r\ncontent-length: %d\r\n\r\n%s"
            % (len(body), body)
        )
        assert until(lambda: bool(workers_of(server)), 5)
        connection.close()
        stopped = 'conflictkg_processes_stopped_total{reason="client"}'
        assert until(lambda: server.metric(stopped) == 1, 5)
        assert until(lambda: not workers_of(server), 5)


def test_a_query_whose_client_goes_does_not_count_as_costly(real_folder: Path) -> None:
    with serving("--store", real_folder, "--timeout", "4", "--workers", "2") as server:
        for seconds in (1.0, 2.0):
            with suppress(httpx.ReadTimeout), ThreadPoolExecutor(1) as thread:
                asked = thread.submit(
                    httpx.get,
                    f"{server.url}sparql",
                    params={"query": HOSTILE["product"]},
                    timeout=seconds,
                )
                assert until(lambda: server.metric("conflictkg_workers_busy") == 1, 5)
                assert server.metric("conflictkg_workers_slow") == 0
                asked.result()
            assert until(lambda: not workers_of(server), 5)
        stopped = 'conflictkg_processes_stopped_total{reason="client"}'
        assert until(lambda: server.metric(stopped) == 2, 5)


def test_who_goes_while_waiting_for_a_worker_gives_up_the_place(real_folder: Path) -> None:
    with serving("--store", real_folder, "--workers", "2") as server:
        url, many = httpx.URL(server.url), 60
        query = b"SELECT*%7B%3Fa%20%3Fb%20%3Fc.%3Fd%20%3Fe%20%3Ff%7D%20ORDER%20BY%20%3Fc"
        with ExitStack() as connections:
            for number in range(many):
                connection = socket.create_connection((url.host, url.port or 80))
                connections.enter_context(connection)
                unlike = b"GET /sparql?n=%d&query=" % number
                connection.sendall(unlike + query + b" HTTP/1.1\r\nhost: a\r\n\r\n")
            asked = 'conflictkg_processes_stopped_total{reason="client"}'
        assert until(lambda: server.metric(asked) > many / 2, 10)
        assert server.numbers(SMALL) == {1, 2, 3}
        assert server.metric("conflictkg_forks") < many / 2


def test_a_client_that_takes_a_little_at_a_time_does_not_keep_a_worker(real_folder: Path) -> None:
    with serving("--store", real_folder, "--timeout", "2") as server:
        url = httpx.URL(server.url)
        query = b"SELECT*%7B%3Fa%20%3Fb%20%3Fc.%3Fd%20%3Fe%20%3Ff%7D"
        with socket.create_connection((url.host, url.port or 80)) as connection:
            connection.sendall(b"GET /sparql?query=" + query + b" HTTP/1.1\r\nhost: a\r\n\r\n")

            def is_stalled() -> bool:
                connection.recv(40_000, socket.MSG_WAITALL)
                time.sleep(0.1)
                return server.metric('conflictkg_processes_stopped_total{reason="stalled"}') == 1

            assert until(is_stalled, 40)


@pytest.mark.parametrize(
    ("reason", "status"),
    [("crowded", 503), ("client", 499), ("stalled", 499), ("closing", 503), ("died", 503)],
)
def test_a_process_that_the_server_ended_is_not_said_to_lack_memory(
    reason: str, status: int
) -> None:
    told, message, _ = explained(Stopped(reason, -signal.SIGKILL), MEMORY, 3)
    assert told == status and ("memory" in message) == (reason == "died")


def test_a_client_that_does_not_read_holds_no_more_than_a_little(server: Server) -> None:
    url = httpx.URL(server.url)
    before = private_memory(server.process.pid)
    connections = []
    for _ in range(2):
        connection = socket.create_connection((url.host, url.port or 80))
        connection.sendall(
            b"GET /sparql?query=SELECT*%7B%3Fa%20%3Fb%20%3Fc.%3Fd%20%3Fe%20%3Ff%7D HTTP/1.1\r\n"
            b"host: a.example\r\n\r\n"
        )
        connections.append(connection)
    time.sleep(2)
    assert private_memory(server.process.pid) - before < 30 * 1024 * 1024
    assert server.numbers(SMALL) == {1, 2, 3}
    for connection in connections:
        connection.close()
    settled(server)


def test_clients_that_do_not_read_make_way_for_those_who_wait(server: Server) -> None:
    url = httpx.URL(server.url)
    query = b"SELECT*%7B%3Fa%20%3Fb%20%3Fc.%3Fd%20%3Fe%20%3Ff%7D"
    with ExitStack() as connections:
        for number in range(10):
            connection = socket.create_connection((url.host, url.port or 80))
            connections.enter_context(connection)
            unlike = b"GET /sparql?n=%d&query=" % number
            connection.sendall(unlike + query + b" HTTP/1.1\r\nhost: a\r\n\r\n")
        assert until(lambda: server.metric("conflictkg_workers_slow") == 2, 10)
        for _ in range(3):
            assert server.numbers(SMALL) == {1, 2, 3}
    settled(server)


def test_hostile_rdf_meets_the_same_limits_and_changes_nothing(own: Path) -> None:
    limits = ("--timeout", "5", "--memory", str(MEMORY))
    with serving("--store", own, "--writable", *limits) as server:
        before = httpx.get(f"{server.url}health").json()
        bodies = {
            "application/rdf+xml": laughs(),
            "application/n-triples": "<<( <urn:a> <urn:b> " * 20_000 + "<urn:c>" + ")>>" * 20_000,
            "text/turtle": "<urn:a> <urn:b> " + "(" * 200_000,
        }
        for kind, body in bodies.items():
            answer = httpx.put(
                f"{server.url}store?graph=urn:g",
                content=body.encode(),
                headers={"content-type": kind, "authorization": f"Bearer {TOKEN}"},
                timeout=60,
            )
            assert answer.status_code in (400, 422, 500, 503, 504), kind
            assert answer.json()["error"]["message"], kind
            assert server.numbers(SMALL) == {1, 2, 3}
        assert httpx.get(f"{server.url}health").json() == before
        assert server.update("INSERT DATA { <urn:a> <urn:b> 1 }").status_code in (204, 422)


def test_no_acknowledged_change_is_lost_when_everything_is_killed(own: Path) -> None:
    chance = random.Random(5)
    acknowledged: set[int] = set()
    number = 0
    rounds = 4
    for _ in range(rounds):
        with serving("--store", own, "--writable", "--no-validate") as server:
            held = server.numbers(NUMBERS)
            assert acknowledged <= held, f"lost: {acknowledged - held}"
            killer = threading.Timer(chance.uniform(0.0, 0.05), server.kill)
            enough = len(acknowledged) + chance.randint(5, 25)
            while True:
                number += 1
                try:
                    if server.update(inserting(number)).status_code != 204:
                        break
                except httpx.TransportError:
                    break
                acknowledged.add(number)
                if len(acknowledged) == enough:
                    killer.start()
            killer.join()
    assert len(acknowledged) > 20
    with serving("--store", own, "--writable", "--no-validate") as server:
        held = server.numbers(NUMBERS)
        assert acknowledged <= held and len(held - acknowledged) <= rounds
        assert server.stop() == 0


def test_a_new_holder_takes_over_from_one_that_is_killed(own: Path) -> None:
    with serving("--store", own, "--writable", "--no-validate") as server:
        assert server.update(inserting(1)).status_code == 204
        for pid in server.processes() - {server.process.pid}:
            strike(pid, signal.SIGKILL)
        assert until(lambda: any("starting another" in line for line in server.lines), 5)
        assert until(lambda: httpx.get(f"{server.url}health").status_code == 200, 30)
        assert server.numbers(NUMBERS) == {1}
        assert server.update(inserting(2)).status_code == 204
        assert server.numbers(NUMBERS) == {1, 2}
        assert server.stop() == 0


def test_workers_can_open_no_socket_and_have_limits(server: Server) -> None:
    server.query(SMALL)
    others = server.processes() - {server.process.pid}
    kinds = []
    for pid in others:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
        assert "Seccomp:\t2" in status and "NoNewPrivs:\t1" in status
        limits = Path(f"/proc/{pid}/limits").read_text("ascii")
        space = re.search(r"Max address space +(\w+)", limits)
        size = re.search(r"Max file size +(\w+)", limits)
        assert space is not None and size is not None
        kinds.append((space[1] != "unlimited", size[1] == "0"))
    # The one that holds the graph runs nothing that clients send; all others are workers.
    assert kinds.count((False, False)) == 1
    assert kinds.count((True, True)) == len(others) - 1 >= 1


def test_all_processes_end_with_the_server_even_if_it_is_killed(real_folder: Path) -> None:
    with serving("--store", real_folder) as server:
        server.query(SMALL)
        session = server.process.pid
        assert len(server.processes()) >= 3
        server.process.kill()
        assert until(lambda: not processes_of(session), 5)
