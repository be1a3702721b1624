"""A letter sent to oneself, to see how it arrives."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext_noop as n_

from clientdesk.outbox.kinds import Letter, Ready, Withdrawn
from clientdesk.outbox.letters import LetterText
from clientdesk.outbox.models import Part
from clientdesk.outbox.operations import Recipient, enqueue
from clientdesk.outbox.wording import (
    EditableLetter,
    LetterUnknown,
    check_words,
    letter_named,
    tidy,
)
from clientdesk.workspaces.models import User, Workspace

KIND = "outbox.trial"
MARK = "[Test]"


def send_trial(
    *,
    workspace: Workspace,
    letter: EditableLetter,
    language: str,
    text: LetterText,
    to: User,
    once_key: str,
    now: datetime,
) -> Part | None:
    """Enqueue `text` with sample facts for the member's own address, kept or not yet kept.

    None where this very form was sent before. Raises what `check_words` raises, RecipientRefused.
    """
    text = tidy(text)
    check_words(letter, text)
    return enqueue(
        workspace=workspace,
        kind=KIND,
        dedupe_key=f"trial:{to.pk}:{language}:{once_key}"[:200],
        facts={
            "app": letter.app,
            "name": letter.name,
            "language": language,
            "headline": text.subject,
            "body": text.body,
        },
        recipient=Recipient(email=to.email, name=to.name, language=language),
        client_ref=None,
        automatic=False,
        now=now,
    )


class TrialLetter:
    """The outbox's kind for it: not automatic, and marked as a test in its subject."""

    name = KIND

    def check(self, parts: Sequence[Part], *, now: datetime) -> Mapping[int, Ready | Withdrawn]:
        verdicts: dict[int, Ready | Withdrawn] = {}
        for part in parts:
            try:
                letter = letter_named(part.facts["app"], part.facts["name"])
            except LetterUnknown:
                verdicts[part.pk] = Withdrawn(n_("there is no such letter any more"))
                continue
            today = part.workspace.local_today(now)
            facts = letter.facts(part.workspace, part.facts["language"], today)
            verdicts[part.pk] = Ready(facts=facts, tone=0)
        return verdicts

    def letter(self, part: Part, ready: Ready, language: str) -> Letter:
        text = LetterText(part.facts["headline"], part.facts["body"]).filled(ready.facts)
        headline = text.subject or f"{part.facts['app']}/{part.facts['name']}"
        return Letter(subject=f"{MARK} {headline}", body=text.body)

    def line(self, part: Part, ready: Ready, language: str) -> str:
        return self.letter(part, ready, language).body

    def sent(self, parts: Sequence[Part], *, now: datetime) -> None:
        """Nothing follows."""

    def stuck(self, parts: Sequence[Part], *, outcome: str, reason: str, now: datetime) -> None:
        """The outbox shows it."""
