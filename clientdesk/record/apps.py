from typing import Any

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db import connections
from django.db.models.signals import post_migrate


def reinstall(sender: Any, using: str, **kwargs: Any) -> None:
    from clientdesk.record import triggers  # noqa: PLC0415 -- apps are loading

    connection = connections[using]
    # Asked for each app: what stands already is left alone, without a lock on the tables.
    if triggers.has_tables(connection) and not triggers.installed(connection):
        triggers.install(connection)


class RecordConfig(AppConfig):
    name = "clientdesk.record"
    label = "record"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from clientdesk.record.checks import guards_are_there  # noqa: PLC0415 -- apps are loading

        # No sender: whichever app is migrated, the guards are there afterwards.
        post_migrate.connect(reinstall, dispatch_uid="record.triggers")
        register(guards_are_there, Tags.database)
