"""Real servers for tests: started as a user starts them, stopped, and looked after."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

TOKEN = "a-token-for-the-tests-only"
PAGE_SIZE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Server:
    """A running ``conflictkg serve``: its address, its process, what it has told so far."""

    process: subprocess.Popen[bytes]
    url: str = ""
    lines: list[str] = field(default_factory=list)

    def query(self, sparql: str, **headers: str) -> httpx.Response:
        """Ask the endpoint by a direct POST."""
        return httpx.post(
            f"{self.url}sparql",
            content=sparql.encode(),
            headers={"content-type": "application/sparql-query", **headers},
            timeout=60,
        )

    def update(self, sparql: str, token: str = TOKEN) -> httpx.Response:
        """Send an update with the token."""
        return httpx.post(
            f"{self.url}sparql",
            content=sparql.encode(),
            headers={
                "content-type": "application/sparql-update",
                "authorization": f"Bearer {token}",
            },
            timeout=60,
        )

    def numbers(self, sparql: str) -> set[int]:
        """Return the values of ?n that a query finds."""
        answer = self.query(sparql)
        assert answer.status_code == 200, answer.text
        return {int(row["n"]["value"]) for row in answer.json()["results"]["bindings"]}

    def metric(self, name: str) -> float:
        """Return a number that the server tells of itself; 0 if it has not told it yet."""
        text = httpx.get(f"{self.url}metrics").text
        found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
        return float(found[1]) if found else 0.0

    def processes(self) -> set[int]:
        """Return the processes of the server, itself included."""
        return processes_of(self.process.pid)

    def called(self, role: str) -> set[int]:
        """Return the processes of the server that say they have some role (Linux)."""
        return {pid for pid in self.processes() if _name(pid) == f"ckg-{role}"}

    def holder(self) -> int:
        """Return the process that holds the graph: before it answers it has its name."""
        assert self.query("ASK {}").status_code == 200
        end = time.monotonic() + 10
        while len(found := self.called("holder")) != 1:
            assert time.monotonic() < end, found
        return found.pop()

    def stop(self) -> int:
        """Ask the server to stop and return its exit code; nothing of it may be left."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(60)
        assert until(lambda: not self.processes(), 5), "processes are left"
        return code

    def kill(self) -> None:
        """Kill all processes of the server at once, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        assert until(lambda: not self.processes(), 5)


@contextmanager
def serving(
    *words: str | Path, token: str | None = TOKEN, seconds: float = 60, first: str = ""
) -> Iterator[Server]:
    """Start ``conflictkg serve`` with some arguments on a free port and wait until it answers.

    ``first`` is Python text that its process runs before all else.
    """
    environment = {k: v for k, v in os.environ.items() if k != "CONFLICTKG_TOKEN"}
    if token is not None:
        environment["CONFLICTKG_TOKEN"] = token
    script = f"{first}\nfrom conflictkg.cli import main\nraise SystemExit(main())"
    start = ["-c", script] if first else ["-m", "conflictkg"]
    command = [sys.executable, *start, "serve", "--port", "0", *map(str, words)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    )
    server = Server(process)
    readers = [
        threading.Thread(target=_collect, args=(server, stream), daemon=True)
        for stream in (process.stdout, process.stderr)
    ]
    for reader in readers:
        reader.start()
    try:
        assert until(lambda: bool(server.url) or process.poll() is not None, seconds)
        assert server.url, "".join(server.lines)
        yield server
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)
        for reader in readers:
            reader.join(10)
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def _collect(server: Server, stream: object) -> None:
    for line in stream:  # type: ignore[attr-defined]
        text = line.decode(errors="replace")
        server.lines.append(text)
        if found := re.match(r"serving .* at (http://\S+)", text):
            server.url = found[1]


def until(condition: object, seconds: float) -> bool:
    """Wait until a condition holds; return whether it came to hold in time."""
    assert callable(condition)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return bool(condition())


def processes_of(session: int) -> set[int]:
    """Return the processes of a session that are alive (Linux)."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, of_session = path.read_text("utf-8").rpartition(")")[2].split()[:4]
        except OSError:  # it has ended meanwhile
            continue
        if int(of_session) == session and state != "Z":
            found.add(int(path.parent.name))
    return found


def _name(process: int) -> str:
    try:
        return Path(f"/proc/{process}/comm").read_text("utf-8").strip()
    except OSError:  # it has ended meanwhile
        return ""


def private_memory(process: int) -> int:
    """Return the bytes that a process has for itself; 0 if it has ended."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0
    return 1024 * sum(int(n) for n in re.findall(r"^Private_\w+:\s+(\d+) kB", text, re.MULTILINE))


def descriptors(process: int) -> int:
    """Return how many files and sockets a process has open."""
    return len(list(Path(f"/proc/{process}/fd").iterdir()))
