"""Recurrence agrees with the examples of RFC 5545 (3.8.5.3) and, on generated rules, with ical.js, which is neither
written in Python nor kin to what the service uses."""

import json
import os
import random
import shutil
import subprocess
import sys
from calendar import monthrange
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from netzraum_calendar.events import rules
from tests.steps import Steps

REFERENCE = Path(__file__).parent / "ical_js"
NEW_YORK = ZoneInfo("America/New_York")
MOST = 60
LAST = datetime.fromisoformat("2044-01-01")
RULES = 1000
SEED = 5545


def program(name: str) -> str:
    """Node's programs: the machine's, or those that the set-up put beside Python."""
    path = os.pathsep.join([os.environ["PATH"], str(Path(sys.executable).parent)])
    found = shutil.which(name, path=path)
    assert found is not None, f"{name} is missing: make gateway/netzraum_gateway/static/.built gets it"
    return found


@pytest.fixture(scope="module")
def reference() -> Path:
    """ical.js, as its lock file names it."""
    if not (REFERENCE / "node_modules" / "ical.js").is_dir():
        subprocess.run([program("npm"), "ci", "--no-audit", "--no-fund"], cwd=REFERENCE, check=True)
    return REFERENCE


def by_reference(folder: Path, questions: list[dict[str, Any]]) -> list[list[datetime]]:
    command, asked = [program("node"), "dates.mjs"], json.dumps(questions)
    done = subprocess.run(command, cwd=folder, input=asked, capture_output=True, text=True, check=True)
    return [[datetime.fromisoformat(each) for each in found] for found in json.loads(done.stdout)]


def ours(rule: str, start: datetime, last: datetime = LAST, most: int = MOST) -> list[datetime]:
    found = rules.dates(rules.parts_of(rule), start, NEW_YORK, last, all_day=False)
    return [each for _, each in zip(range(most), found, strict=False)]


def question(rule: str, start: datetime) -> dict[str, Any]:
    return {"rule": rule, "start": start.isoformat(), "last": LAST.isoformat(), "most": MOST}


class Rules:
    """Valid rules, at random but always the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def rule(self) -> str:
        pick = self._random
        frequency = pick.choice(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
        parts = [f"FREQ={frequency}", *getattr(self, f"_{frequency.lower()}")()]
        if pick.random() < 0.5:
            parts.append(f"INTERVAL={pick.choice([2, 2, 3, 4, 5])}")
        end = pick.random()
        if end < 0.3:
            parts.append(f"COUNT={pick.randint(1, 40)}")
        elif end < 0.5:
            parts.append(f"UNTIL={pick.randint(2028, 2038)}0{pick.randint(1, 9)}15T120000")
        if pick.random() < 0.3:
            parts.append(f"WKST={pick.choice(rules.WEEKDAYS)}")
        return ";".join(parts)

    def start(self) -> datetime:
        return datetime.fromisoformat("2026-01-01T09:00") + timedelta(
            days=self._random.randrange(700), hours=self._random.randrange(12)
        )

    def _days(self, most: int = 3) -> str:
        return ",".join(self._random.sample(rules.WEEKDAYS, self._random.randint(1, most)))

    def _months(self) -> str:
        return ",".join(map(str, sorted(self._random.sample(range(1, 13), self._random.randint(1, 4)))))

    def _daily(self) -> list[str]:
        pick = self._random.random()
        if pick < 0.4:
            return []
        return [f"BYDAY={self._days()}"] if pick < 0.7 else [f"BYMONTH={self._months()}"]

    def _weekly(self) -> list[str]:
        return [f"BYDAY={self._days(5)}"] if self._random.random() < 0.8 else []

    def _month_days(self) -> str:
        days = [*range(1, 32), -1, -2, -3]
        return ",".join(map(str, sorted(self._random.sample(days, self._random.randint(1, 3)))))

    def _numbered(self) -> str:
        return f"{self._random.choice([1, 2, 3, 4, 5, -1, -2])}{self._random.choice(rules.WEEKDAYS)}"

    def _monthly(self) -> list[str]:
        pick = self._random.random()
        if pick < 0.15:
            return []
        if pick < 0.4:
            return [f"BYMONTHDAY={self._month_days()}"]
        if pick < 0.7:
            return [f"BYDAY={self._numbered()}"]
        if pick < 0.85:
            return [f"BYDAY={self._days()}"]
        return [f"BYDAY={self._days(5)}", f"BYSETPOS={self._random.choice([1, 2, 3, -1, -2])}"]

    def _yearly(self) -> list[str]:
        pick = self._random.random()
        if pick < 0.2:
            return []
        if pick < 0.4:
            return [f"BYMONTH={self._months()}"]
        if pick < 0.6:
            # Others: test_days_that_not_every_month_has_are_left_out_where_they_are_not_there.
            return [f"BYMONTH={self._months()}", f"BYMONTHDAY={self._random.randint(1, 28)}"]
        if pick < 0.85:
            return [f"BYMONTH={self._months()}", f"BYDAY={self._numbered()}"]
        return [f"BYYEARDAY={self._random.randint(1, 365)},{self._random.randint(-365, -1)}"]


def generated() -> list[tuple[str, datetime]]:
    """Rules with a start that is their first date, as the service asks for."""
    source = Rules(SEED)
    found: list[tuple[str, datetime]] = []
    while len(found) < RULES:
        rule, at = source.rule(), source.start()
        first = ours(rule, at, most=1)
        if first:
            found.append((rule, first[0]))
    return found


def test_a_thousand_generated_rules_give_the_same_dates(reference: Path) -> None:
    wanted = generated()
    theirs = by_reference(reference, [question(rule, start) for rule, start in wanted])
    differ = [(*each, there) for each, there in zip(wanted, theirs, strict=True) if ours(*each) != there]
    assert differ == []
    assert sum(map(len, theirs)) > 30 * RULES


def by_definition(months: list[int], month_days: list[int], start: datetime, interval: int) -> list[datetime]:
    """RFC 5545, 3.3.10, for YEARLY with BYMONTH and BYMONTHDAY, word by word: in every ``interval``-th year, in each of
    the months, each of the days, counted from its end where it is negative; a day that is not there is left out."""
    found = set()
    for year, month, day in product(range(start.year, LAST.year, interval), months, month_days):
        length = monthrange(year, month)[1]
        if abs(day) <= length:
            found.add(start.replace(year=year, month=month, day=day if day > 0 else length + 1 + day))
    return sorted(each for each in found if each >= start)[:MOST]


def test_days_that_not_every_month_has_are_left_out_where_they_are_not_there() -> None:
    """The one kind of rule in which ical.js errs: 31 February becomes 3 March there, as the test below holds."""
    pick, compared = random.Random(SEED), 0
    while compared < RULES:
        months = sorted(pick.sample(range(1, 13), pick.randint(1, 4)))
        month_days = pick.sample([*range(28, 32), *range(-31, 0)], pick.randint(1, 3))
        start = datetime.fromisoformat("2026-01-01T09:00") + timedelta(days=pick.randrange(700))
        interval = pick.randint(1, 4)
        wanted = by_definition(months, month_days, start, interval)
        rule = f"FREQ=YEARLY;INTERVAL={interval};BYMONTH={written(months)};BYMONTHDAY={written(month_days)}"
        assert ours(rule, start) == wanted, (rule, start)
        compared += bool(wanted)


def written(numbers: list[int]) -> str:
    return ",".join(map(str, numbers))


def test_the_reference_errs_in_days_that_a_month_does_not_have(reference: Path) -> None:
    """Where this fails, ical.js was mended, and the comparison with it may take in what it leaves out."""
    start = datetime.fromisoformat("2027-01-31T09:00")
    rule = "FREQ=YEARLY;BYMONTH=1,2;BYMONTHDAY=31"
    (theirs,) = by_reference(reference, [question(rule, start)])
    assert ours(rule, start) == by_definition([1, 2], [31], start, 1)
    assert [each for each in theirs if each.month not in (1, 2)]


def days(text: str) -> list[datetime]:
    """``1997-09: 2 16 30; 1997-10: 14`` at nine o'clock, as RFC 5545 writes its examples."""
    found = []
    for month in text.split(";"):
        name, _, numbers = month.strip().partition(": ")
        found += [datetime.fromisoformat(f"{name}-{int(number):02}T09:00:00") for number in numbers.split()]
    return found


def every_day(first: str, number: int) -> list[datetime]:
    return [datetime.fromisoformat(f"{first}T09:00:00") + timedelta(days=n) for n in range(number)]


EXAMPLES: list[tuple[str, str, list[datetime]]] = [
    ("1997-09-02", "FREQ=DAILY;COUNT=10", every_day("1997-09-02", 10)),
    ("1997-09-02", "FREQ=DAILY;UNTIL=19971224T000000Z", every_day("1997-09-02", 113)),
    ("1997-09-02", "FREQ=DAILY;INTERVAL=2", days("1997-09: 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30; 1997-10: 2 4 6")),
    ("1997-09-02", "FREQ=DAILY;INTERVAL=10;COUNT=5", days("1997-09: 2 12 22; 1997-10: 2 12")),
    ("1998-01-01", "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA", []),
    ("1998-01-01", "FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1", []),
    (
        "1997-09-02",
        "FREQ=WEEKLY;COUNT=10",
        days("1997-09: 2 9 16 23 30; 1997-10: 7 14 21 28; 1997-11: 4"),
    ),
    (
        "1997-09-02",
        "FREQ=WEEKLY;UNTIL=19971224T000000Z",
        days("1997-09: 2 9 16 23 30; 1997-10: 7 14 21 28; 1997-11: 4 11 18 25; 1997-12: 2 9 16 23"),
    ),
    ("1997-09-02", "FREQ=WEEKLY;INTERVAL=2;WKST=SU", days("1997-09: 2 16 30; 1997-10: 14 28; 1997-11: 11 25")),
    (
        "1997-09-02",
        "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH",
        days("1997-09: 2 4 9 11 16 18 23 25 30; 1997-10: 2"),
    ),
    ("1997-09-02", "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", days("1997-09: 2 4 9 11 16 18 23 25 30; 1997-10: 2")),
    (
        "1997-09-01",
        "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR",
        days(
            "1997-09: 1 3 5 15 17 19 29; 1997-10: 1 3 13 15 17 27 29 31; "
            "1997-11: 10 12 14 24 26 28; 1997-12: 8 10 12 22"
        ),
    ),
    (
        "1997-09-02",
        "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
        days("1997-09: 2 4 16 18 30; 1997-10: 2 14 16"),
    ),
    (
        "1997-09-05",
        "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
        days(
            "1997-09: 5; 1997-10: 3; 1997-11: 7; 1997-12: 5; 1998-01: 2; 1998-02: 6; 1998-03: 6; 1998-04: 3; "
            "1998-05: 1; 1998-06: 5"
        ),
    ),
    (
        "1997-09-05",
        "FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR",
        days("1997-09: 5; 1997-10: 3; 1997-11: 7; 1997-12: 5"),
    ),
    (
        "1997-09-07",
        "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
        days("1997-09: 7 28; 1997-11: 2 30; 1998-01: 4 25; 1998-03: 1 29; 1998-05: 3 31"),
    ),
    (
        "1997-09-22",
        "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO",
        days("1997-09: 22; 1997-10: 20; 1997-11: 17; 1997-12: 22; 1998-01: 19; 1998-02: 16"),
    ),
    (
        "1997-09-28",
        "FREQ=MONTHLY;BYMONTHDAY=-3",
        days("1997-09: 28; 1997-10: 29; 1997-11: 28; 1997-12: 29; 1998-01: 29; 1998-02: 26"),
    ),
    (
        "1997-09-02",
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15",
        days("1997-09: 2 15; 1997-10: 2 15; 1997-11: 2 15; 1997-12: 2 15; 1998-01: 2 15"),
    ),
    (
        "1997-09-30",
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
        days("1997-09: 30; 1997-10: 1 31; 1997-11: 1 30; 1997-12: 1 31; 1998-01: 1 31; 1998-02: 1"),
    ),
    (
        "1997-09-10",
        "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
        days("1997-09: 10 11 12 13 14 15; 1999-03: 10 11 12 13"),
    ),
    (
        "1997-09-02",
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU",
        days("1997-09: 2 9 16 23 30; 1997-11: 4 11 18 25; 1998-01: 6 13 20 27; 1998-03: 3 10 17 24 31"),
    ),
    (
        "1997-06-10",
        "FREQ=YEARLY;COUNT=10;BYMONTH=6,7",
        days(
            "1997-06: 10; 1997-07: 10; 1998-06: 10; 1998-07: 10; 1999-06: 10; 1999-07: 10; 2000-06: 10; 2000-07: 10; "
            "2001-06: 10; 2001-07: 10"
        ),
    ),
    (
        "1997-03-10",
        "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3",
        days(
            "1997-03: 10; 1999-01: 10; 1999-02: 10; 1999-03: 10; 2001-01: 10; 2001-02: 10; 2001-03: 10; 2003-01: 10; "
            "2003-02: 10; 2003-03: 10"
        ),
    ),
    (
        "1997-01-01",
        "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
        days(
            "1997-01: 1; 1997-04: 10; 1997-07: 19; 2000-01: 1; 2000-04: 9; 2000-07: 18; 2003-01: 1; 2003-04: 10; "
            "2003-07: 19; 2006-01: 1"
        ),
    ),
    ("1997-05-19", "FREQ=YEARLY;BYDAY=20MO", days("1997-05: 19; 1998-05: 18; 1999-05: 17")),
    ("1997-05-12", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", days("1997-05: 12; 1998-05: 11; 1999-05: 17")),
    (
        "1997-03-13",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=TH",
        days("1997-03: 13 20 27; 1998-03: 5 12 19 26; 1999-03: 4 11 18 25"),
    ),
    ("1997-06-05", "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8", days("1997-06: 5 12 19 26; 1997-07: 3 10 17 24 31")),
    (
        "1998-02-13",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        days("1998-02: 13; 1998-03: 13; 1998-11: 13; 1999-08: 13; 2000-10: 13"),
    ),
    (
        "1997-09-13",
        "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
        days("1997-09: 13; 1997-10: 11; 1997-11: 8; 1997-12: 13; 1998-01: 10; 1998-02: 7; 1998-03: 7; 1998-04: 11"),
    ),
    (
        "1996-11-05",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        days("1996-11: 5; 2000-11: 7; 2004-11: 2"),
    ),
    ("1997-09-04", "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", days("1997-09: 4; 1997-10: 7; 1997-11: 6")),
    (
        "1997-09-29",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
        days("1997-09: 29; 1997-10: 30; 1997-11: 27; 1997-12: 30; 1998-01: 29; 1998-02: 26; 1998-03: 30"),
    ),
    ("1997-08-05", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", days("1997-08: 5 10 19 24")),
    ("1997-08-05", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", days("1997-08: 5 17 19 31")),
    ("2007-01-15", "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", days("2007-01: 15 30; 2007-02: 15; 2007-03: 15 30")),
]


@pytest.mark.parametrize(("start", "rule", "wanted"), EXAMPLES, ids=[rule for _, rule, _ in EXAMPLES])
def test_an_example_of_the_standard(start: str, rule: str, wanted: list[datetime]) -> None:
    first = datetime.fromisoformat(f"{start}T09:00:00")
    if not wanted:  # every day in January, for three years
        wanted = [*every_day("1998-01-01", 31), *every_day("1999-01-01", 31), *every_day("2000-01-01", 31)]
    assert ours(rule, first, most=len(wanted) if "COUNT" not in rule and "UNTIL" not in rule else 200) == wanted


def test_the_standards_examples_within_a_day() -> None:
    found = ours("FREQ=DAILY;BYHOUR=9,10,11;BYMINUTE=0,20,40", datetime.fromisoformat("1997-09-02T09:00"), most=10)
    assert [each.strftime("%d %H:%M") for each in found] == [
        *("02 09:00", "02 09:20", "02 09:40", "02 10:00", "02 10:20", "02 10:40"),
        *("02 11:00", "02 11:20", "02 11:40", "03 09:00"),
    ]


@pytest.mark.parametrize("frequency", ["HOURLY", "MINUTELY", "SECONDLY"])
def test_what_the_standard_repeats_more_than_daily_is_refused(frequency: str) -> None:
    with pytest.raises(rules.RuleError) as refused:
        rules.parts_of(f"FREQ={frequency};INTERVAL=3;UNTIL=19970902T170000Z")
    assert refused.value.code == "rrule_too_frequent"


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;BYSETPOS=1,2,3,4,5",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2,3,4,5,6",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1",
    ],
)
def test_a_rule_without_any_date_ends_soon(rule: str) -> None:
    """dateutil looks at each day until the year 9999, one step for each day and position; the bound is of 400 years."""
    with Steps() as counted:
        found = ours(rule, datetime.fromisoformat("2026-11-24T09:00"))
    assert found == []
    assert counted.number < 400 * 366 * (1 + rules.MOST_POSITIONS) + 10_000


def test_leap_days_are_found_on_either_side_of_a_century_that_has_none() -> None:
    last, start = datetime.fromisoformat("2130-01-01"), datetime.fromisoformat("2088-02-29T09:00")
    found = ours("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29", start, last)
    assert [each.year for each in found] == [2088, 2092, 2096, 2104, 2108, 2112, 2116, 2120, 2124, 2128]
    assert ours("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;COUNT=3", start.replace(2016), last) == [
        datetime.fromisoformat(f"{year}-02-29T09:00") for year in (2016, 2044, 2072)
    ]


def test_a_rule_may_look_into_the_week_in_which_the_last_year_ends() -> None:
    """9999-12-27, a Monday, corresponds to 2399-12-27; only in its week has this rule a day in January."""
    start = datetime.fromisoformat("2399-12-27T09:00") - timedelta(weeks=999 * 19)
    assert ours("FREQ=WEEKLY;INTERVAL=999;BYMONTH=1;BYDAY=SA", start) == []


def test_more_positions_than_anybody_means_are_refused() -> None:
    with pytest.raises(rules.RuleError) as refused:
        rules.parts_of("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,2,3,4,5,6")
    assert refused.value.code == "rrule_too_many_positions"
