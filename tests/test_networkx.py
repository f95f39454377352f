"""What NetworkX reads of our files is what is in the tables: nodes, edges and attributes."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import networkx
import pytest

from conflictkg.export import chunks
from conflictkg.export.gexf import EDGE_ATTRIBUTES, NODE_ATTRIBUTES
from conflictkg.export.graphml import flat
from conflictkg.export.jsons import plain
from conflictkg.export.text import one_line
from conflictkg.graph import ConflictGraph
from conflictkg.network import Projection, projections
from conftest import Run

NAMES = tuple(asked.name for asked in projections())
MIXED = ("places", "revisions")
"""Projections whose edges are directed or not by kind: NetworkX has no graph for them."""


def whole(made: Projection, format: str) -> bytes:
    return b"".join(chunks(made, format))


def known(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value not in (None, ())}


def ends(graph: Any, row: dict[str, Any]) -> tuple[str, str]:
    """The ends of an edge, in the order of their names where it has no direction."""
    one, other = row["source"], row["target"]
    return (one, other) if graph.is_directed() else (min(one, other), max(one, other))


def edges_of(graph: Any) -> dict[tuple[str, str, str], dict[str, Any]]:
    """The edges of a graph by ends and kind."""
    found = {}
    for source, target, attributes in graph.edges(data=True):
        row = {"source": source, "target": target}
        found[(*ends(graph, row), attributes["kind"])] = attributes
    assert len(found) == graph.number_of_edges()
    return found


def test_every_projection_but_two_has_edges_of_one_direction(kg: ConflictGraph) -> None:
    assert tuple(name for name in NAMES if kg.project(name).directed is None) == MIXED


@pytest.mark.parametrize("name", NAMES)
def test_node_link_json_gives_all_of_every_projection(kg: ConflictGraph, name: str) -> None:
    made = kg.project(name)
    graph = networkx.node_link_graph(json.loads(whole(made, "json")), edges="edges")
    assert graph.graph["projection"] == name and graph.is_multigraph()
    assert dict(graph.nodes(data=True)) == {
        row["id"]: {key: plain(value) for key, value in known(row).items() if key != "id"}
        for row in made.nodes
    }
    told = {(*ends(graph, row), row["kind"]): known(row) for row in made.edges}
    found = edges_of(graph)
    assert set(found) == set(told)
    for key, row in told.items():
        expected = {n: plain(v) for n, v in row.items() if n not in ("source", "target")}
        assert found[key] == expected


@pytest.mark.parametrize("name", NAMES)
def test_cytoscape_json_gives_all_of_every_projection(kg: ConflictGraph, name: str) -> None:
    made = kg.project(name)
    graph = networkx.cytoscape_graph(json.loads(whole(made, "cyjs")))
    assert graph.graph["projection"] == name
    assert graph.is_directed() is (made.directed is not False) and graph.is_multigraph()
    for row in made.nodes:
        expected = {n: plain(v) for n, v in known(row).items() if n not in ("x", "y")}
        assert graph.nodes[row["id"]] == {**expected, "value": row["id"]}
    found = edges_of(graph)
    assert len(graph) == len(made.nodes) and len(found) == len(made)
    for row in made.edges:
        attributes = found[(*ends(graph, row), row["kind"])]
        assert {n: attributes.get(n) for n in known(row)} == {
            n: plain(v) for n, v in known(row).items()
        }


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(MIXED)))
def test_graphml_gives_all_that_is_of_one_direction(kg: ConflictGraph, name: str) -> None:
    made = kg.project(name)
    graph = networkx.read_graphml(io.BytesIO(whole(made, "graphml")))
    numbers = (int, float, bool)

    def expected(row: dict[str, Any], *without: str) -> dict[str, Any]:
        cells = {n: v if isinstance(v, numbers) else flat(v) for n, v in known(row).items()}
        return {n: v for n, v in cells.items() if n not in without and v is not None}

    assert dict(graph.nodes(data=True)) == {row["id"]: expected(row, "id") for row in made.nodes}
    found = edges_of(graph)
    assert len(found) == len(made)
    for row in made.edges:
        attributes = dict(found[(*ends(graph, row), row["kind"])])
        assert attributes.pop("id", row["id"]) == row["id"]
        assert attributes == expected(row, "id", "source", "target")


def gexf_cells(row: dict[str, Any], attributes: Any) -> dict[str, Any]:
    """The attributes of a row as GEXF names and gives them."""
    cells = {}
    for name, column, _ in attributes:
        value = row[column]
        if value not in (None, ()):
            cells[name] = value if isinstance(value, int | float | str) else flat(value)
    return cells


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(MIXED)))
def test_gexf_gives_all_that_is_of_one_direction(kg: ConflictGraph, name: str) -> None:
    made = kg.project(name)
    graph = networkx.read_gexf(io.BytesIO(whole(made, "gexf")))

    def spells(row: dict[str, Any]) -> dict[str, Any]:
        told = [(str(first), str(last)) for first, last in row["spells"]]
        return {"spells": told} if told else {}

    assert len(graph) == len(made.nodes)
    for row in made.nodes:
        attributes = dict(graph.nodes[row["id"]])
        viz = attributes.pop("viz")
        assert (viz["position"]["x"], viz["position"]["y"]) == (row["x"], row["y"])
        assert viz["size"] == row["size"]
        assert attributes == {
            "label": one_line(row["label"]),
            **gexf_cells(row, NODE_ATTRIBUTES),
            **spells(row),
        }
    found = {attributes["id"]: attributes for *_, attributes in graph.edges(data=True)}
    assert len(found) == len(made)
    for row in made.edges:
        attributes = dict(found[row["id"]])
        assert attributes.pop("weight") == row["weight"]
        assert {n: attributes.get(n) for n in ("label", "spells")} == {
            "label": row["label"],
            "spells": spells(row).get("spells"),
        }
        for column, cell in gexf_cells(row, EDGE_ATTRIBUTES).items():
            assert attributes[column] == cell


def test_what_is_of_both_directions_is_read_from_json_and_had_in_python(kg: ConflictGraph) -> None:
    made = kg.project("revisions")
    for format, read in (("gexf", networkx.read_gexf), ("graphml", networkx.read_graphml)):
        with pytest.raises(networkx.NetworkXError, match="directed"):
            read(io.BytesIO(whole(made, format)))
    graph = made.to_networkx()
    undirected = sum(not directed for directed in made.edges["directed"])
    assert graph.number_of_edges() == len(made) + undirected
    assert all(isinstance(day, date) for *_, day in graph.edges(data="first") if day is not None)


def test_the_list_says_what_networkx_cannot_read(run: Run) -> None:
    told = run("export", "--list").stdout.splitlines()[-1]
    assert all(word in told for word in ("NetworkX", ".json", ".cyjs", *MIXED))


def test_algorithms_run_on_a_projection_without_rdflib(real_folder: Path) -> None:
    script = (
        "import sys, networkx as nx; from conflictkg import open_graph\n"
        "made = open_graph(sys.argv[1]).project('attribution').to_networkx()\n"
        "assert round(sum(nx.pagerank(made).values()), 6) == 1\n"
        "nx.betweenness_centrality(made); nx.community.louvain_communities(made)\n"
        "print(*{name.split('.')[0] for name in sys.modules})"
    )
    words = [sys.executable, "-c", script, str(real_folder)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert not set(done.stdout.split()) & {"rdflib", "pyshacl", "oxrdflib"}
