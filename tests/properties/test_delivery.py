"""Delivery dates move by the working days that were lost (PEER-FAILURES 15: exactly once)."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from clientdesk.calendars import add_working_days, is_working_day
from clients.rules.delivery import (
    REQUEST,
    STOP,
    Cause,
    Delay,
    Delivery,
    Shift,
    delivery,
    late_answer,
    rest,
)

START = date(2025, 4, 1)
ONE_DAY = timedelta(days=1)
offsets = st.integers(-20, 120)
agreed_days = st.integers(0, 60).map(lambda days: START + timedelta(days=days))
todays = st.integers(0, 150).map(lambda days: START + timedelta(days=days))
countries = st.sampled_from(["HR", "DE", "US", ""])


@st.composite
def delays(draw: st.DrawFn) -> list[Delay]:
    made = []
    for number in range(draw(st.integers(0, 5))):
        first = START + timedelta(days=draw(offsets))
        length = draw(st.none() | st.integers(0, 60))
        last = None if length is None else first + timedelta(days=length)
        kind = draw(st.sampled_from([STOP, REQUEST]))
        made.append(Delay(Cause(kind, number, draw(st.booleans())), first, last))
    return made


def lost_day_by_day(found: list[Delay], today: date, country: str) -> int:
    lost, day = 0, START
    while day <= today:
        covered = any(d.first <= day and (d.last is None or day <= d.last) for d in found)
        lost += covered and is_working_day(day, country)
        day += ONE_DAY
    return lost


@given(delays(), agreed_days, todays, countries)
def test_it_is_what_a_walk_from_day_to_day_finds(
    found: list[Delay], agreed: date, today: date, country: str
) -> None:
    moved = delivery(found, start=START, agreed=agreed, today=today, country=country)
    assert moved.days == lost_day_by_day(found, today, country)
    assert moved.expected == add_working_days(agreed, moved.days, country)
    assert sum(shift.days for shift in moved.shifts) == moved.days
    assert all(0 <= shift.days <= shift.lasted for shift in moved.shifts)


@given(st.data(), delays(), agreed_days, todays, countries)
def test_order_does_not_matter(
    data: st.DataObject, found: list[Delay], agreed: date, today: date, country: str
) -> None:
    shuffled = data.draw(st.permutations(found))
    assert delivery(shuffled, start=START, agreed=agreed, today=today, country=country) == delivery(
        found, start=START, agreed=agreed, today=today, country=country
    )


@given(st.data(), delays(), agreed_days, todays, countries)
def test_a_delay_within_another_moves_nothing_twice(
    data: st.DataObject, found: list[Delay], agreed: date, today: date, country: str
) -> None:
    before = delivery(found, start=START, agreed=agreed, today=today, country=country)
    ended = [(d.first, d.last) for d in found if d.last]
    if not ended:
        return
    first, last = data.draw(st.sampled_from(ended))
    begin = first + timedelta(days=data.draw(st.integers(0, (last - first).days)))
    inner = Delay(Cause(REQUEST, 99), begin, last)
    after = delivery([*found, inner], start=START, agreed=agreed, today=today, country=country)
    assert (after.expected, after.days) == (before.expected, before.days)


@given(delays(), agreed_days, todays, countries)
def test_a_day_more_never_brings_it_nearer(
    found: list[Delay], agreed: date, today: date, country: str
) -> None:
    sooner = delivery(found, start=START, agreed=agreed, today=today, country=country)
    later = delivery(found, start=START, agreed=agreed, today=today + ONE_DAY, country=country)
    assert sooner.expected <= later.expected


def test_a_week_of_rest_moves_it_by_five_working_days() -> None:
    week = rest(1, date(2025, 4, 7), date(2025, 4, 14))
    own = rest(2, date(2025, 4, 9), date(2025, 4, 12))
    assert delivery(
        [week, own], start=START, agreed=date(2025, 4, 25), today=date(2025, 6, 1), country=""
    ) == Delivery(
        date(2025, 4, 25),
        date(2025, 5, 2),
        5,
        (Shift(week.cause, 5, 5), Shift(own.cause, 0, 3)),
    )


def test_two_late_answers_on_one_day_cost_one_day() -> None:
    """The shape of a launch: a brand book came a day late, two answers are late now."""
    found = [
        late_answer(1, date(2025, 4, 17), date(2025, 4, 18)),
        late_answer(2, date(2025, 5, 12), None),
        late_answer(3, date(2025, 5, 13), None),
    ]
    moved = delivery(
        found,
        start=date(2025, 4, 14),
        agreed=date(2025, 5, 20),
        today=date(2025, 5, 14),
        country="HR",
    )
    assert (moved.expected, moved.clients_days) == (date(2025, 5, 23), 3)
    assert [(s.cause.id, s.days, s.lasted) for s in moved.shifts] == [
        (1, 1, 1),
        (2, 2, 2),
        (3, 0, 1),
    ]
