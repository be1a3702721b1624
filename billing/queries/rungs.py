"""An invoice's ladder as its page shows it: what was, what is, what comes."""

from dataclasses import dataclass
from datetime import date

from billing.models import Invoice, Step
from billing.queries.ladders import money_ladder, overdue_facts
from clientdesk.ladder import Climbed, Effect, Overdue, walk

LOOK_AHEAD_YEARS = 2


@dataclass(frozen=True, slots=True)
class Rung:
    """One row of the ladder: `step` where it was come to, else planned for the day `on`."""

    name: str
    effect: str
    on: date | None
    automatic: bool
    step: Step | None = None


def rungs_of(invoice: Invoice, *, today: date) -> list[Rung]:
    """The rungs climbed, then those still to come with their days if nobody pays."""
    if invoice.due_on is None:
        return []
    steps = list(invoice.steps.all())
    rungs = [
        Rung(step.rung, step.effect, step.climbed_on or step.due_on, True, step) for step in steps
    ]
    ladder = money_ladder(invoice.workspace_id)
    known = {step.rung for step in steps}
    if invoice.settled_on or invoice.state != Invoice.State.ISSUED:
        return rungs
    if invoice.imported and invoice.ladder_started_on is None:
        return rungs + [
            Rung(r.name, r.effect, None, r.automatic) for r in ladder.rungs if r.name not in known
        ]
    facts = overdue_facts(invoice, steps, invoice.client.country)
    in_flight = tuple(Climbed(step.rung, today) for step in steps if not step.climbed_on)
    facts = Overdue(
        due_on=facts.due_on, country=facts.country, climbed=(*facts.climbed, *in_flight)
    )
    last = date(max(today, invoice.due_on).year + LOOK_AHEAD_YEARS, 12, 31)
    for ahead in walk(ladder, facts, first=today, last=last):
        by_itself = ahead.rung.automatic and ahead.rung.effect != Effect.TASK
        rungs.append(Rung(ahead.rung.name, ahead.rung.effect, ahead.on, by_itself))
    return rungs
