"""The letters around the answer page: a code, a new link, and word to the owner."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_noop as n_

from clientdesk.dates import long_day
from clientdesk.outbox.composing import sender_name
from clientdesk.outbox.kinds import Letter, Ready, Verdict, Withdrawn
from clientdesk.outbox.letters import greeting, letter_text, spoken
from clientdesk.outbox.models import Part
from feedback.models import Answer, AnswerCode, AnswerLink, Request, Round
from feedback.operations.answer_links import NEW_LINK
from feedback.operations.codes import CODE, code_of
from feedback.operations.page_answers import ANSWERED
from feedback.queries.answer_page import name_of
from feedback.queries.links import answer_links
from feedback.rules.page_words import DECISIONS, WORDS


class _OnItsOwn:
    """Sent by itself, never in a digest; nothing hangs on what becomes of it."""

    name = ""
    app = "feedback"
    text = ""

    def letter(self, part: Part, ready: Ready, language: str) -> Letter:
        return letter_text(self.app, self.text, language, part.workspace).filled(ready.facts)

    def line(self, part: Part, ready: Ready, language: str) -> str:
        return self.letter(part, ready, language).body

    def sent(self, parts: Sequence[Part], *, now: datetime) -> None:
        """Nothing follows."""

    def stuck(self, parts: Sequence[Part], *, outcome: str, reason: str, now: datetime) -> None:
        """The outbox shows what became of it."""


class CodeLetter(_OnItsOwn):
    name, text = CODE, "code"

    def check(self, parts: Sequence[Part], *, now: datetime) -> Mapping[int, Verdict]:
        codes = (
            AnswerCode.objects.select_for_update(of=("self",), no_key=True)
            .select_related("link__round__request__client", "link__workspace")
            .in_bulk([part.facts["code"] for part in parts])
        )
        return {part.pk: self._verdict(codes.get(part.facts["code"]), now) for part in parts}

    def _verdict(self, code: AnswerCode | None, now: datetime) -> Verdict:
        if code is None or code.used_at or code.expires_at <= now or code.link.revoked_at:
            return Withdrawn(n_("the code does not hold any more"))
        return Ready(
            facts={**_known(code.link), "code": code_of(code.link, code.created_at)}, tone=1
        )


class NewLinkLetter(_OnItsOwn):
    name, text = NEW_LINK, "new_link"

    def check(self, parts: Sequence[Part], *, now: datetime) -> Mapping[int, Verdict]:
        rounds = (
            Round.objects.select_for_update(of=("self",), no_key=True)
            .select_related("request__client", "workspace")
            .in_bulk([part.facts["round"] for part in parts])
        )
        old = AnswerLink.objects.select_related("round__request__client", "workspace").in_bulk(
            [part.facts["link"] for part in parts]
        )
        verdicts: dict[int, Verdict] = {}
        for part in parts:
            round_, link = rounds.get(part.facts["round"]), old.get(part.facts["link"])
            if round_ is None or link is None or round_.closed_on or link.revoked_at:
                verdicts[part.pk] = Withdrawn(n_("answered or taken back meanwhile"))
                continue
            address = answer_links([round_], emails={round_.pk: link.email}, now=now)[round_.pk]
            verdicts[part.pk] = Ready(facts={**_known(link), "answer_link": address}, tone=1)
        return verdicts


def _known(link: AnswerLink) -> dict[str, str]:
    request = link.round.request
    return {
        "contact_name": name_of(link) or request.client.name,
        "request_title": request.title,
        "sender_name": sender_name(link.workspace),
    }


class AnsweredLetter(_OnItsOwn):
    """To the workspace's owners, in its language; a later answer has a letter of its own."""

    # Not to a client: its words are not the owner's to change.
    name, app, text = ANSWERED, "desk", "answered"

    def check(self, parts: Sequence[Part], *, now: datetime) -> Mapping[int, Verdict]:
        answers = (
            Answer.objects.select_related("round__request__client", "workspace")
            .prefetch_related("verdicts__version__item", "files__document")
            .in_bulk([part.facts["answer"] for part in parts])
        )
        rounds = {answer.round_id for answer in answers.values()}
        requests = Request.objects.select_for_update(of=("self",), no_key=True)
        list(requests.filter(rounds__in=rounds).order_by("pk"))
        latest = dict(
            Answer.objects.filter(round__in=rounds).order_by("number").values_list("round", "pk")
        )
        verdicts: dict[int, Verdict] = {}
        for part in parts:
            answer = answers.get(part.facts["answer"])
            if answer is None or latest.get(answer.round_id) != answer.pk:
                verdicts[part.pk] = Withdrawn(n_("answered anew meanwhile"))
            else:
                verdicts[part.pk] = Ready(facts=_told(answer, part), tone=1)
        return verdicts


def _told(answer: Answer, part: Part) -> dict[str, str]:
    request, workspace = answer.round.request, answer.workspace
    path = reverse("feedback:request", kwargs={"workspace": workspace.slug, "pk": request.pk})
    language = spoken(workspace.language)
    return {
        "greeting": greeting(part.facts["name"], language),
        "client_name": request.client.name,
        "given_by": answer.given_by,
        "given_on": long_day(answer.given_on, language),
        "request_title": request.title,
        "answer": in_words(answer, language),
        "request_link": urljoin(settings.BASE_URL, path),
    }


def in_words(answer: Answer, language: str) -> str:
    """All that was said, as paragraphs of a letter; the items as a table."""
    words, decisions = WORDS[language], DECISIONS[language]
    items = [
        f"{verdict.version.title}\t{decisions[verdict.decision]}"
        + (f": {' '.join(verdict.comment.split())}" if verdict.comment else "")
        for verdict in sorted(answer.verdicts.all(), key=lambda v: v.version.item.position)
    ]
    files = ", ".join(file.document.filename for file in answer.files.all())
    comment = "\n".join(filter(None, (line.strip() for line in answer.comment.splitlines())))
    paragraphs = [
        "\n".join(items) or f"{decisions[answer.decision]}.",
        comment.replace("\t", " "),
        f"{words['attached']}: {files}" if files else "",
    ]
    return "\n\n".join(filter(None, paragraphs))
