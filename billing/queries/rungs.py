"""An invoice's ladder as its page shows it: what was, what is, what comes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from billing.models import Instalment, Invoice, Step
from billing.queries.climbing import Climb, Climber, climb_of
from clientdesk.ladder import Effect, walk

LOOK_AHEAD_YEARS = 2


@dataclass(frozen=True, slots=True)
class Rung:
    """One row of the ladder: `step` where it was come to, else planned for the day `on`."""

    name: str
    effect: str
    on: date | None
    automatic: bool
    step: Step | None = None
    instalment: Instalment | None = None


def rungs_of(invoice: Invoice, *, today: date) -> list[Rung]:
    """The rungs climbed, then those still to come with their days if nobody pays."""
    if invoice.due_on is None:
        return []
    climb = climb_of(invoice)
    plans = {one.pk: one for one in climb.instalments}
    rungs = [
        Rung(
            step.rung,
            step.effect,
            step.climbed_on or step.due_on,
            True,
            step,
            plans.get(step.instalment_id or 0),
        )
        for step in climb.steps
    ]
    if invoice.settled_on or invoice.state != Invoice.State.ISSUED:
        return rungs
    ahead = [rung for climber in climb.climbers for rung in _ahead(climb, climber, today)]
    return rungs + sorted(ahead, key=lambda rung: rung.on or date.max)


def _ahead(climb: Climb, climber: Climber, today: date) -> Iterator[Rung]:
    if not climb.may_climb:
        for rung in climb.ladder.rungs:
            if climber.step_of(rung.name) is None:
                yield Rung(rung.name, rung.effect, None, rung.automatic)
        return
    facts = climber.as_if_climbed(on=today)
    last = date(max(today, facts.due_on).year + LOOK_AHEAD_YEARS, 12, 31)
    for step in walk(climb.ladder, facts, first=today, last=last):
        by_itself = step.rung.automatic and step.rung.effect != Effect.TASK
        yield Rung(step.rung.name, step.rung.effect, step.on, by_itself, None, climber.instalment)
