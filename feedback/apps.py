from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    label = "feedback"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from clientdesk.outbox import kinds  # noqa: PLC0415
        from feedback.operations.nudge_letters import NudgeLetter  # noqa: PLC0415 -- needs the models

        kinds.register(NudgeLetter())
