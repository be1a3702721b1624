from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "clientdesk.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"
