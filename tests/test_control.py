"""Who is said to hold places: nothing that no statement carries, and readable in every format."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date
from itertools import pairwise
from pathlib import Path

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from conflictkg.errors import InputError
from conflictkg.export import chunks, write
from conflictkg.graph import ConflictGraph
from conflictkg.network import Projection
from conflictkg.network.columns import FOREVER, NEVER
from conflictkg.network.control import Holding, held
from conftest import Run
from test_export import schema  # noqa: F401
from test_gexf_clients import pytestmark as graphology
from test_gexf_clients import read

GEXF = "{http://gexf.net/1.3}"
DAY = date(2025, 3, 23)


@pytest.fixture(scope="module")
def places(kg: ConflictGraph) -> Projection:
    return kg.project("places", control=True)


def control(made: Projection, place: str) -> dict[date | None, str]:
    """What a place's control is said to be, by first day."""
    row = next(row for row in made.nodes if row["id"] == place)
    return {first: text for first, _, text in row["control"] or ()}


def test_two_sides_are_said_to_hold_a_place_on_one_day(places: Projection) -> None:
    assert control(places, "place:demydivka")[DAY] == (
        "Armed Forces of Ukraine (Vladimir Romanov); "
        "Russian Armed Forces (Oleg Tsarev, SHOT, military circles); contested (Roman Alekhin)"
    )


def test_a_denial_is_no_control_and_a_time_without_its_day_is_marked(places: Projection) -> None:
    said = control(places, "place:ukrainian-russian-border")
    assert said == {date(2024, 8, 6): "Russia (Russian military commanders)"}
    assert control(places, "place:sudzha")[date(2025, 3, 1)] == (
        "Armed Forces of Ukraine, on some day (Newsweek)"
    )


def test_control_keeps_to_the_filters_and_to_the_window(kg: ConflictGraph) -> None:
    only = kg.project("places", control=True, speaker="Vladimir Romanov")
    texts = [text for said in only.nodes["control"] if said for _, _, text in said]
    assert texts and all("Romanov" in text and "Alekhin" not in text for text in texts)
    windows = {
        "project": kg.project("places", control=True, since=date(2025, 4, 1)),
        "slice": kg.project("places", control=True).slice(date(2025, 4, 1), None),
    }
    for how, made in windows.items():
        said = control(made, "place:demydivka")
        assert set(said) == {date(2025, 4, 7), date(2025, 4, 12)}, how


def test_only_what_is_asked_for_has_control(kg: ConflictGraph, places: Projection) -> None:
    assert "control" not in kg.project("places").nodes.columns
    assert b'dynamic"><attribute' not in b"".join(chunks(kg.project("places"), "gexf"))
    with pytest.raises(InputError, match="claims does not tell") as caught:
        kg.project("claims", control=True)
    assert "places" in str(caught.value.hint)


HOLDINGS = st.lists(
    st.builds(
        lambda holder, speaker, days, throughout: Holding(
            holder, speaker, min(days), max(days), throughout, (1, 1)
        ),
        st.sampled_from(("A", "B")),
        st.sampled_from(("x", "y", "z")),
        st.tuples(*[st.sampled_from((NEVER, 738000, 738001, 738005, 738009, FOREVER))] * 2),
        st.booleans(),
    ).filter(lambda one: one.last > NEVER and one.first < FOREVER),
    max_size=8,
)


@given(HOLDINGS)
def test_times_are_disjoint_and_each_day_has_what_is_said_of_it(holdings: list[Holding]) -> None:
    told = held(holdings)
    for (_, last, _), (first, _, _) in pairwise(told):
        assert last is not None and first is not None and last < first
    for day in (1, 737999, 738000, 738001, 738003, 738005, 738009, 739000, FOREVER - 1):
        speakers = {one.speaker for one in holdings if one.first <= day <= one.last}
        texts = [
            text
            for first, last, text in told
            if (first is None or first.toordinal() <= day)
            and (last is None or day <= last.toordinal())
        ]
        assert len(texts) == bool(speakers)
        assert all(speaker in text for text in texts for speaker in speakers)


def test_gexf_has_it_in_time_before_the_static_block(
    places: Projection,
    schema: etree.RelaxNG,  # noqa: F811
) -> None:
    root = etree.fromstring(b"".join(chunks(places, "gexf")))
    blocks = [(one.get("class"), one.get("mode")) for one in root.iter(f"{GEXF}attributes")]
    assert blocks == [("node", "dynamic"), ("node", "static"), ("edge", "static")]
    for node, row in zip(root.iter(f"{GEXF}node"), places.nodes, strict=True):
        values = [one for one in node.iter(f"{GEXF}attvalue") if one.get("for") == "control"]
        assert [(one.get("start"), one.get("end"), one.get("value")) for one in values] == [
            (first and str(first), last and str(last), text)
            for first, last, text in row["control"] or ()
        ]
    assert schema.validate(root), schema.error_log


@graphology
@pytest.mark.parametrize("how", ["strict", "lite"])
def test_graphology_reads_it_as_text(places: Projection, how: str, tmp_path: Path) -> None:
    (path,) = write(places, tmp_path / "places.gexf")
    found = {node["key"]: node["attributes"] for node in read(path, how)["nodes"]}
    assert set(found) == set(places.nodes["id"])
    assert "2025-03-23: Armed Forces of Ukraine" in found["place:demydivka"]["control_said"]
    assert "control_said" not in found["place:russia"]


def test_the_other_formats_have_it_as_list_or_text(places: Projection, tmp_path: Path) -> None:
    whole = {format: b"".join(chunks(places, format)) for format in ("json", "csv", "graphml")}
    graph = networkx.node_link_graph(json.loads(whole["json"]), edges="edges")
    said = graph.nodes["place:demydivka"]["control"]
    assert ["2025-04-12", "2025-04-12", "contested (Vladimir Romanov)"] in said
    table = zipfile.ZipFile(io.BytesIO(whole["csv"])).read("places.nodes.csv").decode()
    cells = {row["Id"]: row["control"] for row in csv.DictReader(io.StringIO(table))}
    assert cells["place:demydivka"].endswith(" | 2025-04-12: contested (Vladimir Romanov)")
    assert cells["place:russia"] == ""
    assert b"contested (Vladimir Romanov)" in whole["graphml"]
    assert places.to_networkx().nodes["place:demydivka"]["control"][-1][2].startswith("contested")


def test_the_command_line_takes_control_with_places_alone(
    run: Run, real_folder: Path, tmp_path: Path
) -> None:
    done = run("export", "p.gexf", "--network", "places", "--control", "--store", real_folder)
    assert done.returncode == 0 and 'mode="dynamic"' in (tmp_path / "p.gexf").read_text("utf-8")
    done = run("export", "q.gexf", "--network", "mentions", "--control", "--store", real_folder)
    assert done.returncode == 2 and "these do: places" in done.stderr
    assert not (tmp_path / "q.gexf").exists()
