"""Messages between the edge and its processes: a kind, a length, a payload, over a socket pair.

Nothing that a worker sends is ever unpickled: a worker runs what strangers wrote.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Iterator
from enum import IntEnum
from typing import Any

from conflictkg.web.http import Request, Response

HEAD = struct.Struct("!BI")
LARGEST = 512 * 1024 * 1024
"""Bytes of a payload beyond which a message cannot be right."""


class Kind(IntEnum):
    """What a message is."""

    HELLO = 1
    """From a new process: its number, and whether its system calls are filtered."""
    REQUEST = 2
    """To a worker: a request; its answer follows."""
    WRITE = 3
    """To a candidate: a request that changes the graph."""
    ANSWER = 4
    """A response in one piece."""
    BEGIN = 5
    """The head of a response that comes in pieces."""
    CHUNK = 6
    """A piece."""
    END = 7
    """All pieces were sent; or, after another order, it is done."""
    FAILED = 8
    """The response, begun or not, cannot be had: why."""
    WORKER = 9
    """To a holder, with a socket: fork a worker that talks there."""
    CANDIDATE = 10
    """To a holder, with a socket: fork a candidate that talks there."""
    KEEP = 11
    """To a holder, with a socket: fork a process that writes the graph to the store."""
    PUBLISH = 12
    """To a process that has written a generation: make it current."""
    SURVEY = 13
    """To a holder, with a socket: fork a process that counts what is in the graph."""
    DESCRIBE = 14
    """To a candidate: statistics, as N-Quads; they take the place of those that are there."""
    CLOSE = 15
    """To a candidate on disk: write out and close the graph."""
    RETIRING = 16
    """From a worker, before the last message of an answer: it takes no further request."""


def frame(kind: Kind, payload: bytes = b"") -> bytes:
    """Return a message as bytes."""
    return HEAD.pack(kind, len(payload)) + payload


def told(kind: Kind, **values: Any) -> bytes:
    """Return a message whose payload is a JSON object."""
    return frame(kind, json.dumps(values).encode())


class Broken(Exception):
    """The other side has gone, or does not keep to the protocol."""


class Frames:
    """Bytes in, messages out."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[Kind, bytes]]:
        """Take what arrived and yield the messages that are complete; raises Broken."""
        self._buffer += data
        while len(self._buffer) >= HEAD.size:
            kind, length = HEAD.unpack_from(self._buffer)
            if length > LARGEST or kind not in Kind.__members__.values():
                raise Broken(f"message of kind {kind} and {length} bytes")
            end = HEAD.size + length
            if len(self._buffer) < end:
                return
            payload = bytes(self._buffer[HEAD.size : end])
            del self._buffer[:end]
            yield Kind(kind), payload


def receive(channel: socket.socket) -> tuple[Kind, bytes, list[int]]:
    """Wait for one message; return its kind, its payload and the descriptors that came with it.

    Raises Broken at the end of the stream.
    """
    head, descriptors, _, _ = socket.recv_fds(channel, HEAD.size, 1)
    while 0 < len(head) < HEAD.size:
        more = channel.recv(HEAD.size - len(head))
        if not more:
            break
        head += more
    if len(head) < HEAD.size:
        raise Broken("the other side has gone")
    kind, length = HEAD.unpack(head)
    payload = bytearray()
    while len(payload) < length:
        more = channel.recv(min(length - len(payload), 1 << 20))
        if not more:
            raise Broken("the other side has gone")
        payload += more
    return Kind(kind), bytes(payload), descriptors


def encode_request(request: Request) -> bytes:
    """Return a request as bytes: a line of JSON, then the body."""
    meta = [request.method, request.path, request.query, dict(request.headers), request.base]
    return json.dumps(meta).encode() + b"\n" + request.body


def decode_request(data: bytes) -> Request:
    """Return the request that some bytes stand for."""
    meta, _, body = data.partition(b"\n")
    method, path, query, headers, base = json.loads(meta)
    return Request(method, path, query, headers, body, base)


def encode_head(response: Response, body: bytes = b"") -> bytes:
    """Return the head of a response as bytes: a line of JSON, then the body if it is whole."""
    meta = [response.status, response.media_type, response.headers]
    return json.dumps(meta).encode() + b"\n" + body


def decode_head(data: bytes) -> Response:
    """Return the response, or its head, that some bytes stand for; raises Broken."""
    meta, _, body = data.partition(b"\n")
    try:
        status, media_type, headers = json.loads(meta)
        named = tuple((str(name), str(value)) for name, value in headers)
        return Response(int(status), str(media_type), body, named)
    except (ValueError, TypeError) as error:
        raise Broken(f"no head of a response: {meta[:80]!r}") from error
