"""Delivery dates move by the working days on which work rested (PEER-FAILURES 15: exactly once)."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from clientdesk.calendars import is_working_day
from clients.rules.delivery import Delivery, Rest, delivery

START = date(2025, 4, 1)
ONE_DAY = timedelta(days=1)
offsets = st.integers(-20, 120)


@st.composite
def rests(draw: st.DrawFn) -> list[Rest]:
    made = []
    for number in range(draw(st.integers(0, 4))):
        begun_on = START + timedelta(days=draw(offsets))
        length = draw(st.none() | st.integers(0, 60))
        ended_on = None if length is None else begun_on + timedelta(days=length)
        made.append(Rest(number, begun_on, ended_on))
    return made


agreed_days = st.integers(0, 60).map(lambda days: START + timedelta(days=days))
todays = st.integers(0, 150).map(lambda days: START + timedelta(days=days))
countries = st.sampled_from(["HR", "DE", ""])


def day_by_day(found: list[Rest], agreed: date, today: date, country: str) -> date:
    """Walk from the start; a resting working day adds one working day to what is left."""

    def rests_on(day: date) -> bool:
        return day <= today and any(
            rest.begun_on <= day and (rest.ended_on is None or day < rest.ended_on)
            for rest in found
        )

    owed, day = 0, START
    while day <= agreed or owed:
        if is_working_day(day, country):
            if rests_on(day):
                owed += day <= agreed
            elif day > agreed:
                owed -= 1
                if not owed:
                    return day
        day += ONE_DAY
    return agreed


@given(rests(), agreed_days, todays, countries)
def test_it_is_what_a_walk_from_day_to_day_finds(
    found: list[Rest], agreed: date, today: date, country: str
) -> None:
    moved = delivery(found, start=START, agreed=agreed, today=today, country=country)
    assert moved.expected == day_by_day(found, agreed, today, country)
    assert (moved.days > 0) == (moved.expected > agreed) == bool(moved.stops)


@given(st.data(), rests(), agreed_days, todays, countries)
def test_order_does_not_matter(
    data: st.DataObject, found: list[Rest], agreed: date, today: date, country: str
) -> None:
    shuffled = data.draw(st.permutations(found))
    assert delivery(shuffled, start=START, agreed=agreed, today=today, country=country) == delivery(
        found, start=START, agreed=agreed, today=today, country=country
    )


@given(st.data(), rests(), agreed_days, todays, countries)
def test_a_stop_within_another_moves_nothing_twice(
    data: st.DataObject, found: list[Rest], agreed: date, today: date, country: str
) -> None:
    before = delivery(found, start=START, agreed=agreed, today=today, country=country)
    ended = [rest for rest in found if rest.ended_on]
    if not ended:
        return
    outer = data.draw(st.sampled_from(ended))
    assert outer.ended_on
    length = (outer.ended_on - outer.begun_on).days
    first = data.draw(st.integers(0, length))
    inner = Rest(
        9,
        outer.begun_on + timedelta(days=first),
        outer.begun_on + timedelta(days=data.draw(st.integers(first, length))),
    )
    after = delivery([*found, inner], start=START, agreed=agreed, today=today, country=country)
    assert (after.expected, after.days) == (before.expected, before.days)


@given(rests(), agreed_days, todays, countries)
def test_a_day_more_never_brings_it_nearer(
    found: list[Rest], agreed: date, today: date, country: str
) -> None:
    sooner = delivery(found, start=START, agreed=agreed, today=today, country=country)
    later = delivery(found, start=START, agreed=agreed, today=today + ONE_DAY, country=country)
    assert sooner.expected <= later.expected


def test_a_week_of_rest_moves_it_by_five_working_days() -> None:
    week = Rest(1, date(2025, 4, 7), date(2025, 4, 14))
    own = Rest(2, date(2025, 4, 9), date(2025, 4, 12))
    assert delivery(
        [week, own], start=START, agreed=date(2025, 4, 25), today=date(2025, 6, 1), country=""
    ) == Delivery(date(2025, 4, 25), date(2025, 5, 2), 5, (1, 2))


def test_a_rest_after_the_delivery_was_due_moves_nothing() -> None:
    late = Rest(1, date(2025, 5, 5), None)
    agreed = date(2025, 4, 25)
    moved = delivery([late], start=START, agreed=agreed, today=date(2025, 6, 1), country="")
    assert moved == Delivery(agreed, agreed, 0)
