from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"
    label = "billing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from billing import tallying, triggers  # noqa: F401, PLC0415 -- they register their guards
        from billing.operations.notes import Note  # noqa: PLC0415 -- needs the models
        from billing.operations.rung_letters import RungLetter  # noqa: PLC0415 -- needs the models
        from clientdesk.outbox import kinds  # noqa: PLC0415

        kinds.register(RungLetter())
        kinds.register(Note())
