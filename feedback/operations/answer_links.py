"""Links to rounds: taken back by their owner, asked for anew by their reader."""

from datetime import datetime

from django.db import transaction

from clientdesk.outbox.operations import Recipient, enqueue
from clientdesk.workspaces.scoping import acting_in
from feedback.models import AnswerLink, Round
from feedback.operations.page_answers import CLIENT
from feedback.operations.recording import record_request
from feedback.queries.answer_page import name_of
from feedback.queries.links import replaced_link

NEW_LINK = "feedback.new_link"


@transaction.atomic
def revoke_link(*, link: AnswerLink, now: datetime, actor: str) -> None:
    """It opens nothing any more, at once. A letter sent later carries another one."""
    won = AnswerLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now)
    if won:
        facts = {"email": link.email}
        record_request(link.round.request, "request.link_revoked", facts, now=now, actor=actor)


def ask_new_link(*, token: str, now: datetime) -> None:
    """Mail the present link to the address that got this one, at most once a day.

    Of a link that is unknown, revoked, or of nothing open any more, nothing follows; who asks
    learns neither.
    """
    link = replaced_link(token, now=now)
    if link is None:
        return
    request = link.round.request
    with acting_in(link.workspace_id), transaction.atomic():
        round_ = Round.objects.get(request=request, number=request.round_number)
        day = request.workspace.local_today(now).isoformat()
        part = enqueue(
            workspace=request.workspace,
            kind=NEW_LINK,
            dedupe_key=f"new-link:{round_.pk}:{link.email}:{day}"[:200],
            facts={"round": round_.pk, "link": link.pk},
            recipient=Recipient(link.email, name_of(link), request.client.language),
            client_ref=request.client_id,
            automatic=False,
            now=now,
        )
        if part is not None:
            facts = {"email": link.email}
            record_request(request, "request.link_asked", facts, now=now, actor=CLIENT)
