"""Everything that was asked of a client, shown to it and said by it."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Prefetch

from clients.models import Client
from feedback.models import Answer, Request, Round, Version
from offboarding.queries.spans import Span
from offboarding.rules.questions import Given, Question, Said, Shown, Turn

CHUNK = 200


def requests_of(client: Client, span: Span) -> Iterator[Request]:
    """What was asked within the span, oldest first, with all that belongs to it."""
    rows = (
        span.within(Request.objects.filter(client=client), "asked_on")
        .exclude(state=Request.State.DRAFT)
        .prefetch_related(
            Prefetch(
                "items__versions",
                Version.objects.select_related("picture").order_by("number"),
            ),
            Prefetch("rounds", Round.objects.order_by("number")),
            Prefetch(
                "rounds__answers",
                Answer.objects.order_by("number").prefetch_related(
                    "verdicts__version__item", "files__document"
                ),
            ),
        )
        .order_by("asked_on", "pk")
    )
    return rows.iterator(chunk_size=CHUNK)


def question_of(request: Request, zone: str) -> Question:
    """`request` as `requests_of` gives it; `zone` is the workspace's time zone."""
    return Question(
        kind=request.kind,
        title=request.title,
        detail=request.detail,
        blocks=request.blocks,
        rounds_agreed=request.rounds_agreed,
        versions=[
            _shown(version, item.position)
            for item in request.items.all()
            for version in item.versions.all()
        ],
        turns=[
            Turn(
                number=one.number,
                asked_on=one.asked_on,
                answer_by=one.answer_by,
                closed_on=one.closed_on,
                closed=one.closed,
                answers=[_given(answer, zone) for answer in one.answers.all()],
            )
            for one in request.rounds.all()
        ],
    )


def last_day_of(request: Request) -> date:
    """The day it was settled; while it is open, the day it was asked."""
    return max(one.closed_on or one.asked_on for one in request.rounds.all())


def _shown(version: Version, position: int) -> Shown:
    return Shown(
        item=position,
        number=version.number,
        round_number=version.round_number,
        title=version.title,
        text=version.text,
        planned_on=version.planned_on,
        channel=version.channel,
        picture=version.picture.filename if version.picture else "",
        sha256=version.picture.sha256 if version.picture else "",
    )


def _given(answer: Answer, zone: str) -> Given:
    return Given(
        number=answer.number,
        how=answer.how,
        decision=answer.decision,
        comment=answer.comment,
        by=answer.given_by,
        on=answer.given_on,
        at=answer.given_at.astimezone(ZoneInfo(zone)).strftime("%H:%M"),
        verdicts=[
            Said(
                one.version.item.position,
                one.version.number,
                one.decision,
                one.comment,
            )
            for one in answer.verdicts.all()
        ],
        files=[(one.document.filename, one.document.sha256) for one in answer.files.all()],
    )
