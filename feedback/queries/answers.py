"""What was answered, and until when it may be changed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from feedback.models import Answer, Request, Round

CHANGE_FOR = timedelta(hours=24)


def change_until(request: Request, answers: Sequence[Answer]) -> datetime | None:
    """Until when the client may change the answer of the present round; None: not any more."""
    if not answers or request.handled_on or request.state != Request.State.ANSWERED:
        return None
    return answers[0].given_at + CHANGE_FOR


def answers_of(round_: Round) -> list[Answer]:
    """Of one round, the first one first, with what was said of each item; four queries."""
    return list(
        Answer.objects.filter(round=round_)
        .prefetch_related("verdicts__version__item", "files__document")
        .order_by("number")
    )
