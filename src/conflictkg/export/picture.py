"""Pictures of networks, for a report: PNG and SVG, with title, legend and what was left out.

A picture draws the strongest edges only, and names the heaviest nodes where there is room.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from io import BytesIO
from math import sqrt
from operator import itemgetter
from typing import Any

from conflictkg.errors import ConflictkgError
from conflictkg.export.axes import Chart, charted, draw_axes
from conflictkg.export.labels import drawable, place_labels, shortened
from conflictkg.export.text import one_line
from conflictkg.network import Projection
from conflictkg.network.definitions import definition
from conflictkg.network.layout import force
from conflictkg.network.styles import edge_style, node_colour
from conflictkg.words import in_words

EDGES = 250
"""The most edges that are drawn: more cannot be told apart on a page."""

LABELS = 45
"""The most nodes that are named."""

FOREMOST = 10
"""So many of the heaviest nodes are named even where their names lie over other nodes."""

WIDE, HIGH, DPI = 15.0, 10.0, 120
"""Size of a picture, in inches, and its dots per inch."""

SMALLEST, LARGEST = 2.6, 13.0
"""The radii of the lightest and the heaviest node, in points; in lanes none is wider than one."""

_LINES: dict[str, Any] = {
    "solid": "-",
    "dashed": (0, (5, 3)),
    "dotted": (0, (1, 2)),
    "double": "-.",
}


def png(projection: Projection) -> Iterator[bytes]:
    """Yield a picture as PNG. Raises ConflictkgError if matplotlib is not installed."""
    yield _saved(projection, "png")


def svg(projection: Projection) -> Iterator[bytes]:
    """Yield a picture as SVG. Raises ConflictkgError if matplotlib is not installed."""
    yield _saved(projection, "svg")


def _saved(projection: Projection, format: str) -> bytes:
    try:
        import matplotlib
    except ImportError as error:
        raise ConflictkgError(
            "pictures need matplotlib, which is not installed",
            "pip install 'conflictkg[networks]'",
        ) from error
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    output = BytesIO()
    settings: Any = {"svg.hashsalt": "conflictkg", "svg.fonttype": "path", "text.parse_math": False}
    with matplotlib.rc_context(settings):
        figure = Figure(figsize=(WIDE, HIGH), facecolor="white")
        FigureCanvasAgg(figure)
        _draw(figure, projection, _drawing(projection))
        unsigned: dict[str, str | None] = (
            {"Software": None} if format == "png" else {"Date": None, "Creator": None}
        )
        figure.savefig(output, format=format, dpi=DPI, metadata=unsigned)
    return output.getvalue()


@dataclass(frozen=True, slots=True)
class _Drawing:
    """What is drawn: nodes by number, and edges as pairs of them with kind, weight, direction."""

    labels: Sequence[str]
    kinds: Sequence[str]
    weights: Sequence[float]
    points: Sequence[tuple[float, float]]
    chart: Chart | None
    to_scale: bool
    edges: Sequence[tuple[int, int, str, float, bool]]


def _drawing(projection: Projection) -> _Drawing:
    """Return the strongest edges with their nodes, laid out anew unless places mean something.

    Of edges of one weight those are stronger whose ends weigh more.
    """
    heavy = dict(projection.nodes.rows("id", "weight"))
    rows = projection.edges.rows("weight", "source", "target", "kind", "directed")
    ranked = ((row[0], _lighter(heavy, row), -at, row) for at, row in enumerate(rows))
    strong = nlargest(EDGES, ranked, key=itemgetter(0, 1, 2))
    edges = [row for *_, row in sorted(strong, key=lambda one: -one[2])]
    drawn = {end for edge in edges for end in edge[1:3]}
    if not edges:
        bare = nlargest(EDGES, ((weight, name) for name, weight in heavy.items()))
        drawn = {name for _, name in bare}
    columns = projection.nodes.rows("id", "label", "kind", "weight", "x", "y")
    chosen = [row for row in columns if row[0] in drawn]
    at = {row[0]: number for number, row in enumerate(chosen)}
    pairs = [(at[one], at[other]) for _, one, other, _, _ in edges]
    weights = [row[3] for row in chosen]
    layout = definition(projection.name).layout
    points: Sequence[tuple[float, float]] = [(row[4], row[5]) for row in chosen]
    chart = charted([row[0] for row in chosen], projection.lanes) if layout == "lanes" else None
    if chart is not None:
        points = chart.points
    elif layout == "force":
        points = force(len(chosen), pairs, weights)
    return _Drawing(
        labels=[one_line(row[1]) for row in chosen],
        kinds=[row[2] for row in chosen],
        weights=weights,
        points=points,
        chart=chart,
        to_scale=layout == "mercator",
        edges=[
            (one, other, kind, weight, directed)
            for (one, other), (weight, _, _, kind, directed) in zip(pairs, edges, strict=True)
        ],
    )


def _lighter(weights: Mapping[str, float], edge: tuple[float, str, str, str, bool]) -> float:
    """Return the weight of the lighter end of an edge."""
    return min(weights[edge[1]], weights[edge[2]])


def _draw(figure: Any, projection: Projection, drawing: _Drawing) -> None:
    chart = drawing.chart if drawing.points else None
    axes = figure.add_axes((0.215, 0.1, 0.585, 0.78) if chart else (0.02, 0.06, 0.78, 0.82))
    axes.set_axis_off()
    if drawing.points:
        axes.margins(0.06)
        if drawing.to_scale:
            axes.set_aspect("equal", adjustable="datalim")
        lane = axes.bbox.height * 72 / figure.dpi / len(chart.titles) if chart else LARGEST * 2
        radii = _draw_nodes(axes, drawing, min(LARGEST, lane / 2))
        _draw_edges(axes, drawing, radii)
        if chart:
            draw_axes(axes, chart)
        figure.canvas.draw()
        heaviest = nlargest(
            LABELS, range(len(drawing.labels)), key=lambda node: (drawing.weights[node], -node)
        )
        place_labels(
            axes,
            [(drawing.points[n], drawing.labels[n], radii[n]) for n in heaviest],
            axes.bbox if chart else axes.bbox.expanded(1.05, 1.05),
            list(zip(drawing.points, radii, strict=True)),
            FOREMOST,
        )
    else:
        axes.text(0.5, 0.5, "Nothing to draw: the network is empty.", ha="center", fontsize=14)
    _caption(figure, projection, drawing)
    _legend(figure, drawing)


def _draw_edges(axes: Any, drawing: _Drawing, radii: Sequence[float]) -> None:
    from matplotlib.patches import FancyArrowPatch

    weights = [edge[3] for edge in drawing.edges]
    lightest = min(weights, default=0.0)
    reach = (max(weights, default=0.0) - lightest) or 1.0
    seen: Counter[tuple[int, int]] = Counter()
    for one, other, kind, weight, directed in drawing.edges:
        colour, line = edge_style(kind)
        bend = 0.09 * (1 + seen[min(one, other), max(one, other)])
        seen[min(one, other), max(one, other)] += 1
        width = 1.2 + 2.8 * sqrt((weight - lightest) / reach)
        axes.add_patch(
            FancyArrowPatch(
                drawing.points[one],
                drawing.points[other],
                connectionstyle=f"arc3,rad={bend}",
                arrowstyle="-|>" if directed else "-",
                mutation_scale=7 + width,
                shrinkA=radii[one],
                shrinkB=radii[other],
                color=colour,
                linestyle=_LINES[line],
                linewidth=width,
                alpha=0.55,
                zorder=1,
            )
        )


def _draw_nodes(axes: Any, drawing: _Drawing, largest: float) -> list[float]:
    """Draw the nodes, none with a larger radius than one; return their radii, in points."""
    heaviest = max(drawing.weights, default=0) or 1
    reach = largest - SMALLEST
    radii = [SMALLEST + reach * sqrt(weight / heaviest) for weight in drawing.weights]
    axes.scatter(
        [x for x, _ in drawing.points],
        [y for _, y in drawing.points],
        s=[(2 * radius) ** 2 for radius in radii],
        c=[node_colour(kind) for kind in drawing.kinds],
        edgecolors="white",
        linewidths=0.8,
        zorder=2,
    )
    return radii


def _caption(figure: Any, projection: Projection, drawing: _Drawing) -> None:
    meta = projection.meta
    figure.text(
        0.025,
        0.955,
        f"{projection.name}: {projection.summary}",
        fontsize=15,
        weight="bold",
        va="top",
    )
    chosen = [
        f"{name} {shortened(str(meta[name]).rpartition('/')[2], 60)}"
        for name in ("since", "until", "speaker", "place", "issue", "document", "publisher")
        if meta.get(name)
    ]
    count = f"{len(projection.nodes):,} nodes, {len(projection.edges):,} edges"
    normal = "" if meta.get("normalise", "none") == "none" else f", {meta['normalise']}"
    figure.text(
        0.025,
        0.92,
        drawable(" · ".join([count, *chosen])),
        fontsize=11,
        va="top",
        color="#333333",
    )
    told = f"weight: {meta.get('weight')}{normal} · time: {meta.get('clock')}"
    if len(drawing.edges) < len(projection.edges):
        told += f" · drawn: the strongest {len(drawing.edges):,} edges"
    gone = meta.get("left_out") or {}
    if gone:
        told += " · left out: " + ", ".join(f"{count:,} {why}" for why, count in gone.items())
    figure.text(0.025, 0.025, shortened(drawable(told), 190), fontsize=9, color="#555555")


def _legend(figure: Any, drawing: _Drawing) -> None:
    from matplotlib.lines import Line2D

    kinds = Counter(drawing.kinds)
    dots = [
        Line2D(
            [],
            [],
            marker="o",
            linestyle="",
            markersize=9,
            color=node_colour(kind),
            label=f"{in_words(kind)} ({count})",
        )
        for kind, count in sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
    ]
    lines = [
        Line2D(
            [],
            [],
            color=edge_style(kind)[0],
            linestyle=_LINES[edge_style(kind)[1]],
            linewidth=2.2,
            label=f"{in_words(kind)} ({count})",
        )
        for kind, count in sorted(
            Counter(edge[2] for edge in drawing.edges).items(), key=lambda item: (-item[1], item[0])
        )
    ]
    for handles, title, top in ((dots, "nodes", 0.88), (lines, "edges", 0.60)):
        if handles:
            figure.legend(
                handles=handles,
                title=title,
                loc="upper left",
                bbox_to_anchor=(0.81, top),
                frameon=False,
                fontsize=10,
                title_fontsize=11,
                alignment="left",
            )
