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
        lambda name, speaker, day, attitude, certainty, on_claim, more: (
            statement(name, speaker, day, f"{attitude} {certainty} {on_claim}", more=more)
            + report(f"d{name}", name, publisher="organization:office")
        ),
        st.sampled_from("rstu"),
        st.sampled_from((X, Y, "organization:office", "source:d.s")),
        st.sampled_from(("2025-03-01", "2025-03-02", "2025-03", "2025-03-05T09:00:00Z", "XXXX")),
        st.sampled_from(("asserts", "denies", "predicts", "leavesOpen")),
        st.sampled_from(("certain", "possible", "unlikely")),
        st.sampled_from(CLAIMS),
        st.sampled_from(("", "ckg:inCapacity post:head", "ckg:saidBefore statement:s")),
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
        ("contradiction", statement("e", "person:w", "2025-03-05", "denies certain d")),
        ("corroboration", statement("e", "person:w", "2025-03-05", "asserts certain d")),
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
