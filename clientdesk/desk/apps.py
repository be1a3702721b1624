from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "clientdesk.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from clientdesk.desk.operations.daily import DailyLetter  # noqa: PLC0415 -- needs models
        from clientdesk.desk.operations.members import InvitationLetter  # noqa: PLC0415 -- needs models
        from clientdesk.desk.operations.moving_out import make_export  # noqa: PLC0415
        from clientdesk.desk.operations.moving_tables import EXPORT  # noqa: PLC0415
        from clientdesk.documents import jobs  # noqa: PLC0415
        from clientdesk.outbox import kinds  # noqa: PLC0415

        for kind in (InvitationLetter(), DailyLetter()):
            kinds.register(kind)
        jobs.register_job(EXPORT, make_export)
