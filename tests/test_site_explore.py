"""/map, /timeline, /network and /query as the server makes them: what they say, from what."""

from __future__ import annotations

import json
import re
from datetime import date
from html import unescape
from itertools import pairwise

import pyoxigraph as ox
import pytest

from asking import asked, data_of, text_of
from conflictkg.graph import ConflictGraph
from conflictkg.store import open_store
from conflictkg.terms import CKG
from conflictkg.web.http import Request, Served
from conflictkg.web.site import answer
from conflictkg.web.site.accounts import counts, day_of, read_accounts
from conflictkg.web.site.geography import frame, mercator, positions
from conflictkg.web.site.selection import read_selection
from conflictkg.web.site.timeline import bins_of, unit_of
from hostile import hostile_graph

PAGES = ("/map", "/timeline", "/network", "/query")
EVERYTHING = "SELECT ?s ?p ?o { ?s ?p ?o }"


def test_the_map_says_in_words_how_much_it_shows(kg: ConflictGraph) -> None:
    (row,) = kg.query(
        "SELECT (COUNT(DISTINCT ?claim) AS ?claims) (COUNT(DISTINCT ?place) AS ?places) {"
        " ?claim ckg:subject|ckg:object|schema:location ?place . ?place a ckg:Place ."
        " ?stance ckg:onClaim ?claim . ?statement ckg:expresses ?stance }"
    )
    page = text_of(asked(kg, "/map"))
    assert f"{row['claims']} claims about {row['places']} places, by " in page
    assert "in 1 document" in page


def test_no_value_stands_on_the_map_without_its_sources(kg: ConflictGraph) -> None:
    features = data_of(asked(kg, "/map"), "map-data")["features"]
    assert isinstance(features, list) and features
    for feature in features:
        for place in feature["properties"]["places"]:
            assert (place["document"] > 0 and place["speaker"] > 0) or place["events"]
            assert "document" in place["told"] or "undisputed event" in place["told"]
    rows = json.loads(text_of(asked(kg, "/map.json")))["rows"]
    assert all(row["sources"] > 0 and row["documents"] for row in rows)


def test_every_field_narrows_the_rows_to_what_it_says(kg: ConflictGraph) -> None:
    everything = read_accounts(kg.store, read_selection(kg, []))
    for field, value, fits in (
        ("speaker", "Коваленко", lambda row: row.speaker.label == "Andriy Kovalenko"),
        ("issue", "issue:defence-forces-in-belgorod", lambda row: any(
            ref.curie == "issue:defence-forces-in-belgorod" for ref in row.claim.issues)),
        ("source", "document:espreso-belgorod-2025-04", lambda row: [
            ref.curie for ref in row.sources] == ["document:espreso-belgorod-2025-04"]),
        ("since", "2025-04", lambda row: (row.latest or row.earliest) >= date(2025, 4, 1)),
        ("until", "2024", lambda row: (row.earliest or row.latest) <= date(2024, 12, 31)),
    ):  # fmt: skip
        selection = read_selection(kg, [(field, value)])
        found = read_accounts(kg.store, selection)
        assert not selection.problems
        assert 0 < len(found.rows) < len(everything.rows), field
        assert all(fits(row) for row in found.rows), field


def test_a_place_stands_for_all_that_lies_in_it(kg: ConflictGraph) -> None:
    inside = read_accounts(kg.store, read_selection(kg, [("place", "place:belgorod-oblast")]))
    places = {place.curie for row in inside.rows for place in row.places}
    assert {"place:belgorod-oblast", "place:demydivka", "place:grafovka"} <= places


def test_a_result_that_is_cut_says_so(kg: ConflictGraph) -> None:
    selection = read_selection(kg, [])
    assert read_accounts(kg.store, selection).complete
    cut = read_accounts(kg.store, selection, most=10)
    assert not cut.complete and 0 < counts(cut.rows)["statement"] <= 10


@pytest.mark.parametrize("path", ["/map", "/timeline", "/network"])
def test_a_name_that_nobody_has_is_told_beside_its_field(kg: ConflictGraph, path: str) -> None:
    response = asked(kg, path, speaker="Nobody Nowhere")
    page = text_of(response)
    assert response.status == 400
    assert 'aria-describedby="problem-speaker"' in page and 'value="Nobody Nowhere"' in page
    assert "<td>" not in page


@pytest.mark.parametrize(("day", "told"), [("2025-13", "not a day"), ("yesterday", "not a day")])
def test_a_day_that_is_none_is_told_beside_its_field(
    kg: ConflictGraph, day: str, told: str
) -> None:
    response = asked(kg, "/timeline", since=day)
    assert response.status == 400 and told in text_of(response)


def test_an_ambiguous_name_offers_what_it_may_mean(kg: ConflictGraph) -> None:
    page = unescape(text_of(asked(kg, "/map", place="Popovka")))
    assert "may be any of these" in page
    assert "?place=place%3Apopovka-belgorod" in page and "?place=place%3Apopovka-sumy" in page


def test_the_last_day_cannot_be_before_the_first(kg: ConflictGraph) -> None:
    selection = read_selection(kg, [("since", "2025-04"), ("until", "2025-03")])
    assert [problem.field for problem in selection.problems] == ["until"]


def test_a_place_without_coordinates_is_drawn_near_others_and_says_so(kg: ConflictGraph) -> None:
    iri = "https://w3id.org/conflictkg/id/place/"
    names = ("sudzha", "kursk-oblast", "krasnoyaruzhsky-district", "popovka-belgorod", "russia")
    found = positions(kg.store, [iri + name for name in names])
    assert found[iri + "sudzha"].basis == found[iri + "kursk-oblast"].basis == ""
    assert "amid the 4 in it" in found[iri + "krasnoyaruzhsky-district"].basis
    assert "somewhere in Krasnoyaruzhsky" in found[iri + "popovka-belgorod"].basis
    assert iri + "russia" not in found


def test_the_frame_of_a_map_holds_what_it_shows(kg: ConflictGraph) -> None:
    features = data_of(asked(kg, "/map"), "map-data")["features"]
    assert isinstance(features, list)
    shown = frame(
        positions(kg.store, [place["iri"] for one in features
                             for place in one["properties"]["places"]]).values()
    )  # fmt: skip
    for feature in features:
        longitude, latitude = feature["geometry"]["coordinates"]
        if 19 < longitude < 52 and 43 < latitude < 60:
            x, y = mercator(longitude, latitude)
            assert shown.x < x < shown.x + shown.width and shown.y < y < shown.y + shown.height


def test_events_stand_on_the_map(kg: ConflictGraph) -> None:
    response = asked(kg, "/map", show="events", place="place:kursk-oblast")
    page = text_of(response)
    assert 'class="mark-event"' in page and 'id="events"' in page
    assert 'href="#events">events as a list' in page and 'href="#table"' not in page
    features = data_of(response, "map-data")["features"]
    assert isinstance(features, list) and len(features) == 1
    properties = features[0]["properties"]
    assert properties["events"] == 2 and properties["claims"] == 0
    assert properties["places"][0]["events"][0]["page"].startswith("/event/")


def test_control_is_told_by_who_says_so_and_who_denies_it(kg: ConflictGraph) -> None:
    page = text_of(asked(kg, "/map", show="control", place="place:demydivka"))
    rows = json.loads(text_of(asked(kg, "/map.json", place="place:demydivka")))["rows"]
    holders = {row["holder"] for row in rows if row["holder"]}
    section = page[page.index('id="control"') : page.index('id="table"')]
    assert len(holders) > 1
    for holder in holders:
        assert holder in section
    assert "Nothing here says that a place is held by somebody" in section


@pytest.mark.parametrize("path", ["/map", "/timeline", "/network"])
def test_a_page_as_turtle_describes_what_it_shows(kg: ConflictGraph, path: str) -> None:
    fields = {"source": "Espreso", "projection": "claims"}
    rows = json.loads(text_of(asked(kg, f"{path}.json", **fields)))
    turtle = text_of(asked(kg, f"{path}.ttl", **fields))
    subjects = {t.subject.value for t in ox.parse(turtle, format=ox.RdfFormat.TURTLE)}
    if path == "/network":
        shown = {iri for edge in rows["edges"] for iri in edge["evidence"]}
    else:
        shown = {row[name] for row in rows["rows"] for name in ("statement_iri", "claim_iri")}
    assert shown and shown <= subjects
    assert text_of(asked(kg, path)).count(f'href="{path}.ttl"') >= 2


def test_a_network_of_places_is_geojson_too(kg: ConflictGraph) -> None:
    found = json.loads(text_of(asked(kg, "/network.geojson", projection="places")))
    assert {one["geometry"]["type"] for one in found["features"]} == {"Point", "LineString"}
    assert asked(kg, "/network.geojson", projection="alignment").status == 404
    assert asked(kg, "/network", projection="a" * 3000).status == 404
    unknown = asked(kg, "/network", projection="alinement")
    assert unknown.status == 404 and "did you mean alignment?" in text_of(unknown)


def test_the_network_is_filtered_by_publisher_and_by_document(kg: ConflictGraph) -> None:
    everything = json.loads(text_of(asked(kg, "/network.json", projection="claims")))["edges"]
    for source in ("UNN", "document:espreso-belgorod-2025-04"):
        fields = {"projection": "claims", "source": source}
        edges = json.loads(text_of(asked(kg, "/network.json", **fields)))["edges"]
        told = read_accounts(kg.store, read_selection(kg, [("source", source)]))
        statements = {row.statement.iri for row in told.rows}
        assert 0 < len(edges) < len(everything)
        assert all(not statements.isdisjoint(edge["evidence"]) for edge in edges)


def test_a_network_without_edges_says_so_and_which_field_leaves_nothing(kg: ConflictGraph) -> None:
    fields = {"projection": "events", "source": "UNN", "until": "1500"}
    page = text_of(asked(kg, "/network", **fields))
    assert "No edge fits" in page and "not understood" not in page
    assert "because of the field “Said to”" in page
    assert json.loads(text_of(asked(kg, "/network.json", **fields)))["edges"] == []


def test_the_parts_of_an_axis_follow_each_other_without_a_gap() -> None:
    for first, last in (
        (date(2025, 3, 1), date(2025, 3, 31)),
        (date(2023, 5, 2), date(2026, 3, 1)),
    ):
        bins = list(bins_of(first, last, unit_of(first, last)))
        assert bins[0].first <= first and last <= bins[-1].last
        for before, after in pairwise(bins):
            assert (after.first - before.last).days == 1


def test_an_axis_can_reach_to_the_last_day_of_the_calendar() -> None:
    for first in (date(9999, 12, 1), date(9999, 1, 1), date(9997, 5, 5), date(1, 1, 1)):
        bins = list(bins_of(first, date.max, unit_of(first, date.max)))
        assert bins[0].first <= first and bins[-1].last == date.max


@pytest.mark.parametrize("path", ["/map", "/timeline", "/network"])
def test_days_far_from_all_that_was_said_select_like_any_other(
    kg: ConflictGraph, path: str
) -> None:
    for fields in ({"until": "9999"}, {"since": "0001", "until": "9999"}, {"since": "9999"}):
        assert asked(kg, path, **fields).status == 200


def test_the_list_of_documents_leaves_the_network_its_choices(kg: ConflictGraph) -> None:
    one = Served(kg, "documents, then network")
    for path in ("/documents", "/network", "/documents"):
        assert answer(Request("GET", path, "", base="http://127.0.0.1:7979"), one).status == 200


def test_every_mark_of_the_timeline_is_a_link_that_says_what_it_is(kg: ConflictGraph) -> None:
    page = text_of(asked(kg, "/timeline", since="2025-03-18", until="2025-03-24"))
    figure = page[page.index('<ol class="lanes-list">') : page.index('<section id="table">')]
    marks = re.findall(r'<a class="side-\w+" href="([^"]+)" aria-label="([^"]+)"', figure)
    selection = read_selection(kg, [("since", "2025-03-18"), ("until", "2025-03-24")])
    rows = [row for row in read_accounts(kg.store, selection).rows if day_of(row)]
    assert len(marks) == figure.count("<a class=") > 20
    assert {address.split("?")[0].split("/")[1] for address, _ in marks} == {
        "statement",
        "timeline",
    }
    assert len({row.statement.iri for row in rows}) > 20


def test_an_edge_of_the_network_lists_the_statements_that_carry_it(kg: ConflictGraph) -> None:
    network = data_of(asked(kg, "/network", projection="claims"), "network-data")
    statements, edges = network["statements"], network["edges"]
    assert isinstance(statements, dict) and isinstance(edges, list) and edges
    for edge in edges:
        assert edge["evidence"] and "statement" in edge["told"]
        for iri in edge["evidence"]:
            label, address = statements[iri]
            assert label and address.startswith("/statement/")


@pytest.mark.parametrize(
    "path", ["/map?show=control", "/timeline?place=Demydivka", "/network?projection=claims"]
)
def test_dates_in_labels_are_in_one_style(kg: ConflictGraph, path: str) -> None:
    address, _, query = path.partition("?")
    page = text_of(asked(kg, address, **dict([query.split("=")])))
    main = re.sub(r"<script.*?</script>", "", page[page.index("<main") : page.index("</main>")])
    shown = re.sub(r"<[^>]*>", " ", main)
    assert "on 28 March 2025" in shown and not re.search(r"\b\d{4}-\d\d-\d\d\b", shown)


def test_the_network_says_what_it_left_out(kg: ConflictGraph) -> None:
    drawn = text_of(asked(kg, "/network", projection="mentions", min_weight="4"))
    assert re.search(r"left out: [\d,]+ edges lighter than 4", drawn)
    everything = json.loads(text_of(asked(kg, "/network.json", projection="mentions")))
    heavy = json.loads(text_of(asked(kg, "/network.json", projection="mentions", min_weight="4")))
    assert 0 < len(heavy["edges"]) < len(everything["edges"])
    assert min(edge["weight"] for edge in heavy["edges"]) >= 4


def test_the_files_of_the_network_have_the_filters_of_the_page(kg: ConflictGraph) -> None:
    fields = {"projection": "claims", "speaker": "person:andriy-kovalenko"}
    edges = json.loads(text_of(asked(kg, "/network.json", **fields)))["edges"]
    assert {edge["source"] for edge in edges} == {"person:andriy-kovalenko"}
    for suffix in ("gexf", "graphml"):
        assert text_of(asked(kg, f"/network.{suffix}", **fields)).count("<edge ") == len(edges)
    assert "/network.graphml?" in text_of(asked(kg, "/network", **fields))
    assert len(text_of(asked(kg, "/network.csv", **fields)).splitlines()) == len(edges) + 1


def test_the_timeline_has_the_places_and_the_network_of_its_selection(kg: ConflictGraph) -> None:
    fields = {"speaker": "person:andriy-kovalenko", "since": "2025-03", "until": "2025-03"}
    rows = json.loads(text_of(asked(kg, "/timeline.json", **fields)))["rows"]
    network = text_of(asked(kg, "/timeline.gexf", **fields))
    assert set(re.findall(r'source="([^"]+)"', network)) == {"person:andriy-kovalenko"}
    sides = {row["claim_iri"] for row in rows if row["attitude"] != "leavesOpen"}
    assert network.count("<edge ") >= len(sides)
    places = json.loads(text_of(asked(kg, "/timeline.geojson", **fields)))["features"]
    assert sum(one["properties"]["claims"] for one in places) <= len(rows)
    assert places == json.loads(text_of(asked(kg, "/map.geojson", **fields)))["features"]
    nothing = {"speaker": "person:andriy-kovalenko", "until": "1999"}
    assert asked(kg, "/timeline.gexf", **nothing).status == 404


def test_without_a_query_the_query_page_lists_the_named_questions(kg: ConflictGraph) -> None:
    for suffix in ("json", "csv", "tsv", "ttl"):
        listed = text_of(asked(kg, f"/questions.{suffix}"))
        assert text_of(asked(kg, f"/query.{suffix}")) == listed and "statements" in listed


def test_the_answer_to_a_query_is_had_in_every_form_that_fits_it(kg: ConflictGraph) -> None:
    query = "SELECT ?part ?whole { ?part schema:containedInPlace ?whole } ORDER BY ?part LIMIT 9"
    assert len(text_of(asked(kg, "/query.csv", query=query)).splitlines()) == 10
    features = json.loads(text_of(asked(kg, "/query.geojson", query=query)))["features"]
    assert features and {one["properties"]["noun"] for one in features} == {"row"}
    network = text_of(asked(kg, "/query.gexf", query=query))
    assert network.count("<edge ") == 9 and "part → whole" in network
    turtle = text_of(asked(kg, "/query.ttl", query="CONSTRUCT WHERE { ?s ckg:speaker ?o }"))
    triples = list(ox.parse(turtle, format=ox.RdfFormat.TURTLE))
    assert {triple.predicate for triple in triples} == {CKG.speaker}
    assert asked(kg, "/query.csv", query="ASK {}").status == 404
    for suffix in ("json", "csv", "ttl"):
        assert asked(kg, f"/query.{suffix}", query="SELECT * {").status == 400


def test_the_answer_to_a_named_question_is_a_network_where_it_ties_things(
    kg: ConflictGraph,
) -> None:
    network = text_of(asked(kg, "/questions/control.gexf", place="Demydivka"))
    assert "<edge " in network and "ckg:" in network


PLACES = (
    "SELECT ?place (COUNT(DISTINCT ?c) AS ?n) { ?c ckg:subject ?place . ?place a ckg:Place }"
    " GROUP BY ?place ORDER BY DESC(?n)"
)
SAID = (
    "SELECT ?s ?who ?day ?attitude { ?s ckg:speaker ?who ; ckg:said/ckg:edtf ?day ;"
    " ckg:expresses/ckg:attitude ?attitude } LIMIT 80"
)


@pytest.mark.parametrize(
    ("sparql", "views"),
    [
        (PLACES, ["Table", "Map", "Chart"]),
        (SAID, ["Table", "Timeline", "Network"]),
        ("SELECT ?text { ?c a ckg:Claim ; schema:text ?text } LIMIT 5", ["Table"]),
        ("CONSTRUCT { ?s ckg:speaker ?w } { ?s ckg:speaker ?w } LIMIT 9", ["Table", "Network"]),
    ],
)
def test_a_result_has_the_views_that_its_columns_allow(
    kg: ConflictGraph, sparql: str, views: list[str]
) -> None:
    page = text_of(asked(kg, "/query", query=sparql))
    assert re.findall(r'#results"[^>]*>(\w+)</a>', page) == views
    for view in views:
        assert asked(kg, "/query", query=sparql, view=view.lower()).status == 200


def test_what_only_calls_itself_a_number_is_text(kg: ConflictGraph) -> None:
    for wrong in ("1.2.3", "...", "-"):
        sparql = f'SELECT ("{wrong}"^^xsd:decimal AS ?n) ("a" AS ?text) {{}}'
        response = asked(kg, "/query", query=sparql, view="chart")
        assert response.status == 200 and wrong in text_of(response)


def test_a_result_links_nodes_to_their_pages_and_tells_the_language(kg: ConflictGraph) -> None:
    query = (
        "SELECT ?name ?who { VALUES ?who { person:andriy-kovalenko } ?who skos:prefLabel ?name }"
    )
    page = text_of(asked(kg, "/query", query=query))
    assert '<a href="/person/andriy-kovalenko"' in page
    assert '<span lang="uk">' in page and "@uk" in page


def test_a_long_result_says_that_it_is_cut(kg: ConflictGraph) -> None:
    page = text_of(asked(kg, "/query", query=EVERYTHING))
    assert "the first 1,000 rows; there are more" in page
    assert json.loads(text_of(asked(kg, "/query.json", query=EVERYTHING)))["complete"] is False
    assert "there are more" not in text_of(asked(kg, "/query", query=EVERYTHING + " LIMIT 7"))


def test_an_error_has_its_place_for_the_editor_and_for_the_eye(kg: ConflictGraph) -> None:
    response = asked(kg, "/query", query="SELECT * {\n  ?s ckg:speaker }")
    page = text_of(response)
    assert response.status == 400
    assert 'data-error-line="2" data-error-column="' in page
    assert 'role="alert"' in page and "at line 2" in page


def test_snippets_ask_the_same(kg: ConflictGraph) -> None:
    query = 'SELECT ?x { BIND("it\'s" AS ?x) }'
    page = unescape(text_of(asked(kg, "/query", query=query)))
    assert "http://127.0.0.1:7979/sparql" in page
    assert """--data-urlencode 'query=SELECT ?x { BIND("it'"'"'s" AS ?x) }'""" in page
    python = page[page.index("from conflictkg import open_graph") : page.rindex("</pre>")]
    compile(python, "snippet", "exec")


def test_downloads_are_in_all_formats_of_the_endpoint(kg: ConflictGraph) -> None:
    rows = text_of(asked(kg, "/query", query=SAID))
    assert re.findall(r"format=(\w+)", rows) == ["json", "xml", "csv", "tsv"]
    graph = text_of(asked(kg, "/query", query="DESCRIBE person:andriy-kovalenko"))
    assert re.findall(r"format=(\w+)", graph) == ["ttl", "nt", "trig", "nq", "jsonld", "rdf"]


def test_the_editor_knows_the_one_prefix_map_and_the_terms(kg: ConflictGraph) -> None:
    known = data_of(asked(kg, "/query"), "query-vocabulary")
    prefixes, terms = known["prefixes"], known["terms"]
    assert isinstance(prefixes, dict) and isinstance(terms, list)
    assert prefixes["ckg"] == "https://w3id.org/conflictkg/ontology#"
    names = {name for name, _, _ in terms}
    assert {"ckg:speaker", "ckg:Statement", "attitude:denies", "schema:text"} <= names
    assert {name.split(":")[0] for name in names} <= set(prefixes)


@pytest.mark.parametrize("path", PAGES)
def test_what_the_graph_says_stays_text(path: str) -> None:
    hostile = hostile_graph()
    fields = {"query": EVERYTHING} if path == "/query" else {}
    for more in ({}, {"view": "map"}, {"view": "network"}, {"projection": "claims"}):
        response = asked(hostile, path, **fields, **more)
        page = text_of(response)
        assert response.status == 200
        assert "window.ran" in page or more.get("view")
        assert "<script>window" not in page and "<img" not in page
        assert not re.search(r"(?:href|src)=[\"']?\s*javascript:", page, re.IGNORECASE)
        for block in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page):
            assert "<" not in block
            json.loads(block)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_stands_for_an_empty_graph(path: str, empty: ConflictGraph) -> None:
    fields = {"query": "SELECT * { ?s ?p ?o }"} if path == "/query" else {}
    assert asked(empty, path, **fields).status == 200


@pytest.fixture
def empty() -> ConflictGraph:
    """A graph of nothing."""
    return ConflictGraph(open_store("memory:"))
