"""When automatic mail may leave: on working days of its reader, in the workspace's local hours.

What an owner sends by hand leaves at any hour.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from clientdesk.calendars import roll_forward
from clientdesk.workspaces.models import Workspace

EVERY_DAY = "none"
"""The calendar of a message that keeps off no day; else a country, "" for weekends only."""


def day_begins(workspace: Workspace, day: date) -> datetime:
    """The first instant of the sending hours of the local `day`.

    Where clocks skip that hour it is the instant at which they have skipped it.
    """
    return datetime.combine(day, time(workspace.send_from), ZoneInfo(workspace.time_zone))


def next_day(day: date, calendar: str) -> date:
    """`day`, or the first day after it that `calendar` leaves free for mail."""
    return day if calendar == EVERY_DAY else roll_forward(day, calendar)


def first_chance(workspace: Workspace, earliest: datetime, calendar: str) -> tuple[date, datetime]:
    """The local day, and the instant not before `earliest`, at which automatic mail may leave."""
    local = earliest.astimezone(ZoneInfo(workspace.time_zone))
    day = local.date()
    if local.hour >= workspace.send_until:
        day += timedelta(days=1)
    day = next_day(day, calendar)
    return day, max(earliest, day_begins(workspace, day))


def are_open(workspace: Workspace, *, now: datetime) -> bool:
    """Whether the instant `now` lies in the sending hours."""
    hour = now.astimezone(ZoneInfo(workspace.time_zone)).hour
    return workspace.send_from <= hour < workspace.send_until
