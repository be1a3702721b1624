"""The talk with a controlling client: what its letter says, and what it would begin with."""

from datetime import date

from clientdesk.calendars import add_working_days
from clientdesk.dates import long_day
from clientdesk.outbox.kinds import Letter
from clientdesk.outbox.letters import letter_text
from clients.models import Client, Project
from clients.queries import recipients_of
from feedback.models import Talk
from feedback.rules.control_sentences import proposal, sentences
from feedback.rules.controlling import Control

ANSWER_WITHIN = 5  # working days
BULLET = "– "


def facts_of(talk: Talk) -> dict[str, str]:
    """Every placeholder of the letter; its client, project and workspace must be loaded."""
    recipient = recipients_of({talk.client_id}).get(talk.client_id)
    lines = [line.strip() for line in talk.facts.splitlines() if line.strip()]
    return {
        "text": "talk" if talk.project else "talk_plain",
        "contact_name": (recipient.name if recipient else "") or talk.client.name,
        "project": talk.project.name if talk.project else "",
        "facts": "\n".join(f"{BULLET}{line}" for line in lines),
        "proposal": talk.proposal.strip(),
        "answer_by": long_day(talk.answer_by, talk.language),
        "sender_name": talk.workspace.sender_name or talk.workspace.name,
    }


def letter_of(talk: Talk) -> Letter:
    """As it would go out now."""
    facts = facts_of(talk)
    return letter_text("feedback", facts["text"], talk.language, talk.workspace).filled(facts)


def beginning_of(client: Client, control: Control, *, today: date) -> Talk:
    """A letter not written yet, filled with the recorded facts; nothing is stored."""
    language = "hr" if client.language == "hr" else "en"
    project = (
        Project.objects.filter(client=client, delivered_on=None).order_by("-started_on").first()
    )
    return Talk(
        client=client,
        project=project,
        language=language,
        facts="\n".join(sentences(control, language)),
        proposal=proposal(control, language),
        answer_by=add_working_days(today, ANSWER_WITHIN, client.country),
    )


def talks_of(client: Client) -> list[Talk]:
    """The latest first; what was thrown away is left out."""
    talks = Talk.objects.filter(client=client).exclude(state=Talk.State.DROPPED)
    return list(talks.select_related("client", "project", "workspace"))


def overdue_talks(*, on: date) -> list[Talk]:
    """Letters whose day has passed without an answer, the longest first."""
    talks = Talk.objects.filter(state=Talk.State.SENT, answer_by__lt=on)
    return list(talks.select_related("client").order_by("answer_by", "pk"))
