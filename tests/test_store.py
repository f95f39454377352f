"""The store: one contract for every kind, and writing that is all or nothing."""

from __future__ import annotations

import http.server
import os
import signal
import subprocess
import sys
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from conflictkg.errors import QueryError, StoreError
from conflictkg.generations import writing
from conflictkg.store import (
    LocalStore,
    Overlay,
    Reader,
    RemoteStore,
    current_generation,
    open_store,
    select,
    with_values,
)


def n(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"https://e.org/{name}")


QUADS = [
    ox.Quad(n("s"), n("p"), n("o"), n("g")),
    ox.Quad(n("s"), n("p"), ox.Literal("ї", language="uk"), n("h")),
    ox.Quad(n("t"), n("q"), n("s"), n("h")),
]


class Endpoint(http.server.BaseHTTPRequestHandler):
    """A SPARQL endpoint over QUADS, enough of the protocol for a client to be tested on."""

    store = ox.Store()

    def do_POST(self) -> None:
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        query = urllib.parse.parse_qs(form)["query"][0]
        try:
            results = self.store.query(query, use_default_graph_as_union=True)
        except SyntaxError as error:
            self.send_error(400, str(error))
            return
        triples = isinstance(results, ox.QueryTriples)
        body = results.serialize(
            format=ox.RdfFormat.N_TRIPLES if triples else ox.QueryResultsFormat.JSON
        )
        self.send_response(200)
        kind = "application/n-triples" if triples else "application/sparql-results+json"
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    Endpoint.store.extend(QUADS)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/sparql"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=["memory", "folder", "endpoint", "overlay"])
def reader(request: pytest.FixtureRequest, tmp_path: Path, endpoint: str) -> Reader:
    if request.param == "endpoint":
        return RemoteStore(endpoint)
    if request.param == "folder":
        with writing(tmp_path / "store") as target:
            target.oxigraph.extend(QUADS)
        return open_store(tmp_path / "store")
    store = LocalStore(ox.Store(), "memory:")
    if request.param == "memory":
        store.oxigraph.extend(QUADS)
        return store
    above = LocalStore(ox.Store(), "memory:")
    above.oxigraph.extend(QUADS[:1])
    store.oxigraph.extend([*QUADS[1:], ox.Quad(n("old"), n("p"), n("o"), n("g"))])
    return Overlay(store, above)


def test_every_store_matches_patterns_alike(reader: Reader) -> None:
    assert set(reader.match()) == set(QUADS)
    assert set(reader.match(n("s"))) == set(QUADS[:2])
    assert set(reader.match(None, n("p"), n("o"))) == {QUADS[0]}
    assert set(reader.match(None, None, None, n("h"))) == set(QUADS[1:])
    assert set(reader.describe([n("s"), n("t"), n("none")])) == set(QUADS)
    assert set(reader.graphs()) == {n("g"), n("h")}
    assert len(reader) == 3


def test_every_store_reads_properties_whichever_graph_says_so(reader: Reader) -> None:
    read = reader.properties([n("s"), n("t"), n("none")])
    assert list(read) == [n("s"), n("t"), n("none")]
    for node, found in read.items():
        told = {(q.predicate, q.object) for q in reader.match(node)}
        assert {(p, value) for p, values in found.items() for value in values} == told
        assert sum(map(len, found.values())) == len(told), "a value stands once"
    assert set(reader.having(n("p"), [n("o"), n("none")])) == {n("s")}
    assert set(reader.having(n("q"), [n("s")])) == {n("t")}


def test_a_value_that_several_graphs_tell_is_read_once_and_triple_terms_never() -> None:
    store = LocalStore(ox.Store(), "memory:")
    store.oxigraph.extend(
        [
            ox.Quad(n("s"), n("p"), n("o"), n("g")),
            ox.Quad(n("s"), n("p"), n("o"), n("h")),
            ox.Quad(n("s"), n("p"), n("other"), n("h")),
            ox.Quad(n("s"), n("q"), ox.Triple(n("s"), n("p"), n("o")), n("g")),
        ]
    )
    (found,) = store.properties([n("s")]).values()
    assert {p: sorted(map(str, values)) for p, values in found.items()} == {
        n("p"): [str(n("o")), str(n("other"))]
    }


def test_every_store_that_queries_sees_the_union_of_its_graphs(reader: Reader) -> None:
    if isinstance(reader, Overlay):
        with pytest.raises(QueryError, match="cannot be queried"):
            reader.query("ASK {}")
        return
    rows = select(reader, "SELECT ?x { <https://e.org/t> ?q ?y . ?y <https://e.org/p> ?x }")
    assert {row["x"] for row in rows} == {n("o"), ox.Literal("ї", language="uk")}
    bound = select(reader, "SELECT ?s ?o { ?s ?p ?o }", {"s": n("t")})
    assert [(row["s"], row["o"]) for row in bound] == [(n("t"), n("s"))]
    assert bool(reader.query("ASK { ?s <https://e.org/q> ?o }"))
    triples = reader.query("CONSTRUCT { ?o ?p ?s } { ?s ?p ?o . ?s <https://e.org/q> ?o }")
    assert [str(triple) for triple in triples] == [  # type: ignore[union-attr]
        "<https://e.org/s> <https://e.org/q> <https://e.org/t>"
    ]


def test_a_bad_query_is_an_error_with_its_position(reader: Reader) -> None:
    with pytest.raises(QueryError):
        reader.query("SELECT * { ?s ?p }")


def test_the_prefixes_of_the_project_need_no_declaration(real_store: LocalStore) -> None:
    assert bool(real_store.query("ASK { ?statement ckg:speaker person:andriy-kovalenko }"))


def test_an_endpoint_that_is_not_there_is_an_error() -> None:
    with pytest.raises(StoreError, match="cannot be reached"):
        RemoteStore("http://127.0.0.1:9/sparql", timeout=2).query("ASK {}")


def test_values_stand_in_the_outermost_group() -> None:
    query = "PREFIX e: <https://e.org/{#> # {\nSELECT ?s { { SELECT ?s { ?s ?p ?o } } }"
    assert "SELECT ?s { VALUES ?s { <https://e.org/s> }  { SELECT" in with_values(
        query, {"s": n("s")}
    )
    assert with_values(query, {}) == query
    literal = ox.Literal('" } DROP ALL #')
    assert r'"\" } DROP ALL #"' in with_values(query, {"s": literal})


def test_a_folder_without_a_store_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store") as caught:
        open_store(tmp_path)
    assert "conflictkg build" in caught.value.hint


def fill(folder: Path, *quads: ox.Quad, fresh: bool = False) -> None:
    with writing(folder, fresh=fresh) as target:
        target.oxigraph.extend(quads)


def test_a_write_adds_to_what_is_there_and_a_fresh_one_replaces_it(tmp_path: Path) -> None:
    fill(tmp_path / "s", QUADS[0])
    fill(tmp_path / "s", QUADS[1])
    assert set(open_store(tmp_path / "s").match()) == set(QUADS[:2])
    fill(tmp_path / "s", QUADS[2], fresh=True)
    assert set(open_store(tmp_path / "s").match()) == {QUADS[2]}


def test_a_reader_sees_the_version_it_opened(tmp_path: Path) -> None:
    fill(tmp_path / "s", QUADS[0])
    reader = open_store(tmp_path / "s")
    fill(tmp_path / "s", QUADS[1])
    assert set(reader.match()) == {QUADS[0]}
    assert len(open_store(tmp_path / "s")) == 2


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, MemoryError])
def test_a_write_that_fails_leaves_the_store_as_it_was(
    tmp_path: Path, error: type[BaseException]
) -> None:
    fill(tmp_path / "s", QUADS[0])
    with pytest.raises(error), writing(tmp_path / "s") as target:
        target.oxigraph.extend(QUADS)
        raise error
    assert set(open_store(tmp_path / "s").match()) == {QUADS[0]}
    assert len(list((tmp_path / "s").glob("generation-*"))) == 1


WRITE_SLOWLY = """
import sys, time
from pathlib import Path
import pyoxigraph as ox
from conflictkg.generations import writing
with writing(Path(sys.argv[1])) as target:
    target.oxigraph.add(ox.Quad(*[ox.NamedNode("https://e.org/new")] * 4))
    print("writing", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def slow_writer(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", WRITE_SLOWLY, str(tmp_path / "s")],
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout and process.stdout.readline() == "writing\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def test_a_second_writer_is_told_that_the_store_is_held(
    tmp_path: Path, slow_writer: Callable[[], subprocess.Popen[str]]
) -> None:
    fill(tmp_path / "s", QUADS[0])
    slow_writer()
    with pytest.raises(StoreError, match="another process is writing"):
        fill(tmp_path / "s", QUADS[1])
    assert set(open_store(tmp_path / "s").match()) == {QUADS[0]}


def test_a_killed_writer_leaves_the_store_as_it_was_and_writable(
    tmp_path: Path, slow_writer: Callable[[], subprocess.Popen[str]]
) -> None:
    fill(tmp_path / "s", QUADS[0])
    process = slow_writer()
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert set(open_store(tmp_path / "s").match()) == {QUADS[0]}
    fill(tmp_path / "s", QUADS[1])
    assert len(open_store(tmp_path / "s")) == 2
    assert len(list((tmp_path / "s").glob("generation-*"))) == 2, "the dead writer's is swept away"


def test_a_broken_store_says_that_it_can_be_built_again(tmp_path: Path) -> None:
    fill(tmp_path / "s", QUADS[0])
    generation = current_generation(tmp_path / "s")
    assert generation is not None
    for file in generation.glob("MANIFEST*"):
        file.write_bytes(b"rubbish")
    with pytest.raises(StoreError, match="cannot be opened") as caught:
        open_store(tmp_path / "s")
    assert "conflictkg build" in caught.value.hint


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file size limits to set")
def test_a_full_disk_is_an_error_and_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    fill(tmp_path / "s", QUADS[0])
    script = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "import pyoxigraph as ox\n"
        "from conflictkg.errors import StoreError\n"
        "from conflictkg.generations import writing\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "e = lambda i: ox.NamedNode(f'https://e.org/{i}')\n"
        "try:\n"
        "    with writing(Path(sys.argv[1])) as target:\n"
        "        target.oxigraph.bulk_extend(\n"
        "            ox.Quad(e(i), e(i), ox.Literal('x' * 200 + str(i)), e('g'))\n"
        "            for i in range(20000))\n"
        "except StoreError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "s")],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "could not be written" in done.stdout, done.stderr
    assert set(open_store(tmp_path / "s").match()) == {QUADS[0]}
