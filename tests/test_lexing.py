"""The tokens of SPARQL, and what is told from them."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflictkg.lexing import has_dataset, tokens
from conflictkg.store import LocalStore, select


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("ASK FROM <g:a> {}", True),
        ("ASKFROM<g:a>{}", True),
        ("PREFIX g: <g:> ASK FROMg:a {}", True),
        ("CONSTRUCT { ?s ?p ?o } FROM NAMED <g:a> { ?s ?p ?o }", True),
        ("SELECT ?from { ?from ?p 'FROM <x>' } # FROM <g:a>", False),
        ("PREFIX from: <g:> ASK { ?s from:x from:y }", False),
    ],
)
def test_a_data_set_of_its_own_is_seen(query: str, named: bool) -> None:
    assert has_dataset(query) is named


@given(st.text(max_size=300))
def test_any_text_is_made_of_tokens_or_blanks(text: str) -> None:
    found = list(tokens(text))
    assert all(text[token.start : token.end] == token.text for token in found)
    between = zip([0, *(t.end for t in found)], [*(t.start for t in found), len(text)], strict=True)
    for start, end in between:
        lines = re_lines(text[start:end])
        assert all(not line.strip(" \t") or "#" in line for line in lines)


def re_lines(text: str) -> list[str]:
    return text.replace("\r", "\n").split("\n")


def test_a_query_that_names_its_graphs_reads_only_those() -> None:
    store = LocalStore(ox.Store(), "memory:")
    for name in "ab":
        node = ox.NamedNode(f"g:{name}")
        store.oxigraph.add(ox.Quad(node, node, node, node))
    assert len(list(select(store, "SELECT * { ?s ?p ?o }"))) == 2
    (row,) = select(store, "SELECT * FROM <g:a> { ?s ?p ?o }")
    assert row["s"] == ox.NamedNode("g:a")
