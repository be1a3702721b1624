"""Nobody works for 45 days: afterwards each client hears at most once a day, and in order.

PEER-FAILURES 2: what was missed is caught up with, one rung at a time.
"""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from billing.models import Step
from clientdesk.ladder import Calendar
from clientdesk.workspaces.scoping import acting_in
from tests.billing.desk import days
from tests.faults.days import OFFSETS, Place, climbed, holds_true, place, tick
from tests.outbox.mailserver import MailServer

pytestmark = pytest.mark.django_db

MONDAY = date(2025, 6, 2)
OUTAGE = days(45)


@pytest.fixture
def here() -> Place:
    """Three clients, eleven invoices: some have had letters, most fall due during the outage."""
    here = place("jana", "Europe/Berlin", calendar=Calendar.CLIENT)
    here.owe("Lune", MONDAY - days(11), MONDAY - days(2), MONDAY + days(5), MONDAY + days(20))
    here.owe("Kafka", MONDAY - days(4), MONDAY + days(30), MONDAY + days(44))
    here.owe("Ona", *(MONDAY + days(n) for n in (3, 4, 10, 38)))
    return here


def passes(first: date, until: date, *, sweeps: bool = True, delivers: bool = True) -> None:
    """A worker's days from `first` to the day before `until`, three passes a day."""
    day = first
    while day < until:
        for hour in (6, 10, 15):
            now = datetime.combine(day, time(hour), UTC)
            tick(now, sweeps=sweeps, delivers=delivers)
        day += days(1)


def after(
    here: Place, server: MailServer, back: date, *, sweeps: bool = True, delivers: bool = True
) -> None:
    """What happens on the day that the missing worker is back, and then."""
    before = len(server.received())
    passes(MONDAY - days(14), MONDAY)
    first = server.received()[before:]
    passes(MONDAY, back, sweeps=sweeps, delivers=delivers)
    if not delivers or not sweeps:
        # What was in the outbox already may still have gone; nothing else.
        assert len(server.received()) - len(first) <= 3

    known = len(server.received())
    passes(back, back + days(1))
    on_the_day = server.received()[known:]
    addresses = [message.to for message in on_the_day]
    assert len(addresses) == len(set(addresses))
    free = here.calendar == Calendar.CLIENT and back.weekday() >= 5
    assert len(addresses) == (0 if free else 3)
    holds_true(here)

    passes(back + days(1), back + days(40))
    holds_true(here)
    steps = [step for message in server.received() for step in message.steps]
    assert len(steps) == len(set(steps)) == 3 * 11
    with acting_in(here.workspace.pk):
        assert set(Step.objects.values_list("state", flat=True)) == {"sent"}
        for pk in here.typed:
            rungs = Step.objects.filter(invoice=pk).order_by("climbed_on", "pk")
            assert [step.rung for step in rungs] == list(OFFSETS)


@pytest.mark.parametrize("extra", [0, 5], ids=["back on a Thursday", "back on a Tuesday"])
def test_no_sweep_and_no_delivery(here: Place, server: MailServer, extra: int) -> None:
    after(here, server, MONDAY + OUTAGE + days(extra), sweeps=False, delivers=False)


def test_back_on_a_saturday(here: Place, server: MailServer) -> None:
    after(here, server, MONDAY + OUTAGE + days(2), sweeps=False, delivers=False)


def test_no_delivery_while_sweeps_went_on(here: Place, server: MailServer) -> None:
    after(here, server, MONDAY + OUTAGE, delivers=False)


def test_no_sweep_while_delivery_went_on(here: Place, server: MailServer) -> None:
    after(here, server, MONDAY + OUTAGE, sweeps=False)


def test_the_mail_server_is_away(here: Place, server: MailServer, settings: Any) -> None:
    """Sweeps and deliveries go on, and nobody answers."""
    settings.EMAIL_PORT = 9
    passes(MONDAY, MONDAY + OUTAGE)
    assert server.received() == []
    settings.EMAIL_PORT = server.port
    back = MONDAY + OUTAGE + days(4)
    passes(back, back + days(1))
    addresses = [message.to for message in server.received()]
    assert len(addresses) == len(set(addresses)) == 3
    passes(back + days(1), back + days(40))
    holds_true(here)


def test_the_first_day_back_says_the_first_rung_of_each(here: Place, server: MailServer) -> None:
    """Nobody gets a stop-work notice who had no reminder before it."""
    back = MONDAY + OUTAGE
    passes(back, back + days(1))
    said = [step.split("/")[-1] for message in server.received() for step in message.steps]
    assert set(said) == {"reminder"}
    for pk in here.typed:
        with acting_in(here.workspace.pk):
            step = Step.objects.filter(invoice=pk).first()
        if step is not None:
            assert climbed(step.invoice) == {"reminder": back}
