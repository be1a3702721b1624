"""What a client brings: the sums hold, more money never lowers it, nothing divides by nothing."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from offboarding.rules.worth import NEEDS_MINUTES, Assumptions, Worth, outlook, per_hour

times = st.integers(0, 20_000)
worths = st.builds(
    Worth,
    received=st.dictionaries(
        st.sampled_from(["EUR", "USD"]), st.integers(0, 10_000_000), max_size=2
    ),
    work=times,
    chasing=times,
    revision=times,
    days_lost=st.integers(0, 90),
    agreed_rate=st.none() | st.integers(0, 20_000),
)
assumed = st.builds(
    Assumptions,
    minutes=times,
    paid=st.integers(0, 200),
    elsewhere=st.integers(0, 20_000),
    filled=st.integers(0, 100),
)


@given(worths)
def test_the_kinds_of_hours_sum_to_all_hours(worth: Worth) -> None:
    assert worth.minutes == worth.work + worth.chasing + worth.revision
    assert sum(worth.shares) == (Fraction(1) if worth.minutes else Fraction(0))


@given(worths)
def test_without_enough_or_in_two_currencies_there_is_no_rate(worth: Worth) -> None:
    known = worth.minutes >= NEEDS_MINUTES and set(worth.received) <= {"EUR"}
    assert (worth.per_hour is not None) is known


@given(worths, st.integers(0, 1_000_000))
def test_more_money_never_lowers_what_an_hour_brings(worth: Worth, more: int) -> None:
    richer = replace(worth, received={**worth.received, "EUR": worth.received.get("EUR", 0) + more})
    if worth.per_hour is not None and richer.per_hour is not None:
        assert richer.per_hour >= worth.per_hour
        assert (richer.less or 0) <= (worth.less or 0) or worth.less is None


@given(worths, st.integers(1, 5_000))
def test_more_hours_never_raise_it(worth: Worth, more: int) -> None:
    longer = replace(worth, chasing=worth.chasing + more)
    if worth.per_hour is not None and longer.per_hour is not None:
        assert longer.per_hour <= worth.per_hour


@given(st.integers(0, 10**9), st.integers(1, 10**5))
def test_a_rate_is_within_half_a_unit(received: int, minutes: int) -> None:
    exact = Fraction(received * 60, minutes)
    assert abs(per_hour(received, minutes) - exact) <= Fraction(1, 2)


@given(st.integers(0, 10**8), assumed)
def test_the_outlook_follows_its_assumptions(received: int, taken: Assumptions) -> None:
    found = outlook(received, taken)
    assert found.difference == found.leave - found.stay
    assert outlook(received, replace(taken, paid=0)).stay == 0
    assert outlook(received, replace(taken, filled=0)).leave == 0
    if taken.paid == 100:
        assert found.stay == received
    busier = outlook(received, replace(taken, filled=min(100, taken.filled + 10)))
    assert busier.leave >= found.leave
