"""The owner's number series."""

from datetime import datetime

from django.db import IntegrityError, transaction

from billing.models import Series
from billing.rules.numbers import check_pattern
from clientdesk.record import operations as record
from clientdesk.workspaces.models import Workspace


class SeriesExists(Exception):
    """There is a series with this code for this kind of document."""


@transaction.atomic
def save_series(
    *,
    workspace: Workspace,
    kind: str,
    code: str,
    pattern: str,
    is_default: bool,
    now: datetime,
    actor: str,
    series: Series | None = None,
) -> Series:
    """Add a series or change one; numbers already given stay. The first of a kind is its default.

    Raises PatternInvalid, SeriesExists.
    """
    check_pattern(pattern)
    others = Series.objects.filter(kind=kind)
    if series is not None:
        others = others.exclude(pk=series.pk)
    is_default = is_default or not others.filter(is_default=True).exists()
    if is_default:
        others.filter(is_default=True).update(is_default=False)
    row = series or Series(workspace=workspace, kind=kind, created_at=now)
    row.code, row.pattern, row.is_default = code, pattern, is_default
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise SeriesExists(code) from error
    record.append(
        workspace_id=workspace.pk,
        kind="series.changed",
        content={"of": kind, "code": code, "pattern": pattern, "default": is_default},
        now=now,
        actor=actor,
    )
    return row
