"""Days that pass: what a worker does, tick after tick, and what must hold of all that left."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from billing.models import Invoice, Step
from billing.operations.ladders import set_money_ladder
from billing.operations.sweeping import sweep_all
from clientdesk.calendars import is_working_day
from clientdesk.ladder import Calendar
from clientdesk.outbox.delivery import deliver
from clientdesk.outbox.models import Message
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in
from tests.billing import desk
from tests.billing.desk import ACTOR, NOW

RUNGS = "reminder:3,stop_work:10,final:20"
OFFSETS = {"reminder": 3, "stop_work": 10, "final": 20}


@dataclass
class Place:
    """A workspace with clients that owe, and the days of its invoices as they were typed."""

    workspace: Workspace
    calendar: Calendar
    typed: dict[int, tuple[date, date]] = field(default_factory=dict)

    def owe(self, name: str, *due: date) -> list[Invoice]:
        with acting_in(self.workspace.pk):
            client = desk.client(
                self.workspace, name, email=f"{name}.{self.workspace.slug}@example.com".lower()
            )
            made = [desk.invoice(client, due_on=day) for day in due]
        for invoice in made:
            assert invoice.issued_on is not None
            assert invoice.due_on is not None
            self.typed[invoice.pk] = (invoice.issued_on, invoice.due_on)
        return made

    def local(self, instant: datetime) -> datetime:
        return instant.astimezone(ZoneInfo(self.workspace.time_zone))


def place(slug: str, zone: str, *, calendar: Calendar = Calendar.NONE) -> Place:
    workspace = desk.workspace(slug, time_zone=zone)
    with acting_in(workspace.pk):
        set_money_ladder(workspace=workspace, rungs=RUNGS, calendar=calendar, now=NOW, actor=ACTOR)
    return Place(workspace, calendar)


def tick(now: datetime, *, sweeps: bool = True, delivers: bool = True) -> None:
    """What beat starts: a sweep and, its minute later, a delivery."""
    if sweeps:
        sweep_all(now=now)
    if delivers:
        deliver(now=now + timedelta(minutes=1))


def holds_true(where: Place) -> None:
    """All that a client was promised, seen in the rows: order, distance, hours, one a day."""
    at = where.workspace
    with acting_in(at.pk):
        steps = list(Step.objects.filter(state=Step.State.SENT).order_by("climbed_on", "pk"))
        invoices = {invoice.pk: invoice for invoice in Invoice.objects.all()}
        sent = list(Message.objects.filter(state="sent"))
    for invoice in invoices.values():
        days = (invoice.issued_on, invoice.due_on)
        assert days == where.typed[invoice.pk], "a stored day slipped"
    for message in sent:
        assert message.sent_at is not None
        left = where.local(message.sent_at)
        assert at.send_from <= left.hour < at.send_until, f"left at {left}"
        if where.calendar == Calendar.CLIENT:
            assert is_working_day(left.date(), "HR"), f"left on {left:%A %d %B}"
    one_a_day([(m.client_ref, where.local(m.sent_at).date()) for m in sent if m.sent_at])
    by_invoice: defaultdict[int, list[Step]] = defaultdict(list)
    for step in steps:
        by_invoice[step.invoice_id].append(step)
    for pk, climbed in by_invoice.items():
        due_on = where.typed[pk][1]
        assert [step.rung for step in climbed] == list(OFFSETS)[: len(climbed)], "out of order"
        for position, step in enumerate(climbed):
            assert step.climbed_on is not None
            offset = OFFSETS[step.rung]
            assert step.climbed_on >= due_on + timedelta(days=offset), "before its day"
            before = climbed[position - 1] if position else None
            if before is not None and before.climbed_on is not None:
                distance = timedelta(days=offset - OFFSETS[before.rung])
                assert step.climbed_on - before.climbed_on >= distance, "too close"


def one_a_day(sent: Iterable[tuple[int | None, date]]) -> None:
    seen: set[tuple[int | None, date]] = set()
    for client_and_day in sent:
        assert client_and_day not in seen, f"two messages on one day: {client_and_day}"
        seen.add(client_and_day)


def climbed(of: Invoice) -> dict[str, date | None]:
    """The rungs that went, with their days."""
    with acting_in(of.workspace_id):
        steps = Step.objects.filter(invoice=of, state=Step.State.SENT).order_by("pk")
        return {step.rung: step.climbed_on for step in steps}
