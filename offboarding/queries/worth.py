"""What clients bring and cost, from rows: the same few queries for one client and for all."""

import zoneinfo
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, Sum

from billing.models import OPEN_MINOR, Invoice, Payment
from clients.models import Agreement, Client, Interaction, Stop
from clients.rules.delivery import Delay, rest
from feedback.models import MissedChance, Request, Round
from feedback.rules.clock import Asked, clock
from offboarding.rules.worth import Worth

QUARTER = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class WorthPage:
    """One client, the period before for the trend, and the rows behind the figures."""

    worth: Worth
    before: Worth
    payments: Sequence[Payment]
    chasing: Sequence[Interaction]
    revisions: Sequence[Interaction]
    chances: Sequence[MissedChance]
    open: Sequence["Open"]


@dataclass(frozen=True, slots=True)
class Open:
    """What is owed today in one currency, in minor units; `late` is the part that is overdue."""

    currency: str
    open_minor: int
    late_minor: int


def open_of(client: Client, *, today: date) -> list[Open]:
    rows = (
        Invoice.objects.issued()
        .filter(client=client, settled_on=None)
        .order_by()
        .values("currency")
        .annotate(all=Sum(OPEN_MINOR), late=Sum(OPEN_MINOR, filter=Q(due_on__lt=today), default=0))
    )
    return [Open(row["currency"], row["all"], row["late"]) for row in rows.order_by("currency")]


def worths_of(clients: Sequence[Client], *, first: date, last: date) -> dict[int, Worth]:
    """By client id, from `first` to `last`, local days both included. Six queries."""
    if not clients:
        return {}
    ids = [client.pk for client in clients]
    received: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for client_id, currency, total in (
        Payment.objects.filter(invoice__client__in=ids, paid_on__range=(first, last))
        .order_by()
        .values_list("invoice__client_id", "invoice__currency")
        .annotate(Sum("amount_minor"))
    ):
        received[client_id][currency] = total
    minutes = _minutes(clients, ids, first, last)
    agreed = _agreed(ids, last)
    lost = _lost(clients, ids, first, last)
    return {
        client.pk: Worth(
            received=received[client.pk],
            work=minutes[client.pk].get("", 0),
            chasing=minutes[client.pk].get(Interaction.Spent.CHASING, 0),
            revision=minutes[client.pk].get(Interaction.Spent.REVISION, 0),
            days_lost=lost[client.pk],
            agreed_rate=agreed[client.pk].hourly_rate_minor if client.pk in agreed else None,
            currency=agreed[client.pk].currency if client.pk in agreed else client.currency,
        )
        for client in clients
    }


def _minutes(
    clients: Sequence[Client], ids: list[int], first: date, last: date
) -> defaultdict[int, dict[str, int]]:
    zone = zoneinfo.ZoneInfo(clients[0].workspace.time_zone)
    rows = (
        Interaction.objects.filter(
            client__in=ids,
            happened_at__gte=datetime.combine(first, time.min, zone),
            happened_at__lt=datetime.combine(last + timedelta(days=1), time.min, zone),
        )
        .order_by()
        .values_list("client_id", "spent_on")
        .annotate(Sum("minutes", default=0))
    )
    minutes: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for client_id, spent_on, total in rows:
        minutes[client_id][spent_on] = total
    return minutes


def _agreed(ids: list[int], last: date) -> dict[int, Agreement]:
    """By client id, the terms in force on the last day."""
    rows = Agreement.objects.filter(client__in=ids, valid_from__lte=last).order_by("valid_from")
    return {row.client_id: row for row in rows}


def _lost(clients: Sequence[Client], ids: list[int], first: date, last: date) -> dict[int, int]:
    """By client id, working days that lay with them, late or stopped; each day once."""
    asked: defaultdict[int, list[Asked]] = defaultdict(list)
    rows = (
        Round.objects.filter(request__client__in=ids, request__blocking=True, asked_on__lte=last)
        .exclude(request__state=Request.State.DRAFT)
        .exclude(closed_on__lt=first)
        .order_by()
        .values_list("request__client_id", "request_id", "asked_on", "answer_by", "closed_on")
    )
    for client_id, request_id, asked_on, answer_by, closed_on in rows:
        asked[client_id].append(Asked(request_id, asked_on, answer_by, closed_on))
    rests: defaultdict[int, list[Delay]] = defaultdict(list)
    for stop in Stop.objects.filter(client__in=ids, begun_on__lte=last).order_by("begun_on", "pk"):
        by_them = stop.reason in Stop.CLIENTS_REASONS
        rests[stop.client_id].append(rest(stop.pk, stop.begun_on, stop.ended_on, clients=by_them))
    lost = {}
    for client in clients:
        found = clock(
            first=first,
            last=last,
            country=client.country,
            asked=asked[client.pk],
            rests=rests[client.pk],
        )
        lost[client.pk] = found.late + found.stopped
    return lost


def worth_page(client: Client, *, first: date, last: date, today: date) -> WorthPage:
    """Seventeen queries; its workspace must be loaded."""
    length = last - first + timedelta(days=1)
    zone = zoneinfo.ZoneInfo(client.workspace.time_zone)
    entries = (
        Interaction.objects.filter(
            client=client,
            minutes__isnull=False,
            happened_at__gte=datetime.combine(first, time.min, zone),
            happened_at__lt=datetime.combine(last + timedelta(days=1), time.min, zone),
        )
        .exclude(spent_on="")
        .order_by("-minutes", "-happened_at")
    )
    spent = list(entries)
    return WorthPage(
        worth=worths_of([client], first=first, last=last)[client.pk],
        before=worths_of([client], first=first - length, last=first - timedelta(days=1))[client.pk],
        payments=list(
            Payment.objects.filter(invoice__client=client, paid_on__range=(first, last))
            .select_related("invoice")
            .order_by("paid_on", "pk")
        ),
        chasing=[one for one in spent if one.spent_on == Interaction.Spent.CHASING],
        revisions=[one for one in spent if one.spent_on == Interaction.Spent.REVISION],
        chances=list(
            MissedChance.objects.filter(
                project__client=client, struck_at=None, missed_on__range=(first, last)
            ).select_related("project")
        ),
        open=open_of(client, today=today),
    )
