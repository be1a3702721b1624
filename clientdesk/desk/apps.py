from django.apps import AppConfig

# Web server and commands send nudges too: without this they would find Celery's default app.
import clientdesk.celery  # noqa: F401 -- importing it is the point


class DeskConfig(AppConfig):
    name = "clientdesk.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"
