from celery import shared_task

from billing.operations.sweeping import sweep_all
from clientdesk import clock


@shared_task(name="billing.sweep")
def sweep() -> None:
    """One pass of everything due, all workspaces. Running it twice at once changes nothing."""
    sweep_all(now=clock.now())
