"""A small SELECT over HTTP, beside rdflib-endpoint, Virtuoso 7 and a route without isolation.

All hold the same graph and answer the same queries; wrk asks, once a query that nobody has asked
before each time (a comment in it is new), once always the same. The peers from PyPI are installed
into an environment of their own. Needs wrk; Virtuoso where it is installed.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

from conflictkg.store import LocalStore, open_store
from conflictkg.terms import CKG
from measure import Options, Row, alone, say

CONNECTIONS = (1, 8, 64)
SECONDS = 3
QUERIES = 500
LARGE = 100_000
PEERS = ("rdflib-endpoint", "uvicorn[standard]", "starlette", "granian", "pyoxigraph==0.5.13")
QUERY = "SELECT ?p ?o WHERE {{ {} ?p ?o }} LIMIT 20"

RDFLIB = """
import sys
import rdflib, uvicorn
from rdflib_endpoint import SparqlEndpoint
data = rdflib.Dataset(default_union=True)
data.parse(sys.argv[1], format="nquads")
uvicorn.run(SparqlEndpoint(graph=data, path="/sparql"), port=int(sys.argv[2]), log_level="error")
"""
BARE = """
import sys
import pyoxigraph as ox
from granian.server.embed import Server
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
store = ox.Store()
store.bulk_load(path=sys.argv[1], format=ox.RdfFormat.N_QUADS)
def answer(request):
    found = store.query(request.query_params["query"], use_default_graph_as_union=True)
    kind = "application/sparql-results+json"
    return Response(found.serialize(format=ox.QueryResultsFormat.JSON), media_type=kind)
async def asynchronous(request):
    return answer(request)
app = Starlette(routes=[Route("/sparql", asynchronous)])
import asyncio
asyncio.run(Server(app, port=int(sys.argv[2]), interface="asgi", log_enabled=False).serve())
"""
VIRTUOSO = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
ServerThreads = 100
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
DirsAllowed = {folder}, {data}
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 80
KeepAliveTimeout = 30
MaxKeepAlives = 80
[SPARQL]
ResultSetMaxRows = 1000000
"""
LUA = """
local paths = {{}}
for line in io.lines("{paths}") do paths[#paths + 1] = line end
math.randomseed(os.time())
local at = math.random(1000000)
request = function()
  at = at + {step}
  local path = paths[at % #paths + 1]
  if {step} == 0 then path = paths[1] else path = path .. "%20%23" .. at end
  return wrk.format("GET", path, {{["Accept"] = "application/sparql-results+json"}})
end
"""
KINDS = {"another each time": 1, "the same again": 0}


Rates = dict[str, dict[int, list[float]]]


def rows(options: Options) -> Iterator[Row]:
    """Measure all servers in one run, in turns."""
    size = 100_000 if options.quick else 1_000_000
    data, store = options.generated(size), options.store(size)
    scripts = _scripts(options.work, store)
    python = _environment(options.work)
    with ExitStack() as running:
        ports: dict[str, int] = {}
        starting: dict[str, Callable[[int], object]] = {
            "conflictkg": lambda port: running.enter_context(_ours(store, port)),
            "rdflib-endpoint": lambda port: running.enter_context(
                _python(python, RDFLIB, data, port)
            ),
            "bare route": lambda port: running.enter_context(_python(python, BARE, data, port)),
        }
        if shutil.which("virtuoso-t"):
            starting["Virtuoso 7"] = lambda port: running.enter_context(
                _virtuoso(options.work / "virtuoso", data, port)
            )
        for name, start in starting.items():
            say(f"starting {name} with {size:,} quads")
            ports[name] = _free_port()
            start(ports[name])
        for kind, rates in _rates(ports, scripts, options.rounds).items():
            yield from _compared(rates, kind, size)
        yield _large(ports["conflictkg"], size)


def _compared(rates: Rates, kind: str, size: int) -> Iterator[Row]:
    targets = {
        ("rdflib-endpoint", 1): 2.0,
        ("rdflib-endpoint", 8): 3.0,
        ("rdflib-endpoint", 64): 4.0,
        ("Virtuoso 7", 8): 1.0,
        ("Virtuoso 7", 64): 1.0,
    }
    for peer in rates:
        for connections in CONNECTIONS:
            if peer == "conflictkg":
                continue
            mine, theirs = rates["conflictkg"][connections], rates[peer][connections]
            ratio = statistics.median(mine) / max(1e-9, statistics.median(theirs))
            target = targets.get((peer, connections))
            yield Row(
                f"small SELECT, {kind}, {connections} connections, {size:,} quads, beside {peer}",
                _told(mine),
                _told(theirs),
                f"{ratio:.2f} of its rate",
                f"at least {target:g}" if target else "",
                ratio >= target if target else None,
            )


def _told(rates: list[float]) -> str:
    median, least, most = statistics.median(rates), min(rates), max(rates)
    return f"{median:,.0f}/s ({least:,.0f} to {most:,.0f})"


def _rates(ports: dict[str, int], scripts: dict[str, Path], rounds: int) -> dict[str, Rates]:
    """Return requests per second, by kind, server and connections; the servers take turns."""
    found: dict[str, Rates] = {
        kind: {name: {connections: [] for connections in CONNECTIONS} for name in ports}
        for kind in scripts
    }
    for number in range(rounds + 1):
        for kind, script in scripts.items():
            for connections in CONNECTIONS:
                for name, port in ports.items():
                    rate = _wrk(port, script, connections, SECONDS if number else 1)
                    if number:  # the first round warms up
                        found[kind][name][connections].append(rate)
        say(f"round {number} of {rounds}; load {os.getloadavg()[0]:.1f}; {found}")
    return found


def _wrk(port: int, script: Path, connections: int, seconds: int) -> float:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(script)]
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{port}"], capture_output=True, text=True, check=True
    )
    if failed := re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout):
        raise RuntimeError(f"port {port}: {failed[1]} errors at {connections} connections")
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    return float(found[1]) if found else 0.0


def _scripts(work: Path, store: Path) -> dict[str, Path]:
    """Write what wrk asks: the address of a small query for each of some statements."""
    reader = open_store(store)
    assert isinstance(reader, LocalStore)
    subjects = sorted({str(quad.subject) for quad in reader.match(None, CKG.speaker)})
    step = max(1, len(subjects) // QUERIES)
    paths = [f"/sparql?query={quote(QUERY.format(node))}" for node in subjects[::step][:QUERIES]]
    (work / "paths").write_text("\n".join(paths) + "\n", "utf-8")
    scripts = {}
    for kind, step in KINDS.items():
        scripts[kind] = work / f"ask-{step}.lua"
        scripts[kind].write_text(LUA.format(paths=work / "paths", step=step), "utf-8")
    return scripts


def _large(port: int, size: int) -> Row:
    """Measure how a large result streams: the first byte, the last, and the server's memory."""
    query = quote(f"SELECT ?s ?p ?o {{ ?s ?p ?o }} LIMIT {LARGE}")
    firsts, lasts = [], []
    for _ in range(5):
        start = time.perf_counter()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sparql?query={query}") as answer:
            answer.read(1)
            firsts.append(time.perf_counter() - start)
            length = len(answer.read()) + 1
            lasts.append(time.perf_counter() - start)
    first, last = statistics.median(firsts), statistics.median(lasts)
    return Row(
        f"{LARGE:,} rows ({length / 2**20:.0f} MiB of JSON) out of {size:,} quads",
        f"first byte after {first * 1000:.1f} ms",
        f"last after {last * 1000:.0f} ms",
        f"{first / last:.3f}",
        "the first before the last row is computed",
        first < last / 2,
    )


@contextmanager
def _ours(store: Path, port: int) -> Iterator[None]:
    command = [sys.executable, "-m", "conflictkg", "serve", "--no-log"]
    with _process([*command, "--store", str(store), "--port", str(port)], port):
        yield


@contextmanager
def _python(python: Path, script: str, data: Path, port: int) -> Iterator[None]:
    with _process([str(python), "-c", script, str(data), str(port)], port):
        yield


@contextmanager
def _virtuoso(folder: Path, data: Path, port: int) -> Iterator[None]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    sql = _free_port()
    ini = folder / "virtuoso.ini"
    ini.write_text(VIRTUOSO.format(folder=folder, data=data.parent, sql=sql, port=port), "utf-8")
    command = ["virtuoso-t", "+foreground", "+configfile", str(ini)]
    with _process(command, port, folder=folder):
        loading = (
            f"ld_dir('{data.parent}', '{data.name}', 'urn:all'); rdf_loader_run(); checkpoint;"
        )
        subprocess.run(
            ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"exec={loading}"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        yield


@contextmanager
def _process(command: list[str], port: int, *, folder: Path | None = None) -> Iterator[None]:
    """Run a server until the block ends; wait until it listens."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 600
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{command[0]} does not serve")
            time.sleep(0.2)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _listens(port: int) -> bool:
    try:
        url = f"http://127.0.0.1:{port}/sparql?query={quote('ASK {}')}"
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _environment(work: Path) -> Path:
    """Return a Python that has the peers; they are installed at its first use."""
    folder = work / "peers"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        say("installing the peers")
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *PEERS], check=True)
        (folder / "ready").touch()
    return python


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    alone(__doc__, rows)
