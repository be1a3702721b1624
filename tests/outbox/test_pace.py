"""How large a group may be, and what becomes of one that does not end well."""

from hypothesis import given
from hypothesis import strategies as st

from clientdesk.outbox.pace import GROWTH, MOST, SPAN, Pace

SECONDS = st.floats(0, 100, allow_nan=False)


def test_it_begins_with_one() -> None:
    assert Pace().size == 1


@given(st.lists(SECONDS, max_size=30))
def test_a_group_is_at_most_what_the_last_one_says_fits(seconds: list[float]) -> None:
    pace = Pace()
    for each in seconds:
        before = pace.size
        pace.took(before, before * each)
        assert 1 <= pace.size <= min(MOST, GROWTH * before)
        assert pace.size == 1 or pace.size * each <= SPAN * 1.001


def test_a_fast_server_gets_large_groups_soon() -> None:
    pace = Pace()
    sizes = []
    for _ in range(5):
        sizes.append(pace.size)
        pace.took(pace.size, pace.size * 0.0004)
    assert sizes == [1, 4, 16, 50, 50]


def test_a_slow_server_gets_one_at_a_time() -> None:
    pace = Pace()
    for _ in range(5):
        pace.took(pace.size, pace.size * 0.051)
        assert pace.size == 1


def test_a_lost_session_begins_anew() -> None:
    pace = Pace()
    pace.took(1, 0)
    assert pace.size > 1
    pace.broke()
    assert pace.size == 1
