"""The days of the desk for a calendar program, and the page that gives out its address."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

from django.conf import settings as django_settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from clientdesk import clock
from clientdesk.desk.operations import calendars
from clientdesk.desk.queries.days import Day, days_of
from clientdesk.workspaces.access import Can, needs
from clientdesk.workspaces.limits import Limit, address_of_visitor, try_once_more
from clientdesk.workspaces.models import Membership, Workspace
from clientdesk.workspaces.requests import WorkspaceRequest
from clientdesk.workspaces.scoping import acting_in

OF_VISITOR = Limit(120, timedelta(minutes=10))
WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "due": "{who}: invoice {what} is due",
        "answer": "{who}: answer by today, {what}",
        "follow_up": "Follow up with {who}: {what}",
        "delivery": "{who}: delivery of {what}",
    },
    "hr": {
        "due": "{who}: dospijeva račun {what}",
        "answer": "{who}: rok za odgovor, {what}",
        "follow_up": "Javiti se, {who}: {what}",
        "delivery": "{who}: isporuka, {what}",
    },
}


@never_cache
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """What the member may see today; nothing once they have left."""
    now = clock.now()
    visitor = address_of_visitor(request)
    if not try_once_more(what="calendar", who=visitor, limit=OF_VISITOR, now=now):
        return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS)
    link = calendars.find(token)
    member = link and Membership.objects.filter(workspace=link.workspace, user=link.user).first()
    if link is None or not member:
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    workspace = link.workspace
    with acting_in(workspace.pk):
        days = days_of(
            workspace.slug,
            today=workspace.local_today(now),
            work=member.can(Can.SEE_WORK),
            money=member.can(Can.SEE_MONEY),
        )
    answer = HttpResponse(_calendar(workspace, days, now), content_type="text/calendar")
    answer["Content-Disposition"] = f'inline; filename="{workspace.slug}.ics"'
    answer["Referrer-Policy"], answer["X-Robots-Tag"] = "no-referrer", "noindex, nofollow"
    return answer


def _calendar(workspace: Workspace, days: list[Day], now: datetime) -> bytes:
    host = urlsplit(django_settings.BASE_URL).hostname or "clientdesk"
    words = WORDS.get(workspace.language, WORDS["en"])
    calendar = Calendar()
    calendar.add("prodid", "-//Clientdesk//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", workspace.name)
    for day in days:
        event = Event()
        event.add("uid", f"{day.key}.{workspace.slug}@{host}")
        event.add("dtstamp", now)
        event.add("dtstart", day.on)
        event.add("dtend", day.on + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        event.add("summary", words[day.kind].format(who=day.who, what=day.what))
        event.add("url", urljoin(django_settings.BASE_URL, day.path))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


@needs(Can.SEE_DESK)
def settings(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The address, made on demand; a POST makes it or takes it back."""
    if request.method == "POST":
        if "revoke" in request.POST:
            calendars.revoke(user=request.user, now=clock.now())
            messages.success(request, _("The address opens nothing any more."))
        else:
            calendars.give(workspace=request.workspace, user=request.user, now=clock.now())
        return redirect("desk:calendar", workspace=workspace)
    link = calendars.link_of(request.user)
    context = {"address": calendars.address(link) if link else ""}
    return render(request, "desk/calendar.html", context)
