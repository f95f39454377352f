"""What a handler gets and gives: a request, a response, a refusal; and content negotiation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from conflictkg.graph import ConflictGraph

_USUAL = 300
"""Characters of an Accept field up to which what it comes to is kept."""
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request as handlers see it: no socket, no framework, cheap to send to a worker.

    ``path`` is decoded and begins with ``/``; ``query`` is the undecoded query string; ``headers``
    have names in lower case; ``base`` is what goes before paths: scheme and authority,
    ``http://127.0.0.1:7979``, or the address that the server has for others.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    base: str = ""

    @property
    def url(self) -> str:
        """The address that was asked for."""
        return self.base + self.path + (f"?{self.query}" if self.query else "")

    @property
    def content_type(self) -> str:
        """The media type of the body, without parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def parameters(self) -> list[tuple[str, str]]:
        """Return the parameters of the query string, in order, repeated ones too.

        Raises Refused (400) if they are not UTF-8 or more than 1,000.
        """
        return _fields(self.query, "the query string")

    def form(self) -> list[tuple[str, str]]:
        """Return the parameters of a URL-encoded body; raises Refused (400) as ``parameters``."""
        if self.content_type != FORM:
            return []
        try:
            return _fields(self.body.decode(), "the form")
        except UnicodeDecodeError as error:
            raise Refused(400, f"the form cannot be read: {error}", "encode it as UTF-8") from error

    def first(self, name: str, default: str = "") -> str:
        """Return the first value of a parameter of the query string."""
        return next((value for key, value in self.parameters() if key == name), default)


def _fields(text: str, where: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=1000, errors="strict")
    except ValueError as error:
        raise Refused(400, f"{where} cannot be read: {error}", "encode it as UTF-8") from error


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: status, media type, the body whole or in chunks, and further headers."""

    status: int = 200
    media_type: str = "text/plain; charset=utf-8"
    body: bytes | Iterator[bytes] = b""
    headers: tuple[tuple[str, str], ...] = ()

    def whole(self) -> bytes:
        """Return the body in one piece; one that is cut has its mark at the end."""
        if isinstance(self.body, bytes):
            return self.body
        pieces = []
        with suppress(Cut):
            for piece in self.body:
                pieces.append(piece)
        return b"".join(pieces)


class Cut(Exception):
    """A body ends here although there is more, and its head is sent: the client is to notice."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a graph is served.

    ``strict_dataset``: the default graph of a query is the unnamed graph, not the union.
    ``max_rows``: rows or triples of one result (0: no limit). ``max_body``: bytes of a request.
    ``timeout``: seconds for one request. ``memory``: MiB that one request may take on top of the
    graph. ``services``: addresses that SERVICE and LOAD may reach; ``gateway``: what they reach
    them through, ``/0`` after it leads to the first ("": nothing). ``validate``: writes through
    the Graph Store Protocol and updates are checked against the shapes first. ``base_url``: the
    address that the server has for others, without a slash at its end ("": what a request says).
    """

    strict_dataset: bool = False
    writable: bool = False
    validate: bool = True
    max_rows: int = 1_000_000
    max_body: int = 16 * 1024 * 1024
    timeout: float = 30.0
    memory: int = 1024
    services: tuple[str, ...] = ()
    gateway: str = ""
    base_url: str = ""


@dataclass(frozen=True, slots=True)
class Served:
    """What handlers answer from: the graph, the version of its content, and the options."""

    kg: ConflictGraph
    version: str = ""
    options: Options = Options()


class Refused(Exception):
    """An answer that is an error: HTTP status, what happened, what to do, and where in the text.

    ``line`` and ``column`` count from 1 in the query of the request.
    """

    def __init__(
        self,
        status: int,
        message: str,
        hint: str = "",
        *,
        line: int | None = None,
        column: int | None = None,
        details: Sequence[Mapping[str, Any]] = (),
        headers: Iterable[tuple[str, str]] = (),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.hint = hint
        self.line = line
        self.column = column
        self.details = tuple(details)
        self.headers = tuple(headers)

    def as_json(self) -> dict[str, Any]:
        """Return the one shape of errors: status, message, hint, line, column, details."""
        told: dict[str, Any] = {"status": self.status, "message": self.message}
        for name in ("hint", "line", "column"):
            if getattr(self, name):
                told[name] = getattr(self, name)
        if self.details:
            told["details"] = list(self.details)
        return {"error": told}

    def response(self, accept: str = "") -> Response:
        """Return the error as JSON, or as text for those who ask for that first."""
        if negotiate(accept, ("application/json", "text/plain")) == "text/plain":
            hint = f"\nhint: {self.hint}" if self.hint else ""
            text = f"{self.message}{hint}\n"
            return Response(self.status, body=text.encode(), headers=self.headers)
        body = json.dumps(self.as_json(), ensure_ascii=False).encode()
        return Response(self.status, "application/json", body, self.headers)


def negotiate(accept: str, offered: Sequence[str]) -> str | None:
    """Return the media type, of those offered in order of preference, that an Accept field wants.

    RFC 9110, section 12.5.1: the most specific range that fits a type gives its quality, the
    highest quality wins, the server's order breaks ties. An empty field accepts anything; None
    means that nothing offered is acceptable.

    >>> negotiate("text/html;q=0.5, application/json", ("text/html", "application/json"))
    'application/json'
    >>> negotiate("text/*, */*;q=0.1", ("application/json", "text/csv"))
    'text/csv'
    """
    if not accept.strip():
        return offered[0]
    if len(accept) > _USUAL:
        return _negotiated.__wrapped__(accept, tuple(offered))
    return _negotiated(accept, tuple(offered))


@lru_cache(maxsize=256)
def _negotiated(accept: str, offered: tuple[str, ...]) -> str | None:
    ranges: list[tuple[str, float]] = []
    for part in accept.split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "q":
                try:
                    quality = max(0.0, min(1.0, float(value)))
                except ValueError:
                    quality = 0.0
        ranges.append((name.lower(), quality))
    best: tuple[float, int] | None = None
    for at, media_type in enumerate(offered):
        main = media_type.partition("/")[0]
        for wanted in (media_type, f"{main}/*", "*/*"):
            found = [quality for name, quality in ranges if name == wanted]
            if found:
                if found[0] > 0 and (best is None or found[0] > best[0]):
                    best = (found[0], at)
                break
    return offered[best[1]] if best else None
