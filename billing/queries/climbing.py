"""What climbs: an invoice, or the instalments agreed for it, as the ladder sees them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from billing.models import Hold, Instalment, Invoice, Step
from billing.queries.ladders import ladders_for
from clientdesk import ladder as engine
from clientdesk.ladder import Climbed, Ladder, NextStep, Overdue, next_step

IN_FLIGHT = frozenset({Step.State.REVIEW, Step.State.QUEUED, Step.State.STUCK})
"""Waiting for its owner, for the outbox, or for a decision: the ladder goes no further."""


@dataclass(frozen=True, slots=True)
class Climber:
    """One thing on a ladder; `instalment` is None where the whole invoice climbs."""

    instalment: Instalment | None
    overdue: Overdue
    steps: tuple[Step, ...]

    @property
    def in_flight(self) -> list[Step]:
        return [step for step in self.steps if step.state in IN_FLIGHT]

    def step_of(self, rung: str) -> Step | None:
        return next((step for step in self.steps if step.rung == rung), None)

    def as_if_climbed(self, *, on: date) -> Overdue:
        """The same with everything in flight climbed on the day `on`."""
        ahead = tuple(Climbed(step.rung, on) for step in self.in_flight if not step.climbed_on)
        return replace(self.overdue, climbed=(*self.overdue.climbed, *ahead))


@dataclass(frozen=True, slots=True)
class Climb:
    """An invoice with all that decides about its next step."""

    invoice: Invoice
    ladder: Ladder
    steps: Sequence[Step] = ()
    holds: tuple[engine.Hold, ...] = ()
    instalments: Sequence[Instalment] = field(default=())

    @property
    def may_climb(self) -> bool:
        """Whether anything of it may be climbed by itself at all."""
        invoice = self.invoice
        if invoice.state != Invoice.State.ISSUED or invoice.settled_on or invoice.due_on is None:
            return False
        return not (invoice.imported and invoice.ladder_started_on is None)

    @property
    def climbers(self) -> Iterator[Climber]:
        """While a plan runs its open instalments climb, each for itself; the invoice rests."""
        if self.instalments:
            for one in self.instalments:
                if one.settled_on is None:
                    steps = tuple(s for s in self.steps if s.instalment_id == one.pk)
                    yield self._climber(one, one.due_on, steps)
        elif self.invoice.due_on is not None:
            steps = tuple(s for s in self.steps if s.instalment_id is None)
            yield self._climber(None, self.invoice.due_on, steps)

    def _climber(
        self, instalment: Instalment | None, due_on: date, steps: tuple[Step, ...]
    ) -> Climber:
        climbed = (Climbed(rung=s.rung, on=s.climbed_on) for s in steps if s.climbed_on)
        overdue = Overdue(
            due_on=due_on,
            country=self.invoice.client.country,
            climbed=tuple(sorted(climbed, key=lambda c: c.on)),
            holds=self.holds,
            settled_on=self.invoice.settled_on,
        )
        return Climber(instalment, overdue, steps)

    def upcoming(self, *, not_before: date | None = None) -> list[tuple[Climber, NextStep]]:
        """The next step of each climber that has one and has nothing in flight, soonest first."""
        if not self.may_climb:
            return []
        ahead = [
            (climber, step)
            for climber in self.climbers
            if not climber.in_flight
            and (step := next_step(self.ladder, climber.overdue, not_before=not_before))
        ]
        return sorted(ahead, key=lambda pair: pair[1].on)


def climbs_of(invoices: Collection[Invoice]) -> dict[int, Climb]:
    """By invoice id; four queries however many. Their clients must be loaded."""
    ids = {invoice.pk for invoice in invoices}
    steps: defaultdict[int, list[Step]] = defaultdict(list)
    for step in Step.objects.filter(invoice_id__in=ids).order_by("due_on", "pk"):
        steps[step.invoice_id].append(step)
    instalments: defaultdict[int, list[Instalment]] = defaultdict(list)
    for one in (
        Instalment.objects.filter(plan__invoice_id__in=ids, plan__ended_on=None)
        .select_related("plan")
        .order_by("position")
    ):
        instalments[one.plan.invoice_id].append(one)
    ladders = ladders_for(invoices)
    holds = holds_of(invoices)
    return {
        invoice.pk: Climb(
            invoice=invoice,
            ladder=ladders[invoice.pk],
            steps=steps[invoice.pk],
            holds=holds.get(invoice.pk, ()),
            instalments=instalments[invoice.pk],
        )
        for invoice in invoices
    }


def holds_of(invoices: Collection[Invoice]) -> Mapping[int, tuple[engine.Hold, ...]]:
    """By invoice id: its own holds and those of its client, past ones too."""
    by_client: defaultdict[int, list[Hold]] = defaultdict(list)
    for hold in Hold.objects.filter(client_id__in={invoice.client_id for invoice in invoices}):
        if hold.until is None or hold.until >= hold.first:
            by_client[hold.client_id].append(hold)
    return {
        invoice.pk: tuple(
            engine.Hold(first=hold.first, until=hold.until)
            for hold in by_client[invoice.client_id]
            if hold.invoice_id in (None, invoice.pk)
        )
        for invoice in invoices
        if invoice.client_id in by_client
    }


def climb_of(invoice: Invoice) -> Climb:
    return climbs_of([invoice])[invoice.pk]
