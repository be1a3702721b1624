"""Requests on their ladder, and days that pass: sweeps of answers and of money, then a delivery."""

from datetime import date

from clientdesk.ladder import Calendar
from clientdesk.outbox.models import Message
from clientdesk.workspaces.models import Workspace
from clients.models import Client, Project
from feedback.models import AnswerStep, Request
from feedback.operations.asking import open_request
from feedback.operations.ladders import set_answers_ladder
from feedback.operations.sweeping import sweep_all
from tests.billing.desk import ACTOR, NOW, TODAY, days, morning, send
from tests.outbox.mailserver import MailServer

WEEK_BEFORE = TODAY - days(7)
RUNGS = ["before", "kind", "cannot_go_on", "date_moves"]


def project(of: Client, name: str = "Summer launch", *, delivery_on: date | None) -> Project:
    return Project.objects.create(
        workspace_id=of.workspace_id,
        client=of,
        name=name,
        started_on=TODAY - days(30),
        delivery_on=delivery_on,
        created_at=NOW,
    )


def asked(
    of: Client,
    title: str = "The logo in two colours",
    *,
    asked_on: date = WEEK_BEFORE,
    answer_by: date = TODAY,
    **more: object,
) -> Request:
    return open_request(
        client=of,
        kind="question",
        title=title,
        asked_on=asked_on,
        answer_by=answer_by,
        now=morning(asked_on),
        actor=ACTOR,
        **more,  # type: ignore[arg-type]  # fields of a request
    )


def ladder(at: Workspace, rungs: str, calendar: Calendar = Calendar.CLIENT) -> None:
    set_answers_ladder(workspace=at, rungs=rungs, calendar=calendar, now=NOW, actor=ACTOR)


def day_passes(day: date) -> None:
    sweep_all(now=morning(day))
    send(day)


def pass_days(first: int, last: int) -> None:
    """The days `first` to `last` after TODAY, each with its sweep and its delivery."""
    for offset in range(first, last + 1):
        day_passes(TODAY + days(offset))


def climbed(request: Request) -> dict[str, date | None]:
    """The rungs that went, with their days, in their order."""
    steps = AnswerStep.objects.filter(request=request, state=AnswerStep.State.SENT)
    return {step.rung: step.climbed_on for step in steps.order_by("climbed_on", "pk")}


def step(request: Request, rung: str) -> AnswerStep:
    return AnswerStep.objects.select_related("round", "request").get(request=request, rung=rung)


def steps_of(server: MailServer) -> list[str]:
    return [step for message in server.received() for step in message.steps]


def message_states() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("state", flat=True))
