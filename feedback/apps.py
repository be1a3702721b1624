from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    label = "feedback"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from clientdesk.outbox import kinds, wording  # noqa: PLC0415
        from feedback.operations.nudge_letters import NudgeLetter  # noqa: PLC0415 -- needs the models
        from feedback.operations.wordings import LETTERS  # noqa: PLC0415

        kinds.register(NudgeLetter())
        wording.register_letters(*LETTERS)
