"""What follows when the letters of the ladder for answers have gone out."""

from collections.abc import Sequence
from datetime import datetime

from clientdesk.workspaces.models import Workspace
from clients.operations.forecasting import write_forecasts
from feedback.models import AnswerStep
from feedback.operations.climbing import reschedule

DATE_MOVES = "date_moves"


def letters_went(*, workspace: Workspace, steps: Sequence[AnswerStep], now: datetime) -> None:
    """Write the rungs down as climbed today and plan what comes next.

    The delivery day that a letter named is kept as the project's expected one. Call it in the
    transaction that writes "sent".
    """
    if not steps:
        return
    today = workspace.local_today(now)
    AnswerStep.objects.filter(pk__in=[step.pk for step in steps]).update(
        state=AnswerStep.State.SENT, climbed_on=today, reason=""
    )
    reschedule(request_ids=[step.request_id for step in steps])
    told = [step.request.project_id for step in steps if step.rung == DATE_MOVES]
    if told:
        write_forecasts(project_ids={pk for pk in told if pk}, today=today, now=now, actor="system")
