"""Networks as they are drawn: parts beside each other, labels where there is room."""

from __future__ import annotations

import random
from itertools import combinations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conflictkg.graph import ConflictGraph
from conflictkg.model import Ref
from conflictkg.network import project
from conflictkg.web.site.accounts import day_of, read_accounts
from conflictkg.web.site.drawing import HEIGHT, WIDTH, Node, name_nodes, place_nodes
from conflictkg.web.site.geography import Position
from conflictkg.web.site.network import read_network
from conflictkg.web.site.packing import packed
from conflictkg.web.site.places import MAIN, NEAR, Label, Spot, locator_of
from conflictkg.web.site.selection import Selection
from conflictkg.web.site.timeline import DIGIT, draw

Box = tuple[float, float, float, float]


def apart(one: Box, other: Box) -> bool:
    return (
        one[2] <= other[0] + 0.01
        or other[2] <= one[0] + 0.01
        or one[3] <= other[1] + 0.01
        or other[3] <= one[1] + 0.01
    )


def label_of(node: Node) -> Box:
    """Return where the label of a node lies, as wide as its letters make it."""
    assert node.name
    x, y, anchor = node.name
    wide = 6.6 * len(node.short)
    left = node.x + x - {"middle": wide / 2, "start": 0, "end": wide}[anchor]
    return (left, node.y + y - 11, left + wide, node.y + y + 4)


def disc_of(node: Node) -> Box:
    radius = node.radius
    return (node.x - radius, node.y - radius, node.x + radius, node.y + radius)


@example([(6.0, 1.0), (0.0, 5.0), (0.0, 0.0), (12.0, 7.0)])
@given(
    st.lists(
        st.tuples(st.floats(0, 500), st.floats(0, 500)).map(lambda size: (size[0], size[1])),
        min_size=1,
        max_size=40,
    )
)
def test_parts_lie_inside_the_frame_and_none_on_another(sizes: list[tuple[float, float]]) -> None:
    scale, middles = packed(sizes, (900.0, 600.0), (100.0, 40.0))
    boxes = [
        (x - w * scale / 2, y - h * scale / 2, x + w * scale / 2, y + h * scale / 2)
        for (w, h), (x, y) in zip(sizes, middles, strict=True)
    ]
    for box in boxes:
        assert box[0] >= -0.01 and box[1] >= -0.01 and box[2] <= 900.01 and box[3] <= 600.01
    assert all(apart(one, other) for one, other in combinations(boxes, 2))
    assert scale > 0


def test_a_part_alone_fills_the_frame() -> None:
    scale, middles = packed([(300.0, 100.0)], (900.0, 600.0), (0.0, 0.0))
    assert scale == pytest.approx(3.0, abs=0.001)
    assert middles[0] == pytest.approx((450.0, 150.0), abs=0.1)


@pytest.mark.parametrize("name", ["alignment", "claims", "places", "revisions", "mentions"])
def test_labels_lie_on_no_label_and_on_no_node_but_small_ones(kg: ConflictGraph, name: str) -> None:
    drawn = project(kg.store, name, strongest=300)
    nodes, _ = read_network(kg.store, drawn, free=name not in ("places", "revisions"))
    named = [node for node in nodes if node.name]
    assert len(named) >= 5
    largest = max(node.size for node in nodes)
    for one, other in combinations(named, 2):
        assert apart(label_of(one), label_of(other))
    for node in named:
        box = label_of(node)
        assert box[0] >= 0 and box[1] >= 0 and box[2] <= WIDTH and box[3] <= HEIGHT
        for other in nodes:
            small = 2 * node.size >= largest > 2 * other.size
            assert small or apart(box, disc_of(other))
    assert all(0 <= node.x <= WIDTH and 0 <= node.y <= HEIGHT for node in nodes)


def test_small_parts_have_room_for_their_labels() -> None:
    dice = random.Random(1)
    rows = [(f"n:{n}", f"n:{n}", f"Speaker {n}", "person", 0.0, 0.0, 1.0, 1) for n in range(60)]
    rows = [(*row[:4], dice.uniform(0, 900), dice.uniform(0, 600), *row[6:]) for row in rows]
    pairs = [(n, n + 1) for n in range(30, 60, 2)]
    star = [(0, n) for n in range(1, 30)]
    nodes = list(name_nodes(list(place_nodes(rows, star + pairs))))
    assert sum(node.name is not None for node in nodes[30:]) == 30


def test_nodes_with_places_of_their_own_keep_them_to_each_other() -> None:
    rows = [
        (f"n:{n}", f"n:{n}", f"Place {n}", "place", x, y, 1.0, 1)
        for n, (x, y) in enumerate([(0.0, 0.0), (10.0, 0.0), (10.0, 5.0)])
    ]
    a, b, c = place_nodes(rows)
    assert (b.x - a.x) == pytest.approx(2 * (b.y - c.y), abs=0.2) and a.y == b.y > c.y


def box_of(label: Label, scale: float) -> Box:
    wide = 6.6 * scale * len(label.text)
    left = label.x - {"middle": wide / 2, "start": 0, "end": wide}[label.anchor]
    return (left, label.y - 11 * scale, left + wide, label.y + 4 * scale)


def test_the_small_map_names_what_its_page_is_about_in_both_sizes() -> None:
    spots = [Spot(Ref(f"place:{n}", f"Village {n}"), Position(35 + n / 9, 50 + n % 4 / 5), NEAR)
             for n in range(1, 12)]  # fmt: skip
    about = Spot(Ref("place:0", "Village 0"), Position(35.4, 50.3), MAIN)
    locator = locator_of((about, *spots))
    assert locator is not None
    for labels, scale in ((locator.labels, 1.25), (locator.large, 2.2)):
        assert labels[0].text == "Village 0" and labels[0].role == MAIN
        boxes = [box_of(one, scale) for one in labels if one.role != "country"]
        assert all(apart(one, other) for one, other in combinations(boxes, 2))
    assert len(locator.large) < len(locator.labels)


def test_numbers_on_the_timeline_have_room_on_a_phone(kg: ConflictGraph) -> None:
    rows = [row for row in read_accounts(kg.store, Selection()).rows if day_of(row)]
    lanes = draw(rows, "", Selection(), "").lanes
    assert any(mark.crowded for lane in lanes for mark in lane.marks)
    for lane in lanes:
        numbered = [mark for mark in lane.marks if mark.count > 1 and not mark.crowded]
        for one, other in combinations(numbered, 2):
            assert one.level != other.level or abs(one.at - other.at) > DIGIT
