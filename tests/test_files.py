"""Graph files: what is read, and what is said of bad ones."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from conflictkg.errors import InputError
from conflictkg.files import (
    format_of,
    graph_files,
    graph_named,
    own_graph,
    parse,
    read_file,
    streamable_lines,
)
from conflictkg.terms import GRAPH, PREFIXES

ANY = ox.NamedNode(GRAPH + "document/any")
TURTLE = ox.RdfFormat.TURTLE

SAME = {
    ".ttl": "<https://e.org/s> <https://e.org/p> <https://e.org/o> .",
    ".nt": "<https://e.org/s> <https://e.org/p> <https://e.org/o> .\n",
    ".trig": f"{ANY} {{ <https://e.org/s> <https://e.org/p> <https://e.org/o> }}",
    ".nq": f"<https://e.org/s> <https://e.org/p> <https://e.org/o> <{ANY.value}> .\n",
    ".jsonld": '{"@id": "https://e.org/s", "https://e.org/p": {"@id": "https://e.org/o"}}',
    ".rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:e="https://e.org/"><rdf:Description rdf:about="https://e.org/s">'
    '<e:p rdf:resource="https://e.org/o"/></rdf:Description></rdf:RDF>',
}


@pytest.mark.parametrize("suffix", SAME)
def test_every_format_gives_the_same_graph(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"x{suffix}"
    path.write_text(SAME[suffix], "utf-8")
    file = read_file(path, graph=ANY)
    assert {graph: set(map(str, triples)) for graph, triples in file.graphs.items()} == {
        ANY: {"<https://e.org/s> <https://e.org/p> <https://e.org/o>"}
    }


BROKEN = {
    ".ttl": ("<https://e.org/s> <https://e.org/p> .\n", 1),
    ".nt": ("<https://e.org/s> <https://e.org/p> <https://e.org/o> .\n<oops\n", 2),
    ".trig": ("@prefix e: <https://e.org/> .\ne:g { e:s e:p }", 2),
    ".nq": ("<https://e.org/s> <https://e.org/p> nope .\n", 1),
    ".jsonld": ('{"@id": "https://e.org/s",\n "https://e.org/p": ', 2),
    ".rdf": ("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\n<x></rdf:RDF>", 0),
}


@pytest.mark.parametrize("suffix", BROKEN)
def test_broken_rdf_is_an_error_with_file_and_line(suffix: str, tmp_path: Path) -> None:
    text, line = BROKEN[suffix]
    path = tmp_path / f"broken{suffix}"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        read_file(path, graph=ANY)
    assert str(path) in str(caught.value)
    if line:
        assert caught.value.line == line


def test_an_unknown_prefix_of_ours_is_offered(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text("\n\nperson:x person:y person:z .", "utf-8")
    with pytest.raises(InputError) as caught:
        read_file(path, graph=ANY)
    assert caught.value.line == 3
    assert f"@prefix person: <{PREFIXES['person']}> ." in caught.value.hint


def test_a_wrong_iri_is_an_error_that_names_the_line() -> None:
    with pytest.raises(InputError, match=r"x\.ttl:2"):
        parse(b"\n<https://e.org/a b> <https://e.org/p> 1 .", "x.ttl", graph=ANY, format=TURTLE)


def test_a_bad_date_is_an_error_that_names_the_file() -> None:
    text = (
        "@prefix ckg: <https://w3id.org/conflictkg/ontology#> .\n"
        '<https://e.org/s> ckg:said [ ckg:edtf "18.03.2025" ] .'
    )
    with pytest.raises(InputError, match=r"x\.ttl: “18\.03\.2025” is not an EDTF date"):
        parse(text.encode(), "x.ttl", graph=ANY, format=TURTLE)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("ї".encode("utf-16"), "UTF-16"),
        ("# ok\n# ї".encode("cp1251"), "not UTF-8"),
    ],
)
def test_a_wrong_encoding_is_an_error(data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        parse(data, "x.ttl", graph=ANY, format=TURTLE)


def test_a_byte_order_mark_is_no_error() -> None:
    assert parse(b"\xef\xbb\xbf<https://e.org/s> a 1 .", "x.ttl", graph=ANY, format=TURTLE).graphs


BOMB = """<?xml version="1.0"?>
<!DOCTYPE rdf:RDF [ <!ENTITY a "aaaaaaaaaa"> <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"> ]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:e="https://e.org/"><rdf:Description><e:p>&b;</e:p></rdf:Description></rdf:RDF>"""


@pytest.mark.parametrize(
    "text", [BOMB, BOMB.replace('"aaaaaaaaaa"', 'SYSTEM "file:///etc/passwd"')]
)
def test_xml_entities_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="entities"):
        parse(text.encode(), "x.rdf", graph=ANY, format=ox.RdfFormat.RDF_XML)


@pytest.mark.parametrize(
    ("text", "format"),
    [
        ("<https://e.org/s> <https://e.org/p> " + "<<( " * 20000, ox.RdfFormat.N_TRIPLES),
        ("<https://e.org/s> <https://e.org/p> " + "[ <https://e.org/p> " * 20000, TURTLE),
        ("<https://e.org/s> <https://e.org/p> " + "( " * 20000, TURTLE),
        ('{"https://e.org/p": ' * 20000, ox.RdfFormat.JSON_LD),
    ],
)
def test_hostile_nesting_is_an_error_not_a_crash(text: str, format: ox.RdfFormat) -> None:
    with pytest.raises(InputError):
        parse(text.encode(), "x", graph=ANY, format=format)


def test_a_jsonld_context_is_not_fetched() -> None:
    text = b'{"@context": "http://127.0.0.1:9/context.jsonld", "@id": "https://e.org/s"}'
    with pytest.raises(InputError):
        parse(text, "x.jsonld", graph=ANY, format=ox.RdfFormat.JSON_LD)


def test_triples_outside_a_graph_need_one() -> None:
    with pytest.raises(InputError, match="outside any named graph") as caught:
        parse(b"\n<https://e.org/s> a 1 .", "x.trig", graph=None, format=ox.RdfFormat.TRIG)
    assert caught.value.line == 2


def test_what_a_file_says_of_its_graph_is_kept_apart(small: Path) -> None:
    file = read_file(small / "documents" / "small.trig")
    (graph,) = file.graphs
    assert graph.value == GRAPH + "document/small"
    assert len(file.about_graph(graph)) == 2
    assert not any(triple.subject == graph for triple in file.graphs[graph])


def test_the_place_of_a_file_names_its_graph() -> None:
    assert own_graph(Path("graphs/issues/x.ttl")) == ox.NamedNode(GRAPH + "issues/x")
    assert own_graph(Path("elsewhere/x.ttl")) is None
    assert graph_named("documents/x.trig") == ox.NamedNode(GRAPH + "document/x")
    assert graph_named("docgraph:x") == ox.NamedNode(GRAPH + "document/x")


def test_an_unknown_suffix_lists_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"unknown RDF format “\.csv”") as caught:
        format_of(Path("x.csv"))
    assert ".trig" in caught.value.hint
    assert format_of(Path("-"), "turtle") == format_of(Path("-"), "ttl") == TURTLE


def test_a_missing_file_and_an_empty_folder_are_errors(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_file(tmp_path / "gone.ttl", graph=ANY)
    with pytest.raises(InputError, match="no graph files"):
        graph_files(tmp_path)


def test_a_blank_node_is_found_even_across_blocks(tmp_path: Path) -> None:
    path = tmp_path / "x.nt"
    for mark in (b"_:a", b"<<( "):
        path.write_bytes(b"#" * ((1 << 20) - 1) + mark)
        assert streamable_lines(path) is None
    path.write_bytes(b"<https://e.org/s> <https://e.org/p> <https://e.org/o> .\n" * 3)
    assert streamable_lines(path) == 3
