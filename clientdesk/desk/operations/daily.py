"""The day in one mail, for those of the desk: what is late, what is next, where the record ends.

It leaves on working mornings, once for each member who wants it. The head of the record goes out
of the house with it: a tail that is cut off later, or a record written anew, shows beside it.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from clientdesk.calendars import is_working_day
from clientdesk.dates import long_day
from clientdesk.desk.queries.today import TodayFacts, today_facts
from clientdesk.money import format_money
from clientdesk.outbox.kinds import Letter, Ready, Withdrawn
from clientdesk.outbox.letters import greeting, letter_text, spoken
from clientdesk.outbox.models import Message, Part
from clientdesk.outbox.operations import Recipient, enqueue
from clientdesk.record.operations import head_of
from clientdesk.workspaces.access import CAPABILITIES, Can
from clientdesk.workspaces.models import Membership, Workspace
from clientdesk.workspaces.scoping import acting_in
from clients.models import Client

KIND = "desk.daily"
NAMED = 5
log = logging.getLogger(__name__)

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "quiet": "nobody is late",
        "owed": "{sum} late",
        "answers": "answers late: {n}",
        "stops": "work stopped: {n}",
        "stopped": "Work for {who} has been stopped since {day}.",
        "money": "{number}, {who}: {sum}, due {day}.",
        "answer": "{who}: “{what}”, answer by {day}.",
        "arrived": "{who} answered “{what}”",
        "follow_up": "Follow up with {who}: “{what}”",
        "troubled": "Messages that did not arrive or are uncertain: {n}.",
        "more": "And {n} more.",
        "nothing": "Nothing is late and nothing waits for you.",
    },
    "hr": {
        "quiet": "nitko ne kasni",
        "owed": "kasni {sum}",
        "answers": "odgovori koji kasne: {n}",
        "stops": "zaustavljen rad: {n}",
        "stopped": "Rad za {who} stoji od {day}",
        "money": "{number}, {who}: {sum}, dospijeće {day}",
        "answer": "{who}: „{what}“, odgovor do {day}",
        "arrived": "Stigao je odgovor, {who}: „{what}“",
        "follow_up": "Javiti se, {who}: „{what}“",
        "troubled": "Poruke koje nisu stigle ili je to nesigurno: {n}.",
        "more": "I još: {n}.",
        "nothing": "Ništa ne kasni i ništa ne čeka na vas.",
    },
}


@dataclass(frozen=True, slots=True)
class Day:
    """What the mail says of one day. `lines` are whole sentences."""

    headline: str
    lines: Sequence[str]


def day_of(facts: TodayFacts, *, troubled: int, language: str) -> Day:
    """`troubled` counts messages that failed or are uncertain."""
    words = WORDS[spoken(language)]

    def day(on: date | None) -> str:
        return long_day(on, language) if on else "–"

    def amount(minor: int, currency: str) -> str:
        return format_money(minor, currency, language)

    short = [words["owed"].format(sum=amount(minor, cur)) for cur, minor in facts.owed]
    if facts.late_clients:
        short.append(words["answers"].format(n=facts.late_clients))
    if facts.stops:
        short.append(words["stops"].format(n=len(facts.stops)))
    lines = [
        words["stopped"].format(who=stop.client.name, day=day(stop.begun_on))
        for stop in facts.stops
    ]
    lines += _cut(
        [
            words["money"].format(
                number=one.number,
                who=one.client.name,
                sum=amount(one.balance_minor, one.currency),
                day=day(one.due_on),
            )
            for one in facts.overdue
        ],
        # Those of a stopped client stand in its own line.
        len(facts.overdue),
        words,
    )
    late = [row.request for row in facts.answers if row.is_late]
    lines += _cut(
        [
            words["answer"].format(who=one.client.name, what=one.title, day=day(one.answer_by))
            for one in late
        ],
        len(late),
        words,
    )
    lines += [words["arrived"].format(who=one.client.name, what=one.title) for one in facts.arrived]
    lines += [
        words["follow_up"].format(who=one.client.name, what=one.summary)
        for one in facts.follow_ups
        if one.follow_up_on and one.follow_up_on <= facts.today
    ]
    if troubled:
        lines.append(words["troubled"].format(n=troubled))
    return Day(", ".join(short) or words["quiet"], lines or [words["nothing"]])


def _cut(lines: list[str], count: int, words: Mapping[str, str]) -> list[str]:
    shown = lines[:NAMED]
    return [*shown, words["more"].format(n=count - len(shown))] if count > len(shown) else shown


def send_daily(*, now: datetime) -> int:
    """Queue the mail of the day wherever it is morning and a working day; answers how many.

    A second pass on the same day queues none. Sample workspaces, paused ones and desks without a
    client get none, and nobody does as long as no mail server is set up.
    """
    if not settings.MAIL_IS_SET_UP:
        return 0
    wanted = (
        Membership.objects.filter(Q(last_daily_on=None) | Q(last_daily_on__lte=now.date()))
        .filter(daily_mail=True, user__is_active=True)
        .filter(workspace__is_sample=False, workspace__sending_paused=False)
        .select_related("workspace", "user")
        .order_by("pk")
    )
    queued = 0
    for membership in wanted:
        with acting_in(membership.workspace_id):
            try:
                queued += _send(membership, now)
            except Exception:
                log.exception("the mail of the day of membership %s failed", membership.pk)
    return queued


def _is_morning(workspace: Workspace, now: datetime) -> bool:
    local = now.astimezone(ZoneInfo(workspace.time_zone))
    in_time = workspace.send_from <= local.hour < workspace.send_until
    return in_time and is_working_day(local.date(), workspace.country)


@transaction.atomic
def _send(membership: Membership, now: datetime) -> bool:
    workspace = membership.workspace
    today = workspace.local_today(now)
    if not _is_morning(workspace, now) or not Client.objects.active().exists():
        return False
    # Of two passes at once one finds the day taken.
    taken = Membership.objects.filter(pk=membership.pk).exclude(last_daily_on=today)
    if not taken.update(last_daily_on=today):
        return False
    part = enqueue(
        workspace=workspace,
        kind=KIND,
        dedupe_key=f"daily:{membership.pk}:{today.isoformat()}",
        facts={"member": membership.pk, "on": today.isoformat()},
        recipient=Recipient(membership.user.email, membership.user.name, workspace.language),
        client_ref=None,
        automatic=False,
        now=now,
    )
    return part is not None


class DailyLetter:
    """The outbox's kind for the mail of the day; it is worded when it leaves."""

    name = KIND

    def check(self, parts: Sequence[Part], *, now: datetime) -> Mapping[int, Ready | Withdrawn]:
        rows = Membership.objects.select_related("workspace", "user").in_bulk(
            [part.facts["member"] for part in parts]
        )
        verdicts: dict[int, Ready | Withdrawn] = {}
        for part in parts:
            row = rows.get(part.facts["member"])
            on = date.fromisoformat(part.facts["on"])
            if row is None or not row.daily_mail:
                verdicts[part.pk] = Withdrawn("it is not wanted any more")
            elif row.workspace.local_today(now) != on:
                verdicts[part.pk] = Withdrawn("its day is over")
            else:
                verdicts[part.pk] = Ready(facts=_facts(row, on, part.message.language), tone=0)
        return verdicts

    def letter(self, part: Part, ready: Ready, language: str) -> Letter:
        return letter_text("desk", "daily", language).filled(ready.facts)

    def line(self, part: Part, ready: Ready, language: str) -> str:
        return self.letter(part, ready, language).body

    def sent(self, parts: Sequence[Part], *, now: datetime) -> None:
        """Nothing hangs on it."""

    def stuck(self, parts: Sequence[Part], *, outcome: str, reason: str, now: datetime) -> None:
        """The outbox shows it; the next day has its own."""


def _facts(row: Membership, on: date, language: str) -> dict[str, str]:
    workspace = row.workspace
    work = Can.SEE_WORK in CAPABILITIES[row.role]
    troubled = Message.objects.filter(
        state__in=(Message.State.FAILED, Message.State.UNCERTAIN)
    ).count()
    day = day_of(today_facts(today=on, work=work), troubled=troubled, language=language)
    seq, head = head_of(workspace.pk)
    return {
        "day_title": long_day(on, language),
        "headline": day.headline,
        "greeting": greeting(row.user.name, language),
        "lines": "\n\n".join(day.lines),
        "today_link": _address("desk:today", workspace),
        "workspace": workspace.name,
        "seq": str(seq),
        "head": head,
        "settings_link": _address("desk:mail", workspace),
    }


def _address(route: str, workspace: Workspace) -> str:
    return urljoin(settings.BASE_URL, reverse(route, args=[workspace.slug]))
