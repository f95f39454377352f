"""Pictures with axes: dates below, a named lane an issue; and names that stand free."""

from __future__ import annotations

import re
from datetime import date
from itertools import combinations
from typing import Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from conflictkg.export.axes import Chart, charted, draw_axes
from conflictkg.export.labels import place_labels
from conflictkg.graph import ConflictGraph
from conflictkg.network import projections
from conflictkg.network.lanes import Lanes
from conflictkg.network.styles import edge_style

EPOCH = date(1970, 1, 1)


def axes_of(chart: Chart) -> Any:
    figure = Figure(figsize=(15, 10))
    FigureCanvasAgg(figure)
    axes: Any = figure.add_axes((0.2, 0.1, 0.6, 0.8))
    axes.scatter([x for x, _ in chart.points], [y for _, y in chart.points])
    draw_axes(axes, chart)
    figure.canvas.draw()
    return axes


def test_the_statements_of_the_real_graph_stand_at_their_days_in_named_lanes(
    kg: ConflictGraph,
) -> None:
    made = kg.project("revisions")
    names = list(made.nodes["id"])
    chart = charted(names, made.lanes)
    at = names.index("statement:kovalenko-2025-03-18-acting")
    assert EPOCH.toordinal() + chart.points[at][0] == date(2025, 3, 18).toordinal()
    lane = round(-chart.points[at][1])
    assert chart.titles[lane] == made.lanes.titles[made.lanes.places[names[at]][0]]
    assert all(title.endswith("?") for title in chart.titles)
    shown = axes_of(chart)
    written = [label.get_text() for label in shown.get_yticklabels()]
    assert len(written) == len(chart.titles) and "Who holds Demydivka?" in written
    whole = [title.endswith("?") for title in written]
    assert sum(whole) > 0.7 * len(whole)
    boxes = [label.get_window_extent() for label in shown.get_yticklabels()]
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))


def test_a_statement_of_which_only_the_last_day_is_known_stands_at_that(kg: ConflictGraph) -> None:
    made = kg.project("revisions")
    _, day = made.lanes.places["statement:russian-mod-2025-03-18-attempt"]
    assert day == date(2025, 3, 18).toordinal()


@pytest.mark.parametrize(
    ("last", "form"),
    [
        (date(2025, 3, 1), r"\d{4}-\d\d-\d\d"),
        (date(2025, 3, 3), r"\d{4}-\d\d-\d\d"),
        (date(2025, 4, 20), r"\d{4}-\d\d-\d\d"),
        (date(2026, 3, 1), r"\d{4}-\d\d"),
        (date(2045, 3, 1), r"\d{4}"),
    ],
)
def test_ticks_are_few_and_each_names_another_date(last: date, form: str) -> None:
    days = (date(2025, 3, 1).toordinal(), last.toordinal())
    places = {str(number): (0, day) for number, day in enumerate(days)}
    shown = axes_of(charted(list(places), Lanes(("Who?",), places)))
    texts = [label.get_text() for label in shown.get_xticklabels()]
    assert 2 <= len(texts) <= 12 and len(set(texts)) == len(texts)
    assert all(re.fullmatch(form, text) for text in texts), texts


def test_what_has_no_day_stands_apart_and_crowds_stay_in_their_lane() -> None:
    day = date(2025, 3, 18).toordinal()
    places: dict[str, tuple[int, int | None]] = {f"n{number}": (1, day) for number in range(40)}
    places["bare"] = (4, None)
    chart = charted(list(places), Lanes(("a", "b", "c", "d", "e"), places))
    assert chart.titles == ("b", "e")
    assert all(-0.5 < y < 0.5 for _, y in chart.points[:40])
    assert len({y for _, y in chart.points[:40]}) == 40
    assert chart.points[40] == (chart.undated, -1) and chart.points[40][0] < chart.points[0][0]
    assert any(text.get_text() == "no day known" for text in axes_of(chart).texts)


def test_names_lie_over_no_other_name_and_over_few_dots() -> None:
    figure = Figure(figsize=(8, 6))
    FigureCanvasAgg(figure)
    axes: Any = figure.add_axes((0, 0, 1, 1))
    points = [(float(x), float(y)) for x in range(12) for y in range(12)]
    axes.scatter([x for x, _ in points], [y for _, y in points])
    figure.canvas.draw()
    dots = [(point, 3.0) for point in points]
    place_labels(axes, [(point, "a name of some length", 3.0) for point in points], axes.bbox, dots)
    boxes = [text.get_window_extent() for text in axes.texts]
    assert boxes
    for number, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[number + 1 :])
        assert axes.bbox.x0 <= box.x0 and box.x1 <= axes.bbox.x1
        middles = axes.transData.transform(points)
        assert sum(box.contains(x, y) for x, y in middles) <= 2


def test_the_kinds_of_edges_of_one_network_look_different(kg: ConflictGraph) -> None:
    for asked in projections():
        kinds = set(kg.project(asked.name).edges["kind"])
        assert len({edge_style(kind) for kind in kinds}) == len(kinds), asked.name
