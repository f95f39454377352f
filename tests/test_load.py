"""Build, load and dump: all or nothing, from any format and back."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from conflictkg.errors import InputError, StoreError
from conflictkg.files import own_graph, read_file
from conflictkg.load import (
    build,
    build_in_memory,
    canonical,
    dump,
    laid_over,
    load,
    load_bytes,
    written_atomically,
)
from conflictkg.store import LocalStore, open_store
from conflictkg.terms import GRAPH, PROV, PROVENANCE_GRAPH, SCHEMA

SMALL = ox.NamedNode(GRAPH + "document/small")


def held(store: Path) -> set[ox.Quad]:
    """What a store holds, but for the provenance, which tells the time."""
    return {q for q in open_store(store).match() if q.graph_name != PROVENANCE_GRAPH}


def test_a_build_holds_the_files_the_ontology_the_derived_and_the_provenance(
    small: Path, tmp_path: Path
) -> None:
    loaded = build(small, tmp_path / "s")
    names = {graph.value.removeprefix(GRAPH) for graph in open_store(tmp_path / "s").graphs()}
    assert {"document/small", "ontology", "provenance", "derived/shortcuts"} <= names
    assert loaded.files == loaded.graphs == 1


def test_building_twice_gives_the_same_graphs(small: Path, tmp_path: Path) -> None:
    build(small, tmp_path / "s")
    first = held(tmp_path / "s")
    build(small, tmp_path / "s")
    assert held(tmp_path / "s") == first
    assert {q for q in build_in_memory(small).match() if q.graph_name != PROVENANCE_GRAPH} == first


def test_shortcuts_are_derived_and_say_from_which_rule(small: Path) -> None:
    store = build_in_memory(small)
    assert bool(store.query("ASK { statement:small ckg:denies claim:somebody-came }"))
    assert bool(
        store.query(
            "ASK { GRAPH graph:provenance { derivedgraph:shortcuts prov:wasDerivedFrom ?rule ."
            " ?rule a prov:Plan } }"
        )
    )


def test_each_graph_tells_its_file_hash_run_licence_and_maker(small: Path) -> None:
    store = build_in_memory(small)
    (row,) = store.query(  # type: ignore[union-attr]
        "SELECT * { GRAPH graph:provenance { docgraph:small prov:wasGeneratedBy ?run ;"
        " prov:wasDerivedFrom ?file ; prov:wasAttributedTo ?who ; dcterms:license ?licence ;"
        " schema:sha256 ?content . ?file schema:sha256 ?hash ; rdfs:label ?name ."
        " ?run prov:startedAtTime ?start ; prov:wasAssociatedWith ?software } }"
    )
    path = small / "documents" / "small.trig"
    assert row["name"].value == "documents/small.trig"
    assert row["hash"].value == read_file(path).sha256
    assert "conflictkg-" in row["software"].value


def test_loading_a_document_again_replaces_it_and_what_follows_from_it(
    small: Path, tmp_path: Path
) -> None:
    build(small, tmp_path / "s")
    path = small / "documents" / "small.trig"
    path.write_text(path.read_text("utf-8").replace("attitude:denies", "attitude:asserts"), "utf-8")
    load([path], tmp_path / "s")
    store = open_store(tmp_path / "s")
    assert bool(store.query("ASK { statement:small ckg:asserts claim:somebody-came }"))
    assert not bool(store.query("ASK { statement:small ckg:denies claim:somebody-came }"))
    made = list(store.match(SMALL, PROV.wasGeneratedBy, None, PROVENANCE_GRAPH))
    assert len(made) == 1 and "load" in str(made[0].object)


def test_loading_one_document_derives_what_building_all_derives(
    small: Path, tmp_path: Path
) -> None:
    build(small, tmp_path / "all")
    other = tmp_path / "other" / "documents"
    other.mkdir(parents=True)
    text = (small / "documents" / "small.trig").read_text("utf-8")
    (other / "second.trig").write_text(text.replace("docgraph:small", "docgraph:second"), "utf-8")
    build(other.parent, tmp_path / "s")
    load([small / "documents" / "small.trig"], tmp_path / "s")
    derived = ox.NamedNode(GRAPH + "derived/shortcuts")
    one, both = (
        {q.triple for q in open_store(tmp_path / name).match(None, None, None, derived)}
        for name in ("all", "s")
    )
    assert one == both


@pytest.mark.parametrize("suffix", ["trig", "nq", "jsonld"])
def test_a_dump_with_graphs_loads_back_equal(
    suffix: str, real_store: LocalStore, tmp_path: Path
) -> None:
    path = tmp_path / f"all.{suffix}"
    with path.open("wb") as file:
        dump(real_store, file, ox.RdfFormat.from_extension(suffix) or ox.RdfFormat.N_QUADS)
    load([path], tmp_path / "s")
    real = {q for q in real_store.match() if q.graph_name != PROVENANCE_GRAPH}
    assert held(tmp_path / "s") == real


@pytest.mark.parametrize("suffix", ["ttl", "trig", "nt", "rdf", "jsonld", "nq"])
def test_one_graph_survives_every_format(
    suffix: str, real_store: LocalStore, tmp_path: Path
) -> None:
    graph = ox.NamedNode(GRAPH + "document/espreso-belgorod-2025-04")
    before = {q.triple for q in real_store.match(None, None, None, graph)}
    path = tmp_path / f"x.{suffix}"
    format = ox.RdfFormat.from_extension(suffix)
    assert format is not None
    with path.open("wb") as file:
        dump(real_store, file, format, graph=graph)
    load([path], tmp_path / "s", graph=graph)
    after = {q.triple for q in open_store(tmp_path / "s").match(None, None, None, graph)}
    assert after == before


def test_the_dump_of_a_document_is_its_file(small: Path) -> None:
    path = small / "documents" / "small.trig"
    path.write_text(canonical(path), "utf-8")
    output = io.BytesIO()
    dump(build_in_memory(small), output, ox.RdfFormat.TRIG, graph=SMALL)
    dumped = output.getvalue().decode()
    assert (
        dumped[dumped.index("docgraph:small {") :]
        == path.read_text("utf-8")[path.read_text("utf-8").index("docgraph:small {") :]
    )


def test_rules_can_be_left_for_a_dump_that_brings_its_own(small: Path, tmp_path: Path) -> None:
    path = small / "documents" / "small.trig"
    shortcuts = "ASK { GRAPH derivedgraph:shortcuts { ?statement ?attitude ?claim } }"
    load([path], tmp_path / "without", rules=False)
    assert not bool(open_store(tmp_path / "without").query(shortcuts))
    load([path], tmp_path / "with")
    assert bool(open_store(tmp_path / "with").query(shortcuts))


def test_standard_input_loads_like_a_file(tmp_path: Path) -> None:
    data = b"<https://e.org/s> <https://e.org/p> 1 ."
    load_bytes(data, tmp_path / "s", format=ox.RdfFormat.TURTLE, graph=SMALL)
    assert len(list(open_store(tmp_path / "s").match(None, None, None, SMALL))) == 1


BAD = [
    ("bad.nq", "<https://e.org/s> <https://e.org/p> <https://e.org/o> <https://e.org/g> .\n<oops"),
    ("bad.nq", "<https://e.org/s> <https://e.org/p> <https://e.org/o> .\n"),
    ("bad.trig", "<https://e.org/g> { <https://e.org/s> }"),
    ("bad.nt", "<https://e.org/s> <https://e.org/p> <https://e.org/o> .\n"),
]


@pytest.mark.parametrize(("name", "text"), BAD)
def test_a_bad_file_leaves_the_store_as_it_was(
    name: str, text: str, small: Path, tmp_path: Path
) -> None:
    build(small, tmp_path / "s")
    before = set(open_store(tmp_path / "s").match())
    bad = tmp_path / name
    bad.write_text(text, "utf-8")
    with pytest.raises(InputError, match=name):
        load([small / "documents" / "small.trig", bad], tmp_path / "s")
    assert set(open_store(tmp_path / "s").match()) == before


def test_a_file_that_vanishes_is_an_error_and_changes_nothing(small: Path, tmp_path: Path) -> None:
    build(small, tmp_path / "s")
    before = set(open_store(tmp_path / "s").match())
    with pytest.raises(InputError, match="no such file"):
        load([tmp_path / "gone.trig"], tmp_path / "s")
    with pytest.raises(InputError, match=r"gone\.nq"):
        load([tmp_path / "gone.nq"], tmp_path / "s")
    assert set(open_store(tmp_path / "s").match()) == before


def test_a_file_must_hold_the_graph_of_its_name(small: Path, tmp_path: Path) -> None:
    path = small / "documents" / "small.trig"
    path.rename(path.with_name("other.trig"))
    with pytest.raises(InputError, match="rename the file or the graph"):
        build(small, tmp_path / "s")


def test_files_laid_over_a_store_hide_their_old_graphs_and_write_nothing(small: Path) -> None:
    base = build_in_memory(small)
    before = set(base.match())
    path = small / "documents" / "small.trig"
    path.write_text(path.read_text("utf-8").replace("attitude:denies", "attitude:asserts"), "utf-8")
    seen, graphs = laid_over(base, [path])
    assert graphs == {SMALL} == {own_graph(path)}
    attitudes = {str(q.object) for q in seen.match(None, None, None, SMALL)}
    assert not any("denies" in attitude for attitude in attitudes)
    assert set(base.match()) == before


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    with written_atomically(path) as file:
        file.write(b"old")
    with pytest.raises(ValueError), written_atomically(path) as file:
        file.write(b"new")
        raise ValueError
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(StoreError, match="cannot be written"), written_atomically(path / "y"):
        pass


@pytest.mark.parametrize("verb", ["build", "load"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_killing_a_run_in_the_middle_leaves_the_store_as_it_was(
    verb: str, number: signal.Signals, small: Path, tmp_path: Path
) -> None:
    build(small, tmp_path / "s")
    before = set(open_store(tmp_path / "s").match())
    big = tmp_path / "big" / "documents"
    big.mkdir(parents=True)
    lines = (
        f"<https://e.org/{i}> <https://e.org/p> <https://e.org/{i}> .\n" for i in range(400_000)
    )
    (big / "big.ttl").write_text("".join(lines), "utf-8")
    words = [verb, str(big.parent if verb == "build" else big / "big.ttl")]
    process = subprocess.Popen(
        [sys.executable, "-m", "conflictkg", *words, "--store", str(tmp_path / "s")],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    generations = 1
    while generations < 2 and process.poll() is None:
        time.sleep(0.01)
        generations = len(list((tmp_path / "s").glob("generation-*")))
    assert process.poll() is None, "it ended before it could be killed"
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    if number != signal.SIGKILL:
        assert process.returncode == 130
        assert "nothing was changed" in said
    assert set(open_store(tmp_path / "s").match()) == before
    load([small / "documents" / "small.trig"], tmp_path / "s")


def test_the_source_of_a_store_without_hashes_is_still_told(tmp_path: Path) -> None:
    path = tmp_path / "x.nq"
    path.write_text(f'<https://e.org/s> <https://e.org/p> "x" {SMALL} .\n', "utf-8")
    load([path], tmp_path / "s")
    store = open_store(tmp_path / "s")
    (source,) = store.match(SMALL, PROV.wasDerivedFrom, None, PROVENANCE_GRAPH)
    assert any(True for _ in store.match(source.object, SCHEMA.sha256))  # type: ignore[arg-type]
