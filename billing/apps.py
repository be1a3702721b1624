from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"
    label = "billing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from billing import triggers  # noqa: F401, PLC0415 -- registers its guards
        from billing.operations.notes import Note  # noqa: PLC0415 -- needs the models
        from billing.operations.rung_letters import RungLetter  # noqa: PLC0415 -- needs the models
        from billing.operations.wordings import letters  # noqa: PLC0415
        from clientdesk.outbox import kinds, wording  # noqa: PLC0415

        kinds.register(RungLetter())
        kinds.register(Note())
        wording.register_letters(*letters())
