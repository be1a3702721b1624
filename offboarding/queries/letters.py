"""What the letters of an ending say, and to whom the handover page is shown."""

from collections.abc import Mapping
from datetime import datetime

from clientdesk.dates import long_day
from clientdesk.money import format_money
from clientdesk.outbox.kinds import Letter
from clientdesk.outbox.letters import letter_text
from clientdesk.tokens import hashed
from clients.queries import recipients_of
from offboarding.models import Ending, HandoverLink
from offboarding.queries.endings import ending_page
from offboarding.queries.links import address_for
from offboarding.rules.ending_words import Owed, handover_line, money_line
from offboarding.rules.gates import Task
from offboarding.rules.reasons import AMICABLE, Kind, Reason, sentence

PURPOSE = "handover-link"
LINK = "{handover_link}"
"""Stands in a kept letter where the address comes when it leaves."""


def reason_sentence(ending: Ending) -> str:
    """Why it ends, as the letter says it."""
    language = "hr" if ending.language == "hr" else "en"
    kind = Kind(ending.kind)
    if kind != Kind.FAILURE:
        return AMICABLE[language][kind].format(day=long_day(ending.ends_on, language))
    reason = Reason(ending.reason) if ending.reason else Reason.OWN
    return sentence(reason, ending.own_words, ending.fact_lines, language)


def facts_of(ending: Ending) -> dict[str, str]:
    """Every placeholder of the ending letter; the link stands for itself."""
    language = "hr" if ending.language == "hr" else "en"
    page = ending_page(ending)
    recipient = recipients_of({ending.client_id}).get(ending.client_id)
    owed = [
        Owed(
            one.number or "",
            format_money(one.balance_minor, one.currency, language),
            long_day(one.due_on, language) if one.due_on else "",
        )
        for one in page.open_invoices
    ]
    return {
        "contact_name": (recipient.name if recipient else "") or ending.client.name,
        "client_name": ending.client.name,
        "sender_name": ending.workspace.sender_name or ending.workspace.name,
        "end_date": long_day(ending.ends_on, language),
        "reason_sentence": reason_sentence(ending),
        "handover_line": handover_line(
            accounts=len(page.accounts),
            paid=page.by_task[Task.PAYMENTS].is_met,
            link=LINK,
            language=language,
        ),
        "money_line": money_line(owed, language),
        "handover_link": LINK,
    }


def letter_of(ending: Ending) -> Letter:
    """The letter as its owner kept it, else as it is proposed."""
    if ending.letter_body:
        return Letter(ending.letter_subject, ending.letter_body)
    name = "ending" if ending.kind == Ending.Kind.FAILURE else "ending_amicable"
    text = letter_text("offboarding", name, ending.language, ending.workspace)
    return text.filled(facts_of(ending))


def with_link(letter: Letter, address: str) -> Letter:
    return Letter(letter.subject, letter.body.replace(LINK, address))


def handover_address(ending: Ending, *, email: str, now: datetime) -> str:
    """The address of the handover page for this recipient; made where there is none."""
    return address_for(
        HandoverLink,
        purpose=PURPOSE,
        route="public:handover",
        workspace_id=ending.workspace_id,
        email=email,
        now=now,
        ending=ending,
    )


def find_handover_link(token: str, *, now: datetime) -> HandoverLink | None:
    """From any workspace; unknown, expired and revoked look the same."""
    return (
        HandoverLink.unscoped.filter(token_hash=hashed(token), revoked_at=None, expires_at__gt=now)
        .select_related("ending__client", "ending__workspace", "workspace")
        .first()
    )


def handover_facts(ending: Ending, *, address: str) -> Mapping[str, str]:
    return {**facts_of(ending), "handover_link": address}
