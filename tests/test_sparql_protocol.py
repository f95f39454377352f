"""The SPARQL endpoint: what may be asked how, and in which form the answer comes."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest

from conflictkg.graph import ConflictGraph
from conflictkg.store import LocalStore
from conflictkg.terms import expand
from conflictkg.web import serialising
from conflictkg.web.app import answer, writes
from conflictkg.web.http import Cut, Options, Request, Served
from endpoint import Endpoint, Reply, handled, serving

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}
UPDATE = {"Content-Type": "application/sparql-update"}
KOVALENKO = "SELECT ?name { person:andriy-kovalenko skos:prefLabel ?name } ORDER BY ?name"


@pytest.fixture(scope="module")
def served(kg: ConflictGraph) -> Served:
    return Served(kg, "v1", Options(max_rows=1000))


def small(*, quads: int = 0, **options: bool | int) -> Served:
    """A store of three graphs that may be changed, or of as many quads as are wanted."""
    store = ox.Store()
    if quads:
        store.extend(
            ox.Quad(n(f"s{at}"), n("p"), ox.Literal(f"a longer text, {at}"), n(f"g{at % 7}"))
            for at in range(quads)
        )
    else:
        store.extend(ox.Quad(n("s"), n("p"), n(o), n(g)) for o, g in ("ag", "bh"))
        store.add(ox.Quad(n("s"), n("p"), n("c")))
    return Served(ConflictGraph(LocalStore(store, "memory:")), "", Options(**options))  # type: ignore[arg-type]


def n(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"https://e.org/{name}")


def ask(served: Served, query: str, accept: str = "", **parameters: str) -> Reply:
    target = "/sparql?" + urlencode({"query": query, **parameters})
    return handled(served, "GET", target, headers={"Accept": accept} if accept else None)


def objects(reply: Reply) -> list[str]:
    assert reply.status == 200, reply.text
    bindings = reply.json["results"]["bindings"]
    return sorted(row["o"]["value"].removeprefix("https://e.org/") for row in bindings)


def test_a_query_comes_by_get_by_form_and_directly(served: Served) -> None:
    by_get = ask(served, KOVALENKO)
    by_form = handled(served, "POST", "/sparql", urlencode({"query": KOVALENKO}), FORM)
    directly = handled(served, "POST", "/sparql", KOVALENKO, DIRECT)
    with_bom = handled(served, "POST", "/sparql", "\ufeff" + KOVALENKO, DIRECT)
    charset = {"Content-Type": "application/sparql-query; charset=UTF-8"}
    said = handled(served, "POST", "/sparql/", KOVALENKO, charset)
    assert by_get.status == 200
    assert by_get == by_form == directly == with_bom == said
    names = [row["name"]["value"] for row in by_get.json["results"]["bindings"]]
    assert "Andriy Kovalenko" in names and "Андрій Коваленко" in names


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("application/xml;q=0.5, text/csv;q=0.4", "application/xml"),
        ("text/csv;q=0.9, application/sparql-results+json;q=0.8", "text/csv"),
        ("text/tab-separated-values", "text/tab-separated-values"),
        ("text/*", "text/xml"),
        ("text/turtle, */*;q=0.1", "application/sparql-results+json"),
    ],
)
def test_the_form_of_rows_is_negotiated(accept: str, media_type: str, served: Served) -> None:
    assert ask(served, KOVALENKO, accept).media_type == media_type


CONSTRUCT = "CONSTRUCT WHERE { person:andriy-kovalenko ?p ?o }"


@pytest.mark.parametrize(
    ("accept", "format"),
    [
        ("", ox.RdfFormat.TURTLE),
        ("text/turtle;q=0.3, application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/trig", ox.RdfFormat.TRIG),
        ("application/n-quads", ox.RdfFormat.N_QUADS),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/json", ox.RdfFormat.JSON_LD),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    ],
)
def test_the_form_of_triples_is_negotiated(
    accept: str, format: ox.RdfFormat, served: Served
) -> None:
    reply = ask(served, CONSTRUCT, accept)
    assert reply.status == 200
    expected = {q.triple for q in served.kg.quads(served.kg.find("person:andriy-kovalenko"))}
    assert {quad.triple for quad in ox.parse(reply.body, format=format)} == expected


def test_a_format_is_named_in_the_address_too(served: Served) -> None:
    assert ask(served, KOVALENKO, "text/html", format="csv").media_type == "text/csv"
    query = urlencode({"query": KOVALENKO})
    assert handled(served, "GET", f"/sparql.tsv?{query}").media_type == "text/tab-separated-values"
    assert ask(served, CONSTRUCT, format="json").media_type == "application/ld+json"
    unknown = ask(served, KOVALENKO, format="pdf")
    assert unknown.status == 406 and "json" in unknown.json["error"]["hint"]


def test_what_cannot_be_had_is_406_with_what_can(served: Served) -> None:
    reply = ask(served, CONSTRUCT, "text/csv")
    assert reply.status == 406
    assert "text/turtle" in reply.json["error"]["hint"]
    assert ask(served, KOVALENKO, "image/png").status == 406
    assert ask(served, KOVALENKO, "application/json;q=0").status == 406


def test_a_browser_is_sent_to_the_page_with_the_query(served: Served) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    reply = ask(served, KOVALENKO, browser)
    assert reply.status == 303
    assert reply.headers["location"] == "/query?" + urlencode({"query": KOVALENKO})
    assert (
        handled(served, "GET", "/sparql", headers={"Accept": browser}).headers["location"]
        == "/query"
    )


def test_rows_keep_every_kind_of_term_in_every_form() -> None:
    query = """SELECT (<https://e.org/a&b> AS ?iri) ("a \\"quoted\\", <text>\\n&" AS ?text)
        ("слово"@uk AS ?word) (1.50 AS ?number) (BNODE("x") AS ?blank) ?nothing {}"""
    held = small()
    expected = next(iter(ox.Store().query(query)))  # type: ignore[arg-type]
    for media_type, format in (
        ("application/sparql-results+json", ox.QueryResultsFormat.JSON),
        ("application/sparql-results+xml", ox.QueryResultsFormat.XML),
        ("text/tab-separated-values", ox.QueryResultsFormat.TSV),
    ):
        results = ox.parse_query_results(ask(held, query, media_type).body, format=format)
        (row,) = results  # type: ignore[misc]
        assert [row[at] for at in range(6) if at != 4] == [  # type: ignore[index]
            expected[at] for at in range(6) if at != 4
        ]
        assert isinstance(row["blank"], ox.BlankNode)  # type: ignore[index]
    (line,) = csv.DictReader(io.StringIO(ask(held, query, "text/csv").text, newline=""))
    assert line["iri"] == "https://e.org/a&b"
    assert line["text"] == 'a "quoted", <text>\n&'
    assert line["word"] == "слово" and line["nothing"] == ""


def test_xml_never_holds_what_xml_cannot() -> None:
    held = small(writable=True, validate=False)
    update = 'INSERT DATA { <https://e.org/x> <https://e.org/y> "bell\\u0007 and \\u0000" }'
    assert handled(held, "POST", "/sparql", update, UPDATE).status == 204
    query = "CONSTRUCT { <https://e.org/x> ?p ?o } { <https://e.org/x> ?p ?o }"
    rows = ask(
        held,
        "SELECT ?o { <https://e.org/x> ?p ?o }",
        "application/xml",
        **{"default-graph-uri": ""},
    )
    for body in (rows.body, ask(held, query, "application/rdf+xml").body):
        assert "bell\ufffd" in "".join(ElementTree.fromstring(body).itertext())


def test_a_property_that_rdf_xml_cannot_write_is_refused(served: Served) -> None:
    query = "CONSTRUCT { <https://e.org/a> <https://e.org/1> 2 } {}"
    reply = ask(served, query, "application/rdf+xml")
    assert reply.status == 406 and "https://e.org/1" in reply.json["error"]["message"]


def test_the_answer_to_ask_is_a_truth_value(served: Served) -> None:
    query = "ASK { person:andriy-kovalenko a ckg:Person }"
    assert ask(served, query).json["boolean"] is True
    root = ElementTree.fromstring(ask(served, query, "application/xml").body)
    assert root[1].text == "true"
    assert ask(served, "ASK { person:nobody ?p ?o }", "text/csv").text == "false\n"


def test_the_default_graph_is_the_union_unless_somebody_says_otherwise() -> None:
    query = "SELECT ?o { ?s ?p ?o }"
    assert objects(ask(small(), query)) == ["a", "b", "c"]
    assert objects(ask(small(strict_dataset=True), query)) == ["c"]
    for options in ({}, {"strict_dataset": True}):
        held = small(**options)
        own = "SELECT ?o FROM <https://e.org/g> { ?s ?p ?o }"
        assert objects(ask(held, own)) == ["a"]
        asked = {"default-graph-uri": "https://e.org/h"}
        assert objects(ask(held, query, **asked)) == ["b"]
        assert objects(ask(held, own, **asked)) == ["b"]
        assert objects(ask(held, query, **{"named-graph-uri": "https://e.org/h"})) == []
        named = "SELECT ?o { GRAPH ?g { ?s ?p ?o } }"
        assert objects(ask(held, named, **{"named-graph-uri": "https://e.org/h"})) == ["b"]
        assert objects(ask(held, named, **asked)) == []


def test_a_graph_that_is_no_iri_is_refused() -> None:
    reply = ask(small(), "ASK {}", **{"default-graph-uri": "not an iri"})
    assert reply.status == 400 and "not an iri" in reply.json["error"]["message"]


@pytest.mark.parametrize(
    ("query", "line", "column", "said"),
    [
        ("SELECT ?s\n{ ?s nope:x ?o }", 2, 6, "unknown prefix “nope:”"),
        ("SELECT ?s { ?s skos:prefLabel 'Коваленко' ; nope:x ?o }", 1, 45, "unknown prefix"),
        ("SELECT ?s\n{ ?s ckg:speaker }", 2, 18, "cannot be parsed"),
        ("PREFIX x: <y:>\n\nSELECT ?s ?s ?s { {} ", 3, 22, "cannot be parsed"),
        ("", 1, 1, "cannot be parsed"),
        ("SELECT * { SERVICE <http://10.0.0.1/> {} }", 1, 12, "reach out"),
    ],
)
def test_an_error_is_placed_in_the_query_as_it_was_sent(
    query: str, line: int, column: int, said: str, served: Served
) -> None:
    reply = handled(served, "POST", "/sparql", query, DIRECT)
    error = reply.json["error"]
    assert reply.status == error["status"] == (403 if "reach" in said else 400)
    assert (error["line"], error["column"]) == (line, column)
    assert said in error["message"]
    text = handled(served, "POST", "/sparql", query, {**DIRECT, "Accept": "text/plain"})
    assert text.media_type == "text/plain" and said in text.text


@pytest.mark.parametrize(
    ("method", "target", "body", "headers", "status"),
    [
        ("GET", "/sparql?query=ASK+{}&query=ASK+{}", "", {}, 400),
        ("GET", "/sparql?query=ASK+{}&update=CLEAR+ALL", "", {}, 400),
        ("GET", "/sparql?update=CLEAR+ALL", "", {}, 400),
        ("GET", "/sparql?query=%FF", "", {}, 400),
        ("POST", "/sparql", "", FORM, 400),
        ("POST", "/sparql", "query=ASK+{}&update=CLEAR+ALL", FORM, 400),
        ("POST", "/sparql", b"query=\xff", FORM, 400),
        ("POST", "/sparql?query=ASK+{}", "ASK {}", DIRECT, 400),
        ("POST", "/sparql?query=ASK+{}", "query=ASK+{}", FORM, 400),
        ("POST", "/sparql", b"\xff\xfe", DIRECT, 400),
        ("POST", "/sparql", "ASK {}", {}, 415),
        ("POST", "/sparql", "ASK {}", {"Content-Type": "text/plain"}, 415),
        (
            "POST",
            "/sparql",
            "ASK {}".encode("utf-16"),
            {"Content-Type": "application/sparql-query; charset=UTF-16"},
            415,
        ),
        ("PUT", "/sparql?query=ASK+{}", "", {}, 405),
        ("DELETE", "/sparql", "", {}, 405),
        ("POST", "/sparql", "CLEAR ALL", UPDATE, 403),
        ("GET", "/sparql?" + "&".join(f"x={at}" for at in range(2000)), "", {}, 400),
    ],
)
def test_what_the_protocol_does_not_allow_is_refused_as_json(
    method: str,
    target: str,
    body: str | bytes,
    headers: dict[str, str],
    status: int,
    served: Served,
) -> None:
    reply = handled(served, method, target, body, headers)
    assert reply.status == status
    assert reply.json["error"]["status"] == status and reply.json["error"]["message"]
    if status == 405:
        assert reply.headers["allow"] == "GET, HEAD, POST, OPTIONS"


def test_parameters_of_other_endpoints_are_ignored(served: Served) -> None:
    more = {"timeout": "5", "output": "xml", "results": "xml", "debug": "on"}
    assert ask(served, KOVALENKO, **more) == ask(served, KOVALENKO)


def test_a_result_that_is_cut_says_so_before_and_in_the_body() -> None:
    held = small(quads=30, max_rows=10)
    query = "SELECT ?s ?o { ?s ?p ?o }"
    for accept in serialising.SOLUTIONS:
        reply = ask(held, query, accept)
        assert reply.headers["x-conflictkg-truncated"] == "10"
        assert "truncated" in reply.text
    assert ask(held, query).json["truncated"] == {"rows": 10}
    *rows, last = csv.reader(io.StringIO(ask(held, query, "text/csv").text))
    assert len(rows) == 11 and last == ["# truncated after 10 rows", ""]
    results = ox.parse_query_results(
        ask(held, query, "text/tab-separated-values").body, format=ox.QueryResultsFormat.TSV
    )
    assert [row["s"] for row in results][-1].value == "# truncated after 10 rows"  # type: ignore[union-attr, index]
    for accept, format in serialising.GRAPHS.items():
        reply = ask(held, "CONSTRUCT WHERE { ?s ?p ?o }", accept)
        assert reply.headers["x-conflictkg-truncated"] == "10"
        assert "truncated" in reply.text
        assert len(list(ox.parse(reply.body, format=format))) == 10


def test_a_result_that_just_fits_is_not_cut() -> None:
    for limit in (30, 31, 0):
        held = small(quads=30, max_rows=limit)
        for query in ("SELECT * { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"):
            reply = ask(held, query)
            assert "x-conflictkg-truncated" not in reply.headers
            assert "truncated" not in reply.text


def test_a_cut_json_ld_means_no_more_than_its_triples() -> None:
    import pyld

    reply = ask(small(quads=30, max_rows=10), "CONSTRUCT WHERE { ?s ?p ?o }", "application/ld+json")
    assert len(pyld.jsonld.expand(json.loads(reply.body))) == 10


def to_the_end(body: Iterator[bytes], *, is_cut: bool) -> list[bytes]:
    """Return the pieces of a body; one that is cut says so after them, for the connection."""
    pieces = []
    with pytest.raises(Cut) if is_cut else nullcontext():
        for piece in body:
            pieces.append(piece)
    return pieces


@pytest.mark.parametrize("limit", [0, 15_000])
@pytest.mark.parametrize("accept", serialising.GRAPHS)
def test_long_graphs_come_in_pieces_that_make_one_document(accept: str, limit: int) -> None:
    held = small(quads=20_000, max_rows=limit)
    query = "query=" + quote("CONSTRUCT { ?s ?p ?o . ?s a ckg:X } { ?s ?p ?o }")
    request = Request("GET", "/sparql", query, {"accept": accept}, b"", "http://h")
    response = answer(request, held)
    assert not isinstance(response.body, bytes)
    pieces = to_the_end(response.body, is_cut=bool(limit))
    assert len(pieces) > 5
    parsed = set(ox.parse(b"".join(pieces), format=serialising.GRAPHS[accept]))
    assert len(parsed) == (limit or 40_000)
    assert (b"truncated" in pieces[-1]) is bool(limit)


@pytest.mark.parametrize("accept", serialising.SOLUTIONS)
def test_the_first_rows_come_before_the_last_are_computed(accept: str) -> None:
    held = small(quads=50_000, max_rows=40_000)
    query = "query=" + quote("SELECT * { GRAPH ?g { ?s ?p ?o } }")
    response = answer(Request("GET", "/sparql", query, {"accept": accept}), held)
    assert not isinstance(response.body, bytes)
    body: Iterator[bytes] = response.body
    first = next(body)
    assert 0 < len(first) < 200_000
    local = held.kg.store
    assert isinstance(local, LocalStore)
    local.oxigraph.clear()  # the answer is that of the moment it was asked for
    whole = first + b"".join(to_the_end(body, is_cut=True))
    assert whole.count(b"a longer text") == 40_000
    assert whole.rstrip().endswith((b'{"rows":40000}}', b"</sparql>", b",,,", b'rows"')) or (
        b"# truncated after 40000 rows" in whole[-80:]
    )


def test_updates_come_by_form_and_directly_to_those_who_may() -> None:
    held = small(writable=True, validate=False)
    data = "INSERT DATA { GRAPH <https://e.org/g> { <https://e.org/s> <https://e.org/p> <%s> } }"
    assert handled(held, "POST", "/sparql", data % "x:1", UPDATE).status == 204
    form = urlencode({"update": data % "x:2"})
    assert handled(held, "POST", "/sparql", form, FORM).status == 204
    asked = {"default-graph-uri": "https://e.org/g"}
    assert objects(ask(held, "SELECT ?o { ?s ?p ?o }", **asked)) == ["a", "x:1", "x:2"]


MOVE = "INSERT { GRAPH <https://e.org/to> { ?s ?p ?o } } WHERE { ?s ?p ?o }"


@pytest.mark.parametrize(
    ("options", "parameters", "update", "moved"),
    [
        ({}, {}, MOVE, ["a", "b"]),
        ({"strict_dataset": True}, {}, MOVE, ["c"]),
        ({}, {"using-graph-uri": "https://e.org/g"}, MOVE, ["a"]),
        ({"strict_dataset": True}, {"using-graph-uri": "https://e.org/h"}, MOVE, ["b"]),
        ({}, {}, MOVE.replace("WHERE", "USING <https://e.org/h> WHERE"), ["b"]),
        (
            {},
            {"using-named-graph-uri": "https://e.org/h"},
            MOVE.replace("WHERE { ?s ?p ?o }", "WHERE { GRAPH ?g { ?s ?p ?o } }"),
            ["b"],
        ),
    ],
)
def test_an_update_reads_the_data_set_that_queries_read(
    options: dict[str, bool], parameters: dict[str, str], update: str, moved: list[str]
) -> None:
    held = small(writable=True, validate=False, **options)
    target = "/sparql?" + urlencode(parameters)
    assert handled(held, "POST", target, update, UPDATE).status == 204
    asked = {"default-graph-uri": "https://e.org/to"}
    assert objects(ask(held, "SELECT ?o { ?s ?p ?o }", **asked)) == moved


def test_operations_run_one_after_the_other_on_what_is_there_then() -> None:
    held = small(writable=True, validate=False)
    update = """PREFIX e: <https://e.org/>
        INSERT DATA { GRAPH e:new { e:s e:p 'x;y' } } ; # a comment; with { these
        PREFIX f: <https://e.org/f/>
        INSERT { GRAPH f:all { ?s ?p ?o } } WHERE { ?s ?p ?o } ;
        DELETE { GRAPH e:g { ?s ?p ?o } } WHERE { GRAPH e:g { ?s ?p ?o } } ;"""
    assert handled(held, "POST", "/sparql", update, UPDATE).status == 204
    query = "SELECT ?o { ?s ?p ?o }"
    asked = {"default-graph-uri": "https://e.org/f/all"}
    assert objects(ask(held, query, **asked)) == ["a", "b", "x;y"]
    assert objects(ask(held, query, **{"default-graph-uri": "https://e.org/g"})) == []


def test_declarations_may_stand_before_any_operation() -> None:
    held = small(writable=True, validate=False, strict_dataset=True)
    first = "INSERT DATA { <https://e.org/s> <https://e.org/p> <https://e.org/a> } ;\n"
    second = "PREFIX e: <https://e.org/> INSERT DATA { e:s e:p e:%s }"
    reply = handled(held, "POST", "/sparql", first + second % "z nope", UPDATE)
    assert reply.status == 400 and reply.json["error"]["line"] == 2
    assert handled(held, "POST", "/sparql", first + second % "z", UPDATE).status == 204
    assert objects(ask(held, "SELECT ?o { ?s ?p ?o }")) == ["a", "c", "z"]


def test_the_short_form_of_delete_reads_what_it_deletes_from() -> None:
    held = small(writable=True, validate=False)
    assert handled(held, "POST", "/sparql", "DELETE WHERE { ?s ?p ?o }", UPDATE).status == 204
    assert objects(ask(held, "SELECT ?o { ?s ?p ?o }")) == ["a", "b"]
    target = "/sparql?" + urlencode({"using-named-graph-uri": "https://e.org/g"})
    update = "DELETE WHERE { GRAPH ?g { ?s ?p ?o } }"
    assert handled(held, "POST", target, update, UPDATE).status == 204
    assert objects(ask(held, "SELECT ?o { ?s ?p ?o }")) == ["b"]


def test_a_data_set_named_twice_is_refused() -> None:
    held = small(writable=True, validate=False)
    target = "/sparql?" + urlencode({"using-graph-uri": "https://e.org/g"})
    for update in (
        "WITH <https://e.org/g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        MOVE.replace("WHERE", "USING <https://e.org/h> WHERE"),
    ):
        assert handled(held, "POST", target, update, UPDATE).status == 400


def test_an_error_in_an_update_is_placed_and_nothing_is_changed() -> None:
    held = small(writable=True, validate=False)
    update = f"CLEAR ALL ;\n{MOVE} ;\nINSERT DATA {{ nope:a nope:b 1 }}"
    reply = handled(held, "POST", "/sparql", update, UPDATE)
    assert reply.status == 400
    assert reply.json["error"]["line"] == 3
    assert "nope" in reply.json["error"]["message"]
    assert objects(ask(held, "SELECT ?o { ?s ?p ?o }")) == ["a", "b", "c"]


def test_updates_do_not_reach_out() -> None:
    held = small(writable=True, validate=False)
    for update in (
        "LOAD <http://127.0.0.1:1/x>",
        "LOAD SILENT <file:///etc/passwd> INTO GRAPH <x:>",
    ):
        assert handled(held, "POST", "/sparql", update, UPDATE).status == 403


@pytest.mark.parametrize(
    ("method", "target", "body", "headers", "expected"),
    [
        ("GET", "/sparql?query=ASK+{}", "", {}, False),
        ("POST", "/sparql", "ASK {}", DIRECT, False),
        ("POST", "/sparql/", "CLEAR ALL", UPDATE, True),
        ("POST", "/sparql", "query=ASK+{}", FORM, False),
        ("POST", "/sparql", "update=CLEAR+ALL", FORM, True),
        ("PUT", "/store?graph=x:y", "", {}, True),
        ("POST", "/store", "", {}, True),
        ("DELETE", "/store/x", "", {}, True),
        ("GET", "/store", "", {}, False),
        ("HEAD", "/store", "", {}, False),
        ("POST", "/query", "update=CLEAR+ALL", FORM, False),
    ],
)
def test_it_is_known_beforehand_which_requests_change_the_graph(
    method: str, target: str, body: str, headers: dict[str, str], expected: bool
) -> None:
    path, _, query = target.partition("?")
    given = {name.lower(): value for name, value in headers.items()}
    assert writes(Request(method, path, query, given, body.encode())) is expected


def test_a_server_answers_as_the_handlers_do(real_folder: Path, served: Served) -> None:
    with serving(real_folder) as endpoint:
        over = endpoint.ask(KOVALENKO)
        assert over.body == ask(served, KOVALENKO).body
        assert over.headers["access-control-allow-origin"] == "*"
        head = endpoint.request("HEAD", "/sparql?" + urlencode({"query": KOVALENKO}))
        assert head.status == 200 and head.body == b""
        assert head.headers["content-type"] == over.headers["content-type"]
        _check_errors_of_a_server(endpoint)
        graph = expand("docgraph:espreso-belgorod-2025-04")
        some = endpoint.request("GET", "/store?" + urlencode({"graph": graph}))
        assert some.status == 200 and some.media_type == "text/turtle"
        options = endpoint.request("OPTIONS", "/sparql")
        assert options.status in (200, 204) and "GET" in options.headers["allow"]


def _check_errors_of_a_server(endpoint: Endpoint) -> None:
    wrong = endpoint.ask("SELECT nope")
    assert wrong.status == 400 and wrong.json["error"]["line"] == 1
    assert endpoint.request("PUT", "/sparql?query=ASK+{}").status // 100 == 4
    assert endpoint.update("CLEAR ALL").status in (401, 403)
