"""One request and its answer on their way through the edge."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from conflictkg.web.http import Refused, Request, Response

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

SECURITY = (
    (
        "content-security-policy",
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
)
_WATCH_AFTER = 0.05
CORS = (
    ("access-control-allow-origin", "*"),
    ("access-control-expose-headers", "*"),
)


class Exchange:
    """One request and its answer on their way through the edge.

    ``path`` is that of the request without the ``prefix`` that a proxy may have left on it.
    """

    def __init__(self, scope: Message, receive: Receive, send: Send, prefix: str = "") -> None:
        self.scope = scope
        self.receive = receive
        self.send = send
        self.start = time.monotonic()
        self.method: str = scope["method"]
        self.query: str = scope["query_string"].decode("latin-1")
        self.headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        self.accept = self.headers.get("accept", "")
        self.status = 0
        self.sent = 0
        self.held = 0
        self.reads = self.method in ("GET", "HEAD", "OPTIONS")
        self.path: str = scope["path"]
        if prefix and f"{self.path}/".startswith(f"{prefix}/"):
            self.path = self.path[len(prefix) :] or "/"
        self.request = Request(self.method, self.path)

    async def begin(self, response: Response, length: int | None) -> None:
        """Send the head of a response."""
        self.status = response.status
        headers = [(name.lower(), value) for name, value in response.headers]
        named = {name for name, _ in headers}
        headers.append(("content-type", response.media_type))
        if length is not None and response.status not in (204, 304):
            headers.append(("content-length", str(length)))
        headers += [pair for pair in SECURITY if pair[0] not in named]
        if self.reads:
            headers += CORS
        await self.send(
            {
                "type": "http.response.start",
                "status": response.status,
                "headers": [(name.encode("latin-1"), value.encode()) for name, value in headers],
            }
        )

    async def piece(self, body: bytes, *, more: bool) -> None:
        """Send a piece of a body."""
        self.sent += len(body)
        await self.send({"type": "http.response.body", "body": body, "more_body": more})

    async def whole(self, response: Response) -> None:
        """Send a response in one piece."""
        body = response.body if isinstance(response.body, bytes) else b"".join(response.body)
        await self.begin(response, len(body))
        await self.piece(body, more=False)

    async def refuse(self, refused: Refused) -> None:
        """Send an error."""
        await self.whole(refused.response(self.accept))


def refusal(status: int, message: str, hint: str, *, close: bool = False) -> Refused:
    """Return a refusal that says when to come back, and on request ends the connection."""
    headers = [("retry-after", "2")] if status == 503 else []
    if close:
        headers.append(("connection", "close"))
    return Refused(status, message, hint, headers=headers)


class Watch:
    """Calls ``gone`` if the client goes, from a moment after the start until it is ended.

    What is answered in that moment costs no task.
    """

    def __init__(self, receive: Receive, gone: Callable[[], None]) -> None:
        self._receive = receive
        self._gone = gone
        self._task: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(_WATCH_AFTER, self._begin)

    def end(self) -> None:
        """Look no more."""
        self._timer.cancel()
        if self._task is not None:
            self._task.cancel()

    def _begin(self) -> None:
        self._task = asyncio.ensure_future(self._look())

    async def _look(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._gone()
