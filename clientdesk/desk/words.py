"""What an entry of the record says in one line, by its kind."""

import json
from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_

from clientdesk.desk.templatetags.desk import dayyear
from clientdesk.money import format_money, to_minor
from clientdesk.record.models import Entry

SENTENCES = {
    "client.created": n_("%(name)s became a client."),
    "client.changed": n_("The details of %(name)s were changed."),
    "client.archived": n_("%(name)s went into the archive."),
    "client.returned": n_("%(name)s is back on the desk."),
    "contact.created": n_("%(name)s was added to the people."),
    "contact.changed": n_("The details of %(name)s were changed."),
    "agreement.created": n_("New terms hold from %(valid_from)s."),
    "agreement.changed": n_("The terms from %(valid_from)s were corrected."),
    "project.created": n_("Project %(name)s began."),
    "project.changed": n_("Project %(name)s was changed."),
    "project.moved": n_("The delivery of %(name)s moves to %(until)s."),
    "project.shared": n_("%(email)s can see how %(name)s stands."),
    "project.unshared": n_("The link of %(email)s to %(name)s was revoked."),
    "project.shows": n_("What the client sees of %(name)s was chosen."),
    "chance.noted": n_("A chance was missed: %(title)s."),
    "chance.struck": n_("Noted by mistake, struck out: %(title)s."),
    "project.delivered": n_("Project %(name)s was delivered."),
    "account.created": n_("%(platform)s %(handle)s came into the register."),
    "account.changed": n_("%(platform)s %(handle)s was changed."),
    "interaction.logged": n_("%(summary)s"),
    "interaction.changed": n_("Corrected: %(summary)s"),
    "followup.done": n_("Followed up: %(summary)s"),
    "followup.reopened": n_("To be followed up after all: %(summary)s"),
    "followup.moved": n_("The follow-up moved to %(until)s: %(summary)s"),
    "result.recorded": n_("%(metric)s: from %(before)s to %(after)s."),
    "attachment.added": n_("%(filename)s was attached."),
    "request.opened": n_("Asked: %(title)s, answer by %(answer_by)s."),
    "request.answered": n_("%(decided)s: %(title)s%(came)s."),
    "request.reanswered": n_("Answered anew. %(decided)s: %(title)s%(came)s."),
    "request.link_revoked": n_("The link to %(title)s that %(email)s got opens nothing any more."),
    "request.link_asked": n_("%(email)s asked for a new link to %(title)s."),
    "request.changed": n_("What is asked was changed: %(title)s."),
    "request.round": n_("Asked again, round %(round)s: %(title)s, answer by %(answer_by)s."),
    "request.handled": n_("The answer was dealt with: %(title)s."),
    "request.redated": n_("%(title)s: answer by %(answer_by)s now. %(because)s"),
    "request.withdrawn": n_("Taken back: %(title)s."),
    "request.nudged": n_("Reminded of %(title)s."),
    "request.step_due": n_("%(title)s: a reminder waits for your review."),
    "request.step_skipped": n_("%(title)s: a reminder was left out. %(reason)s"),
    "request.step_done": n_("%(title)s: a task was done."),
    "request.paused": n_("%(title)s: no reminders until %(until)s. %(because)s"),
    "request.unpaused": n_("%(title)s: reminders go on."),
    "talk.drafted": n_("A letter about working together was written."),
    "talk.sent": n_("A letter about working together went to the outbox."),
    "talk.agreed": n_("Changes were agreed: %(outcome)s"),
    "talk.refused": n_("No agreement on changes. %(outcome)s"),
    "talk.dropped": n_("A letter about working together was thrown away."),
    "ending.begun": n_("An ending was begun."),
    "ending.reason": n_("Why it ends was written down. %(facts)s"),
    "ending.overridden": n_("A task of the ending was passed by: %(task_name)s. %(reason)s"),
    "ending.evidence": n_("The record was verified: %(seq)s entries, unbroken."),
    "ending.ticked": n_("Handed over: %(account)s."),
    "ending.letter": n_("The ending letter went to the outbox: %(headline)s"),
    "ending.handover_sent": n_("The list of what was handed over went to the outbox."),
    "ending.confirmed": n_("%(name)s confirmed the handover. %(note)s"),
    "ending.called_off": n_("The ending was called off. %(reason)s"),
    "ending.closed": n_("The cooperation has ended."),
    "finding.dismissed": n_("A pattern was set aside: %(pattern)s. %(reason)s"),
    "finding.restored": n_("A pattern stands again: %(pattern)s."),
    "stop.begun": n_("Work stopped."),
    "stop.ended": n_("Work resumed."),
    "stop.asked": n_("Money came in: resume work?"),
    "stop.kept": n_("Work stays stopped."),
    "invoice.issued": n_("%(number)s issued, %(total)s."),
    "invoice.imported": n_("%(number)s brought in, %(total)s."),
    "payment.recorded": n_("%(amount)s arrived for %(number)s."),
    "ladder.started": n_("%(number)s went on its ladder."),
    "ladder.changed": n_("The ladder was changed."),
    "letter.changed": n_("A letter was worded anew: %(letter)s, %(language)s."),
    "letter.restored": n_("A letter has its delivered words again: %(letter)s, %(language)s."),
    "money.changed": n_("What the owner chose about money was changed."),
    "books.checked": n_("The bank was looked at."),
    "workspace.changed": n_("The details of the business were changed."),
    "hold.begun": n_("The ladder is held. %(because)s %(number)s"),
    "hold.lifted": n_("The ladder goes on. %(because)s %(number)s"),
    "plan.agreed": n_("%(number)s: to be paid in instalments."),
    "plan.ended": n_("%(number)s: the instalments were called off. %(because)s"),
    "invoice.written_off": n_("%(number)s was written off: %(amount)s. %(because)s"),
    "invoice.voided": n_("%(number)s is void. %(because)s"),
    "credit.issued": n_("%(number)s credits %(amount)s of %(invoice)s. %(because)s"),
    "series.changed": n_("The numbers of series %(code)s were changed."),
    "rate.set": n_("A reference rate was set, from %(since)s. %(source)s"),
    "rate.removed": n_("The reference rate from %(since)s was taken out."),
    "step.due": n_("%(number)s: a step waits for your review."),
    "step.skipped": n_("%(number)s: a step was left out. %(reason)s"),
    "step.done": n_("%(number)s: a task was done."),
    "message.sent": n_("Sent to %(to)s: %(headline)s"),
    "message.queued": n_("In the outbox: %(headline)s"),
    "message.suppressed": n_("Not needed any more, not sent."),
    "message.uncertain": n_("Not sure whether it arrived: %(headline)s"),
    "message.failed": n_("Could not be sent: %(headline)s"),
    "message.cancelled": n_("Taken back before it went out."),
    "document.stored": n_("%(filename)s was stored."),
    "member.invited": n_("%(email)s was invited."),
    "member.joined": n_("%(email)s joined."),
    "member.changed": n_("%(email)s has another role now."),
    "member.removed": n_("%(email)s left."),
    "brand.changed": n_("The look of the papers was changed."),
    "report.sent": n_("The link to %(filename)s went to the outbox."),
    "client.erased": n_("%(name)s was erased on request; issued invoices stay. %(reason)s"),
    "workspace.moved": n_("The workspace moved here from another installation."),
    "content.erased": n_("The content of an entry was erased."),
}

# How an answer begins, and the way it came: values of the record, which stay as they are.
DECIDED = {
    "approved": n_("Approved"),
    "changes": n_("With changes"),
    "rejected": n_("Not to be used"),
    "chosen": n_("Chosen"),
    "done": n_("Done"),
    "refused": n_("Not possible"),
    "answered": n_("Answered"),
}
CAME = {
    "page": n_("on the page"),
    "email": n_("by e-mail"),
    "phone": n_("by phone"),
    "chat": n_("by chat"),
    "meeting": n_("in a meeting"),
}

TASKS = {
    "payments": n_("payments current"),
    "report": n_("final report"),
    "evidence": n_("evidence"),
    "handover": n_("hand over the accounts"),
    "message": n_("ending message"),
}

PATTERNS = {
    "later_and_later": n_("pays later and later"),
    "unresponsive": n_("answers late"),
    "controlling": n_("holds on to everything"),
}

DAYS = frozenset({"answer_by", "on", "until", "valid_from"})
AMOUNTS = frozenset({"total", "amount"})


def content_of(entry: Entry) -> dict[str, Any]:
    """The entry's content; empty where it was lawfully erased."""
    content = getattr(entry, "content", None)
    return json.loads(content.content) if content else {}


def _spoken(content: dict[str, Any]) -> dict[str, str]:
    """Its values as a reader of the page says them: days and amounts are kept as plain text.

    Of an answer also what was decided and how it came; nothing where there is nothing.
    """
    if not content:
        return {}
    said = {key: str(value) for key, value in content.items()}
    for key, text in said.items():
        if key in DAYS and content[key]:
            said[key] = dayyear(date.fromisoformat(text))
        elif key in AMOUNTS and "currency" in said:
            minor = to_minor(Decimal(text), said["currency"])
            said[key] = format_money(minor, said["currency"], get_language() or "en")
    said["decided"] = _(DECIDED.get(said.get("decision", ""), DECIDED["answered"]))
    came = CAME.get(said.get("how", ""))
    said["came"] = f", {_(came)}" if came else ""
    task = said.get("task", "")
    said["task_name"] = _(TASKS[task]) if task in TASKS else task
    finding = said.get("finding", "")
    said["pattern"] = _(PATTERNS[finding]) if finding in PATTERNS else finding
    return said


def describe(entry: Entry) -> str:
    content: defaultdict[str, str] = defaultdict(str)
    content.update(_spoken(content_of(entry)))
    if not content:
        return _("Erased.")
    sentence = SENTENCES.get(entry.kind)
    if sentence is None:
        return entry.kind.replace(".", " ").replace("_", " ").capitalize()
    return (_(sentence) % content).strip()


# What is told with more than its sentence: a template, and what the entry must hold for it.
TOLD = {
    "interaction": "interaction",
    "invoice": "invoice",
    "payment": "payment",
    "step": "step",
    "ladder": "step",
    "message": "message",
    "request": "request",
    "stop": "stop",
    "document": "document",
}
NEEDED = {
    "invoice": {"number", "total", "currency"},
    "payment": {"number", "amount", "currency"},
    "step": {"number"},
    "stop": {"reason"},
    "document": {"document", "size"},
}


def said_of_items(content: dict[str, Any]) -> list[dict[str, str]]:
    """What an answer says of each item, for its template: title, decision in words, comment."""
    return [
        {**one, "decided": _(DECIDED.get(one.get("decision", ""), DECIDED["answered"]))}
        for one in content.get("items", ())
        if isinstance(one, dict)
    ]


def template_of(entry: Entry) -> str:
    """The small template that tells an entry in a timeline.

    The general one where the kind has none, or where its content is erased or lacks a part.
    """
    noun = entry.kind.partition(".")[0]
    name, content = TOLD.get(noun, "other"), content_of(entry)
    has_row = entry.subject.partition(":")[2].isdigit()
    if not content or not has_row or not content.keys() >= NEEDED.get(name, set()):
        name = "other"
    return f"desk/timeline/{name}.html"
