"""Words for invoices, steps and record entries, where a template would need logic."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import template
from django.db.models import F, Q
from django.template import Context
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_

from billing.models import CreditNote, Invoice, LineBase, Step
from billing.queries.breakdown import breakdown
from billing.rules.totals import VatShare
from clientdesk.dates import long_day
from clientdesk.desk.words import content_of, describe, said_of_items
from clientdesk.ladder import parse_ladder
from clientdesk.money import format_money, to_minor
from clientdesk.record.models import Entry
from clients.models import Client, Project, Stop
from clients.rules.quicklog import Known

register = template.Library()

RUNGS = {
    "reminder": n_("Reminder"),
    "stop_work": n_("Stop-work notice"),
    "final": n_("Final notice"),
    "decide": n_("Decide"),
}


@register.filter
def get(mapping: Mapping[Any, Any], key: Any) -> Any:
    return mapping.get(key)


@register.filter
def why(reason: str) -> str:
    """A reason as it is kept, in the reader's language where it was ours and not somebody's own."""
    return "; ".join(_(one) if one else "" for one in reason.split("; "))


@register.filter
def came_in(stop: Any) -> str:
    """What was paid or credited of the invoice that Today shows with a stop."""
    minor = (stop.invoice_total or 0) - (stop.invoice_balance or 0)
    return format_money(minor, stop.invoice_currency, get_language() or "en")


@register.inclusion_tag("clients/_stopped.html", takes_context=True)
def work_stopped(
    context: Context, client: Client | Known, project: Project | None = None
) -> Context:
    """The band on a page of a client whose work rests: since when, why, and what lifts it.

    With `project` only what stops that one. One query.
    """
    stops = Stop.objects.running().filter(client=client.pk).select_related("project", "client")
    if project:
        stops = stops.filter(Q(project=None) | Q(project=project))
    context["running_stops"] = stops.order_by(F("project_id").asc(nulls_first=True))
    return context


@register.filter
def rung_name(step: Step | str) -> str:
    """The name of a rung as a person says it."""
    rung = step if isinstance(step, str) else getattr(step, "rung", "")
    rung = rung if isinstance(rung, str) else getattr(rung, "name", "")
    return _(RUNGS[rung]) if rung in RUNGS else rung.replace("_", " ").capitalize()


ICONS = {"owed": "flag", "stop": "octagon-pause", "plain": "list-checks", "info": "mail"}


@register.filter
def rung_tone(rung: Any) -> str:
    """The colour class of a rung: by what it does, and of the last notice by its name."""
    name = getattr(rung, "name", "") or getattr(rung, "rung", "")
    return "owed" if name == "final" else {"stop": "stop", "task": "plain"}.get(rung.effect, "info")


@register.filter
def rung_icon(rung: Any) -> str:
    return ICONS[rung_tone(rung)]


@register.filter
def ladder_words(text: str) -> str:
    """The steps of a ladder in one line: "Reminder +3, Stop-work notice +10"."""
    return ", ".join(f"{rung_name(rung.name)} +{rung.offset}" for rung in parse_ladder(text).rungs)


@register.simple_tag
def days_late(invoice: Invoice, today: date) -> str:
    days = invoice.days_late(on=today)
    return ngettext("%(n)s day late", "%(n)s days late", days) % {"n": days}


@register.simple_tag
def entry_words(entry: Entry) -> str:
    """One line that says what a record entry tells."""
    return describe(entry)


TONES = {
    "interaction": ("accent", "message-circle"),
    "request": ("wait", "hourglass"),
    "stop": ("stop big", "octagon-pause"),
    "invoice": ("accent", "receipt-text"),
    "payment": ("ok", "hand-coins"),
    "step": ("owed", "list-checks"),
    "ladder": ("info", "list-checks"),
    "message": ("info", "mail"),
    "document": ("plain", "file-text"),
    "attachment": ("plain", "paperclip"),
    "contact": ("plain", "user"),
    "client": ("plain", "users"),
    "agreement": ("plain", "scale"),
    "project": ("plain", "briefcase"),
    "account": ("plain", "key-round"),
    "result": ("ok", "trending-up"),
}
KIND_ICONS = {
    "call": "phone", "email": "mail", "meeting": "users", "problem": "triangle-alert",
    "work": "briefcase", "note": "pencil",
}  # fmt: skip


@register.simple_tag
def entry_tone(entry: Entry) -> str:
    """The colour class of a record entry."""
    return TONES.get(entry.kind.partition(".")[0], ("plain", ""))[0]


@register.simple_tag
def entry_icon(entry: Entry) -> str:
    """The icon of a record entry; a logged one shows what kind it was."""
    noun = entry.kind.partition(".")[0]
    if noun == "interaction":
        return KIND_ICONS.get(str(content_of(entry).get("kind")), "message-circle")
    return TONES.get(noun, ("", "circle"))[1]


@register.filter
def items_said(entry: Entry) -> list[dict[str, str]]:
    """What an answer says of each item."""
    return said_of_items(content_of(entry))


@register.filter
def said(entry: Entry) -> dict[str, Any]:
    """The content of a record entry; empty where it was erased."""
    return content_of(entry)


@register.simple_tag
def once_key() -> str:
    """A key for a form, so that sent twice it is taken once."""
    return uuid4().hex


@register.filter
def subject_pk(entry: Entry) -> int:
    """The number of the row that an entry of the record is about."""
    return int(entry.subject.partition(":")[2])


@register.filter
def amount(text: str, currency: str) -> str:
    """An amount as the record holds it, "1540.00", in the language of the page."""
    return format_money(to_minor(Decimal(text), currency), currency, get_language() or "en")


@register.filter
def iso_day(text: str) -> date:
    """A day as the record holds it."""
    return date.fromisoformat(text)


@register.filter
def stop_reason(reason: str) -> str:
    """Why work rests, as a sentence begins."""
    label = str(dict(Stop.Reason.choices).get(reason, reason))
    return label[:1].upper() + label[1:]


@register.filter
def figure(value: Decimal) -> str:
    """A decimal without needless zeros."""
    return f"{value.normalize():f}"


@register.filter
def quantity(line: LineBase) -> str:
    """A quantity without needless zeros: 1, 2.5."""
    return f"{(Decimal(line.quantity_milli) / 1000).normalize():f}"


@register.filter
def vat_rate(line: LineBase) -> str:
    """The rate, or a dash where there is no VAT on the line."""
    return percent(Decimal(line.vat_bp) / 100) if line.vat_bp else "–"


@register.filter
def discount(line: LineBase) -> str:
    return percent(Decimal(line.discount_bp) / 100)


@register.filter
def rate_of(share: VatShare) -> str:
    return percent(share.rate)


def percent(value: Decimal) -> str:
    return f"{value.normalize():f}\N{NO-BREAK SPACE}%"


@register.filter
def vat_shares(document: Invoice | CreditNote) -> tuple[VatShare, ...]:
    """The VAT breakdown of a document, from its lines as they are stored."""
    return breakdown(document)


@register.filter
def money_in(minor: int, currency_and_language: tuple[str, str]) -> str:
    """An amount in a client's language, on a page that is not in the reader's."""
    return format_money(minor, *currency_and_language)


@register.filter
def day_in(day: date, language: str) -> str:
    return long_day(day, language)


@register.filter
def lookup(words: Mapping[str, str], key: str) -> str:
    """The words for `key`, or the key where there are none."""
    return words.get(key, key)


@register.filter
def counted(n: int, what: str) -> str:
    """3, "invoices" -> 3 invoices."""
    words = {
        "invoices": ngettext("%(n)s invoice", "%(n)s invoices", n),
        "payments": ngettext("%(n)s payment", "%(n)s payments", n),
        "clients": ngettext("%(n)s client", "%(n)s clients", n),
        "hours": ngettext("%(n)s hour", "%(n)s hours", n),
    }
    return words[what] % {"n": n}
