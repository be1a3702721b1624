"""Keeping what the owner has chosen about money."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from billing.models import MoneySettings
from clientdesk.record import operations as record


@transaction.atomic
def keep_settings(
    *, chosen: MoneySettings, names: Collection[str], now: datetime, actor: str
) -> MoneySettings:
    """Save the columns `names` of `chosen`, the row of its workspace; others stay as they are."""
    row, _created = MoneySettings.objects.select_for_update(no_key=True).get_or_create(
        workspace_id=chosen.workspace_id
    )
    changed = {}
    for name in names:
        value = getattr(chosen, name)
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed[name] = str(value)
    if changed:
        row.save(update_fields=list(changed))
        record.append(
            workspace_id=row.workspace_id,
            kind="money.settings",
            content=changed,
            now=now,
            actor=actor,
        )
    return row
