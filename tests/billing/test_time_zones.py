"""The workspace's local day decides, also far from UTC and on days of 23 or 25 hours."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from billing.models import Invoice
from billing.operations.sweeping import sweep_all
from clientdesk.outbox.models import Message
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from tests.billing import desk
from tests.billing.desk import TODAY, days

ZONES = ("Pacific/Auckland", "America/Los_Angeles", "Pacific/Kiritimati", "UTC")
HOUR = timedelta(hours=1)


@pytest.fixture(params=ZONES)
def far(request: pytest.FixtureRequest, db: None) -> Iterator[Workspace]:
    workspace = desk.workspace(time_zone=request.param)
    with acting_in(workspace.pk):
        desk.ladder(workspace)
        yield workspace


def midnight(at: Workspace, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(at.time_zone)).astimezone(UTC)


def climbed(now: datetime) -> int:
    return sum(result.queued for result in sweep_all(now=now).values())


def test_the_rung_comes_with_the_local_day_and_not_a_minute_before(far: Workspace) -> None:
    desk.invoice(desk.client(far))
    turn = midnight(far, TODAY + days(3))
    assert climbed(turn - desk.MINUTE) == 0
    assert climbed(turn) == 1
    assert Message.objects.get().day == TODAY + days(3)


# Clocks go back and forward in Auckland and in Los Angeles; the workspace is in either.
@pytest.mark.parametrize(
    "changing", [date(2025, 4, 6), date(2025, 9, 28), date(2025, 3, 9), date(2025, 11, 2)]
)
@pytest.mark.parametrize("distance", [0, 1])
def test_on_days_that_are_longer_or_shorter_it_is_still_the_day(
    far: Workspace, changing: date, distance: int
) -> None:
    step_on = changing + days(distance)
    desk.invoice(desk.client(far), due_on=step_on - days(3))
    turn = midnight(far, step_on)
    assert climbed(turn - desk.MINUTE) == 0
    for hour in range(26):
        climbed(turn + hour * HOUR)
    assert Message.objects.count() == 1


def test_stored_days_stay_as_they_are_typed(far: Workspace) -> None:
    invoice = desk.invoice(desk.client(far), due_on=date(2025, 3, 31))
    for _ in range(3):
        invoice = Invoice.objects.get(pk=invoice.pk)
        invoice.save()
    assert (invoice.issued_on, invoice.due_on) == (date(2025, 3, 17), date(2025, 3, 31))
    assert invoice.next_step_on == date(2025, 4, 3)


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Pacific/Auckland", TODAY + days(1)), ("America/Los_Angeles", TODAY)],
)
def test_the_same_instant_is_another_day_elsewhere(db: None, zone: str, day: date) -> None:
    evening = datetime(2025, 5, 14, 23, 30, tzinfo=UTC)
    assert desk.workspace(time_zone=zone).local_today(evening) == day
