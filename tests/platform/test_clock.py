"""Today is a place's today."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk import clock


def test_now_is_an_aware_instant_in_utc() -> None:
    before, now, after = datetime.now(UTC), clock.now(), datetime.now(UTC)
    assert before <= now <= after
    assert now.tzinfo == UTC


@pytest.mark.parametrize(
    ("zone", "instant", "day"),
    [
        # Sydney's morning is yesterday in UTC (InvoiceShelf#491).
        ("Australia/Sydney", datetime(2025, 5, 13, 20, 0, tzinfo=UTC), date(2025, 5, 14)),
        ("Pacific/Auckland", datetime(2025, 12, 31, 11, 0, tzinfo=UTC), date(2026, 1, 1)),
        ("Pacific/Auckland", datetime(2025, 12, 31, 10, 59, tzinfo=UTC), date(2025, 12, 31)),
        ("America/Los_Angeles", datetime(2025, 3, 9, 7, 59, tzinfo=UTC), date(2025, 3, 8)),
        ("America/Los_Angeles", datetime(2025, 3, 10, 6, 59, tzinfo=UTC), date(2025, 3, 9)),
        # The clocks go forward and back in Zagreb: midnight is at 23:00, then at 22:00 UTC.
        ("Europe/Zagreb", datetime(2025, 3, 29, 23, 0, tzinfo=UTC), date(2025, 3, 30)),
        ("Europe/Zagreb", datetime(2025, 3, 30, 22, 0, tzinfo=UTC), date(2025, 3, 31)),
        ("Europe/Zagreb", datetime(2025, 10, 26, 22, 59, tzinfo=UTC), date(2025, 10, 26)),
        ("Europe/Zagreb", datetime(2025, 10, 26, 23, 0, tzinfo=UTC), date(2025, 10, 27)),
    ],
)
def test_peer_07_the_day_is_the_zones_day(zone: str, instant: datetime, day: date) -> None:
    assert clock.today(zone, at=instant) == day


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1)),
    st.sampled_from(["Pacific/Auckland", "America/Los_Angeles", "Europe/Zagreb", "UTC"]),
    st.integers(-12, 14),
)
def test_an_instant_has_one_day_however_it_is_written(
    naive: datetime, zone: str, offset: int
) -> None:
    instant = naive.replace(tzinfo=UTC)
    elsewhere = instant.astimezone(timezone(timedelta(hours=offset)))
    assert clock.today(zone, at=elsewhere) == clock.today(zone, at=instant)


def test_without_an_instant_it_is_the_day_of_now() -> None:
    zone = ZoneInfo("Pacific/Auckland")
    before, day, after = datetime.now(zone), clock.today("Pacific/Auckland"), datetime.now(zone)
    assert day in {before.date(), after.date()}


def test_an_unknown_zone_is_an_error() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        clock.today("Europe/Nowhere")
