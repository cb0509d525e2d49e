"""The rule of a series and the form say the same; a rule that says more is kept."""

from datetime import date

import pytest

from netzraum_gateway.calendar.recurrence import KEPT, NONE, choices_of, rule_of

ZONE = "Europe/Berlin"
START = date(2026, 11, 24)
"""The fourth Tuesday of November, and its last one."""


@pytest.mark.parametrize(
    ("rule", "repeat"),
    [
        ("FREQ=DAILY", "daily"),
        ("FREQ=DAILY;INTERVAL=3;COUNT=10", "daily"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;UNTIL=20270630T215959Z", "weekly"),
        ("FREQ=MONTHLY", "monthly_day"),
        ("FREQ=MONTHLY;BYDAY=4TU", "monthly_weekday"),
        ("FREQ=MONTHLY;INTERVAL=2;BYDAY=-1TU;COUNT=6", "monthly_last"),
        ("FREQ=YEARLY;UNTIL=20310101T225959Z", "yearly"),
    ],
)
def test_what_the_form_can_show_comes_out_of_it_as_it_went_in(rule: str, repeat: str) -> None:
    choices = choices_of(rule, START, ZONE)
    assert choices["repeat"] == repeat
    assert rule_of(choices, choices["weekdays"], START.isoformat(), ZONE, all_day=False) == rule


@pytest.mark.parametrize(
    ("rule", "repeat"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=24", "monthly_day"),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=4;WKST=MO", "monthly_weekday"),
        ("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=24", "yearly"),
        ("RRULE:FREQ=WEEKLY;BYDAY=TU", "weekly"),
    ],
)
def test_other_programs_words_for_the_same_are_understood(rule: str, repeat: str) -> None:
    assert choices_of(rule, START, ZONE)["repeat"] == repeat


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;BYDAY=2TU",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE;BYSETPOS=-1",
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        "FREQ=WEEKLY;BYDAY=TU;BYMONTH=1",
        "FREQ=YEARLY;BYWEEKNO=20",
        "FREQ=DAILY;BYHOUR=9",
    ],
)
def test_a_rule_that_says_more_is_kept(rule: str) -> None:
    assert choices_of(rule, START, ZONE)["repeat"] == KEPT


def test_without_a_rule_nothing_repeats() -> None:
    choices = choices_of(None, START, ZONE)
    assert choices["repeat"] == NONE
    assert rule_of(choices, [], START.isoformat(), ZONE, all_day=False) is None


def test_the_last_day_is_that_of_the_events_zone() -> None:
    choices = {"repeat": "daily", "ends": "until", "repeat_until": "2027-06-30"}
    assert rule_of(choices, [], "", ZONE, all_day=False) == "FREQ=DAILY;UNTIL=20270630T215959Z"
    assert rule_of(choices, [], "", ZONE, all_day=True) == "FREQ=DAILY;UNTIL=20270630"
    assert choices_of("FREQ=DAILY;UNTIL=20270630T215959Z", START, ZONE)["repeat_until"] == "2027-06-30"
    assert choices_of("FREQ=DAILY;UNTIL=20270630", START, ZONE)["repeat_until"] == "2027-06-30"


def test_what_is_no_day_goes_to_the_api_as_it_was_typed() -> None:
    choices = {"repeat": "monthly_weekday", "interval": "oft", "ends": "until", "repeat_until": "bald"}
    assert rule_of(choices, [], "morgen", ZONE, all_day=False) == "FREQ=MONTHLY;INTERVAL=oft;UNTIL=bald"
