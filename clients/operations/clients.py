"""Clients and the people there."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from clientdesk.record import operations as record
from clientdesk.workspaces.models import Workspace
from clients.models import Client, Contact

NAMESAKE = _("There is a client of this name already; expected one that tells them apart.")
CLIENT_FIELDS = (
    "reference", "name", "country", "language", "currency", "address", "tax_id", "vat_id", "note"
)  # fmt: skip
CONTACT_FIELDS = ("name", "email", "phone", "role")


def free_slug(name: str) -> str:
    """A slug no client of the active workspace has."""
    stem = slugify(name)[:50] or "client"
    taken = {"new", *Client.objects.filter(slug__startswith=stem).values_list("slug", flat=True)}
    return next(
        slug
        for slug in (stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3)))
        if slug not in taken
    )


@transaction.atomic
def create_client(
    *,
    workspace: Workspace,
    name: str,
    now: datetime,
    actor: str,
    contact_name: str = "",
    email: str = "",
    **fields: Any,
) -> Client:
    """A client, and with a name or an address also the person letters go to.

    Raises ValidationError by field where the data does not hold, or another client on the desk has
    this name: two of one name could not be told apart.
    """
    # The lock comes first: of two forms at once the second sees the first one's client. It is one
    # that lets others go on writing rows of this workspace.
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    if Client.objects.active().filter(name=name).exists():
        raise ValidationError({"name": NAMESAKE})
    slug = free_slug(name)
    fields["reference"] = fields.get("reference") or slug
    client = Client(workspace=workspace, slug=slug, name=name, created_at=now, **fields)
    client.full_clean()
    client.save()
    _record_client(client, "client.created", now=now, actor=actor)
    if contact_name or email:
        save_contact(
            client=client,
            contact=None,
            fields={"name": contact_name, "email": email, "is_primary": True},
            now=now,
            actor=actor,
        )
    return client


@transaction.atomic
def change_client(
    *, client: Client, fields: Mapping[str, Any], now: datetime, actor: str
) -> Client:
    """Replace the given fields; the same again changes nothing. Raises ValidationError by field."""
    if all(getattr(client, field) == value for field, value in fields.items()):
        return client
    for field, value in fields.items():
        setattr(client, field, value)
    client.full_clean()
    client.save()
    _record_client(client, "client.changed", now=now, actor=actor)
    return client


@transaction.atomic
def archive(*, client: Client, archived: bool, now: datetime, actor: str) -> Client:
    """Put a client away, or take it back; nothing is lost either way. Twice is once."""
    client = Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    if archived == (client.archived_at is not None):
        return client
    client.archived_at = now if archived else None
    client.save(update_fields=["archived_at"])
    kind = "client.archived" if archived else "client.returned"
    _record_client(client, kind, now=now, actor=actor)
    return client


@transaction.atomic
def save_contact(
    *,
    client: Client,
    contact: Contact | None,
    fields: Mapping[str, Any],
    now: datetime,
    actor: str,
) -> Contact:
    """A new person, or changes to one. The first with an address, or the chosen one, gets letters.

    The same new person twice is one. Raises ValidationError by field.
    """
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    is_new = contact is None
    if is_new and (known := _known_person(client, fields)):
        return known
    contact = contact or Contact(workspace_id=client.workspace_id, client=client)
    for field, value in fields.items():
        setattr(contact, field, value)
    others = client.contacts.exclude(pk=contact.pk)
    if contact.is_primary:
        others.filter(is_primary=True).update(is_primary=False)
    elif contact.email and not others.filter(is_primary=True).exists():
        contact.is_primary = True
    contact.full_clean()
    contact.save()
    record.append(
        workspace_id=client.workspace_id,
        kind="contact.created" if is_new else "contact.changed",
        content={
            **{field: getattr(contact, field) for field in CONTACT_FIELDS},
            "letters": contact.is_primary,
        },
        now=now,
        actor=actor,
        client_ref=client.pk,
        subject=f"contact:{contact.pk}",
    )
    return contact


def _known_person(client: Client, fields: Mapping[str, Any]) -> Contact | None:
    said = {field: fields.get(field, "") for field in CONTACT_FIELDS}
    return client.contacts.filter(**said).first()


def _record_client(client: Client, kind: str, *, now: datetime, actor: str) -> None:
    record.append(
        workspace_id=client.workspace_id,
        kind=kind,
        content={field: getattr(client, field) for field in CLIENT_FIELDS},
        now=now,
        actor=actor,
        client_ref=client.pk,
        subject=f"client:{client.pk}",
    )
