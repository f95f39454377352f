"""Projections as the graphs of NetworkX, rustworkx and igraph, with the same attributes.

All are directed multigraphs: an undirected edge stands in both directions, as ``to_directed`` of
NetworkX has it. Values that are not known are left out. Dates are ``datetime.date``, spells and
evidence tuples, and ``__labels__`` holds the kind as Cypher has labels.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from conflictkg.errors import ConflictkgError
from conflictkg.network.projection import Projection

Attributes = dict[str, Any]


def to_networkx(projection: Projection) -> Any:
    """Return a ``networkx.MultiDiGraph``: nodes by their id, edges with their kind as key."""
    import networkx

    graph = networkx.MultiDiGraph(name=projection.name, **_about(projection))
    graph.add_nodes_from(_nodes(projection))
    graph.add_edges_from(
        (source, target, attributes["kind"], attributes)
        for source, target, attributes in _edges(projection)
    )
    return graph


def to_rustworkx(projection: Projection) -> Any:
    """Return a ``rustworkx.PyDiGraph`` whose nodes and edges hold dictionaries of attributes.

    Raises ConflictkgError if rustworkx is not installed.
    """
    try:
        import rustworkx
    except ImportError as error:
        raise ConflictkgError(
            "rustworkx is not installed", "pip install 'conflictkg[networks]'"
        ) from error
    graph: Any = rustworkx.PyDiGraph(attrs={"name": projection.name, **_about(projection)})
    nodes = list(_nodes(projection))
    graph.add_nodes_from([{"id": name, **attributes} for name, attributes in nodes])
    at = {name: number for number, (name, _) in enumerate(nodes)}
    graph.add_edges_from(
        [(at[source], at[target], attributes) for source, target, attributes in _edges(projection)]
    )
    return graph


def to_igraph(projection: Projection) -> Any:
    """Return a directed ``igraph.Graph`` whose vertices are named by their id.

    Raises ConflictkgError if igraph is not installed.
    """
    try:
        import igraph
    except ImportError as error:
        raise ConflictkgError("igraph is not installed", "pip install igraph") from error
    nodes = projection.nodes
    at = {name: number for number, name in enumerate(nodes["id"])}
    edges = list(_edges(projection))
    graph: Any = igraph.Graph(
        len(nodes), [(at[source], at[target]) for source, target, _ in edges], directed=True
    )
    graph["name"] = projection.name
    for key, value in _about(projection).items():
        graph[key] = value
    graph.vs["name"] = list(nodes["id"])
    for column in nodes.columns[1:]:
        graph.vs[column] = list(nodes[column])
    for column in projection.edges.columns:
        if column not in ("source", "target"):
            graph.es[column] = [attributes.get(column) for _, _, attributes in edges]
    return graph


def _about(projection: Projection) -> Attributes:
    return {key: value for key, value in projection.meta.items() if value is not None}


def _nodes(projection: Projection) -> Iterator[tuple[str, Attributes]]:
    columns = projection.nodes.columns
    for row in projection.nodes.rows():
        attributes = {
            key: value for key, value in zip(columns, row, strict=True) if value is not None
        }
        yield attributes.pop("id"), {**attributes, "__labels__": {attributes["kind"]}}


def _edges(projection: Projection) -> Iterator[tuple[str, str, Attributes]]:
    columns = projection.edges.columns
    for row in projection.edges.rows():
        attributes = {
            key: value for key, value in zip(columns, row, strict=True) if value is not None
        }
        source, target = attributes.pop("source"), attributes.pop("target")
        attributes["__labels__"] = {attributes["kind"]}
        yield source, target, attributes
        if not attributes["directed"]:
            yield target, source, dict(attributes)
