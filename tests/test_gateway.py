"""SERVICE and LOAD reach what is allowed, at the address that was looked at, and nothing else."""

from __future__ import annotations

import http.server
import json
import socket
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from conflictkg.web import fence
from conflictkg.web.http import Refused
from conflictkg.web.server.gateway import gateway
from served import serving

ROWS = {"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "uri", "value": "x:y"}}]}}


@dataclass
class There:
    """Another endpoint: what it was asked, and how it answers."""

    port: int = 0
    status: int = 200
    kind: str = "application/sparql-results+json"
    body: bytes = json.dumps(ROWS).encode()
    told: int | None = None
    pause: float = 0.0
    asked: list[tuple[str, str, str, bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://other.example:{self.port}/sparql?a=b"


@contextmanager
def listening() -> Iterator[There]:
    there = There()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            there.asked.append((self.command, self.path, self.headers["Host"], body))
            self.send_response(there.status)
            self.send_header("Content-Type", there.kind)
            self.send_header("Location", f"http://127.0.0.1:{there.port}/private")
            length = len(there.body) if there.told is None else there.told
            self.send_header("Content-Length", str(length))
            self.end_headers()
            if not there.pause:
                self.wfile.write(there.body)
                return
            with suppress(OSError):
                for at in range(len(there.body)):
                    self.wfile.write(there.body[at : at + 1])
                    time.sleep(there.pause)

        do_GET = do_POST

        def log_message(self, format: str, *args: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    there.port = server.server_port
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield there
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def there() -> Iterator[There]:
    with listening() as other:
        yield other


def here(address: str) -> Sequence[str]:
    """Look any name up: it is this machine."""
    return ["127.0.0.1"]


def ask(way: str, address: str, text: str = "SELECT ?x { SERVICE <%s> { ?s ?p ?x } }") -> list[str]:
    sent = fence.check(text % address, services=[address], gateway=way)
    assert address not in sent and way in sent
    return [str(row["x"]) for row in ox.Store().query(sent)]  # type: ignore[index, union-attr]


def test_a_service_is_asked_through_the_gateway(there: There) -> None:
    with gateway([there.address], 10, resolve=here) as way:
        assert ask(way, there.address) == ["<x:y>"]
    ((method, path, host, body),) = there.asked
    assert (method, path, host) == ("POST", "/sparql?a=b", f"other.example:{there.port}")
    assert b"SELECT" in body


def test_a_name_is_looked_up_once_for_each_request(there: There) -> None:
    """So who runs its DNS has no second look-up to answer otherwise."""
    looked: list[str] = []

    def resolve(address: str) -> Sequence[str]:
        looked.append(address)
        if len(looked) > 1:
            raise fence.NotReached("127.0.0.1 is not a public address")
        return ["127.0.0.1"]

    with gateway([there.address], 10, resolve=resolve) as way:
        assert ask(way, there.address) == ["<x:y>"]
        assert looked == [there.address]
        with pytest.raises(OSError, match="is not a public address"):
            ask(way, there.address)
    assert len(there.asked) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(there: There, status: int) -> None:
    there.status = status
    with (
        gateway([there.address], 10, resolve=here) as way,
        pytest.raises(OSError, match="redirects elsewhere"),
    ):
        ask(way, there.address)
    assert len(there.asked) == 1


def test_an_answer_that_breaks_off_is_not_taken_for_a_whole_one(there: There) -> None:
    there.told = len(there.body) + 1000
    with gateway([there.address], 10, resolve=here) as way, pytest.raises((OSError, RuntimeError)):
        ask(way, there.address)


def test_an_answer_that_never_ends_is_cut(there: There) -> None:
    there.pause, there.body = 0.05, b" " * 10_000
    start = time.monotonic()
    with gateway([there.address], 0.5, resolve=here) as way, pytest.raises((OSError, RuntimeError)):
        ask(way, there.address)
    assert time.monotonic() - start < 10


def test_only_who_knows_the_secret_gets_through(there: There) -> None:
    with gateway([there.address], 10, resolve=here) as way:
        root = way.rpartition("/")[0]
        for path in ("/", "/0", "/x/0", f"/{way.rpartition('/')[2]}/1"):
            assert httpx.get(root + path).status_code == 404
        host, port = root.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as plain:
            plain.sendall(b"POST /x/0 HTTP/1.1\r\nHost: x\r\nContent-Length: 60000000\r\n\r\n")
            assert b" 404 " in plain.recv(4096), "it answers before it reads what is sent"
    assert not there.asked


def test_an_address_with_letters_of_any_script_is_asked(there: There) -> None:
    address = f"http://other.example:{there.port}/запит?a=%20b"
    with gateway([address], 10, resolve=here) as way:
        assert ask(way, address) == ["<x:y>"]
    assert there.asked[0][1] == "/%D0%B7%D0%B0%D0%BF%D0%B8%D1%82?a=%20b"


def test_private_addresses_are_looked_up_and_refused(there: There) -> None:
    address = f"http://localhost:{there.port}/"
    with (
        gateway([address], 10) as way,
        pytest.raises(OSError, match="is not a public address"),
    ):
        ask(way, address)
    assert not there.asked


def test_without_services_there_is_no_gateway() -> None:
    with gateway([], 10) as way:
        assert way == ""


def test_the_text_is_the_same_but_for_the_addresses() -> None:
    text = "SELECT * { SERVICE <https://a.example/> { ?s ?p '<https://a.example/>' } # x\n}"
    sent = fence.check(text, services=["https://b.example/", "https://a.example/"], gateway="g:g")
    assert sent == text.replace("SERVICE <https://a.example/>", "SERVICE <g:g/1>")


@pytest.mark.skipif(sys.platform == "win32", reason="the server needs fork")
def test_a_server_loads_and_asks_through_its_gateway(there: There, small_store: Path) -> None:
    everyone = "from conflictkg.web.server import serving\n"
    everyone += "from functools import partial\n"
    everyone += "serving.gateway = partial(serving.gateway, resolve=lambda a: ['127.0.0.1'])"
    words = ("--store", small_store, "--writable", "--no-validate")
    with serving(*words, "--allow-service", there.address, first=everyone) as server:
        found = server.query(f"SELECT ?x {{ SERVICE <{there.address}> {{ ?s ?p ?x }} }}")
        assert "x:y" in found.text
        elsewhere = server.query("SELECT ?x { SERVICE <http://127.0.0.1/> { ?s ?p ?x } }")
        assert elsewhere.status_code == 403
        there.kind, there.body = "text/turtle", b"<rel> <x:p> <#frag> ."
        load = f"LOAD <{there.address}> INTO GRAPH <x:g>"
        assert server.update(load).status_code == 204
        rows = server.query("SELECT ?s ?o { GRAPH <x:g> { ?s ?p ?o } }").json()
        (row,) = rows["results"]["bindings"]
        base = f"http://other.example:{there.port}/"
        assert row["s"]["value"] == base + "rel"
        assert row["o"]["value"] == base + "sparql?a=b#frag"
        for unusual in (f"garbage {load}", load.replace("<x:g>", "ckg:g"), f"{load} more"):
            assert server.update(unusual).status_code == 400
        declared = f"PREFIX load: <x:> {load} ; INSERT DATA {{ GRAPH <x:h> {{ load:s load:p 1 }} }}"
        assert server.update(declared).status_code == 204
        assert server.query("ASK { GRAPH <x:h> { <x:s> <x:p> 1 } }").json()["boolean"]
        there.status = 500
        failed = server.update(load)
        assert failed.status_code == 502 and "127.0.0.1:" not in failed.text
        assert server.update(load.replace("LOAD", "LOAD SILENT")).status_code == 204
        failed = server.query(f"SELECT ?x {{ SERVICE <{there.address}> {{ ?s ?p ?x }} }}")
        assert failed.status_code == 502 and there.address in failed.text
        assert "127.0.0.1:" not in failed.text


@pytest.fixture
def small_store(small: Path, tmp_path: Path) -> Path:
    from conflictkg.load import build

    build(small, tmp_path / "store")
    return tmp_path / "store"


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { VALUES (?x ?y) { (<x'y> \"a' SERVICE <https://a.example/> {\") } }",
        "INSERT DATA { <x'y> <p> \"a' SERVICE <https://a.example/> {\" }",
    ],
)
def test_a_text_that_names_an_allowed_address_is_never_changed(text: str) -> None:
    """Nor does the address of the gateway get into an answer or into the graph."""

    def sent(asked: str) -> str:
        update = asked.startswith("INSERT")
        return fence.check(asked, services=["https://a.example/"], gateway="g:g", update=update)

    with pytest.raises(Refused, match="two ways"):
        sent(text)
    plain = text.replace("x'y", "x%27y")
    assert sent(plain) == plain
