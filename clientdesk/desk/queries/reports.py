"""What a period was like, as bars that are tables: one list of rows for each question.

Amounts of different currencies are never added; each currency has bars of its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncMonth

from billing.models import OPEN_MINOR, Invoice, Payment
from clientdesk.workspaces.models import Workspace
from clients.models import Client, Interaction, Stop
from feedback.models import Round
from offboarding.queries.worth import worths_of
from offboarding.rules.worth import Worth

MOST = 200
AGES = (("not_due", None, 0), ("d30", 1, 30), ("d60", 31, 60), ("d90", 61, 90), ("older", 91, None))


@dataclass(frozen=True, slots=True)
class Bar:
    """`value` decides the length; `minor` is an amount in `currency` where it is one."""

    label: str
    value: int
    slug: str = ""
    currency: str = ""
    minor: int | None = None
    count: int = 0
    on: date | None = None
    share: str = "0"


@dataclass(frozen=True, slots=True)
class Reports:
    lost: list[Bar] = field(default_factory=list)
    late: list[Bar] = field(default_factory=list)
    rate: list[Bar] = field(default_factory=list)
    money: list[Bar] = field(default_factory=list)
    aging: list[Bar] = field(default_factory=list)
    problems: list[Bar] = field(default_factory=list)

    @property
    def days_lost(self) -> int:
        return sum(one.value for one in self.lost)


def reports_of(
    workspace: Workspace, *, first: date, last: date, today: date, work: bool
) -> Reports:
    """From `first` to `last`, both included; aging is of today. Fourteen queries at most."""
    clients = list(Client.objects.select_related("workspace").order_by("name")[:MOST])
    worths = worths_of(clients, first=first, last=last) if work else {}
    named = [(client, worths[client.pk]) for client in clients if client.pk in worths]
    return Reports(
        lost=_scaled(_lost(named)),
        late=_scaled(_late(first, last)),
        rate=_by_currency(_rate(named)),
        money=_by_currency(_money(first, last)),
        aging=_by_currency(_aging(today)),
        problems=_scaled(_problems(first, last)) if work else [],
    )


def _scaled(bars: Iterable[Bar]) -> list[Bar]:
    """With each bar's share of the longest, in per cent."""
    rows = list(bars)
    longest = max((one.value for one in rows), default=0)
    return [_with_share(one, longest) for one in rows]


def _by_currency(bars: Iterable[Bar]) -> list[Bar]:
    rows = list(bars)
    longest: dict[str, int] = defaultdict(int)
    for one in rows:
        longest[one.currency] = max(longest[one.currency], one.value)
    return [_with_share(one, longest[one.currency]) for one in rows]


def _with_share(one: Bar, longest: int) -> Bar:
    share = f"{100 * one.value / longest:.2f}" if longest else "0"
    return Bar(one.label, one.value, one.slug, one.currency, one.minor, one.count, one.on, share)


def _lost(named: Sequence[tuple[Client, Worth]]) -> list[Bar]:
    rows = [Bar(c.name, w.days_lost, c.slug) for c, w in named if w.days_lost]
    return sorted(rows, key=lambda one: -one.value)


def _rate(named: Sequence[tuple[Client, Worth]]) -> list[Bar]:
    rows = [
        Bar(c.name, w.per_hour, c.slug, w.currency, w.per_hour, round(w.minutes / 60))
        for c, w in named
        if w.per_hour is not None
    ]
    return sorted(rows, key=lambda one: (one.currency, -one.value))


def _late(first: date, last: date) -> list[Bar]:
    """By client, the mean of days late over invoices settled in the period; early counts as 0."""
    rows = Invoice.objects.filter(settled_on__range=(first, last), due_on__isnull=False)
    days: dict[tuple[str, str], list[int]] = defaultdict(list)
    for name, slug, settled_on, due_on in rows.values_list(
        "client__name", "client__slug", "settled_on", "due_on"
    )[:20_000]:
        if settled_on and due_on:
            days[name, slug].append(max(0, (settled_on - due_on).days))
    bars = [
        Bar(name, round(sum(found) / len(found)), slug, count=len(found))
        for (name, slug), found in days.items()
    ]
    return sorted((one for one in bars if one.value), key=lambda one: (-one.value, one.label))


def _money(first: date, last: date) -> list[Bar]:
    rows = (
        Payment.objects.filter(paid_on__range=(first, last))
        .annotate(month=TruncMonth("paid_on"), currency=F("invoice__currency"))
        .order_by("currency", "month")
        .values("currency", "month")
        .annotate(total=Sum("amount_minor"), n=Count("pk"))
    )
    return [
        Bar("", row["total"], "", row["currency"], row["total"], row["n"], row["month"])
        for row in rows
    ]


def _aging(today: date) -> list[Bar]:
    """What is open today by how late it is, in calendar days."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    rows = (
        Invoice.objects.issued()
        .filter(settled_on=None, due_on__isnull=False)
        .order_by()
        .values("currency", "due_on")
        .annotate(total=Sum(OPEN_MINOR), n=Count("pk"))
    )
    for row in rows:
        due_on: date = row["due_on"] or today
        days = (today - due_on).days
        age = next(
            name
            for name, least, most in AGES
            if (least is None or days >= least) and (most is None or days <= most)
        )
        found = sums[row["currency"], age]
        found[0] += row["total"]
        found[1] += row["n"]
    return [
        Bar(
            age,
            sums[currency, age][0],
            "",
            currency,
            sums[currency, age][0],
            sums[currency, age][1],
        )
        for currency in sorted({key[0] for key in sums})
        for age, _least, _most in AGES
        if (currency, age) in sums
    ]


def _problems(first: date, last: date) -> list[Bar]:
    """How often what went wrong, and with how many clients."""
    span = (first, last)
    rounds = Round.objects.exclude(request__state="draft")
    kinds = {
        "answer_late": rounds.filter(closed_on__range=span, closed_on__gt=F("answer_by")).values(
            client=F("request__client")
        ),
        "rounds_beyond": rounds.filter(
            asked_on__range=span, number__gt=F("request__rounds_agreed")
        ).values(client=F("request__client")),
        "paid_late": Invoice.objects.filter(
            settled_on__range=span, settled_on__gt=F("due_on")
        ).values("client"),
        "stopped": Stop.objects.filter(
            Q(begun_on__range=span), reason__in=Stop.CLIENTS_REASONS
        ).values("client"),
        "tagged": Interaction.objects.filter(
            happened_at__date__range=span, tags__icontains="problem"
        ).values("client"),
    }
    bars = []
    for kind, rows in kinds.items():
        told = rows.aggregate(n=Count("pk"), clients=Count("client", distinct=True))
        if told["n"]:
            bars.append(Bar(kind, told["n"], count=told["clients"]))
    return sorted(bars, key=lambda one: -one.value)
