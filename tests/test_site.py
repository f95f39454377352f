from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox
import pytest
from lxml import etree, html

import conflictkg
from conflictkg.graph import ConflictGraph
from conflictkg.store import LocalStore
from conflictkg.terms import CKG, DCTERMS, ID, ONTOLOGY_GRAPH, RDF, SCHEMA, SKOS
from conflictkg.web.http import Request, Response, Served
from conflictkg.web.site import answer, warm
from conflictkg.web.site.figures import timeline
from conflictkg.web.site.kept import kept
from conflictkg.web.site.links import href, outside, page_of
from conflictkg.web.site.rendering import POLICY
from conflictkg.web.site.sides import SIDES
from conflictkg.web.site.words import dated, when

STATIC = Path(conflictkg.__file__).parent / "web" / "static"

KOVALENKO = "/person/andriy-kovalenko"
PAGES = (
    *("/", "/speakers", "/issues", "/places", "/events", "/documents", "/statements", "/claims"),
    *("/search?q=Демидовка", "/questions", "/questions/control?place=Demydivka", "/ontology"),
    *("/ontology/Statement", "/ontology/said", "/scheme/attitude", "/scheme/attitude/denies"),
    *(KOVALENKO, "/organization/espreso", "/unit/north-grouping", "/place/demydivka"),
    *("/source/espreso-belgorod-2025-04.analysts", "/event/belgorod-border-attempt-2025-03-18"),
    *("/issue/control-of-demydivka", "/claim/demydivka-controlled-by-ukraine-2025-03-23"),
    *("/statement/kovalenko-2025-03-18-acting", "/document/espreso-belgorod-2025-04"),
    *("/post/head-of-center-for-countering-disinformation", "/graph/derived/change"),
    "/graph/document/espreso-belgorod-2025-04",
)
"""A page of each type."""


@pytest.fixture(scope="session")
def served(kg: ConflictGraph) -> Served:
    return Served(kg, "1")


def get(served: Served, url: str, accept: str = "text/html", method: str = "GET") -> Response:
    path, _, query = url.partition("?")
    asked = Request(method, unquote(path), query, {"accept": accept}, base="http://127.0.0.1:7979")
    return answer(asked, served)


def body(response: Response) -> bytes:
    return response.body if isinstance(response.body, bytes) else b"".join(response.body)


def page(served: Served, url: str) -> Any:
    response = get(served, url)
    assert response.media_type == "text/html; charset=utf-8"
    return html.fromstring(body(response).decode())


def text_of(tree: Any) -> str:
    return " ".join(tree.text_content().split())


def location(response: Response) -> str:
    return dict(response.headers)["Location"]


@pytest.mark.parametrize("url", PAGES)
def test_every_page_answers_in_every_form_that_it_offers(served: Served, url: str) -> None:
    tree = page(served, url)
    offered = tree.xpath("//link[@rel='alternate']")
    forms = {"application/json", "text/csv", "text/turtle"}
    assert {link.get("type") for link in offered} >= forms
    for link in offered:
        found = get(served, link.get("href"), accept="*/*")
        assert (found.status, found.media_type.partition(";")[0]) == (200, link.get("type"))
        same = get(served, url, accept=link.get("type"))
        data = body(found)
        assert body(same) == data
        if found.media_type in ("application/json", "application/geo+json"):
            json.loads(data)
        elif found.media_type == "text/turtle":
            assert list(ox.parse(data, format=ox.RdfFormat.TURTLE))
        elif found.media_type == "application/gexf+xml":
            assert etree.fromstring(data).tag == "{http://gexf.net/1.3}gexf"
        elif found.media_type == "application/graphml+xml":
            assert etree.fromstring(data).tag == "{http://graphml.graphdrawing.org/xmlns}graphml"
        else:
            delimiter = "\t" if "tab" in found.media_type else ","
            lengths = {
                len(row) for row in csv.reader(io.StringIO(data.decode()), delimiter=delimiter)
            }
            assert len(lengths) == 1


def forms(served: Served, url: str) -> set[str]:
    """Return the suffixes that a page offers."""
    return {link.rpartition(".")[2] for link in page(served, url).xpath("//link/@href[../@type]")}


KINDS = ("Person", "UnnamedSource", "Place", "Event", "Claim", "Statement", "Document", "Issue")


@pytest.mark.parametrize("kind", KINDS)
def test_places_and_networks_are_offered_where_there_are_any(served: Served, kind: str) -> None:
    """What a page offers is never empty; what it does not offer, it refuses."""
    things = sorted(quad.subject.value for quad in served.kg.quads(None, RDF.type, CKG[kind]))  # type: ignore[union-attr]
    offered: dict[str, int] = {"geojson": 0, "gexf": 0}
    some = things[:: max(1, len(things) // 25)]
    for path in map(page_of, some):
        there = forms(served, path)
        for suffix, piece in (("geojson", b'"coordinates"'), ("gexf", b"<edge ")):
            found = get(served, f"{path}.{suffix}", accept="*/*")
            assert (found.status == 200) == (suffix in there), path
            assert (piece in body(found)) == (suffix in there), path
            offered[suffix] += suffix in there
    assert all(number > 0 for number in offered.values()), offered


def test_what_has_no_place_has_no_geojson(served: Served) -> None:
    (row, *_) = served.kg.query(
        "SELECT ?claim { ?claim a ckg:Claim . ?stance ckg:onClaim ?claim FILTER NOT EXISTS {"
        " ?claim ckg:subject|ckg:object|schema:location ?place . ?place a ckg:Place } }"
        " ORDER BY ?claim LIMIT 1"
    )
    claim = page_of(row["claim"])
    assert "geojson" not in forms(served, claim)
    assert get(served, f"{claim}.geojson", accept="*/*").status == 404
    refused = get(served, claim, accept="application/geo+json")
    assert refused.status == 406 and ".json" in json.loads(body(refused))["error"]["hint"]


def test_the_places_and_the_network_of_a_claim_are_those_of_what_is_said_of_it(
    served: Served,
) -> None:
    claim = "/claim/demydivka-controlled-by-ukraine-2025-03-23"
    (feature,) = json.loads(body(get(served, f"{claim}.geojson")))["features"]
    (place,) = feature["properties"]["places"]
    assert place["name"] == "Demydivka" and place["document"] == 1
    assert b'target="claim:demydivka-controlled' in body(get(served, f"{claim}.gexf"))


def test_the_network_of_a_statement_is_the_way_of_its_words(served: Served) -> None:
    graph = etree.fromstring(body(get(served, "/statement/kovalenko-2025-03-18-acting.gexf")))
    ends = {edge.get("target") for edge in graph.iter("{*}edge")}
    assert "person:andriy-kovalenko" in ends and "document:espreso-belgorod-2025-04" in ends


def test_an_event_says_when_it_was_in_words(served: Served) -> None:
    event = page(served, "/event/senate-hearing-2025-04-03")
    assert text_of(event.xpath("//dt[.='when']/following-sibling::dd[1]")[0]).startswith(
        "3 April 2025"
    )
    assert "38.90° N, 77.04° W" in text_of(event)


def test_a_claim_says_where_it_holds(served: Served) -> None:
    (row, *_) = served.kg.query(
        "SELECT ?claim ?name { ?claim a ckg:Claim ; schema:location ?place ."
        " ?place skos:prefLabel ?name FILTER(LANG(?name) = 'en') } ORDER BY ?claim LIMIT 1"
    )
    (where,) = page(served, page_of(row["claim"])).xpath("//dt[.='where']/following-sibling::dd[1]")
    assert text_of(where) == row["name"]


def test_the_map_of_an_event_tells_what_is_undisputed_from_what_is_said(served: Served) -> None:
    (said,) = page(served, "/event/belgorod-border-attempt-2025-03-18").xpath(
        "//*[@class='locator']"
    )
    assert said.xpath(".//*[contains(@class, 'said')]") and "Rings are places" in text_of(said)
    (row, *_) = served.kg.query(
        "SELECT ?event ?name { ?event a ckg:Event ; sem:hasPlace ?place ."
        " ?place geo:hasGeometry ?at ; skos:prefLabel ?name FILTER(LANG(?name) = 'en') }"
        " ORDER BY ?event LIMIT 1"
    )
    (known,) = page(served, page_of(row["event"])).xpath("//*[@class='locator']")
    assert text_of(known.xpath(".//*[local-name()='text'][@class='main']")[0]) == row["name"]


@pytest.mark.parametrize("url", PAGES)
def test_every_page_is_well_made(served: Served, url: str) -> None:
    response = get(served, url)
    assert response.status == 200
    assert dict(response.headers)["Content-Security-Policy"] == POLICY
    check_harmless(html.fromstring(body(response).decode()))
    tree = page(served, url)
    assert len(tree.xpath("//h1")) == 1
    assert tree.get("lang") == "en" or tree.xpath("/html/@lang") == ["en"]
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids)), [i for i in ids if ids.count(i) > 1][:5]


def check_harmless(tree: Any) -> None:
    """Nothing inline runs, and every link leads to this site, http or https."""
    for script in tree.xpath("//script"):
        assert script.get("src", "").startswith("/static/") and not script.text
    assert not tree.xpath("//style | //iframe | //object | //embed | //base | //@style")
    for element in tree.iter():
        assert not [name for name in element.attrib if name.lower().startswith("on")]
    for attribute in ("href", "src", "action", "formaction", "{http://www.w3.org/1999/xlink}href"):
        for value in tree.xpath("//@*[name()=$name]", name=attribute.rpartition("}")[2]):
            assert re.match(r"/(?![/\\])|#|https?://", value) or value in ("", "/"), value
    for link in tree.xpath("//a[starts-with(@href, 'http')]"):
        assert {"nofollow", "noopener"} <= set(link.get("rel", "").split()), link.get("href")


@pytest.mark.parametrize("url", PAGES)
def test_a_date_that_documents_agree_on_stands_once(served: Served, url: str) -> None:
    found = re.findall(
        r"(?<!\d )(?<!\d)((?:\d+ )?[A-Z][a-z]+ \d{4}) or \1(?! \d)", text_of(page(served, url))
    )
    assert not found


def test_no_link_within_the_site_is_broken(served: Served) -> None:
    """All pages that the pages above link to answer; those of others' making are not looked at."""
    elsewhere = ("/sparql", "/query", "/map", "/timeline", "/network", "/static/")
    seen: set[str] = set()
    for url in PAGES:
        for link in page(served, url).xpath("//a/@href"):
            path = urlsplit(link).path
            if link.startswith("/") and not path.startswith(elsewhere) and "." not in path:
                seen.add(link.partition("#")[0])
    assert len(seen) > 300
    for link in sorted(seen)[:: max(1, len(seen) // 250)]:
        assert get(served, link).status == 200, link


def test_an_identifier_leads_to_the_page_or_to_the_data(served: Served) -> None:
    identifier = "/id/place/demydivka"
    for accept, target in (
        ("text/html", "/place/demydivka"),
        ("", "/place/demydivka"),
        ("text/turtle", "/place/demydivka.ttl"),
        ("application/json;q=0.9, text/html;q=0.1", "/place/demydivka.json"),
        ("application/geo+json", "/place/demydivka.geojson"),
    ):
        response = get(served, identifier, accept=accept)
        assert (response.status, location(response)) == (303, target)
        assert get(served, target, accept="*/*").status == 200


def test_a_things_turtle_is_what_the_graph_says_of_it(served: Served) -> None:
    node = ox.NamedNode(ID + "statement/kovalenko-2025-03-18-acting")
    told = set(
        ox.parse(body(get(served, f"{page_of(node.value)}.ttl")), format=ox.RdfFormat.TURTLE)
    )
    assert {quad.triple for quad in served.kg.quads(node)} <= {quad.triple for quad in told}


def test_no_claim_stands_without_the_number_of_its_documents(served: Served) -> None:
    for url in ("/place/demydivka", "/issue/control-of-demydivka"):
        claims = page(served, url).xpath("//article[contains(@class, 'claim')]")
        assert len(claims) >= 20
        for claim in claims:
            (target,) = claim.xpath(".//*[self::h3 or self::h4]/a/@href")
            rows = served.kg.query(
                "SELECT (COUNT(DISTINCT ?d) AS ?n) { ?stance ckg:onClaim <"
                + ID
                + target[1:]
                + "> . "
                "?s ckg:expresses ?stance . ?r ckg:reports ?s ; ckg:inDocument ?d }"
            )
            shown = claim.xpath("./p[@class='tally']/span[contains(@class, 'count')]")[0].text
            number = rows[0]["n"]
            assert shown == f"{number} document{'' if number == 1 else 's'}"
            for voice in claim.xpath(".//ul[@class='voices']/li"):
                assert re.search(r"\d+ documents?", text_of(voice))


def test_the_kovalenko_question_is_answered_on_one_page(served: Served) -> None:
    tree = page(served, KOVALENKO)
    threads = tree.xpath("//section[@class='thread']")
    history = served.kg.history("Kovalenko")
    assert [text_of(thread.xpath("./h3")[0]) for thread in threads] == [
        dated(thread.issue) for thread in history.threads
    ]
    entries = sum(len(thread.entries) for thread in history.threads)
    assert len(tree.xpath("//li[@class='entry']")) == entries
    (acting,) = tree.xpath("//*[@id='statement-kovalenko-2025-03-18-acting']")
    words = text_of(acting)
    assert "18 March 2025" in words and "are acting and neutralizing threats" in words
    assert "3 documents" in words and "Espreso" in words
    changes = [change for t in history.threads for e in t.entries for change in e.changes]
    assert len(tree.xpath("//div[contains(@class, 'change ')]")) == len(changes)
    for change in changes:
        assert dated(change.why) in text_of(tree)


def test_denial_and_acting_stand_side_by_side_with_their_words(served: Served) -> None:
    """Both quotes, both sources, the computed change and a publisher's verdict in one place."""
    (thread,) = page(served, KOVALENKO).xpath("//section[@id='issue-defence-forces-in-belgorod']")
    denies, acts = thread.xpath(".//li[@class='entry']")
    assert "18 March 2025" in text_of(denies) and "18 March 2025" in text_of(acts)
    assert denies.xpath(".//span[contains(@class, 'side-denies')]")
    assert acts.xpath(".//span[contains(@class, 'side-asserts')]")
    for entry, words, outlet in (
        (denies, "самі придумали", "LIGA.net"),
        (acts, "are acting and neutralizing threats", "Espreso"),
    ):
        (quote,) = entry.xpath(".//blockquote")
        assert words in text_of(quote)
        assert outlet in text_of(entry.xpath(".//figcaption")[0])
        assert entry.xpath(".//figcaption//a[starts-with(@href, 'https://')]")
    assert "shifts focus" in text_of(acts.xpath("./div[contains(@class, 'change')]")[0])
    assert "Kyiv Independent" in text_of(denies.xpath(".//p[@class='verdict']")[0])


@pytest.mark.parametrize(
    ("url", "target"),
    [
        (KOVALENKO, "/map?speaker=person%3Aandriy-kovalenko"),
        ("/place/demydivka", "/timeline?place=place%3Ademydivka"),
        ("/issue/control-of-demydivka", "/map?issue=issue%3Acontrol-of-demydivka"),
        (
            "/document/espreso-belgorod-2025-04",
            "/network?source=document%3Aespreso-belgorod-2025-04",
        ),
    ],
)
def test_a_page_leads_to_the_same_selection_on_the_map(
    served: Served, url: str, target: str
) -> None:
    links = page(served, url).xpath("//p[@class='elsewhere']/a/@href")
    assert target in links and len(links) == 3
    for link in links:
        assert not page(served, link).xpath("//*[@aria-invalid]"), link


def test_quotes_tell_their_language_and_pages_theirs(served: Served) -> None:
    quoted = 0
    for url in (KOVALENKO, "/document/espreso-belgorod-2025-04"):
        for figure in page(served, url).xpath("//figure[@class='words'][blockquote]"):
            assert figure.xpath("./blockquote/@lang")[0] in (
                "en",
                "uk",
                "ru",
                "de",
                "es",
                "it",
                "fr",
            )
            quoted += 1
    assert quoted > 50
    links = page(served, KOVALENKO).xpath("//a[contains(@class, 'outside')]/@hreflang")
    assert {"uk", "ru"} <= set(links)


def test_titles_tell_their_language_too(served: Served) -> None:
    for quad in served.kg.quads(None, DCTERMS.title):
        if isinstance(quad.object, ox.Literal) and quad.object.language == "uk":
            assert isinstance(quad.subject, ox.NamedNode)
            title = page(served, page_of(quad.subject.value)).xpath("//h1")[0]
            assert (title.text_content(), title.get("lang")) == (quad.object.value, "uk")
            break
    marked = page(served, "/documents").xpath("//ul[@class='rows']//span[@lang]/@lang")
    assert {"uk", "ru"} <= set(marked)


def test_each_side_of_a_stance_has_one_shape_and_one_readable_colour(served: Served) -> None:
    scheme = {
        quad.subject.value.rsplit("/", 1)[-1]
        for quad in served.kg.quads(None, SKOS.inScheme, None, ONTOLOGY_GRAPH)
        if isinstance(quad.subject, ox.NamedNode) and "/scheme/attitude/" in quad.subject.value
    }
    assert set(SIDES) == scheme
    assert len({side.path for side in SIDES.values()}) == len(SIDES)
    sheet = (STATIC / "style.css").read_text("utf-8")
    light, dark = re.findall(r":root \{([^}]*--paper:[^}]*--denies:[^}]*)\}", sheet)[:2]
    for theme in (light, dark):
        colours = dict(re.findall(r"--([\w]+): (#[0-9a-f]{6})", theme))
        for name in (*SIDES, "other", "ink", "soft", "faint", "link", "warn"):
            for ground in ("paper", "raised", "sunk"):
                ratio = contrast(colours[name], colours[ground])
                assert ratio >= 4.5, f"{name} on {ground}: {ratio:.2f}"
        assert len({colours[name] for name in SIDES}) == len(SIDES)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2, definition of contrast ratio)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_fonts_are_those_of_the_manifest_under_a_free_licence() -> None:
    told = json.loads((STATIC / "fonts" / "fonts.json").read_text("utf-8"))
    named: set[str] = set()
    for package in told.values():
        assert package["license"] == "OFL-1.1" and package["version"]
        assert "SIL OPEN FONT LICENSE" in (STATIC / "fonts" / package["license_file"]).read_text(
            "utf-8"
        )
        for name, expected in package["files"].items():
            found = hashlib.sha256((STATIC / "fonts" / name).read_bytes()).hexdigest()
            assert found == expected
            named.add(name)
    present = {path.name for path in (STATIC / "fonts").iterdir()}
    assert present - named == {"fonts.json", "README.md"}
    used = re.findall(r"url\(\"fonts/([^\"]+)\"\)", (STATIC / "style.css").read_text("utf-8"))
    assert set(used) == {name for name in named if name.endswith(".woff2")}


def test_a_place_tells_where_its_coordinates_come_from(served: Served) -> None:
    village = body(get(served, "/place/demydivka")).decode()
    assert "download.geonames.org" in village and "RU 309433 Демидовка" in village
    assert 'href="https://creativecommons.org/licenses/by/4.0/" rel="license nofollow' in village
    oblast = body(get(served, "/place/sumy-oblast")).decode()
    assert "data.humdata.org" in oblast and "it stands for the whole area" in oblast
    assert "Coordinates: " not in body(get(served, "/place/gornal")).decode()


def test_an_unknown_thing_is_answered_with_the_nearest_names(served: Served) -> None:
    response = get(served, "/person/andriy-kovalenka")
    assert response.status == 404
    assert html.fromstring(body(response).decode()).xpath("//main//a/@href") == [KOVALENKO]
    told = json.loads(body(get(served, "/person/andriy-kovalenka", accept="application/json")))
    assert told["error"]["status"] == 404 and "person:andriy-kovalenko" in told["error"]["hint"]


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/nothing", 404),
        ("/nothing/at/all", 404),
        ("/place/", 404),
        ("/id/", 404),
        ("/ontology/Nothing", 404),
        ("/scheme/nothing", 404),
        ("/graph/document/nothing", 404),
        ("/questions/nothing", 404),
        ("/place/demydivka.gexf.csv", 404),
        ("/speakers?page=0", 400),
        ("/speakers?page=-1", 400),
        ("/speakers?page=x", 400),
        ("/speakers?page=9999", 404),
        ("/speakers.gexf", 404),
        ("/questions/control?side=x", 400),
        ("/questions/control?place=Nowhere+at+all", 400),
        ("/place/%00", 404),
        ("/place/a b<c>", 404),
    ],
)
def test_what_cannot_be_answered_is_an_error_page(served: Served, url: str, status: int) -> None:
    response = get(served, url)
    assert response.status == status
    if response.media_type.startswith("text/html"):
        tree = html.fromstring(body(response).decode())
        assert tree.xpath("//h1")
        check_harmless(tree)
    assert "error" in json.loads(body(get(served, url, accept="application/json")))


def test_pages_are_only_read(served: Served) -> None:
    response = get(served, "/", method="POST")
    assert response.status == 405 and dict(response.headers)["Allow"] == "GET, HEAD"
    assert get(served, "/", accept="image/png").status == 406


def test_lists_page_through_everything_once(served: Served) -> None:
    seen: list[str] = []
    at = 1
    while True:
        tree = page(served, f"/speakers?page={at}")
        seen += tree.xpath("//ul[@class='rows']/li/span[1]/descendant::a[1]/@href")
        if not tree.xpath("//a[@rel='next']"):
            break
        at += 1
    speakers = {quad.object for quad in served.kg.quads(None, CKG.speaker)}
    assert len(seen) == len(set(seen)) == len(speakers)


def test_lists_are_filtered_by_name_publisher_and_language(served: Served) -> None:
    def links(url: str) -> Sequence[str]:
        found: Sequence[str] = page(served, url).xpath(
            "//ul[@class='rows']/li/span[1]/descendant::a[1]/@href"
        )
        return found

    assert links("/speakers?q=Коваленко") == ["/person/andriy-kovalenko"]
    ours = {q.subject for q in served.kg.quads(None, DCTERMS.language, ox.Literal("de"))}
    assert {f"<{ID}{link[1:]}>" for link in links("/documents?language=de")} == set(map(str, ours))
    assert len(links("/documents?publisher=Espreso")) == 1


def test_search_finds_any_script_and_words_of_claims(served: Served) -> None:
    for text in ("Demidovka", "Демидівка", "демидовка"):
        links = page(served, f"/search?q={text}").xpath("//ul[@class='rows']//a/@href")
        assert links[0] == "/place/demydivka"
    found = page(served, "/search?q=neither reserves").xpath("//ul[@class='rows']//a/@href")
    assert found == ["/statement/kovalenko-2024-03-belarus-no-reserves"]


def test_questions_give_the_answer_that_the_library_gives(served: Served) -> None:
    for asked in served.kg.questions():
        query = "&".join(f"{name}={value}" for name, value in asked.example) or "ask=1"
        told = json.loads(body(get(served, f"/questions/{asked.name}.json?{query}")))
        rows = served.kg.query(asked.name, **dict(asked.example))
        assert told["columns"] == list(rows.columns)
        assert len(told["rows"]) == len(rows) and not told["truncated"]


def test_a_question_leads_to_its_query_with_the_values_given(served: Served) -> None:
    tree = page(served, "/questions/control?place=Demydivka")
    (link,) = tree.xpath("//main//a[starts-with(@href, '/query?')]/@href")
    told = json.loads(body(get(served, link.replace("/query?", "/query.json?"))))
    asked = json.loads(body(get(served, "/questions/control.json?place=Demydivka")))
    assert f"{ID}place/demydivka" in unquote(link)
    assert len(told["rows"]) == len(asked["rows"]) > 5


def test_what_the_shapes_ask_has_no_holes(served: Served) -> None:
    words = text_of(page(served, "/ontology/Statement"))
    assert "… is no statement, so nothing answers it." in words and "{?" not in words


def test_values_of_questions_are_bound_and_never_pasted(served: Served) -> None:
    for value in ("x> } ; DROP ALL #", '"@en . ?s ?p ?o', "<http://a> } SELECT * {"):
        url = "/questions/control?place=" + value.replace("#", "%23")
        assert get(served, url).status == 400
        told = json.loads(body(get(served, url, accept="application/json")))
        assert re.search("no place is known|is not an IRI", told["error"]["message"])


def test_a_cut_off_answer_says_so(kg: ConflictGraph) -> None:
    from conflictkg.web.http import Options

    short = Served(kg, "short", Options(max_rows=3))
    assert "cut off" in text_of(page(short, "/questions/history?speaker=Kovalenko"))
    told = json.loads(body(get(short, "/questions/history.json?speaker=Kovalenko")))
    assert told["truncated"] and len(told["rows"]) == 3


def test_a_table_that_is_cut_says_so_in_its_last_row(kg: ConflictGraph) -> None:
    from conflictkg.web.http import Options

    short = Served(kg, "short", Options(max_rows=5))
    for suffix, delimiter in (("csv", ","), ("tsv", "\t")):
        found = get(short, f"/questions/history.{suffix}?speaker=Kovalenko")
        rows = list(csv.reader(io.StringIO(body(found).decode()), delimiter=delimiter))
        assert dict(found.headers)["X-Conflictkg-Truncated"] == "5"
        assert len(rows) == 7 and rows[-1][0] == "# truncated after 5 rows"
        assert len({len(row) for row in rows}) == 1
    whole = get(Served(kg, "whole"), "/questions/history.csv?speaker=Kovalenko")
    assert "X-Conflictkg-Truncated" not in dict(whole.headers)
    assert b"truncated" not in body(whole)


def test_a_search_that_stops_looking_says_so(served: Served) -> None:
    found = get(served, "/search.json?q=a")
    told = json.loads(body(found))
    assert dict(found.headers)["X-Conflictkg-Truncated"] == str(told["total"])
    assert told["truncated"] and len(told["matches"]) == told["total"]
    rows = list(csv.reader(io.StringIO(body(get(served, "/search.csv?q=a")).decode())))
    assert rows[-1][0] == f"# truncated after {told['total']} rows"
    few = get(served, "/search.json?q=Demidovka")
    assert not json.loads(body(few))["truncated"]
    assert "X-Conflictkg-Truncated" not in dict(few.headers)


BUSY = 70
"""Claims on one issue of the crowded graph: more than its page shows."""


@pytest.fixture(scope="module")
def crowded() -> Served:
    """One speaker who makes many claims on one issue and one claim each on many others."""

    def n(kind: str, slug: object) -> ox.NamedNode:
        return ox.NamedNode(f"{ID}{kind}/{slug}")

    person, place, document = n("person", "busy"), n("place", "town"), n("document", "d")
    graph = ox.NamedNode("https://w3id.org/conflictkg/graph/document/d")
    concept = "https://w3id.org/conflictkg/scheme/"
    triples: list[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        (person, RDF.type, CKG.Person),
        (person, SKOS.prefLabel, ox.Literal("Busy", language="en")),
        (place, RDF.type, CKG.Place),
        (place, SKOS.prefLabel, ox.Literal("Town", language="en")),
        (document, RDF.type, CKG.Document),
        (document, DCTERMS.title, ox.Literal("A page", language="en")),
    ]
    for number in range(BUSY + 40):
        issue = n("issue", "crowded" if number < BUSY else f"i-{number}")
        claim, stance = n("claim", number), n("statement", f"{number}.stance")
        statement, report = n("statement", number), n("report", number)
        triples += [
            (issue, RDF.type, CKG.Issue),
            (issue, SKOS.prefLabel, ox.Literal(f"Question {issue.value[-4:]}?", language="en")),
            (claim, RDF.type, CKG.Claim),
            (claim, SCHEMA.text, ox.Literal(f"Claim {number}.", language="en")),
            (claim, CKG.addresses, issue),
            (claim, CKG.subject, place),
            (statement, RDF.type, CKG.Statement),
            (statement, CKG.speaker, person),
            (statement, CKG.expresses, stance),
            (stance, CKG.onClaim, claim),
            (stance, CKG.attitude, ox.NamedNode(f"{concept}attitude/asserts")),
            (stance, CKG.certainty, ox.NamedNode(f"{concept}certainty/certain")),
            (stance, CKG.accordingTo, document),
            (report, CKG.reports, statement),
            (report, CKG.inDocument, document),
            (report, CKG.wording, ox.NamedNode(f"{concept}wording/direct")),
        ]
    store = LocalStore(ox.Store(), "memory:")
    store.oxigraph.extend(ox.Quad(*triple, graph) for triple in triples)
    return Served(ConflictGraph(store), "1")


@pytest.mark.parametrize("form", ["json", "ttl"])
@pytest.mark.parametrize(
    ("url", "noun", "found"),
    [
        ("/issue/crowded", "claims", re.compile(rb"Claim (\d+)\.")),
        ("/place/town", "claims", re.compile(rb"Claim (\d+)\.")),
        ("/claims", "claims", re.compile(rb"claim[:/](\d+)\b")),
        ("/issues", "issues", re.compile(rb"issue[:/]([\w-]+)\b")),
    ],
)
def test_parts_as_data_lead_to_the_next_until_all_was_had(
    crowded: Served, url: str, noun: str, found: re.Pattern[bytes], form: str
) -> None:
    seen: set[bytes] = set()
    address, parts = f"{url}.{form}", 0
    while address:
        response = get(crowded, address)
        assert response.status == 200
        fresh = set(found.findall(body(response))) - seen
        assert fresh, "a part brings something new"
        seen |= fresh
        parts += 1
        links = re.findall(r'<([^>]+)>; rel="next"; title="(\w+)"', header(response, "Link"))
        following = {title: to for to, title in links}
        if form == "json":
            assert json.loads(body(response))["next"] == following
        address = following.get(noun, "")
    assert len(seen) == {"/issues": 41, "/issue/crowded": BUSY}.get(url, BUSY + 40)
    assert parts > 1 or url == "/issues"


def header(response: Response, name: str) -> str:
    return dict(response.headers).get(name, "")


def test_the_issues_of_a_speaker_lead_on_as_well(crowded: Served) -> None:
    told, address = 0, "/person/busy.json"
    while address:
        said = json.loads(body(get(crowded, address)))
        told += sum(len(thread["entries"]) for thread in said["says"]["threads"])
        address = said["next"].get("issues", "")
    assert told == BUSY + 40
    back = header(get(crowded, "/person/busy.json?page=2"), "Link")
    assert '</person/busy.json>; rel="prev"; title="issues"' in back


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_tables_hold_everything_whatever_page_they_are_taken_from(
    crowded: Served, form: str
) -> None:
    for url in ("/issue/crowded", "/person/busy", "/place/town", "/claims", "/document/d"):
        whole = body(get(crowded, f"{url}.{form}"))
        assert not header(get(crowded, f"{url}.{form}"), "Link")
        if url in ("/issue/crowded", "/claims"):
            assert body(get(crowded, f"{url}.{form}?page=2")) == whole
        rows = len(whole.splitlines()) - 1
        assert rows == (BUSY if url == "/issue/crowded" else BUSY + 40)


def test_what_is_on_one_page_has_no_next_part(served: Served) -> None:
    response = get(served, f"{KOVALENKO}.json")
    assert json.loads(body(response))["next"] == {} and not header(response, "Link")


def test_an_issue_has_the_same_speakers_and_claims_everywhere(served: Served) -> None:
    listed = {
        row["thing"]["iri"]: row["numbers"]
        for row in json.loads(body(get(served, "/issues.json")))["issues"]
    }
    issues = json.loads(body(get(served, "/index.json")))["issues"]
    assert len(issues) == 8
    for one in issues:
        iri = one["thing"]["iri"]
        lead = text_of(page(served, page_of(iri)).xpath("//p[@class='lead']")[0])
        numbers = re.match(r"(\d+) speakers?, (\d+) claims?", lead)
        assert numbers, lead
        assert listed[iri] == [int(numbers[1]), int(numbers[2])]
        assert one["number"] == int(numbers[1])
        lines = page(served, page_of(iri)).xpath("//details[@class='screen']//tbody/tr")
        assert len({row.xpath("string(td[1])") for row in lines}) <= int(numbers[1])


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/place/{long}", 404),
        ("/questions/{long}", 404),
        ("/graph/document/{long}", 404),
        ("/documents?publisher={long}", 400),
        ("/documents?q={long}", 400),
        ("/network?speaker={long}", 400),
        ("/network?speaker=person:{long}", 400),
        ("/search?q={long}", 200),
    ],
)
def test_a_very_long_name_is_not_looked_up(served: Served, url: str, status: int) -> None:
    found = get(served, url.format(long="x" * 60_000))
    assert found.status == status
    told = text_of(html.fromstring(body(found).decode()))
    assert "of at most 200 characters" in told or status == 200 or "/questions" in url


def test_other_sites_may_read_pages_as_data(real_folder: Path) -> None:
    import httpx

    from served import serving

    with serving("--store", real_folder) as server:
        for path in ("speakers.json", "speakers.csv", "network.gexf", "speakers"):
            headers = httpx.get(f"{server.url}{path}").headers
            assert headers.get_list("access-control-allow-origin") == ["*"]
            assert headers.get_list("x-content-type-options") == ["nosniff"]


HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


@pytest.fixture(scope="module")
def hostile() -> Served:
    """A graph in which every text, address and identifier means harm."""
    person, document = ox.NamedNode(ID + "person/mallory"), ox.NamedNode(ID + "document/mallory")
    statement, claim = ox.NamedNode(ID + "statement/mallory"), ox.NamedNode(ID + "claim/mallory")
    issue, stance = ox.NamedNode(ID + "issue/mallory"), ox.NamedNode(ID + "statement/mallory.1")
    report, selector = ox.NamedNode(ID + "report/mallory"), ox.NamedNode(ID + "report/mallory.1")
    place, event = ox.NamedNode(ID + "place/mallory"), ox.NamedNode(ID + "event/mallory")
    time = ox.NamedNode(ID + "statement/mallory.2")
    text = ox.Literal(HOSTILE, language="en")
    oa = "http://www.w3.org/ns/oa#"
    graph = ox.NamedNode("https://w3id.org/conflictkg/graph/document/mallory")
    triples: list[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        *((node, SKOS.prefLabel, text) for node in (person, issue, place, event)),
        *((node, SKOS.altLabel, ox.Literal(HOSTILE, language="uk")) for node in (person, place)),
        *((node, SKOS.note, text) for node in (person, place, document, time)),
        (person, RDF.type, CKG.Person),
        (person, DCTERMS.source, ox.NamedNode("javascript:alert(3)")),
        (
            person,
            SCHEMA.sameAs,
            ox.NamedNode(
                "data:text/html,<script>alert(4)</script>".replace("<", "%3C").replace(">", "%3E")
            ),
        ),
        (person, SCHEMA.knows, ox.NamedNode(ID + "/evil.example/x")),
        (person, SCHEMA.knows, ox.NamedNode(ID + "person//evil.example")),
        (person, ox.NamedNode("javascript:alert(5)"), text),
        (place, RDF.type, CKG.Place),
        (event, RDF.type, CKG.Event),
        (document, RDF.type, CKG.Document),
        (document, DCTERMS.title, text),
        (document, DCTERMS.publisher, person),
        (document, DCTERMS.language, ox.Literal(HOSTILE)),
        (document, SCHEMA.url, ox.NamedNode("javascript:alert(6)")),
        (document, SCHEMA.sha256, text),
        (report, RDF.type, CKG.Report),
        (report, CKG.inDocument, document),
        (report, CKG.reports, statement),
        (report, CKG.wording, ox.NamedNode("javascript:alert(7)")),
        (report, SCHEMA.text, text),
        (report, ox.NamedNode(oa + "hasSelector"), selector),
        (selector, ox.NamedNode(oa + "exact"), text),
        (statement, RDF.type, CKG.Statement),
        (statement, SCHEMA.text, text),
        (statement, CKG.speaker, person),
        (statement, CKG.said, time),
        (statement, CKG.expresses, stance),
        (time, CKG.edtf, ox.Literal(HOSTILE)),
        (time, CKG.asWritten, text),
        (stance, RDF.type, CKG.Stance),
        (
            stance,
            CKG.attitude,
            ox.NamedNode("https://w3id.org/conflictkg/scheme/attitude/%22onload="),
        ),
        (stance, CKG.certainty, ox.NamedNode("javascript:alert(8)")),
        (stance, CKG.hedge, text),
        (stance, CKG.accordingTo, document),
        (stance, CKG.onClaim, claim),
        (claim, RDF.type, CKG.Claim),
        (claim, SCHEMA.text, text),
        (claim, CKG.addresses, issue),
        (claim, CKG.subject, place),
        (claim, CKG.object, event),
        (claim, CKG.predicate, ox.NamedNode("javascript:alert(9)")),
        (issue, RDF.type, CKG.Issue),
    ]
    store = ox.Store()
    store.extend(ox.Quad(*triple, graph) for triple in triples)
    return Served(ConflictGraph(LocalStore(store, "memory:")), "1")


@pytest.mark.parametrize(
    "url",
    [
        *(f"/{kind}/mallory" for kind in ("person", "place", "event", "issue", "claim")),
        *("/statement/mallory", "/document/mallory", "/report/mallory", "/report/mallory.1"),
        *("/", "/speakers", "/documents", "/statements", "/claims", "/issues", "/places"),
        *("/graph/document/mallory", "/ontology", "/search?q=script"),
        *(f"/search?q={HOSTILE}", f"/documents?q={HOSTILE}", f"/documents?language={HOSTILE}"),
        *(f"/questions/control?place={HOSTILE}", f"/person/{HOSTILE}", f"/{HOSTILE}"),
    ],
)
def test_nothing_from_a_hostile_graph_or_request_runs_or_leads_astray(
    hostile: Served, url: str
) -> None:
    text = body(get(hostile, url)).decode()
    assert "<script>alert" not in text and "<img src=x" not in text
    check_harmless(html.fromstring(text))


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "\n=HYPERLINK(1)", "＝HYPERLINK(1)"])
def test_cells_of_downloads_are_not_formulas(text: str) -> None:
    store = ox.Store()
    node = ox.NamedNode(ID + "issue/sum")
    label = ox.Literal(text, language="en")
    store.add(ox.Quad(node, RDF.type, CKG.Issue, ONTOLOGY_GRAPH))
    store.add(ox.Quad(node, SKOS.prefLabel, label, ONTOLOGY_GRAPH))
    made = Served(ConflictGraph(LocalStore(store, "memory:")), "1")
    rows = list(csv.reader(io.StringIO(body(get(made, "/issues.csv")).decode())))
    assert rows[1][1].startswith("'")


def test_links_lead_only_where_a_browser_may_go() -> None:
    for address in (
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example",
        "http:///x",
        "ftp://example.org/",
        " https://example.org",
    ):
        assert outside(address) == "" and href(address) == ""
    assert href("https://example.org/a?b=c") == "https://example.org/a?b=c"
    for iri in (ID + "/evil.example", ID + "person//evil", ID + "\\evil", ID, ID + "person/"):
        assert href(iri) == ""
    assert page_of(ID + "source/a.b") == "/source/a.b"


def test_a_new_version_of_the_graph_is_shown(kg: ConflictGraph) -> None:
    store = ox.Store()
    made = ConflictGraph(LocalStore(store, "memory:"))
    assert page(Served(made, "1"), "/issues").xpath("//ul[@class='rows']//a/@href") == ["/issues"]
    store.add(ox.Quad(ox.NamedNode(ID + "issue/new"), RDF.type, CKG.Issue))
    links = page(Served(made, "2"), "/issues").xpath("//ul[@class='rows']//a/@href")
    assert links == ["/issue/new"]


def test_what_a_speaker_says_is_read_anew_for_a_new_version(crowded: Served) -> None:
    store = ox.Store()
    store.extend(crowded.kg.quads())
    made = ConflictGraph(LocalStore(store, "memory:"))
    old = json.loads(body(get(Served(made, "1"), "/person/busy.json")))["says"]
    gist = ox.Quad(
        ox.NamedNode(f"{ID}statement/0"),
        SCHEMA.text,
        ox.Literal("New words.", language="en"),
        ox.NamedNode("https://w3id.org/conflictkg/graph/document/d"),
    )
    store.add(gist)
    assert json.loads(body(get(Served(made, "1"), "/person/busy.json")))["says"] == old
    new = body(get(Served(made, "2"), "/person/busy.json"))
    assert b"New words." in new and json.loads(new)["says"] != old
    store.remove(gist)
    without = [json.loads(body(get(Served(made), "/person/busy.json")))["says"] for _ in range(2)]
    assert without == [old, old], "without a version nothing is kept"


def test_what_is_warmed_is_not_worked_out_again(kg: ConflictGraph) -> None:
    made = Served(kg, "warm")
    warm(made)
    for name in ("overview", "speakers", "documents", "positions"):
        assert kept(made, name, lambda: None) is not None
    assert kept(Served(kg, "another"), "overview", lambda: None) is None
    assert kept(Served(kg), "overview", lambda: None) is None


@pytest.mark.parametrize("url", ["/", "/speakers", "/documents", "/search?q=x", "/ontology"])
def test_an_empty_graph_has_pages_too(url: str) -> None:
    empty = Served(ConflictGraph(LocalStore(ox.Store(), "memory:")), "1")
    assert get(empty, url).status == 200


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("2025-03-18", "18 March 2025"),
        ("2025-03", "March 2025"),
        ("2025", "2025"),
        ("2025-03~", "about March 2025"),
        ("2025?", "perhaps 2025"),
        ("2025-03-18T14:05", "18 March 2025, 14:05"),
        ("2025-03-18T14:05:00Z", "18 March 2025, 14:05"),
        ("2025-03-11/2025-03-20", "11–20 March 2025"),
        ("2025-03-28/2025-04-02", "28 March – 2 April 2025"),
        ("2024-12-28/2025-01-02", "28 December 2024 – 2 January 2025"),
        ("../2025-04-05", "until 5 April 2025"),
        ("2024-01-26/..", "since 26 January 2024"),
        ("2025-03-18 or 2025-03-19", "18 March 2025 or 19 March 2025"),
        ("XXXX", "date unknown"),
        ("", "date unknown"),
        ("not a date", "not a date"),
    ],
)
def test_dates_are_written_in_one_style(edtf: str, words: str) -> None:
    assert when(edtf) == words


def test_figures_keep_marks_apart_and_within_their_width(served: Served) -> None:
    from conflictkg.views import who_says
    from conflictkg.web.site.told import marks_of, told

    def lines() -> Iterator[tuple[Any, str]]:
        claims = [
            ox.NamedNode(claim.iri) for claim in served.kg.claims("issue:control-of-demydivka")
        ]
        for contested in who_says(served.kg.store, claims):
            one = told(contested)
            yield from ((line, one.claim.text) for line in one.lines)

    figure = timeline([("all", "", marks_of(lines()))])
    assert figure is not None
    (lane,) = figure.lanes
    assert len(lane.marks) > 20
    for placed in lane.marks:
        assert 0 <= placed.start <= placed.at <= placed.start + placed.width <= 100
    for row in range(lane.rows):
        places = sorted(placed.at for placed in lane.marks if placed.row == row)
        assert all(later - earlier >= 2.2 for earlier, later in pairwise(places))
    assert timeline([]) is None and timeline([("nothing", "", [])]) is None
    assert timeline([("one day", "", [lane.marks[0].mark] * 3)]) is None


def test_a_slash_too_many_leads_to_the_page_and_nowhere_else(served: Served) -> None:
    moved = get(served, "/map/?day=2025-03-23")
    assert (moved.status, dict(moved.headers)["Location"]) == (308, "/map?day=2025-03-23")
    foreign = dict(get(served, "/place/місце/").headers)["Location"]
    assert foreign.isascii() and unquote(foreign) == "/place/місце"
    for path in ("//example.org/", "/\\example.org/", "/%5Cexample.org/", "/a/..//example.org/"):
        assert get(served, path).status == 404
