from django.apps import AppConfig


class OffboardingConfig(AppConfig):
    name = "offboarding"
    label = "offboarding"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from clientdesk.documents.jobs import register_job  # noqa: PLC0415 -- needs the models
        from clientdesk.outbox import kinds, wording  # noqa: PLC0415
        from offboarding.operations import done, dossier, report  # noqa: PLC0415
        from offboarding.operations.ending_letters import (  # noqa: PLC0415
            EndingLetter,
            HandoverLetter,
        )
        from offboarding.operations.report_letters import ReportLetter  # noqa: PLC0415
        from offboarding.operations.wordings import LETTERS  # noqa: PLC0415
        from offboarding.tasks import make_done, make_dossier, make_report  # noqa: PLC0415

        for kind in (EndingLetter(), HandoverLetter(), ReportLetter()):
            kinds.register(kind)
        wording.register_letters(*LETTERS)
        register_job(report.KIND, make_report)
        register_job(done.KIND, make_done)
        register_job(dossier.KIND, make_dossier)
