"""The canonical serialisation."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflictkg.errors import InputError
from conflictkg.files import graph_files, read_file
from conflictkg.load import canonical
from conflictkg.terms import PREFIXES
from conflictkg.turtle import comments_of, write_turtle

GRAPHS = Path(__file__).parent.parent / "graphs"
NODES = st.builds(
    lambda kind, slug: ox.NamedNode(PREFIXES[kind] + slug),
    st.sampled_from(["person", "place", "claim", "ckg", "schema"]),
    st.from_regex(r"[A-Za-z0-9._/ ~-]{1,12}", fullmatch=True).map(lambda s: s.replace(" ", "_")),
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
LITERALS = st.one_of(
    TEXT.map(ox.Literal),
    TEXT.map(lambda text: ox.Literal(text, language="uk")),
    st.integers().map(ox.Literal),
    st.booleans().map(ox.Literal),
    st.decimals(allow_nan=False, allow_infinity=False, places=2).map(ox.Literal),
    st.from_regex(r"[0-9.+-]{0,6}", fullmatch=True).map(
        lambda text: ox.Literal(text, datatype=ox.NamedNode(PREFIXES["xsd"] + "integer"))
    ),
)
TRIPLES = st.lists(st.builds(ox.Triple, NODES, NODES, NODES | LITERALS), max_size=12)


@given(TRIPLES)
def test_what_is_written_reads_back_equal(triples: list[ox.Triple]) -> None:
    text = write_turtle(triples)
    read = {quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)}
    assert read == set(triples)


@given(TRIPLES, st.randoms())
def test_the_order_of_the_triples_does_not_show(triples: list[ox.Triple], random: object) -> None:
    shuffled = triples[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert write_turtle(shuffled) == write_turtle(triples)


@pytest.mark.parametrize("path", graph_files(GRAPHS), ids=lambda path: path.name)
def test_the_real_files_are_canonical_and_keep_their_triples(path: Path, tmp_path: Path) -> None:
    text = canonical(path)
    assert text == path.read_text("utf-8"), "run conflictkg fmt"
    copy = tmp_path / path.parent.name / path.name
    copy.parent.mkdir()
    copy.write_text(text, "utf-8")
    one, other = read_file(path), read_file(copy)
    assert {g: set(t) for g, t in one.graphs.items()} == {
        g: set(t) for g, t in other.graphs.items()
    }


def test_brackets_come_back_as_brackets(small: Path) -> None:
    text = canonical(small / "documents" / "small.trig")
    assert "oa:refinedBy [ a oa:TextPositionSelector ; oa:start 4 ; oa:end 15 ]" in text
    assert ".said-" not in text


def test_comments_stay_with_the_node_they_stand_before(small: Path) -> None:
    path = small / "documents" / "small.trig"
    text = path.read_text("utf-8").replace(
        "    report:small", "    # one\n    # two\n    report:small"
    )
    path.write_text("# at the top\n" + text, "utf-8")
    formatted = canonical(path)
    assert formatted.startswith("# at the top\n\n@prefix")
    assert "    # one\n    # two\n    report:small.first a ckg:Report" in formatted


@pytest.mark.parametrize(
    "line", ["person:x a ckg:Person ; # why", "person:x a ckg:Person ;\n# why\n"]
)
def test_a_comment_that_would_be_lost_is_an_error_that_names_the_line(line: str) -> None:
    with pytest.raises(InputError, match=r"x\.ttl:\d+: this comment has no place"):
        comments_of(f'\n{line} skos:prefLabel "a # b"@en .', "x.ttl")


def test_a_number_sign_in_a_literal_or_iri_is_no_comment() -> None:
    assert comments_of('<https://e.org/#x> <https://e.org/p> "# no", \'# no\', """# no""" .') == {}
