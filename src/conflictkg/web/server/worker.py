"""A worker: one process, one request at a time, under limits, from a socket to a socket."""

from __future__ import annotations

import os
import socket
import time
import traceback
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace

from conflictkg.errors import ConflictkgError
from conflictkg.web.http import Cut, Refused, Request, Response, Served
from conflictkg.web.server import limits
from conflictkg.web.server.frames import (
    Broken,
    Kind,
    decode_request,
    encode_head,
    frame,
    receive,
    told,
)

Answer = Callable[[Request, Served], Response]
"""What handlers are, taken together."""

PIECE = 64 * 1024
"""Bytes after which a piece of a response is sent."""
HASTE = 0.1
"""Seconds after which a piece is sent however small it is."""
_GROWTH = 64 * limits.MIB
"""Address space that a worker may keep after a request; beyond it makes room for a fresh one."""
_SHORT = 0.005
"""Seconds in which no request makes a worker grow much."""
_LAST = (Kind.ANSWER, Kind.END, Kind.FAILED)
"""The messages after which a request is answered."""
_WORTH_PACKING = 1400
_PACKED = ("text/", "application/json", "application/ld+json", "application/xml", "image/svg+xml")


def work(channel: socket.socket, answer: Answer, served: Served) -> None:
    """Answer the requests that arrive, until the other side goes or this process has grown."""
    options = served.options
    os.nice(1)
    limits.limit_memory(options.memory)
    start = limits.mapped()
    channel.sendall(told(Kind.HELLO, pid=os.getpid()))
    while True:
        try:
            kind, payload, _ = receive(channel)
        except Broken:
            return
        if kind is not Kind.REQUEST:
            return
        limits.limit_cpu(options.timeout)
        before = time.monotonic()
        grown = False
        for message in messages(decode_request(payload), answer, served):
            if message[0] in _LAST and time.monotonic() - before > _SHORT:
                grown = limits.mapped() - start > _GROWTH
                if grown:  # told first: with the answer alone the next request would be sent
                    channel.sendall(frame(Kind.RETIRING))
            channel.sendall(message)
        if grown:
            return


def messages(request: Request, answer: Answer, served: Served) -> Iterator[bytes]:
    """Yield what a worker sends for a request: an answer, or begin, pieces and end, or a failure.

    What fits into one piece is sent as a whole; nothing is held back for longer than HASTE.
    """
    try:
        response = answered(request, answer, served)
        packs = "gzip" in request.headers.get("accept-encoding", "") and _packable(response)
        if isinstance(response.body, bytes):
            yield frame(Kind.ANSWER, _whole(response, response.body, packs))
            return
        pieces = _pieces(response.body)
        first, done = next(pieces)
        if done:
            yield frame(Kind.ANSWER, _whole(response, first, packs))
            return
        packer = zlib.compressobj(1, zlib.DEFLATED, 31) if packs else None
        yield frame(Kind.BEGIN, encode_head(_packed(response) if packs else response))
        while True:
            if packer is not None:
                first = packer.compress(first) + packer.flush(
                    zlib.Z_FINISH if done else zlib.Z_SYNC_FLUSH
                )
            yield frame(Kind.CHUNK, first)
            if done:
                break
            first, done = next(pieces)
        yield frame(Kind.END)
    except Cut as cut:
        yield told(Kind.FAILED, status=500, message=str(cut))
    except Refused as refused:
        yield told(Kind.FAILED, status=refused.status, message=refused.message, hint=refused.hint)
    except MemoryError:
        yield told(Kind.FAILED, status=503, reason="memory")
    except Exception as error:
        trace = traceback.format_exc(limit=-8)
        yield told(Kind.FAILED, status=500, message=f"{type(error).__name__}", trace=trace)


def answered(request: Request, answer: Answer, served: Served) -> Response:
    """Return the response to a request; what handlers refuse is a response as well."""
    try:
        return answer(request, served)
    except Refused as refused:
        return refused.response(request.headers.get("accept", ""))
    except ConflictkgError as error:
        told = Refused(500, error.message, error.hint)
        return told.response(request.headers.get("accept", ""))


def _pieces(body: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield a body in pieces of useful size, each with whether it is the last.

    Raises Cut when all is yielded that there is of a body that is cut.
    """
    held = bytearray()
    since = time.monotonic()
    try:
        for some in body:
            held += some
            if len(held) >= PIECE or (held and time.monotonic() - since > HASTE):
                yield bytes(held), False
                held.clear()
                since = time.monotonic()
    except Cut:
        yield bytes(held), False
        raise
    yield bytes(held), True


def _packable(response: Response) -> bool:
    kind = response.media_type
    named = {name.lower() for name, _ in response.headers}
    return "content-encoding" not in named and (
        kind.startswith(_PACKED) or "+json" in kind or "+xml" in kind or kind in _RDF
    )


_RDF = ("application/n-triples", "application/n-quads", "application/trig")


def _whole(response: Response, body: bytes, packs: bool) -> bytes:
    if packs and len(body) >= _WORTH_PACKING:
        return encode_head(_packed(response), zlib.compress(body, 1, 31))
    return encode_head(response, body)


def _packed(response: Response) -> Response:
    return replace(response, headers=(*response.headers, ("content-encoding", "gzip")))
