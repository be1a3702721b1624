"""Every word and fact that the answer page shows, in its reader's language."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from clientdesk.outbox.composing import sender_name
from clientdesk.outbox.letters import greeting
from feedback.models import Answer, Request
from feedback.queries.answer_page import AnswerPage, Stage, asking_of, project_address
from feedback.rules import page_sentences as sentences
from feedback.rules.page_words import DECISIONS, WORDS

LOOKS = {"approved": "ok", "chosen": "ok", "done": "ok", "answered": "ok", "changes": "wait"}
ICONS = {"ok": "circle-check", "wait": "pencil", "owed": "circle-x"}


@dataclass(frozen=True, slots=True)
class Given:
    """One line of what was answered."""

    title: str
    decision: str
    comment: str
    look: str
    icon: str


def page_context(
    page: AnswerPage, *, now: datetime, zone: ZoneInfo, language: str
) -> dict[str, Any]:
    """`zone` is the workspace's: its days and hours are said."""
    request, today = page.request, now.astimezone(zone).date()
    words = WORDS[language]
    context: dict[str, Any] = {
        "asked": request,
        "page_": page,
        "words": words,
        "language": language,
        "brand": sender_name(page.link.workspace),
        "workspace_": page.link.workspace,
        "heading": sentences.heading(request.title, page.link.round.number, language),
        "rounds": sentences.rounds(page.link.round.number, request.rounds_agreed, language),
        "project_url": project_address(page, now=now),
        "is_post_kind": request.kind == Request.Kind.APPROVAL,
    }
    if page.stage == Stage.OPEN:
        asking = asking_of(page, today=today)
        context |= {
            "lede": sentences.lede(asking, greeting(page.name, language), language),
            "change_hours": sentences.change_hours(language),
            "waits": sentences.waits_for_it(request.blocks, language) if request.blocks else "",
            "approve_all": sentences.approve_all(
                len(page.shown) or 1, language, posts=asking.posts
            ),
            "many": len(page.shown) > 1,
        }
    if page.last is not None:
        context |= _answered(page, page.last, now=now, zone=zone, language=language)
    return context


def _answered(
    page: AnswerPage, last: Answer, *, now: datetime, zone: ZoneInfo, language: str
) -> dict[str, Any]:
    today = now.astimezone(zone).date()
    decisions = DECISIONS[language]
    verdicts = sorted(last.verdicts.all(), key=lambda v: v.version.item.position)
    given = [
        _given(one.version.title, one.decision, one.comment, decisions) for one in verdicts
    ] or [_given("", last.decision, "", decisions)]
    until = page.until.astimezone(zone) if page.until and page.stage == Stage.CHANGEABLE else None
    return {
        "given": given,
        "given_comment": last.comment,
        "given_files": page.kept,
        "given_on": sentences.answered_on(
            last.given_at.astimezone(zone).date(), language, today=today
        ),
        "given_summary": sentences.summary([one.decision for one in verdicts], language)
        if len(verdicts) > 1
        else "",
        "until": sentences.changeable_until(until, language, today=today) if until else "",
    }


def _given(title: str, decision: str, comment: str, decisions: Any) -> Given:
    look = LOOKS.get(decision, "owed")
    return Given(title, decisions[decision], comment, look, ICONS[look])
