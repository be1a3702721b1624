from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    label = "feedback"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from clientdesk.outbox import kinds, wording  # noqa: PLC0415
        from clients.queries import register_delays  # noqa: PLC0415 -- needs the models
        from feedback.operations.asking_letters import AskLetter  # noqa: PLC0415 -- needs the models
        from feedback.operations.nudge_letters import NudgeLetter  # noqa: PLC0415 -- needs the models
        from feedback.operations.project_letters import ProjectLetter  # noqa: PLC0415 -- needs models
        from feedback.operations.rung_letters import RungLetter  # noqa: PLC0415 -- needs the models
        from feedback.operations.wordings import LETTERS  # noqa: PLC0415
        from feedback.queries.clock import late_answers  # noqa: PLC0415

        register_delays(late_answers)
        kinds.register(AskLetter())
        kinds.register(RungLetter())
        kinds.register(NudgeLetter())
        kinds.register(ProjectLetter())
        wording.register_letters(*LETTERS)
