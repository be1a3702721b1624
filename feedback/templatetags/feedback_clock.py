"""The drawn clock, and the small strip of one request."""

from datetime import date
from typing import Any

from django import template

from clientdesk.calendars import working_days_between
from feedback.models import Request
from feedback.rules.clock_face import Face
from feedback.rules.strip import Small

register = template.Library()


@register.inclusion_tag("feedback/_clock.html")
def clock_face(face: Face, big: bool = False) -> dict[str, Any]:
    """Two sides of one axis, the days below, and the same as a table."""
    return {"face": face, "big": big}


@register.inclusion_tag("feedback/_small_strip.html")
def small_strip(asked: Request, today: date) -> dict[str, Any]:
    """Of an open request, whose client is loaded: hatched days in time, solid ones late, dotted
    what is left until the answer-by day."""
    country = asked.client.country
    in_time = min(today, asked.answer_by)
    return {
        "small": Small(
            waited=working_days_between(asked.asked_on, in_time, country),
            late=working_days_between(asked.answer_by, today, country),
            left=working_days_between(today, asked.answer_by, country),
        )
    }
