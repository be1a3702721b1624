"""What the ladder will send, and would have sent: the sweep's engine, walked over days."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice

from django.db.models import Q

from billing.models import Invoice, Step
from billing.models.invoices import InvoiceQuerySet
from billing.queries.climbing import IN_FLIGHT, climbs_of, holds_of
from billing.queries.ladders import ladders_for
from clientdesk.ladder import Effect, Ladder, Overdue, walk

CHUNK = 1_000
MOST_OFFSET = 999  # days: what a ladder's text can say


@dataclass(frozen=True, slots=True, order=True)
class PlannedStep:
    """One rung of one invoice on one day; `automatic` tells whether it goes without its owner."""

    on: date
    number: str
    rung: str
    effect: str
    automatic: bool
    client_id: int
    client_name: str
    invoice_id: int

    def as_json(self) -> dict[str, str]:
        return {"date": self.on.isoformat(), "invoice": self.number, "rung": self.rung}


def counts_of(steps: list[PlannedStep]) -> dict[str, int]:
    return dict(Counter(step.rung for step in steps))


def forecast(
    *,
    workspace_id: int,
    today: date,
    days: int,
    among: InvoiceQuerySet | None = None,
    ladder: Ladder | None = None,
) -> list[PlannedStep]:
    """Every step from `today` for `days` calendar days, if nobody pays and all reviews say yes.

    Imported invoices whose ladder was not started are not in it. `among` narrows the invoices;
    `ladder` is tried in place of each one's own.
    """
    last = today + timedelta(days=days)
    invoices = Invoice.objects.all() if among is None else among
    open_invoices = (
        invoices.unpaid().exclude(imported=True, ladder_started_on=None).select_related("client")
    )
    in_flight = set(Step.objects.filter(state__in=IN_FLIGHT).values_list("invoice_id", flat=True))
    # The stored day is by the ladder that holds; another one may come to an invoice sooner.
    near = open_invoices if ladder else open_invoices.filter(next_step_on__lte=last)
    soon = {invoice.pk: invoice for invoice in near}
    soon |= {invoice.pk: invoice for invoice in open_invoices.filter(pk__in=in_flight)}
    planned: list[PlannedStep] = []
    climbs = (
        climb if ladder is None else replace(climb, ladder=ladder)
        for batch in batched(soon.values(), CHUNK)
        for climb in climbs_of(batch).values()
    )
    for climb in climbs:
        for climber in climb.climbers:
            for step in climber.in_flight:
                planned.append(
                    _planned(climb.invoice, today, step.rung, step.effect, step.state == "queued")
                )
            facts = climber.as_if_climbed(on=today)
            for ahead in walk(climb.ladder, facts, first=today, last=last):
                rung = ahead.rung
                planned.append(
                    _planned(climb.invoice, ahead.on, rung.name, rung.effect, rung.automatic)
                )
    return sorted(planned)


def _planned(invoice: Invoice, on: date, rung: str, effect: str, automatic: bool) -> PlannedStep:
    return PlannedStep(
        on=on,
        number=invoice.number or "",
        rung=rung,
        effect=effect,
        automatic=automatic and effect != Effect.TASK,
        client_id=invoice.client_id,
        client_name=invoice.client.name,
        invoice_id=invoice.pk,
    )


def backtest(
    *,
    workspace_id: int,
    first: date,
    last: date,
    ladder: Ladder | None = None,
    among: InvoiceQuerySet | None = None,
) -> list[PlannedStep]:
    """What daily sweeps from `first` to `last` would have sent, by recorded due days and payments.

    Every issued invoice takes part, imported ones as if they had been on the ladder from the
    beginning; a rung for review counts as approved on its day; tasks for the owner are left out.
    Ordered by date, then invoice number. `among` narrows the invoices.
    """
    invoices = Invoice.objects.all() if among is None else among
    return sorted(_walked(invoices, ladder, first, last))


def replayed_at_all(
    invoices: InvoiceQuerySet, ladder: Ladder | None, first: date, last: date
) -> InvoiceQuerySet:
    """Those of `invoices` that a replay from `first` to `last` can come to."""
    earliest = min((rung.offset for rung in ladder.rungs), default=0) if ladder else -MOST_OFFSET
    return (
        invoices.issued()
        .filter(due_on__lte=last - timedelta(days=earliest))
        # What was settled on the first day or before is suppressed on every day of the replay.
        .filter(Q(settled_on=None) | Q(settled_on__gt=first))
    )


def _walked(
    among: InvoiceQuerySet, ladder: Ladder | None, first: date, last: date
) -> Iterator[PlannedStep]:
    """By `ladder` alone, or by each invoice's own with the holds that were."""
    invoices = (
        replayed_at_all(among, ladder, first, last)
        .select_related("client")
        .only("number", "due_on", "settled_on", "workspace_id", "client__name", "client__country")
    )
    for batch in batched(invoices.order_by("pk").iterator(chunk_size=CHUNK), CHUNK):
        ladders = {} if ladder else ladders_for(batch)
        holds = {} if ladder else holds_of(batch)
        for invoice in batch:
            facts = Overdue(
                due_on=invoice.due_on or last,
                country=invoice.client.country,
                holds=holds.get(invoice.pk, ()),
                settled_on=invoice.settled_on,
            )
            for step in walk(ladder or ladders[invoice.pk], facts, first=first, last=last):
                rung = step.rung
                if rung.effect != Effect.TASK:
                    yield _planned(invoice, step.on, rung.name, rung.effect, rung.automatic)


def batched(rows: Iterable[Invoice], size: int) -> Iterator[list[Invoice]]:
    """Lists of at most `size`."""
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch
