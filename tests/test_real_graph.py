"""What the real graph must hold: the sources, who said what in several of them, and the traps."""

from __future__ import annotations

from math import cos, hypot, radians

from conflictkg import ConflictGraph
from conflictkg.store import LocalStore, select
from conflictkg.web.site.geography import point

SEED = "document:espreso-belgorod-2025-04"


def count(store: LocalStore, pattern: str) -> int:
    (row,) = select(store, f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {pattern} }}")
    return int(row["n"].value)


def curies(store: LocalStore, pattern: str) -> set[str]:
    from conflictkg.terms import shrink

    return {shrink(row["x"].value) for row in select(store, f"SELECT DISTINCT ?x {{ {pattern} }}")}


def test_the_seed_has_its_statements_and_every_report_its_anchor(real_store: LocalStore) -> None:
    assert count(real_store, f"?r ckg:inDocument {SEED} ; ckg:reports ?x") >= 50
    reports = count(real_store, f"?x ckg:inDocument {SEED}")
    anchored = count(
        real_store,
        f"?x ckg:inDocument {SEED} ; oa:hasSelector [ a oa:TextQuoteSelector ;"
        " oa:refinedBy [ a oa:TextPositionSelector ; oa:start ?start ; oa:end ?end ] ]",
    )
    assert anchored == reports >= 70


def test_at_least_forty_pages_and_a_hundred_and_fifty_statements(real_store: LocalStore) -> None:
    read = "?r ckg:inDocument ?x . ?x schema:url ?url"
    assert count(real_store, read) >= 40
    assert count(real_store, "?x ckg:speaker ?speaker") >= 150
    assert count(real_store, "?x ckg:speaker person:andriy-kovalenko") >= 30


def test_every_page_tells_how_much_of_it_was_read(real_store: LocalStore) -> None:
    silent = "?r ckg:inDocument ?x FILTER NOT EXISTS { ?x dcterms:extent ?extent }"
    assert curies(real_store, silent) == set()


def test_one_utterance_in_several_pages_is_one_statement(real_store: LocalStore) -> None:
    several = select(
        real_store,
        "SELECT ?x (COUNT(DISTINCT ?d) AS ?n) { ?r ckg:reports ?x ; ckg:inDocument ?d }"
        " GROUP BY ?x HAVING(COUNT(DISTINCT ?d) > 1)",
    )
    found = {row["x"].value.rsplit("/", 1)[-1]: int(row["n"].value) for row in several}
    assert len(found) >= 45
    assert found["kovalenko-2025-03-18-denial"] >= 5
    assert found["kovalenko-2025-03-18-acting"] == 3
    assert found["kovalenko-2025-03-15-not-an-offensive-on-sumy"] == 2
    assert found["cavoli-2025-04-03-hearing"] >= 4
    assert found["russian-mod-2025-03-18-attempt"] >= 4


def test_one_utterance_is_held_in_three_languages(real_store: LocalStore) -> None:
    languages = {
        row["language"].value
        for row in select(
            real_store,
            "SELECT DISTINCT ?language { ?r ckg:reports statement:kovalenko-2025-03-18-acting ;"
            " ckg:inDocument/dcterms:language ?language }",
        )
    }
    assert languages == {"en", "uk", "ru"}


def test_copies_and_translations_are_linked(real_store: LocalStore) -> None:
    assert count(real_store, "?x dcterms:isVersionOf ?original") >= 5
    assert count(real_store, "?x schema:translationOfWork ?original") >= 5


def test_a_copy_is_no_second_source(real_store: LocalStore) -> None:
    copied = select(
        real_store,
        "SELECT DISTINCT ?claim { ?s ckg:asserts ?claim ."
        " ?r ckg:reports ?s ; ckg:inDocument ?copy ."
        " ?copy dcterms:isVersionOf ?original FILTER NOT EXISTS { ?other ckg:asserts ?claim"
        " FILTER(?other != ?s) } }",
    )
    found = [row["claim"] for row in copied]
    assert found
    for claim in found:
        query = (
            f"ASK {{ GRAPH derivedgraph:corroboration {{ ?finding schema:about {claim} ;"
            " dcterms:type findingtype:corroboration } }"
        )
        assert not bool(real_store.query(query)), claim


def test_popovka_in_belgorod_and_popovka_in_sumy_stay_two_places(real_store: LocalStore) -> None:
    both = curies(real_store, '?x skos:prefLabel|skos:altLabel "Popovka"@en')
    assert both == {"place:popovka-belgorod", "place:popovka-sumy"}
    parents = curies(
        real_store,
        "VALUES ?p { place:popovka-belgorod place:popovka-sumy } ?p schema:containedInPlace ?x",
    )
    assert len(parents) == 2


def test_mistranslations_lead_to_the_place_and_the_institution_meant(kg: ConflictGraph) -> None:
    for name in ("Krasnogvardeysky", "Krasnoye Oruzhe", "Krasnoyarsk"):
        found = {match.curie for match in kg.search(name)}
        assert "place:krasnoyaruzhsky-district" in found, name
    centre = {n.text for n in kg["organization:center-for-countering-disinformation"].names}  # type: ignore[union-attr]
    assert {
        "Center for Countering Disinformation",
        "Center for Counteracting Disinformation",
        "Center for Public Advocacy",
    } <= centre
    assert kg.find("Kavoli") == kg.find("Cavoli")


def test_one_answer_of_zelenskyy_is_read_in_several_ways(kg: ConflictGraph) -> None:
    answer = kg["statement:zelenskyy-2025-03-18-there-is-an-operation"]
    read = {
        (ref.label, stance.attitude)
        for stance in answer.stances  # type: ignore[union-attr]
        for ref in stance.according_to
    }
    assert ("Espreso", "confirms") in read
    assert ("The Kyiv Independent", "leavesOpen") in read
    assert any(label == "UNN" and attitude == "denies" for label, attitude in read)


def test_the_map_data_bear_out_the_thirteen_square_kilometres(real_store: LocalStore) -> None:
    rows = select(
        real_store,
        """SELECT ?day ?km2 { ?claim ckg:subject place:belgorod-oblast ;
             ckg:predicate predicate:areaOf ; ckg:quantity ?q ;
             ckg:holdsThroughout/ckg:earliest ?day .
           ?q ckg:counts thing:areaContested ; schema:value ?km2 }""",
    )
    figures = {(row["day"].value, float(row["km2"].value)) for row in rows}
    assert {km2 for day, km2 in figures if day == "2025-03-24"} == {0}
    assert {km2 for day, km2 in figures if day == "2025-03-25"} == {13, 13.1}, "told and measured"


def test_sixty_three_and_a_hundred_and_forty_do_not_contradict(real_store: LocalStore) -> None:
    rows = select(
        real_store,
        """SELECT ?claim ?day ?km2 { ?claim ckg:subject place:kursk-oblast ;
             ckg:predicate predicate:areaOf ; ckg:quantity ?q ;
             ckg:holdsThroughout/ckg:earliest ?day .
           ?q ckg:counts thing:areaHeldByUkraine ; schema:value ?km2 }""",
    )
    held = {(row["day"].value, float(row["km2"].value)): row["claim"] for row in rows}
    one, other = held["2025-04-04", 63.3], held["2025-03-14", 140.3]
    assert not bool(
        real_store.query(f"ASK {{ ?x a ckg:Contradiction ; schema:about {one}, {other} }}")
    )


def test_no_quote_has_more_than_twenty_five_words_and_every_page_its_address(
    real_store: LocalStore,
) -> None:
    for row in select(real_store, "SELECT ?words { ?selector oa:exact ?words }"):
        assert len(row["words"].value.split()) <= 25
    quoted = "?r ckg:inDocument ?x ; oa:hasSelector ?s"
    addressed = quoted + " . ?x schema:url ?url FILTER(STRSTARTS(STR(?url), 'http'))"
    assert curies(real_store, quoted) == curies(real_store, addressed)


def test_every_coordinate_names_its_source_and_licence(real_store: LocalStore) -> None:
    assert count(real_store, "?x geo:hasGeometry ?shape") >= 48
    bare = (
        "?x geo:hasGeometry ?shape FILTER NOT EXISTS { ?shape dcterms:source ?source ;"
        " dcterms:license ?licence }"
    )
    assert curies(real_store, bare) == set()


def test_settlements_have_coordinates_but_for_those_that_cannot_be_told_apart(
    real_store: LocalStore,
) -> None:
    without = (
        "?x dcterms:type ?type VALUES ?type { placetype:city placetype:village }"
        " FILTER NOT EXISTS { ?x geo:hasGeometry ?shape }"
    )
    unknown = ("baranivka", "dmytrivka", "gornal", "popovka-belgorod", "popovka-sumy")
    assert curies(real_store, without) == {f"place:{name}" for name in unknown}


def test_no_settlement_lies_far_from_the_middle_of_its_district(real_store: LocalStore) -> None:
    points = {
        row["place"].value: point(row["wkt"].value)
        for row in select(
            real_store,
            "SELECT ?place ?wkt { ?place geo:hasGeometry ?shape . ?shape geo:asWKT ?wkt }",
        )
    }
    inside = select(
        real_store,
        "SELECT ?place ?whole { ?whole dcterms:type placetype:district ."
        " ?place schema:containedInPlace ?whole }",
    )
    kilometres = {}
    for row in inside:
        here, middle = points.get(row["place"].value), points.get(row["whole"].value)
        if here and middle:
            across = (here[0] - middle[0]) * cos(radians(here[1]))
            kilometres[row["place"].value] = hypot(across, here[1] - middle[1]) * 111.2
    assert len(kilometres) >= 18
    assert {place for place, distance in kilometres.items() if distance > 60} == set()


def test_villages_lie_in_a_district_and_it_in_an_oblast(real_store: LocalStore) -> None:
    loose = (
        "?x dcterms:type placetype:village FILTER NOT EXISTS { ?x schema:containedInPlace ?near ."
        " ?near dcterms:type placetype:district ; schema:containedInPlace ?far ."
        " ?far dcterms:type placetype:oblast ; schema:containedInPlace ?country ."
        " ?country dcterms:type placetype:country }"
    )
    assert curies(real_store, loose) == {"place:baranivka", "place:dmytrivka"}


def test_what_borders_on_a_place_says_so_too(real_store: LocalStore) -> None:
    assert count(real_store, "?x geo:sfTouches place:sumy-oblast") == 4
    one_way = "?x geo:sfTouches ?other FILTER NOT EXISTS { ?other geo:sfTouches ?x }"
    assert curies(real_store, one_way) == set()
