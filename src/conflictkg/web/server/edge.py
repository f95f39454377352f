"""HTTP at the edge: limits, who may write, caching; every answer comes from another process.

An ASGI application. It never parses a query or RDF: it decides by method and media type whether a
request reads or writes, hands it to a worker or to the writer, and passes on what comes back.
"""

from __future__ import annotations

import asyncio
import re
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from conflictkg.web.http import FORM, Refused, Request, Response
from conflictkg.web.server.access import Access
from conflictkg.web.server.channel import Channel, Failed, Stopped
from conflictkg.web.server.exchange import Exchange, Message, Receive, Send, Watch, refusal
from conflictkg.web.server.frames import Broken, Kind, encode_request
from conflictkg.web.server.held import explained, settled
from conflictkg.web.server.metrics import AccessLog, Metrics, say
from conflictkg.web.server.pool import Costly, Full
from conflictkg.web.server.recent import Key, Recent, lasting
from conflictkg.web.server.service import Service
from conflictkg.web.server.static import ROUTE, static_file

BODY_SECONDS = 30.0
"""Time in which the body of a request must have arrived."""
STALL_SECONDS = 30.0
"""Time in which a client must have taken a piece of a response."""
_MOST_WAITING = 5
"""Times the time limit that a worker waits for a client, all waits together."""
_SMALL_BODY = 64 * 1024
"""Bytes of a body that are taken even when bodies take too much room."""
_COSTLY = ("time", "died", "crowded")
_PRIVATE = ("authorization", "cookie")
_HOST = re.compile(r"[\w.\-]+(:\d+)?|\[[0-9a-fA-F:.]+\](:\d+)?")


class Edge:
    """The application; ``writes`` says of a request whether it would change the graph."""

    def __init__(
        self,
        service: Service,
        writes: Callable[[Request], bool],
        access: Access,
        log: AccessLog,
        metrics: Metrics,
    ) -> None:
        self.writes = writes
        self.service = service
        self.access = access
        self.log = log
        self.metrics = metrics
        self.recent = Recent()
        self.costly = Costly()
        self._held = 0
        self._prefix = urlsplit(service.options.base_url).path

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return
        exchange = Exchange(scope, receive, send, self._prefix)
        try:
            await self._answer(exchange)
        except Refused as refused:
            if not exchange.status:
                await exchange.refuse(refused)
            else:  # left incomplete, the connection is closed, and the client sees it
                self.metrics.stopped["cut"] += 1
                say(f"{exchange.method} {scope['path']!r}: cut short: {refused.message}")
        finally:
            self._held -= exchange.held
            self._note(exchange)

    async def _answer(self, exchange: Exchange) -> None:
        path = exchange.path
        if exchange.method == "OPTIONS" and "access-control-request-method" in exchange.headers:
            await exchange.whole(_preflight())
        elif path.startswith(ROUTE):
            await self._static(exchange, path[len(ROUTE) :])
        elif path == "/health":
            await exchange.whole(self.service.health())
        elif path == "/metrics":
            kept = {
                "kept_bytes": ("Size of the answers that are kept.", float(self.recent.size)),
                "kept_answered": ("Requests answered with a kept answer.", float(self.recent.hits)),
            }
            text = self.metrics.text({**self.service.gauges(), **kept})
            kind = "text/plain; version=0.0.4; charset=utf-8"
            await exchange.whole(Response(200, kind, text.encode()))
        else:
            await self._graph(exchange)

    async def _graph(self, exchange: Exchange) -> None:
        """Answer a request that concerns the graph."""
        headers = exchange.headers
        reads = exchange.method in ("GET", "HEAD", "OPTIONS")
        if reads:
            tag = self._tag_of(self.service.version, exchange)
            if tag and _known(headers, tag):
                await exchange.whole(Response(304, headers=(("etag", tag), *_VARY)))
                return
            if tag and (kept := self.recent.get(_key(exchange, self.service.version))):
                await exchange.whole(kept)
                return
        exchange.request = request = self._request(exchange)
        is_form = request.content_type == FORM and request.method == "POST"
        writes = not reads and not is_form and self.writes(request)
        if writes:
            self.access.check(headers)
        body = await self._body(exchange) if _has_body(headers) else b""
        try:
            exchange.request = request = replace(request, body=body)
            if is_form and not reads and self.writes(request):
                self.access.check(headers)
                writes = True
            if writes:
                await exchange.whole(await self.service.write(request))
            else:
                exchange.reads = True
                await self._read(exchange, request)
        except Stopped as stopped:
            self.metrics.stopped[stopped.reason] += 1
            options = self.service.options
            raise refusal(*explained(stopped, options.memory, options.timeout)) from stopped
        except Failed as failed:
            raise self._failure(failed) from failed
        except Broken as broken:
            raise refusal(500, "the process that worked on it is broken", "") from broken

    async def _read(self, exchange: Exchange, request: Request) -> None:
        """Have a worker answer, and end it if the client goes or the time is over."""
        loop = asyncio.get_running_loop()
        place: asyncio.Future[Channel] = loop.create_future()
        watch = Watch(exchange.receive, lambda: _leave(place))
        channel: Channel | None = None
        try:
            channel = await self.service.pool.acquire(place, costly=request in self.costly)
        except Full as full:
            raise refusal(503, "the server is busy", "try again later") from full
        finally:
            if channel is None:
                watch.end()
        limit = loop.call_later(self.service.options.timeout, channel.stop, "time")
        fine = whole = False
        try:
            channel.send(Kind.REQUEST, encode_request(request))
            response, whole = await channel.head()
            response = self._tagged(exchange, response, channel.version)
            if not whole:
                await exchange.begin(response, None)
                if exchange.method != "HEAD":
                    limit = await self._stream(exchange, channel, limit)
                await exchange.piece(b"", more=False)
            fine = exchange.method != "HEAD" or whole
        except Stopped as stopped:
            if stopped.reason in _COSTLY:
                self.costly.add(request)
            raise await settled(channel, stopped) from stopped
        finally:
            watch.end()
            limit.cancel()
            self.service.pool.release(channel, reusable=fine)
        if whole:
            if exchange.method == "GET" and any(name == "etag" for name, _ in response.headers):
                self.recent.put(_key(exchange, channel.version), response)
            await exchange.whole(response)

    async def _stream(
        self, exchange: Exchange, channel: Channel, limit: asyncio.TimerHandle
    ) -> asyncio.TimerHandle:
        """Pass on the pieces of a response; the time a client takes is not the worker's.

        Raises Stopped for a client that takes too long over one piece or over all of them.
        """
        loop = asyncio.get_running_loop()
        most = _MOST_WAITING * self.service.options.timeout
        while True:
            kind, piece = await channel.receive()
            if kind is Kind.END:
                return limit
            if kind is not Kind.CHUNK:
                raise Broken(f"{kind.name} in the middle of a response")
            limit.cancel()
            before = channel.waited
            try:
                with channel.waiting():
                    await asyncio.wait_for(exchange.piece(piece, more=True), STALL_SECONDS)
            except TimeoutError as error:
                raise Stopped("stalled") from error
            if channel.waited > most:
                raise Stopped("stalled")
            limit = loop.call_at(limit.when() + channel.waited - before, channel.stop, "time")

    async def _body(self, exchange: Exchange) -> bytes:
        """Return the body of a request; raises Refused if it is too long or too slow.

        What has arrived counts until the request is answered. When all bodies together take too
        much room, those that are not small are refused.
        """
        largest = self.service.options.max_body
        told = exchange.headers.get("content-length", "")
        too_long = refusal(
            413, f"the body is longer than {largest:,} bytes", "send it in parts", close=True
        )
        if told.isdigit() and int(told) > largest:
            raise too_long
        body = bytearray()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while True:
                    message = await exchange.receive()
                    if message["type"] == "http.disconnect":
                        raise refusal(400, "the client has gone", "")
                    piece = message.get("body", b"")
                    body += piece
                    exchange.held += len(piece)
                    self._held += len(piece)
                    if len(body) > largest:
                        raise too_long
                    if self._held > 8 * largest and len(body) > _SMALL_BODY:
                        raise refusal(503, "the server is busy", "try again later", close=True)
                    if not message.get("more_body"):
                        break
        except TimeoutError as error:
            hint = f"send it within {BODY_SECONDS:g} s"
            raise refusal(408, "the body did not arrive in time", hint, close=True) from error
        return bytes(body)

    def _request(self, exchange: Exchange) -> Request:
        host = exchange.headers.get("host", "")
        if not _HOST.fullmatch(host):
            raise refusal(400, "the Host header names no host", "")
        method = "GET" if exchange.method == "HEAD" else exchange.method
        headers = {
            k: v for k, v in exchange.headers.items() if k not in ("authorization", "cookie")
        }
        base = self.service.options.base_url or f"{exchange.scope['scheme']}://{host}"
        return Request(method, exchange.path, exchange.query, headers, base=base)

    def _tag_of(self, version: str, exchange: Exchange) -> str:
        """Return the tag of a representation: version of the graph, and what was asked for."""
        if self.service.options.services or not lasting(exchange.query):
            return ""
        variant = zlib.crc32(exchange.accept.encode(), self.service.salt)
        return f'W/"{version}.{variant:08x}"'

    def _tagged(self, exchange: Exchange, response: Response, version: str) -> Response:
        """Return a response with its tag, unless it has one or is none to keep."""
        if response.status != 200 or exchange.method not in ("GET", "HEAD"):
            return response
        named = {name.lower() for name, _ in response.headers}
        added = list(_VARY[1:] if "vary" in named else _VARY)
        if "etag" not in named and (tag := self._tag_of(version, exchange)):
            added.append(("etag", tag))
        if "cache-control" not in named:
            added.append(("cache-control", "no-cache"))
        headers = (*response.headers, *added)
        return Response(response.status, response.media_type, response.body, headers)

    async def _static(self, exchange: Exchange, name: str) -> None:
        found = static_file(name)
        if found is None:
            raise refusal(404, f"there is no file {name}", "")
        tag = f'"{found.tag}"'
        lasting = b"v=" in exchange.scope["query_string"]
        age = "max-age=31536000, immutable" if lasting else "max-age=300"
        headers = [("etag", tag), ("cache-control", f"public, {age}"), ("vary", "Accept-Encoding")]
        body = found.body
        if found.packed and "gzip" in exchange.headers.get("accept-encoding", ""):
            body = found.packed
            headers.append(("content-encoding", "gzip"))
        status = 304 if _known(exchange.headers, tag) else 200
        body = b"" if status == 304 else body
        await exchange.whole(Response(status, found.media_type, body, tuple(headers)))

    def _failure(self, failed: Failed) -> Refused:
        told = failed.told
        self.service.report(told)
        if told.get("reason") == "memory":
            self.metrics.stopped["memory"] += 1
            options = self.service.options
            return refusal(*explained(Stopped("memory"), options.memory, options.timeout))
        message = str(told.get("message") or "the request could not be answered")
        return refusal(int(told.get("status", 500)), message, str(told.get("hint", "")))

    def _note(self, exchange: Exchange) -> None:
        seconds = time.monotonic() - exchange.start
        self.metrics.took(exchange.method, exchange.status, seconds, exchange.sent)
        if not self.log.wanted:
            return
        client = exchange.scope.get("client")
        asked = {}
        if self.log.queries:
            asked = {
                "query": exchange.query,
                "body": exchange.request.body[:10_000].decode(errors="replace"),
            }
        self.log.add(
            time=round(time.time(), 3),
            client=client[0] if client else "",
            method=exchange.method,
            path=exchange.scope["path"],
            status=exchange.status,
            bytes=exchange.sent,
            seconds=round(seconds, 6),
            agent=exchange.headers.get("user-agent", "")[:200],
            **asked,
        )


_VARY = (("vary", "Accept"), ("vary", "Accept-Encoding"))


def _leave(place: asyncio.Future[Channel]) -> None:
    """Give up a place among those that wait, or end the process that was given to it."""
    if not place.done():
        place.set_exception(Stopped("client"))
    elif place.exception() is None:
        place.result().stop("client")


def _preflight() -> Response:
    """Return what pages of other sites may do: read (Fetch, section 3.2.3)."""
    return Response(
        204,
        headers=(
            ("access-control-allow-methods", "GET, HEAD, POST"),
            ("access-control-allow-headers", "Accept, Content-Type"),
            ("access-control-max-age", "86400"),
        ),
    )


def _key(exchange: Exchange, version: str) -> Key:
    headers = exchange.headers
    packed = "gzip" in headers.get("accept-encoding", "")
    where = f"{exchange.scope['scheme']}://{headers.get('host', '')}{exchange.path}"
    return where, exchange.query, exchange.accept, version, packed


def _known(headers: dict[str, str], tag: str) -> bool:
    """Return whether the client has what it asks for (RFC 9110, section 13.1.2)."""
    given = headers.get("if-none-match", "")
    bare = tag.removeprefix("W/")
    return any(one.strip().removeprefix("W/") in (bare, "*") for one in given.split(",") if given)


def _has_body(headers: dict[str, str]) -> bool:
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
