"""No client takes a part of a result for the whole: not by rows, not by time, in no format."""

from __future__ import annotations

import socket
import sys
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from conflictkg.errors import QueryError
from conflictkg.store import RemoteStore
from conflictkg.web.serialising import GRAPHS, SOLUTIONS
from served import Server, serving

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the server needs fork")

ROWS = 5_000
ALL = "SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }"
GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }"
ENDLESS = "SELECT ?s ?f { GRAPH ?g { ?s ?p ?o } GRAPH ?h { ?d ?e ?f } }"
ENDLESS_GRAPH = "CONSTRUCT { ?s ?e ?f } WHERE { GRAPH ?g { ?s ?p ?o } GRAPH ?h { ?d ?e ?f } }"
FORMATS = list(dict.fromkeys([*SOLUTIONS, *GRAPHS]))
PACKED = [False, True]


@pytest.fixture(scope="module")
def few(real_folder: Path) -> Iterator[Server]:
    """A server that gives a few thousand rows at most."""
    with serving("--store", real_folder, "--max-rows", str(ROWS)) as running:
        yield running


@pytest.fixture(scope="module")
def hasty(real_folder: Path) -> Iterator[Server]:
    """A server that gives any number of rows, for a second and a half."""
    with serving("--store", real_folder, "--max-rows", "0", "--timeout", "1.5") as running:
        yield running


def received(server: Server, query: str, accept: str, packed: bool) -> tuple[bytes, bool]:
    """Return the part of a body that arrives, unpacked, and whether HTTP says that it is whole."""
    headers = {"accept": accept, "accept-encoding": "gzip" if packed else "identity"}
    pieces, is_whole = [], True
    fields = {"query": query}
    with httpx.stream(
        "GET", f"{server.url}sparql", params=fields, headers=headers, timeout=60
    ) as answer:
        assert answer.status_code == 200
        assert answer.headers["transfer-encoding"] == "chunked"
        assert "x-conflictkg-truncated" not in answer.headers
        assert answer.headers.get("content-encoding", "") == ("gzip" if packed else "")
        try:
            pieces.extend(answer.iter_raw())
        except httpx.RemoteProtocolError:
            is_whole = False
    raw = b"".join(pieces)
    return (zlib.decompressobj(31).decompress(raw) if packed else raw), is_whole


@pytest.mark.parametrize("packed", PACKED)
@pytest.mark.parametrize("accept", FORMATS)
def test_too_many_rows_end_in_a_mark_and_a_broken_connection(
    few: Server, accept: str, packed: bool
) -> None:
    for query in asked(accept, ALL, GRAPH):
        body, is_whole = received(few, query, accept, packed)
        assert not is_whole
        assert b"truncated" in body[-120:] and str(ROWS).encode() in body[-120:]
    assert few.numbers("SELECT ?n { VALUES ?n { 1 2 } }") == {1, 2}


@pytest.mark.parametrize(
    ("accept", "packed"), [*((accept, False) for accept in FORMATS), ("text/csv", True)]
)
def test_too_much_time_ends_in_a_broken_connection(
    hasty: Server, accept: str, packed: bool
) -> None:
    for query in asked(accept, ENDLESS, ENDLESS_GRAPH):
        body, is_whole = received(hasty, query, accept, packed)
        assert len(body) > 1024 and not is_whole


def test_a_page_is_whole_and_says_that_rows_are_missing_or_it_is_an_error(hasty: Server) -> None:
    html = {"accept": "text/html"}
    slow = f"{ENDLESS} ORDER BY ?f"
    for query, statuses in ((ALL, {200}), (slow, {503, 504})):
        answer = httpx.get(f"{hasty.url}query", params={"query": query}, headers=html, timeout=60)
        assert answer.status_code in statuses
        assert int(answer.headers["content-length"]) > 0
        limits = {200: "The result is cut here", 503: "memory", 504: "time limit"}
        assert limits[answer.status_code] in answer.text


def test_a_client_of_http_1_0_is_told_as_well(few: Server) -> None:
    """It has the chunks, and no last one, or a connection that is reset."""
    parts = httpx.URL(few.url)
    with socket.create_connection((parts.host, parts.port or 80), timeout=60) as client:
        target = "/sparql?query=" + quote(ALL)
        client.sendall(f"GET {target} HTTP/1.0\r\nHost: a\r\n\r\n".encode())
        got = b""
        while piece := client.recv(1 << 20):
            got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200") and b"transfer-encoding: chunked" in head.lower()
    assert b"truncated" in body[-120:] and not body.endswith(b"0\r\n\r\n")


def asked(accept: str, select: str, construct: str) -> list[str]:
    """Return the queries whose results come in a format."""
    forms: Mapping[str, str] = {
        **({select: accept} if accept in SOLUTIONS else {}),
        **({construct: accept} if accept in GRAPHS else {}),
    }
    return list(forms)


@pytest.mark.parametrize("query", [ALL, GRAPH])
def test_another_conflictkg_tells_which_limit_it_met(few: Server, query: str) -> None:
    with pytest.raises(QueryError, match="gives no more than 5,000 rows"):
        RemoteStore(f"{few.url}sparql").query(query)


@pytest.mark.parametrize("query", [ENDLESS, ENDLESS_GRAPH])
def test_another_conflictkg_is_not_content_with_what_came_in_time(
    hasty: Server, query: str
) -> None:
    with pytest.raises(QueryError, match="broke off its answer"):
        RemoteStore(f"{hasty.url}sparql").query(query)
