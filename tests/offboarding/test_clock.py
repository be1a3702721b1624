"""Whose move each working day was."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from clientdesk.calendars import is_working_day
from offboarding.rules.clock import clock, late_days, rested_days
from offboarding.rules.facts import Asked, Court, Rest

MONDAY = date(2025, 3, 3)
FRIDAY = date(2025, 3, 14)


def asked(on: date, by: date, answered: date | None = None, *, withdrawn: bool = False) -> Asked:
    return Asked(1, "A question", on, by, answered, withdrawn, 0)


def courts(*requests: Asked, rests: tuple[Rest, ...] = ()) -> str:
    """One letter a working day of two weeks: o(urs), a(sked), l(ate), s(topped)."""
    days = clock(first=MONDAY, last=FRIDAY, country="", asked=requests, rests=rests)
    return "".join(court.value[0] for _, court in days)


def day(number: int) -> date:
    """The nth of the ten working days, from 0."""
    return MONDAY + timedelta(days=number + 2 * (number // 5))


def test_with_nothing_asked_every_day_is_ours() -> None:
    assert courts() == "oooooooooo"


def test_the_day_of_asking_is_ours_and_of_answering_theirs() -> None:
    assert courts(asked(day(1), day(4), day(3))) == "ooaaoooooo"


def test_after_the_agreed_day_it_is_late() -> None:
    assert courts(asked(day(0), day(2), day(6))) == "oaallllooo"


def test_an_open_request_is_late_to_the_end() -> None:
    assert courts(asked(day(0), day(2))) == "oaalllllll"


def test_overlapping_requests_count_once() -> None:
    assert courts(asked(day(0), day(2), day(5)), asked(day(1), day(8), day(7))) == "oaalllaaoo"


def test_a_withdrawn_request_was_never_theirs() -> None:
    assert courts(asked(day(0), day(2), withdrawn=True)) == "oooooooooo"


def test_a_stop_comes_first_and_the_day_of_resuming_is_work() -> None:
    rest = Rest("unpaid", "2025-1", day(3), day(6), 3)
    assert courts(asked(day(0), day(1)), rests=(rest,)) == "oalsssllll"


def test_an_open_stop_goes_on() -> None:
    assert courts(rests=(Rest("unpaid", "", day(8), None, 2),)) == "ooooooooss"


def test_late_days_are_working_days_after_the_agreed_day() -> None:
    assert late_days(day(4), day(5), last=FRIDAY, country="") == 1
    assert late_days(day(4), day(4), last=FRIDAY, country="") == 0
    assert late_days(day(4), None, last=FRIDAY, country="") == 5


def test_rested_days_leave_out_the_day_work_went_on() -> None:
    assert rested_days(day(3), day(6), last=FRIDAY, country="") == 3
    assert rested_days(day(8), None, last=FRIDAY, country="") == 2


days = st.dates(date(2025, 1, 1), date(2025, 12, 31))


@given(
    st.lists(st.tuples(days, days, st.none() | days, st.booleans()), max_size=6),
    st.lists(st.tuples(days, st.none() | days), max_size=3),
    days,
    days,
)
def test_the_courts_sum_to_the_working_days(
    requests: list[tuple[date, date, date | None, bool]],
    stops: list[tuple[date, date | None]],
    first: date,
    last: date,
) -> None:
    told = clock(
        first=first,
        last=last,
        country="HR",
        asked=[asked(on, by, answered, withdrawn=gone) for on, by, answered, gone in requests],
        rests=[Rest("other", "", begun, ended, 0) for begun, ended in stops],
    )
    span = (last - first).days + 1
    working = [
        first + timedelta(days=offset)
        for offset in range(max(0, span))
        if is_working_day(first + timedelta(days=offset), "HR")
    ]
    assert [on for on, _ in told] == working
    assert sum(sum(court is one for _, court in told) for one in Court) == len(working)
