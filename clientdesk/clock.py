"""The only door to the system clock. Views, tasks and commands knock; nobody else does."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def today(tz: str, *, at: datetime | None = None) -> date:
    """The calendar day in time zone `tz` at the instant `at`, or now."""
    return (at or now()).astimezone(ZoneInfo(tz)).date()
