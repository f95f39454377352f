"""Projections: what their nodes, edges, weights and times are, on the real graph and made ones."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from itertools import combinations
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

import numpy as np
import pyoxigraph as ox
import pytest

from conflictkg.errors import ConflictkgError, InputError, NameNotFound
from conflictkg.graph import ConflictGraph
from conflictkg.load import build_in_memory
from conflictkg.network import Projection, project, projections
from conflictkg.network.columns import FOREVER, Array, united
from conflictkg.network.definitions import read_definition
from conflictkg.network.layout import SPRINGS, force
from conflictkg.network.sources import Sources
from conflictkg.queries import questions
from conflictkg.store import LocalStore, select
from conflictkg.terms import CKG, GEO, RDF, prologue, shrink

NAMES = tuple(asked.name for asked in projections())


@pytest.fixture(scope="module")
def every(real_store: LocalStore) -> dict[str, Projection]:
    """All projections of the real graph."""
    return {name: project(real_store, name) for name in NAMES}


def test_the_projections_of_the_design_are_there() -> None:
    assert set(NAMES) >= {
        *("mentions", "attribution", "claims", "alignment", "events", "dyads", "revisions"),
        *("places", "evidence"),
    }
    assert not set(NAMES) & {question.name for question in questions()}


@pytest.mark.parametrize("asked", list(projections()), ids=lambda asked: asked.name)
def test_every_projection_says_what_it_is_and_what_its_columns_hold(asked: object) -> None:
    assert asked.summary and asked.nodes and asked.edges  # type: ignore[attr-defined]
    selected = asked.sparql.partition("SELECT")[2].partition("WHERE")[0]  # type: ignore[attr-defined]
    columns = [name for name, _ in asked.columns]  # type: ignore[attr-defined]
    assert sorted(selected.split()) == sorted(f"?{name}" for name in columns)


@pytest.mark.parametrize("name", NAMES)
def test_source_target_and_kind_are_unique_and_edges_end_in_nodes(
    every: dict[str, Projection], name: str
) -> None:
    made = every[name]
    keys = list(made.edges.rows("source", "target", "kind"))
    assert keys and len(set(keys)) == len(keys) == len(made)
    assert len(set(made.edges["id"])) == len(made)
    nodes = set(made.nodes["id"])
    assert len(nodes) == len(made.nodes)
    assert {end for source, target, _ in keys for end in (source, target)} <= nodes
    assert all(source != target for source, target, _ in keys)
    assert all(weight > 0 for weight in made.edges["weight"])
    assert made.meta["query"] and made.meta["clock"]


@pytest.mark.parametrize("name", NAMES)
def test_every_edge_names_the_evidence_behind_it_and_its_days(
    every: dict[str, Projection], name: str, real_store: LocalStore
) -> None:
    known = {
        row[0].value for row in select(real_store, "SELECT DISTINCT ?s { ?s a ckg:Statement }")
    }
    for edge in every[name].edges:
        statements = [iri for iri in edge["evidence"] if "/id/statement/" in iri]
        assert len(statements) == edge["statements"]
        assert set(statements) <= known
        if edge["kind"] not in ("within", "borders", "near", "actor", "place", "mentionedWith"):
            assert statements
        spells = edge["spells"]
        assert all(a is None or b is None or a <= b for a, b in spells)
        starts = [first for first, _ in spells if first]
        assert starts == sorted(starts)
        if spells and spells[0][0] is not None:
            assert edge["first"] == spells[0][0]
            assert edge["last"] == spells[-1][1]


@pytest.mark.parametrize("name", NAMES)
def test_the_spells_of_a_node_are_those_of_its_edges_together(
    every: dict[str, Projection], name: str
) -> None:
    made = every[name]
    by_node: dict[str, set[date]] = {}
    for source, target, spells in made.edges.rows("source", "target", "spells"):
        for first, last in spells:
            by_node.setdefault(source, set()).update(filter(None, (first, last)))
            by_node.setdefault(target, set()).update(filter(None, (first, last)))
    spelt = [bool(spells) for spells in made.nodes["spells"]]
    assert sum(spelt) > 0.6 * len(spelt)  # open on both sides is no spell
    for node, spells in made.nodes.rows("id", "spells"):
        for day in by_node.get(node, ()) if spells else ():
            assert any((a or date.min) <= day <= (b or date.max) for a, b in spells)


def test_a_claim_weighs_what_distinct_statements_it_has_and_never_rows(
    every: dict[str, Projection], real_store: LocalStore
) -> None:
    rows = select(
        real_store,
        """SELECT ?who ?c (COUNT(DISTINCT ?s) AS ?n) (COUNT(*) AS ?rows) {
             GRAPH ?g { ?s ckg:speaker ?who ; ckg:expresses ?x .
                        ?x ckg:onClaim ?c ; ckg:attitude attitude:denies } } GROUP BY ?who ?c""",
    )
    expected = {}
    doubled = 0
    for who, claim, count, number in rows:
        expected[who.value, claim.value] = int(count.value)
        doubled += int(number.value) > int(count.value)
    iris = dict(every["claims"].nodes.rows("id", "iri"))
    found = {
        (iris[source], iris[target]): weight
        for source, target, kind, weight in every["claims"].edges.rows(
            "source", "target", "kind", "weight"
        )
        if kind == "denies"
    }
    assert found == expected
    assert doubled


TWO_SPEAKERS = """
GRAPH docgraph:two {
  document:two a ckg:Document .
  report:a ckg:inDocument document:two ; ckg:reports statement:a .
  report:b ckg:inDocument document:two ; ckg:reports statement:b .
  statement:a ckg:speaker person:a ; ckg:said statement:time .
  statement:b ckg:speaker person:b ; ckg:said statement:time .
  statement:time ckg:earliest "2025-03-18"^^xsd:date ; ckg:latest "2025-03-18"^^xsd:date .
  statement:a ckg:expresses statement:a1 , statement:a2 .
  statement:b ckg:expresses statement:b1 , statement:b2 .
  statement:a1 ckg:attitude attitude:asserts ; ckg:onClaim claim:one .
  statement:b1 ckg:attitude attitude:confirms ; ckg:onClaim claim:one .
  statement:a2 ckg:attitude attitude:predicts ; ckg:onClaim claim:two .
  statement:b2 ckg:attitude attitude:doubts ; ckg:onClaim claim:two .
  statement:a1 ckg:accordingTo document:two . statement:a2 ckg:accordingTo document:two .
  statement:b1 ckg:accordingTo document:two . statement:b2 ckg:accordingTo document:two .
}"""


def test_alignment_has_both_kinds_of_one_pair_where_both_hold(every: dict[str, Projection]) -> None:
    store = LocalStore(ox.Store(), "two speakers")
    store.oxigraph.update(f"{prologue()} INSERT DATA {{ {TWO_SPEAKERS} }}")
    made = project(store, "alignment", normalise="jaccard")
    assert list(made.edges.rows("source", "target", "kind", "weight", "statements", "origins")) == [
        ("person:a", "person:b", "conflicting", 0.333333, 2, 2),
        ("person:a", "person:b", "congruent", 0.333333, 2, 2),
    ]
    assert made.directed is False and every["alignment"].directed is False
    assert {"congruent", "conflicting"} == set(every["alignment"].edges["kind"])


def test_normalised_alignment_lies_between_nothing_and_one(kg: ConflictGraph) -> None:
    plain = kg.project("alignment")
    counts = dict(zip(plain.edges["id"], plain.edges["weight"], strict=True))
    cosine = kg.project("alignment", normalise="cosine")
    jaccard = kg.project("alignment", normalise="jaccard")
    average = kg.project("alignment", normalise="average")
    for made in (cosine, jaccard, average):
        assert set(made.edges["id"]) == set(counts)
        assert all(0 < weight <= 1 for weight in made.edges["weight"])
    pairs = zip(jaccard.edges["weight"], average.edges["weight"], strict=True)
    assert all(least <= most for least, most in pairs)
    assert kg.project("alignment", normalise="cosine", speaker="Kovalenko").edges["weight"]


def test_npmi_keeps_what_is_mentioned_together_more_than_by_chance(kg: ConflictGraph) -> None:
    plain, weighed = kg.project("mentions"), kg.project("mentions", normalise="npmi")
    assert 0 < len(weighed) < len(plain)
    assert all(0 < weight <= 1 for weight in weighed.edges["weight"])
    assert weighed.meta["left_out"] == {"edges no more than chance": len(plain) - len(weighed)}


def test_unnamed_sources_are_attributed_to_as_such(every: dict[str, Projection]) -> None:
    for target, kind in every["attribution"].edges.rows("target", "kind"):
        assert target.startswith("source:") == (kind == "attributesToUnnamed")


def test_an_event_edge_that_somebody_denies_is_disputed(every: dict[str, Projection]) -> None:
    disputed = [edge for edge in every["events"].edges if edge["disputed"]]
    assert disputed
    assert all({"denies", "doubts"} & set(edge["attitude"].split("; ")) for edge in disputed)


def test_places_stand_at_their_web_mercator_positions(every: dict[str, Projection]) -> None:
    located = [node for node in every["places"].nodes if node["lat"] is not None]
    assert len(located) > 10
    north = sorted(located, key=lambda node: node["lat"])
    assert [node["id"] for node in sorted(located, key=lambda node: node["y"])] == [
        node["id"] for node in north
    ]
    within = [edge for edge in every["places"].edges if edge["kind"] == "within"]
    assert within and all(edge["spells"] == () for edge in within)


def test_near_are_places_no_more_than_about_ten_kilometres_apart() -> None:
    draw = random.Random(1)
    points = {
        f"https://w3id.org/conflictkg/id/place/{at}": (
            round(draw.uniform(-0.5, 0.5), 4),
            round(draw.uniform(49.5, 50.5), 4),
        )
        for at in range(150)
    }
    store = ox.Store()
    graph = ox.NamedNode("https://example.org/graph")
    for iri, (lon, lat) in points.items():
        place, geometry = ox.NamedNode(iri), ox.BlankNode()
        wkt = ox.Literal(f"POINT({lon} {lat})", datatype=GEO.wktLiteral)
        store.add(ox.Quad(place, RDF.type, CKG.Place, graph))
        store.add(ox.Quad(place, GEO.hasGeometry, geometry, graph))
        store.add(ox.Quad(geometry, GEO.asWKT, wkt, graph))

    def apart(one: tuple[float, float], other: tuple[float, float]) -> float:
        return hypot((one[0] - other[0]) * cos(radians(one[1])), one[1] - other[1])

    def nearer(than: float) -> set[tuple[str, str]]:
        return {
            (shrink(one), shrink(other))
            for one, other in combinations(sorted(points), 2)
            if apart(points[one], points[other]) < than
        }

    made = project(LocalStore(store, "memory:"), "places")
    assert nearer(0.0895) <= set(made.edges.rows("source", "target")) <= nearer(0.0905)
    assert len(made) > 20 and set(made.edges["kind"]) == {"near"}


def test_a_point_that_stands_for_an_area_is_near_to_nothing(every: dict[str, Projection]) -> None:
    near = {(e["source"], e["target"]) for e in every["places"].edges if e["kind"] == "near"}
    assert ("place:demydivka", "place:grafovka") in near
    at = {node["id"]: node["lat"] for node in every["places"].nodes}
    assert at["place:sumy"] is not None and at["place:sumy-raion"] is not None
    assert not any("raion" in end or "oblast" in end for edge in near for end in edge)


def test_revisions_are_drawn_by_date_and_a_later_statement_revises(
    every: dict[str, Projection],
) -> None:
    made = every["revisions"]
    assert {"repeats", "shiftsFocus", "contradicts"} <= set(made.edges["kind"])
    at = dict(made.nodes.rows("id", "x"))
    forward = [
        at[edge["source"]] >= at[edge["target"]]
        for edge in made.edges
        if edge["kind"] == "repeats" and edge["first"] is not None
    ]
    assert sum(forward) > 0.9 * len(forward)


def test_filters_keep_what_they_say(kg: ConflictGraph) -> None:
    of_him = kg.project("claims", speaker="Коваленко")
    assert set(of_him.edges["source"]) == {"person:andriy-kovalenko"}
    everything = kg.project("claims")
    assert len(of_him) < len(everything)
    here = kg.project("claims", place="Demidovka")
    there = kg.project("claims", place="Belgorod Oblast")
    assert 0 < len(here) < len(there) < len(everything)
    issue = kg.project("claims", issue="issue:control-of-demydivka")
    addressing = {shrink(claim.iri) for claim in kg.claims("issue:control-of-demydivka")}
    assert set(issue.edges["target"]) <= addressing
    told = kg.project("claims", document="document:espreso-belgorod-2025-04")
    assert 0 < len(told) < len(everything)
    assert all(count == 1 for count in told.edges["documents"])


@pytest.mark.parametrize("name", ["claims", "alignment", "attribution", "mentions-by-document"])
def test_a_publisher_keeps_what_any_of_its_documents_tells(kg: ConflictGraph, name: str) -> None:
    def keys(made: Projection) -> set[tuple[str, ...]]:
        return set(made.edges.rows("source", "target", "kind"))

    made = kg.project(name, publisher="organization:unn")
    assert 0 < len(made) < len(kg.project(name))
    assert made.meta["publisher"].endswith("/unn") and made.meta["left_out"]["publisher"] > 0
    its = [one for one in kg.documents() if one.publisher and one.publisher.curie.endswith(":unn")]
    assert len(its) > 1
    told = [keys(kg.project(name, document=document.iri)) for document in its]
    assert keys(made) == set().union(*told) and len(keys(made)) > max(map(len, told))


def test_a_window_holds_what_can_have_been_said_in_it(kg: ConflictGraph) -> None:
    since, until = date(2025, 3, 18), date(2025, 3, 20)
    made = kg.project("claims", since=since, until=until)
    assert len(made)
    for edge in made.edges:
        assert any((a or date.min) <= until and (b or date.max) >= since for a, b in edge["spells"])
    assert made.meta["since"] == "2025-03-18" and made.meta["left_out"]["since"] > 0


def test_a_slice_is_the_projection_of_its_window(kg: ConflictGraph) -> None:
    whole = kg.project("claims")
    parts = list(whole.slices("1 month"))
    assert len(parts) > 12
    for first, last, part in parts[:24]:
        asked = kg.project("claims", since=first, until=last)
        columns = ("source", "target", "kind", "weight", "statements", "documents", "origins")
        assert list(part.edges.rows(*columns)) == list(asked.edges.rows(*columns))
    assert all(part.meta["left_out"]["outside the slice"] > 0 for _, _, part in parts)
    spring = kg.project("claims", since="2025-03-10").slice(until="2025-04-13")
    assert (spring.meta["since"], spring.meta["until"]) == ("2025-03-10", "2025-04-13")
    place = dict(zip(whole.nodes["id"], whole.nodes.rows("x", "y"), strict=True))
    for _, _, part in parts:
        for node, x, y in part.nodes.rows("id", "x", "y"):
            assert place[node] == (x, y)


def test_moving_windows_overlap_and_each_is_the_projection_of_its_days(kg: ConflictGraph) -> None:
    whole = kg.project("alignment", since="2025-03-01", until="2025-04-15")
    parts = list(whole.slices("30 days", every="1 week"))
    assert {(last - first).days for first, last, _ in parts} == {29}
    assert [first.isoformat() for first, _, _ in parts[:2]] == ["2025-02-24", "2025-03-03"]
    first, last, part = parts[2]
    asked = whole.slice(first.isoformat(), last.isoformat())
    assert list(part.edges) == list(asked.edges) and len(part) > 0


def test_in_a_window_both_statements_of_an_alignment_were_made(kg: ConflictGraph) -> None:
    week = (date(2025, 3, 17), date(2025, 3, 23))
    made = kg.project("alignment", since=week[0], until=week[1])
    statements: dict[str, tuple[date, date]] = {}
    for row in kg.query(
        "SELECT ?s ?a ?b { ?s ckg:said ?t OPTIONAL { ?t ckg:earliest ?a } "
        "OPTIONAL { ?t ckg:latest ?b } }"
    ):
        first, last = statements.get(str(row["s"]), (date.max, date.min))
        earliest, latest = row["a"] or date.min, row["b"] or date.max
        assert isinstance(earliest, date) and isinstance(latest, date)
        statements[str(row["s"])] = (min(first, earliest), max(last, latest))
    assert len(made)
    for edge in made.edges:
        for iri in edge["evidence"]:
            earliest, latest = statements[iri]
            assert earliest <= week[1] and latest >= week[0]


def test_the_minimum_weight_the_strongest_and_the_largest_component(kg: ConflictGraph) -> None:
    heavy = kg.project("claims-by-issue", min_weight=2)
    assert len(heavy) and min(heavy.edges["weight"]) >= 2
    assert heavy.meta["left_out"]["edges lighter than 2"] > 0
    few = kg.project("claims-by-issue", strongest=10)
    assert len(few) == 10
    assert (
        sorted(few.edges["weight"]) == sorted(kg.project("claims-by-issue").edges["weight"])[-10:]
    )
    whole = kg.project("alignment")
    largest = kg.project("alignment", largest_component=True)
    assert list(whole.largest_component().edges["id"]) == list(largest.edges["id"])
    import networkx

    parts = networkx.connected_components(whole.to_networkx().to_undirected())
    assert set(largest.nodes["id"]) == max(parts, key=len)


def test_edges_kept_on_disk_are_the_same(
    kg: ConflictGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conflictkg.network.grouping.RUN", 200)
    for name, options in (("claims", {}), ("alignment", {"normalise": "jaccard"})):
        here = kg.project(name, min_weight=2, largest_component=True, **options)  # type: ignore[arg-type]
        there = kg.project(name, min_weight=2, largest_component=True, on_disk=True, **options)  # type: ignore[arg-type]
        assert list(here.edges) == list(there.edges)
        assert list(here.nodes) == list(there.nodes)
        with pytest.raises(ConflictkgError, match="on disk"):
            there.slice(None, None)


def test_facts_are_the_same_however_many_are_read_at_a_time(
    kg: ConflictGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("claims", {}), ("revisions", {}), ("places", {"since": "2025-03-20"})
    whole = [kg.project(name, **options) for name, options in asked]
    monkeypatch.setattr("conflictkg.network.facts.PORTION", 7)
    for made, (name, options) in zip(whole, asked, strict=True):
        again = kg.project(name, **options)
        assert list(made.edges) == list(again.edges) and list(made.nodes) == list(again.nodes)
        assert made.meta == again.meta and made.lanes == again.lanes


def test_the_graphs_of_python_have_the_same_nodes_edges_and_attributes(kg: ConflictGraph) -> None:
    made = kg.project("claims", issue="issue:defence-forces-in-belgorod")
    graph, rust, igraph = made.to_networkx(), made.to_rustworkx(), made.to_igraph()
    assert set(graph) == set(made.nodes["id"]) == set(igraph.vs["name"])
    assert graph.number_of_edges() == rust.num_edges() == igraph.ecount() == len(made)
    edge = next(iter(made.edges))
    found = graph.edges[edge["source"], edge["target"], edge["kind"]]
    assert found["evidence"] == edge["evidence"] and found["weight"] == edge["weight"]
    assert found["__labels__"] == {edge["kind"]}
    assert rust.edges()[0]["id"] == igraph.es["id"][0] == edge["id"]
    assert all(None not in attributes.values() for _, attributes in graph.nodes(data=True))


def test_an_undirected_edge_stands_in_both_directions_in_python(kg: ConflictGraph) -> None:
    made = kg.project("alignment")
    graph = made.to_networkx()
    assert graph.number_of_edges() == 2 * len(made)
    assert graph.to_undirected().number_of_edges() == len(made)


def test_names_and_options_that_are_none_are_errors_that_list_what_there_is(
    kg: ConflictGraph,
) -> None:
    with pytest.raises(NameNotFound, match="did you mean claims") as error:
        kg.project("clams")
    assert "alignment" in error.value.hint
    with pytest.raises(InputError, match="said, reported, event"):
        kg.project("claims", clock="now")
    with pytest.raises(InputError, match="none, average, jaccard, cosine"):
        kg.project("alignment", normalise="npmi")
    with pytest.raises(InputError, match="30 days"):
        list(kg.project("claims").slices("soon"))
    with pytest.raises(InputError, match="is not a day"):
        kg.project("claims", since="spring")
    with pytest.raises(ConflictkgError, match="the columns are"):
        kg.project("claims").edges["colour"]  # type: ignore[index]


def test_numbers_and_windows_that_are_none_are_errors(kg: ConflictGraph) -> None:
    number: Any
    for number in (-1, float("nan"), "2"):
        with pytest.raises(InputError, match="min_weight is"):
            kg.project("claims", min_weight=number)
    whole = kg.project("claims")
    for number in (-5, 2.5, "3"):
        with pytest.raises(InputError, match="whole number"):
            kg.project("claims", strongest=number)
        with pytest.raises(InputError, match="whole number"):
            whole.strongest(number)
    with pytest.raises(InputError, match="earlier day first"):
        kg.project("claims", since="2025-04-01", until="2025-03-01")
    with pytest.raises(InputError, match="earlier day first"):
        whole.slice("2025-04-01", "2025-03-01")
    with pytest.raises(InputError, match="not a length of time"):
        whole.slices("1 fortnight")


def test_a_projection_does_not_change(kg: ConflictGraph) -> None:
    made: Any = kg.project("claims")
    for change in (
        lambda: setattr(made, "name", "another"),
        lambda: setattr(made, "meta", {}),
        lambda: made.meta.update(since="2025-03-18"),
        lambda: made.nodes["weight"].__setitem__(0, 99),
    ):
        with pytest.raises((AttributeError, TypeError)):
            change()


def test_the_filter_that_leaves_nothing_is_named(kg: ConflictGraph) -> None:
    made = kg.project("claims", speaker="Kovalenko", since=date(2039, 1, 1))
    assert len(made) == 0 and len(made.nodes) == 0
    assert made.meta["emptied_by"] == "since"


def test_a_graph_whose_dates_are_open_has_networks_too(small: Path) -> None:
    store = build_in_memory(small)
    made = project(store, "claims")
    assert [(e["kind"], e["weight"], e["spells"]) for e in made.edges] == [
        ("denies", 1.0, ((date(2025, 3, 1), date(2025, 3, 31)),))
    ]
    assert list(made.edges["first"]) == [date(2025, 3, 1)]
    for name in NAMES:
        assert project(store, name).to_networkx() is not None


def test_a_bad_header_names_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.rq"
    path.write_text("#+ summary: A\n#+nothing\nSELECT * {}", "utf-8")
    with pytest.raises(InputError, match=r"bad.rq:2"):
        read_definition(path)


def test_the_layout_is_the_same_every_time_and_never_piles_nodes_up(kg: ConflictGraph) -> None:
    one, two = (list(kg.project("mentions").nodes.rows("x", "y")) for _ in range(2))
    assert one == two and len(set(one)) == len(one)
    ring = [(n, (n + 1) % (SPRINGS + 5)) for n in range(SPRINGS + 5)]
    for count, edges in ((0, []), (1, []), (4, [(0, 1)]), (SPRINGS + 5, ring)):
        points = force(count, edges, [1.0] * count)
        assert len(set(points)) == count


def test_parts_of_a_network_are_set_where_they_leave_little_room_empty() -> None:
    ring = [(one, (one + 1) % 60) for one in range(60)]
    pairs = [(60, 61), (62, 63), (64, 65)]
    points = force(66, [*ring, *pairs], [1.0] * 66)
    right, low = max(x for x, _ in points[:60]), min(y for _, y in points[:60])
    assert all(x <= right and y < low for x, y in points[60:])


def test_intervals_are_joined_where_days_follow_each_other() -> None:
    times = [(0, 7, 9), (0, 1, 3), (2, 5, 6), (0, 4, 4), (0, 8, 12), (2, 5, 5), (0, 20, 20)]
    found = united(*np.array(times).T)
    assert np.array(found).T.tolist() == [[0, 1, 4], [0, 7, 12], [0, 20, 20], [2, 5, 6]]
    assert [len(column) for column in united(*np.empty((3, 0), int))] == [0, 0, 0]


def test_the_strongest_of_a_network_are_those_of_a_projection_of_so_many(kg: ConflictGraph) -> None:
    whole, asked = kg.project("mentions"), kg.project("mentions", strongest=40)
    made = whole.strongest(40)
    assert list(made.edges) == list(asked.edges) and made.meta == asked.meta
    assert set(made.nodes["id"]) == set(made.edges["source"]) | set(made.edges["target"])
    assert made.meta["left_out"] == {"edges weaker than the strongest 40": len(whole) - 40}
    assert whole.strongest(len(whole)) is whole
    spooled = kg.project("mentions", on_disk=True).strongest(40)
    assert list(spooled.edges) == list(made.edges)


def test_an_event_with_one_undisputed_place_has_its_coordinates(kg: ConflictGraph) -> None:
    made = kg.project("events")
    place = {node["id"]: (node["lat"], node["lon"]) for node in made.nodes}
    where = [
        (edge["source"], place[edge["target"]]) for edge in made.edges if edge["kind"] == "place"
    ]
    events = [event for event, _ in where]
    alone = [(event, point) for event, point in where if events.count(event) == 1]
    assert any(point != (None, None) for _, point in alone)
    assert all(place[event] == point for event, point in alone)
    assert all(lat is None for event, (lat, _) in place.items() if events.count(event) > 1)


def test_facts_can_be_watched_as_they_are_read(kg: ConflictGraph) -> None:
    seen = 0

    def watched(portions: Iterator[Array]) -> Iterator[Array]:
        nonlocal seen
        for portion in portions:
            seen += portion.shape[1]
            yield portion

    made = kg.project("claims", progress=watched)
    assert seen >= len(made) > 0


def test_a_revision_or_contradiction_begins_when_both_statements_were_made(
    every: dict[str, Projection], real_store: LocalStore
) -> None:
    sources, made = Sources(real_store), every["revisions"]
    iri = dict(made.nodes.rows("id", "iri"))
    for edge in made.edges:
        begins = [sources.said(iri[edge[end]], None)[0] for end in ("source", "target")]
        first = edge["first"].toordinal() if edge["first"] else 0
        assert first >= max(day for day in begins if day < FOREVER)
