from typing import Any

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


def take_off(sender: Any, using: str, plan: Any = (), **kwargs: Any) -> None:
    from clientdesk import guards  # noqa: PLC0415 -- apps are loading

    if plan and connections[using].vendor == "sqlite":
        for one in guards.every():
            one.remove(connections[using])


def reinstall(sender: Any, using: str, **kwargs: Any) -> None:
    from clientdesk import guards  # noqa: PLC0415 -- apps are loading

    connection = connections[using]
    # Asked for each app: what stands already is left alone, without a lock on the tables.
    for one in guards.every():
        if one.has_tables(connection) and one.missing(connection):
            one.install(connection)


class RecordConfig(AppConfig):
    name = "clientdesk.record"
    label = "record"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from clientdesk.record import triggers  # noqa: F401, PLC0415 -- registers its guards
        from clientdesk.record.checks import guards_are_there  # noqa: PLC0415 -- apps are loading

        # No sender: whichever app is migrated, the guards are there afterwards.
        pre_migrate.connect(take_off, dispatch_uid="guards.off")
        post_migrate.connect(reinstall, dispatch_uid="guards.on")
        register(guards_are_there, Tags.database)
