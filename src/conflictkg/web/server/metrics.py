"""What the server counts, for Prometheus, and what it logs."""

from __future__ import annotations

import json
import os
import select
import sys
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from typing import TextIO

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds up to which requests are counted together."""


class Metrics:
    """Counters of requests, of ended processes and of writes, and the times requests took."""

    def __init__(self) -> None:
        self.started = time.time()
        self.requests: Counter[tuple[str, int]] = Counter()
        self.stopped: Counter[str] = Counter()
        self.bytes = 0
        self.writes = 0
        self._buckets = [0] * (len(BUCKETS) + 1)
        self._seconds = 0.0

    def took(self, method: str, status: int, seconds: float, size: int) -> None:
        """Count a request."""
        self.requests[method, status] += 1
        self.bytes += size
        self._seconds += seconds
        at = next((at for at, limit in enumerate(BUCKETS) if seconds <= limit), len(BUCKETS))
        self._buckets[at] += 1

    def text(self, gauges: Mapping[str, tuple[str, float]]) -> str:
        """Return all of it in the text format of Prometheus, version 0.0.4, with some gauges."""
        lines = ["# HELP conflictkg_requests_total Requests answered."]
        lines.append("# TYPE conflictkg_requests_total counter")
        for (method, status), count in sorted(self.requests.items()):
            labels = f'method="{method}",status="{status}"'
            lines.append(f"conflictkg_requests_total{{{labels}}} {count}")
        name = "conflictkg_request_seconds"
        lines += [f"# HELP {name} Time from request to answer.", f"# TYPE {name} histogram"]
        total = 0
        for limit, count in zip((*BUCKETS, "+Inf"), self._buckets, strict=True):
            total += count
            lines.append(f'{name}_bucket{{le="{limit}"}} {total}')
        lines += [f"{name}_sum {self._seconds:.6f}", f"{name}_count {total}"]
        name = "conflictkg_processes_stopped_total"
        lines += [f"# HELP {name} Processes ended before their answer.", f"# TYPE {name} counter"]
        lines += [
            f'{name}{{reason="{reason}"}} {count}' for reason, count in sorted(self.stopped.items())
        ]
        for name, what, value in (
            ("conflictkg_sent_bytes_total", "Bytes of bodies sent.", self.bytes),
            ("conflictkg_writes_total", "Changes made durable.", self.writes),
        ):
            lines += [f"# HELP {name} {what}", f"# TYPE {name} counter", f"{name} {value}"]
        gauges = {**gauges, "start_seconds": ("Start of the server, Unix time.", self.started)}
        for key, (what, number) in gauges.items():
            name = f"conflictkg_{key}"
            lines += [f"# HELP {name} {what}", f"# TYPE {name} gauge", f"{name} {number:g}"]
        return "\n".join(lines) + "\n"


class AccessLog:
    """A line of JSON for each request, to stdout, some at a time; nobody ever waits for it.

    Lines that nobody takes are held up to ``most`` bytes; those beyond are dropped and counted.
    """

    def __init__(self, *, wanted: bool, queries: bool, most: int = 1024 * 1024) -> None:
        self.wanted = wanted
        self.queries = queries
        self._most = most
        self._lines = bytearray()
        self._dropped = 0

    def add(self, **values: object) -> None:
        """Take note of a request."""
        if not self.wanted:
            return
        line = json.dumps(values, ensure_ascii=False).encode(errors="replace") + b"\n"
        if len(self._lines) + len(line) > self._most:
            self._dropped += 1
        else:
            self._lines += line

    def flush(self, seconds: float = 0.0) -> None:
        """Write what was noted, and wait at most so long for one who is to read it."""
        try:
            while self._lines and _takes(sys.stdout, seconds):
                # So much can be written without waiting where select(2) says so.
                written = os.write(sys.stdout.fileno(), self._lines[: select.PIPE_BUF])
                del self._lines[:written]
        except (OSError, ValueError) as error:
            say(f"the access log cannot be written: {error}; no more is written")
            self.wanted = False
            self._lines.clear()
            self._dropped = 0
        if self._dropped and (seconds or not self._lines):
            say(f"{self._dropped:,} lines of the access log were dropped: nobody read them in time")
            self._dropped = 0


def say(text: str) -> None:
    """Tell the operator something, on stderr, if that can be written to without waiting."""
    with suppress(OSError, ValueError):  # there is nobody left to tell
        if _takes(sys.stderr, 0.0):
            sys.stderr.write(f"conflictkg serve: {text}\n")
            sys.stderr.flush()


def _takes(stream: TextIO, seconds: float) -> bool:
    return bool(select.select([], [stream], [], seconds)[1])
