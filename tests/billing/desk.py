"""A workspace with clients that owe, and short ways to say what happens to them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from threading import Barrier
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db import connections

from billing.models import Invoice, Step
from billing.operations.drafts import Heading, NewLine, create_draft
from billing.operations.issuing import issue_invoice
from billing.operations.ladders import set_money_ladder
from billing.operations.sweep import climb_due
from clientdesk.ladder import Calendar
from clientdesk.outbox.delivery import DeliveryResult, deliver
from clientdesk.outbox.models import Message
from clientdesk.workspaces.models import User, Workspace
from clientdesk.workspaces.operations import create_workspace
from clientdesk.workspaces.sweeping import SweepResult
from clients.models import Client, Contact

T = TypeVar("T")

NOW = datetime(2025, 5, 14, 7, 0, tzinfo=UTC)  # a Wednesday
TODAY = date(2025, 5, 14)
MINUTE = timedelta(minutes=1)
ACTOR = "system"


def days(count: int) -> timedelta:
    return timedelta(days=count)


def workspace(slug: str = "jana", *, time_zone: str = "Europe/Zagreb") -> Workspace:
    """Its ladder has no free days, so that days can be counted."""
    owner = User.objects.create_user(f"{slug}@example.com", name="Jana Novak")
    return create_workspace(name=slug.title(), slug=slug, owner=owner, now=NOW, time_zone=time_zone)


def ladder(at: Workspace, rungs: str = "reminder:3,stop_work:10,final:20") -> None:
    set_money_ladder(workspace=at, rungs=rungs, calendar=Calendar.NONE, now=NOW, actor=ACTOR)


def client(
    at: Workspace, name: str = "Lune", *, email: str = "ana@example.com", language: str = "en"
) -> Client:
    made = Client.objects.create(
        workspace=at,
        slug=name.lower(),
        reference=name.lower(),
        name=name,
        country="HR",
        language=language,
        created_at=NOW,
    )
    Contact.objects.create(
        workspace=at, client=made, name="Ana Kralj", email=email, is_primary=True
    )
    return made


def draft(
    of: Client,
    total: int = 80_000,
    once_key: str | None = None,
    heading: Heading | None = None,
) -> Invoice:
    line = NewLine("Monthly care", Decimal(1), total)
    return create_draft(
        client=of,
        currency="EUR",
        lines=[line],
        now=NOW,
        by=None,
        heading=heading,
        once_key=once_key,
    )


def invoice(
    of: Client, *, due_on: date = TODAY, total: int = 80_000, heading: Heading | None = None
) -> Invoice:
    return issue_invoice(
        invoice=draft(of, total, heading=heading),
        issued_on=due_on - days(14),
        due_on=due_on,
        now=NOW,
        actor=ACTOR,
    )


def imported(
    of: Client, number: str, *, due_on: date | None, total: int = 80_000, currency: str = "EUR"
) -> Invoice:
    return Invoice.objects.create(
        workspace=of.workspace,
        client=of,
        state=Invoice.State.ISSUED,
        number=number,
        issued_on=(due_on or TODAY) - days(14),
        due_on=due_on,
        currency=currency,
        net_minor=total,
        total_minor=total,
        imported=True,
        created_at=NOW,
    )


def morning(day: date, zone: str = "Europe/Zagreb", hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo(zone))


def sweep(at: Workspace, day: date) -> SweepResult:
    return climb_due(workspace=at, now=morning(day))


def send(day: date) -> DeliveryResult:
    """Deliver later that day, when the time to take something back is over."""
    return deliver(now=morning(day) + 5 * MINUTE)


def day_passes(at: Workspace, day: date) -> None:
    sweep(at, day)
    send(day)


def step(of: Invoice, rung: str = "reminder") -> Step:
    return Step.objects.get(invoice=of, rung=rung)


def message_states() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def at_once(count: int, work: Callable[[int], T]) -> list[T]:
    """`work(n)` in `count` threads, each with a connection of its own, started together."""
    start = Barrier(count)

    def one(number: int) -> T:
        try:
            start.wait()
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return [future.result() for future in [pool.submit(one, n) for n in range(count)]]
