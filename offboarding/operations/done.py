"""Making the one page that answers "is that all you did?"."""

from collections.abc import Callable
from datetime import date, datetime

from django.template.loader import render_to_string
from django.utils.text import slugify
from django.utils.translation import gettext as _

from clientdesk import pdf
from clientdesk.documents.models import Document, Job
from clientdesk.documents.operations import request_job, store
from clientdesk.workspaces.brand import look_of
from clientdesk.workspaces.models import User
from clients.models import Project
from offboarding.operations.papers import LanguageRefused, nothing_to_tell
from offboarding.queries.facts import facts_of_project
from offboarding.rules.done import done_of
from offboarding.rules.facts import DONE_REPORT
from offboarding.rules.report import WORDS

KIND = DONE_REPORT


def render_done(
    *,
    project: Project,
    today: date,
    language: str,
    report: Callable[[int, str], None] = nothing_to_tell,
) -> bytes:
    """The answer to "is that all you did?" as a PDF, as things stand on `today`.

    Raises LanguageRefused, PdfFailed, PdfRefused.
    """
    if language not in WORDS:
        raise LanguageRefused(f"{language!r}; there is: {', '.join(WORDS)}")
    report(10, "facts")
    facts = facts_of_project(project, today=today)
    report(35, "pages")
    html = render_to_string(
        "pdf/done.html", {"done": done_of(facts, language), "look": look_of(project.workspace_id)}
    )
    data = pdf.render_limited(html, language)
    report(90, "storing")
    return data


def store_done(
    *, project: Project, data: bytes, now: datetime, actor: str, by: User | None = None
) -> Document:
    """Keep it for good, among the client's files."""
    today = project.workspace.local_today(now)
    return store(
        workspace_id=project.workspace_id,
        kind=KIND,
        filename=f"{slugify(project.name) or 'project'}-{today.isoformat()}.pdf",
        content_type="application/pdf",
        data=data,
        now=now,
        actor=actor,
        created_by=by,
        client_ref=project.client_id,
        subject=f"project:{project.pk}",
        title=f"{project.name}, {project.client.name}"[:200],
        needs="see_work",
    )


def request_done(
    *, project: Project, language: str, once_key: str, now: datetime, by: User | None
) -> Job:
    """Ask for it; the same `once_key` answers the same job."""
    return request_job(
        workspace_id=project.workspace_id,
        kind=KIND,
        params={"project": project.pk, "language": language},
        now=now,
        created_by=by,
        once_key=f"{KIND}:{project.pk}:{once_key}",
        title=_("What was done, %(project)s") % {"project": project.name},
    )
