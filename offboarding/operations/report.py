"""Making the final report."""

import re
from collections.abc import Callable
from datetime import date, datetime

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from clientdesk import pdf
from clientdesk.documents.models import Document, Job
from clientdesk.documents.operations import request_job, store
from clientdesk.workspaces.brand import look_of
from clientdesk.workspaces.models import User
from clients.models import Client
from offboarding.operations.papers import LanguageRefused, nothing_to_tell
from offboarding.queries.facts import facts_of
from offboarding.rules.facts import FINAL_REPORT, INTERIM_REPORT
from offboarding.rules.report import WORDS, page_of

KIND = FINAL_REPORT


class PeriodRefused(ValueError):
    """The period ends before it begins, or in the future."""


def render_final_report(
    *,
    client: Client,
    first: date,
    last: date,
    today: date,
    language: str,
    interim: bool = False,
    report: Callable[[int, str], None] = nothing_to_tell,
) -> bytes:
    """The PDF alone. Raises PeriodRefused, LanguageRefused, PdfFailed, PdfRefused."""
    if first > last or last > today:
        raise PeriodRefused(f"{first} to {last}, seen on {today}")
    if language not in WORDS:
        raise LanguageRefused(f"{language!r}; there is: {', '.join(WORDS)}")
    report(10, "facts")
    facts = facts_of(client, first=first, last=last, made_on=today)
    report(35, "pages")
    html = render_to_string(
        "pdf/final_report.html",
        {
            "page": page_of(facts, language, interim=interim),
            "look": look_of(client.workspace_id),
        },
    )
    data = pdf.render_limited(html, language)
    report(90, "storing")
    return data


def store_final_report(
    *,
    client: Client,
    data: bytes,
    language: str,
    now: datetime,
    actor: str,
    by: User | None = None,
    interim: bool = False,
) -> Document:
    """Keep a rendered report for good; owners, members and viewers may read it."""
    today = client.workspace.local_today(now)
    words = WORDS[language]
    title = words.interim_report if interim else words.report
    return store(
        workspace_id=client.workspace_id,
        kind=INTERIM_REPORT if interim else KIND,
        filename=f"{_file_name(title)}-{client.slug}-{today.isoformat()}.pdf",
        content_type="application/pdf",
        data=data,
        now=now,
        actor=actor,
        created_by=by,
        client_ref=client.pk,
        subject=f"client:{client.pk}",
        title=f"{title}, {client.name}"[:200],
        needs="see_work",
    )


def make_final_report(
    *,
    client: Client,
    first: date,
    last: date,
    language: str,
    now: datetime,
    actor: str,
    by: User | None = None,
    interim: bool = False,
    report: Callable[[int, str], None] = nothing_to_tell,
) -> Document:
    """Render the report of `first` to `last` (local days, both included) and keep it.

    Not one transaction: rendering takes seconds. Raises what its two halves raise.
    """
    today = client.workspace.local_today(now)
    data = render_final_report(
        client=client,
        first=first,
        last=last,
        today=today,
        language=language,
        interim=interim,
        report=report,
    )
    return store_final_report(
        client=client,
        data=data,
        language=language,
        now=now,
        actor=actor,
        by=by,
        interim=interim,
    )


def request_final_report(
    *,
    client: Client,
    first: date,
    last: date,
    language: str,
    once_key: str,
    now: datetime,
    by: User | None,
    interim: bool = False,
) -> Job:
    """Ask for the report of `first` to `last`; the same `once_key` answers the same job."""
    return request_job(
        workspace_id=client.workspace_id,
        kind=KIND,
        params={
            "client": client.pk,
            "first": first.isoformat(),
            "last": last.isoformat(),
            "language": language,
            "interim": interim,
        },
        now=now,
        created_by=by,
        once_key=f"{KIND}:{client.pk}:{once_key}",
        title=(_("Interim report, %(client)s") if interim else _("Final report, %(client)s"))
        % {"client": client.name},
    )


def _file_name(title: str) -> str:
    plain = title.lower().translate(str.maketrans("čćđšž", "ccdsz"))
    return re.sub(r"[^a-z]+", "-", plain)
