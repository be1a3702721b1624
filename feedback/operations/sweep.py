"""One pass over every request whose next rung has come (clientdesk.workspaces.sweeping)."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from clientdesk.ladder import Calendar, NextStep
from clientdesk.outbox.hours import EVERY_DAY
from clientdesk.record import operations as record
from clientdesk.record.operations import NewEntry
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.sweeping import SweepResult, in_batches
from feedback.models import AnswerStep, Request, Round
from feedback.operations.climbing import goes_by_itself, write_next_steps
from feedback.operations.letters import enqueue_steps
from feedback.queries.climbing import Climb, climbs_of

ONE_DAY = timedelta(days=1)


def climb_due(*, workspace: Workspace, now: datetime) -> SweepResult:
    """Climb every rung of this workspace's requests whose day has come at the instant `now`.

    "Today" is the workspace's local day. A request that fails is logged and passed over.
    """
    today = workspace.local_today(now)
    if not Request.objects.due_a_step(on=today).exists():
        return SweepResult()
    one_pass = _Pass(workspace, now)
    return in_batches(
        lambda: (
            Request.objects.due_a_step(on=today)
            .select_related("client")
            .order_by("next_step_on", "pk")
        ),
        one_pass.climb,
    )


class _Pass:
    def __init__(self, workspace: Workspace, now: datetime) -> None:
        self.workspace, self.now = workspace, now
        self.today = workspace.local_today(now)

    def climb(self, requests: list[Request]) -> SweepResult:
        climbs = climbs_of(requests)
        rounds = {
            one.request_id: one
            for one in Round.objects.filter(request__in=requests, closed_on=None)
        }
        steps: list[AnswerStep] = []
        by_itself: list[AnswerStep] = []
        for request in requests:
            climb = climbs[request.pk]
            ahead = self._ahead(climb)
            if ahead is not None:
                step = self._step(climb, rounds[request.pk], ahead)
                steps.append(step)
                if goes_by_itself(ahead):
                    by_itself.append(step)
        _save(steps)
        write_next_steps(requests)
        result = SweepResult()
        result.queued = enqueue_steps(
            workspace=self.workspace,
            steps=by_itself,
            automatic=True,
            now=self.now,
            calendars={pk: _calendar(climb) for pk, climb in climbs.items()},
        )
        result.review = len(steps) - result.queued
        self._record(step for step in steps if step.state == AnswerStep.State.REVIEW)
        return result

    def _ahead(self, climb: Climb) -> NextStep | None:
        """The step that has come. Where none has, the day to look again is written down.

        After an outage the day may lie behind and today be a free day: then it moves on. While
        work rests for the client it is looked at each day.
        """
        ahead = climb.next_step(not_before=self.today)
        if ahead is not None and ahead.on <= self.today:
            climb.request.next_step_on, climb.request.next_step_automatic = None, False
            return ahead
        later = ahead or climb.look_again(not_before=self.today + ONE_DAY)
        climb.request.next_step_on = later.on if later else None
        climb.request.next_step_automatic = goes_by_itself(later)
        return None

    def _step(self, climb: Climb, round_: Round, ahead: NextStep) -> AnswerStep:
        # A rung once found unnecessary (paused, or work rested) is climbed again.
        step = climb.step_of(ahead.rung.name)
        if step is None:
            step = AnswerStep(
                workspace_id=self.workspace.pk,
                request=climb.request,
                round=round_,
                rung=ahead.rung.name,
            )
        else:
            step.request, step.round = climb.request, round_
            step.attempt += 1
        step.effect, step.due_on, step.created_at = ahead.rung.effect, ahead.on, self.now
        review = not goes_by_itself(ahead)
        step.state = AnswerStep.State.REVIEW if review else AnswerStep.State.QUEUED
        step.reason = ""
        return step

    def _record(self, for_owner: Iterable[AnswerStep]) -> None:
        on = self.today.isoformat()
        record.append_many(
            workspace_id=self.workspace.pk,
            entries=[
                NewEntry(
                    kind="request.step_due",
                    content={
                        "title": step.request.title,
                        "kind": step.request.kind,
                        "rung": step.rung,
                        "on": on,
                    },
                    actor="system",
                    client_ref=step.request.client_id,
                    subject=f"request:{step.request_id}",
                )
                for step in for_owner
            ],
            now=self.now,
        )


def _calendar(climb: Climb) -> str:
    return EVERY_DAY if climb.ladder.calendar == Calendar.NONE else climb.request.client.country


def _save(steps: Sequence[AnswerStep]) -> None:
    AnswerStep.objects.bulk_create([step for step in steps if step.pk is None])
    AnswerStep.objects.bulk_update(
        [step for step in steps if step.attempt > 1],
        ["attempt", "effect", "due_on", "created_at", "reason", "state"],
    )
