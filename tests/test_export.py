"""Networks as files: each format read back by a program that reads it, hostile content included."""

from __future__ import annotations

import csv
import io
import json
import os
import resource
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import unescape

import igraph
import networkx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from conflictkg.errors import InputError, StoreError
from conflictkg.export import FORMATS, chunks, format_of, write
from conflictkg.export.labels import shortened
from conflictkg.export.text import one_line
from conflictkg.graph import ConflictGraph
from conflictkg.network import Projection, projections
from conflictkg.network.columns import FOREVER, NEVER
from conftest import Run
from networks import HOSTILE, STATEMENT, Edge, network, networks

SUITES = Path(os.environ.get("CONFLICTKG_SUITES", Path(__file__).parents[2] / "shared" / "suites"))
NAMES = tuple(asked.name for asked in projections())
GEXF = "{http://gexf.net/1.3}"
VIZ = "{http://gexf.net/1.3/viz}"
many = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def schema() -> etree.RelaxNG:
    """The RELAX NG schema of GEXF 1.3."""
    path = SUITES / "gexf-1.3" / "gexf.rng"
    if not path.is_file():
        pytest.skip(f"the schema of GEXF 1.3 is not in {SUITES}: set CONFLICTKG_SUITES")
    return etree.RelaxNG(etree.parse(path))


def whole(made: Projection, format: str) -> bytes:
    return b"".join(chunks(made, format))


@pytest.fixture(scope="module")
def claims(kg: ConflictGraph) -> Projection:
    return kg.project("claims", place="Belgorod Oblast")


@pytest.mark.parametrize("name", NAMES)
def test_gexf_of_the_real_graph_fits_the_schema(
    kg: ConflictGraph, name: str, schema: etree.RelaxNG
) -> None:
    assert schema.validate(etree.fromstring(whole(kg.project(name), "gexf"))), schema.error_log


@many
@given(made=networks() | networks(name="places"))
def test_gexf_of_anything_fits_the_schema_and_the_rules_of_its_readers(
    made: Projection, schema: etree.RelaxNG
) -> None:
    text = whole(made, "gexf")
    root = etree.fromstring(text)
    assert schema.validate(root), schema.error_log
    graph = root.find(f"{GEXF}graph")
    assert graph is not None and "name" not in graph.attrib
    nodes, edges = list(root.iter(f"{GEXF}node")), list(root.iter(f"{GEXF}edge"))
    assert [graph.find(f"{GEXF}{cls}").get("count") for cls in ("nodes", "edges")] == [  # type: ignore[union-attr]
        str(len(nodes)),
        str(len(edges)),
    ]
    assert (len(nodes), len(edges)) == (len(made.nodes), len(made.edges))
    keys = {(e.get("source"), e.get("target"), e.get("kind")) for e in edges}
    assert len(keys) == len(edges) == len({e.get("id") for e in edges})
    assert all(float(e.get("weight", "0")) > 0 for e in edges)
    ways = {e.get("type", graph.get("defaultedgetype")) for e in edges}
    assert ("defaultedgetype" in graph.attrib) == (len(ways) < 2)
    sizes = [float(size.get("value", "0")) for size in root.iter(f"{VIZ}size")]
    assert all(4 <= size <= 100 for size in sizes) and len(sizes) == len(nodes)
    if len(set(sizes)) > 1:
        assert (min(sizes), max(sizes)) == (4, 100)
    for colour in root.iter(f"{VIZ}color"):
        assert set(colour.attrib) == {"r", "g", "b"}
    for spells in root.iter(f"{GEXF}spells"):
        pairs = [(s.get("start", "0"), s.get("end", "9999-99-99")) for s in spells]
        assert pairs == sorted(pairs) and all(start <= end for start, end in pairs)
        assert all(one[1] < two[0] for one, two in pairwise(pairs))
    names = {a.get("id") for a in root.iter(f"{GEXF}attribute")}
    taken = {"label", "id", "weight", "timeset", "type", "interval", "kind"}
    assert not {str(name).lower() for name in names} & taken


def test_the_spells_kinds_and_colours_of_gexf_are_those_of_the_tables(claims: Projection) -> None:
    root = etree.fromstring(whole(claims, "gexf"))
    for element, row in zip(root.iter(f"{GEXF}edge"), claims.edges, strict=True):
        assert element.get("kind") == row["kind"] and element.get("label") == row["label"]
        spells = [(s.get("start"), s.get("end")) for s in element.iter(f"{GEXF}spell")]
        assert spells == [(a and a.isoformat(), b and b.isoformat()) for a, b in row["spells"]]
        values = {v.get("for"): v.get("value") for v in element.iter(f"{GEXF}attvalue")}
        assert str(values["evidence"]).split() == list(row["evidence"])
        assert values["statements"] == str(row["statements"])


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"places", "revisions"}))
def test_networkx_reads_gexf_with_its_spells(kg: ConflictGraph, name: str, tmp_path: Path) -> None:
    made = kg.project(name)
    (path,) = write(made, tmp_path / "network.gexf")
    graph = networkx.read_gexf(path)
    assert (len(graph), graph.number_of_edges()) == (len(made.nodes), len(made))
    for node, label, spells in made.nodes.rows("id", "label", "spells"):
        told = [(str(a), str(b)) for a, b in spells]
        assert graph.nodes[node].get("spells", []) == told
        assert graph.nodes[node]["label"].split() == label.split()
    weights = sorted(weight for _, _, weight in graph.edges(data="weight"))
    assert weights == sorted(made.edges["weight"])


@many
@given(made=networks())
def test_igraph_reads_graphml(made: Projection, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("graphml") / "network.graphml"
    write(made, path)
    graph = igraph.Graph.Read_GraphML(str(path))
    assert (graph.vcount(), graph.ecount()) == (len(made.nodes), len(made))
    if len(made.nodes):
        assert graph.vs["id"] == list(made.nodes["id"])
        assert graph.vs["size"] == list(made.nodes["size"])
    if len(made):
        assert graph.es["weight"] == list(made.edges["weight"])
        assert graph.es["kind"] == list(made.edges["kind"])


def gephi_column(cells: list[str]) -> str:
    """Return the type that Gephi's importer guesses for a column from its first 25 cells."""
    seen = [cell for cell in cells[:25] if cell]
    for name, read in (("integer", int), ("double", float)):
        try:
            for cell in seen:
                read(cell)
            return name
        except ValueError:
            continue
    return "boolean" if set(seen) <= {"true", "false"} else "string"


@many
@given(made=networks())
def test_gephis_tables_have_no_dates_no_formulas_and_columns_of_one_type(made: Projection) -> None:
    archive = zipfile.ZipFile(io.BytesIO(whole(made, "csv")))
    tables = {}
    for table in ("nodes", "edges"):
        text = archive.read(f"{made.name}.{table}.csv").decode()
        head, *rows = csv.reader(io.StringIO(text))
        assert all(len(row) == len(head) for row in rows)
        tables[table] = [dict(zip(head, row, strict=True)) for row in rows]
        for at, name in enumerate(head):
            cells = [row[at] for row in rows]
            if any(cells):
                assert gephi_column(cells) == gephi_column(cells[::-1]) or name in ("Label", "Id")
            for cell in cells:
                assert not cell.startswith(("=", "+", "@", "\t", "\r")), name
                assert not cell.startswith("-") or float(cell) < 0
                assert "\x00" not in cell and "\n" not in cell
    assert (
        "source" not in {name.lower() for name in tables["nodes"][0]} if tables["nodes"] else True
    )
    assert len(tables["nodes"]) == len(made.nodes) and len(tables["edges"]) == len(made)
    ids = {row["Id"] for row in tables["nodes"]}
    assert {row[end] for row in tables["edges"] for end in ("Source", "Target")} <= ids


def test_a_formula_in_a_name_is_neutralised_in_a_spreadsheet() -> None:
    made = network(["=cmd|' /C calc'!A0", "-2+3", "'quoted"], [])
    text = zipfile.ZipFile(io.BytesIO(whole(made, "csv"))).read("claims.nodes.csv").decode()
    labels = [row["Label"] for row in csv.DictReader(io.StringIO(text))]
    assert labels == ["'=cmd|' /C calc'!A0", "'-2+3", "''quoted"]


@many
@given(made=networks())
def test_json_is_read_by_networkx_and_holds_all_nodes_and_edges(made: Projection) -> None:
    graph = networkx.node_link_graph(json.loads(whole(made, "json")), edges="edges")
    assert (len(graph), graph.number_of_edges()) == (len(made.nodes), len(made))
    elements = json.loads(whole(made, "cyjs"))["elements"]
    assert [len(elements[cls]) for cls in ("nodes", "edges")] == [len(made.nodes), len(made)]
    told = [json.loads(line) for line in whole(made, "jsonl").decode().split("\n")[:-1]]
    assert [one["is"] for one in told] == [
        *("network",),
        *["node"] * len(made.nodes),
        *["edge"] * len(made),
    ]
    assert json.loads(whole(made, "geojson"))["features"] == []


def test_geojson_has_what_has_coordinates(kg: ConflictGraph) -> None:
    made = kg.project("places")
    told = json.loads(whole(made, "geojson"))
    points = [f for f in told["features"] if f["geometry"]["type"] == "Point"]
    located = [lat for lat in made.nodes["lat"] if lat is not None]
    assert len(points) == len(located) > 10
    assert told["nodes_without_place"] == len(made.nodes) - len(located)
    sudzha = next(f for f in points if f["id"] == "place:sudzha")
    assert sudzha["geometry"]["coordinates"] == pytest.approx([35.27, 51.19], abs=0.1)
    assert any(f["geometry"]["type"] == "LineString" for f in told["features"])


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_the_same_network_gives_the_same_bytes(kg: ConflictGraph, format: str) -> None:
    asked = {"place": "Demydivka", "since": None}
    one, two = (whole(kg.project("claims", **asked), format) for _ in range(2))  # type: ignore[arg-type]
    assert one == two and one


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_an_empty_network_is_a_valid_file(format: str, tmp_path: Path) -> None:
    for path in write(network([], []), tmp_path / f"empty{format}"):
        assert path.stat().st_size > 0


@pytest.mark.parametrize("format", ["png", "svg"])
def test_a_picture_bears_hostile_names_and_loops(format: str) -> None:
    edges = [Edge(n, (n + 1) % len(HOSTILE), n % 4, n, (738000 + n, 738000 + n)) for n in range(20)]
    picture = whole(network(HOSTILE, [*edges, Edge(1, 1, 0, 99, (738000, 738000))]), format)
    assert picture.startswith(b"\x89PNG" if format == "png" else b"<?xml")


def test_a_picture_draws_every_edge(kg: ConflictGraph) -> None:
    made = kg.project("alignment", place="Belgorod Oblast")
    picture = whole(made, "svg")
    assert picture.count(b"<path") > len(made)
    assert etree.fromstring(picture).tag.endswith("svg")


@pytest.mark.parametrize("name", ["claims", "attribution", "events", "places"])
def test_a_picture_names_the_heaviest_nodes(kg: ConflictGraph, name: str) -> None:
    made = kg.project(name)
    drawn = unescape(whole(made, "svg").decode())
    heaviest = sorted(made.nodes.rows("weight", "label"), reverse=True)[:3]
    assert all(f"<!-- {shortened(label)} -->" in drawn for _, label in heaviest)


def test_a_suffix_that_is_none_lists_the_formats() -> None:
    assert format_of("a/b.GEXF") == ".gexf" and format_of("csv") == ".csv"
    with pytest.raises(InputError, match=r"\.gexf .*\.svg"):
        format_of("network.docx")


def test_evidence_with_a_comma_in_its_name_stays_in_its_cell() -> None:
    proofs = [Edge(0, 1, 0, name, (NEVER, FOREVER)) for name in ("a,b", "c", "d,e")]
    made = network(("A", "B"), proofs)
    text = zipfile.ZipFile(io.BytesIO(whole(made, "csv"))).read("claims.edges.csv").decode()
    (row,) = csv.DictReader(io.StringIO(text), strict=True)
    assert [one.rpartition("/")[2] for one in row["evidence"].split()] == ["a,b", "c", "d,e"]


def test_pieces_of_evidence_share_a_cell_whatever_is_in_their_names() -> None:
    names = ["a,b", 'c"d', "e", "  f  ", ",", '"g"']
    made = network(["x", "y"], [Edge(0, 1, 0, name, (738000, 738000)) for name in names])
    text = zipfile.ZipFile(io.BytesIO(whole(made, "csv"))).read("claims.edges.csv").decode()
    (row,) = csv.DictReader(io.StringIO(text), strict=True)
    assert row["evidence"] == " ".join(one_line(f"{STATEMENT}{name}") for name in sorted(names))


def test_a_table_of_gephi_becomes_two_files(claims: Projection, tmp_path: Path) -> None:
    written = write(claims, tmp_path / "network.csv")
    assert [path.name for path in written] == ["network.nodes.csv", "network.edges.csv"]
    assert sorted(tmp_path.iterdir()) == sorted(written)


def test_what_cannot_be_written_leaves_no_half_file(claims: Projection, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        write(claims, tmp_path / "nowhere" / "network.gexf")
    old = tmp_path / "network.gexf"
    old.write_text("as it was", "utf-8")

    def stopped(pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
        yield next(pieces)
        raise OSError(28, "No space left on device")

    with pytest.raises(StoreError, match="as it was before"):
        write(claims, old, progress=stopped)
    assert old.read_text("utf-8") == "as it was" and list(tmp_path.iterdir()) == [old]


def test_of_two_tables_both_are_written_or_neither(claims: Projection, tmp_path: Path) -> None:
    old = [tmp_path / f"n.{table}.csv" for table in ("nodes", "edges")]
    for path in old:
        path.write_text("as it was", "utf-8")

    def stopped(pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
        yield next(pieces)
        if "edges" in name:
            raise OSError(28, "No space left on device")

    with pytest.raises(StoreError, match="as it was before"):
        write(claims, tmp_path / "n.csv", progress=stopped)
    assert {path.read_text("utf-8") for path in old} == {"as it was"}
    assert sorted(tmp_path.iterdir()) == sorted(old)


def test_a_file_larger_than_may_be_written_leaves_nothing(
    real_folder: Path, tmp_path: Path
) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "conflictkg",
            "export",
            "big.gexf",
            "--network",
            "evidence",
            "--store",
            str(real_folder),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000)),
    )
    assert done.returncode == 2 and "big.gexf" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_command_line_exports_by_names_in_any_spelling(
    run: Run, real_folder: Path, tmp_path: Path
) -> None:
    store = ("--store", real_folder)
    done = run(
        "export",
        "n.gexf",
        "--network",
        "claims",
        "--since",
        "2025-03-01",
        "--place",
        "Белгородская область",
        *store,
    )
    assert done.returncode == 0 and not done.stdout
    graph = networkx.read_gexf(tmp_path / "n.gexf")
    assert f"{len(graph)} nodes, {graph.number_of_edges()} edges" in done.stderr
    assert "since" in done.stderr


def test_slices_are_a_file_each(run: Run, real_folder: Path, tmp_path: Path) -> None:
    done = run(
        "export",
        "w.jsonl",
        "--network",
        "alignment",
        "--since",
        "2025-03-01",
        "--until",
        "2025-04-30",
        "--slices",
        "1 month",
        "--store",
        real_folder,
    )
    assert done.returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "w-2025-03-01.jsonl",
        "w-2025-04-01.jsonl",
    ]
    assert done.stderr.count("(since)") == 1


def test_slices_may_overlap(run: Run, real_folder: Path, tmp_path: Path) -> None:
    words = ("export", "w.jsonl", "--network", "alignment", "--since", "2025-03-03")
    until = ("--until", "2025-03-16", "--store", real_folder)
    assert run(*words, *until, "--slices", "30 days", "--every", "1 week").returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "w-2025-03-03.jsonl",
        "w-2025-03-10.jsonl",
    ]
    refused = run(*words, *until, "--every", "1 week")
    assert refused.returncode == 2 and "--slices" in refused.stderr


def test_an_empty_result_is_a_file_and_a_word_on_what_emptied_it(
    run: Run, real_folder: Path, tmp_path: Path
) -> None:
    done = run(
        "export", "n.gexf", "--network", "claims", "--since", "2039-01-01", "--store", real_folder
    )
    assert done.returncode == 0 and "“since” leaves nothing" in done.stderr
    assert len(networkx.read_gexf(tmp_path / "n.gexf")) == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("n.gexf", "--network", "clams"), "did you mean claims"),
        (("n.docx", "--network", "claims"), ".graphml"),
        (("n.gexf",), "the networks are: alignment"),
        (("n.gexf", "--network", "claims", "--since", "yesterday"), "write it as 2025-03-18"),
        (("n.gexf", "--network", "claims", "--speaker", "Nobody Atall"), "known by the name"),
        (("n.gexf", "--network", "claims", "--slices", "often"), "30 days"),
        (("n", "--network", "claims"), "“n” ends in no format of networks"),
        (("n.gexf", "--network", "claims", "--strongest", "-5"), "a whole number, 0 or more"),
        (("n.gexf", "--network", "claims", "--min-weight", "nan"), "a number, 0 or more"),
        (
            ("n.gexf", "--network", "claims", "--since", "2025-04-01", "--until", "2025-03-01"),
            "give the earlier day first",
        ),
    ],
)
def test_bad_words_are_answered_with_what_there_is(
    run: Run, real_folder: Path, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    done = run("export", *words, "--store", real_folder)
    assert done.returncode == 2 and told in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_list_names_projections_and_formats(run: Run) -> None:
    done = run("export", "--list")
    assert done.returncode == 0
    for name in (*NAMES, *FORMATS):
        assert f"{name} " in done.stdout


def test_gexf_needs_neither_rustworkx_nor_matplotlib(real_folder: Path) -> None:
    script = """
import sys
for name in ("rustworkx", "matplotlib", "igraph"):
    sys.modules[name] = None
from conflictkg import open_graph
from conflictkg.errors import ConflictkgError
from conflictkg.export import chunks
made = open_graph(sys.argv[1]).project("mentions")
for format in ("gexf", "graphml", "csv", "json"):
    assert sum(map(len, chunks(made, format))) > 10_000
assert len(set(made.nodes.rows("x", "y"))) == len(made.nodes)
for work in (lambda: list(chunks(made, "png")), made.to_rustworkx, made.to_igraph):
    try:
        work()
    except ConflictkgError as error:
        print(error)
assert "rdflib" not in sys.modules
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(real_folder)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("pip install") == 3


@given(st.sampled_from(HOSTILE))
def test_what_is_cleaned_can_stand_in_xml(text: str) -> None:
    made = network([text], [])
    node = next(etree.fromstring(whole(made, "gexf")).iter(f"{GEXF}node"))
    assert str(node.get("label")).isprintable() or "\u202e" in text or "\u200d" in text


@pytest.mark.parametrize(
    ("name", "words", "edges", "told"),
    [
        ("n.gexf", (), 40, "edges are too dense"),
        ("n.csv", (), 40, "left out"),
        ("n.gexf", ("--all",), 972, ""),
        ("n.gexf", ("--strongest", "50"), 50, "strongest 50"),
        ("n.jsonl", (), 972, ""),
    ],
)
def test_a_file_for_gephi_keeps_the_strongest_edges_of_a_dense_network_and_says_so(
    real_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    words: tuple[str, ...],
    edges: int,
    told: str,
) -> None:
    from conflictkg.cli import export, parser

    monkeypatch.setattr(export, "DENSE", 40)
    given = [str(tmp_path / name), "--network", "mentions", "--store", str(real_folder), *words]
    assert export.run(parser("export").parse_args(given)) == 0
    said = capsys.readouterr().err
    assert f"{edges:,} edges\n" in said and told in said
    if name == "n.gexf":
        text = (tmp_path / name).read_text("utf-8")
        assert text.count("<edge ") == edges
        assert ("left out: edges weaker than the strongest" in text) is (edges < 972)
        assert ("too dense" in said) is (not words)


def test_no_network_of_the_real_graph_is_so_dense(kg: ConflictGraph) -> None:
    from conflictkg.cli.export import DENSE

    assert max(len(kg.project(name)) for name in NAMES) < DENSE


def test_all_and_the_strongest_cannot_both_be_meant(run: Run) -> None:
    done = run("export", "n.gexf", "--network", "claims", "--all", "--strongest", "9")
    assert done.returncode == 2 and "not allowed with" in done.stderr
