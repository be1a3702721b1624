"""Taking the sample workspace off the desk."""

import shutil
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from clientdesk import guards
from clientdesk.workspaces.models import TenantModel, Workspace


class NotASample(Exception):
    """What a real business has written is never thrown away."""


@transaction.atomic
def remove_sample(*, workspace: Workspace) -> None:
    """Every row and file of an invented business, its record included. Raises NotASample.

    The triggers that guard records and issued invoices rest for this one transaction: nobody else
    sees them gone, and they are back even where it fails.
    """
    workspace = Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    if not workspace.is_sample:
        raise NotASample(workspace.slug)
    for one in guards.every():
        one.remove(connection)
    for model in apps.get_models():
        if issubclass(model, TenantModel):
            rows = model.unscoped.filter(workspace=workspace)
            # Row by row Django would ask each table about each other; references are looked at
            # when the transaction ends.
            rows._raw_delete(rows.db)
    files = Path(settings.FILES_DIR) / str(workspace.pk)
    workspace.delete()
    connection.check_constraints()
    for one in guards.every():
        one.install(connection)
    transaction.on_commit(lambda: shutil.rmtree(files, ignore_errors=True))
