"""What the management commands share: finding a workspace, reading an instant, printing JSON."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clientdesk import clock
from clientdesk.workspaces.models import Workspace


def workspace_named(slug: str) -> Workspace:
    """Raises CommandError naming the workspaces there are."""
    workspace = Workspace.objects.filter(slug=slug).first()
    if workspace is None:
        known = ", ".join(Workspace.objects.order_by("slug").values_list("slug", flat=True)[:10])
        raise CommandError(
            f"--workspace: there is no workspace {slug!r}; there is: {known or 'none'}"
        )
    return workspace


def instant(text: str | None, *, option: str = "--now") -> datetime:
    """An ISO instant; without an offset it is UTC; nothing given is now."""
    if not text:
        return clock.now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(
            f"{option}: {text!r} is no instant; expected e.g. 2025-04-28T09:00:00+02:00"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def day(text: str, *, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{option}: {text!r} is no day; expected e.g. 2025-04-28") from error


def print_json(command: BaseCommand, value: Mapping[str, Any]) -> None:
    """One JSON object on one line, the last."""
    command.stdout.write(json.dumps(value, ensure_ascii=False))
