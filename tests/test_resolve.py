"""Who is meant by a name: spellings, scripts, ranks, restriction by kind, and search."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflictkg.errors import AmbiguousName, InputError, NameNotFound
from conflictkg.fold import fold, plain
from conflictkg.resolve import Names, Rank, checked_kind
from conflictkg.store import LocalStore
from conflictkg.terms import node

NAMES = """
person:andriy-kovalenko skos:prefLabel "Andriy Kovalenko"@en , "Андрій Коваленко"@uk ;
    skos:altLabel "Kovalenko"@en .
person:ihor-kovalenko skos:prefLabel "Ihor Kovalenko"@en .
person:cavoli skos:prefLabel "Christopher Cavoli"@en ; skos:hiddenLabel "Kavola"@en .
person:roepcke skos:prefLabel "Julian Röpcke"@de .
place:popovka-belgorod skos:prefLabel "Popovka"@en .
place:popovka-sumy skos:prefLabel "Popovka"@en .
place:demydivka skos:prefLabel "Demidovka"@en .
place:ukraine skos:prefLabel "Ukraine"@en .
organization:ukraine skos:prefLabel "Ukraine"@en .
organization:ministry skos:prefLabel "Ministry of Defence of the Russian Federation"@en .
document:page-2025 dcterms:title "A page: about it"@en .
claim:troops schema:text "Two hundred troops came."@en ; a ckg:Claim .
docgraph:page-2025 dcterms:license <https://example.org/> .
"""


@pytest.fixture(scope="module")
def names() -> Names:
    from conflictkg.terms import prologue

    store = ox.Store()
    inside = f"INSERT DATA {{ GRAPH <https://example.org/g> {{ {NAMES} }} }}"
    store.update(prologue() + inside)
    return Names(LocalStore(store, "memory:"))


@pytest.mark.parametrize(
    ("text", "kinds", "meant"),
    [
        ("person:andriy-kovalenko", (), "person:andriy-kovalenko"),
        ("person/andriy-kovalenko", ("agent",), "person:andriy-kovalenko"),
        ("<https://w3id.org/conflictkg/id/place/ukraine>", (), "place:ukraine"),
        ("https://w3id.org/conflictkg/id/place/ukraine", (), "place:ukraine"),
        ("Andriy Kovalenko", (), "person:andriy-kovalenko"),
        ("Kovalenko", (), "person:andriy-kovalenko"),
        ("kovalenko", ("agent",), "person:andriy-kovalenko"),
        ("Андрей Коваленко", (), "person:andriy-kovalenko"),
        ("Andrii  KOVALENKO", (), "person:andriy-kovalenko"),
        ("Cavoli", (), "person:cavoli"),
        ("Kavoli", (), "person:cavoli"),
        ("Kavola", (), "person:cavoli"),
        ("Ropcke", (), "person:roepcke"),
        ("Демидівка", ("place",), "place:demydivka"),
        ("Demydivka", (), "place:demydivka"),
        ("Ukraine", ("place",), "place:ukraine"),
        ("Ukraine", ("agent",), "organization:ukraine"),
        ("Russian Ministry Defence", (), "organization:ministry"),
        ("Ministry of Def", (), "organization:ministry"),
        ("A page: about it", (), "document:page-2025"),
        ("page-2025", ("document",), "document:page-2025"),
        ("troops", ("claim", "issue"), "claim:troops"),
        ("documents/page-2025", ("graph",), "docgraph:page-2025"),
        ("page-2025", ("graph",), "docgraph:page-2025"),
    ],
)
def test_a_thing_is_found_by(text: str, kinds: tuple[str, ...], meant: str, names: Names) -> None:
    assert names.resolve(text, kinds) == node(meant)


def test_a_name_is_ambiguous_only_where_the_best_fit_is_shared(names: Names) -> None:
    with pytest.raises(AmbiguousName) as shared:
        names.resolve("popovka")
    assert {curie for curie, _ in shared.value.candidates} == {
        "place:popovka-belgorod",
        "place:popovka-sumy",
    }
    assert shared.value.exit_code == 2
    # Both are called Kovalenko, but only one of them is known by that alone.
    assert names.resolve("Kovalenko") == node("person:andriy-kovalenko")


def test_an_unknown_name_gives_the_nearest_as_a_hint_and_never_as_the_answer(names: Names) -> None:
    with pytest.raises(NameNotFound) as unknown:
        names.resolve("Kovalenka")
    assert "Kovalenko (person:andriy-kovalenko)" in unknown.value.hint
    with pytest.raises(NameNotFound, match="nothing is known of person:andriy-kovalenk"):
        names.resolve("person:andriy-kovalenk")


def test_a_thing_of_another_kind_is_refused(names: Names) -> None:
    with pytest.raises(NameNotFound, match="is not a place"):
        names.resolve("person:cavoli", ("place",))
    with pytest.raises(NameNotFound, match="no place is known by the name “Cavoli”"):
        names.resolve("Cavoli", ("place",))


def test_the_better_of_two_fits_of_a_thing_counts(names: Names) -> None:
    (match,) = names.candidates("Kovalenko")
    assert (match.rank, match.name.use, match.kind) == (Rank.ALTERNATIVE, "alt", "person")


def test_search_gives_names_before_texts_and_best_first(names: Names) -> None:
    found = list(names.search("Kovalenko"))
    assert [match.curie for match in found] == ["person:andriy-kovalenko", "person:ihor-kovalenko"]
    assert [match.curie for match in names.search("troops two")] == ["claim:troops"]
    assert list(names.search("troops", ("person",))) == []
    assert list(names.search("  ")) == []


def test_the_kinds_are_known() -> None:
    assert checked_kind("person") == "person"
    assert checked_kind("agent") == "agent"
    with pytest.raises(InputError, match="there is no kind “village”"):
        checked_kind("village")


@pytest.mark.parametrize(
    "spellings",
    [
        ("Demydivka", "Demidovka", "Демидівка", "Демидовка"),
        ("Popovka", "Popivka", "Поповка", "Попівка"),
        ("Prylesie", "Prilesye", "Прилесье"),
        ("Andriy", "Andrii", "Andrey", "Андрій", "Андрей"),
        ("Zelenskyy", "Zelensky", "Zelenskiy", "Зеленський", "Зеленский"),
        ("Cavoli", "Kavoli", "Каволі"),
        ("Hetman", "Getman", "Гетьман", "Гетман"),
        ("Belgorod", "Bilhorod", "Бєлгород", "Білгород"),
        ("Krasnoyaruzhsky", "Krasnoiaruzkyi", "Красноярузький", "Краснояружский"),
    ],
)
def test_spellings_of_one_name_fold_to_one_key(spellings: tuple[str, ...]) -> None:
    assert len({fold(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Sumy", "Sudzha"), ("Kursk", "Kherson"), ("Popovka", "Pokrovsk")]
)
def test_different_names_keep_different_keys(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert fold(text) == fold(text.casefold())


def test_every_name_of_the_real_graph_finds_its_thing_or_tells_the_candidates(
    real_store: LocalStore,
) -> None:
    names = Names(real_store)
    some = list(
        real_store.query("SELECT ?thing ?name { ?thing a ckg:Person ; skos:prefLabel ?name }")
    )  # type: ignore[arg-type]
    assert some
    for row in some:
        assert node(row["thing"].value) == names.resolve(row["name"].value, ("person",))


def test_a_very_long_name_is_refused_and_not_compared(names: Names) -> None:
    for text in ("x" * 201, "Andriy Kovalenko " * 20):
        for look in (names.resolve, names.candidates, lambda text: list(names.search(text))):
            with pytest.raises(InputError, match="is not looked up"):
                look(text)
    with pytest.raises(NameNotFound) as caught:
        names.resolve("person:" + "x" * 60_000)
    assert len(caught.value.message) < 300 and "at most 200" in caught.value.hint
