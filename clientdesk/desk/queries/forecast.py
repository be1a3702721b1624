"""What goes out in the next days, for money and for answers, in one list."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from billing.queries.forecast import PlannedStep, forecast
from feedback.queries.forecast import PlannedAnswerStep, answers_forecast

DAYS_AHEAD = 30


@dataclass(frozen=True, slots=True)
class Ahead:
    """Steps in the order of their days; on one day money comes first."""

    steps: Sequence[PlannedStep | PlannedAnswerStep]

    @property
    def counts(self) -> dict[str, int]:
        return dict(Counter(step.rung for step in self.steps))


def what_goes_out(
    *, workspace_id: int, today: date, days: int = DAYS_AHEAD, money: bool = True, work: bool = True
) -> Ahead:
    """If nobody pays or answers and every review says yes; `money` and `work`: what is seen."""
    steps: list[PlannedStep | PlannedAnswerStep] = []
    if money:
        steps += forecast(workspace_id=workspace_id, today=today, days=days)
    if work:
        steps += answers_forecast(today=today, days=days)
    return Ahead(sorted(steps, key=lambda step: step.on))
