"""A row of invoices as dots that climb: how late each was paid."""

from dataclasses import dataclass
from typing import Any

from django import template

from clientdesk.findings import Fact

register = template.Library()
WIDTH, TOP, BOTTOM, EDGE, SHOWN = 112, 6.0, 38.0, 6.0, 6


@dataclass(frozen=True, slots=True)
class Dot:
    x: str
    y: str
    tone: str


@register.inclusion_tag("desk/_late_dots.html")
def late_dots(facts: tuple[Fact, ...]) -> dict[str, Any]:
    """The last six, the latest on the right; the height says how many days."""
    shown = facts[-SHOWN:]
    most = max((fact.figure for fact in shown), default=0) or 1
    step = (WIDTH - 2 * EDGE - 4) / max(1, len(shown) - 1)
    dots = [
        Dot(
            f"{EDGE + 2 + step * n:.1f}",
            f"{BOTTOM - (BOTTOM - TOP) * fact.figure / most:.1f}",
            "f-hollow" if fact.so_far else ("f-mut" if fact.figure else "f-ok"),
        )
        for n, fact in enumerate(shown)
    ]
    return {"dots": dots, "width": WIDTH, "line": " ".join(f"{dot.x} {dot.y}" for dot in dots)}
