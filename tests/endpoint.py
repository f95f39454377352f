"""An endpoint for tests: a real server, or the handlers in this process, and requests to it."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import served
from conflictkg.generations import writing
from conflictkg.web.app import answer
from conflictkg.web.http import Request, Served


@dataclass(frozen=True)
class Reply:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


@dataclass(frozen=True)
class Endpoint:
    """A running server: where it is, and whether requests bring the token."""

    url: str
    token: str = ""

    def request(
        self,
        method: str,
        target: str,
        body: bytes | str = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a request as it is, and return what came back."""
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        given = dict(headers or {})
        if self.token:
            given.setdefault("Authorization", f"Bearer {self.token}")
        data = body.encode() if isinstance(body, str) else body
        try:
            connection.request(method, target, data or None, given)
            response = connection.getresponse()
            named = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, named, response.read())
        finally:
            connection.close()

    def ask(self, query: str, accept: str = "", **parameters: str) -> Reply:
        """Send a query by GET."""
        target = "/sparql?" + urlencode({"query": query, **parameters})
        return self.request("GET", target, headers={"Accept": accept} if accept else None)

    def update(self, text: str) -> Reply:
        """Send an update directly."""
        kind = {"Content-Type": "application/sparql-update"}
        return self.request("POST", "/sparql", text, kind)


@contextmanager
def serving(store: Path | str, *options: str) -> Iterator[Endpoint]:
    """Run a server over a store until the block ends."""
    with served.serving("--store", store, "--no-log", *options) as server:
        yield Endpoint(server.url.rstrip("/"), served.TOKEN if "--writable" in options else "")


def empty_store(folder: Path) -> Path:
    """Make a store with nothing in it."""
    with writing(folder):
        pass
    return folder


def handled(
    graph: Served,
    method: str,
    target: str,
    body: bytes | str = b"",
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """Have the handlers answer a request, in this process and without limits."""
    path, _, query = target.partition("?")
    data = body.encode() if isinstance(body, str) else body
    given = {name.lower(): value for name, value in (headers or {}).items()}
    request = Request(method, unquote(path), query, given, data, "http://127.0.0.1:7979")
    response = answer(request, graph)
    whole = response.body if isinstance(response.body, bytes) else b"".join(response.body)
    named = {name.lower(): value for name, value in response.headers}
    return Reply(response.status, {**named, "content-type": response.media_type}, whole)
