"""Dates of a round put right, or moved by agreement: the clock is computed from them anew."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from feedback.models import Answer, Request, Round
from feedback.operations.asking import locked
from feedback.operations.climbing import reschedule
from feedback.operations.forecasting import forecast_anew
from feedback.operations.recording import record_request


class DatesRefused(ValueError):
    """These days cannot be; `field` names which, the text what was expected."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(f"{field}: {text}")
        self.field, self.text = field, text


@dataclass(frozen=True, slots=True)
class Dates:
    """Of one round, local days; `closed_on` only of a round that is closed."""

    asked_on: date
    answer_by: date
    closed_on: date | None = None


@transaction.atomic
def redate_round(*, round_: Round, dates: Dates, reason: str, now: datetime, actor: str) -> Request:
    """Give a round other days, with the reason; what they were stays in the record.

    What was sent stays sent: the ladder goes on from the new answer-by day. The same days again
    change nothing. Raises DatesRefused.
    """
    request = locked(round_.request)
    round_ = Round.objects.get(pk=round_.pk)
    before = Dates(round_.asked_on, round_.answer_by, round_.closed_on)
    if before == dates:
        return request
    if not reason.strip():
        raise DatesRefused("reason", "nothing; expected why the days change")
    _check(request, round_, dates, request.workspace.local_today(now))
    round_.asked_on, round_.answer_by = dates.asked_on, dates.answer_by
    round_.closed_on = dates.closed_on
    round_.save(update_fields=["asked_on", "answer_by", "closed_on"])
    if round_.number == request.round_number:
        _follow(request, round_)
    record_request(
        request,
        "request.redated",
        {
            "round": round_.number,
            "asked_on": dates.asked_on.isoformat(),
            "answer_by": dates.answer_by.isoformat(),
            "answered_on": dates.closed_on.isoformat() if dates.closed_on else None,
            "was": {
                "asked_on": before.asked_on.isoformat(),
                "answer_by": before.answer_by.isoformat(),
                "answered_on": before.closed_on.isoformat() if before.closed_on else None,
            },
            "because": reason.strip()[:300],
        },
        now=now,
        actor=actor,
    )
    forecast_anew(requests=[request], now=now, actor=actor)
    return request


def _check(request: Request, round_: Round, dates: Dates, today: date) -> None:
    others = Round.objects.filter(request=request).exclude(pk=round_.pk)
    earlier = others.filter(number__lt=round_.number).order_by("-number").first()
    later = others.filter(number__gt=round_.number).order_by("number").first()
    if earlier and earlier.closed_on and dates.asked_on < earlier.closed_on:
        raise DatesRefused(
            "asked_on", f"{dates.asked_on}; round {earlier.number} ended on {earlier.closed_on}"
        )
    if dates.asked_on > today:
        raise DatesRefused("asked_on", f"{dates.asked_on}; expected {today} or earlier")
    if dates.answer_by < dates.asked_on:
        raise DatesRefused("answer_by", f"{dates.answer_by}; expected {dates.asked_on} or later")
    if (dates.closed_on is None) != (round_.closed_on is None):
        raise DatesRefused("closed_on", "a round is closed by an answer, not by a date")
    if dates.closed_on is None:
        return
    last = later.asked_on if later else today
    if not dates.asked_on <= dates.closed_on <= last:
        raise DatesRefused(
            "closed_on", f"{dates.closed_on}; expected a day from {dates.asked_on} to {last}"
        )


def _follow(request: Request, round_: Round) -> None:
    """The request holds the days of its present round, its answers the day they came."""
    request.asked_on, request.answer_by = round_.asked_on, round_.answer_by
    if request.state == Request.State.ANSWERED:
        request.answered_on = round_.closed_on
        first = Answer.objects.filter(round=round_).order_by("number").first()
        if first is not None and round_.closed_on:
            Answer.objects.filter(pk=first.pk).update(given_on=round_.closed_on)
    request.save(update_fields=["asked_on", "answer_by", "answered_on"])
    if request.is_open:
        reschedule(request_ids=[request.pk])


@transaction.atomic
def postpone(
    *, requests: list[Request], answer_by: date, reason: str, now: datetime, actor: str
) -> list[Request]:
    """The same new answer-by day for several open requests; all or none. Raises
    DatesRefused, also for one that is answered or taken back."""
    moved = []
    for request in sorted(requests, key=lambda one: one.pk):
        round_ = Round.objects.select_related("request").filter(request=request, closed_on=None)
        found = round_.first()
        if found is None:
            raise DatesRefused("answer_by", f"{request.title} is not open any more")
        moved.append(
            redate_round(
                round_=found,
                dates=Dates(found.asked_on, answer_by),
                reason=reason,
                now=now,
                actor=actor,
            )
        )
    return moved
