"""A project with what was asked for it, and the pages that show its clock."""

from datetime import date, datetime, timedelta

from django.test import Client as Browser

from clientdesk.workspaces.models import User
from clients.models import Client, Project
from clients.operations.work import save_project
from feedback.models import ProjectLink, Request
from feedback.operations.answering import record_answer
from feedback.operations.asking import open_request
from feedback.operations.sharing import make_link
from tests.billing.desk import ACTOR, NOW, TODAY, days, morning

__all__ = ["ACTOR", "NOW", "TODAY", "days", "morning"]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
EMAIL = "ana@example.com"
START, AGREED = date(2025, 4, 14), date(2025, 5, 20)


def project(of: Client, name: str = "Summer launch", **more: object) -> Project:
    fields = {"name": name, "started_on": START, "delivery_on": AGREED, **more}
    return save_project(client=of, project=None, fields=fields, now=NOW, actor=ACTOR)


def asked(
    for_: Project,
    title: str,
    asked_on: date,
    answer_by: date,
    answered_on: date | None = None,
    **more: object,
) -> Request:
    """A request as it was made on its day, and as it was answered."""
    request = open_request(
        client=for_.client,
        project=for_,
        kind="question",
        title=title,
        asked_on=asked_on,
        answer_by=answer_by,
        now=morning(asked_on),
        actor=ACTOR,
        **more,  # type: ignore[arg-type]  # fields of a request
    )
    return answered(request, answered_on) if answered_on else request


def answered(request: Request, on: date, *, now: datetime | None = None) -> Request:
    return record_answer(
        request=request, answer="Fine.", answered_on=on, now=now or morning(on), actor=ACTOR
    )


def launch(of: Client) -> Project:
    """The story of the spring: one answer late by a day, two late now, one in time."""
    made = project(of)
    day = date(2025, 5, 8)
    asked(made, "Brand book", date(2025, 4, 14), date(2025, 4, 17), date(2025, 4, 18))
    asked(made, "Colours", date(2025, 4, 28), date(2025, 5, 2), date(2025, 4, 30))
    asked(made, "June posts", day, date(2025, 5, 12))
    asked(made, "Facebook login", day, date(2025, 5, 13))
    asked(made, "Six photos", TODAY - timedelta(days=1), date(2025, 5, 16))
    return made


def page(of: Project, more: str = "") -> str:
    workspace, client = of.workspace.slug, of.client.slug
    return f"/w/{workspace}/clients/{client}/projects/{of.pk}/{more}"


def owner_of(of: Project) -> Browser:
    browser = Browser()
    owner = User.objects.get(email=f"{of.workspace.slug}@example.com")
    browser.force_login(owner, backend=BACKEND)
    return browser


def path_to(of: Project, email: str = EMAIL) -> str:
    """The path of its public page for one of the client's people."""
    url = make_link(project=of, email=email, now=NOW, actor=ACTOR)
    return url[url.index("/p/") :]


def link_of(of: Project) -> ProjectLink:
    return ProjectLink.objects.get(project=of, revoked_at=None)
