"""GEXF as graphology reads it (and so Gephi Lite and sigma): every node, edge, value, colour."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from conflictkg.export import write
from conflictkg.export.gexf import EDGE_ATTRIBUTES, NODE_ATTRIBUTES
from conflictkg.export.text import iso, one_line
from conflictkg.graph import ConflictGraph
from conflictkg.network import Projection, projections
from conflictkg.network.styles import edge_style, node_colour, rgb
from networks import HOSTILE, Edge, network, networks

CLIENTS = Path(__file__).parent / "clients"
HOW = ("strict", "lite")
pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not (CLIENTS / "node_modules" / "graphology-gexf").is_dir(),
    reason="graphology is not installed: run “npm ci” in tests/clients",
)


def read(path: Path, how: str) -> Any:
    """Return a GEXF file as graphology reads it."""
    done = subprocess.run(
        ["node", str(CLIENTS / "gexf.js"), str(path), how],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def value(cell: Any) -> Any:
    """Return a cell as graphology should have it."""
    if isinstance(cell, tuple):
        return " ".join(cell)
    return iso(cell) if hasattr(cell, "isoformat") else cell


def colour(text: str) -> str:
    return "rgb({},{},{})".format(*rgb(text))


def check(made: Projection, path: Path, how: str) -> None:
    """Hold a file, as graphology reads it, against the tables that it was written from."""
    (path,) = write(made, path)
    found = read(path, how)
    assert len(found["nodes"]) == len(made.nodes) and len(found["edges"]) == len(made)
    for node, row in zip(found["nodes"], made.nodes, strict=True):
        attributes = node["attributes"]
        assert node["key"] == row["id"]
        assert attributes.get("label", "") == one_line(row["label"])
        assert attributes["color"] == colour(node_colour(row["kind"]))
        assert (attributes["x"], attributes["y"], attributes["size"]) == (
            row["x"],
            row["y"],
            row["size"],
        )
        for name, column, _ in NODE_ATTRIBUTES:
            assert attributes.get(name) == value(row[column]), name
    for edge, row in zip(found["edges"], made.edges, strict=True):
        attributes = edge["attributes"]
        assert (edge["key"], edge["source"], edge["target"]) == (
            row["id"],
            row["source"],
            row["target"],
        )
        assert edge["undirected"] is not row["directed"]
        assert attributes["kind"] == row["kind"] and attributes["weight"] == row["weight"]
        assert attributes["color"] == colour(edge_style(row["kind"])[0])
        for name, column, _ in EDGE_ATTRIBUTES:
            assert attributes.get(name) == (
                value(row[column]) or None if column == "evidence" else value(row[column])
            ), name


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("name", [asked.name for asked in projections()])
def test_graphology_reads_all_of_every_projection(
    kg: ConflictGraph, name: str, how: str, tmp_path: Path
) -> None:
    check(kg.project(name), tmp_path / "network.gexf", how)


@pytest.mark.parametrize("how", HOW)
def test_graphology_reads_hostile_names(how: str, tmp_path: Path) -> None:
    edges = [Edge(n, n + 1, n % 4, n, (738000, 738000 + n)) for n in range(len(HOSTILE) - 1)]
    check(network(HOSTILE, edges), tmp_path / "hostile.gexf", how)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=networks())
def test_graphology_reads_anything(
    made: Projection, tmp_path_factory: pytest.TempPathFactory
) -> None:
    check(made, tmp_path_factory.mktemp("gexf") / "any.gexf", "lite")
