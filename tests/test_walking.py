"""Walking the graph: neighbours, paths explained, what ties two things, parts of the graph."""

from __future__ import annotations

import http.server
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conflictkg import ConflictGraph, InputError, NameNotFound
from conflictkg.model import Claim, Document, Entity, Organization, Place, Statement
from conflictkg.store import LocalStore, RemoteStore
from conflictkg.terms import CKG, PROV, PROVENANCE_GRAPH, kind
from conflictkg.walking import ties
from conftest import Run
from test_store import Endpoint
from world import statement as said
from world import world

KOVALENKO = "person:andriy-kovalenko"
MOD = "organization:russian-ministry-of-defence"
SEED = "document:espreso-belgorod-2025-04"
POPOVKA = "place:popovka-belgorod"


def iris(things: Iterator[Entity | Document | Claim | Statement]) -> list[str]:
    return [thing.iri for thing in things]


# ---------------------------------------------------------------- a small world


ROUND = """
place:a a ckg:Place ; skos:prefLabel "A"@en ; schema:containedInPlace place:b .
place:b a ckg:Place ; skos:prefLabel "B"@en ; schema:containedInPlace place:c .
place:c a ckg:Place ; skos:prefLabel "C"@en ; schema:containedInPlace place:a .
place:far a ckg:Place ; skos:prefLabel "Far"@en .
document:d a ckg:Document ; dcterms:title "D"@en .
"""


@pytest.fixture
def cycle() -> ConflictGraph:
    """Three places in a circle, and one by itself."""
    return ConflictGraph(world(ROUND))


def test_a_circle_ends_and_no_thing_is_met_twice(cycle: ConflictGraph) -> None:
    steps = list(cycle.walk("A", max_length=50))
    assert [(step.thing.label, step.distance) for step in steps] == [("A", 0), ("B", 1), ("C", 1)]  # type: ignore[union-attr]
    found = [[str(thing) for thing in path.things] for path in cycle.paths("A", "C", max_length=50)]
    assert found == [["A", "C"], ["A", "B", "C"]]


def test_what_is_not_connected_has_no_path(cycle: ConflictGraph) -> None:
    assert list(cycle.paths("A", "Far", max_length=50)) == []
    assert list(cycle.neighbours("Far")) == []
    assert not cycle.between("A", "Far")
    assert "Nothing" in str(cycle.between("A", "Far"))


def test_a_thing_is_no_hops_from_itself(cycle: ConflictGraph) -> None:
    (path,) = cycle.paths("A", "A")
    assert len(path) == 0 and [str(thing) for thing in path.things] == ["A"]
    assert "one and the same" in str(path)
    assert not cycle.between("A", "A")


def test_no_hops_lead_nowhere_and_less_than_none_is_an_error(cycle: ConflictGraph) -> None:
    assert list(cycle.paths("A", "B", max_length=0)) == []
    assert len(list(cycle.walk("A", max_length=0))) == 1
    with pytest.raises(InputError, match="max_length is -1"):
        cycle.paths("A", "B", max_length=-1)


def test_a_way_may_be_of_any_length_and_still_the_search_ends(cycle: ConflictGraph) -> None:
    endless = 10**12
    assert len(list(cycle.walk("A", max_length=endless))) == 3
    assert len(list(cycle.paths("A", "C", max_length=endless))) == 2
    assert list(cycle.paths("A", "Far", max_length=endless)) == []
    assert list(cycle.paths("Far", "A", max_length=endless)) == []


@pytest.mark.parametrize("number", ["4", None, 1.5, -1])
def test_limits_of_a_walk_are_whole_numbers(cycle: ConflictGraph, number: Any) -> None:
    for wrong in (
        lambda: cycle.paths("A", "B", max_length=number),
        lambda: cycle.walk("A", max_ties=number),
        lambda: cycle.subgraph("A", hops=number),
    ):
        with pytest.raises(InputError, match="whole number"):
            wrong()
    with pytest.raises(InputError, match="name one thing"):
        cycle.subgraph()


@pytest.mark.parametrize("thing", [3, None, ["A"], date(2025, 3, 18)])
def test_what_is_neither_a_name_nor_a_thing_is_told_as_such(
    cycle: ConflictGraph, thing: Any
) -> None:
    for wrong in (
        lambda: cycle.neighbours(thing),
        lambda: cycle.between("A", thing),
        lambda: cycle.timeline(thing),
    ):
        with pytest.raises(InputError, match="does not name a thing"):
            wrong()


def test_what_a_search_or_find_gives_can_be_asked_about(kg: ConflictGraph) -> None:
    found = kg.find("Demydivka")
    assert iris(kg.neighbours(found)) == iris(kg.neighbours("Demydivka"))
    assert kg[next(kg.search("Демидовка")).iri] == kg[found]


def test_a_thing_of_the_wrong_kind_is_an_error_as_its_name_is(kg: ConflictGraph) -> None:
    village = kg["Demydivka"]
    for named in (village, village.iri):
        with pytest.raises(NameNotFound, match="is not one of the kinds organization, person"):
            kg.statements(by=named)


def test_a_time_that_ends_before_it_begins_is_an_error(kg: ConflictGraph) -> None:
    backwards = ("2025-04-01", "2025-03-01")
    for wrong in (
        lambda: kg.statements(said=backwards),
        lambda: kg.slice(said=backwards),
        lambda: kg.history(KOVALENKO, said=backwards),
    ):
        with pytest.raises(InputError, match="earlier day first"):
            wrong()
    single: Any = "2025-03-18"
    with pytest.raises(InputError, match="first and a last day"):
        kg.slice(said=single)


def test_a_moment_stands_for_its_day_and_a_number_for_none(kg: ConflictGraph) -> None:
    noon = datetime(2025, 3, 18, 12)
    assert iris(kg.neighbours("Demydivka", at=noon)) == iris(
        kg.neighbours("Demydivka", at="2025-03-18")
    )
    number: Any = 20250318
    with pytest.raises(InputError, match="is not a day"):
        kg.neighbours("Demydivka", at=number)


def test_unknown_names_and_relations_are_errors_that_say_what_there_is(kg: ConflictGraph) -> None:
    with pytest.raises(NameNotFound):
        kg.paths("Nobody Whatsoever", "Demydivka")
    with pytest.raises(NameNotFound, match="controlledBy"):
        list(kg.neighbours("Demydivka", via="controlledby"))
    with pytest.raises(NameNotFound, match="groups claim, stance"):
        list(kg.neighbours("Demydivka", via="qqq"))
    with pytest.raises(NameNotFound, match="denies"):
        list(kg.statements(stance="denys"))
    with pytest.raises(InputError, match="take its speaker"):
        list(kg.neighbours("statement:kovalenko-2025-03-18-denial"))


def test_a_thing_with_too_many_ties_is_an_end_and_no_bridge(cycle: ConflictGraph) -> None:
    hub = "place:hub a ckg:Place ; skos:prefLabel 'Hub'@en . " + " ".join(
        f"place:p{n} a ckg:Place ; schema:containedInPlace place:hub ." for n in range(4)
    )
    kg = ConflictGraph(world(hub))
    ends = ("place:p0", "place:p1")
    assert len(list(kg.paths(*ends, max_ties=4))) == 1
    assert list(kg.paths(*ends, max_ties=3)) == []
    assert len(list(kg.paths("Hub", "place:p1", max_ties=3))) == 1
    assert len(list(kg.walk("place:p0", max_ties=3))) == 2
    assert len(list(kg.walk("Hub", max_ties=3))) == 5


CONTESTED = (
    """
person:x a ckg:Person ; skos:prefLabel "X"@en .
person:y a ckg:Person ; skos:prefLabel "Y"@en .
organization:side a ckg:Organization ; skos:prefLabel "Side"@en .
place:v a ckg:Place ; skos:prefLabel "V"@en .
claim:held a ckg:Claim ; schema:text "Side holds V."@en ; ckg:addresses issue:who ;
    ckg:subject place:v ; ckg:predicate predicate:controlledBy ; ckg:object organization:side ;
    ckg:holdsThroughout [ ckg:edtf "2025-03-20/2025-03-22"^^edtf:EDTF ] .
claim:silent a ckg:Claim ; schema:text "Nobody says so."@en ;
    ckg:subject place:v ; ckg:predicate predicate:captured ; ckg:object person:x .
issue:who a ckg:Issue ; skos:prefLabel "Who holds V?"@en .
document:d a ckg:Document ; dcterms:title "D"@en .
report:d.1 a ckg:Report ; ckg:inDocument document:d ; ckg:reports statement:one .
predicate:controlledBy skos:inScheme scheme:predicate .
attitude:denies skos:inScheme scheme:attitude .
""",
    said("one", "person:x", "2025-03-21", "asserts certain held"),
    said("two", "person:y", "2025-04-02", "denies certain held"),
)


def test_a_contested_claim_is_a_hop_with_its_denials() -> None:
    kg = ConflictGraph(world(*CONTESTED))
    (path,) = kg.paths("V", "Side", max_length=1)
    (tie,) = path.hops[0].ties
    assert tie.sentence == "Side holds V." and tie.relation == "controlledBy"
    assert [voice.statement.speaker.label for voice in tie.supports] == ["X"]
    assert [voice.statement.speaker.label for voice in tie.denials] == ["Y"]
    assert [origin.label for origin in tie.origins] == ["X"]
    assert "denied: Y, 2025-04-02" in str(path)


def test_a_claim_that_nobody_makes_ties_nothing() -> None:
    kg = ConflictGraph(world(*CONTESTED))
    assert "claim:silent" not in {claim.curie for claim in map(_ref, kg.neighbours("V"))}
    assert list(kg.paths("V", "X", max_length=1)) == []


def _ref(thing: object) -> ties.Ref:
    return ties.Ref(thing.iri)  # type: ignore[attr-defined]


def test_the_day_decides_by_valid_time_and_by_when_it_was_said() -> None:
    kg = ConflictGraph(world(*CONTESTED))
    during, after, denied = date(2025, 3, 20), date(2025, 3, 23), date(2025, 4, 2)
    assert [str(thing) for thing in kg.neighbours("V", via="claim", at=during)] == ["Side"]
    assert list(kg.neighbours("V", via="claim", at=after)) == []
    assert list(kg.neighbours("Y", at=during)) == []
    assert [str(thing) for thing in kg.neighbours("Y", at=denied)] == ["Side holds V."]
    assert [str(thing) for thing in kg.neighbours("Y", via="denies")] == ["Side holds V."]
    assert list(kg.neighbours("X", via="denies")) == []


def test_a_claim_that_is_only_denied_says_so() -> None:
    kg = ConflictGraph(world(CONTESTED[0], CONTESTED[2]))
    (path,) = kg.paths("V", "Side", max_length=1)
    assert path.hops[0].origins == ()
    assert "nobody here asserts it" in str(path)


# ---------------------------------------------------------------- the real graph


def test_a_path_reads_as_sentences_with_who_says_so_and_where(kg: ConflictGraph) -> None:
    path = next(kg.paths(MOD, "Demydivka"))
    text = str(path)
    assert text.startswith("Ministry of Defence of the Russian Federation to Demydivka, 2 hops")
    assert "\n1. Ministry of Defence of the Russian Federation asserts: “" in text
    assert "Espreso" in text and "1 independent origin" in text
    (tie, *_) = path.hops[0].ties
    assert any(report.quote for s in tie.statements for report in s.reports)
    assert all(document.publisher.label for document in path.documents)
    assert "<ol>" in path._repr_html_()


def test_paths_come_shortest_first_and_lazily(kg: ConflictGraph) -> None:
    lengths = [len(path) for path in islice(kg.paths(KOVALENKO, "Demydivka"), 60)]
    assert lengths == sorted(lengths) and len(lengths) == 60
    assert set(lengths) == {3, 4}


def test_paths_agree_with_networkx(kg: ConflictGraph) -> None:
    import networkx as nx

    from conflictkg.walking import Tied, routes

    tied = Tied(kg.store, ("claim", "stance"))
    graph = nx.Graph()
    for step in routes.walk(tied, kg.find("Demydivka"), 50, 10_000):
        for other in tied.of([step.node])[step.node]:
            graph.add_edge(step.node.value, other.value)
    for a, b in ((KOVALENKO, "Demydivka"), (MOD, "Belgorod Oblast"), (MOD, KOVALENKO)):
        one, other = kg.find(a), kg.find(b)
        ours = {tuple(n.value for n in way) for way in routes.routes(tied, one, other, 4, 10_000)}
        theirs = set(map(tuple, nx.all_simple_paths(graph, one.value, other.value, cutoff=4)))
        assert ours == theirs, (a, b)


def test_every_hop_is_backed_by_what_stands_in_the_store(kg: ConflictGraph) -> None:
    pairs = [(KOVALENKO, "Demydivka"), (MOD, KOVALENKO), (SEED, "Belgorod Oblast")]
    hops = [h for a, b in pairs for path in islice(kg.paths(a, b), 40) for h in path]
    assert len(hops) > 200
    for hop in hops:
        assert (hop.ties and hop.statements) or hop.sources
        for tie in hop.ties:
            assert bool(tie.voices) != bool(tie.sources), tie
        for statement in hop.statements:
            found = {quad.object for quad in kg.quads(ox.NamedNode(statement.iri))}
            assert CKG.Statement in found
        for document in hop.documents:
            assert any(True for _ in kg.quads(ox.NamedNode(document.iri)))


def test_neighbours_are_objects_and_the_day_narrows_them(kg: ConflictGraph) -> None:
    village = kg["place/demydivka"]
    around = list(kg.neighbours(village))
    assert {type(thing) for thing in around} >= {Place, Organization, Claim}
    sides = {str(thing) for thing in kg.neighbours(village, via="controlledBy")}
    assert sides == {"Armed Forces of Ukraine", "Russian Armed Forces"}
    that_day = set(iris(kg.neighbours(village, at=date(2025, 3, 23))))
    assert that_day < {thing.iri for thing in around}
    meant = "claim:bad-background-for-putin-trump-talks"  # a claim that is what another is about
    (attempt,) = kg.neighbours(meant, via="aim")
    assert attempt.iri.endswith("/event/belgorod-border-attempt-2025-03-18")
    (head,) = kg.neighbours(KOVALENKO, via="memberOf", at=date(2025, 3, 18))
    assert str(head) == "Center for Countering Disinformation"
    assert list(kg.neighbours(KOVALENKO, via="memberOf", at=date(2020, 1, 1))) == []


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_neighbours_are_neighbours_of_each_other(kg: ConflictGraph, data: st.DataObject) -> None:
    walked = sorted(step.thing.iri for step in islice(kg.walk("Belgorod Oblast"), 300))
    here = data.draw(st.sampled_from(walked))
    via = data.draw(st.sampled_from([None, "claim", "stance", "about", "structure", "report"]))
    at = data.draw(st.sampled_from([None, date(2025, 3, 18), date(2025, 4, 8)]))
    for there in islice(kg.neighbours(f"<{here}>", via=via, at=at), 5):
        assert here in iris(kg.neighbours(there, via=via, at=at))


@settings(max_examples=10, deadline=None)
@given(st.sampled_from([KOVALENKO, MOD, "Demydivka", SEED]), st.integers(0, 3))
def test_a_walk_meets_each_thing_once_and_nearer_things_first(
    kg: ConflictGraph, start: str, max_length: int
) -> None:
    steps = list(islice(kg.walk(start, max_length=max_length), 500))
    met = [step.thing.iri for step in steps]
    assert len(met) == len(set(met))
    distances = {step.thing.iri: step.distance for step in steps}
    assert list(distances.values()) == sorted(distances.values())
    assert max(distances.values()) <= max_length
    for step in steps[1:]:
        assert step.before and distances[step.before.iri] == step.distance - 1


def test_a_document_is_an_end_unless_reports_are_asked_for(kg: ConflictGraph) -> None:
    inner = {
        kind(thing.iri)
        for path in islice(kg.paths(KOVALENKO, "person:vyacheslav-gladkov"), 100)
        for thing in path.things[1:-1]
    }
    assert "document" not in inner
    shared = next(kg.paths(KOVALENKO, "person:vyacheslav-gladkov", via="report"))
    assert kind(shared.things[1].iri) == "document" and len(shared) == 2
    assert len(next(kg.paths(SEED, KOVALENKO))) == 1


def test_independent_origins_are_counted_and_copies_are_not(kg: ConflictGraph) -> None:
    (path,) = kg.paths("Demydivka", "organization:armed-forces-of-ukraine", max_length=1)
    (hop,) = path
    assert {len(tie.origins) for tie in hop.ties} >= {1, 2}
    assert len(hop.origins) <= sum(len(tie.origins) for tie in hop.ties)
    assert [len(tie.origins) for tie in hop.ties] == sorted(
        (len(tie.origins) for tie in hop.ties), reverse=True
    )


def test_what_ties_two_actors_is_told_under_headings(kg: ConflictGraph) -> None:
    bond = kg.between(KOVALENKO, "organization:russia")
    assert len(bond.disagreements) >= 3 and bond.meetings
    for meeting in bond.disagreements:
        assert {v.statement.speaker.iri for v in meeting.one} == {bond.one.iri}
        assert meeting.one and meeting.other
    assert "They disagree on" in str(bond)
    back = kg.between("organization:russia", KOVALENKO)
    assert {str(m.claims) for m in back.meetings} >= {
        str(m.claims) for m in bond.meetings if len(m.claims) == 1
    }
    village = kg.between("Demydivka", "organization:russian-armed-forces")
    assert village.direct and village.claims
    named = "{} ckg:subject|ckg:object|schema:location|schema:mentions place:demydivka"
    for contested in village.claims:
        assert kg.query(f"SELECT (1 AS ?x) {{ {named.format(f'<{contested.claim.iri}>')} }}")
    centre = kg.between(KOVALENKO, "Center for Countering Disinformation")
    assert centre.direct and "Head of the Center" in centre.direct.sentence


def test_answers_relays_and_what_both_belong_to_tie_as_well(kg: ConflictGraph) -> None:
    bond = kg.between(KOVALENKO, "person:oleksandr-syrskyi")
    assert bond.agreements and bond.answers and bond.documents
    assert {s.speaker.iri for s in bond.answers} <= {bond.one.iri, bond.other.iri}
    assert {v.statement.speaker.iri for v in bond.one_on_other} == {bond.one.iri}
    assert "In answer to each other" in str(bond)
    outlet = kg.between(KOVALENKO, "organization:unn")
    said = {s.iri for s in kg.statements(by=KOVALENKO)}
    assert outlet.relays and {report.statement for report in outlet.relays} <= said
    forces = kg.between("unit:belgorod-grouping", "unit:kursk-grouping")
    assert [str(path.things[1]) for path in forces.common] == ["Russian Armed Forces"]
    assert "Both belong to Russian Armed Forces" in str(forces)


def test_a_timeline_is_in_time_and_what_has_no_date_comes_last(kg: ConflictGraph) -> None:
    for thing in ("Demydivka", KOVALENKO, SEED, "organization:espreso", "Belgorod Oblast"):
        moments = list(kg.timeline(thing))
        assert moments
        days = [moment.earliest or moment.latest or date.max for moment in moments]
        assert days == sorted(days)
        assert len({m.thing.iri for m in moments}) == len(moments)
    assert {type(m.thing) for m in kg.timeline("organization:espreso")} == {Document, Statement}
    assert "is spoken of in" in {moment.role for moment in kg.timeline("Demydivka")}
    claim = next(kg.claims("issue:control-of-demydivka"))
    assert {m.thing.iri for m in kg.timeline(claim)} == {
        voice.statement.iri for voice in kg.who_says(claim)
    }


def test_statements_are_filtered_by_relayer_and_stance(kg: ConflictGraph) -> None:
    passed_on = list(kg.statements(by=KOVALENKO, via="UNN"))
    assert passed_on
    unn = kg.find("UNN").value
    for statement in passed_on:
        assert any(
            unn in {report.document.publisher.iri, *(ref.iri for ref in report.via)}
            for report in statement.reports
        )
    issue = "issue:defence-forces-in-belgorod"
    denials = {s.iri for s in kg.statements(by=KOVALENKO, stance="denies", issue=issue)}
    assert denials
    assert denials < {s.iri for s in kg.statements(by=KOVALENKO, stance="denies")}
    about = "place:belgorod-oblast"
    for statement in kg.statements(about=about, stance="denies"):
        on = [s.claim.iri for s in statement.stances if s.attitude == "denies"]
        rows = kg.query(
            "SELECT ?c { ?c ckg:subject|ckg:object|schema:location|schema:mentions "
            f"place:belgorod-oblast VALUES ?c {{ {' '.join(f'<{iri}>' for iri in on)} }} }}"
        )
        assert len(rows)


# ---------------------------------------------------------------- parts of a graph


def test_a_subgraph_holds_what_belongs_to_it_and_where_it_comes_from(kg: ConflictGraph) -> None:
    part = kg.subgraph("Demydivka")
    assert 0 < len(part) < len(kg)
    about = {s.iri for s in kg.statements(about="Demydivka")}
    inside = {s.iri: s for s in part.statements()}
    assert about <= inside.keys() and len(inside) < len(list(kg.statements()))
    whole = {s.iri: s for s in kg.statements()}
    for iri, statement in inside.items():
        assert set(statement.reports) == set(whole[iri].reports)
        assert set(statement.said) == set(whole[iri].said)
    assert {claim.iri for claim in part.claims()} >= {
        contested.claim.iri for contested in kg.view("Demydivka").contested
    }
    assert not [f for f in part.validate() if f.severity.value == "Violation"]


@pytest.mark.parametrize("hops", [0, 1, 2])
def test_a_part_says_nothing_that_the_whole_does_not(kg: ConflictGraph, hops: int) -> None:
    part = kg.subgraph(KOVALENKO, hops=hops)
    told = set(kg.quads())
    for quad in part.quads():
        graph = str(quad.graph_name)
        if "/graph/derived/" not in graph and quad.graph_name != PROVENANCE_GRAPH:
            assert quad in told
    graphs = {quad.graph_name for quad in part.quads()} - {PROVENANCE_GRAPH}
    for graph in graphs:
        assert isinstance(graph, ox.NamedNode)
        made = list(part.quads(graph, PROV.wasGeneratedBy, None, PROVENANCE_GRAPH))
        assert made, graph


def test_a_document_brings_what_it_reports(kg: ConflictGraph) -> None:
    part = kg.subgraph(SEED, hops=0)
    assert {s.iri for s in part.statements(document=SEED)} == {
        s.iri for s in kg.statements(document=SEED)
    }


def test_nothing_is_known_before_it_was_said_and_published(kg: ConflictGraph) -> None:
    day = date(2025, 3, 20)
    then = kg.slice(at=day)
    assert list(then.statements()) and len(then) < len(kg)
    for statement in then.statements():
        assert (statement.earliest or day) <= day
        for document in statement.documents:
            published = document.published and document.published.earliest
            assert (published or day) <= day
    assert SEED not in {document.iri for document in then.documents()}
    later = kg.slice(at=date(2025, 5, 1))
    assert {s.iri for s in then.statements()} < {s.iri for s in later.statements()}
    assert not list(kg.slice(at=date(1900, 1, 1)).statements())


def test_days_may_be_text(kg: ConflictGraph) -> None:
    text, day = "2025-03-20", date(2025, 3, 20)
    assert len(kg.slice(at=text)) == len(kg.slice(at=day))
    assert list(kg.statements(said=(text, None))) == list(kg.statements(said=(day, None)))
    for tied in (kg.neighbours, kg.walk):
        assert list(tied("Demydivka", at=text)) == list(tied("Demydivka", at=day))
    with pytest.raises(InputError, match="not a day"):
        kg.neighbours("Demydivka", at="yesterday")


@settings(max_examples=8, deadline=None)
@given(st.dates(date(2025, 2, 1), date(2025, 5, 1)), st.integers(0, 30))
def test_a_slice_holds_just_the_statements_of_its_days(
    kg: ConflictGraph, first: date, days: int
) -> None:
    window = (first, first + timedelta(days))
    part = kg.slice(said=window)
    assert {s.iri for s in part.statements()} == {s.iri for s in kg.statements(said=window)}


# ---------------------------------------------------------------- outside


def test_walking_never_loads_rdflib(real_folder: Path) -> None:
    script = (
        "import sys; from datetime import date; from conflictkg import open_graph\n"
        "kg = open_graph(sys.argv[1])\n"
        "path = next(kg.paths('Kovalenko', 'Demydivka')); str(path)\n"
        "list(kg.neighbours('Demydivka')); list(kg.walk('Demydivka', max_length=1))\n"
        "str(kg.between('Kovalenko', 'organization:russia')); list(kg.timeline('Demydivka'))\n"
        "kg.subgraph('Demydivka'); kg.slice(at=date(2025, 3, 18)); list(kg.statements(via='UNN'))\n"
        "print(*{name.split('.')[0] for name in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(real_folder)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert not set(done.stdout.split()) & {"rdflib", "pyshacl", "networkx", "oxrdflib"}


def test_the_command_prints_paths_and_says_where_there_is_none(run: Run, real_folder: Path) -> None:
    store = ("--store", real_folder)
    done = run("paths", "Kovalenko", "Demydivka", "--limit", "1", *store)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Andriy Kovalenko to Demydivka, 3 hops")
    assert "larger --limit" in done.stderr
    as_json = run("paths", "Kovalenko", "Demydivka", "--json", "--limit", "2", *store)
    found = json.loads(as_json.stdout)
    assert len(found) == 2 and found[0]["hops"][0]["ties"][0]["supports"]
    none = run("paths", "Kovalenko", "Demydivka", "--max-length", "1", *store)
    assert none.returncode == 1 and none.stdout == ""
    assert "no path of at most 1 hop leads" in none.stderr
    few = run("paths", "Kovalenko", "Demydivka", "--limit", "0", *store)
    assert few.returncode == 2 and "--limit" in few.stderr
    wrong = run("paths", "Kovalenko", "Demydivka", "--at", "yesterday", *store)
    assert wrong.returncode == 2 and "2025-03-18" in wrong.stderr


@pytest.fixture
def remote(real_store: LocalStore) -> Iterator[ConflictGraph]:
    """The real graph behind a SPARQL endpoint."""

    class Real(Endpoint):
        store = real_store.oxigraph

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Real)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield ConflictGraph(RemoteStore(f"http://127.0.0.1:{server.server_port}/sparql"))
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_endpoint_is_walked_as_a_store_is(kg: ConflictGraph, remote: ConflictGraph) -> None:
    assert str(next(remote.paths(KOVALENKO, "Demydivka"))) == str(
        next(kg.paths(KOVALENKO, "Demydivka"))
    )
    assert iris(remote.neighbours("Demydivka", via="claim")) == iris(
        kg.neighbours("Demydivka", via="claim")
    )
    part, here = remote.subgraph(POPOVKA), kg.subgraph(POPOVKA)
    assert {s.iri for s in part.statements()} == {s.iri for s in here.statements()}
