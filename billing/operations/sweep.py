"""One pass over everything whose next rung has come.

Cost follows what is due: a partial index on `next_step_on` finds it, in batches, each its own
transaction. Running it a thousand times or twice at once changes nothing, since the pass that takes
an invoice empties its `next_step_on` under a lock.
"""

from collections.abc import Iterable
from datetime import datetime

from billing.models import Invoice, InvoiceQuerySet, Step, unasked_by_ladders
from billing.operations.ladder import goes_by_itself, write_next_steps
from billing.operations.letters import enqueue_steps
from billing.queries.climbing import Climb, Climber, climbs_of
from billing.queries.settings import stale_since
from clientdesk.ladder import Calendar, NextStep
from clientdesk.outbox.hours import EVERY_DAY
from clientdesk.record import operations as record
from clientdesk.record.operations import NewEntry
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.sweeping import SweepResult, in_batches


def climb_due(*, workspace: Workspace, now: datetime) -> SweepResult:
    """Climb every rung of this workspace whose day has come at the instant `now`.

    "Today" is the workspace's local day. An invoice that fails is logged and passed over; the
    others of its batch are climbed one by one.
    """
    if not Invoice.objects.due_a_step(on=workspace.local_today(now)).exists():
        return SweepResult()
    one_pass = _Pass(workspace, now)
    result = in_batches(lambda: one_pass.due, one_pass.climb)
    if one_pass.stale:
        result.waiting = one_pass.all_due.filter(next_step_automatic=True).count()
    return result


class _Pass:
    def __init__(self, workspace: Workspace, now: datetime) -> None:
        self.workspace, self.now = workspace, now
        self.today = workspace.local_today(now)
        self.stale = stale_since(workspace, now=now) is not None

    @property
    def all_due(self) -> InvoiceQuerySet:
        return Invoice.objects.due_a_step(on=self.today)

    @property
    def due(self) -> InvoiceQuerySet:
        """What this pass may take: while the books are stale, only what its owner reads first."""
        due = self.all_due.select_related("client").order_by("next_step_on", "pk")
        due = due.defer(*unasked_by_ladders())
        return due.filter(next_step_automatic=False) if self.stale else due

    def climb(self, invoices: list[Invoice]) -> SweepResult:
        climbs = climbs_of(invoices)
        steps: list[Step] = []
        by_itself: list[Step] = []
        for invoice in invoices:
            for step, automatic in self._steps(climbs[invoice.pk]):
                steps.append(step)
                if automatic:
                    by_itself.append(step)
        _save(steps)
        write_next_steps(invoices)
        calendars = {pk: _calendar(climb) for pk, climb in climbs.items()}
        result = SweepResult()
        result.queued = enqueue_steps(
            workspace=self.workspace,
            steps=by_itself,
            automatic=True,
            now=self.now,
            calendars=calendars,
        )
        result.review = len(steps) - result.queued
        self._record(step for step in steps if step.state == Step.State.REVIEW)
        return result

    def _steps(self, climb: Climb) -> Iterable[tuple[Step, bool]]:
        """The steps of one invoice that have come, and whether each goes without its owner.

        After an outage the day may lie behind and today be a free day: then it moves on.
        """
        later: NextStep | None = None
        for climber, ahead in climb.upcoming(not_before=self.today):
            if ahead.on > self.today or (self.stale and goes_by_itself(ahead)):
                later = later or ahead
                continue
            automatic = goes_by_itself(ahead)
            yield self._step(climb.invoice, climber, ahead, automatic), automatic
        climb.invoice.next_step_on = later.on if later else None
        climb.invoice.next_step_automatic = goes_by_itself(later)

    def _step(self, invoice: Invoice, climber: Climber, ahead: NextStep, automatic: bool) -> Step:
        # A rung once found unnecessary (held, or paid and the payment taken back) is climbed again.
        step = climber.step_of(ahead.rung.name)
        if step is None:
            step = Step(
                workspace_id=self.workspace.pk,
                invoice=invoice,
                instalment=climber.instalment,
                rung=ahead.rung.name,
            )
        else:
            step.invoice = invoice
            step.attempt += 1
        step.effect, step.due_on, step.created_at = ahead.rung.effect, ahead.on, self.now
        step.state = Step.State.QUEUED if automatic else Step.State.REVIEW
        step.reason = ""
        return step

    def _record(self, for_owner: Iterable[Step]) -> None:
        on = self.today.isoformat()
        record.append_many(
            workspace_id=self.workspace.pk,
            entries=[
                NewEntry(
                    kind="step.due",
                    content={"number": step.invoice.number, "rung": step.rung, "on": on},
                    actor="system",
                    client_ref=step.invoice.client_id,
                    subject=f"invoice:{step.invoice_id}",
                )
                for step in for_owner
            ],
            now=self.now,
        )


def _calendar(climb: Climb) -> str:
    return EVERY_DAY if climb.ladder.calendar == Calendar.NONE else climb.invoice.client.country


def _save(steps: list[Step]) -> None:
    Step.objects.bulk_create([step for step in steps if step.pk is None])
    Step.objects.bulk_update(
        [step for step in steps if step.attempt > 1],
        ["attempt", "effect", "due_on", "created_at", "reason", "state"],
    )
