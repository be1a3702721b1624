"""Sample data: one small studio with the four kinds of difficult client, written by the real
operations, so that its record, ladders and figures are real too. It never sends mail.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction

from billing.models import Invoice, Step
from billing.operations.drafts import NewLine, create_draft
from billing.operations.issuing import issue_invoice
from billing.operations.ladder import approve_step
from billing.operations.payments import record_payment
from billing.operations.sweep import climb_due
from clientdesk.calendars import add_working_days, roll_forward
from clientdesk.desk.demo_requests import Asking
from clientdesk.outbox.models import Message, Part
from clientdesk.outbox.operations import by_kind
from clientdesk.outbox.queries import compose_preview
from clientdesk.record import operations as record
from clientdesk.workspaces.models import User, Workspace
from clients.models import Client, Interaction, Stop
from clients.operations import clients as client_operations
from clients.operations import interactions, work
from feedback.operations.sweep import climb_due as climb_answers
from offboarding.operations.endings import begin_ending, check_evidence

ACTOR = "system"
WEEKS = 21


@dataclass(frozen=True, slots=True)
class Figure:
    """A client of the story: how late each of their invoices is paid, None for not at all."""

    name: str
    contact: str
    email: str
    country: str
    language: str
    currency: str
    price: int
    delays: tuple[int | None, ...]


FIGURES = (
    Figure("Bistro Lune", "Luc Perrin", "luc@bistrolune.example", "HR", "hr", "EUR", 154_000,
           (0, 3, 9, None)),
    Figure("Nordlys Yoga", "Ingrid Dahl", "ingrid@nordlys.example", "DE", "en", "EUR", 80_000,
           (4, 3, 5, None)),
    Figure("Kafka Books", "Marta Kos", "marta@kafkabooks.example", "HR", "hr", "EUR", 42_000,
           (0, -2, 25, 12)),
    Figure("Atelier Marek", "Jan Marek", "jan@ateliermarek.example", "CZ", "en", "EUR", 120_000,
           (0, 0, -3, 6)),
    Figure("Hotel Adria", "Ana Kovačić", "ana@hoteladria.example", "HR", "hr", "EUR", 120_000,
           (-1, 0, -1)),
    Figure("Studio Öberg", "Elsa Öberg", "elsa@oberg.example", "SE", "en", "SEK", 640_000, (0, -4)),
)  # fmt: skip

TALKS = (
    ("call", "asked about the logo again", 15, "problem"),
    ("email", "sent the captions for next week", 20, ""),
    ("work", "planned and scheduled the posts of the week", 180, ""),
    ("meeting", "went through the month, two wishes for the next", 45, ""),
    ("chat", "asked when we post again", 5, ""),
    ("work", "edited the reel and wrote three captions", 150, ""),
)


class Story:
    """The months before `today`, day by day, so that everything happens in its order."""

    def __init__(self, workspace: Workspace, owner: User, today: date, seed: int) -> None:
        self.workspace, self.owner, self.today = workspace, owner, today
        self.zone = ZoneInfo(workspace.time_zone)
        self.random = random.Random(seed)
        self.clients: dict[str, Client] = {}

    def at(self, day: date, hour: int = 9, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), self.zone)

    def tell(self) -> None:
        begin = self.today - timedelta(days=150)
        for figure in FIGURES:
            self._begin(figure, begin)
        plans = {figure.name: list(self._invoices(figure)) for figure in FIGURES}
        asking = Asking(self.workspace, self.owner, self.today, self.clients)
        day = begin
        while day <= self.today:
            now = self.at(day)
            for figure in FIGURES:
                for issued_on, _ in plans[figure.name]:
                    if issued_on == day:
                        self._issue(figure, day)
                self._pay(figure, day, plans[figure.name])
                self._talk(figure, day)
                self._week(figure, day)
            asking.on(day)
            climb_due(workspace=self.workspace, now=now)
            climb_answers(workspace=self.workspace, now=now)
            self._send(now, leave_newest=day == self.today)
            day += timedelta(days=1)
        self._agenda()

    def _begin(self, figure: Figure, day: date) -> None:
        now = self.at(day)
        client = client_operations.create_client(
            workspace=self.workspace,
            name=figure.name,
            contact_name=figure.contact,
            email=figure.email,
            country=figure.country,
            language=figure.language,
            currency=figure.currency,
            now=now,
            actor=ACTOR,
        )
        self.clients[figure.name] = client
        work.create_agreement(
            client=client,
            fields={
                "valid_from": day,
                "payment": "days_after",
                "payment_days": 14,
                "answer_days": 3,
                "rounds": 2,
                "hourly_rate_minor": 4_500,
                "currency": "EUR",
                "late_terms": "Work rests while an invoice is overdue, after one reminder.",
            },
            now=now,
            actor=ACTOR,
        )
        work.save_project(
            client=client,
            project=None,
            fields={
                "name": "Monthly care, Instagram and Facebook",
                "started_on": day,
                "delivery_on": self.today + timedelta(days=20),
            },
            now=now,
            actor=ACTOR,
        )
        for platform, given in (("Instagram", "full access"), ("Facebook", "")):
            work.save_account(
                client=client,
                account=None,
                fields={
                    "platform": platform,
                    "handle": f"@{client.slug.replace('-', '')}",
                    "access_needed": "full access",
                    "access_given": given if figure.name == "Atelier Marek" else "full access",
                    "given_on": day,
                }
                if given or figure.name != "Atelier Marek"
                else {
                    "platform": platform,
                    "handle": f"@{client.slug.replace('-', '')}",
                    "access_needed": "page admin",
                },
                now=now,
                actor=ACTOR,
            )
        for metric, unit, before, after in (
            ("Weekly reach on Instagram", "thousand", "4.1", "14.8"),
            ("Table or appointment bookings", "a month", "38", "112"),
        ):
            work.record_result(
                client=client,
                fields={
                    "metric": metric,
                    "unit": unit,
                    "before": Decimal(before),
                    "after": Decimal(after) + self.random.randint(-3, 3),
                    "measured_on": self.today - timedelta(days=5),
                },
                now=now,
                actor=ACTOR,
            )

    def _invoices(self, figure: Figure) -> Iterator[tuple[date, int | None]]:
        """Monthly; the last, where unpaid, is due so long ago that its ladder has begun."""
        last_age = {"Bistro Lune": 35, "Nordlys Yoga": 18}.get(figure.name, 9)
        for back, delay in enumerate(reversed(figure.delays)):
            if delay is not None and back == 0 and last_age == 9:
                yield (
                    self.today - timedelta(days=10),
                    None
                    if figure.name
                    in (
                        "Hotel Adria",
                        "Studio Öberg",
                    )
                    else -4,
                )
            else:
                yield self.today - timedelta(days=last_age + 31 * back), delay

    def _issue(self, figure: Figure, day: date) -> None:
        now = self.at(day, 10)
        draft = create_draft(
            client=self.clients[figure.name],
            currency=figure.currency,
            lines=[NewLine(f"Monthly care, {day:%B %Y}", Decimal(1), figure.price)],
            now=now,
            by=self.owner,
        )
        issue_invoice(invoice=draft, issued_on=day, now=now, actor=ACTOR)

    def _pay(self, figure: Figure, day: date, plan: list[tuple[date, int | None]]) -> None:
        delays = dict(plan)
        for invoice in Invoice.objects.unpaid().filter(client=self.clients[figure.name]):
            delay = delays.get(invoice.issued_on or day)
            if delay is None or invoice.due_on is None:
                continue
            if max(invoice.due_on + timedelta(days=delay), invoice.issued_on or day) == day:
                record_payment(
                    invoice=invoice,
                    paid_on=day,
                    amount_minor=invoice.balance_minor,
                    now=self.at(day, 8),
                    actor=ACTOR,
                )

    def _talk(self, figure: Figure, day: date) -> None:
        if day.weekday() > 4 or self.random.random() > 0.12:
            return
        kind, summary, minutes, tags = self.random.choice(TALKS)
        now = self.at(day, self.random.randint(10, 16), self.random.randint(0, 59))
        interactions.log_interaction(
            client=self.clients[figure.name],
            kind=kind,
            summary=summary,
            happened_at=now,
            now=now + timedelta(minutes=8),
            actor=ACTOR,
            author=self.owner,
            minutes=minutes,
            despite_stop="It could not wait." if kind == "work" else "",
            tags=tags,
        )

    def _week(self, figure: Figure, day: date) -> None:
        """On Thursdays, what the week's work took: about what the invoices pay for."""
        client = self.clients[figure.name]
        if day.weekday() != 3 or Stop.objects.running().filter(client=client).exists():
            return
        hour = 45_000 if figure.currency == "SEK" else 4_500
        usual = figure.price * len(figure.delays) * 60 // hour // WEEKS
        minutes = round(usual * self.random.uniform(0.7, 1.3) / 15) * 15
        now = self.at(day, 17, 30)
        interactions.log_interaction(
            client=client,
            kind=Interaction.Kind.WORK,
            summary="the posts of the week: planned, written, published",
            happened_at=now,
            now=now,
            actor=ACTOR,
            author=self.owner,
            minutes=minutes,
        )

    def _send(self, now: datetime, *, leave_newest: bool) -> None:
        """In the sample nothing leaves; what would have gone is written down as gone."""
        if leave_newest:
            return
        for step in Step.objects.filter(state=Step.State.REVIEW).exclude(effect="task"):
            if step.rung != "final":
                approve_step(step=step, now=now, actor=ACTOR)
        for message in Message.objects.filter(state="queued"):
            preview = compose_preview(message, now=now)
            if preview.is_empty:
                continue
            parts = list(Part.objects.filter(message=message))
            for kind, group in by_kind(parts):
                kind.sent(group, now=now)
            Message.objects.filter(pk=message.pk).update(
                state="sent",
                sent_at=now,
                changed_at=now,
                subject=preview.subject,
                text=preview.text,
                steps=", ".join(preview.steps),
            )
            Part.objects.filter(message=message).update(state=Part.State.SENT)
            record.append(
                workspace_id=self.workspace.pk,
                kind="message.sent",
                content={"to": message.to_email, "headline": preview.subject, "sample": True},
                now=now,
                actor=ACTOR,
                client_ref=message.client_ref,
                subject=f"message:{message.pk}",
            )

    def _agenda(self) -> None:
        for name, summary, days in (
            ("Nordlys Yoga", "promised the April figures", 0),
            ("Hotel Adria", "wants a call back about the terrace shoot", 0),
            ("Kafka Books", "asked for a quote for the autumn readings", 1),
        ):
            now = self.at(self.today - timedelta(days=2), 14, 30)
            interactions.log_interaction(
                client=self.clients[name],
                kind=Interaction.Kind.CALL,
                summary=summary,
                happened_at=now,
                now=now + timedelta(minutes=5),
                actor=ACTOR,
                author=self.owner,
                minutes=10,
                follow_up_on=roll_forward(self.today + timedelta(days=days), ""),
            )


def begin_the_ending(client: Client, owner: User, today: date, now: datetime) -> None:
    """One cooperation is being ended: its evidence is checked, its reason is still open."""
    begin_ending(
        client=client,
        kind="failure",
        ends_on=add_working_days(today, 10, client.country),
        author=owner,
        now=now,
        actor=ACTOR,
    )
    check_evidence(client=client, now=now + timedelta(minutes=2), actor=ACTOR)


@transaction.atomic
def seed(*, workspace: Workspace, owner: User, today: date, seed_number: int) -> None:
    """Fill an empty workspace with the story. Call it with the workspace active."""
    story = Story(workspace, owner, today, seed_number)
    story.tell()
    begin_the_ending(story.clients["Hotel Adria"], owner, today, story.at(today, 8, 30))


@transaction.atomic
def seed_bulk(
    *,
    workspace: Workspace,
    today: date,
    clients: int,
    invoices: int,
    seed_number: int,
    now: datetime,
) -> None:
    """Many plain clients and issued invoices for measuring: rows without a record of their own."""
    rng = random.Random(seed_number)
    offset = Client.objects.count()
    made = Client.objects.bulk_create(
        (
            Client(
                workspace=workspace,
                slug=f"client-{n:05d}",
                reference=f"C{n:05d}",
                name=f"Client {n:05d}",
                country="HR",
                created_at=now,
            )
            for n in range(offset, offset + clients)
        ),
        batch_size=1000,
    )
    if not made:
        return
    rows = []
    for n in range(invoices):
        issued_on = today - timedelta(days=rng.randint(0, 700))
        due_on = issued_on + timedelta(days=14)
        paid = rng.random() < 0.9
        total = rng.randint(5_000, 500_000)
        rows.append(
            Invoice(
                workspace=workspace,
                client=made[n % len(made)],
                state=Invoice.State.ISSUED,
                number=f"B-{offset + n:06d}",
                issued_on=issued_on,
                due_on=due_on,
                currency="EUR",
                net_minor=total,
                total_minor=total,
                paid_minor=total if paid else 0,
                settled_on=due_on + timedelta(days=rng.randint(-5, 20)) if paid else None,
                imported=True,
                created_at=now,
            )
        )
    Invoice.objects.bulk_create(rows, batch_size=1000)
