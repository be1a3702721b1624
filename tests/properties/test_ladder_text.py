"""The ladder as its owner writes it, and a few of its days told one by one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.ladder import (
    EFFECT_OF,
    MONEY_DEFAULT,
    Calendar,
    Climbed,
    Effect,
    Hold,
    Ladder,
    LadderInvalid,
    Overdue,
    Rung,
    due_step,
    format_ladder,
    next_step,
    parse_ladder,
    walk,
)

FIRST, LAST = date(2025, 4, 1), date(2025, 7, 31)


def test_the_default_for_money() -> None:
    assert MONEY_DEFAULT.calendar == Calendar.CLIENT
    assert list(MONEY_DEFAULT.rungs) == [
        Rung("reminder", 3, Effect.MAIL),
        Rung("stop_work", 10, Effect.STOP, automatic=False),
        Rung("final", 19, Effect.MAIL, automatic=False),
        Rung("decide", 33, Effect.TASK),
    ]


@given(
    st.lists(st.from_regex(r"[a-z][a-z_]{0,38}", fullmatch=True), min_size=1, unique=True),
    st.data(),
)
def test_what_is_written_is_read_back(names: list[str], data: st.DataObject) -> None:
    count = len(names)
    offsets = data.draw(
        st.lists(st.integers(-999, 999), min_size=count, max_size=count, unique=True).map(sorted)
    )
    reviews = data.draw(st.lists(st.booleans(), min_size=count, max_size=count))
    written = ",".join(
        f"{name}:{offset}{':review' if review else ''}"
        for name, offset, review in zip(names, offsets, reviews, strict=True)
    )
    ladder = parse_ladder(written, calendar=Calendar.NONE)
    assert [(rung.name, rung.offset, rung.automatic) for rung in ladder.rungs] == [
        (name, offset, not review)
        for name, offset, review in zip(names, offsets, reviews, strict=True)
    ]
    assert format_ladder(ladder) == written


own_name = st.from_regex(r"[a-z][a-z_]{0,38}", fullmatch=True).filter(
    lambda name: name not in EFFECT_OF
)
known_rung = st.builds(
    lambda name, review: (name, EFFECT_OF[name], not review),
    st.sampled_from(sorted(EFFECT_OF)),
    st.booleans(),
)
own_rung = st.tuples(own_name, st.sampled_from(Effect), st.booleans())


@given(
    st.lists(known_rung | own_rung, min_size=1, max_size=12, unique_by=lambda rung: rung[0]),
    st.data(),
)
def test_every_ladder_is_written_so_that_it_reads_the_same(
    rungs: list[tuple[str, Effect, bool]], data: st.DataObject
) -> None:
    count = len(rungs)
    offsets = data.draw(
        st.lists(st.integers(-999, 999), min_size=count, max_size=count, unique=True).map(sorted)
    )
    ladder = Ladder(
        tuple(
            Rung(name, offset, effect, automatic)
            for (name, effect, automatic), offset in zip(rungs, offsets, strict=True)
        )
    )
    assert parse_ladder(format_ladder(ladder)) == ladder


@pytest.mark.parametrize(
    ("text", "rung"),
    [
        ("pause_now:12:stop:review", Rung("pause_now", 12, Effect.STOP, automatic=False)),
        ("pause_now:12:review:stop", Rung("pause_now", 12, Effect.STOP, automatic=False)),
        ("call_them:5:task", Rung("call_them", 5, Effect.TASK)),
        ("second_note:5", Rung("second_note", 5, Effect.MAIL)),
        ("stop_work:10:stop", Rung("stop_work", 10, Effect.STOP)),
    ],
)
def test_a_name_of_ones_own_may_say_what_it_does(text: str, rung: Rung) -> None:
    assert parse_ladder(text).rungs == (rung,)


@pytest.mark.parametrize(
    ("text", "named", "expected"),
    [
        ("reminder:3:stop", "step 1, 'reminder:3:stop'", "expected mail for reminder"),
        ("stop_work:3:mail", "step 1, 'stop_work:3:mail'", "expected stop for stop_work"),
        ("call:3:task:mail", "step 1, 'call:3:task:mail'", "one of :mail, :stop, :task"),
        ("call:3:task:task", "step 1, 'call:3:task:task'", "one of :mail, :stop, :task"),
        ("call:3:review:review", "step 1, 'call:3:review:review'", "expected nothing or :review"),
        ("", "step 1, ''", "expected a name"),
        ("reminder", "step 1, 'reminder'", "expected days after the due date"),
        ("Reminder:3", "step 1, 'Reminder:3'", "expected a name of small letters"),
        ("reminder\n:3", "step 1, 'reminder\\n:3'", "expected a name of small letters"),
        ("reminder:3,", "step 2, ''", "expected a name"),
        ("reminder:three", "step 1, 'reminder:three'", "expected days after the due date"),
        ("reminder:3.5", "step 1, 'reminder:3.5'", "expected days after the due date"),
        ("reminder:1000", "step 1, 'reminder:1000'", "expected days after the due date"),
        ("reminder:٣", "step 1, 'reminder:٣'", "expected days after the due date"),
        ("reminder:3:auto", "step 1, 'reminder:3:auto'", "expected nothing or :review"),
        ("reminder:3:", "step 1, 'reminder:3:'", "expected nothing or :review"),
        ("reminder:3,final:3", "step 2, 'final:3'", "expected more days than 3"),
        ("final:20,reminder:3", "step 2, 'reminder:3'", "expected more days than 20"),
        ("reminder:3,reminder:9", "step 2, 'reminder:9'", "expected each name once"),
    ],
)
def test_a_bad_ladder_is_refused_by_step_value_and_expectation(
    text: str, named: str, expected: str
) -> None:
    with pytest.raises(LadderInvalid) as refused:
        parse_ladder(text)
    assert str(refused.value).startswith(f"{named}: ")
    assert expected in str(refused.value)


def test_days_roll_over_weekends_and_the_clients_holidays() -> None:
    # Due Maundy Thursday 2025: +3 is Easter Sunday; Monday is a holiday in Croatia.
    steps = list(walk(MONEY_DEFAULT, Overdue(date(2025, 4, 17), "HR"), first=FIRST, last=LAST))
    assert [(step.rung.name, step.on) for step in steps] == [
        ("reminder", date(2025, 4, 22)),
        ("stop_work", date(2025, 4, 29)),
        ("final", date(2025, 5, 8)),
        ("decide", date(2025, 5, 22)),
    ]


def test_without_a_calendar_days_are_days() -> None:
    ladder = parse_ladder("reminder:3,stop_work:10,final:20", calendar=Calendar.NONE)
    steps = walk(ladder, Overdue(date(2025, 4, 17), "HR"), first=FIRST, last=LAST)
    assert [step.on for step in steps] == [date(2025, 4, 20), date(2025, 4, 27), date(2025, 5, 7)]


def test_a_country_of_digits_has_weekends_only() -> None:
    step = next_step(MONEY_DEFAULT, Overdue(date(2025, 4, 17), "391"))
    assert step is not None
    assert step.on == date(2025, 4, 21)


def test_what_came_in_overdue_starts_at_the_first_rung() -> None:
    imported = Overdue(date(2024, 1, 2), started_on=date(2025, 4, 23))
    steps = list(walk(MONEY_DEFAULT, imported, first=FIRST, last=LAST))
    assert [(step.rung.name, step.on) for step in steps] == [
        ("reminder", date(2025, 4, 23)),
        ("stop_work", date(2025, 4, 30)),
        ("final", date(2025, 5, 9)),
        ("decide", date(2025, 5, 23)),
    ]


def test_a_hold_without_an_end_suspends_until_it_has_one() -> None:
    disputed = Overdue(date(2025, 4, 17), holds=(Hold(date(2025, 4, 1), None),))
    assert next_step(MONEY_DEFAULT, disputed) is None
    ended = Overdue(date(2025, 4, 17), holds=(Hold(date(2025, 4, 1), date(2025, 4, 25)),))
    step = next_step(MONEY_DEFAULT, ended)
    assert step is not None
    assert step.on == date(2025, 4, 28)  # the hold ends on a Friday


def test_a_window_holds_its_first_and_its_last_day() -> None:
    reminded = date(2025, 4, 10)
    steps = walk(MONEY_DEFAULT, Overdue(date(2025, 4, 7)), first=reminded, last=reminded)
    assert [(step.rung.name, step.on) for step in steps] == [("reminder", reminded)]


def test_a_day_that_rolls_into_a_hold_leaves_it_on_a_working_day() -> None:
    # +3 is a Saturday, Monday to Friday are held, and so the day is the Monday after.
    held = (Hold(date(2025, 4, 14), date(2025, 4, 18)),)
    step = next_step(MONEY_DEFAULT, Overdue(date(2025, 4, 9), holds=held))
    assert step is not None
    assert step.on == date(2025, 4, 21)


def test_a_missed_day_waits_for_a_working_day() -> None:
    overdue = Overdue(date(2025, 4, 7))
    assert due_step(MONEY_DEFAULT, overdue, today=date(2025, 4, 12)) is None  # Saturday
    step = due_step(MONEY_DEFAULT, overdue, today=date(2025, 4, 14))
    assert step is not None
    assert (step.rung.name, step.on) == ("reminder", date(2025, 4, 14))


@pytest.mark.parametrize(("paid_on", "reminded"), [(10, False), (11, True), (9, False)])
def test_a_payment_on_the_day_itself_suppresses(paid_on: int, reminded: bool) -> None:
    overdue = Overdue(date(2025, 4, 7), settled_on=date(2025, 4, paid_on))  # reminder on the 10th
    steps = list(walk(MONEY_DEFAULT, overdue, first=FIRST, last=LAST))
    assert [step.on for step in steps] == ([date(2025, 4, 10)] if reminded else [])


def test_after_the_ladder_was_changed_nothing_is_climbed_again() -> None:
    climbed = (Climbed("kind", date(2025, 4, 10)), Climbed("reminder", date(2025, 4, 15)))
    shorter = parse_ladder("reminder:3,stop_work:10,final:20", calendar=Calendar.NONE)
    step = next_step(shorter, Overdue(date(2025, 4, 7), climbed=climbed))
    assert step is not None
    assert (step.rung.name, step.on) == ("stop_work", date(2025, 4, 22))


def test_a_ladder_with_other_names_starts_on_another_day() -> None:
    climbed = (Climbed("kind", date(2025, 4, 10)),)
    step = next_step(MONEY_DEFAULT, Overdue(date(2025, 4, 7), climbed=climbed))
    assert step is not None
    assert (step.rung.name, step.on) == ("reminder", date(2025, 4, 11))


def test_a_day_past_the_calendar_never_comes() -> None:
    assert next_step(MONEY_DEFAULT, Overdue(date.max)) is None
    for_ever = (Hold(date(2025, 4, 1), date.max),)
    assert due_step(MONEY_DEFAULT, Overdue(FIRST, holds=for_ever), today=LAST) is None
