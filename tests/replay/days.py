"""Days of a workspace lived one after the other: payments booked, ladder swept, mail delivered."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from billing.models import Invoice
from billing.operations.payments import record_payment
from billing.operations.sweeping import sweep_all
from clientdesk.outbox.delivery import deliver
from clientdesk.outbox.models import Message
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from tests.outbox.mailserver import Received

MORNING = time(7, 0)
AFTER_THE_UNDO_WINDOW = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, order=True)
class Paid:
    """Money that came in: `amount_minor` in the invoice's currency."""

    on: date
    number: str
    amount_minor: int


@dataclass(frozen=True, slots=True, order=True)
class Arrived:
    """A step that a message spoke of, on the local day it was sent."""

    on: date
    number: str
    rung: str


def live(
    workspace: Workspace,
    payments: Iterable[Paid],
    *,
    first: date,
    last: date,
    asleep: frozenset[date] = frozenset(),
) -> None:
    """Every day from `first` to `last`; on those of `asleep` the worker is down."""
    coming: defaultdict[date, list[Paid]] = defaultdict(list)
    for payment in sorted(payments):
        coming[max(payment.on, first)].append(payment)
    day = first
    while day <= last:
        morning = datetime.combine(day, MORNING, ZoneInfo(workspace.time_zone))
        _book(workspace, coming[day], now=morning)
        if day not in asleep:
            results = sweep_all(now=morning)
            assert not any(result.failed for result in results.values())
            deliver(now=morning + AFTER_THE_UNDO_WINDOW)
        day += timedelta(days=1)


def _book(workspace: Workspace, payments: Sequence[Paid], *, now: datetime) -> None:
    if not payments:
        return
    with acting_in(workspace.pk):
        numbers = {payment.number for payment in payments}
        invoices = {i.number: i for i in Invoice.objects.filter(number__in=numbers)}
        for payment in payments:
            record_payment(
                invoice=invoices[payment.number],
                paid_on=payment.on,
                amount_minor=payment.amount_minor,
                now=now,
                actor="system",
            )


def arrived(messages: Iterable[Received], time_zone: str) -> list[Arrived]:
    """The steps the mail server saw, read from the messages' headers alone."""
    steps = []
    for message in messages:
        on = sent_on(message, time_zone)
        for step in message.steps:
            number, _, rung = step.rpartition("/")
            steps.append(Arrived(on, number, rung))
    return sorted(steps)


def sent_on(message: Received, time_zone: str) -> date:
    """The local day of the Date header."""
    return parsedate_to_datetime(message.headers["Date"]).astimezone(ZoneInfo(time_zone)).date()


def most_in_a_day(messages: Iterable[Received], time_zone: str) -> int:
    """The most messages that one address got on one local day."""
    counts = Counter((message.to, sent_on(message, time_zone)) for message in messages)
    return max(counts.values(), default=0)


def states(workspace: Workspace) -> Mapping[str, int]:
    with acting_in(workspace.pk):
        return Counter(Message.objects.values_list("state", flat=True))
