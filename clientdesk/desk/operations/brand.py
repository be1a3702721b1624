"""Keeping the look of the papers."""

from datetime import datetime

from django.db import transaction

from clientdesk.record import operations as record
from clientdesk.workspaces.models import Brand, Workspace


@transaction.atomic
def save_brand(
    *,
    workspace: Workspace,
    accent: str,
    logo: bytes | None,
    without_logo: bool,
    now: datetime,
    actor: str,
) -> Brand:
    """`accent` and `logo` as checked; no `logo` keeps the one there is.

    Papers that are stored stay as they are.
    """
    # The workspace's row is the lock: of two forms at once the second finds the first one's row.
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    brand = Brand.objects.filter(workspace=workspace).first() or Brand(workspace=workspace)
    before = (brand.accent, bytes(brand.logo))
    brand.accent = accent
    if without_logo or logo is not None:
        brand.logo = b"" if without_logo else (logo or b"")
    if (brand.accent, bytes(brand.logo)) == before:
        return brand
    brand.save()
    record.append(
        workspace_id=workspace.pk,
        kind="brand.changed",
        content={"accent": accent, "logo": "yes" if brand.logo else "no"},
        now=now,
        actor=actor,
    )
    return brand
