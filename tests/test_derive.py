"""The rules one by one, on small worlds; and that deriving a part gives what deriving all gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conflictkg.derive import RULES, derive
from conflictkg.files import graph_files
from conflictkg.load import build, build_in_memory, load
from conflictkg.store import LocalStore, open_store
from conflictkg.terms import DCTERMS, node
from world import (
    RUN,
    changes,
    claim,
    derived,
    findings,
    number,
    on,
    once,
    put,
    spo,
    statement,
    texts,
    world,
)

X, Y = "person:x", "person:y"
POST = (
    "post:head a org:Post ; org:postIn organization:office .\n"
    'organization:office a ckg:Organization ; skos:prefLabel "The Office"@en .\n'
)


def two(before: str, after: str, *claims: str) -> set[tuple[str, str, str]]:
    """Return the changes between two statements of one speaker on following days."""
    said = statement("a", X, "2025-03-01", *before.split(", "))
    then = statement("b", X, "2025-03-02", *after.split(", "))
    return changes(world(said + then + "".join(claims)))


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("asserts certain c", "asserts certain c", "repeats"),
        ("asserts certain c", "confirms certain c", "repeats"),
        ("asserts certain c", "asserts notStated c", "repeats"),
        ("asserts certain c", "asserts probable c", "softens"),
        ("asserts possible c", "asserts certain c", "hardens"),
        ("asserts certain c", "denies certain c", "reverses"),
        ("denies certain c", "confirms certain c", "reverses"),
        ("asserts certain c", "doubts probable c", "reverses"),
        ("asserts certain c", "asserts unlikely c", "reverses"),
        ("asserts certain c", "leavesOpen certain c", "retracts"),
        ("denies certain c", "leavesOpen certain c", "softens"),
        ("leavesOpen certain c", "confirms certain c", "hardens"),
        ("denies certain c", "doubts certain c", "softens"),
        ("doubts certain c", "denies certain c", "hardens"),
        ("predicts certain c", "asserts certain c", "hardens"),
        ("asserts certain c", "predicts certain c", "softens"),
    ],
)
def test_stances_to_one_claim_differ_in_attitude_and_certainty(
    before: str, after: str, kind: str
) -> None:
    assert two(before, after, claim("c")) == {(kind, "a", "b")}


def test_to_deny_what_was_said_is_as_good_as_to_assert_its_negative() -> None:
    content = spo("organization:army", "locatedIn", "place:p")
    claims = claim("yes", content) + claim("no", f"{content} ; ckg:negated true")
    assert two("asserts certain yes", "asserts certain no", claims) == {("reverses", "a", "b")}
    assert two("asserts certain yes", "denies certain no", claims) == {("repeats", "a", "b")}


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("place:oblast", "place:village", "narrows"),
        ("place:village", "place:oblast", "broadens"),
        ("place:village", "place:elsewhere", "shiftsFocus"),
    ],
)
def test_places_are_compared_by_containment(before: str, after: str, kind: str) -> None:
    claims = (
        claim("c", spo("organization:army", "locatedIn", before))
        + claim("d", spo("organization:army", "locatedIn", after))
        + "place:village schema:containedInPlace place:district .\n"
        + "place:district schema:containedInPlace place:oblast .\n"
    )
    assert two("asserts certain c", "asserts certain d", claims) == {(kind, "a", "b")}


def test_a_place_that_contains_itself_is_met_once() -> None:
    claims = (
        claim("c", spo("organization:army", "locatedIn", "place:p"))
        + claim("d", spo("organization:army", "locatedIn", "place:q"))
        + "place:p schema:containedInPlace place:q . place:q schema:containedInPlace place:p .\n"
    )
    assert two("asserts certain c", "asserts certain d", claims) == {("narrows", "a", "b")}


def test_to_deny_the_whole_after_asserting_a_part_is_to_reverse() -> None:
    claims = (
        claim("part", spo("organization:army", "locatedIn", "place:village"))
        + claim("whole", spo("organization:army", "locatedIn", "place:oblast"))
        + "place:village schema:containedInPlace place:oblast .\n"
    )
    assert two("asserts certain part", "denies certain whole", claims) == {("reverses", "a", "b")}
    assert two("denies certain part", "asserts certain whole", claims) == {
        ("shiftsFocus", "a", "b")
    }


MEMBER = "membership:m a org:Membership ; org:member {} ; org:organization {} .\n"


def test_a_force_and_the_whole_that_it_is_part_of_are_one_line_of_comparison() -> None:
    claims = (
        claim("part", spo("organization:army", "conducts", "event:raid"))
        + claim("whole", spo("organization:forces", "conducts", "event:campaign"))
        + "event:raid schema:superEvent event:campaign .\n"
        + MEMBER.format("organization:army", "organization:forces")
    )
    assert two("asserts certain part", "asserts certain whole", claims) == {("broadens", "a", "b")}
    assert two("asserts certain whole", "asserts certain part", claims) == {("narrows", "a", "b")}


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (("attacked", "place:oblast"), ("advancedInto", "place:oblast"), "hardens"),
        (("captured", "place:oblast"), ("attacked", "place:oblast"), "softens"),
        (("massedIn", "place:village"), ("triedToEnter", "place:village"), "hardens"),
        (("locatedIn", "place:oblast"), ("attacked", "place:village"), "narrows"),
        (("captured", "place:oblast"), ("attacked", "place:village"), "narrows"),
        (("attacked", "place:village"), ("locatedIn", "place:oblast"), "broadens"),
        (("attacked", "place:oblast"), ("captured", "place:village"), "shiftsFocus"),
        (("attacked", "place:village"), ("advancedInto", "place:elsewhere"), "shiftsFocus"),
    ],
)
def test_what_a_force_does_on_the_ground_is_compared_by_place_then_by_stage(
    before: tuple[str, str], after: tuple[str, str], kind: str
) -> None:
    claims = (
        claim("c", spo("organization:army", *before))
        + claim("d", spo("organization:army", *after))
        + "place:village schema:containedInPlace place:oblast .\n"
    )
    assert two("asserts certain c", "asserts certain d", claims) == {(kind, "a", "b")}


def test_a_further_stage_counts_only_where_nothing_is_repeated() -> None:
    claims = (
        claim("c", spo("organization:army", "attacked", "place:p"))
        + claim("d", spo("organization:army", "advancedInto", "place:p"))
        + claim("e")
    )
    assert two("asserts certain c, asserts certain e", "asserts certain d, asserts certain e",
               claims) == {("repeats", "a", "b")}  # fmt: skip


def test_to_deny_at_a_part_what_was_denied_of_the_whole_narrows_the_denial() -> None:
    claims = (
        claim("c", spo("organization:army", "conducts", "event:e", "schema:location place:oblast"))
        + claim("d", spo("organization:army", "advancedInto", "place:village"))
        + "place:village schema:containedInPlace place:oblast .\n"
    )
    assert two("denies certain c", "denies certain d", claims) == {("narrows", "a", "b")}
    assert two("denies certain c", "asserts certain d", claims) == {("shiftsFocus", "a", "b")}


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("asserts certain able", "asserts certain prepares", "hardens"),
        ("asserts certain prepares", "predicts certain will", "hardens"),
        ("asserts certain does", "asserts certain able", "softens"),
        ("asserts certain does", "denies certain able", "reverses"),
        ("predicts possible will", "denies certain able", "softens"),
        ("denies certain able", "predicts possible will", "hardens"),
        ("asserts certain able", "denies certain does", "shiftsFocus"),
        ("denies certain does", "asserts certain prepares", "shiftsFocus"),
    ],
)
def test_means_preparation_forecast_and_event_are_rungs_of_one_ladder(
    before: str, after: str, kind: str
) -> None:
    claims = (
        claim("able", spo("organization:army", "capableOf", "event:e"))
        + claim("prepares", spo("organization:army", "prepares", "event:e"))
        + claim("will", "ckg:subject event:e ; ckg:predicate predicate:willOccur")
        + claim("does", spo("organization:army", "conducts", "event:e"))
    )
    assert two(before, after, claims) == {(kind, "a", "b")}


def test_what_is_taken_back_after_a_statement_on_something_else_is_not_missed() -> None:
    store = world(
        statement("a", X, "2025-03-01", "denies certain c")
        + statement("b", X, "2025-03-02", "asserts certain d")
        + statement("z", X, "2025-03-03", "asserts certain c")
        + claim("c")
        + claim("d")
    )
    assert changes(store) == {
        ("shiftsFocus", "a", "b"),
        ("shiftsFocus", "b", "z"),
        ("reverses", "a", "z"),
    }


def test_statements_of_unknown_order_that_say_the_same_differ_in_no_aspect() -> None:
    def aspects(attitude: str) -> set[str]:
        store = world(
            statement("a", X, "2025-03-18", "denies certain c")
            + statement("b", X, "2025-03-18", f"{attitude} certain c")
            + claim("c")
        )
        assert changes(store) == {("orderUnknown", "a", "b")}
        return {getattr(q.object, "value", "") for q in store.match(None, DCTERMS.subject)}

    assert aspects("denies") == set()
    assert aspects("asserts") == {node("aspect:attitude").value}


def test_a_statement_with_no_earliest_date_may_still_be_the_last_before_another() -> None:
    store = world(
        statement("a", X, "../2025-04-07", "asserts certain c")
        + statement("b", X, "2025-03-10", "asserts certain c")
        + statement("d", X, "2025-03-12", "asserts certain c")
        + statement("z", X, "2025-07-01", "denies certain c")
        + claim("c")
    )
    assert ("reverses", "a", "z") in changes(store)
    assert ("reverses", "d", "z") in changes(store)
    assert ("reverses", "b", "z") not in changes(store)


def test_a_position_names_the_statements_that_it_replaces() -> None:
    store = world(
        statement("a", X, "2025-03-01", "denies certain c")
        + statement("b", X, "2025-03-02", "asserts certain c")
        + claim("c")
    )
    replaced = {q.object for q in store.match(None, DCTERMS.replaces)}
    assert replaced == {node("statement:a")}


def test_another_holder_on_another_day_is_another_situation_and_no_reversal() -> None:
    ours = claim("ours", spo("place:p", "controlledBy", "organization:a", on("2025-03-01")))
    later = claim("theirs", spo("place:p", "controlledBy", "organization:b", on("2025-03-05")))
    same = claim("theirs", spo("place:p", "controlledBy", "organization:b", on("2025-03-01")))
    assert two("asserts certain ours", "asserts certain theirs", ours, later) == {
        ("shiftsFocus", "a", "b")
    }
    assert two("asserts certain ours", "asserts certain theirs", ours, same) == {
        ("reverses", "a", "b")
    }


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("schema:value 200", "schema:value 300", "updatesQuantity"),
        ('schema:value 2 ; schema:unitText "km"', 'schema:value 3000 ; schema:unitText "m"',
         "updatesQuantity"),
        ('schema:value 2 ; schema:unitText "km"', 'schema:value 2000 ; schema:unitText "m"',
         "repeats"),
        ("schema:minValue 2", "schema:minValue 3 ; schema:maxValue 4", "narrows"),
        ('schema:value 2 ; schema:unitText "km"', 'schema:value 3 ; schema:unitText "h"',
         "shiftsFocus"),
    ],
)  # fmt: skip
def test_quantities_are_compared_in_units_that_convert(before: str, after: str, kind: str) -> None:
    claims = claim("c", number("event:e", "strength", before)) + claim(
        "d", number("event:e", "strength", after)
    )
    assert two("asserts certain c", "asserts certain d", claims) == {(kind, "a", "b")}


def test_units_that_do_not_convert_are_called_not_comparable() -> None:
    claims = claim("c", number("event:e", "strength", 'schema:value 2 ; schema:unitText "km"'))
    claims += claim("d", number("event:e", "strength", 'schema:value 2 ; schema:unitText "h"'))
    said = statement("a", X, "2025-03-01", "asserts certain c")
    then = statement("b", X, "2025-03-02", "asserts certain d")
    assert "(not comparable)" in texts(world(said + then + claims), "change")[0]


def test_statements_that_share_no_claim_shift_the_focus() -> None:
    assert two("asserts certain c", "asserts certain d", claim("c"), claim("d")) == {
        ("shiftsFocus", "a", "b")
    }


def test_an_aim_is_compared_with_the_aim_before_it() -> None:
    claims = claim("c", spo("event:e", "aim", "claim:relief")) + claim(
        "d", spo("event:e", "aim", "claim:buffer")
    )
    store = world(
        statement("a", X, "2025-03-01", "asserts certain c")
        + statement("b", X, "2025-03-02", "asserts certain d")
        + claims
    )
    assert changes(store) == {("shiftsFocus", "a", "b")}
    assert "aim: “relief” → “buffer”" in texts(store, "change")[0]


def test_each_statement_is_compared_with_the_one_before_it_only() -> None:
    said = "".join(
        statement(name, X, f"2025-03-0{day}", "asserts certain c")
        for name, day in (("c", 3), ("a", 1), ("b", 2))
    )
    assert changes(world(said + claim("c"))) == {("repeats", "a", "b"), ("repeats", "b", "c")}


def test_an_issue_with_one_statement_has_a_position_and_no_change() -> None:
    store = world(statement("a", X, "2025-03-01", "asserts certain c") + claim("c"))
    assert changes(store) == set()
    assert findings(store, "positions") == {("currentPosition", "x")}


def test_the_order_within_a_day_is_unknown_unless_something_tells() -> None:
    def said(one: str, other: str, more: str = "") -> set[tuple[str, str, str]]:
        return changes(
            world(
                statement("a", X, one, "denies certain c", more=more)
                + statement("b", X, other, "asserts certain c")
                + claim("c")
            )
        )

    assert said("2025-03-18", "2025-03-18") == {("orderUnknown", "a", "b")}
    assert said("2025-03-18", "2025-03") == {("orderUnknown", "a", "b")}
    assert said("2025-03-18T12:00:00+02:00", "2025-03-18") == {("orderUnknown", "a", "b")}
    assert said("2025-03-18T12:00:00", "2025-03-18T13:00:00") == {("orderUnknown", "a", "b")}
    assert said("2025-03-18T12:00:00+02:00", "2025-03-18T10:30:00Z") == {("reverses", "a", "b")}
    assert said("2025-03-18T12:00:00+02:00", "2025-03-18T09:30:00Z") == {("reverses", "b", "a")}
    assert said("2025-03-18", "2025-03-18", "ckg:saidBefore statement:b") == {
        ("reverses", "a", "b")
    }


def test_all_that_may_be_the_last_before_a_statement_are_compared_with_it() -> None:
    store = world(
        statement("a", X, "2025-03-18", "denies certain c")
        + statement("b", X, "2025-03-18", "asserts certain c")
        + statement("z", X, "2025-03-20", "asserts certain c")
        + claim("c")
    )
    assert changes(store) == {
        ("orderUnknown", "a", "b"),
        ("reverses", "a", "z"),
        ("repeats", "b", "z"),
    }


def test_a_statement_that_precedes_itself_is_found_and_orders_nothing() -> None:
    around = world(
        statement("a", X, "2025-03-18", "denies certain c", more="ckg:saidBefore statement:b")
        + statement("b", X, "2025-03-18", "asserts certain c", more="ckg:saidBefore statement:a")
        + claim("c")
    )
    assert changes(around) == {("orderUnknown", "a", "b")}
    assert findings(around, "consistency") == {("dateDoesNotFit", "a"), ("dateDoesNotFit", "b")}
    itself = world(
        statement("a", X, "2025-03-18", "denies certain c", more="ckg:saidBefore statement:a")
        + claim("c")
    )
    assert findings(itself, "consistency") == {("dateDoesNotFit", "a")}


def test_an_order_that_the_dates_contradict_is_found_and_not_used() -> None:
    store = world(
        statement("a", X, "2025-03-20", "denies certain c", more="ckg:saidBefore statement:b")
        + statement("b", X, "2025-03-18", "asserts certain c")
        + claim("c")
    )
    assert changes(store) == {("orderUnknown", "a", "b")}
    assert findings(store, "consistency") == {("dateDoesNotFit", "a", "b")}


def test_two_dates_for_one_statement_give_what_they_share_or_a_finding() -> None:
    later = statement("b", X, "2025-03-25", "asserts certain c") + claim("c")
    agreed = world(
        statement("a", X, "2025-03-18", "denies certain c") + later,
        statement("a", X, "2025-03/2025-04", "denies certain c"),
    )
    assert changes(agreed) == {("reverses", "a", "b")}
    assert findings(agreed, "consistency") == set()
    clashing = world(
        statement("a", X, "2025-03-18", "denies certain c") + later,
        statement("a", X, "2025-03-28", "denies certain c"),
    )
    assert changes(clashing) == {("orderUnknown", "a", "b")}
    assert findings(clashing, "consistency") == {("datesDisagree", "a")}


def test_an_institution_speaks_through_successive_heads() -> None:
    store = world(
        POST
        + statement("a", X, "2025-03-01", "denies certain c", more="ckg:inCapacity post:head")
        + statement("b", Y, "2025-03-02", "asserts certain c", more="ckg:inCapacity post:head")
        + statement("z", "organization:office", "2025-03-03", "asserts certain c")
        + claim("c")
    )
    assert changes(store) == {("reverses", "a", "b"), ("repeats", "b", "z")}


def test_a_speaker_with_two_posts_at_once_is_in_both_threads_and_told_once() -> None:
    store = world(
        POST,
        "post:other a org:Post ; org:postIn organization:second .\n",
        statement("a", X, "2025-03-01", "denies certain c", more="ckg:inCapacity post:head")
        + statement(
            "b",
            X,
            "2025-03-02",
            "asserts certain c",
            more="ckg:inCapacity post:head , post:other",
        )
        + claim("c"),
    )
    assert changes(store) == {("reverses", "a", "b")}
    assert findings(store, "positions") == {
        ("currentPosition", "x"),
        ("currentPosition", "office"),
        ("currentPosition", "second"),
    }


def test_what_a_document_says_in_its_own_voice_is_one_turn() -> None:
    store = world(
        "".join(
            statement(
                name, "organization:o", "2025-04", f"asserts certain {name}",
                more="ckg:channel channel:article",
            )
            + claim(name)
            for name in ("c", "d")
        )
    )  # fmt: skip
    assert changes(store) == set()


def test_readings_of_the_same_reader_are_compared() -> None:
    store = world(
        statement("a", X, "2025-03-01", "confirms certain c", reader="document:one") + claim("c"),
        statement("a", X, "2025-03-01", "leavesOpen certain c", reader="document:two"),
        statement("b", X, "2025-03-05", "leavesOpen certain c", reader="document:two"),
    )
    assert changes(store) == {("repeats", "a", "b")}


# ---------------------------------------------------------------- contradiction


def clash(one: str, other: str, more: str = "") -> bool:
    return ("contradiction", "c", "d") in findings(
        world(claim("c", one) + claim("d", other) + more), "contradiction"
    )


def test_a_place_has_one_holder_on_one_day() -> None:
    def held(side: str, when: str) -> str:
        return spo("place:p", "controlledBy", f"organization:{side}", when)

    assert clash(held("a", on("2025-03-23")), held("b", on("2025-03")))
    assert not clash(held("a", on("2025-03-23")), held("b", on("2025-03-24")))
    assert not clash(held("a", on("2025-03-23")), held("b", once("2025-03-23")))
    assert not clash(held("a", once("2025-03")), held("b", once("2025-03")))
    assert not clash(held("a", on("2025-03-23")), held("a", on("2025-03-23")))
    located = spo("organization:x", "locatedIn", "place:p", on("2025-03-23"))
    assert not clash(located, located.replace("place:p", "place:q"))


def test_a_claim_and_its_negative_clash_where_their_times_leave_no_way_out() -> None:
    content = spo("organization:x", "locatedIn", "place:p")
    assert clash(content, f"{content} ; ckg:negated true")
    day, month = once("2025-03-18"), on("2025-03")
    assert clash(f"{content} ; {day}", f"{content} ; ckg:negated true ; {month}")
    assert not clash(f"{content} ; {once('2025')}", f"{content} ; ckg:negated true ; {month}")
    elsewhere = f"{content} ; schema:location place:r ; ckg:negated true"
    assert not clash(content, elsewhere)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("schema:value 200", "schema:value 300", True),
        ("schema:value 200", "schema:maxValue 200", False),
        ("schema:maxValue 200", "schema:minValue 200 ; ckg:approximator approximator:moreThan",
         True),
        ("schema:value 13 ; ckg:approximator approximator:about", "schema:value 13.1", False),
        ('schema:value 2 ; schema:unitText "km"', 'schema:value 2000 ; schema:unitText "m"', False),
        ('schema:value 2 ; schema:unitText "km"', 'schema:value 3 ; schema:unitText "h"', False),
    ],
)  # fmt: skip
def test_numbers_of_one_thing_and_day_clash_if_none_fits_both(
    one: str, other: str, expected: bool
) -> None:
    def counted(quantity: str) -> str:
        return number("organization:x", "strength", quantity, on("2025-03-18"))

    assert clash(counted(one), counted(other)) is expected


def test_figures_of_other_places_things_or_days_are_no_contradiction() -> None:
    here = number("place:p", "areaOf", "schema:value 63", on("2025-04-04"))
    assert clash(here, here.replace("63", "140"))
    assert not clash(here, here.replace("63", "140").replace("2025-04-04", "2025-03-14"))
    assert not clash(here, here.replace("63", "81").replace("thing:soldier", "thing:tank"))
    assert not clash(here, here.replace("63", "140").replace("place:p", "place:q"))
    assert not clash(here, here.replace("63", "140") + " ; schema:location place:q")


def test_losses_never_shrink_and_counts_of_two_events_do_not_compare() -> None:
    lost = number("organization:x", "losses", "schema:value 50", on("2025-03-01"))
    assert clash(lost, lost.replace("50", "40").replace("03-01", "03-09"))
    assert not clash(lost, lost.replace("50", "60").replace("03-01", "03-09"))
    shot = number("event:e", "destroyedCount", "schema:value 2")
    assert clash(shot, shot.replace("value 2", "value 4"))
    assert not clash(shot, shot.replace("value 2", "value 4").replace("event:e", "event:f"))


def test_a_force_that_has_left_a_place_is_not_there_on_that_day() -> None:
    def moved(predicate: str, place: str, when: str) -> str:
        return spo("organization:army", predicate, place, when)

    inside = "place:village schema:containedInPlace place:oblast .\n"
    there = moved("locatedIn", "place:village", on("2025-04-07"))
    week = once("2025-04-01/2025-04-07")
    assert clash(there, moved("drivenOutOf", "place:village", week))
    assert clash(moved("withdrewFrom", "place:oblast", week), there, inside)
    assert not clash(there, moved("drivenOutOf", "place:village", once("2025-04-01/2025-04-06")))
    assert not clash(there, moved("drivenOutOf", "place:village", once("2025-04-08")))
    assert not clash(there, moved("drivenOutOf", "place:elsewhere", week))
    other = moved("drivenOutOf", "place:village", week).replace(":army", ":navy")
    assert not clash(there, other)


def test_a_strike_is_in_one_place_and_a_campaign_in_many() -> None:
    here, there = spo("event:e", "locatedAt", "place:p"), spo("event:e", "locatedAt", "place:q")
    strike = "event:e dcterms:type eventtype:droneStrike .\n"
    assert clash(here, there, strike)
    assert not clash(here, there, strike.replace("droneStrike", "campaign"))
    assert not clash(here, there, strike + "place:p schema:containedInPlace place:q .\n")


@pytest.mark.parametrize(
    ("predicate", "denied", "asserted", "expected"),
    [
        ("locatedIn", "2025-04-03", "2025-04-26", False),
        ("locatedIn", "2025-04-26", "2025-04-03", False),
        ("locatedIn", "2025-04-26", "2025-04", True),
        ("captured", "2025-04-03", "2025-04-26", False),
        ("captured", "2025-04-26", "2025-04-03", True),
        ("supports", "2025-04-03", "2025-04-26", False),
        ("partOf", "2025-04-03", "2025-04-26", True),
    ],
)
def test_a_denial_and_an_assertion_clash_only_if_they_are_of_one_time(
    predicate: str, denied: str, asserted: str, expected: bool
) -> None:
    def disputed(more: str = "") -> bool:
        store = world(
            statement("a", X, asserted, "asserts certain c")
            + statement("b", Y, denied, "denies certain c")
            + claim("c", spo("organization:army", predicate, "place:p", *([more] if more else [])))
        )
        return ("contradiction", "a", "b", "c") in findings(store, "contradiction")

    assert disputed() is expected
    assert disputed(on("2025-04-03")), "a claim with a time of its own is of that time"


def test_a_denial_that_answers_an_assertion_clashes_with_it_on_any_later_day() -> None:
    said = statement("a", X, "2025-04-03", "asserts certain c")
    denied = statement("b", Y, "2025-04-26", "denies certain c").replace(
        "ckg:onClaim", "ckg:inResponseTo statement:a ; ckg:onClaim"
    )
    present = claim("c", spo("organization:army", "locatedIn", "place:p"))
    assert findings(world(said + denied + present), "contradiction") == {
        ("contradiction", "a", "b", "c")
    }


def test_claims_on_what_may_change_clash_only_if_they_are_made_of_one_day() -> None:
    content = spo("organization:x", "locatedIn", "place:p")
    claims = claim("c", content) + claim("d", f"{content} ; ckg:negated true")
    said = statement("a", X, "2025-04-03", "asserts certain c")
    then = statement("b", Y, "2025-04-26", "asserts certain d")
    same = statement("b", Y, "2025-04-03", "asserts certain d")
    assert findings(world(said + then + claims), "contradiction") == set()
    assert findings(world(said + same + claims), "contradiction") == {("contradiction", "c", "d")}


def test_sources_of_one_name_are_named_once() -> None:
    store = world(
        statement("a", "source:d.one , source:e.one", "2025-03-01", "asserts certain c")
        + statement("b", Y, "2025-03-01", "denies certain c")
        + 'source:d.one skos:prefLabel "Media"@en . source:e.one skos:prefLabel "Media"@en .\n'
        + claim("c")
    )
    assert "asserted by Media (2025-03-01)" in texts(store, "contradiction")[0]


def test_what_one_asserts_and_another_denies_is_disputed() -> None:
    said = statement("a", X, "2025-03-01", "asserts certain c")
    denied = statement("b", Y, "2025-03-02", "denies certain c")
    own = statement("b", X, "2025-03-02", "denies certain c")
    assert findings(world(said + denied + claim("c")), "contradiction") == {
        ("contradiction", "a", "b", "c")
    }
    assert findings(world(said + own + claim("c")), "contradiction") == set()


# ---------------------------------------------------------------- corroboration, relays


def report(document: str, told: str, publisher: str = "", more: str = "") -> str:
    who = publisher or f"organization:{document}"
    return (
        f"document:{document} a ckg:Document ; dcterms:publisher {who} .\n"
        f"report:{document}.{told} a ckg:Report ; ckg:inDocument document:{document} ; "
        f"ckg:reports statement:{told}{f' ; {more}' if more else ''} .\n"
    )


def corroborated(*texts: str) -> set[tuple[str, ...]]:
    return findings(world(*texts, claim("c")), "corroboration")


def test_two_speakers_corroborate_and_one_in_many_documents_does_not() -> None:
    a = statement("a", X, "2025-03-01", "asserts certain c")
    b = statement("b", Y, "2025-03-02", "confirms certain c")
    assert corroborated(a + report("d", "a"), a + report("e", "a")) == set()
    assert corroborated(a + b) == {("corroboration", "c")}


def test_an_institution_and_its_head_are_one_source() -> None:
    a = statement("a", X, "2025-03-01", "asserts certain c", more="ckg:inCapacity post:head")
    b = statement("b", "organization:office", "2025-03-02", "asserts certain c")
    assert corroborated(POST + a + b) == set()


def test_an_outlet_does_not_corroborate_whom_it_quotes_or_whose_copy_it_is() -> None:
    a = statement("a", X, "2025-03-01", "asserts certain c")
    own = statement("b", "organization:d", "2025-03-02", "asserts certain c")
    assert corroborated(a + own + report("d", "a") + report("d", "b")) == set()
    copied = "document:d dcterms:isVersionOf document:e .\n"
    assert corroborated(a + own + report("e", "a") + report("d", "b") + copied) == set()
    assert corroborated(a + own + report("e", "a") + report("d", "b")) == {("corroboration", "c")}


def test_organs_of_one_state_are_one_source() -> None:
    a = statement("a", X, "2025-03-01", "asserts certain c", more="ckg:inCapacity post:head")
    b = statement("b", "organization:ministry", "2025-03-02", "asserts certain c")
    other = statement("e", "organization:monitor", "2025-03-02", "asserts certain c")
    organs = MEMBER.format("organization:office", "organization:state") + (
        "membership:n a org:Membership ; org:member organization:ministry ; "
        "org:organization organization:state .\n"
        'organization:state skos:prefLabel "The State"@en .\n'
    )
    assert corroborated(POST + a + b) == {("corroboration", "c")}
    assert corroborated(POST + a + b + organs) == set()
    store = world(POST + a + b + organs + other + claim("c"))
    assert "2 independent sources" in texts(store, "corroboration")[0]
    assert "The State" in texts(store, "corroboration")[0]


def test_organizations_that_are_part_of_each_other_are_one_source() -> None:
    a = statement("a", "organization:d", "2025-03-01", "asserts certain c")
    b = statement("b", "organization:e", "2025-03-02", "asserts certain c")
    there = MEMBER.format("organization:d", "organization:e")
    back = MEMBER.format("organization:e", "organization:d").replace("ship:m ", "ship:n ")
    assert corroborated(a + b) == {("corroboration", "c")}
    assert corroborated(a + b + there + back) == set()


def test_a_source_known_only_through_another_is_that_other() -> None:
    a = statement("a", X, "2025-03-01", "asserts certain c")
    b = statement("b", "unit:brigade", "2025-03-01", "asserts certain c")
    through = "ckg:via [ prov:wasAttributedTo person:x ]"
    here, there = report("d", "b", more=through), report("e", "b")
    assert corroborated(a + b + here) == set()
    assert corroborated(a + b + here + there) == {("corroboration", "c")}


def test_channels_known_from_one_page_alone_are_one_source() -> None:
    a = statement("a", "organization:one", "2025-03-01", "asserts certain c")
    b = statement("b", "organization:two", "2025-03-01", "asserts certain c")
    channels = (
        "organization:one dcterms:type orgtype:channel . "
        "organization:two dcterms:type orgtype:channel .\n"
    )
    page = report("d", "a") + report("d", "b")
    assert corroborated(a + b + page) == {("corroboration", "c")}, "institutions may be on one page"
    assert corroborated(a + b + page + channels) == set()
    assert corroborated(a + b + page + channels + report("e", "b")) == {("corroboration", "c")}


def test_unnamed_sources_may_be_one() -> None:
    a = statement("a", "source:d.one", "2025-03-01", "asserts certain c")
    b = statement("b", "source:e.two", "2025-03-02", "asserts certain c")
    assert corroborated(a + b) == set()


def test_copies_in_a_circle_and_relays_in_a_circle_are_one_source() -> None:
    a = statement("a", "organization:d", "2025-03-01", "asserts certain c")
    b = statement("b", "organization:e", "2025-03-02", "asserts certain c")
    round = (
        "document:d dcterms:isVersionOf document:e . document:e dcterms:isVersionOf document:d .\n"
    )
    assert corroborated(a + b + report("d", "a") + report("e", "b") + round) == set()
    store = world(
        statement("a", X, "2025-03-01", "asserts certain c")
        + report("d", "a", more="ckg:via [ prov:wasAttributedTo organization:e ]")
        + report("e", "a", more="ckg:via [ prov:wasAttributedTo organization:d ]")
        + claim("c")
    )
    assert findings(store, "consistency") == {("circularRelay", "a", "d", "e")}
    endless = world(
        statement("a", X, "2025-03-01", "asserts certain c")
        + report("d", "a", more="ckg:via report:relay")
        + "report:relay prov:wasAttributedTo organization:e ; ckg:via report:relay .\n"
        + claim("c")
    )
    assert findings(endless, "consistency") == {("circularRelay", "a", "e")}


def test_a_denial_is_overtaken_when_two_others_say_so_later_and_none_the_contrary() -> None:
    place = spo("organization:army", "captured", "place:p")
    held = spo("place:p", "controlledBy", "organization:army", on("2025-03-14"))
    claims = claim("taken", place) + claim("held", held)
    denial = statement("a", X, "2025-03-12", "denies certain taken")
    first = statement("b", Y, "2025-03-13", "asserts certain taken")
    second = statement("c", "person:z", "2025-03-14", "asserts certain held")
    against = statement("d", "person:w", "2025-03-14", "denies certain taken")
    assert findings(world(denial + first + second + claims), "overtaken") == {
        ("overtaken", "a", "taken")
    }
    assert findings(world(denial + first + claims), "overtaken") == set()
    assert findings(world(denial + first + second + against + claims), "overtaken") == set()


def test_who_takes_a_place_settles_that_the_others_have_left_it() -> None:
    claims = (
        claim("left", spo("organization:army", "withdrewFrom", "place:p"))
        + claim("taken", spo("organization:enemy", "captured", "place:p"))
        + claim("back", spo("organization:army", "captured", "place:p"))
    )
    denial = statement("a", X, "2025-03-12", "denies certain left")

    def later(name: str, speaker: str, on_claim: str) -> str:
        return statement(name, speaker, "2025-03-14", f"asserts certain {on_claim}")

    settled = later("b", Y, "taken") + later("c", "person:z", "taken")
    assert findings(world(denial + settled + claims), "overtaken") == {("overtaken", "a", "left")}
    own = later("b", Y, "back") + later("c", "person:z", "back")
    assert findings(world(denial + own + claims), "overtaken") == set()


def test_a_place_that_is_still_contested_settles_nothing() -> None:
    claims = claim("taken", spo("organization:army", "captured", "place:p")) + claim(
        "grey", spo("place:p", "controlledBy", "control:contested", on("2025-03-15"))
    )
    told = (
        statement("a", X, "2025-03-12", "denies certain taken")
        + statement("b", Y, "2025-03-13", "asserts certain taken")
        + statement("c", "person:z", "2025-03-14", "asserts certain taken")
    )
    against = statement("d", "person:w", "2025-03-15", "asserts certain grey")
    assert findings(world(told + claims), "overtaken") == {("overtaken", "a", "taken")}
    assert findings(world(told + against + claims), "overtaken") == set()


def test_one_source_at_least_is_later_for_certain() -> None:
    def settled(*days: str) -> bool:
        store = world(
            statement("a", X, "2025-03-12", "denies certain c")
            + statement("b", Y, days[0], "asserts certain c")
            + statement("d", "person:z", days[1], "asserts certain c")
            + claim("c")
        )
        return ("overtaken", "a", "c") in findings(store, "overtaken")

    assert settled("2025-03-12/2025-03-14", "2025-03-13")
    assert not settled("2025-03-12/2025-03-14", "2025-03-12/2025-03-13")
    assert not settled("2025-03-11/2025-03-14", "2025-03-13")


def test_a_forecast_that_others_later_report_is_borne_out() -> None:
    claims = claim("will", "ckg:subject event:e ; ckg:predicate predicate:willOccur")
    claims += claim("is", "ckg:subject event:e ; ckg:predicate predicate:ongoing")
    store = world(
        statement("a", X, "2025-03-01", "predicts probable will")
        + statement("b", Y, "2025-03-13", "asserts certain is")
        + statement("c", "person:z", "2025-03-14", "asserts certain is")
        + claims
    )
    assert "borne out" in texts(store, "overtaken")[0]


# ---------------------------------------------------------------- incremental


CLAIMS = ("c", "d", "e", "f")
CONTENTS = (
    spo("place:p", "controlledBy", "organization:a", on("2025-03-02")),
    spo("place:p", "controlledBy", "organization:b", on("2025-03-02/2025-03-04")),
    spo("organization:a", "locatedIn", "place:p"),
    spo("organization:a", "locatedIn", "place:q", "ckg:negated true"),
    spo("organization:a", "locatedIn", "place:q"),
    spo("organization:a", "withdrewFrom", "place:p", once("2025-03-02")),
    spo("organization:b", "conducts", "event:e", "schema:location place:p"),
    spo("event:e", "locatedAt", "place:p"),
    spo("event:e", "locatedAt", "place:q"),
    spo("organization:a", "captured", "place:p", once("2025-03-02")),
    number("event:e", "strength", "schema:value 200", once("2025-03-02")),
    number("event:e", "strength", "schema:minValue 300", once("2025-03-02")),
    "ckg:subject event:e ; ckg:predicate predicate:willOccur",
    "ckg:subject event:e ; ckg:predicate predicate:occurred",
    "ckg:textOnly true",
)
claim_files = st.lists(
    st.builds(
        claim,
        st.sampled_from(CLAIMS),
        st.sampled_from(CONTENTS),
        issue=st.sampled_from(("i", "j")),
    ),
    max_size=4,
).map("".join)
said_files = st.lists(
    st.builds(
        lambda name, speaker, day, attitude, certainty, on_claim, more, told: (
            statement(name, speaker, day, f"{attitude} {certainty} {on_claim}", more=more)
            + report(f"d{name}", name, publisher="organization:office", more=told)
        ),
        st.sampled_from("rstu"),
        st.sampled_from((X, Y, "organization:office", "source:d.s")),
        st.sampled_from(("2025-03-01", "2025-03-02", "2025-03", "2025-03-05T09:00:00Z", "XXXX")),
        st.sampled_from(("asserts", "denies", "predicts", "leavesOpen")),
        st.sampled_from(("certain", "possible", "unlikely")),
        st.sampled_from(CLAIMS),
        st.sampled_from(
            (
                "",
                "ckg:inCapacity post:head",
                "ckg:saidBefore statement:s",
                "ckg:saidBefore statement:t",
            )
        ),
        st.sampled_from(("", "ckg:via [ prov:wasAttributedTo person:x ]")),
    ),
    max_size=4,
).map("".join)
other_files = st.sampled_from(
    (
        "",
        POST,
        'place:p schema:containedInPlace place:q ; skos:prefLabel "P"@en .\n',
        "document:dr dcterms:isVersionOf document:ds .\n",
        'person:x skos:prefLabel "X"@en . post:head org:postIn organization:second .\n',
        "membership:m org:member organization:a ; org:organization organization:b .\n",
        "membership:m org:member organization:office ; org:organization organization:state .\n",
        "membership:m org:member person:y ; org:organization organization:state .\n",
        "event:e dcterms:type eventtype:droneStrike ; sem:hasPlace place:q .\n",
        "organization:office dcterms:type orgtype:channel .\n",
    )
)
edits = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(("issuegraph:1", "issuegraph:2")), claim_files),
        st.tuples(st.sampled_from(("docgraph:1", "docgraph:2", "docgraph:3")), said_files),
        st.tuples(st.sampled_from(("entitygraph:1", "entitygraph:2")), other_files),
    ),
    min_size=2,
    max_size=8,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(edits)
def test_deriving_after_each_edit_gives_what_deriving_all_at_once_gives(
    steps: list[tuple[str, str]],
) -> None:
    store = world()
    for graph, text in steps:
        derive(store, RUN, touched=put(store, graph, text))
        anew = LocalStore(type(store.oxigraph)(), "memory:")
        anew.oxigraph.extend(store.match())
        derive(anew, RUN)
        assert derived(store) == derived(anew)


SCENE = (
    POST
    + statement("a", X, "2025-03-01", "asserts certain c", more="ckg:inCapacity post:head")
    + statement("b", Y, "2025-03-02", "asserts certain d", more="ckg:inCapacity post:head")
    + claim("c", spo("organization:a", "locatedIn", "place:q"))
    + claim("d", spo("organization:a", "locatedIn", "place:p"))
    + "place:p schema:containedInPlace place:m .\n"
)


@pytest.mark.parametrize(
    ("rule", "more"),
    [
        ("change", "place:p schema:containedInPlace place:q .\n"),
        ("change", "place:m schema:containedInPlace place:q .\n"),
        ("positions", 'organization:office skos:prefLabel "An Office"@en .\n'),
        ("change", 'person:y skos:prefLabel "Ygor"@en .\n'),
        ("change", "post:head org:postIn organization:second .\n"),
        ("change", statement("c", X, "2025-03-05", "asserts certain c")),
        ("change", "statement:b ckg:saidBefore statement:a .\n"),
        ("positions", claim("c", issue="j")),
        ("contradiction",
         claim("e", spo("organization:a", "locatedIn", "place:p", "ckg:negated true"))),
        ("contradiction", statement("e", "person:w", "2025-03-02", "denies certain d")),
        ("corroboration", statement("e", "person:w", "2025-03-05", "asserts certain d")),
        ("change", MEMBER.format("organization:a", "organization:b")
         + claim("d", spo("organization:b", "locatedIn", "place:p"))),
        ("positions", "statement:a ckg:saidBefore statement:b ."
         + statement("c", X, "2025-03-05", "asserts certain c")),
    ],
)  # fmt: skip
def test_an_edit_anywhere_reaches_all_that_follows_from_it(rule: str, more: str) -> None:
    store = world(SCENE)
    for text in (more, ""):
        before = derived(store)[rule]
        derive(store, RUN, touched=put(store, "docgraph:9", text))
        anew = LocalStore(type(store.oxigraph)(), "memory:")
        anew.oxigraph.extend(store.match())
        derive(anew, RUN)
        assert derived(store) == derived(anew)
        assert derived(store)[rule] != before


def test_loading_one_document_gives_what_building_all_gives(tmp_path: Path, small: Path) -> None:
    root = Path(__file__).parent.parent / "graphs"
    paths = graph_files(root)
    chosen = next(p for p in paths if p.stem == "espreso-belgorod-2025-04")
    where = tmp_path / "store"
    build(root, where)
    load([small / "documents" / "small.trig"], where)
    emptied = small / "documents" / chosen.name
    emptied.write_text(
        "@prefix docgraph: <https://w3id.org/conflictkg/graph/document/> .\n"
        "@prefix person: <https://w3id.org/conflictkg/id/person/> .\n"
        f'docgraph:{chosen.stem} {{ person:nobody <http://purl.org/dc/terms/title> "x" }}\n',
        "utf-8",
    )
    load([emptied], where)
    load([chosen], where)
    both = build_in_memory(root)
    put(both, "docgraph:small", (small / "documents" / "small.trig").read_text("utf-8")[:0])
    reopened = open_store(where)
    assert isinstance(reopened, LocalStore)
    shown = derived(reopened)
    for rule in RULES:
        mine = {line for line in shown[rule.name] if "statement/small" not in line}
        assert mine == derived(both)[rule.name]
