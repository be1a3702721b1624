from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "clientdesk.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from clientdesk.outbox import kinds  # noqa: PLC0415 -- these need the models
        from clientdesk.outbox.own_letters import LETTERS  # noqa: PLC0415
        from clientdesk.outbox.trials import TrialLetter  # noqa: PLC0415
        from clientdesk.outbox.wording import register_letters  # noqa: PLC0415

        register_letters(*LETTERS)
        kinds.register(TrialLetter())
