"""The ladder's four rules, for every ladder and every overdue thing, against a naive reading."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from clientdesk.calendars import is_working_day
from clientdesk.ladder import (
    MONEY_DEFAULT,
    Calendar,
    Climbed,
    Effect,
    Hold,
    Ladder,
    NextStep,
    Overdue,
    Rung,
    due_step,
    next_step,
    walk,
)

ONE_DAY = timedelta(days=1)
NAMES = ("before", "reminder", "firm", "stop_work", "final", "decide")
DUE = date(2025, 4, 18)  # Good Friday; Easter Monday, 25 April and 1 May are near
WINDOW = 150


def days_near(low: int = -20, high: int = 60) -> st.SearchStrategy[date]:
    return st.integers(low, high).map(lambda count: DUE + timedelta(days=count))


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    offsets = draw(st.lists(st.integers(-5, 40), min_size=1, max_size=6, unique=True).map(sorted))
    rungs = tuple(
        Rung(name, offset, Effect.MAIL, automatic=draw(st.booleans()))
        for name, offset in zip(NAMES, offsets, strict=False)
    )
    return Ladder(rungs, draw(st.sampled_from(Calendar)))


@st.composite
def holds(draw: st.DrawFn) -> Hold:
    first = draw(days_near())
    length = draw(st.none() | st.integers(0, 20))
    return Hold(first, None if length is None else first + timedelta(days=length))


overdues = st.builds(
    Overdue,
    due_on=days_near(-5, 5),
    country=st.sampled_from(["", "HR", "DE", "391"]),
    started_on=st.none() | days_near(),
    climbed=st.just(()),
    holds=st.lists(holds(), max_size=3).map(tuple),
    settled_on=st.none() | days_near(-20, 100),
)
firsts = days_near(-30, 50)


def climbed_by(overdue: Overdue, step: NextStep) -> Overdue:
    return replace(overdue, climbed=(*overdue.climbed, Climbed(step.rung.name, step.on)))


def days_from(first: date) -> list[date]:
    return [first + ONE_DAY * count for count in range(WINDOW)]


def held(overdue: Overdue, day: date) -> bool:
    return any(
        hold.first <= day and (hold.until is None or day <= hold.until) for hold in overdue.holds
    )


def read_naively(ladder: Ladder, overdue: Overdue, days: list[date]) -> list[tuple[str, date]]:
    """The rules as DESIGN words them, one day after the other, sharing nothing with the engine."""
    sent: list[tuple[str, date]] = []
    left = list(ladder.rungs)
    for day in days:
        if overdue.settled_on is not None and overdue.settled_on <= day:
            break
        while left and lapsed(left[0], ladder, overdue, sent, day):
            del left[0]
        if left and may_come(left[0], ladder, overdue, sent, day):
            sent.append((left.pop(0).name, day))
    return sent


def may_come(
    rung: Rung, ladder: Ladder, overdue: Overdue, sent: list[tuple[str, date]], day: date
) -> bool:
    offsets = {one.name: one.offset for one in ladder.rungs}
    return (
        not held(overdue, day)
        and (ladder.calendar == Calendar.NONE or is_working_day(day, overdue.country))
        and (day - overdue.due_on).days >= rung.offset
        and (overdue.started_on is None or day >= overdue.started_on)
        and (not sent or (day - sent[-1][1]).days >= rung.offset - offsets[sent[-1][0]])
    )


def lapsed(
    rung: Rung, ladder: Ladder, overdue: Overdue, sent: list[tuple[str, date]], day: date
) -> bool:
    """A note "still in time" that was asked for too late, or has no free day left before."""
    if rung.offset >= 0:
        return False
    own_day = overdue.due_on + rung.offset * ONE_DAY
    if overdue.started_on is not None and own_day <= overdue.started_on:
        return True
    left = [day + ONE_DAY * n for n in range((overdue.due_on - day).days + 1)]
    return not any(may_come(rung, ladder, overdue, sent, one) for one in left)


def sweep_on(days: list[date], ladder: Ladder, overdue: Overdue) -> list[tuple[str, date]]:
    """What real sweeps on these days climb, each asked twice as a second beat would."""
    sent: list[tuple[str, date]] = []
    for day in days:
        for _ in range(2):
            step = due_step(ladder, overdue, today=day)
            if step is not None:
                sent.append((step.rung.name, step.on))
                overdue = climbed_by(overdue, step)
    return sent


@given(ladders(), overdues, firsts, st.integers(1, WINDOW))
def test_walk_climbs_what_the_rules_say(
    ladder: Ladder, overdue: Overdue, first: date, length: int
) -> None:
    days = days_from(first)[:length]
    steps = walk(ladder, overdue, first=first, last=days[-1])
    assert [(step.rung.name, step.on) for step in steps] == read_naively(ladder, overdue, days)


@given(ladders(), overdues, firsts)
def test_walk_agrees_with_daily_sweeps(ladder: Ladder, overdue: Overdue, first: date) -> None:
    days = days_from(first)
    steps = walk(ladder, overdue, first=first, last=days[-1])
    assert [(step.rung.name, step.on) for step in steps] == sweep_on(days, ladder, overdue)


@given(ladders(), overdues, firsts)
def test_next_step_names_the_first_day_that_is_due(
    ladder: Ladder, overdue: Overdue, first: date
) -> None:
    step = next_step(ladder, overdue, not_before=first)
    due = [day for day in days_from(first) if due_step(ladder, overdue, today=day)]
    if step is None or step.on > days_from(first)[-1]:
        assert due == []
    else:
        assert due[0] == step.on


@given(ladders(), overdues, st.sets(st.integers(0, WINDOW - 1)))
def test_peer_02_after_missed_days_rungs_follow_one_at_a_time(
    ladder: Ladder, overdue: Overdue, up: set[int]
) -> None:
    days = [day for count, day in enumerate(days_from(DUE - 10 * ONE_DAY)) if count in up]
    sent = sweep_on(days, ladder, overdue)
    offsets = {rung.name: rung.offset for rung in ladder.rungs}
    names = [rung.name for rung in ladder.rungs if rung.offset >= 0]
    late = [name for name, _ in sent if offsets[name] >= 0]
    assert late == names[: len(late)]
    assert [offsets[name] for name, _ in sent] == sorted({offsets[name] for name, _ in sent})
    for name, day in sent:
        assert (day - overdue.due_on).days >= offsets[name]
        assert overdue.started_on is None or day >= overdue.started_on
        assert not held(overdue, day)
        assert overdue.settled_on is None or day < overdue.settled_on
    for (earlier, on), (later, after) in zip(sent, sent[1:], strict=False):
        assert (after - on).days >= offsets[later] - offsets[earlier]


@given(ladders(), overdues, st.sets(st.integers(0, 60)))
def test_after_an_outage_the_ladder_is_climbed_to_its_end(
    ladder: Ladder, overdue: Overdue, down: set[int]
) -> None:
    endless = replace(overdue, settled_on=None, holds=())
    days = [DUE + ONE_DAY * count for count in range(-20, 300) if count not in down]
    firm = [rung.name for rung in ladder.rungs if rung.offset >= 0]
    assert [name for name, _ in sweep_on(days, ladder, endless) if name in firm] == firm


@given(st.integers(-60, 120), st.integers(-60, 200), st.sampled_from(["", "HR", "391"]))
@example(60, -60, "")  # dolibarr#30771: "60 days overdue" went out 60 days before the due date
@example(60, 59, "")
def test_peer_06_never_before_due_plus_n(offset: int, day: int, country: str) -> None:
    for calendar in Calendar:
        ladder = Ladder((Rung("only", offset, Effect.MAIL),), calendar)
        step = due_step(ladder, Overdue(DUE, country), today=DUE + timedelta(days=day))
        assert step is None or day >= offset
        if calendar == Calendar.NONE:
            assert (step is not None) == (day >= offset and (offset >= 0 or day <= 0))


def test_peer_01_a_thousand_sweeps_in_a_day_climb_once() -> None:
    friday = DUE + 7 * ONE_DAY
    assert sweep_on([friday] * 1000, MONEY_DEFAULT, Overdue(DUE)) == [("reminder", friday)]


@given(ladders(), overdues, days_near(-20, 100))
def test_peer_04_nothing_on_or_after_the_day_of_payment(
    ladder: Ladder, overdue: Overdue, paid_on: date
) -> None:
    days = days_from(DUE - 30 * ONE_DAY)
    unpaid, paid = replace(overdue, settled_on=None), replace(overdue, settled_on=paid_on)
    before = [step for step in sweep_on(days, ladder, unpaid) if step[1] < paid_on]
    assert sweep_on(days, ladder, paid) == before


@given(ladders(), overdues, st.integers(1, 30))
def test_a_hold_suspends_and_the_climb_goes_on_where_it_was(
    ladder: Ladder, overdue: Overdue, length: int
) -> None:
    free = replace(overdue, settled_on=None, holds=())
    hold = Hold(DUE + 5 * ONE_DAY, DUE + (4 + length) * ONE_DAY)
    days = [DUE + ONE_DAY * count for count in range(-20, 300)]
    without = sweep_on(days, ladder, free)
    under = sweep_on(days, ladder, replace(free, holds=(hold,)))
    assert [name for name, _ in under] == [name for name, _ in without]
    for (_, on), (_, planned) in zip(under, without, strict=True):
        assert on >= planned
        if planned < hold.first:
            assert on == planned
