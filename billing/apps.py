from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"
    label = "billing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # tallying and triggers register their guards
        from billing import tallying, tasks, triggers  # noqa: F401, PLC0415 -- as said above
        from billing.operations import papers  # noqa: PLC0415 -- needs the models
        from billing.operations.notes import Note  # noqa: PLC0415 -- needs the models
        from billing.operations.resuming import something_is_unpaid  # noqa: PLC0415
        from billing.operations.rung_letters import RungLetter  # noqa: PLC0415 -- needs the models
        from billing.operations.wordings import letters  # noqa: PLC0415
        from clientdesk.documents.jobs import register_job  # noqa: PLC0415
        from clientdesk.outbox import kinds, wording  # noqa: PLC0415
        from clients.operations.stops import register_check  # noqa: PLC0415

        register_check(something_is_unpaid)
        kinds.register(RungLetter())
        kinds.register(Note())
        wording.register_letters(*letters())
        register_job(papers.INVOICE, tasks.make_invoice_pdf)
        register_job(papers.CREDIT_NOTE, tasks.make_credit_pdf)
        register_job(papers.STATEMENT, tasks.make_statement)
