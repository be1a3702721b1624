"""What a client gets when a request is asked, before it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from django.conf import settings

from clientdesk.outbox.kinds import Letter
from clientdesk.outbox.letters import letter_text
from clients.models import Client, ManagedAccount
from clients.queries import deliveries, recipients_of
from feedback.models import Request
from feedback.queries.ladders import answers_ladders
from feedback.queries.letters import facts_for, standing_of, text_name

ANSWER_DAYS = 3
"""Working days to answer in, where nothing is agreed."""


@dataclass(frozen=True, slots=True)
class Follows:
    """A rung, `days` working days before or after the answer-by day."""

    rung: str
    days: int
    is_before: bool


def steps_after(client: Client) -> Sequence[Follows]:
    """What follows while there is no answer."""
    rungs = answers_ladders([client.pk])[client.pk].rungs
    return [Follows(rung.name, abs(rung.offset), rung.offset < 0) for rung in rungs]


def asking_preview(draft: Request, *, now: datetime) -> list[tuple[str, Letter]]:
    """The asking letter in the client's language, then in the workspace's if that is another.

    Its client, project and workspace must be loaded. Reading it makes no link.
    """
    today = draft.workspace.local_today(now)
    project = draft.project
    found = deliveries([project], today=today) if project else {}
    standing = standing_of(draft, found.get(project.pk) if project else None)
    recipient = recipients_of({draft.client_id}).get(draft.client_id)
    made = []
    for language in dict.fromkeys((draft.client.language, draft.workspace.language)):
        language = language if language == "hr" else "en"
        facts = facts_for(
            draft,
            text=text_name("ask", standing),
            standing=standing,
            today=today,
            contact_name=recipient.name if recipient else "",
            answer_link=urljoin(settings.BASE_URL, "/a/…"),
            project_link="",
            language=language,
        )
        text = letter_text("feedback", facts["text"], language, draft.workspace)
        made.append((language, text.filled(facts)))
    return made


ACCESS = {"en": "Access to {account}", "hr": "Pristup: {account}"}


def access_wanted(client: Client | None, account: str) -> dict[str, str]:
    """What a request for access to this account says to begin with, in the client's language."""
    if client is None or not account.isdecimal() or len(account) > 18:
        return {}
    found = ManagedAccount.objects.filter(client=client, pk=int(account)).first()
    if found is None:
        return {}
    language = "hr" if client.language == "hr" else "en"
    return {
        "title": ACCESS[language].format(account=found)[:160],
        "blocks": found.blocks[:160],
    }
