"""Brackets: what is computed of them and the IRIs they get."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from conflictkg.brackets import complete, is_bracket, name_brackets
from conflictkg.errors import InputError
from conflictkg.terms import CKG, PREFIXES, RDF

HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
STATEMENT = ox.NamedNode(PREFIXES["statement"] + "x")


def read(text: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse((HEAD + text).encode(), format=ox.RdfFormat.TURTLE)]


def named(text: str) -> set[ox.Triple]:
    return set(name_brackets(complete(read(text))))


def test_a_bracket_gets_its_class_and_its_bounds() -> None:
    triples = complete(read('statement:x ckg:said [ ckg:edtf "2025-03"^^edtf:EDTF ] .'))
    said = {t.predicate: t.object for t in triples if t.subject != STATEMENT}
    assert said[RDF.type] == CKG.ImpreciseTime
    assert said[CKG.earliest].value == "2025-03-01"
    assert said[CKG.latest].value == "2025-03-31"


def test_completing_twice_changes_nothing() -> None:
    once = complete(read('statement:x ckg:said [ ckg:edtf "2025-03"^^edtf:EDTF ] .'))
    assert complete(once) == once


def test_an_unknown_time_gets_no_bounds() -> None:
    triples = complete(read('statement:x ckg:said [ ckg:edtf "XXXX"^^edtf:EDTF ] .'))
    assert not {t.predicate for t in triples} & {CKG.earliest, CKG.latest}


def test_a_bound_that_is_not_that_of_its_edtf_is_an_error() -> None:
    with pytest.raises(InputError, match="earliest is 2025-03-02"):
        complete(
            read(
                'statement:x ckg:said [ ckg:edtf "2025-03"^^edtf:EDTF ;'
                ' ckg:earliest "2025-03-02"^^xsd:date ] .'
            )
        )


def test_equal_content_has_one_iri_whatever_its_order_and_file() -> None:
    one = named('statement:x ckg:said [ ckg:asWritten "May" ; ckg:edtf "2025-05"^^edtf:EDTF ] .')
    other = named('statement:x ckg:said [ ckg:edtf "2025-05"^^edtf:EDTF ; ckg:asWritten "May" ] .')
    assert one == other
    assert not any(isinstance(t.object, ox.BlankNode) for t in one)


def test_other_content_has_another_iri_under_the_same_parent() -> None:
    may = {t.object for t in named('statement:x ckg:said [ ckg:edtf "2025-05"^^edtf:EDTF ] .')}
    june = {t.object for t in named('statement:x ckg:said [ ckg:edtf "2025-06"^^edtf:EDTF ] .')}
    names = [node for node in may ^ june if is_bracket(node)]
    assert len(names) == 2
    assert all(str(name).startswith(f"<{STATEMENT.value}.said-") for name in names)


def test_inner_brackets_are_named_after_outer_ones() -> None:
    triples = named("report:x oa:hasSelector [ oa:refinedBy [ oa:start 1 ; oa:end 2 ] ] .")
    (inner,) = {t.subject for t in triples if t.predicate.value.endswith("#start")}
    assert ".hasSelector-" in str(inner) and ".refinedBy-" in str(inner)


def test_a_blank_node_used_twice_is_an_error_that_names_both_places() -> None:
    with pytest.raises(InputError, match=r"statement:x ckg:said.*statement:y ckg:said"):
        named("statement:x ckg:said _:a . statement:y ckg:said _:a . _:a ckg:edtf 'XXXX' .")


def test_a_blank_node_that_nothing_points_to_is_an_error() -> None:
    with pytest.raises(InputError, match="not the object of anything"):
        named("[] ckg:edtf 'XXXX' .")


def test_a_circle_of_blank_nodes_is_an_error() -> None:
    with pytest.raises(InputError, match="in a circle"):
        named("_:a ckg:via _:b . _:b ckg:via _:a .")


def test_brackets_that_nest_too_deeply_are_an_error() -> None:
    deep = "[ ckg:via " * 40 + "organization:x" + " ]" * 40
    with pytest.raises(InputError, match="deeper than"):
        named(f"report:x ckg:via {deep} .")


def test_a_triple_term_is_an_error() -> None:
    inner = ox.Triple(STATEMENT, CKG.said, STATEMENT)
    with pytest.raises(InputError, match="triple term"):
        complete([ox.Triple(STATEMENT, CKG.said, inner)])
