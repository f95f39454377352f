"""The map from day to day: what is claimed of a day, and where the stepper leads."""

from __future__ import annotations

import json
import re
from datetime import date
from html import unescape

import pytest

from asking import asked, data_of, section_of, text_of
from conflictkg.graph import ConflictGraph
from conflictkg.web.site.accounts import read_accounts
from conflictkg.web.site.days import days_of
from conflictkg.web.site.selection import read_selection
from conflictkg.web.site.words import when

DAY = "2025-03-23"


def test_the_map_of_a_day_has_what_is_claimed_of_it_by_every_source(kg: ConflictGraph) -> None:
    page = text_of(asked(kg, "/map", day=DAY))
    told = section_of(page, "control")
    for claimed, who in (
        ("held by Armed Forces of Ukraine", "Vladimir Romanov"),
        ("held by Russian Armed Forces", "Oleg Tsarev"),
        ("contested", "Roman Alekhin"),
    ):
        assert re.search(rf"Demydivka 23 March 2025 {claimed}[^|]*?asserts {who}", told)
    assert "Sources differ on Demydivka" in told and "Avia.pro" in told
    features = data_of(asked(kg, "/map", day=DAY), "map-data")["features"]
    assert isinstance(features, list)
    said = {one.removeprefix("Demydivka: ") for feature in features
            if "Demydivka" in feature["properties"]["label"]
            for one in feature["properties"]["said"]}  # fmt: skip
    assert {"contested", "held by Armed Forces of Ukraine"} <= said
    assert "Full-scale Russian invasion" in section_of(page, "events")
    drawn = {event["name"] for feature in features for place in feature["properties"]["places"]
             for event in place["events"]}  # fmt: skip
    assert "Ukrainian offensive in Kursk Oblast, August 2024" in drawn


def test_the_rows_of_a_day_are_those_whose_time_can_hold_it(kg: ConflictGraph) -> None:
    day = date.fromisoformat(DAY)
    every = read_accounts(kg.store, read_selection(kg, []), placed=True).rows
    found = read_accounts(kg.store, read_selection(kg, [("day", DAY)], daily=True), placed=True)
    wanted = set()
    for row in every:
        time = row.claim.holds_throughout or row.claim.holds_sometime_in
        bounds = (time.earliest, time.latest) if time else (None, None)
        if any(bounds) and (bounds[0] or date.min) <= day <= (bounds[1] or date.max):
            wanted.add((row.statement.iri, row.claim.iri))
    assert {(row.statement.iri, row.claim.iri) for row in found.rows} == wanted
    assert 0 < len(wanted) < len(every)


def test_the_days_of_the_map_lead_from_one_to_the_next_and_back(kg: ConflictGraph) -> None:
    start = unescape(text_of(asked(kg, "/map", show="control", place="place:demydivka")))
    found = re.search(r'href="/map\?([^"]*day=([\d-]+))">start with', start)
    assert found and "show=control" in found[1] and "place=" in found[1]
    seen, day = [], "2025-03-23"
    while day:
        seen.append(day)
        fields = {"show": "control", "place": "place:demydivka", "day": day}
        page = unescape(text_of(asked(kg, "/map", **fields)))
        assert f'aria-label="{when(day)}: ' in page and 'aria-current="date"' in page
        following = re.search(r'rel="next" href="[^"]*day=([\d-]+)"', page)
        day = following[1] if following else ""
        if day:
            back = unescape(text_of(asked(kg, "/map", **{**fields, "day": day})))
            assert (
                f'rel="prev" href="/map?show=control&place=place%3Ademydivka&day={seen[-1]}"'
                in back
            )
    assert seen == sorted(seen) and {"2025-03-27", "2025-03-28", "2025-04-07"} <= set(seen)
    assert "no later day" in page


def test_the_strip_counts_what_the_page_of_a_day_shows(kg: ConflictGraph) -> None:
    page = text_of(asked(kg, "/map", day=DAY))
    counted = re.search(
        r'aria-current="date" aria-label="23 March 2025: (\d+) claims and events"', page
    )
    rows = json.loads(text_of(asked(kg, "/map.json", day=DAY)))["rows"]
    events = len(re.findall("<li>", page[page.index('<section id="events">') :].split("</ul>")[0]))
    assert counted and int(counted[1]) == len({row["claim_iri"] for row in rows}) + events


@pytest.mark.parametrize("day", ["2025-03", "2025-02-30", "soon"])
def test_a_day_of_the_map_is_a_whole_day(kg: ConflictGraph, day: str) -> None:
    response = asked(kg, "/map", day=day)
    assert response.status == 400 and 'aria-describedby="problem-day"' in text_of(response)


def test_days_lead_from_one_end_of_the_calendar_to_the_other() -> None:
    open_ended = {(date.min, date(2025, 3, 18)): 1, (date(2025, 3, 20), date.max): 2}
    found = days_of(open_ended, date(2025, 3, 19))
    assert (found.before, found.after) == (date(2025, 3, 18), date(2025, 3, 20))
    assert [step.count for step in found.strip] == [1] * 7 + [0] + [2] * 7
    for day in (date.min, date.max):
        ends = days_of(open_ended, day)
        assert len(ends.strip) == 8 and day in {step.day for step in ends.strip}
    assert days_of({}, None).fullest is None
    assert days_of(open_ended, None).fullest == date(2025, 3, 20)
