"""A code by mail for sensitive requests: only who reads the recipient's mail can answer."""

import hmac
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.db import transaction

from clientdesk.outbox.operations import Recipient, enqueue
from clientdesk.tokens import hashed, token_of
from feedback.models import AnswerCode, AnswerLink
from feedback.queries.answer_page import name_of

CODE = "feedback.code"
GOOD_FOR = timedelta(minutes=15)
TRIES = 5
DIGITS = 6
SENT_TWICE = timedelta(seconds=30)


class Tried(StrEnum):
    FITS = "fits"
    WRONG = "wrong"
    OVER = "over"
    """No code is out, or it was used, tried too often, or waited too long."""


@transaction.atomic
def send_code(*, link: AnswerLink, now: datetime) -> AnswerCode:
    """Mail a new code to the link's recipient; the one before holds no longer.

    A second click within half a minute is the first one's.
    """
    AnswerLink.objects.select_for_update(no_key=True).get(pk=link.pk)
    codes = AnswerCode.objects.filter(link=link, used_at=None, expires_at__gt=now)
    if twin := codes.filter(created_at__gt=now - SENT_TWICE, tries=0).first():
        return twin
    codes.update(expires_at=now)
    code = AnswerCode.objects.create(
        workspace_id=link.workspace_id,
        link=link,
        code_hash=_hash(link, code_of(link, now)),
        created_at=now,
        expires_at=now + GOOD_FOR,
    )
    enqueue(
        workspace=link.workspace,
        kind=CODE,
        dedupe_key=f"answer-code:{code.pk}",
        facts={"code": code.pk},
        recipient=Recipient(link.email, name_of(link), link.round.request.client.language),
        client_ref=link.round.request.client_id,
        automatic=False,
        now=now,
        at_once=True,
    )
    return code


@transaction.atomic
def try_code(*, link: AnswerLink, typed: str, now: datetime) -> Tried:
    """Whether `typed` is the code that is out. Every try counts, and a code that fits is used."""
    code = (
        AnswerCode.objects.select_for_update(no_key=True)
        .filter(link=link, used_at=None, expires_at__gt=now, tries__lt=TRIES)
        .order_by("-pk")
        .first()
    )
    if code is None:
        return Tried.OVER
    code.tries += 1
    fits = hmac.compare_digest(code.code_hash, _hash(link, "".join(typed.split())))
    if fits:
        code.used_at = now
    code.save(update_fields=["tries", "used_at"])
    if fits:
        return Tried.FITS
    return Tried.WRONG if code.tries < TRIES else Tried.OVER


def code_of(link: AnswerLink, created_at: datetime) -> str:
    """Six digits, made of the link and the moment under the installation's key: the letter can
    say them, and no row holds them."""
    made = token_of("answer-code", f"{link.nonce}:{created_at.astimezone(UTC).isoformat()}")
    return str(int(made, 16) % 10**DIGITS).zfill(DIGITS)


def _hash(link: AnswerLink, code: str) -> str:
    # Keyed: a bare hash of six digits is guessed in no time.
    return hashed(token_of("answer-code-hash", f"{link.nonce}:{code}"))


def is_out(*, link: AnswerLink, now: datetime) -> bool:
    """Whether a code was sent that can still be typed in."""
    codes = AnswerCode.objects.filter(link=link, used_at=None, expires_at__gt=now)
    return codes.filter(tries__lt=TRIES).exists()
