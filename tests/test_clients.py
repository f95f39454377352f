"""Clients that others wrote, and our own, get from the endpoint what the graph holds."""

from __future__ import annotations

import csv
import io
import json
import shutil
import signal
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from conflictkg import queries
from conflictkg.errors import QueryError
from conflictkg.graph import ConflictGraph
from conflictkg.queries import Answer, NamedQuestion
from conflictkg.store import LocalStore, RemoteStore, open_store
from conflictkg.terms import expand
from conflictkg.web.catalogue import CATALOGUE
from endpoint import Endpoint, serving
from served import TOKEN

CLIENTS = Path(__file__).parent / "clients"
SETUP = "install it with: python tests/setup.py"
NAMES = """
    PREFIX person: <https://w3id.org/conflictkg/id/person/>
    PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    SELECT ?name { person:andriy-kovalenko skos:prefLabel ?name } ORDER BY ?name"""
QUESTIONS = list(queries.questions())


@pytest.fixture(scope="module")
def endpoint(real_folder: Path) -> Iterator[Endpoint]:
    with serving(real_folder) as served:
        yield served


@pytest.fixture(scope="module")
def local(real_folder: Path) -> ConflictGraph:
    """The graph that the endpoint serves, read without it."""
    return ConflictGraph(open_store(real_folder))


@pytest.fixture(scope="module")
def names(local: ConflictGraph) -> list[str]:
    return [str(row["name"]) for row in local.query(NAMES)]


def rows(answer: Answer) -> Counter[tuple[Any, ...]]:
    """The rows, in any order; an empty text is no value.

    GROUP_CONCAT of nothing is "" for Virtuoso and no value for Oxigraph.
    """
    empty = ox.Literal("")
    return Counter(tuple(None if t == empty else t for t in row) for row in answer.rows)


def needs(program: str) -> str:
    found = shutil.which(program)
    if not found:
        pytest.skip(f"{program} is not installed; {SETUP}")
    return found


def test_curl_gets_rows_and_graphs(endpoint: Endpoint, names: list[str]) -> None:
    curl = [needs("curl"), "-sSf", f"{endpoint.url}/sparql"]
    asked = subprocess.run(
        [*curl, "--data-urlencode", f"query={NAMES}", "-H", "Accept: text/csv"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert [row["name"] for row in csv.DictReader(io.StringIO(asked.stdout, newline=""))] == names
    wrong = subprocess.run(
        [*curl[:-1], "-G", curl[-1], "--data-urlencode", "query=SELECT"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert wrong.returncode != 0 and "400" in wrong.stderr


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_sparqlwrapper_gets_rows_and_triples(
    method: str, endpoint: Endpoint, local: ConflictGraph, names: list[str]
) -> None:
    import SPARQLWrapper

    client = SPARQLWrapper.SPARQLWrapper(f"{endpoint.url}/sparql")
    client.setMethod(method)
    client.setQuery(NAMES)
    client.setReturnFormat(SPARQLWrapper.JSON)
    told = client.queryAndConvert()
    assert [row["name"]["value"] for row in told["results"]["bindings"]] == names
    client.setReturnFormat(SPARQLWrapper.XML)
    document = client.queryAndConvert()
    values = [node.firstChild.data for node in document.getElementsByTagName("literal")]
    assert values == names
    client.setReturnFormat(SPARQLWrapper.CSV)
    assert client.queryAndConvert().decode().splitlines()[1:] == names
    client.setQuery("ASK { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?o }")
    client.setReturnFormat(SPARQLWrapper.JSON)
    assert client.queryAndConvert()["boolean"] is True
    person = expand("person:andriy-kovalenko")
    client.setQuery(f"CONSTRUCT WHERE {{ <{person}> ?p ?o }}")
    client.setReturnFormat(SPARQLWrapper.TURTLE)
    held = {quad.triple for quad in local.quads(ox.NamedNode(person))}
    read = ox.parse(client.queryAndConvert(), format=ox.RdfFormat.TURTLE)
    assert {quad.triple for quad in read} == held


def test_rdflib_reads_the_endpoint_as_a_store(
    endpoint: Endpoint, local: ConflictGraph, names: list[str]
) -> None:
    import rdflib
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    graph = rdflib.Graph(SPARQLStore(f"{endpoint.url}/sparql"))
    assert [str(row.name) for row in graph.query(NAMES)] == names  # type: ignore[union-attr]
    person = rdflib.URIRef(expand("person:andriy-kovalenko"))
    held = {quad.triple for quad in local.quads(ox.NamedNode(str(person)))}
    assert len(list(graph.predicate_objects(person))) == len(held)


def test_rdflib_writes_through_the_endpoint(tmp_path: Path, real_folder: Path) -> None:
    import rdflib
    from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore

    shutil.copytree(real_folder, tmp_path / "store")
    with serving(tmp_path / "store", "--writable") as endpoint:
        address = f"{endpoint.url}/sparql"
        name = rdflib.URIRef("https://e.org/graph")
        place = rdflib.URIRef(expand("place:graivoron"))
        label = rdflib.SKOS.altLabel
        headers = {"Authorization": f"Bearer {TOKEN}"}
        store = SPARQLUpdateStore(address, address, headers=headers)
        graph = rdflib.Graph(store, name)
        graph.add((place, label, rdflib.Literal("Graiworon", lang="de")))
        held = rdflib.Graph(SPARQLUpdateStore(address, address), name)
        assert list(held.objects(place, label)) == [rdflib.Literal("Graiworon", lang="de")]
        graph.remove((place, label, None))
        assert not list(held.objects(place, label))
        with pytest.raises(Exception, match="401"):
            held.add((place, label, rdflib.Literal("Graiworon", lang="de")))


def test_comunica_gets_rows(endpoint: Endpoint, names: list[str]) -> None:
    node = needs("node")
    if not (CLIENTS / "node_modules" / "@comunica").is_dir():
        pytest.skip(f"Comunica is not installed; {SETUP}")
    done = subprocess.run(
        [node, "comunica.js", f"{endpoint.url}/sparql", NAMES],
        cwd=CLIENTS,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert Counter(row["name"] for row in json.loads(done.stdout)) == Counter(names)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_another_conflictkg_gets_the_same_answers(
    question: NamedQuestion, endpoint: Endpoint, local: ConflictGraph
) -> None:
    given = dict(question.example)
    here = rows(queries.ask(local.store, question, given, names=local.names))
    remote = RemoteStore(f"{endpoint.url}/sparql")
    assert rows(queries.ask(remote, question, given, names=local.names)) == here
    assert here


def test_another_conflictkg_reads_it_as_its_store(endpoint: Endpoint, local: ConflictGraph) -> None:
    from conflictkg import open_graph

    other = open_graph(f"{endpoint.url}/sparql")
    described = f"SELECT (COUNT(*) AS ?n) {{ GRAPH {CATALOGUE} {{ ?s ?p ?o }} }}"
    (told,) = (int(str(row["n"])) for row in other.query(described))
    assert told > 0 and len(other) - told == len(local)
    assert str(other.find("Коваленко")) == str(local.find("Kovalenko"))
    said = [{statement.iri for statement in kg.statements(by="Kovalenko")} for kg in (other, local)]
    assert said[0] == said[1] and said[0]


def test_another_conflictkg_is_not_content_with_half_an_answer(real_folder: Path) -> None:
    with serving(real_folder, "--max-rows", "10") as endpoint:
        remote = RemoteStore(f"{endpoint.url}/sparql")
        ten = remote.query("SELECT ?s { ?s a ckg:Statement } LIMIT 10")
        assert len(list(ten)) == 10  # type: ignore[arg-type]
        for query in ("SELECT ?s { ?s a ckg:Statement }", "CONSTRUCT WHERE { ?s ?p ?o }"):
            with pytest.raises(QueryError, match="gives no more than 10 rows"):
                remote.query(query)


VIRTUOSO = """[Database]
DatabaseFile = v.db
ErrorLogFile = v.log
LockFile = v.lck
TransactionFile = v.trx
xa_persistent_file = v.pxa
[TempDatabase]
DatabaseFile = t.db
TransactionFile = t.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
ServerThreads = 4
NumberOfBuffers = 10000
MaxDirtyBuffers = 7500
DirsAllowed = .
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 4
[SPARQL]
ResultSetMaxRows = 1000000
"""


def free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        for held in (one, other):
            held.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


@pytest.fixture(scope="module")
def virtuoso(
    local: ConflictGraph, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RemoteStore]:
    """Virtuoso 7 on loopback with the real graph in it."""
    server, client = needs("virtuoso-t"), needs("isql-vt")
    folder = tmp_path_factory.mktemp("virtuoso")
    sql, web = free_ports()
    (folder / "v.ini").write_text(VIRTUOSO.format(sql=sql, http=web))
    held = local.store
    assert isinstance(held, LocalStore)
    held.oxigraph.dump(str(folder / "graph.nq"), format=ox.RdfFormat.N_QUADS)
    with (folder / "out").open("wb") as out:
        process = subprocess.Popen(
            [server, "-f", "-c", "v.ini"], cwd=folder, stdout=out, stderr=out
        )
    try:
        _wait_for(web, process, folder)
        load = "DB.DBA.TTLP_MT(file_to_string_output('graph.nq'), '', 'http://x/', 512);"
        command = [client, f"127.0.0.1:{sql}", "dba", "dba", f"EXEC={load}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert "Done." in done.stdout, done.stdout + done.stderr
        yield RemoteStore(f"http://127.0.0.1:{web}/sparql", timeout=30)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(30)


def _wait_for(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError((folder / "out").read_text("utf-8", "replace"))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_virtuoso_gives_the_same_answers(
    question: NamedQuestion, virtuoso: RemoteStore, local: ConflictGraph
) -> None:
    given = dict(question.example)
    here = rows(queries.ask(local.store, question, given, names=local.names))
    there = rows(queries.ask(virtuoso, question, given, names=local.names))
    assert there == here and here
