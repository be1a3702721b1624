"""Hours as a page writes them, and their shares as bars."""

from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal
from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_

from offboarding.rules.worth import Worth

register = template.Library()
NBSP = "\N{NO-BREAK SPACE}"
TONES = ("f-you", "f-owed", "f-them")
ORDERS = {
    "rate": n_("by what an hour brings"),
    "hours": n_("by hours"),
    "lost": n_("by days lost"),
    "name": n_("by name"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    x: str
    width: str
    tone: str


@register.filter
def bars(worth: Worth) -> list[Bar]:
    """Work, revisions, chasing, from left to right, in per cent of all hours."""
    found, x = [], 0.0
    for share, tone in zip(worth.shares, TONES, strict=True):
        width = float(share) * 100
        if width:
            found.append(Bar(f"{x:.2f}", f"{width:.2f}", tone))
        x += width
    return found


@register.filter
def in_hours(minutes: int) -> str:
    """90 -> 1.5 h, in Croatian 1,5 h."""
    figure = format_decimal(Decimal(minutes) / 60, "0.0", locale=get_language() or "en")
    return f"{figure}{NBSP}h"


@register.simple_tag
def worth_words(worth: Worth) -> str:
    work, revision, chasing = (round(float(share) * 100) for share in worth.shares)
    return _("%(work)s %% work, %(revision)s %% revisions, %(chasing)s %% chasing") % {
        "work": work,
        "revision": revision,
        "chasing": chasing,
    }


@register.filter
def orders(keys: str) -> list[tuple[str, str]]:
    return [(key, _(ORDERS[key])) for key in keys.split()]
