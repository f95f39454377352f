"""The way out: SERVICE and LOAD reach allowed addresses through here, and nothing else.

The engine looks names up by itself, after the fence has looked at them; whoever runs the DNS of an
allowed name could point it elsewhere in between. So with allowed services it is given addresses of
this gateway, on loopback and behind a secret, in place of those that a query names. The gateway
looks a name up once, refuses it unless all it stands for is public, and connects to just that.
"""

from __future__ import annotations

import http.client
import secrets
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread, Timer
from urllib.parse import quote, urlsplit

from conflictkg.web.fence import NotReached, public_addresses

Resolve = Callable[[str], Sequence[str]]
"""Looks the host of an address up; raises NotReached unless it may be reached."""

_PIECE = 64 * 1024
_LARGEST = 64 * 1024 * 1024
_PASSED = ("accept", "content-type")
_KEPT = "/?%:@!$&'()*+,;=~[]"
"""What stands in a path and query as it is (RFC 3986, section 3.3), and what is quoted already."""


@contextmanager
def gateway(
    services: Sequence[str], seconds: float, *, resolve: Resolve = public_addresses
) -> Iterator[str]:
    """Open a gateway to some addresses and yield its own: ``/0`` after it leads to the first.

    ``seconds`` is how long either side may keep the other waiting, and how long an answer may take
    in all. Without services there is none, and "" is yielded.
    """
    if not services:
        yield ""
        return
    secret = secrets.token_urlsafe(24)
    server = _Gateway({f"/{secret}/{at}": one for at, one in enumerate(services)}, seconds, resolve)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/{secret}"
    finally:
        server.shutdown()
        server.server_close()


class _Gateway(ThreadingHTTPServer):
    """Listens on loopback; knows which of its paths leads where."""

    daemon_threads = True

    def __init__(self, targets: Mapping[str, str], seconds: float, resolve: Resolve) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.targets = targets
        self.seconds = seconds
        self.resolve = resolve

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: who asked has gone, for instance at its limit of time."""


class _Passing(BaseHTTPRequestHandler):
    """Passes one request on, and its answer back."""

    protocol_version = "HTTP/1.1"
    server: _Gateway
    _begun = False

    def setup(self) -> None:
        """Begin; nobody is waited for without end."""
        self.request.settimeout(self.server.seconds)
        super().setup()

    def do_GET(self) -> None:
        """Pass on what LOAD asks for."""
        self._pass("GET", b"")

    def do_POST(self) -> None:
        """Pass on what SERVICE asks."""
        length = self.headers.get("content-length", "")
        if self.path not in self.server.targets:
            self.close_connection = True
            self.send_error(404)
            return
        if not length.isdecimal() or int(length) > _LARGEST:
            self._refuse("the query that would be sent is too long")
            return
        self._pass("POST", self.rfile.read(int(length)))

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the access log has the request that led here."""

    def _pass(self, method: str, body: bytes) -> None:
        address = self.server.targets.get(self.path)
        if address is None:
            self.send_error(404)
            return
        path = urlsplit(address)._replace(scheme="", netloc="", fragment="").geturl()
        passed = {name: self.headers[name] for name in _PASSED if name in self.headers}
        try:
            numbers = self.server.resolve(address)
            with (
                closing(connected(address, numbers, self.server.seconds)) as connection,
                _over_after(self.server.seconds, connection.sock),
            ):
                connection.request(method, quote(path, _KEPT) or "/", body or None, passed)
                with connection.getresponse() as answer:
                    if 300 <= answer.status < 400:
                        raise NotReached("it redirects elsewhere, which is not followed")
                    self._answer(answer)
        except (NotReached, OSError, http.client.HTTPException) as error:
            self._refuse(f"{address} is not reached: {error}")

    def _answer(self, answer: http.client.HTTPResponse) -> None:
        self._begun = True
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.headers.get("content-type", ""))
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Connection", "close")
        self.end_headers()
        while piece := answer.read1(_PIECE):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        if not answer.length:  # else it is left incomplete, and the engine sees it
            self.wfile.write(b"0\r\n\r\n")

    def _refuse(self, message: str) -> None:
        self.close_connection = True
        if self._begun:
            return
        body = message.encode()
        self.send_response(502)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def _over_after(seconds: float, connection: socket.socket) -> Iterator[None]:
    """Cut a connection after some time, however steadily it sends."""

    def cut() -> None:
        with suppress(OSError):
            socket.socket.shutdown(connection, socket.SHUT_RDWR)

    timer = Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def connected(address: str, numbers: Sequence[str], seconds: float) -> http.client.HTTPConnection:
    """Connect to one of some IP addresses as to the host of an address; raises OSError."""
    parts = urlsplit(address)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(parts.hostname or "", port, timeout=seconds)
    failed: OSError = OSError("it has no address")
    for number in numbers:
        try:
            plain = socket.create_connection((number, port), timeout=seconds)
        except OSError as error:
            failed = error
            continue
        if secure:
            context = ssl.create_default_context()
            connection.sock = context.wrap_socket(plain, server_hostname=parts.hostname)
        else:
            connection.sock = plain
        return connection
    raise failed
