"""GeoJSON (RFC 7946): the nodes that have coordinates, and the edges between two such nodes."""

from __future__ import annotations

from collections.abc import Iterator

from conflictkg.export.jsons import Object, dumped, objects, plain
from conflictkg.export.text import encoded
from conflictkg.network import Projection


def write(projection: Projection) -> Iterator[bytes]:
    """Yield a feature collection: points, then lines; ``left_out`` says how many have no place."""
    return encoded(_pieces(projection))


def _pieces(projection: Projection) -> Iterator[str]:
    points: dict[str, list[float]] = {}
    for name, lat, lon in projection.nodes.rows("id", "lat", "lon"):
        if lat is not None and lon is not None:
            points[name] = [lon, lat]
    head = {
        "type": "FeatureCollection",
        "name": projection.name,
        "meta": {key: plain(value) for key, value in projection.meta.items() if value is not None},
        "nodes_without_place": len(projection.nodes) - len(points),
    }
    yield dumped(head)[:-1] + ', "features": ['
    for number, feature in enumerate(_features(projection, points)):
        yield (",\n" if number else "\n") + dumped(feature)
    yield "]}\n"


def _features(projection: Projection, points: dict[str, list[float]]) -> Iterator[Object]:
    nodes = projection.nodes
    for node in objects(nodes.rows(), nodes.columns):
        if node["id"] in points:
            yield _feature(node, {"type": "Point", "coordinates": points[node["id"]]})
    for part in projection.edges.chunks():
        for edge in objects(part.rows(), part.columns):
            ends = [points.get(edge["source"]), points.get(edge["target"])]
            if None not in ends:
                yield _feature(edge, {"type": "LineString", "coordinates": ends})


def _feature(thing: Object, geometry: Object) -> Object:
    properties = {key: value for key, value in thing.items() if key not in ("id", "lat", "lon")}
    return {"type": "Feature", "id": thing["id"], "geometry": geometry, "properties": properties}
