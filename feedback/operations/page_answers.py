"""An answer that came by the public page: kept, with its files, and told to the owner at once."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from clientdesk.documents.models import Document
from clientdesk.documents.operations import store_upload
from clientdesk.outbox.operations import Recipient, Wanted, enqueue_many
from clientdesk.workspaces.access import Role
from clientdesk.workspaces.models import Membership
from feedback.models import Answer, AnswerFile, AnswerLink, Request
from feedback.operations.answering import Said, VersionOutdated, give_answer
from feedback.operations.asking import RequestNotOpen, locked
from feedback.queries.answer_page import name_of
from feedback.queries.items import to_decide

ANSWERED = "feedback.answered"
CLIENT = "client"
"""Who acted, in the record: somebody who has the link."""


@transaction.atomic
def answer_by_page(
    *,
    link: AnswerLink,
    seen: Collection[int],
    now: datetime,
    decision: str = "",
    comment: str = "",
    said: Sequence[Said] = (),
    uploads: Sequence[UploadedFile[bytes]] = (),
) -> Answer:
    """Keep what a client sent; `seen` are the versions that the page showed them.

    The same again is the same answer, also where two arrive at once. Files that came with the
    answer before stay with the changed one. Raises VersionOutdated, RequestNotOpen, UploadRefused
    and what give_answer raises.
    """
    request = locked(link.round.request)
    if request.round_number != link.round.number:
        raise RequestNotOpen(request.pk)
    present = {one.version.pk for one in to_decide(request)}
    if set(seen) != present:
        raise VersionOutdated(sorted(present.symmetric_difference(seen)))
    answer = give_answer(
        request=request,
        how=Answer.How.PAGE,
        on=request.workspace.local_today(now),
        now=now,
        actor=CLIENT,
        decision=decision,
        comment=comment,
        said=said,
        given_by=name_of(link) or link.email,
        link=link,
        files=_files(request, link, uploads, now),
    )
    _tell_owners(request, answer, now)
    return answer


def _files(
    request: Request, link: AnswerLink, uploads: Sequence[UploadedFile[bytes]], now: datetime
) -> list[Document]:
    """Those of the answer before, and the new ones; a file sent twice is stored once."""
    last = Answer.objects.filter(round=link.round_id).order_by("-number").first()
    rows = AnswerFile.objects.filter(answer=last).select_related("document").order_by("pk")
    files = {(row.document.sha256, row.document.filename): row.document for row in rows}
    for upload in uploads:
        upload.seek(0)
        key = hashlib.sha256(upload.read()).hexdigest(), upload.name or ""
        upload.seek(0)
        if key not in files:
            files[key] = store_upload(
                workspace_id=request.workspace_id,
                kind="answer",
                upload=upload,
                now=now,
                actor=CLIENT,
                client_ref=request.client_id,
                subject=f"request:{request.pk}",
                title=request.title,
            )
    return list(files.values())


def _tell_owners(request: Request, answer: Answer, now: datetime) -> None:
    """One letter each; it may be taken back by nothing but a later answer."""
    owners = Membership.objects.filter(
        workspace=request.workspace_id, role=Role.OWNER, answer_mail=True
    )
    enqueue_many(
        workspace=request.workspace,
        wanted=[
            Wanted(
                kind=ANSWERED,
                dedupe_key=f"answered:{answer.pk}:{user.pk}",
                facts={"answer": answer.pk, "name": user.name},
                recipient=Recipient(user.email, user.name, request.workspace.language),
                client_ref=None,
                automatic=False,
            )
            for user in (owner.user for owner in owners.select_related("user").order_by("pk"))
        ],
        now=now,
    )
