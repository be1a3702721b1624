from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    label = "feedback"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from clientdesk.outbox import kinds, wording  # noqa: PLC0415
        from clients.queries import register_delays  # noqa: PLC0415 -- needs the models
        from feedback.operations.kinds import KINDS  # noqa: PLC0415 -- needs the models
        from feedback.operations.wordings import LETTERS  # noqa: PLC0415
        from feedback.queries.clock import late_answers  # noqa: PLC0415

        register_delays(late_answers)
        for kind in KINDS:
            kinds.register(kind)
        wording.register_letters(*LETTERS)
