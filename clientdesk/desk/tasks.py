from celery import shared_task

from clientdesk import clock
from clientdesk.desk.operations import daily


@shared_task(name="desk.daily")
def send_daily() -> int:
    """Queue the mail of the day where it is morning; told twice, it is one mail."""
    return daily.send_daily(now=clock.now())
