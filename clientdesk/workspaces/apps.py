from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    name = "clientdesk.workspaces"
    label = "workspaces"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.backends.signals import connection_created  # noqa: PLC0415

        from clientdesk.workspaces.folding import teach_sqlite  # noqa: PLC0415 -- needs the apps

        connection_created.connect(teach_sqlite, dispatch_uid="clientdesk.fold")
