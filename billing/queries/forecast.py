"""What the ladder will send, and would have sent: the sweep's engine, walked over days."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from billing.models import Invoice, Step
from billing.queries.ladders import money_ladder, overdue_facts
from clientdesk.ladder import Climbed, Effect, Ladder, Overdue, walk

IN_FLIGHT = frozenset({Step.State.REVIEW, Step.State.QUEUED, Step.State.STUCK})


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


def forecast(*, workspace_id: int, today: date, days: int) -> list[PlannedStep]:
    """Every step from `today` for `days` calendar days, if nobody pays and all reviews say yes.

    Imported invoices whose ladder was not started are not in it.
    """
    ladder = money_ladder(workspace_id)
    last = today + timedelta(days=days)
    open_invoices = Invoice.objects.unpaid().exclude(imported=True, ladder_started_on=None)
    in_flight = set(Step.objects.filter(state__in=IN_FLIGHT).values_list("invoice_id", flat=True))
    candidates = list(open_invoices.filter(next_step_on__lte=last).select_related("client")) + list(
        open_invoices.filter(pk__in=in_flight).select_related("client")
    )
    steps_of: defaultdict[int, list[Step]] = defaultdict(list)
    for step in Step.objects.filter(invoice__in=candidates):
        steps_of[step.invoice_id].append(step)
    planned: list[PlannedStep] = []
    for invoice in candidates:
        steps = steps_of[invoice.pk]
        facts = overdue_facts(invoice, steps, invoice.client.country)
        for step in steps:
            if step.state in IN_FLIGHT:
                facts = _as_if_climbed(facts, step.rung, today)
                planned.append(
                    _planned(invoice, today, step.rung, step.effect, step.state == "queued")
                )
        for ahead in walk(ladder, facts, first=today, last=last):
            planned.append(
                _planned(
                    invoice, ahead.on, ahead.rung.name, ahead.rung.effect, ahead.rung.automatic
                )
            )
    return sorted(planned)


def _as_if_climbed(facts: Overdue, rung: str, on: date) -> Overdue:
    return Overdue(
        due_on=facts.due_on,
        country=facts.country,
        climbed=(*facts.climbed, Climbed(rung=rung, on=on)),
        settled_on=facts.settled_on,
    )


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
    *, workspace_id: int, first: date, last: date, ladder: Ladder | None = None
) -> list[PlannedStep]:
    """What daily sweeps from `first` to `last` would have sent, by recorded due days and payments.

    Every issued invoice takes part, imported ones as if they had been on the ladder from the
    beginning; a rung for review counts as approved on its day; tasks for the owner are left out.
    Ordered by date, then invoice number.
    """
    rungs = ladder or money_ladder(workspace_id)
    steps = list(_walked(rungs, first, last))
    return sorted(steps)


def _walked(ladder: Ladder, first: date, last: date) -> Iterator[PlannedStep]:
    rows: Any = (
        Invoice.objects.issued()
        .filter(due_on__lte=last - timedelta(days=min(r.offset for r in ladder.rungs)))
        .values_list(
            "pk", "number", "due_on", "settled_on", "client_id", "client__name", "client__country"
        )
        .iterator(chunk_size=2000)
    )
    for pk, number, due_on, settled_on, client_id, client_name, country in rows:
        facts = Overdue(due_on=due_on, country=country, settled_on=settled_on)
        for step in walk(ladder, facts, first=first, last=last):
            if step.rung.effect != Effect.TASK:
                yield PlannedStep(
                    on=step.on,
                    number=number,
                    rung=step.rung.name,
                    effect=step.rung.effect,
                    automatic=step.rung.automatic,
                    client_id=client_id,
                    client_name=client_name,
                    invoice_id=pk,
                )
