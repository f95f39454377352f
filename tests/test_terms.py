"""Prefixes, CURIEs and stable IRIs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflictkg import terms
from conflictkg.errors import InputError

SLUGS = st.from_regex(r"[a-z0-9]+(?:-[a-z0-9]+){0,5}", fullmatch=True)


@given(st.sampled_from(sorted(terms.PREFIXES)), SLUGS)
def test_a_curie_survives_expansion_and_shrinking(prefix: str, slug: str) -> None:
    curie = f"{prefix}:{slug}"
    assert terms.shrink(terms.expand(curie)) == curie


def test_an_iri_that_no_prefix_covers_stays_an_iri() -> None:
    assert terms.shrink("https://example.org/a/b") == "https://example.org/a/b"
    assert terms.expand("https://example.org/a/b") == "https://example.org/a/b"
    assert terms.expand("<https://example.org/>") == "https://example.org/"


def test_a_local_name_that_turtle_cannot_write_is_not_shrunk() -> None:
    assert terms.shrink(terms.ID + "place/a b").startswith("https://")
    assert terms.shrink(terms.ID + "place/a.").startswith("https://")


def test_kind_and_slug_with_a_stroke_name_a_thing() -> None:
    assert terms.expand("place/demydivka") == terms.ID + "place/demydivka"
    assert terms.kind(terms.expand("place/demydivka")) == "place"
    assert terms.kind("https://example.org/place/x") == ""


def test_an_unknown_prefix_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"unknown prefix “foo:”") as caught:
        terms.expand("foo:bar")
    assert "person" in caught.value.hint


@pytest.mark.parametrize("text", ["", "nothing", "Andriy Kovalenko"])
def test_text_that_is_no_curie_is_an_error(text: str) -> None:
    with pytest.raises(InputError, match="neither an IRI nor a CURIE"):
        terms.expand(text)


def test_a_wrong_iri_is_an_error() -> None:
    with pytest.raises(InputError, match="is not an IRI"):
        terms.node("https://exa mple.org/")


def test_a_minted_iri_is_lower_case_ascii() -> None:
    assert terms.mint("person", "Andriy Kovalénko").value == terms.ID + "person/andriy-kovalenko"
    with pytest.raises(InputError, match="no slug"):
        terms.mint("person", "Коваленко")


def test_two_prefixes_never_share_a_namespace() -> None:
    assert len(set(terms.PREFIXES.values())) == len(terms.PREFIXES)
