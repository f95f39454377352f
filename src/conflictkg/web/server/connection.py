"""HTTP/1.1 connections that do not wait for ever: limits on what is around a request's body."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST_HEAD = 64 * 1024
"""Bytes that the request line and the headers may take together; the trailers as well."""
SLOWEST_HEAD = 5.0
"""Seconds in which they must have arrived."""

CONNECTIONS = 1000
"""Connections beyond which requests are turned away."""
_ROOM = 100
"""How many of them are kept free of connections on which nothing is asked."""

_REFUSAL = (
    b"HTTP/1.1 %s\r\ncontent-type: application/json\r\nconnection: close\r\n"
    b"content-length: %d\r\n\r\n%s"
)


class Connection(HttpToolsProtocol):
    """A connection that is closed if the head of a request is too long or takes too long."""

    _timer: asyncio.TimerHandle | None = None
    _since = 0.0
    _taken = 0
    _reading_head = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request; where there are many, the one that is idle longest goes."""
        super().connection_made(transport)
        self._wait_for_head()
        if len(self.connections) > CONNECTIONS - _ROOM:
            idle = [one for one in self.connections if isinstance(one, Connection) and one.is_idle]
            if idle:
                min(idle, key=lambda one: one._since).shutdown()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is asked on this connection, or not all of a first request's head."""
        if self.transport is None or self.transport.is_closing():
            return False
        return self.cycle is None or self.cycle.response_complete

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, as long as what is not body stays within its limit."""
        self._taken += len(data)
        super().data_received(data)
        if self._taken > LARGEST_HEAD:
            self._refuse(b"431 Request Header Fields Too Large", "the head is too long")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; what trails a body is not one (RFC 9110, section 6.5.1)."""
        if self._reading_head:
            super().on_header(name, value)

    def on_message_begin(self) -> None:
        """Begin a request: from here on its head has limited time."""
        self._reading_head = True
        self._wait_for_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Hand the request on, unless its head is too long or names two hosts.

        RFC 9112, section 3.2.
        """
        self._stop_waiting()
        self._reading_head, self._taken = False, 0
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > LARGEST_HEAD:
            self._refuse(b"431 Request Header Fields Too Large", "the head is too long")
        elif sum(name == b"host" for name, _ in self.headers) > 1:
            self._refuse(b"400 Bad Request", "there are two Host headers")
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a piece of a body."""
        self._taken = 0
        if self.cycle is not None:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Take note that all of a request is there."""
        self._taken = 0
        if self.cycle is not None:
            super().on_message_complete()

    def _wait_for_head(self) -> None:
        self._stop_waiting()
        self._since = self.loop.time()
        self._timer = self.loop.call_later(
            SLOWEST_HEAD, self._refuse, b"408 Request Timeout", "the head did not arrive in time"
        )

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, status: bytes, message: str) -> None:
        self._stop_waiting()
        transport: Any = self.transport
        if transport is None or transport.is_closing():
            return
        body = b'{"error": {"status": %s, "message": "%s"}}' % (status[:3], message.encode())
        transport.write(_REFUSAL % (status, len(body), body))
        transport.close()
