"""A clock that is set back and forward, that changes in spring and autumn, and differs by place.

PEER-FAILURES 7: stored dates unchanged, the local send hour exact.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from billing.models import Invoice
from billing.operations.sweeping import sweep_all
from clientdesk.ladder import Calendar
from clientdesk.outbox.delivery import deliver
from clientdesk.outbox.models import Message
from clientdesk.workspaces.scoping import acting_in
from tests.billing.desk import MINUTE, TODAY, days
from tests.faults.days import OFFSETS, Place, climbed, holds_true, place, tick
from tests.outbox.mailserver import MailServer

pytestmark = pytest.mark.django_db

ZONES = {"far": "Pacific/Kiritimati", "mid": "Europe/Berlin", "west": "America/Los_Angeles"}
HOUR = timedelta(hours=1)
BACK, FORWARD = -2 * HOUR, 25 * HOUR


def places(due_on: date, calendar: Calendar = Calendar.NONE) -> list[tuple[Place, list[Invoice]]]:
    """One workspace in each zone, with a client of one and a client of two invoices."""
    made = []
    for slug, zone in ZONES.items():
        here = place(slug, zone, calendar=calendar)
        invoices = here.owe("Lune", due_on) + here.owe("Kafka", due_on, due_on + days(4))
        made.append((here, invoices))
    return made


def midnight(day: date, zone: str = "UTC") -> datetime:
    return datetime.combine(day, time(0), ZoneInfo(zone)).astimezone(UTC)


def everything_went(all_places: list[tuple[Place, list[Invoice]]], server: MailServer) -> None:
    for here, invoices in all_places:
        holds_true(here)
        for invoice in invoices:
            assert list(climbed(invoice)) == list(OFFSETS)
    steps = [(m.to, step) for m in server.received() for step in m.steps]
    assert len(steps) == len(set(steps)) == 3 * 3 * len(ZONES)


@pytest.mark.parametrize("jump", [BACK, FORWARD], ids=["back", "forward"])
@pytest.mark.parametrize("hour", [7, 16])
def test_a_clock_set_between_two_passes(server: MailServer, jump: timedelta, hour: int) -> None:
    """Set on the day of the first rung, at an hour that is another one in each workspace."""
    all_places = places(TODAY)
    now = midnight(TODAY)
    jump_at = midnight(TODAY + days(3)) + hour * HOUR
    jumped = False
    while now < midnight(TODAY + days(34)):
        tick(now)
        if not jumped and now >= jump_at:
            now, jumped = now + jump, True
        else:
            now += 3 * HOUR
    everything_went(all_places, server)


def jumping(start: datetime, jump: timedelta, *, after: int) -> Callable[[], datetime]:
    """A clock that jumps when it has been asked `after` times."""
    asked = 0

    def now() -> datetime:
        nonlocal asked
        asked += 1
        return start + asked * timedelta(milliseconds=1) + (jump if asked > after else 0 * jump)

    return now


@pytest.mark.parametrize("jump", [BACK, FORWARD], ids=["back", "forward"])
@pytest.mark.parametrize("after", [1, 3, 6, 10])
def test_a_clock_set_in_the_middle_of_a_pass(
    server: MailServer, jump: timedelta, after: int
) -> None:
    """Noon in Berlin: two hours back and a day and an hour on are daytime, too."""
    here = place("mid", "Europe/Berlin")
    invoices = [here.owe(f"Client{n}", TODAY)[0] for n in range(6)]
    noon = midnight(TODAY + days(3)) + 10 * HOUR
    sweep_all(now=noon)
    deliver(now=jumping(noon + MINUTE, jump, after=after))
    now = noon + (jump if jump > 0 * HOUR else 0 * HOUR) + HOUR
    while now < midnight(TODAY + days(28)):
        tick(now)
        now += 4 * HOUR
    with acting_in(here.workspace.pk):
        assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    for invoice in invoices:
        assert list(climbed(invoice)) == list(OFFSETS)
    holds_true(here)
    assert len(server.received()) == 3 * len(invoices)


# Reminders fall on the day on which clocks change: in Berlin, in Los Angeles, there and back.
@pytest.mark.parametrize(
    "changes", [date(2025, 3, 30), date(2025, 10, 26), date(2025, 3, 9), date(2025, 11, 2)]
)
@pytest.mark.parametrize("calendar", [Calendar.NONE, Calendar.CLIENT])
def test_days_on_which_clocks_change(server: MailServer, changes: date, calendar: Calendar) -> None:
    due_on = changes - days(3)
    all_places = places(due_on, calendar)
    now = midnight(due_on)
    while now < midnight(due_on + days(40)):
        tick(now)
        now += 4 * HOUR
    everything_went(all_places, server)
    if calendar == Calendar.NONE:
        for _, (first, *_rest) in all_places:
            assert climbed(first) == {rung: due_on + days(n) for rung, n in OFFSETS.items()}


@pytest.mark.parametrize("zone", ZONES.values())
@pytest.mark.parametrize(
    "day", [date(2025, 3, 30), date(2025, 10, 26), date(2025, 3, 9), date(2025, 11, 2), TODAY]
)
def test_what_the_night_queued_leaves_at_the_local_hour_exactly(
    server: MailServer, zone: str, day: date
) -> None:
    """PEER-FAILURES 7: at 7:00 on the clock of the workspace, and not a minute before."""
    here = place("jana", zone)
    here.owe("Lune", day - days(3))
    turn = midnight(day, zone)
    seven = datetime.combine(day, time(7), ZoneInfo(zone)).astimezone(UTC)
    sweep_all(now=turn - MINUTE)
    assert not Message.unscoped.exists()
    sweep_all(now=turn)
    assert Message.unscoped.get().not_before == seven
    moment = turn
    while moment < seven:
        assert deliver(now=moment).sent == 0
        moment += 30 * MINUTE
    assert deliver(now=seven - MINUTE).sent == 0
    assert deliver(now=seven).sent == 1
    assert len(server.received()) == 1
    holds_true(here)
