"""Lateness: who pays later and later, and when a client usually pays."""

from datetime import date, timedelta
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.lateness import (
    Bill,
    Usual,
    later_and_later,
    points,
    theil_sen_slope,
    usually_pays,
)
from clientdesk.findings import Fact, Finding, FindingUnfounded, Reference, State

JANUARY = date(2025, 1, 1)
LONG_AFTER = date(2030, 1, 1)
lateness = st.lists(st.integers(-10, 60), max_size=14)


def bills_paid(*days_after_due: int) -> list[Bill]:
    """One invoice a month of 30 days, due on its first day, settled so many days after."""
    dues = [JANUARY + timedelta(days=30 * count) for count in range(len(days_after_due))]
    return [
        Bill(count, f"2025-{count:03}", due, due + timedelta(days=days))
        for count, (due, days) in enumerate(zip(dues, days_after_due, strict=True), start=1)
    ]


def open_since(due_on: date, number: int = 99) -> Bill:
    return Bill(number, f"2025-{number:03}", due_on, None)


def judged(bills: list[Bill], on: date = LONG_AFTER) -> Finding:
    return later_and_later(bills, client_id=7, on=on)


def test_three_later_each_time_stand_with_their_invoices() -> None:
    assert judged(bills_paid(3, 9, 21)) == Finding(
        "later_and_later",
        client_id=7,
        state=State.STANDS,
        needs=3,
        seen=3,
        facts=(
            Fact("2025-001", Reference("invoice", 1), 3),
            Fact("2025-002", Reference("invoice", 2), 9),
            Fact("2025-003", Reference("invoice", 3), 21),
        ),
    )


@pytest.mark.parametrize(
    ("days", "state", "shown"),
    [
        ((), State.NOT_ENOUGH_HISTORY, []),
        ((30,), State.NOT_ENOUGH_HISTORY, [30]),
        ((3, 9), State.NOT_ENOUGH_HISTORY, [3, 9]),
        ((0, 3, 9, 21), State.STANDS, [0, 3, 9, 21]),
        ((40, 0, 3, 9), State.STANDS, [0, 3, 9]),
        ((3, 9, 9), State.DOES_NOT_STAND, [3, 9, 9]),
        ((21, 9, 3), State.DOES_NOT_STAND, [21, 9, 3]),
        ((-9, -5, -1), State.DOES_NOT_STAND, [0, 0, 0]),  # in time is in time
        ((4, 2, 5, 4, 4), State.DOES_NOT_STAND, [5, 4, 4]),
        ((0, 3, 2, 5, 4), State.DOES_NOT_STAND, [2, 5, 4]),  # slope 1
        ((0, 2, 4, 5, 5), State.DOES_NOT_STAND, [4, 5, 5]),  # slope 11/8
        ((0, 2, 4, 6, 6), State.STANDS, [0, 2, 4, 6, 6]),  # slope 2
        ((0, 2, 4, 9, 8), State.STANDS, [0, 2, 4, 9, 8]),  # slope 7/3
        ((0, 4, 8, 8), State.DOES_NOT_STAND, [4, 8, 8]),  # steep, but four are too few
    ],
)
def test_what_is_said_of_a_history(days: tuple[int, ...], state: State, shown: list[int]) -> None:
    finding = judged(bills_paid(*days))
    assert finding.state == state
    assert [fact.figure for fact in finding.facts] == shown


@given(lateness)
def test_the_rule_read_aloud(days: list[int]) -> None:
    late = [max(0, day) for day in days]
    rises = len(late) >= 3 and late[-3] < late[-2] < late[-1]
    slopes = [
        Fraction(late[j] - late[i], j - i)
        for i in range(len(late))
        for j in range(i + 1, len(late))
    ]
    steep = len(late) >= 5 and median(slopes) >= 2
    finding = judged(bills_paid(*days))
    assert finding.stands == (rises or steep)
    assert (finding.state == State.NOT_ENOUGH_HISTORY) == (len(late) < 3)
    assert finding.seen == len(late)


@given(lateness.map(lambda days: bills_paid(*days)), st.data())
def test_invoices_count_in_order_of_their_due_dates(bills: list[Bill], data: st.DataObject) -> None:
    assert judged(data.draw(st.permutations(bills))) == judged(bills)


@given(st.integers(-50, 50), st.lists(st.integers(-9, 9), min_size=2, max_size=12))
def test_a_slope_is_that_of_the_line_and_shifts_do_not_matter(rise: int, noise: list[int]) -> None:
    line = [rise * position for position in range(len(noise))]
    assert theil_sen_slope(line) == rise
    assert theil_sen_slope([a + b + 5 for a, b in zip(line, noise, strict=True)]) == (
        rise + theil_sen_slope(noise)
    )


def test_one_outlier_does_not_make_a_trend() -> None:
    assert not judged(bills_paid(2, 2, 2, 90, 2, 2)).stands


def test_the_open_invoice_counts_with_its_days_so_far() -> None:
    bills = [*bills_paid(3, 9), open_since(date(2025, 3, 2))]
    finding = judged(bills, on=date(2025, 3, 23))
    assert finding.state == State.STANDS
    assert finding.facts[-1] == Fact("2025-099", Reference("invoice", 99), 21, so_far=True)


@pytest.mark.parametrize(("on", "counts"), [(1, False), (2, False), (3, True)])
def test_an_open_invoice_says_nothing_before_it_is_overdue(on: int, counts: bool) -> None:
    late = points([open_since(date(2025, 3, 2))], on=date(2025, 3, on))
    assert [point.days for point in late] == ([1] if counts else [])


def test_of_several_open_invoices_the_longest_overdue_speaks() -> None:
    months = [date(2025, 4, 1), date(2025, 2, 1), date(2025, 3, 1)]
    late = points([open_since(due, due.month) for due in months], on=date(2025, 4, 11))
    assert [(point.bill.invoice_id, point.days) for point in late] == [(2, 69)]


@given(lateness, st.integers(0, 500))
def test_a_look_back_knows_nothing_of_what_came_after(days: list[int], passed: int) -> None:
    on = JANUARY + timedelta(days=passed)
    bills = bills_paid(*days)
    then = [
        Bill(b.invoice_id, b.number, b.due_on, b.settled_on if b.settled_on <= on else None)
        for b in bills
        if b.settled_on
    ]
    assert judged(bills, on) == judged(then, on)
    assert usually_pays(bills, on=on) == usually_pays(then, on=on)


def test_what_is_settled_today_is_settled() -> None:
    last = bills_paid(3, 9, 21)[-1]
    assert last.settled_on is not None
    assert [point.so_far for point in points([last], on=last.settled_on)] == [False]
    assert usually_pays(bills_paid(3, 9, 21), on=last.settled_on) == Usual(9, 3, 21, 3)


def test_usually_pays_takes_the_last_nine_and_their_middle_half() -> None:
    bills = bills_paid(29, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9)
    assert usually_pays(bills, on=LONG_AFTER) == Usual(median=5, low=3, high=7, of=9)


@pytest.mark.parametrize(
    ("days", "usual"),
    [
        ((5, 6), None),
        ((4, 4, 4), Usual(4, 4, 4, 3)),
        ((-3, 0, 6), Usual(0, -3, 6, 3)),
        ((1, 2, 3, 4), Usual(3, 2, 3, 4)),  # half a day goes up
        ((-4, -3, -2, -1), Usual(-2, -3, -2, 4)),
        ((1, 2, 3, 4, 5, 6), Usual(4, 2, 5, 6)),
    ],
)
def test_usual_days_of_few(days: tuple[int, ...], usual: Usual | None) -> None:
    assert usually_pays(bills_paid(*days), on=LONG_AFTER) == usual


def test_the_last_nine_are_those_settled_last() -> None:
    forgotten = Bill(1, "2020-001", date(2025, 1, 1), date(2028, 1, 1))
    bills = [forgotten, *bills_paid(*[5] * 9)]
    usual = usually_pays(bills, on=LONG_AFTER)
    assert usual == Usual(5, 5, 5, 9)
    assert usually_pays([forgotten, *bills[-2:]], on=LONG_AFTER) == Usual(5, 5, 1095, 3)


@given(st.lists(st.integers(-30, 90), min_size=3, max_size=30))
def test_half_of_the_last_nine_lie_in_the_range(days: list[int]) -> None:
    usual = usually_pays(bills_paid(*sorted(days)), on=LONG_AFTER)
    assert usual is not None
    last = sorted(days)[-9:]
    assert usual.of == len(last)
    assert usual.low <= usual.median <= usual.high
    assert 2 * sum(usual.low <= day <= usual.high for day in last) >= len(last)


@pytest.mark.parametrize(
    ("state", "seen", "facts"),
    [
        (State.STANDS, 2, (Fact("2025-001", Reference("invoice", 1), 3),)),
        (State.DOES_NOT_STAND, 2, ()),
        (State.NOT_ENOUGH_HISTORY, 3, ()),
        (State.STANDS, 3, ()),
    ],
)
def test_a_finding_without_its_facts_is_refused(
    state: State, seen: int, facts: tuple[Fact, ...]
) -> None:
    with pytest.raises(FindingUnfounded):
        Finding("later_and_later", 7, state, needs=3, seen=seen, facts=facts)
