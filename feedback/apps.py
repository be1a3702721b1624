from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    label = "feedback"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from clientdesk.outbox import kinds, wording  # noqa: PLC0415
        from clients.queries import register_delays  # noqa: PLC0415 -- needs the models
        from feedback.operations.nudge_letters import NudgeLetter  # noqa: PLC0415 -- needs the models
        from feedback.operations.page_letters import (  # noqa: PLC0415 -- needs the models
            AnsweredLetter,
            CodeLetter,
            NewLinkLetter,
        )
        from feedback.operations.wordings import LETTERS  # noqa: PLC0415
        from feedback.queries.clock import late_answers  # noqa: PLC0415

        register_delays(late_answers)
        for kind in (NudgeLetter(), AnsweredLetter(), CodeLetter(), NewLinkLetter()):
            kinds.register(kind)
        wording.register_letters(*LETTERS)
