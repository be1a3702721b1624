from celery import shared_task

from clientdesk import clock
from feedback.operations.sweeping import sweep_all


@shared_task(name="feedback.sweep")
def sweep() -> None:
    """One pass of everything due, all workspaces. Running it twice at once changes nothing."""
    sweep_all(now=clock.now())
