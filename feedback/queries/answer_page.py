"""What a client sees behind an answer link: whether it can be answered, and what it is about."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from clientdesk.documents.models import Document
from clients.models import Contact
from feedback.models import Answer, AnswerLink, Request, Verdict, Version
from feedback.queries.answers import answers_of, change_until
from feedback.queries.clock import forecast_of
from feedback.queries.items import Shown, items_of, to_decide
from feedback.queries.links import known_project_link
from feedback.rules.page_sentences import Asking

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class Stage(StrEnum):
    OPEN = "open"
    CHANGEABLE = "changeable"
    """Answered, and the client may still change it."""
    OVER = "over"
    WITHDRAWN = "withdrawn"
    GONE = "gone"
    """Another round was begun: the link speaks of what is past."""


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """`shown` are the items to decide about, `answers` those of this round, the latest last."""

    link: AnswerLink
    request: Request
    stage: Stage
    shown: list[Shown]
    answers: list[Answer]
    until: datetime | None
    name: str

    @property
    def takes_answers(self) -> bool:
        return self.stage in (Stage.OPEN, Stage.CHANGEABLE)

    @property
    def last(self) -> Answer | None:
        return self.answers[-1] if self.answers else None

    @property
    def kept(self) -> list[Document]:
        """The files that came with the answer that holds."""
        return [file.document for file in self.last.files.all()] if self.last else []


def page_of(link: AnswerLink, *, now: datetime) -> AnswerPage:
    """A fixed number of queries, however many items there are."""
    request = link.round.request
    answers = answers_of(link.round)
    until = change_until(request, answers)
    stage = _stage(link, until, now)
    return AnswerPage(
        link=link,
        request=request,
        stage=stage,
        shown=to_decide(request) if stage in (Stage.OPEN, Stage.CHANGEABLE) else [],
        answers=answers,
        until=until,
        name=name_of(link),
    )


def _stage(link: AnswerLink, until: datetime | None, now: datetime) -> Stage:
    request = link.round.request
    if request.round_number != link.round.number or request.state == Request.State.DRAFT:
        return Stage.GONE
    if request.state == Request.State.WITHDRAWN:
        return Stage.WITHDRAWN
    if request.is_open:
        return Stage.OPEN
    return Stage.CHANGEABLE if until is not None and now <= until else Stage.OVER


def name_of(link: AnswerLink) -> str:
    """Who got the link, as the client's people are called; empty where nobody has the address."""
    people = Contact.objects.filter(client=link.round.request.client_id, email=link.email)
    return people.values_list("name", flat=True).first() or ""


def asking_of(page: AnswerPage, *, today: date) -> Asking:
    request, project = page.request, page.request.project
    delivery = None
    if request.blocking and project is not None and project.delivered_on is None:
        delivery = forecast_of(project, today=today)
    return Asking(
        kind=request.kind,
        things=len(page.shown),
        posts=any(one.version.channel or one.version.planned_on for one in page.shown),
        answer_by=request.answer_by,
        today=today,
        project=project.name if project else "",
        account=str(request.account) if request.account else "",
        delivery_on=delivery.agreed if delivery else None,
        forecast_on=delivery.expected if delivery else None,
    )


def project_address(page: AnswerPage, *, now: datetime) -> str:
    """The whole project's page, where its owner gave this reader a link to it."""
    project = page.request.project
    return known_project_link(project, email=page.link.email, now=now) if project else ""


def picture_of(link: AnswerLink, version_id: int) -> Document | None:
    """A picture that this round shows, or that was answered about in it; else None."""
    version = (
        Version.objects.filter(pk=version_id, item__request=link.round.request_id)
        .select_related("picture")
        .first()
    )
    if version is None or version.picture is None or version.picture.content_type not in PICTURES:
        return None
    latest = {one.version.pk for one in items_of(link.round.request)}
    spoken = Verdict.objects.filter(version=version, answer__round=link.round_id)
    return version.picture if version.pk in latest or spoken.exists() else None
