"""Setting the rungs of a workspace."""

from datetime import datetime

from django.db import transaction

from billing.models import LadderSetting
from billing.operations.ladder import reschedule_all
from clientdesk.ladder import Calendar, Ladder, format_ladder, parse_ladder
from clientdesk.record import operations as record
from clientdesk.workspaces.models import Workspace


@transaction.atomic
def set_money_ladder(
    *, workspace: Workspace, rungs: str, calendar: Calendar, now: datetime, actor: str
) -> Ladder:
    """Replace the workspace's ladder; every unpaid invoice goes on by the new one.

    Raises LadderInvalid naming the rung, what it says and what was expected.
    """
    ladder = parse_ladder(rungs, calendar=calendar)
    LadderSetting.objects.update_or_create(
        workspace=workspace,
        purpose=LadderSetting.Purpose.MONEY,
        defaults={"rungs": format_ladder(ladder), "calendar": calendar},
    )
    reschedule_all(workspace_id=workspace.pk)
    record.append(
        workspace_id=workspace.pk,
        kind="ladder.changed",
        content={"rungs": format_ladder(ladder), "calendar": str(calendar)},
        now=now,
        actor=actor,
    )
    return ladder
