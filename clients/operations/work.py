"""What was agreed, what is worked on, the accounts handled, and what was achieved."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models, transaction

from clientdesk.record import operations as record
from clientdesk.workspaces.scoping import check_same_workspace
from clients.models import Agreement, Client, ManagedAccount, Project, Result
from clients.operations.forecasting import write_forecasts

Row = TypeVar("Row", Agreement, ManagedAccount, Project, Result)


class DeliveredAlready(Exception):
    """The project was delivered before."""


def _plain(value: Any) -> Any:
    """As the record takes it: dates and decimals as text, rows as their number."""
    if isinstance(value, (date, Decimal)):
        return str(value)
    return value.pk if isinstance(value, models.Model) else value


def _save(
    row: Row, fields: Mapping[str, Any], *, client: Client, kind: str, now: datetime, actor: str
) -> Row:
    check_same_workspace(client.workspace_id, row, fields.get("project"))
    for field, value in fields.items():
        setattr(row, field, value)
    row.full_clean()
    row.save()
    noun = kind.partition(".")[0]
    record.append(
        workspace_id=client.workspace_id,
        kind=kind,
        content={field: _plain(value) for field, value in fields.items()},
        now=now,
        actor=actor,
        client_ref=client.pk,
        subject=f"{noun}:{row.pk}",
    )
    return row


def _new(model: type[Row], client: Client, now: datetime) -> Row:
    return model(workspace_id=client.workspace_id, client=client, created_at=now)


def _same(model: type[Row], client: Client, fields: Mapping[str, Any]) -> Row | None:
    """The row a form made when it was sent before: the client's, with the same in every field."""
    # The client's row is the lock: of two forms at once the second waits for the first.
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    return model.objects.filter(client=client, **fields).first()


@transaction.atomic
def create_agreement(
    *, client: Client, fields: Mapping[str, Any], now: datetime, actor: str
) -> Agreement:
    """Terms that hold from a date; earlier ones stay for what was invoiced under them.

    The same terms twice are one. Raises ValidationError by field, ForeignRow.
    """
    if existing := _same(Agreement, client, fields):
        return existing
    row = _new(Agreement, client, now)
    return _save(row, fields, client=client, kind="agreement.created", now=now, actor=actor)


@transaction.atomic
def change_agreement(
    *, agreement: Agreement, fields: Mapping[str, Any], now: datetime, actor: str
) -> Agreement:
    """Correct terms that were written down wrong. Invoices keep the day they were issued with.

    Raises ValidationError by field.
    """
    return _save(
        agreement,
        fields,
        client=agreement.client,
        kind="agreement.changed",
        now=now,
        actor=actor,
    )


@transaction.atomic
def save_project(
    *,
    client: Client,
    project: Project | None,
    fields: Mapping[str, Any],
    now: datetime,
    actor: str,
) -> Project:
    """A new project, or changes to one; the same new one twice is one.

    What its work lost is counted from the new days on. Raises ValidationError by field, ForeignRow.
    """
    if project is None and (existing := _same(Project, client, fields)):
        return existing
    kind = "project.changed" if project else "project.created"
    row = project or _new(Project, client, now)
    row = _save(row, fields, client=client, kind=kind, now=now, actor=actor)
    today = client.workspace.local_today(now)
    moved = write_forecasts(project_ids=[row.pk], today=today, now=now, actor=actor)
    return moved[0] if moved else row


@transaction.atomic
def deliver_project(*, project: Project, on: date, now: datetime, actor: str) -> Project:
    """The work is delivered on the day `on`. Raises DeliveredAlready."""
    project = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    if project.delivered_on is not None:
        raise DeliveredAlready(project.pk)
    project.delivered_on = on
    project.save(update_fields=["delivered_on"])
    record.append(
        workspace_id=project.workspace_id,
        kind="project.delivered",
        content={"name": project.name, "on": on.isoformat()},
        now=now,
        actor=actor,
        client_ref=project.client_id,
        subject=f"project:{project.pk}",
    )
    return project


@transaction.atomic
def save_account(
    *,
    client: Client,
    account: ManagedAccount | None,
    fields: Mapping[str, Any],
    now: datetime,
    actor: str,
) -> ManagedAccount:
    """A channel in the register, or changes to one; the same new one twice is one.

    Raises ValidationError by field, ForeignRow.
    """
    if account is None and (existing := _same(ManagedAccount, client, fields)):
        return existing
    kind = "account.changed" if account else "account.created"
    row = account or _new(ManagedAccount, client, now)
    return _save(row, fields, client=client, kind=kind, now=now, actor=actor)


@transaction.atomic
def record_result(
    *, client: Client, fields: Mapping[str, Any], now: datetime, actor: str
) -> Result:
    """Something achieved, before and after; the same twice is one.

    Raises ValidationError by field, ForeignRow.
    """
    check_same_workspace(client.workspace_id, fields.get("project"))
    if existing := _same(Result, client, fields):
        return existing
    row = _new(Result, client, now)
    return _save(row, fields, client=client, kind="result.recorded", now=now, actor=actor)
