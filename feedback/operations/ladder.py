"""What the owner does with the steps of the ladder for answers: send them, or leave them out."""

from datetime import datetime

from django.db import transaction

from clientdesk.ladder import Effect
from feedback.models import AnswerStep
from feedback.operations.asking import locked
from feedback.operations.climbing import reschedule
from feedback.operations.letters import enqueue_steps
from feedback.operations.recording import record_request
from feedback.queries.climbing import climb_of


class StepNotOpen(Exception):
    """The step is not waiting for the owner (any more)."""


class StepHeld(Exception):
    """Reminders are paused, or work rests; the text says since when."""


def locked_step(step: AnswerStep, *states: str) -> AnswerStep:
    """The step as it stands, its request locked. Raises StepNotOpen unless in one of `states`."""
    # The request is what an answer locks, so it is what is locked first.
    request = locked(step.request)
    step = (
        AnswerStep.objects.select_for_update(of=("self",), no_key=True)
        .select_related("round", "workspace")
        .get(pk=step.pk)
    )
    step.request = request
    if step.state not in states or not request.is_open or step.round.closed_on is not None:
        raise StepNotOpen(step.pk)
    return step


@transaction.atomic
def approve_step(*, step: AnswerStep, now: datetime, actor: str) -> AnswerStep:
    """The owner has read the letter and sends it; it waits its minute in the outbox.

    A task is done by it. A letter that failed or is uncertain is decided about in the outbox, not
    here. Raises StepNotOpen for the second of two clicks and where it was answered meanwhile;
    StepHeld.
    """
    step = locked_step(step, AnswerStep.State.REVIEW)
    if step.effect == Effect.TASK:
        return close_step(step, AnswerStep.State.DONE, reason="", now=now, actor=actor)
    climb = climb_of(step.request)
    held = climb.held(on=step.workspace.local_today(now)) if climb else None
    if held is not None:
        raise StepHeld(f"held since {held[1].first}")
    step.state, step.reason = AnswerStep.State.QUEUED, ""
    step.save()
    enqueue_steps(workspace=step.workspace, steps=[step], automatic=False, now=now)
    return step


@transaction.atomic
def skip_step(*, step: AnswerStep, reason: str, now: datetime, actor: str) -> AnswerStep:
    """Leave a rung out, saying why; the next one follows at its distance. Raises StepNotOpen."""
    return close_step(
        locked_step(step, AnswerStep.State.REVIEW, AnswerStep.State.STUCK),
        AnswerStep.State.SKIPPED,
        reason=reason,
        now=now,
        actor=actor,
    )


def close_step(
    step: AnswerStep, state: str, *, reason: str, now: datetime, actor: str
) -> AnswerStep:
    """Write down what became of a step that its owner decided about, and plan the next."""
    step.state, step.reason = state, reason[:300]
    step.climbed_on = step.workspace.local_today(now)
    step.save()
    reschedule(request_ids=[step.request_id])
    kind = "request.step_skipped" if state == AnswerStep.State.SKIPPED else "request.step_done"
    facts = {"rung": step.rung, "reason": reason}
    record_request(step.request, kind, facts, now=now, actor=actor)
    return step
