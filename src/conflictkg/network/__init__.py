"""Networks: projections of the graph with stated meaning, weights and time.

A projection is a pair of tables, nodes and edges, made by a SPARQL query of ``queries/networks``.
Every edge names the evidence behind it. It turns into NetworkX, rustworkx, igraph or files.
"""

from __future__ import annotations

from conflictkg.network.columns import Table
from conflictkg.network.definitions import Definition, definition, projections
from conflictkg.network.making import project
from conflictkg.network.projection import Projection

__all__ = ["Definition", "Projection", "Table", "definition", "project", "projections"]
