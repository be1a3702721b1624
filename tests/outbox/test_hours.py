"""The sending hours: whatever the zone, the hours, the calendar and the instant.

PEER-FAILURES 7: the local send hour is exact, on days on which clocks change, too.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from clientdesk.calendars import is_working_day
from clientdesk.outbox.hours import EVERY_DAY, are_open, day_begins, first_chance
from clientdesk.workspaces.models import Workspace

ZONES = (
    "Europe/Berlin",
    "America/Los_Angeles",
    "Pacific/Kiritimati",
    "Pacific/Auckland",
    "Australia/Lord_Howe",  # its clocks change by half an hour
    "Africa/Cairo",  # its clocks change at midnight
    "Asia/Kathmandu",
    "UTC",
)
CALENDARS = (EVERY_DAY, "", "HR", "DE", "US")
QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)


def place(zone: str, opens: int = 7, closes: int = 21) -> Workspace:
    return Workspace(slug="jana", time_zone=zone, send_from=opens, send_until=closes)


def local(instant: datetime, at: Workspace) -> datetime:
    return instant.astimezone(ZoneInfo(at.time_zone))


def may_leave(at: Workspace, instant: datetime, calendar: str) -> bool:
    """What the owner was promised, said once more and without the code under test."""
    there = local(instant, at)
    if not at.send_from <= there.hour < at.send_until:
        return False
    return calendar == EVERY_DAY or is_working_day(there.date(), calendar)


hours = st.tuples(st.integers(0, 23), st.integers(1, 24)).filter(lambda pair: pair[0] < pair[1])
places = st.builds(lambda zone, pair: place(zone, *pair), st.sampled_from(ZONES), hours)
instants = st.datetimes(
    datetime(2024, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)
)  # several changes of clocks in every zone that has them


@given(places, instants, st.sampled_from(CALENDARS))
@example(place("Europe/Berlin"), datetime(2025, 3, 29, 20, 0, tzinfo=UTC), "DE")
@example(place("Africa/Cairo", 0, 24), datetime(2025, 4, 24, 21, 30, tzinfo=UTC), EVERY_DAY)
def test_the_first_chance_is_a_time_at_which_mail_may_leave(
    at: Workspace, earliest: datetime, calendar: str
) -> None:
    day, leaves = first_chance(at, earliest, calendar)
    # Hours that lie wholly in the hour that clocks skip have no such time on that day.
    assume(day_begins(at, day).astimezone(ZoneInfo(at.time_zone)).hour < at.send_until)
    assert leaves >= earliest
    assert local(leaves, at).date() == day
    assert may_leave(at, leaves, calendar)
    assert are_open(at, now=leaves)


@given(places, instants, st.sampled_from(CALENDARS))
def test_there_is_no_earlier_chance(at: Workspace, earliest: datetime, calendar: str) -> None:
    _, leaves = first_chance(at, earliest, calendar)
    moment = earliest
    while moment < leaves:
        assert not may_leave(at, moment, calendar), f"{local(moment, at)} was free"
        moment += QUARTER
    # To the second: it is the earliest itself, or the hour's first instant.
    assert leaves == earliest or not may_leave(at, leaves - timedelta(seconds=1), calendar)


@given(places, instants)
def test_the_hours_are_open_by_the_clock_on_the_wall(at: Workspace, now: datetime) -> None:
    assert are_open(at, now=now) == may_leave(at, now, EVERY_DAY)


@given(places, instants, instants, st.sampled_from(CALENDARS))
def test_what_may_leave_later_never_leaves_before(
    at: Workspace, one: datetime, other: datetime, calendar: str
) -> None:
    sooner, later = sorted((one, other))
    assert first_chance(at, sooner, calendar) <= first_chance(at, later, calendar)


@pytest.mark.parametrize(
    ("zone", "changes"),
    [
        ("Europe/Berlin", date(2025, 3, 30)),
        ("Europe/Berlin", date(2025, 10, 26)),
        ("America/Los_Angeles", date(2025, 3, 9)),
        ("America/Los_Angeles", date(2025, 11, 2)),
        ("Pacific/Kiritimati", date(2025, 3, 30)),
    ],
)
@pytest.mark.parametrize("distance", [-1, 0, 1])
def test_what_is_queued_at_night_leaves_at_seven_local(
    zone: str, changes: date, distance: int
) -> None:
    """PEER-FAILURES 7: on the days around a change of clocks the local hour is exact."""
    at = place(zone)
    day = changes + timedelta(days=distance)
    seven = datetime.combine(day, time(7), ZoneInfo(zone))
    last_night = datetime.combine(day - timedelta(days=1), time(21), ZoneInfo(zone))
    moment = last_night.astimezone(UTC)
    while moment < seven:
        assert first_chance(at, moment, EVERY_DAY) == (day, seven)
        assert not are_open(at, now=moment)
        moment += QUARTER
    assert are_open(at, now=seven)
    assert not are_open(at, now=seven - timedelta(microseconds=1))


@pytest.mark.parametrize("zone", ZONES)
def test_at_the_last_moment_it_leaves_and_at_the_next_it_waits(zone: str) -> None:
    at = place(zone)
    wednesday = date(2025, 5, 14)
    closing = datetime.combine(wednesday, time(21), ZoneInfo(zone)).astimezone(UTC)
    moment = closing - timedelta(microseconds=1)
    assert first_chance(at, moment, "") == (wednesday, moment)
    thursday = datetime.combine(date(2025, 5, 15), time(7), ZoneInfo(zone))
    assert first_chance(at, closing, "") == (thursday.date(), thursday)


def test_hours_that_the_clock_skips_are_not_open_that_day() -> None:
    """From two to three in the night on which two o'clock does not exist."""
    at = place("Europe/Berlin", 2, 3)
    midnight = datetime.combine(date(2025, 3, 30), time(0), ZoneInfo("Europe/Berlin"))
    start = midnight.astimezone(UTC)
    assert not any(are_open(at, now=start + n * QUARTER) for n in range(23 * 4))
