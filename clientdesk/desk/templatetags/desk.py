"""What every page draws with: icons, money, days, links inside the workspace."""

import re
from collections.abc import Iterable
from copy import copy
from datetime import date, datetime
from typing import Any

from babel.dates import format_date
from crispy_forms.helper import FormHelper
from django import template
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.forms import BaseForm, BoundField, CheckboxSelectMultiple, RadioSelect
from django.template import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from clientdesk.money import format_money

register = template.Library()

NBSP = "\N{NO-BREAK SPACE}"
# Patterns of babel, per language of the interface where English ones do not fit.
DAY = {"hr": "d. MMM"}
DAY_YEAR = {"hr": "d. MMM y."}
WEEKDAY = {"hr": "EEE d. MMM"}
DAY_LONG = {"hr": "EEEE, d. MMMM"}
MONTH_YEAR = {"hr": "LLLL y."}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; silent to screen readers unless it has a label of its own."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="ic" {}><use href="{}#{}"/></svg>',
        SafeString(spoken),
        static("icons/sprite.svg"),
        name,
    )


@register.filter
def money(minor: int | None, currency: str) -> str:
    """Minor units in the language of the page: 154000, EUR -> €1,540.00."""
    return "" if minor is None else format_money(minor, currency, _language())


@register.filter
def day(value: date | None, today: date | None = None) -> str:
    """14 May; with today given, the year is added where it is another one."""
    if value is None:
        return ""
    another_year = today is not None and value.year != today.year
    return _formatted(
        value, "d MMM y" if another_year else "d MMM", DAY_YEAR if another_year else DAY
    )


@register.filter
def dayyear(value: date | None) -> str:
    """14 May 2025."""
    return _formatted(value, "d MMM y", DAY_YEAR)


@register.filter
def weekday(value: date | None) -> str:
    """Wed 14 May."""
    return _formatted(value, "EEE d MMM", WEEKDAY)


@register.filter
def daylong(value: date | None) -> str:
    """Wednesday 14 May."""
    return _formatted(value, "EEEE d MMMM", DAY_LONG)


@register.filter
def monthyear(value: date | None) -> str:
    """May 2025."""
    return _formatted(value, "LLLL y", MONTH_YEAR)


@register.filter
def moment(value: datetime | None, today: date | None = None) -> str:
    """14 May, 15:42 in the time zone of the workspace."""
    if value is None:
        return ""
    local = _local(value)
    return f"{day(local.date(), today)}, {local:%H:%M}"


@register.filter
def clock(value: datetime | None) -> str:
    """15:42 in the time zone of the workspace."""
    return "" if value is None else f"{_local(value):%H:%M}"


@register.filter
def local_day(value: datetime) -> date:
    """The day of an instant in the time zone of the workspace."""
    return _local(value).date()


@register.filter
def iso(value: date | datetime | None) -> str:
    """For the datetime attribute of <time>."""
    if value is None:
        return ""
    return (
        _local(value).isoformat("T", "minutes")
        if isinstance(value, datetime)
        else value.isoformat()
    )


@register.filter
def hours(minutes: int | None) -> str:
    """75 -> 1 h 15 min."""
    if minutes is None:
        return ""
    whole, rest = divmod(minutes, 60)
    parts = [f"{whole} h"] if whole else []
    if rest or not whole:
        parts.append(f"{rest} min")
    return " ".join(parts).replace(" ", NBSP)


@register.filter
def days(count: int) -> str:
    """3 -> 3 days, in the language of the page."""
    return ngettext("%(n)s day", "%(n)s days", count) % {"n": count}


@register.simple_tag(takes_context=True)
def w_url(context: Context, name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a page in the current workspace."""
    slug = context["workspace"].slug
    if args:
        return reverse(name, args=(slug, *args))
    return reverse(name, kwargs={"workspace": slug, **kwargs})


@register.simple_block_tag(end_name="endcrumb_nav")
def crumb_nav(content: str) -> SafeString:
    """The way back, where a page has one."""
    return _framed('<nav class="crumb" aria-label="{}">{}</nav>', content, _("Breadcrumb"))


@register.simple_block_tag(end_name="endaction_bar")
def action_bar(content: str) -> SafeString:
    return _framed('<div class="acts">{}</div>', content)


@register.simple_block_tag(end_name="endsolo_footer")
def solo_footer(content: str) -> SafeString:
    return _framed("<footer>{}</footer>", content)


@register.filter
def target(field: BoundField) -> str:
    """Where a link of the error summary leads: the control, or the first of a group."""
    grouped = isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple)
    return f"{field.auto_id}_0" if grouped else field.id_for_label


@register.filter
def said(field: BoundField) -> str:
    """The label before its error: with a colon, unless it is a question."""
    label = str(field.label)
    return label if label.endswith("?") else f"{label}:"


@register.filter
def calm(form: BaseForm) -> BaseForm:
    """The form without placeholders that only repeat the labels."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return form


@register.filter
def page_helper(form: BaseForm) -> FormHelper:
    """The layout of a form inside a page that brings the form element and its token itself."""
    helper: FormHelper = copy(form.helper)  # type: ignore[attr-defined]  # crispy's convention
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


@register.filter
def quiet_messages(found: Iterable[Message] | None) -> list[Message]:
    """Those that go into the toast; warnings and errors stand on top of the page.

    The page of a server error is drawn without any.
    """
    return [message for message in found or () if message.level < messages.WARNING]


@register.filter
def undo_url(message: Message) -> str:
    """The address a message can be undone at: extra_tags="undo:/w/…/"."""
    kind, _sign, url = (message.extra_tags or "").partition(":")
    return url if kind == "undo" else ""


def _language() -> str:
    return (get_language() or "en").split("-")[0]


def _formatted(value: date | None, pattern: str, of_language: dict[str, str]) -> str:
    if value is None:
        return ""
    language = _language()
    # The day comes before its month, as in all text of the product.
    locale = "en_GB" if language == "en" else language
    text = format_date(value, of_language.get(language, pattern), locale=locale)
    return re.sub(r"\bSept\b", "Sep", text)


def _local(value: datetime) -> datetime:
    return value.astimezone(timezone.get_current_timezone())


def _framed(frame: str, content: str, *before: str) -> SafeString:
    inner = SafeString(content.strip())
    return format_html(frame, *before, inner) if inner else SafeString("")
