"""/network: the projections of the graph, drawn; every edge with the statements that carry it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyoxigraph as ox

from conflictkg.export import chunks
from conflictkg.model import Ref
from conflictkg.network import Definition, Projection, definition, project, projections
from conflictkg.reading import Snapshot
from conflictkg.resolve import LONGEST, shortened
from conflictkg.store import Reader
from conflictkg.terms import expand
from conflictkg.web.http import Refused, Request, Served
from conflictkg.web.site.drawing import HEIGHT, WIDTH, Edge, Node, as_data, name_nodes, place_nodes
from conflictkg.web.site.kept import kept
from conflictkg.web.site.latest import first_view, resting_on
from conflictkg.web.site.page import NETWORKS, Page, Table
from conflictkg.web.site.selection import DAYS, THINGS, Selection, read_choices, read_selection
from conflictkg.web.site.sides import SIDES
from conflictkg.web.site.words import when
from conflictkg.words import counted

DEFAULT = "alignment"
STRONGEST = (150, 300, 1000)
"""How many edges a page draws, of which the first is for phones and the second the default."""

FREE = "force"
"""The layout of projections whose nodes stand wherever there is room."""

LISTED = 100
"""How many edges the page lists; the files have all."""

SHOWN = 12
"""How many statements an edge lists on the page; its files have all."""

_SIDES = {
    **{name: name for name in SIDES},
    **dict.fromkeys(("congruent",), "asserts"),
    **dict.fromkeys(("conflicting", "contradicts", "reverses", "retracts"), "denies"),
}
"""Kind of edge -> the side of a stance whose colour it has."""


_WORDS = {"congruent": "agrees with", "conflicting": "disagrees with"}
"""Labels of edges that read better between two names."""


def page(request: Request, served: Served) -> Page:
    """Return the page of a projection."""
    name = request.first("projection") or DEFAULT
    if len(name) > LONGEST:
        raise Refused(404, f"there is no projection “{shortened(name)}”", "/network lists them")
    chosen = definition(name)
    selection = read_selection(served.kg, request.parameters())
    latest = first_view(request, served, selection)
    reader = latest.store if latest else served.kg.store
    weight = _number(request.first("min_weight"), 1.0)
    strongest = int(_number(request.first("strongest"), STRONGEST[1]))
    largest = bool(request.first("largest"))

    def made(limit: int | None) -> Projection:
        return _project(reader, chosen, selection, weight, limit, largest)

    free = chosen.layout == FREE
    drawn = None if selection.problems else made(strongest)
    nodes, edges = read_network(reader, drawn, free=free) if drawn is not None else ((), ())
    sentence = resting_on(latest) + told(drawn) if drawn is not None else ""
    return Page(
        "network.html",
        "Network",
        {
            "selection": selection,
            "choices": kept(served, "choices", lambda: read_choices(served.kg.store)),
            "latest": latest,
            "projections": tuple(projections()),
            "projection": chosen,
            "min_weight": weight,
            "strongest": strongest,
            "strongest_choices": sorted({*STRONGEST, strongest}),
            "largest": largest,
            "sentence": sentence,
            "emptied_by": _field(drawn.meta.get("emptied_by", "")) if drawn is not None else "",
            "nodes": nodes,
            "edges": sorted(edges, key=lambda edge: (-edge.weight, edge.number))[:LISTED],
            "edge_count": len(edges),
            "lines": edges,
            "kinds": sorted({node.kind for node in nodes}),
            "edge_kinds": sorted(Counter((edge.words, edge.side) for edge in edges).items()),
            "width": WIDTH,
            "height": HEIGHT,
            "network": as_data(nodes, edges, free=free),
        },
        path="/network",
        section="network",
        summary=sentence,
        data=(lambda: _as_json(made(None), sentence)) if drawn is not None else None,
        table=(lambda: _as_table(made(None))) if drawn is not None else None,
        quads=(lambda: _quads(reader, made(None))) if drawn is not None else None,
        network=(lambda form: chunks(made(None), form)) if drawn is not None else None,
        networks=(*NETWORKS, "geojson") if drawn is not None and _placed(drawn) else NETWORKS,
        status=400 if selection.problems else 200,
    )


def _field(emptied: str) -> str:
    """Return the labels of the fields that leave nothing: the form has one for every source."""
    return " and ".join(_LABELS.get(name, name) for name in emptied.split(" and "))


_LABELS = {
    **{"since": "Said from", "until": "Said to", "speaker": "Speaker", "place": "Place"},
    **{"issue": "Issue", "document": "Source", "publisher": "Source"},
}


def _number(text: str, default: float) -> float:
    try:
        value = float(text)
    except ValueError:
        return default
    return value if math.isfinite(value) and value > 0 else default


def _project(
    reader: Reader,
    chosen: Definition,
    selection: Selection,
    weight: float,
    strongest: int | None,
    largest: bool,
) -> Projection:
    return project(
        reader,
        chosen.name,
        **selection.filters(),
        min_weight=weight,
        strongest=strongest,
        largest_component=largest,
    )


def told(drawn: Projection) -> str:
    """Return in words what a projection shows, and what was left out of it."""
    kinds = Counter(kind for kind, degree in drawn.nodes.rows("kind", "degree") if degree)
    alone = len(drawn.nodes) - kinds.total()
    things = ", ".join(
        counted(number, _NOUNS.get(kind, (kind, ""))[0], _NOUNS.get(kind, ("", ""))[1])
        for kind, number in kinds.most_common()
    )
    days = sorted(
        day for name in ("first", "last") for (day,) in drawn.edges.rows(name) if day is not None
    )
    first, last = (days[0], days[-1]) if days else (None, None)
    span = f", {when(str(first) if first == last else f'{first}/{last}')}" if days else ""
    gone = [
        f"{number:,} {what}"
        for what, number in drawn.meta["left_out"].items()
        if what not in (*THINGS, "document", "publisher", *DAYS)
    ]
    gone += [counted(alone, "node") + " without an edge"] if alone else []
    left_out = "; left out: " + ", ".join(gone) if gone else ""
    edges = counted(len(drawn.edges), "edge")
    if not len(drawn.edges):
        return f"No edge fits{left_out}"
    return f"{edges} between {things}{span}{left_out}"


_NOUNS = {
    "person": ("person", "people"),
    "source": ("unnamed source", "unnamed sources"),
    "thing": ("other thing", "other things"),
}


def read_network(
    reader: Reader, drawn: Projection, *, free: bool
) -> tuple[tuple[Node, ...], tuple[Edge, ...]]:
    """Return the nodes and edges of a projection as they are drawn and listed.

    ``free``: its parts may stand anywhere.
    """
    nodes = tuple(name_nodes(tuple(_nodes(drawn, free=free))))
    by_id = {node.id: node for node in nodes}
    rows = [row for row in drawn.edges if row["source"] in by_id and row["target"] in by_id]
    wanted = [one for row in rows for one in row["evidence"][:SHOWN]]
    evidence = _labelled(reader, wanted)
    edges = []
    for number, row in enumerate(rows):
        counts = [
            counted(row[what], noun)
            for what, noun in (("statements", "statement"), ("documents", "document"))
            if row[what]
        ]
        if row["origins"] and row["statements"]:
            counts.append(counted(row["origins"], "independent origin"))
        edges.append(
            Edge(
                number=number,
                source=by_id[row["source"]],
                target=by_id[row["target"]],
                words=_WORDS.get(row["label"], row["label"]),
                side=_SIDES.get(row["kind"], "denies" if row["disputed"] else ""),
                directed=bool(row["directed"]),
                weight=float(row["weight"]),
                told=", ".join([f"weight {row['weight']:g}", *counts]),
                spells=tuple((str(one or ""), str(end or "")) for one, end in row["spells"]),
                evidence=tuple(evidence[one] for one in row["evidence"][:SHOWN]),
                more=max(len(row["evidence"]) - SHOWN, 0),
            )
        )
    return nodes, tuple(edges)


def _labelled(reader: Reader, curies: Iterable[str]) -> Mapping[str, Ref]:
    """Return things by their identifiers, each with its label or text."""
    nodes = {curie: ox.NamedNode(expand(curie)) for curie in dict.fromkeys(curies)}
    snapshot = Snapshot(reader)
    snapshot.fetch(nodes.values())
    return {curie: snapshot.ref(node) for curie, node in nodes.items()}


def _nodes(drawn: Projection, *, free: bool) -> Iterator[Node]:
    """Yield the nodes of a projection that have edges."""
    columns = ("iri", "id", "label", "kind", "x", "y", "size", "degree")
    rows = [row for row in drawn.nodes.rows(*columns) if row[7]]
    number = {row[1]: at for at, row in enumerate(rows)}
    ends = drawn.edges.rows("source", "target")
    links = [(number[one], number[other]) for one, other in ends]
    yield from place_nodes(rows, links if free else None)


def _placed(drawn: Projection) -> bool:
    """Return whether any node of a projection lies on a map."""
    return any(latitude is not None for (latitude,) in drawn.nodes.rows("lat"))


def _quads(reader: Reader, drawn: Projection) -> Iterator[ox.Quad]:
    """Yield what describes the nodes that have edges, and the evidence of the edges."""
    iris = dict.fromkeys(iri for iri, degree in drawn.nodes.rows("iri", "degree") if degree)
    for (evidence,) in drawn.edges.rows("evidence"):
        iris.update(dict.fromkeys(evidence))
    yield from reader.describe(map(ox.NamedNode, iris))


def _as_json(drawn: Projection, shown: str) -> dict[str, Any]:
    return {
        "shown": shown,
        "meta": dict(drawn.meta),
        "nodes": list(drawn.nodes),
        "edges": list(drawn.edges),
    }


def _as_table(drawn: Projection) -> Table:
    columns = tuple(name for name in drawn.edges.columns if name != "spells")
    rows = (
        [" ".join(value) if isinstance(value, tuple) else value for value in row]
        for row in drawn.edges.rows(*columns)
    )
    return Table(columns, rows)
