"""One client as the pages about them show it; each function a fixed number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from billing.models import OPEN_MINOR, Invoice
from clientdesk.record.models import Entry
from clients.models import Agreement, Client, Contact, Interaction, Stop
from clients.queries import agreement_on
from feedback.models import Request

GROUPS: dict[str, Q] = {
    "talks": Q(kind__startswith="interaction.") | Q(kind__startswith="followup."),
    "sent": Q(kind__startswith="message.") | Q(kind__startswith="request."),
    "money": Q(kind__startswith="invoice.")
    | Q(kind__startswith="payment.")
    | Q(kind__startswith="step.")
    | Q(kind__startswith="ladder."),
    "stops": Q(kind__startswith="stop."),
}
# Said again by the entry they belong to: the latest text stands at the first one.
SHOWN_WITH_THEIR_ENTRY = ("interaction.changed",)


@dataclass(frozen=True, slots=True)
class Standing:
    """How things are with a client on a day."""

    client: Client
    people: list[Contact]
    agreement: Agreement | None
    stop: Stop | None
    open_requests: list[Request]
    money: list[Mapping[str, Any]]
    follow_up: Interaction | None

    @property
    def late(self) -> list[Mapping[str, Any]]:
        return [row for row in self.money if row["late"]]


def standing_of(client: Client, *, today: date) -> Standing:
    """Six queries. Amounts in minor units, per currency, never summed across."""
    left = OPEN_MINOR
    money = (
        Invoice.objects.issued()
        .filter(client=client)
        .values("currency")
        .annotate(
            open=Sum(left, default=0),
            late=Sum(left, filter=Q(settled_on=None, due_on__lt=today), default=0),
            late_count=Count("pk", filter=Q(settled_on=None, due_on__lt=today)),
            paid=Sum("paid_minor", default=0),
        )
        .order_by("currency")
    )
    return Standing(
        client=client,
        people=list(client.contacts.order_by("-is_primary", "name")),
        agreement=agreement_on(client, today),
        # The stop of all work comes before that of one project.
        stop=client.stops.running()
        .select_related("project")
        .order_by(F("project_id").asc(nulls_first=True))
        .first(),
        open_requests=list(client.requests.open()),
        money=[dict(row) for row in money],
        follow_up=client.interactions.filter(follow_up_on__isnull=False, follow_up_done_at=None)
        .order_by("follow_up_on")
        .first(),
    )


def timeline_of(
    client: Client, *, group: str, first: date | None, last: date | None
) -> QuerySet[Entry]:
    """The record's entries about a client, by when they happened, newest first.

    Days are the active time zone's.
    """
    entries = Entry.objects.of_client(client.pk).with_content()
    entries = entries.exclude(kind__in=SHOWN_WITH_THEIR_ENTRY)
    if group in GROUPS:
        entries = entries.filter(GROUPS[group])
    if first:
        entries = entries.filter(happened_at__date__gte=first)
    if last:
        entries = entries.filter(happened_at__date__lte=last)
    return entries.order_by("-happened_at", "-seq")


def interactions_behind(entries: list[Entry]) -> dict[str, Interaction]:
    """By subject, the log entries these record entries speak of, as they read today."""
    ids = [
        int(e.subject.partition(":")[2]) for e in entries if e.subject.startswith("interaction:")
    ]
    rows = Interaction.objects.filter(pk__in=ids).select_related("author", "project")
    return {f"interaction:{row.pk}": row for row in rows}
