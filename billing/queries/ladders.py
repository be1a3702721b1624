"""The ladder of a workspace, and an invoice as the ladder sees it."""

from collections.abc import Iterable

from billing.models import Invoice, LadderSetting, Step
from clientdesk.ladder import MONEY_DEFAULT, Calendar, Climbed, Ladder, Overdue, parse_ladder


def money_ladder(workspace_id: int) -> Ladder:
    """The workspace's ladder for money, or the default."""
    setting = LadderSetting.objects.filter(
        workspace_id=workspace_id, purpose=LadderSetting.Purpose.MONEY
    ).first()
    if setting is None:
        return MONEY_DEFAULT
    return parse_ladder(setting.rungs, calendar=Calendar(setting.calendar))


def overdue_facts(invoice: Invoice, steps: Iterable[Step], country: str) -> Overdue:
    """What the ladder needs to know. The invoice must have a due day."""
    if invoice.due_on is None:
        raise ValueError(f"invoice {invoice.pk} has no due day")
    climbed = sorted(
        (Climbed(rung=step.rung, on=step.climbed_on) for step in steps if step.climbed_on),
        key=lambda c: c.on,
    )
    return Overdue(
        due_on=invoice.due_on,
        country=country,
        climbed=tuple(climbed),
        settled_on=invoice.settled_on,
    )
