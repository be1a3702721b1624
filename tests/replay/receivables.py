"""Receivables made up from a seed: late and punctual clients, part payments, some never paid."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

from billing.models import Invoice
from billing.operations.ladder import start_ladder
from billing.operations.ladders import set_money_ladder
from clientdesk.ladder import Calendar
from clientdesk.workspaces.models import User, Workspace
from clientdesk.workspaces.operations import create_workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client, Contact
from tests.replay.days import Paid

FIRST, LAST = date(2024, 3, 1), date(2024, 9, 30)
BEGINNING = datetime(2024, 3, 1, 5, 0, tzinfo=UTC)
RUNGS = "reminder:3,stop_work:10,final:20"
CLIENTS, INVOICES = 12, 60
COUNTRIES = ("HR", "DE", "FR", "")


@dataclass(frozen=True, slots=True)
class Bill:
    number: str
    client: int
    due_on: date
    total_minor: int
    payments: tuple[Paid, ...]

    def open_on(self, day: date) -> int:
        """What is still to pay on the morning of `day`, after that day's payments."""
        return self.total_minor - sum(p.amount_minor for p in self.payments if p.on <= day)


def bills(seed: int = 7) -> list[Bill]:
    """Five invoices a client, two or three due on the same day, so that digests come about."""
    random = Random(seed)
    made: list[Bill] = []
    for client in range(CLIENTS):
        due_days = [FIRST + timedelta(days=random.randrange(4, 130)) for _ in range(2)]
        for _ in range(INVOICES // CLIENTS):
            number = f"2024-{len(made) + 1:03d}"
            total = random.randrange(50_00, 4_000_00)
            due_on = random.choice(due_days)
            made.append(
                Bill(number, client, due_on, total, tuple(_paid(random, number, due_on, total)))
            )
    return made


def _paid(random: Random, number: str, due_on: date, total: int) -> Iterator[Paid]:
    manner = random.random()
    if manner < 0.15:
        return  # never paid
    last = due_on + timedelta(days=random.choice((-2, 0, 1, 2, 3, 4, 9, 10, 11, 15, 20, 21, 30)))
    if manner < 0.35:
        part = total // random.choice((2, 3, 4))
        yield Paid(max(FIRST, last - timedelta(days=random.randrange(1, 12))), number, part)
        if manner < 0.25:
            return  # the rest stays open
        total -= part
    yield Paid(last, number, total)


def desk(bills: list[Bill], *, calendar: Calendar) -> Workspace:
    """A workspace that imported the bills and has started their ladder."""
    owner = User.objects.create_user("jana@example.com", name="Jana Novak")
    workspace = create_workspace(name="Jana", slug="jana", owner=owner, now=BEGINNING)
    with acting_in(workspace.pk):
        clients = [_client(workspace, number) for number in range(CLIENTS)]
        Invoice.objects.bulk_create(
            Invoice(
                workspace=workspace,
                client=clients[bill.client],
                state=Invoice.State.ISSUED,
                number=bill.number,
                issued_on=bill.due_on - timedelta(days=30),
                due_on=bill.due_on,
                currency="EUR",
                net_minor=bill.total_minor,
                total_minor=bill.total_minor,
                imported=True,
                created_at=BEGINNING,
            )
            for bill in bills
        )
        set_money_ladder(
            workspace=workspace, rungs=RUNGS, calendar=calendar, now=BEGINNING, actor="system"
        )
        start_ladder(invoices=Invoice.objects.all(), on=FIRST, now=BEGINNING, actor="system")
    return workspace


def _client(workspace: Workspace, number: int) -> Client:
    client = Client.objects.create(
        workspace=workspace,
        slug=f"client-{number}",
        reference=f"C-{number}",
        name=f"Client {number}",
        country=COUNTRIES[number % len(COUNTRIES)],
        language="hr" if number % 3 == 0 else "en",
        created_at=BEGINNING,
    )
    Contact.objects.create(
        workspace=workspace, client=client, email=f"c{number}@clients.example", is_primary=True
    )
    return client
