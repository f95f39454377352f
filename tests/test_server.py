"""The server as its users meet it: limits, caching, who may write, starting and stopping."""

from __future__ import annotations

import gzip
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import pytest

from conflictkg.web import sparql
from conflictkg.web.http import FORM, Refused, Request
from conflictkg.web.server import static as static_module
from conflictkg.web.server.journal import encoded
from conflictkg.web.server.metrics import AccessLog
from conflictkg.web.server.static import static_file
from conftest import Run
from served import TOKEN, Server, serving, until

SMALL = "SELECT ?n { VALUES ?n { 1 2 3 } }"
LONG = "SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }"
CLAIMS = "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?c a ckg:Claim }"


def inserting(number: int) -> str:
    return f"INSERT DATA {{ GRAPH <urn:numbers> {{ <urn:s{number}> <urn:p> {number} }} }}"


NUMBERS = "SELECT ?n { GRAPH <urn:numbers> { ?s <urn:p> ?n } }"


@pytest.fixture(scope="module")
def server(real_folder: Path) -> Iterator[Server]:
    """A server that reads the real graph; tests must not stop it."""
    with serving("--store", real_folder) as running:
        yield running


@pytest.fixture
def own(real_folder: Path, tmp_path: Path) -> Path:
    """A copy of the real store that a test may write to."""
    return Path(shutil.copytree(real_folder, tmp_path / "own"))


@pytest.fixture(scope="module")
def writable(real_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that takes changes, without looking at the shapes."""
    folder = shutil.copytree(real_folder, tmp_path_factory.mktemp("writable") / "store")
    with serving("--store", folder, "--writable", "--no-validate") as running:
        yield running


def test_a_worker_that_has_grown_takes_no_request_that_it_would_not_answer(server: Server) -> None:
    died = 'conflictkg_processes_stopped_total{reason="died"}'
    before, forks = server.metric(died), server.metric("conflictkg_forks")
    large = (
        "SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT ?s ?o ?f {{ ?s ?p ?o . ?d ?e ?f }} LIMIT {} }}"
    )
    with httpx.Client(base_url=server.url, timeout=60) as client:
        for number in range(4):
            query = large.format(900_000 + number)
            answer = client.get("/sparql", params={"query": query})
            assert answer.status_code == 200, answer.text
    assert server.metric("conflictkg_forks") > forks, "no worker has grown"
    assert server.metric(died) == before


def test_pages_are_made_by_the_same_workers_again_and_again(server: Server) -> None:
    """So what they keep for a version of the graph is there the next time."""
    forks = server.metric("conflictkg_forks")
    with httpx.Client(base_url=server.url, timeout=60) as client:
        for path in ("/person/andriy-kovalenko", "/place/demydivka", "/map", "/network"):
            for number in range(4):
                assert client.get(path, params={"n": number}).status_code == 200
    assert server.metric("conflictkg_forks") == forks


def test_health_and_metrics_tell_how_it_goes(server: Server) -> None:
    assert server.numbers(SMALL) == {1, 2, 3}
    health = httpx.get(f"{server.url}health").json()
    assert health["status"] == "ok" and health["quads"] > 39_000
    metrics = httpx.get(f"{server.url}metrics")
    assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'conflictkg_requests_total{method="POST",status="200"}' in metrics.text
    assert server.metric("conflictkg_request_seconds_count") >= 2


def test_every_answer_carries_the_security_headers_and_may_be_read_elsewhere(
    server: Server,
) -> None:
    for path in ("health", "sparql?query=ASK%7B%7D", "nothing-here", "static/style.css"):
        headers = httpx.get(server.url + path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["access-control-allow-origin"] == "*"


def test_other_sites_are_told_that_they_may_read_and_not_write(server: Server) -> None:
    asked = {"origin": "https://a.example", "access-control-request-method": "POST"}
    answer = httpx.options(f"{server.url}sparql", headers=asked)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, POST"
    assert "authorization" not in answer.headers["access-control-allow-headers"].lower()


def test_an_answer_that_the_client_has_is_not_sent_again(server: Server) -> None:
    url = f"{server.url}sparql?query=ASK%7B%7D"
    first = httpx.get(url)
    tag = first.headers["etag"]
    assert httpx.get(url, headers={"if-none-match": tag}).status_code == 304
    assert httpx.get(url, headers={"if-none-match": f'"other", {tag}'}).status_code == 304
    other = {"if-none-match": tag, "accept": "application/sparql-results+xml"}
    assert httpx.get(url, headers=other).status_code == 200


def test_answers_are_packed_for_those_who_take_it(server: Server) -> None:
    for limit in (100, 20_000):
        query = f"{LONG} ORDER BY ?s ?p ?o LIMIT {limit}"
        plain = server.query(query, **{"accept-encoding": "identity"})
        with httpx.stream(
            "GET",
            f"{server.url}sparql",
            params={"query": query},
            headers={"accept-encoding": "gzip"},
        ) as packed:
            raw = b"".join(packed.iter_raw())
        assert packed.headers["content-encoding"] == "gzip"
        assert "accept-encoding" in packed.headers["vary"].lower()
        assert "content-encoding" not in plain.headers
        assert gzip.decompress(raw) == plain.content and len(raw) < len(plain.content) / 4


def test_head_has_the_headers_of_get_and_no_body(server: Server) -> None:
    url = f"{server.url}sparql?query=ASK%7B%7D"
    head, get = httpx.head(url), httpx.get(url)
    assert head.status_code == 200 and head.content == b""
    for name in ("content-type", "content-length", "etag"):
        assert head.headers[name] == get.headers[name]
    long = httpx.head(f"{server.url}sparql", params={"query": LONG})
    assert long.status_code == 200 and long.content == b""


def test_files_of_the_site_are_cached_by_their_content(server: Server) -> None:
    url = f"{server.url}static/style.css"
    first = httpx.get(url)
    assert first.status_code == 200 and first.headers["content-type"].startswith("text/css")
    assert first.headers["content-encoding"] == "gzip"
    known = {"if-none-match": first.headers["etag"]}
    assert httpx.get(url, headers=known).status_code == 304
    assert "immutable" in httpx.get(f"{url}?v=1").headers["cache-control"]


@pytest.mark.parametrize("name", ["nothing.js", "../app.py", "%2e%2e/app.py", "", "fonts"])
def test_only_files_of_the_site_are_given(server: Server, name: str) -> None:
    assert raw_get(server, f"/static/{name}").startswith(b"HTTP/1.1 404 ")


def raw_get(server: Server, target: str, extra: bytes = b"") -> bytes:
    """Send a GET exactly as given and return all that comes back."""
    host = httpx.URL(server.url)
    with socket.create_connection((host.host, host.port or 80), timeout=20) as connection:
        head = f"GET {target} HTTP/1.1\r\nhost: a.example\r\nconnection: close\r\n"
        connection.sendall(head.encode() + extra + b"\r\n")
        pieces = []
        while piece := connection.recv(65536):
            pieces.append(piece)
    return b"".join(pieces)


def test_a_long_head_is_refused(server: Server) -> None:
    for extra in (b"x: " + b"a" * 70_000 + b"\r\n", b"x: a\r\n" * 15_000):
        assert raw_get(server, "/health", extra).startswith(b"HTTP/1.1 431 ")
    assert raw_get(server, "/health?" + "a" * 70_000).startswith(b"HTTP/1.1 431 ")
    assert raw_get(server, "/health?" + "a" * 30_000).startswith(b"HTTP/1.1 200 ")


def test_a_head_that_drips_in_is_cut_off_while_others_are_served(server: Server) -> None:
    host = httpx.URL(server.url)
    slow = [socket.create_connection((host.host, host.port or 80)) for _ in range(50)]
    try:
        start = time.monotonic()
        for connection in slow:
            connection.settimeout(20)
            connection.sendall(b"GET /health HTTP/1.1\r\nhost: a\r\n")
        assert server.numbers(SMALL) == {1, 2, 3}
        for connection in slow:
            connection.sendall(b"x: y\r\n")
        answers = [connection.recv(1000) for connection in slow]
        assert all(answer.startswith(b"HTTP/1.1 408 ") for answer in answers)
        assert time.monotonic() - start < 20
    finally:
        for connection in slow:
            connection.close()


def test_many_idle_connections_turn_nobody_away(server: Server) -> None:
    url = httpx.URL(server.url)
    asking = b"GET /health HTTP/1.1\r\nhost: a\r\n\r\n"
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(4096, hard)), hard))
    with ExitStack() as connections:
        for _ in range(1100):
            connection = socket.create_connection((url.host, url.port or 80), timeout=10)
            connections.enter_context(connection)
            connection.sendall(asking)
            assert connection.recv(12) == b"HTTP/1.1 200"
        assert server.query("ASK {}").status_code == 200


def test_a_body_beyond_the_limit_is_refused(real_folder: Path) -> None:
    with serving("--store", real_folder, "--max-body", "1") as server:
        long = server.query(SMALL + "#" * 1024 * 1024)
        assert long.status_code == 413 and "1,048,576 bytes" in long.json()["error"]["message"]

        def endless() -> Iterator[bytes]:
            yield from (b"#" * 65536 for _ in range(1000))

        try:
            status = httpx.post(
                f"{server.url}sparql",
                content=endless(),
                headers={"content-type": "application/sparql-query"},
            ).status_code
        except httpx.WriteError:  # refused, and closed, before all of it was sent
            status = 413
        assert status == 413
        assert server.numbers(SMALL) == {1, 2, 3}


def test_bodies_count_while_they_arrive(real_folder: Path) -> None:
    with serving("--store", real_folder, "--max-body", "1") as server:
        size = 1024 * 1024
        slow = [sending(server, b"content-length: %d\r\n" % size) for _ in range(12)]
        try:
            for connection in slow:
                with suppress(ConnectionError):
                    connection.sendall(b"#" * (size - 1))
            refused = 0
            for connection in slow:
                connection.settimeout(1)
                with suppress(TimeoutError, ConnectionError):
                    refused += connection.recv(100).startswith(b"HTTP/1.1 503 ")
            assert refused >= 3
            assert server.numbers(SMALL) == {1, 2, 3}
        finally:
            for connection in slow:
                connection.close()
        large = SMALL + "#" * (size // 2)
        assert until(lambda: server.query(large).status_code == 200, 5)


def sending(server: Server, headers: bytes) -> socket.socket:
    """Return a connection on which the head of a query has been sent, and no body."""
    host = httpx.URL(server.url)
    connection = socket.create_connection((host.host, host.port or 80), timeout=20)
    connection.sendall(
        b"POST /sparql HTTP/1.1\r\nhost: a.example\r\n"
        b"content-type: application/sparql-query\r\n" + headers + b"\r\n"
    )
    return connection


def test_what_trails_a_body_is_no_header_and_has_a_limit(server: Server) -> None:
    body = b"%x\r\n%s\r\n0\r\n" % (len(SMALL), SMALL.encode())
    for trailer, status in (
        (b"host: not a host\r\n\r\n", b"200"),
        (b"x: " + b"a" * 500_000, b"431"),
    ):
        with sending(server, b"transfer-encoding: chunked\r\n") as connection:
            connection.sendall(body + trailer)
            assert connection.recv(100).startswith(b"HTTP/1.1 " + status)


def test_two_hosts_are_one_too_many(server: Server) -> None:
    assert raw_get(server, "/health", b"host: b.example\r\n").startswith(b"HTTP/1.1 400 ")


def test_a_long_form_is_not_decoded_where_all_wait_for_it() -> None:
    class Undecoded(Request):
        def form(self) -> list[tuple[str, str]]:
            raise AssertionError("the form is decoded")

    headers = {"content-type": FORM}
    for body, expected in (
        (b"query=" + b"%41" * 100_000, False),
        (b"query=ASK%7B%7D&%75pdate=x", True),
        (b"update", True),
        (b"upd+ate=x&query=update", False),
    ):
        assert sparql.writes(Undecoded("POST", "/sparql", "", headers, body)) is expected
    with pytest.raises(Refused, match="more than 1,000"):
        sparql.writes(Undecoded("POST", "/sparql", "", headers, b"&" * 1_000_000))


def test_names_of_files_that_are_not_there_are_not_remembered() -> None:
    before = static_module._read.cache_info().currsize
    assert static_file("no-such-file") is None and static_file("style.css") is not None
    assert static_module._read.cache_info().currsize <= before + 1
    assert not hasattr(static_file, "cache_info")


def test_a_server_for_reading_takes_no_changes(server: Server) -> None:
    refused = server.update(inserting(1))
    assert refused.status_code == 403
    assert refused.json()["error"]["hint"] == "start it with --writable"
    assert httpx.put(f"{server.url}store?graph=urn:g", content=b"").status_code == 403
    form = httpx.post(f"{server.url}sparql", data={"update": inserting(1)})
    assert form.status_code == 403
    assert server.numbers(NUMBERS) == set()


def test_the_token_is_in_the_environment_of_no_process_that_works_for_clients(own: Path) -> None:
    with serving("--store", own, "--writable") as server:
        holder = Path(f"/proc/{server.holder()}/environ")  # workers are forked from it
        assert b"PATH=" in holder.read_bytes()
        assert TOKEN.encode() not in holder.read_bytes()


def test_only_the_token_opens_the_way_to_write(writable: Server) -> None:
    url = f"{writable.url}sparql"
    form = {"update": inserting(100)}
    for headers in (
        {},
        {"authorization": "Bearer"},
        {"authorization": f"Bearer {TOKEN}x"},
        {"authorization": TOKEN},
        {"authorization": "Basic !!"},
    ):
        answer = httpx.post(url, data=form, headers=headers)
        assert answer.status_code == 401, headers
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert "access-control-allow-origin" not in answer.headers
    assert writable.numbers(NUMBERS) & {100} == set()
    assert httpx.post(url, data=form, auth=("anybody", TOKEN)).status_code == 204
    assert writable.numbers(NUMBERS) & {100} == {100}


def test_a_change_is_seen_by_all_who_ask_after_it(writable: Server) -> None:
    url = f"{writable.url}sparql"
    before = httpx.get(url, params={"query": NUMBERS}).headers["etag"]
    for number in range(200, 220):
        assert writable.update(inserting(number)).status_code == 204
        assert number in writable.numbers(NUMBERS)
    known = {"if-none-match": before}
    assert httpx.get(url, params={"query": NUMBERS}, headers=known).status_code == 200


def test_an_answer_is_kept_until_the_graph_changes_and_no_longer(writable: Server) -> None:
    def get() -> set[int]:
        answer = httpx.get(f"{writable.url}sparql", params={"query": NUMBERS})
        return {int(row["n"]["value"]) for row in answer.json()["results"]["bindings"]}

    def kept() -> float:
        return writable.metric("conflictkg_kept_answered")

    assert get() == get()
    before = kept()
    assert get() == get() and kept() == before + 2
    assert writable.update(inserting(400)).status_code == 204
    assert 400 in get() and kept() == before + 2


@pytest.mark.parametrize("function", ["RAND()", "NOW()", "UUID()", "STRUUID()", "%52and()"])
def test_an_answer_that_is_never_the_same_is_not_kept(server: Server, function: str) -> None:
    url = f"{server.url}sparql?query=SELECT%20(STR({function})%20AS%20?x)%20%7B%7D"
    first, second = httpx.get(url), httpx.get(url)
    assert first.status_code == 200 and "etag" not in first.headers
    assert first.json() != second.json()


def test_a_change_that_fails_in_the_middle_changes_nothing(writable: Server) -> None:
    health = httpx.get(f"{writable.url}health").json()
    half = inserting(300) + " ; LOAD <file:///etc/passwd>"
    assert writable.update(half).status_code >= 400
    assert writable.update(inserting(301) + " ; nonsense").status_code == 400
    assert writable.numbers(NUMBERS) & {300, 301} == set()
    assert httpx.get(f"{writable.url}health").json() == health


def test_writers_take_turns_and_none_is_lost(writable: Server) -> None:
    statuses: list[int] = []

    def write(first: int) -> None:
        for number in range(first, first + 5):
            statuses.append(writable.update(inserting(number)).status_code)

    threads = [threading.Thread(target=write, args=(1000 + 5 * at,)) for at in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [204] * 40
    assert set(range(1000, 1040)) <= writable.numbers(NUMBERS)


def test_a_reader_sees_one_version_while_others_write(writable: Server) -> None:
    query = "SELECT ?s ?n { { GRAPH ?g { ?s ?p ?o } } UNION { ?s <urn:p> ?n } }"
    with httpx.stream(
        "GET", f"{writable.url}sparql", params={"query": query}, timeout=60
    ) as answer:
        pieces = answer.iter_bytes(65536)
        first = next(pieces)
        assert writable.update(inserting(5000)).status_code == 204
        assert 5000 in writable.numbers(NUMBERS)
        rest = b"".join(pieces)
    rows = json.loads(first + rest)["results"]["bindings"]
    assert len(rows) > 39_000
    assert "5000" not in {row["n"]["value"] for row in rows if "n" in row}


def test_what_was_written_is_in_the_store_after_a_stop(own: Path) -> None:
    with serving("--store", own, "--writable", "--no-validate") as server:
        assert server.update(inserting(1)).status_code == 204
        assert (own / "journal").stat().st_mode & 0o777 == 0o600
        assert server.stop() == 0
    with serving("--store", own, "--writable", "--no-validate") as server:
        assert not any("replayed" in line for line in server.lines)
        assert server.numbers(NUMBERS) == {1}
        assert server.update(inserting(2)).status_code == 204
        assert server.stop() == 0
    with serving("--store", own) as server:
        assert server.numbers(NUMBERS) == {1, 2}


def test_nobody_else_writes_to_the_store_meanwhile(own: Path, run: Run) -> None:
    with serving("--store", own, "--writable"):
        done = run("build", "--store", own)
        assert done.returncode == 2 and "another process is writing" in done.stderr


def test_changes_of_a_killed_server_are_not_lost_when_the_store_is_built_anew(
    own: Path, small: Path, run: Run
) -> None:
    with serving("--store", own, "--writable", "--no-validate") as server:
        assert server.update(inserting(7)).status_code == 204
        server.kill()
    with (own / "journal").open("ab") as file:
        file.write(encoded(b"w", 2, b"x" * 1000)[:500])  # what a power cut leaves
    with serving("--store", own) as server:
        assert any("1 changes in the journal are not in the store" in one for one in server.lines)
    assert run("build", "--store", own, env={"CONFLICTKG_GRAPHS": str(small)}).returncode == 0
    refused = run(
        "serve", "--port", "0", "--store", own, "--writable", env={"CONFLICTKG_TOKEN": TOKEN}
    )
    assert refused.returncode == 2
    assert "the last 500 bytes" in refused.stderr and (own / "journal.torn").exists()
    assert "holds 1 changes to generation-" in refused.stderr and "--replay" in refused.stderr
    with serving("--store", own, "--writable", "--no-validate", "--replay") as server:
        assert server.numbers(NUMBERS) == {7}
        assert server.stop() == 0
    with serving("--store", own, "--writable", "--no-validate") as server:
        assert server.numbers(NUMBERS) == {7}


def test_a_store_is_served_from_disk_and_may_be_replaced_meanwhile(
    own: Path, small: Path, run: Run
) -> None:
    with serving("--store", own, "--on-disk", "--workers", "2") as server:
        before = server.query(CLAIMS).json()
        small_env = {"CONFLICTKG_GRAPHS": str(small)}
        assert run("build", "--store", own, env=small_env).returncode == 0
        assert server.query(CLAIMS).json() == before
        assert server.query(LONG).status_code == 200
        assert server.stop() == 0
    assert not list(own.glob("serving-*"))


def test_a_stop_lets_a_download_come_to_its_end(real_folder: Path) -> None:
    with serving("--store", real_folder) as server:
        query = f"{LONG} LIMIT 30000"
        whole = server.query(query).json()["results"]["bindings"]
        with httpx.stream("GET", f"{server.url}sparql", params={"query": query}) as answer:
            pieces = answer.iter_bytes(4096)
            got = next(pieces)
            server.process.send_signal(signal.SIGTERM)
            for number, piece in enumerate(pieces):
                got += piece
                if number < 20:
                    time.sleep(0.02)
        assert len(json.loads(got)["results"]["bindings"]) == len(whole)
        assert server.process.wait(30) == 0
        assert until(lambda: not server.processes(), 5)


def test_an_interrupted_server_ends_well(real_folder: Path) -> None:
    with serving("--store", real_folder) as server:
        os.killpg(server.process.pid, signal.SIGINT)
        assert server.process.wait(30) == 0
        assert until(lambda: not server.processes(), 5)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_signal_in_the_middle_of_the_start_is_not_lost(own: Path) -> None:
    words = ("serve", "--port", "0", "--store", str(own), "--writable")
    with subprocess.Popen(
        [sys.executable, "-m", "conflictkg", *words],
        stderr=subprocess.DEVNULL,
        env={**os.environ, "CONFLICTKG_TOKEN": TOKEN},
    ) as process:
        try:
            while not has_open(process.pid, own):
                assert process.poll() is None
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        finally:
            process.kill()


def has_open(process: int, folder: Path) -> bool:
    """Say whether a process has a file in a folder open."""
    for link in Path(f"/proc/{process}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            if link.readlink().is_relative_to(folder.resolve()):
                return True
    return False


def test_an_access_log_that_cannot_be_written_is_given_up_and_said_once(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        monkeypatch.setattr(sys, "stderr", sys.__stderr__)
        log = AccessLog(wanted=True, queries=False)
        for _ in range(2):
            log.add(path="/\udcff")
            log.flush()
    assert capfd.readouterr().err.count("the access log cannot be written") == 1
    assert not log.wanted


def test_an_access_log_that_nobody_reads_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as reader, os.fdopen(writing, "wb") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        monkeypatch.setattr(sys, "stderr", sys.__stderr__)
        log = AccessLog(wanted=True, queries=False, most=100_000)
        for _ in range(1000):
            log.add(path="/" + "a" * 1000)
            log.flush()
        log.flush(0.01)
        assert "lines of the access log were dropped" in capfd.readouterr().err
        assert json.loads(reader.readline())["path"].startswith("/aaa")


def test_the_access_log_has_no_query_text_unless_asked(real_folder: Path) -> None:
    for words, told in (((), False), (("--log-queries",), True)):
        with serving("--store", real_folder, *words) as server:
            server.query("ASK { <urn:secret> ?p ?o }")
            httpx.get(f"{server.url}sparql?query=ASK%7B%3Curn:secret%3E+%3Fp+%3Fo%7D")
            assert server.stop() == 0
        lines = [json.loads(line) for line in server.lines if line.startswith("{")]
        asked = [line for line in lines if line["path"] == "/sparql"]
        assert [line["method"] for line in asked] == ["POST", "GET"]
        assert {line["status"] for line in asked} == {200}
        assert ["secret" in json.dumps(line) for line in asked] == [told, told]


@pytest.mark.parametrize(
    ("words", "token", "told"),
    [
        (("--store", "none"), "", "there is no store in none"),
        (("--store", "memory:", "--writable"), TOKEN, "built in memory cannot be written to"),
        (("--writable",), "", "writing needs a token"),
        (("--writable",), "short", "at least 16 characters"),
        (("--writable", "--token-file", "none"), "", "the token cannot be read"),
        (("--host", "no.such.host.invalid"), "", "cannot be listened to"),
        (("--timeout", "0"), "", "limits must be greater than 0"),
        (("--store", "http://a.example/"), "", "is served already"),
    ],
)
def test_a_server_that_cannot_start_says_why(
    run: Run, words: tuple[str, ...], token: str, told: str
) -> None:
    done = run("serve", "--port", "0", *words, env={"CONFLICTKG_TOKEN": token})
    assert done.returncode == 2
    assert told in done.stderr and "hint:" in done.stderr


def test_a_port_that_is_taken_is_named(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("serve", "--port", str(port))
    assert done.returncode == 2 and f"127.0.0.1:{port} cannot be listened to" in done.stderr


def test_the_token_may_come_from_a_file_and_stands_on_no_command_line(
    own: Path, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    file.write_text("another-token-for-tests\n", "utf-8")
    words = ("--store", own, "--writable", "--no-validate", "--token-file", file)
    with serving(*words, token=None) as server:
        assert server.update(inserting(1)).status_code == 401
        assert server.update(inserting(1), "another-token-for-tests").status_code == 204
        lines = [command_line(process) for process in server.processes()]
        assert any(b"--token-file" in line for line in lines)
        assert not any(b"another-token" in line for line in lines)


def command_line(process: int) -> bytes:
    """Return the command line of a process; none if it has ended."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def test_the_demo_serves_the_bundled_graph(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "conflictkg", "demo", "--no-open"]
    process = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None and process.stdout is not None
    with process:
        try:
            url = ""
            for line in process.stderr:
                if "http://" in line:
                    url = line.split()[4]
                    break
            assert httpx.get(f"{url}health").json()["status"] == "ok"
        finally:
            process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert "Andriy Kovalenko" in process.stdout.read()
