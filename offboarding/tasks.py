"""The reports as jobs: what a worker does when somebody asked for one on a page."""

from collections.abc import Callable
from datetime import date, datetime

from django.utils.translation import gettext as _

from clientdesk import clock
from clientdesk.documents.jobs import JobRefused, Made, Report, params_of
from clientdesk.documents.models import Document, Job
from clientdesk.documents.operations import unnamed_file
from clientdesk.pdf import PdfRefused
from clientdesk.workspaces.moments import one_moment
from clients.models import Client, Project
from offboarding.operations.done import render_done, store_done
from offboarding.operations.dossier import store_dossier, write_dossier
from offboarding.operations.papers import LanguageRefused
from offboarding.operations.report import PeriodRefused, render_final_report, store_final_report
from offboarding.queries.spans import Span
from offboarding.rules.dossier import Part


def _told(report: Report) -> Callable[[int, str], None]:
    """The steps in words, for the one who watches the job."""
    messages = {
        "facts": _("The facts are being gathered."),
        "pages": _("The pages are being set."),
        "storing": _("The file is being stored."),
    }
    return lambda progress, step: report(progress, messages.get(step, ""))


def make_done(job: Job, report: Report) -> Made:
    """Raises JobRefused, PdfFailed, ClaimLost."""
    params = params_of(job)
    project = Project.objects.select_related("client__workspace", "workspace").get(
        pk=params["project"]
    )
    try:
        data = render_done(
            project=project,
            today=project.workspace.local_today(clock.now()),
            language=params["language"],
            report=_told(report),
        )
    except (LanguageRefused, PdfRefused) as error:
        raise JobRefused(_("A page about this project cannot be set.")) from error

    def stored(now: datetime) -> Document:
        return store_done(
            project=project,
            data=data,
            now=now,
            actor=f"user:{job.created_by_id}" if job.created_by_id else "system",
            by=job.created_by,
        )

    return Made(stored)


def make_report(job: Job, report: Report) -> Made:
    """Raises JobRefused, PdfFailed, ClaimLost."""
    params = params_of(job)
    client = Client.objects.select_related("workspace").get(pk=params["client"])
    language = params["language"]
    # A job asked for before there were interim reports is about a final one.
    interim = params.get("interim", False)
    try:
        data = render_final_report(
            client=client,
            first=date.fromisoformat(params["first"]),
            last=date.fromisoformat(params["last"]),
            today=client.workspace.local_today(clock.now()),
            language=language,
            interim=interim,
            report=_told(report),
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
            interim=interim,
        )

    return Made(stored)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def make_dossier(job: Job, report: Report) -> Made:
    """Raises JobRefused, PdfFailed, ClaimLost."""
    params = params_of(job)
    client = Client.objects.select_related("workspace").get(pk=params["client"])
    language = params["language"]
    data = unnamed_file()
    try:
        # What is written meanwhile is in the next one.
        with one_moment():
            write_dossier(
                data,
                client=client,
                parts=[Part(part) for part in params["parts"]],
                language=language,
                now=clock.now(),
                span=Span(_day(params.get("first")), _day(params.get("last"))),
                report=_told(report),
            )
    except BaseException as error:
        data.close()
        if not isinstance(error, LanguageRefused | PdfRefused | FileNotFoundError):
            raise
        raise JobRefused(_("A dossier of this client cannot be made.")) from error

    def stored(now: datetime) -> Document:
        with data:
            return store_dossier(
                client=client,
                data=data,
                language=language,
                now=now,
                actor=f"user:{job.created_by_id}" if job.created_by_id else "system",
                by=job.created_by,
            )

    return Made(stored)
