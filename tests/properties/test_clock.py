"""Whose move each working day was: the sums, the edits, and a walk from day to day as an oracle."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.calendars import add_working_days, is_working_day
from clients.rules.delivery import (
    REQUEST,
    STOP,
    Cause,
    Delay,
    delivery,
    rest,
    working_days,
)
from feedback.rules.clock import Asked, Clock, Court, clock
from feedback.rules.moves import if_answered, whose_move
from feedback.rules.strip import sides, strip, ticks

START = date(2025, 4, 1)
ONE_DAY = timedelta(days=1)
COUNTRIES = ("HR", "DE", "US")
lasts = st.integers(0, 150).map(lambda days: START + timedelta(days=days))
countries = st.sampled_from([*COUNTRIES, ""])


@st.composite
def asked_rounds(draw: st.DrawFn) -> list[Asked]:
    made = []
    for number in range(draw(st.integers(0, 6))):
        asked_on = START + timedelta(days=draw(st.integers(-10, 140)))
        answer_by = asked_on + timedelta(days=draw(st.integers(0, 20)))
        took = draw(st.none() | st.integers(0, 50))
        closed_on = None if took is None else asked_on + timedelta(days=took)
        made.append(Asked(number, asked_on, answer_by, closed_on))
    return made


@st.composite
def stops(draw: st.DrawFn) -> list[Delay]:
    made = []
    for number in range(draw(st.integers(0, 3))):
        begun_on = START + timedelta(days=draw(st.integers(-10, 140)))
        length = draw(st.none() | st.integers(0, 30))
        ended_on = None if length is None else begun_on + timedelta(days=length)
        made.append(rest(number, begun_on, ended_on, clients=draw(st.booleans())))
    return made


def read(
    asked: list[Asked], rests: list[Delay], last: date, country: str, first: date = START
) -> Clock:
    return clock(first=first, last=last, country=country, asked=asked, rests=rests)


def moved(asked: list[Asked], rests: list[Delay], today: date, country: str) -> int:
    late = [one.delay for one in asked if one.is_late_at_all]
    return delivery([*late, *rests], start=START, agreed=START, today=today, country=country).days


def court_of(day: date, asked: list[Asked], rests: list[Delay]) -> Court:
    """As one would say it of a single day, without any interval."""
    for off in rests:
        if off.cause.clients and off.first <= day and (off.last is None or day <= off.last):
            return Court.STOPPED
    waited = False
    for one in asked:
        if one.asked_on < day and (one.closed_on is None or day <= one.closed_on):
            if day > one.answer_by:
                return Court.LATE
            waited = True
    return Court.WAITING if waited else Court.OURS


def walked(asked: list[Asked], rests: list[Delay], last: date, country: str) -> dict[date, Court]:
    found, day = {}, START
    while day <= last:
        if is_working_day(day, country):
            found[day] = court_of(day, asked, rests)
        day += ONE_DAY
    return found


def courts(read_: Clock, country: str) -> dict[date, Court]:
    """By working day, from the spans."""
    return {
        day: span.court
        for span in read_.spans
        for day in working_days(span.first, span.last, country)
    }


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("seed", range(67))
def test_of_a_project_it_is_what_a_walk_from_day_to_day_finds(seed: int, country: str) -> None:
    """Some 200 projects, with a fixed seed each, over Easter, Christmas and national holidays."""
    chance = random.Random(f"{country}{seed}")
    first_asked = [START + timedelta(days=chance.randrange(-5, 280)) for _ in range(12)]
    asked = []
    for number, asked_on in enumerate(first_asked[: chance.randrange(13)]):
        took = chance.choice([None, *range(40)])
        asked.append(
            Asked(
                number // 2,
                asked_on,
                asked_on + timedelta(days=chance.randrange(12)),
                None if took is None else asked_on + timedelta(days=took),
            )
        )
    rests = [
        rest(
            number,
            begun := START + timedelta(days=chance.randrange(280)),
            None if chance.random() < 0.2 else begun + timedelta(days=chance.randrange(25)),
            clients=chance.random() < 0.7,
        )
        for number in range(chance.randrange(4))
    ]
    last = START + timedelta(days=chance.randrange(300))
    got, expected = read(asked, rests, last, country), walked(asked, rests, last, country)
    assert courts(got, country) == expected
    counted = Counter(expected.values())
    assert (got.ours, got.waiting, got.late, got.stopped) == tuple(
        counted[court] for court in Court
    )
    lost = {
        day
        for day in expected
        if expected[day] in (Court.LATE, Court.STOPPED)
        or any(r.first <= day and (r.last is None or day <= r.last) for r in rests)
    }
    assert moved(asked, rests, last, country) == len(lost)


@given(asked_rounds(), stops(), lasts, countries)
def test_spans_follow_one_another_and_sum_to_the_elapsed_days(
    asked: list[Asked], rests: list[Delay], last: date, country: str
) -> None:
    got = read(asked, rests, last, country)
    days = working_days(START, last, country)
    assert got.elapsed == len(days) == sum(span.days for span in got.spans)
    assert [d for s in got.spans for d in working_days(s.first, s.last, country)] == days
    assert all(a.last < b.first for a, b in zip(got.spans, got.spans[1:], strict=False))
    assert all(
        (a.court, a.cause) != (b.court, b.cause)
        for a, b in zip(got.spans, got.spans[1:], strict=False)
    )
    assert got.clients == got.late + got.stopped


@given(st.data(), asked_rounds(), stops(), lasts, countries)
def test_order_does_not_matter(
    data: st.DataObject, asked: list[Asked], rests: list[Delay], last: date, country: str
) -> None:
    shuffled = data.draw(st.permutations(asked)), data.draw(st.permutations(rests))
    assert read(*shuffled, last, country) == read(asked, rests, last, country)


@given(st.data(), asked_rounds(), stops(), lasts, countries)
def test_a_date_moved_there_and_back_restores_everything(
    data: st.DataObject, asked: list[Asked], rests: list[Delay], last: date, country: str
) -> None:
    if not asked:
        return
    before = read(asked, rests, last, country)
    number = data.draw(st.integers(0, len(asked) - 1))
    by = timedelta(days=data.draw(st.integers(1, 30)))
    there = replace(asked[number], answer_by=asked[number].answer_by + by)
    read([*asked[:number], there, *asked[number + 1 :]], rests, last, country)
    back = replace(there, answer_by=there.answer_by - by)
    assert read([*asked[:number], back, *asked[number + 1 :]], rests, last, country) == before


@given(st.data(), asked_rounds(), stops(), lasts, countries)
def test_a_request_within_another_never_lengthens_the_delay_twice(
    data: st.DataObject, asked: list[Asked], rests: list[Delay], last: date, country: str
) -> None:
    """PEER-FAILURES 15: a day on which two answers are late is lost once."""
    late = [one for one in asked if one.is_late_at_all]
    if not late:
        return
    around = data.draw(st.sampled_from(late))
    end = around.closed_on or last
    begin = around.answer_by + timedelta(
        days=data.draw(st.integers(0, max((end - around.answer_by).days, 0)))
    )
    inside = Asked(99, around.asked_on, begin, around.closed_on)
    more = [*asked, inside]
    assert moved(more, rests, last, country) == moved(asked, rests, last, country)
    assert read(more, rests, last, country).clients == read(asked, rests, last, country).clients


@given(st.data(), asked_rounds(), stops(), lasts, countries)
def test_answering_earlier_never_increases_the_clients_time(
    data: st.DataObject, asked: list[Asked], rests: list[Delay], last: date, country: str
) -> None:
    if not asked:
        return
    number = data.draw(st.integers(0, len(asked) - 1))
    one = asked[number]
    end = one.closed_on or last
    earlier = one.asked_on + timedelta(
        days=data.draw(st.integers(0, max((end - one.asked_on).days, 0)))
    )
    sooner = [*asked[:number], replace(one, closed_on=earlier), *asked[number + 1 :]]
    then, now = read(sooner, rests, last, country), read(asked, rests, last, country)
    assert then.clients <= now.clients
    assert then.clients + then.waiting <= now.clients + now.waiting
    assert moved(sooner, rests, last, country) <= moved(asked, rests, last, country)


@given(asked_rounds(), stops(), lasts, countries)
def test_the_days_that_have_passed_do_not_change_as_time_goes_on(
    asked: list[Asked], rests: list[Delay], last: date, country: str
) -> None:
    """What is open stays open: a page looked at a week later tells the same of the days before."""
    open_ = [one for one in asked if one.closed_on is None or one.closed_on <= last]
    now = courts(read(open_, rests, last, country), country)
    later = courts(read(open_, rests, last + timedelta(days=7), country), country)
    assert {day: court for day, court in later.items() if day <= last} == now


@given(asked_rounds(), stops(), lasts, countries)
def test_an_answer_today_is_never_later_than_one_on_the_next_working_day(
    asked: list[Asked], rests: list[Delay], last: date, country: str
) -> None:
    asked = [one for one in asked if one.asked_on <= last]
    next_on = add_working_days(last, 1, country)
    today = moved(if_answered(asked, on=last), rests, last, country)
    tomorrow = moved(if_answered(asked, on=next_on), rests, next_on, country)
    assert today <= tomorrow <= today + 1


@given(asked_rounds(), stops(), lasts, countries)
def test_whose_move_it_is_follows_what_is_open(
    asked: list[Asked], rests: list[Delay], last: date, country: str
) -> None:
    read_ = read(asked, rests, last, country)
    move = whose_move(read_, asked=asked, rests=rests, today=last)
    asked_by_now = [one for one in asked if one.asked_on <= last]
    open_ = any(one.closed_on is None for one in asked_by_now)
    stopped = any(
        one.cause.clients and one.first <= last and (one.last is None or one.last >= last)
        for one in rests
    )
    assert move.is_ours != (open_ or stopped)
    assert move.since >= START or not move.is_ours
    if move.hard_since:
        assert move.since <= move.hard_since <= last


@given(asked_rounds(), stops(), lasts, countries)
def test_what_is_drawn_fills_its_width_without_gaps(
    asked: list[Asked], rests: list[Delay], last: date, country: str
) -> None:
    read_ = read(asked, rests, last, country)
    at = 0.0
    for _, part in strip(read_):
        assert float(part.x[:-1]) == pytest.approx(at, abs=0.011)
        assert float(part.width[:-1]) > 0
        at += float(part.width[:-1])
    if read_.spans:
        assert at == pytest.approx(100, abs=0.011)
    ours, theirs = sides(read_)
    assert all(part.fill == "f-you" for part in ours)
    # Together as far as the longer side is wide: one scale for both.
    widths = [sum(float(part.width[:-1]) for part in side) for side in (ours, theirs)]
    if read_.elapsed:
        assert max(widths) == pytest.approx(100, abs=0.05)
    marks = ticks(read_, working_days(START, last, country))
    places = [float(mark.x[:-1]) for mark in marks]
    assert places == sorted(places)
    assert all(b - a >= 16 for a, b in zip(places[:-1], places[1:-1], strict=False))


def test_the_day_of_asking_is_ours_and_the_day_of_the_answer_is_theirs() -> None:
    one = Asked(1, date(2025, 4, 7), date(2025, 4, 9), date(2025, 4, 10))
    got = read([one], [], date(2025, 4, 11), "HR", first=date(2025, 4, 7))
    cause = Cause(REQUEST, 1)
    assert [(s.first.day, s.days, s.court, s.cause) for s in got.spans] == [
        (7, 1, Court.OURS, None),
        (8, 2, Court.WAITING, cause),
        (10, 1, Court.LATE, cause),
        (11, 1, Court.OURS, None),
    ]


def test_work_that_rests_for_a_reason_of_our_own_is_our_time() -> None:
    own = rest(1, date(2025, 4, 7), date(2025, 4, 9), clients=False)
    got = read([], [own], date(2025, 4, 9), "HR", first=date(2025, 4, 7))
    assert (got.ours, got.clients) == (3, 0)
    assert got.spans[0].cause == Cause(STOP, 1, clients=False)
