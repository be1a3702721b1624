from celery import shared_task

from clientdesk import clock
from clientdesk.outbox.delivery import deliver


@shared_task(name="outbox.deliver")
def deliver_due() -> dict[str, int]:
    """Send what is due; safe to run twice, late or at once."""
    return deliver(now=clock.now).as_dict()
