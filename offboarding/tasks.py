"""The final report as a job: what a worker does when somebody asked for one on a page."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from clientdesk import clock
from clientdesk.documents.jobs import JobRefused, Made, Report, params_of
from clientdesk.documents.models import Document, Job
from clientdesk.pdf import PdfRefused
from clients.models import Client
from offboarding.operations import (
    LanguageRefused,
    PeriodRefused,
    render_final_report,
    store_final_report,
)


def make_report(job: Job, report: Report) -> Made:
    """Raises JobRefused, PdfFailed, ClaimLost."""
    params = params_of(job)
    client = Client.objects.select_related("workspace").get(pk=params["client"])
    language = params["language"]
    messages = {
        "facts": _("The facts are being gathered."),
        "pages": _("The pages are being set."),
        "storing": _("The file is being stored."),
    }

    def told(progress: int, step: str = "") -> None:
        report(progress, messages.get(step, ""))

    try:
        data = render_final_report(
            client=client,
            first=date.fromisoformat(params["first"]),
            last=date.fromisoformat(params["last"]),
            today=client.workspace.local_today(clock.now()),
            language=language,
            report=told,
        )
    except PeriodRefused as error:
        raise JobRefused(_("The period must end by today, and not before it begins.")) from error
    except (LanguageRefused, PdfRefused) as error:
        raise JobRefused(_("A report of this client cannot be set.")) from error

    def stored(now: datetime) -> Document:
        return store_final_report(
            client=client,
            data=data,
            language=language,
            now=now,
            actor=f"user:{job.created_by_id}" if job.created_by_id else "system",
            by=job.created_by,
        )

    return Made(stored)
