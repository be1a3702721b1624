"""What the owner has chosen about money."""

from datetime import date, datetime, timedelta

from billing.models import MoneySettings, Payment
from clientdesk.workspaces.models import Workspace


def money_settings(workspace_id: int) -> MoneySettings:
    """The saved row, or one with the defaults that is not saved."""
    found = MoneySettings.objects.filter(workspace_id=workspace_id).first()
    return found or MoneySettings(workspace_id=workspace_id)


def stale_since(workspace: Workspace, *, now: datetime) -> date | None:
    """The local day on which money was last looked at, where that is longer ago than the owner
    allows; None while the books are fresh, or the owner set no limit.

    Looked at: a payment was entered or read from a file, or the owner said so.
    """
    chosen = money_settings(workspace.pk)
    if not chosen.stale_after_days:
        return None
    # The newest row is the one entered last; its number tells without reading the others.
    entered = Payment.objects.order_by("-pk").values_list("recorded_at", flat=True).first()
    looked = max(
        at for at in (entered, chosen.books_checked_at, workspace.created_at) if at is not None
    )
    day = workspace.local_today(looked)
    limit = timedelta(days=chosen.stale_after_days)
    return day if workspace.local_today(now) - day > limit else None
