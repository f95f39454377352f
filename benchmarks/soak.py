"""Hostile and ordinary requests, writes too, for some minutes: what is left of them afterwards.

Prints memory, descriptors and processes of the server at the start, every minute and at the end.
"""

from __future__ import annotations

import argparse
import http.client
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path

from conflictkg.load import build
from conflictkg.terms import bundled

TOKEN = "a-token-for-the-soak-test"
SMALL = "SELECT ?c { ?c a ckg:Claim } LIMIT 5"
HOSTILE = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a ?f",
    "SELECT ?a ?d (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f } GROUP BY ?a ?d",
    "SELECT (COUNT(*) AS ?n) { ?a (<urn:x>|!<urn:x>)* ?b . ?b (<urn:x>|!<urn:x>)* ?c }",
    "SELECT ?a ?b ?c ?d { ?a ?p ?b . ?c ?q ?d }",
    f"SELECT * {{ FILTER({'(' * 10_000}1{')' * 10_000}) }}",
    'SELECT * { ?a ?b ?c . ?d ?e ?f FILTER(REGEX(STR(?c), CONCAT("(.*", STR(?f), "){3}"))) }',
)


class Soak:
    """Clients that ask until told to stop, and what they were answered."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.over = threading.Event()
        self.answers: Counter[str] = Counter()
        self.waits: list[float] = []
        self.written = 0

    def ask(self, text: str, kind: str) -> str:
        """Send a query or an update and return the status, or how it was cut off."""
        request = urllib.request.Request(
            f"{self.url}sparql",
            data=text.encode(),
            headers={"Content-Type": kind, "Authorization": f"Bearer {TOKEN}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                while answer.read(65536):
                    pass
                return str(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return str(error.code)
        except (OSError, EOFError, ValueError, http.client.HTTPException):
            return "cut off"

    def hostile(self) -> None:
        """Ask what meets the limits."""
        while not self.over.is_set():
            text = random.choice(HOSTILE)
            status = self.ask(text, "application/sparql-query")
            self.answers[f"hostile {status}"] += 1

    def small(self) -> None:
        """Ask what everybody asks, and note how long it takes."""
        while not self.over.is_set():
            start = time.monotonic()
            status = self.ask(SMALL, "application/sparql-query")
            self.answers[f"small {status}"] += 1
            self.waits.append(time.monotonic() - start)
            time.sleep(0.05)

    def write(self) -> None:
        """Change the graph now and then."""
        while not self.over.is_set():
            number = self.written + 1
            text = f"INSERT DATA {{ GRAPH <urn:n> {{ <urn:s{number}> <urn:p> {number} }} }}"
            status = self.ask(text, "application/sparql-update")
            self.answers[f"write {status}"] += 1
            self.written += status == "204"
            time.sleep(1)


def main() -> int:
    """Run a server among hostile clients for the minutes that are asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--minutes", type=float, default=5, help="how long (5)")
    parser.add_argument("--clients", type=int, default=10, help="hostile clients (10)")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="conflictkg-soak-"))
    try:
        build(bundled("graphs"), folder / "store")
        return run(folder / "store", asked.minutes, asked.clients)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(store: Path, minutes: float, clients: int) -> int:
    """Serve a store among clients; return 1 if processes are left or a small query failed."""
    options = ["--port", "0", "--timeout", "5", "--memory", "512", "--no-log", "--no-validate"]
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "conflictkg",
            "serve",
            "--writable",
            "--store",
            str(store),
            *options,
        ],
        env={"CONFLICTKG_TOKEN": TOKEN, "PATH": "/usr/bin:/bin"},
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    assert process.stderr is not None
    url = next(
        found[1] for line in process.stderr if (found := re.search(r"at (http://\S+)", line))
    )
    threading.Thread(target=lambda: list(process.stderr or ()), daemon=True).start()
    soak = Soak(url)
    soak.ask(SMALL, "application/sparql-query")
    say("start", process.pid)
    jobs = [soak.hostile] * clients + [soak.small] * 2 + [soak.write]
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    end = time.monotonic() + 60 * minutes
    while time.monotonic() < end:
        time.sleep(min(60.0, max(0.1, end - time.monotonic())))
        say("running", process.pid)
    soak.over.set()
    for thread in threads:
        thread.join()
    time.sleep(3)
    say("end", process.pid)
    print(dict(sorted(soak.answers.items())), flush=True)
    waits = sorted(soak.waits)
    print(
        f"small queries: {len(waits):,}, median {1000 * statistics.median(waits):.0f} ms, "
        f"99% within {1000 * waits[int(0.99 * len(waits))]:.0f} ms, longest {waits[-1]:.1f} s"
    )
    process.send_signal(signal.SIGTERM)
    code = process.wait(120)
    left = processes(process.pid)
    print(f"exit code {code}, processes left: {len(left)}")
    failed = [key for key in soak.answers if key.startswith("small") and key != "small 200"]
    return 1 if left or failed or code else 0


def processes(session: int) -> list[int]:
    """Return the processes of a session (Linux)."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text("utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(path.parent.name))
    return found


def say(when: str, session: int) -> None:
    """Print what the server holds now."""
    found = processes(session)
    private = {pid: memory(pid) for pid in found}
    files = len(list(Path(f"/proc/{session}/fd").iterdir()))
    print(
        f"{when:<8} {len(found)} processes, {files} descriptors of the edge, private memory: "
        f"edge {private.get(session, 0):.0f} MiB, all {sum(private.values()):.0f} MiB",
        flush=True,
    )


def memory(pid: int) -> float:
    """Return the MiB that a process has for itself."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0.0
    return sum(int(n) for n in re.findall(r"^Private_\w+:\s+(\d+) kB", text, re.MULTILINE)) / 1024


if __name__ == "__main__":
    raise SystemExit(main())
