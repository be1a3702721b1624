"""What the owner chooses about sending and money."""

from datetime import datetime
from typing import Any

from django.db import transaction

from billing.models import MoneySettings
from clientdesk.record import operations as record
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in

MOST_STALE_DAYS = 365


class HoursInvalid(ValueError):
    """The sending hours are no span within one day; it names both."""


class ChoiceInvalid(ValueError):
    """It names the choice, its value and what was expected."""


@transaction.atomic
def change_choices(
    *,
    workspace: Workspace,
    send_from: int,
    send_until: int,
    thanks: bool,
    resume: str,
    stale_after_days: int | None,
    now: datetime,
    actor: str,
) -> list[str]:
    """Keep the sending hours (local, 24 is midnight) and what is chosen about money.

    Answers the names of what changed; only that is recorded. Raises HoursInvalid, ChoiceInvalid.
    """
    if not 0 <= send_from < send_until <= 24:
        raise HoursInvalid(
            f"from {send_from} until {send_until}: expected a beginning before the end, within "
            "0 and 24"
        )
    if resume not in MoneySettings.Resume.values:
        raise ChoiceInvalid(f"resume {resume!r}: expected one of {MoneySettings.Resume.values}")
    if stale_after_days is not None and not 1 <= stale_after_days <= MOST_STALE_DAYS:
        raise ChoiceInvalid(
            f"stale_after_days {stale_after_days}: expected 1 to {MOST_STALE_DAYS} or none"
        )
    hours = _changed_hours(workspace, {"send_from": send_from, "send_until": send_until})
    money = _changed_money(
        workspace, {"thanks": thanks, "resume": resume, "stale_after_days": stale_after_days}
    )
    for kind, changed in (("workspace.changed", hours), ("money.changed", money)):
        if changed:
            content = {name: "" if value is None else str(value) for name, value in changed.items()}
            record.append(
                workspace_id=workspace.pk, kind=kind, content=content, now=now, actor=actor
            )
    return [*hours, *money]


@transaction.atomic
def books_were_checked(*, workspace: Workspace, now: datetime, actor: str) -> None:
    """The owner looked at the bank: what waited for fresh books goes on."""
    with acting_in(workspace.pk):
        MoneySettings.objects.update_or_create(
            workspace=workspace, defaults={"books_checked_at": now}
        )
        record.append(
            workspace_id=workspace.pk, kind="books.checked", content={}, now=now, actor=actor
        )


def _changed_hours(workspace: Workspace, wanted: dict[str, int]) -> dict[str, int]:
    row = Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if changed:
        # Both at once: a span is checked as a whole.
        Workspace.objects.filter(pk=workspace.pk).update(**wanted)
        workspace.refresh_from_db(fields=list(wanted))
    return changed


def _changed_money(workspace: Workspace, wanted: dict[str, Any]) -> dict[str, Any]:
    with acting_in(workspace.pk):
        row, _ = MoneySettings.objects.select_for_update(no_key=True).get_or_create(
            workspace=workspace
        )
        changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
        for name, value in changed.items():
            setattr(row, name, value)
        if changed:
            row.save(update_fields=list(changed))
    return changed
