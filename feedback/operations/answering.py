"""An answer arrives: by the public page, or by phone or mail and written down by the owner."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from clientdesk.documents.models import Document
from clients.models import Interaction
from clients.operations.work import save_account
from feedback.models import (
    Answer,
    AnswerFile,
    AnswerLink,
    Decision,
    Request,
    Round,
    Verdict,
)
from feedback.operations.asking import RequestNotOpen, locked
from feedback.operations.forecasting import forecast_anew
from feedback.operations.recording import record_request
from feedback.queries.answers import change_until as change_until
from feedback.queries.items import Shown, to_decide

NEEDS_WORDS = frozenset({Decision.CHANGES, Decision.REJECTED, Decision.REFUSED, Decision.ANSWERED})
"""A change or a no says why; an answer to a question is made of words."""
OF_ITEMS = frozenset({Decision.APPROVED, Decision.CHANGES, Decision.REJECTED})
OF_KIND: Mapping[str, frozenset[str]] = {
    Request.Kind.QUESTION: frozenset({Decision.ANSWERED}),
    Request.Kind.APPROVAL: OF_ITEMS,
    Request.Kind.CHOICE: frozenset({Decision.CHOSEN, Decision.REJECTED}),
    Request.Kind.MATERIAL: frozenset({Decision.DONE, Decision.REFUSED}),
    Request.Kind.ACCESS: frozenset({Decision.DONE, Decision.REFUSED}),
}


class WordsMissing(ValueError):
    """A change or a no came without a word; `version_id` names the item, None the whole."""

    def __init__(self, version_id: int | None = None) -> None:
        super().__init__(f"a comment is needed for {version_id or 'the answer'}")
        self.version_id = version_id


class DecisionRefused(ValueError):
    """Not one of the answers that this kind of request has."""


class ItemsUndecided(ValueError):
    """An item of the round was left without a word; `version_ids` are they."""

    def __init__(self, version_ids: Collection[int]) -> None:
        super().__init__(f"no decision for {sorted(version_ids)}")
        self.version_ids = frozenset(version_ids)


class VersionOutdated(Exception):
    """An item was changed after the client opened the page; they look again."""


class AnswerOutOfTime(ValueError):
    """The answer's day lies before the asking, or in the future."""


@dataclass(frozen=True, slots=True)
class Said:
    """About one version of an item."""

    version_id: int
    decision: str
    comment: str = ""


@transaction.atomic
def give_answer(
    *,
    request: Request,
    how: str,
    on: date,
    now: datetime,
    actor: str,
    decision: str = "",
    comment: str = "",
    said: Sequence[Said] = (),
    given_by: str = "",
    link: AnswerLink | None = None,
    interaction: Interaction | None = None,
    files: Sequence[Document] = (),
) -> Answer:
    """Keep an answer to the open round; within 24 hours a further one takes its place.

    Every version is kept. `decision` may be left out where items are decided about one by one. The
    same again is no further answer. Raises RequestNotOpen, WordsMissing, DecisionRefused,
    ItemsUndecided, VersionOutdated, AnswerOutOfTime.
    """
    request = locked(request)
    round_ = Round.objects.get(request=request, number=request.round_number)
    before = list(Answer.objects.filter(round=round_).order_by("number"))
    if not (request.is_open or _may_change(request, before, now)):
        raise RequestNotOpen(request.pk)
    if on < round_.asked_on or on > request.workspace.local_today(now):
        raise AnswerOutOfTime(f"{on}; expected a day from {round_.asked_on} to today")
    shown = to_decide(request)
    said = _checked(request, shown, said)
    decision = decision or _overall(said)
    _check_words(request, decision, comment, said, files)
    if before and _same(before[-1], decision, comment, said, files):
        return before[-1]
    answer = Answer.objects.create(
        workspace_id=request.workspace_id,
        round=round_,
        number=len(before) + 1,
        how=how,
        decision=decision,
        comment=comment.strip(),
        given_by=given_by,
        given_on=on,
        given_at=now,
        link=link,
        interaction=interaction,
    )
    Verdict.objects.bulk_create(
        Verdict(
            workspace_id=request.workspace_id,
            answer=answer,
            version_id=one.version_id,
            decision=one.decision,
            comment=one.comment.strip(),
        )
        for one in said
    )
    AnswerFile.objects.bulk_create(
        AnswerFile(workspace_id=request.workspace_id, answer=answer, document=document)
        for document in files
    )
    _close(request, round_, answer, shown, said, now=now, actor=actor)
    return answer


def _may_change(request: Request, before: Sequence[Answer], now: datetime) -> bool:
    until = change_until(request, before)
    return until is not None and now <= until


def _checked(request: Request, shown: Sequence[Shown], said: Sequence[Said]) -> Sequence[Said]:
    """Every open item has its word, and none is about what is not shown any more."""
    wanted = {one.version.pk for one in shown}
    spoken = {one.version_id for one in said}
    if spoken - wanted:
        raise VersionOutdated(sorted(spoken - wanted))
    if request.kind == Request.Kind.APPROVAL and wanted - spoken:
        raise ItemsUndecided(wanted - spoken)
    for one in said:
        if one.decision not in OF_KIND[request.kind]:
            raise DecisionRefused(one.decision)
    return said


def _overall(said: Sequence[Said]) -> str:
    """Of all items together: a change asked for anywhere means work; else what was approved."""
    decisions = {one.decision for one in said}
    for decision in (Decision.CHANGES, Decision.APPROVED, Decision.CHOSEN, Decision.REJECTED):
        if decision in decisions:
            return decision.value
    return Decision.ANSWERED


def _check_words(
    request: Request,
    decision: str,
    comment: str,
    said: Sequence[Said],
    files: Sequence[Document],
) -> None:
    if decision not in OF_KIND[request.kind]:
        raise DecisionRefused(decision)
    for one in said:
        if one.decision in (Decision.CHANGES, Decision.REJECTED) and not one.comment.strip():
            raise WordsMissing(one.version_id)
    if not said and decision in NEEDS_WORDS and not comment.strip() and not files:
        raise WordsMissing


def _same(
    last: Answer, decision: str, comment: str, said: Sequence[Said], files: Sequence[Document]
) -> bool:
    kept = {v.version_id: (v.decision, v.comment) for v in Verdict.objects.filter(answer=last)}
    documents = set(AnswerFile.objects.filter(answer=last).values_list("document_id", flat=True))
    return (
        (last.decision, last.comment) == (decision, comment.strip())
        and documents == {document.pk for document in files}
        and kept == {one.version_id: (one.decision, one.comment.strip()) for one in said}
    )  # fmt: skip


def _close(
    request: Request,
    round_: Round,
    answer: Answer,
    shown: Sequence[Shown],
    said: Sequence[Said],
    *,
    now: datetime,
    actor: str,
) -> None:
    """The first answer of a round gives the ball back; a later one only changes what was said."""
    if round_.closed_on is None:
        round_.closed_on, round_.closed = answer.given_on, Round.Closed.ANSWERED
        round_.save(update_fields=["closed_on", "closed"])
    titles = {one.version.pk: one.version.title for one in shown}
    request.state, request.next_step_on = Request.State.ANSWERED, None
    request.answered_on, request.decision = round_.closed_on, answer.decision
    request.answer = answer.comment or "\n".join(
        f"{titles[one.version_id]}: {Decision(one.decision).label}" for one in said
    )
    request.save()
    if request.kind == Request.Kind.ACCESS and request.account and answer.decision == "done":
        save_account(
            client=request.client,
            account=request.account,
            fields={"access_given": request.account.access_needed, "given_on": answer.given_on},
            now=now,
            actor=actor,
        )
    facts = {
        "round": round_.number,
        "number": answer.number,
        "answered_on": answer.given_on.isoformat(),
        "how": answer.how,
        "by": answer.given_by,
        "decision": answer.decision,
        "answer": answer.comment,
        "items": [
            {"title": titles[o.version_id], "decision": o.decision, "comment": o.comment}
            for o in said
        ],
    }
    kind = "request.answered" if answer.number == 1 else "request.reanswered"
    record_request(request, kind, facts, now=now, actor=actor)
    forecast_anew(requests=[request], now=now, actor=actor)


@transaction.atomic
def record_answer(
    *,
    request: Request,
    answer: str,
    answered_on: date,
    now: datetime,
    actor: str,
    decision: str = "",
    how: str = Answer.How.EMAIL,
) -> Request:
    """What the client said by mail or phone, for all of it, and on which day.

    Without a `decision` an approval counts as given, and the others as answered. Raises what
    give_answer raises; RequestNotOpen also where it was answered before.
    """
    request = locked(request)
    if not request.is_open:
        raise RequestNotOpen(request.pk)
    decision = decision or _PLAIN[Request.Kind(request.kind)]
    items = to_decide(request) if request.kind == Request.Kind.APPROVAL else []
    give_answer(
        request=request,
        how=how,
        on=answered_on,
        now=now,
        actor=actor,
        decision=decision,
        comment=answer,
        said=[Said(one.version.pk, decision, answer) for one in items],
    )
    request.refresh_from_db()
    return request


_PLAIN: Mapping[Request.Kind, Decision] = {
    Request.Kind.QUESTION: Decision.ANSWERED,
    Request.Kind.APPROVAL: Decision.APPROVED,
    Request.Kind.CHOICE: Decision.CHOSEN,
    Request.Kind.MATERIAL: Decision.DONE,
    Request.Kind.ACCESS: Decision.DONE,
}


@transaction.atomic
def handle_answer(*, request: Request, on: date, now: datetime, actor: str) -> Request:
    """The owner has dealt with the answer; it is nobody's move. Raises RequestNotOpen."""
    request = locked(request)
    if request.state != Request.State.ANSWERED:
        raise RequestNotOpen(request.pk)
    if request.handled_on is None:
        request.handled_on = on
        request.save(update_fields=["handled_on"])
        record_request(request, "request.handled", {}, now=now, actor=actor)
    return request
