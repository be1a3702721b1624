"""Taking back what was done by hand, for 30 days; the record tells both, the deed and its undoing.

What a client has already read, a payment and an issued invoice are not in here: for them there are
credit notes, voids and letters, which say so.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_noop as n_

from billing.models import Hold
from billing.operations.holds import HoldOver, lift_hold
from clientdesk.desk.words import content_of
from clientdesk.record.models import Entry
from clientdesk.workspaces.access import Can
from clients.models import Client, Dismissal, Interaction
from clients.operations import dismissals
from clients.operations.interactions import FollowUpClosed, reopen_follow_up
from offboarding.operations import endings

LASTS = timedelta(days=30)


class NotUndoable(Exception):
    """Too long ago, undone already, or overtaken by what was done since."""


@dataclass(frozen=True, slots=True)
class Undo:
    """`standing` picks the entries whose deed still holds, in one query."""

    standing: Callable[[Sequence[Entry]], Iterable[Entry]]
    take_back: Callable[[Entry, datetime, str], None]
    needs: Can = Can.CHANGE_WORK


def _client_of(entry: Entry) -> Client:
    return Client.objects.get(pk=entry.client_ref or 0)


def _still_archived(entries: Sequence[Entry]) -> Iterable[Entry]:
    ids = [entry.client_ref for entry in entries if entry.client_ref]
    when = dict(Client.objects.filter(pk__in=ids).values_list("pk", "archived_at"))
    return (e for e in entries if when.get(e.client_ref or 0) == e.recorded_at)


def _to_the_desk(entry: Entry, now: datetime, actor: str) -> None:
    endings.take_back(client=_client_of(entry), now=now, actor=actor)


def _interaction_of(entry: Entry) -> int:
    return int(entry.subject.partition(":")[2])


def _still_done(entries: Sequence[Entry]) -> Iterable[Entry]:
    ids = [_interaction_of(entry) for entry in entries]
    when = dict(Interaction.objects.filter(pk__in=ids).values_list("pk", "follow_up_done_at"))
    return (e for e in entries if when.get(_interaction_of(e)) == e.recorded_at)


def _open_again(entry: Entry, now: datetime, actor: str) -> None:
    interaction = Interaction.objects.get(pk=_interaction_of(entry))
    try:
        reopen_follow_up(interaction=interaction, now=now, actor=actor)
    except FollowUpClosed as error:
        raise NotUndoable(entry.seq) from error


def _running_holds(entries: Sequence[Entry]) -> Iterable[tuple[Entry, Hold]]:
    """An entry and its hold; what rests because the client is in the archive goes on from there."""
    begun = {(e.client_ref, e.subject, e.recorded_at): e for e in entries}
    holds = Hold.objects.filter(created_at__in=[e.recorded_at for e in entries], lifted_at=None)
    for hold in holds.exclude(reason=endings.ARCHIVED).order_by("pk"):
        subject = f"invoice:{hold.invoice_id}" if hold.invoice_id else ""
        if entry := begun.get((hold.client_id, subject, hold.created_at)):
            yield entry, hold


def _still_held(entries: Sequence[Entry]) -> Iterable[Entry]:
    return (entry for entry, _hold in _running_holds(entries))


def _lift(entry: Entry, now: datetime, actor: str) -> None:
    for _entry, hold in _running_holds([entry]):
        try:
            lift_hold(hold=hold, reason=n_("undone"), now=now, actor=actor)
        except HoldOver as error:
            raise NotUndoable(entry.seq) from error


def _still_set_aside(entries: Sequence[Entry]) -> Iterable[Entry]:
    done = {(e.client_ref, e.recorded_at): e for e in entries}
    rows = Dismissal.objects.filter(
        created_at__in=[e.recorded_at for e in entries], withdrawn_at=None
    )
    for row in rows:
        if entry := done.get((row.client_id, row.created_at)):
            yield entry


def _stands_again(entry: Entry, now: datetime, actor: str) -> None:
    client = _client_of(entry)
    finding = str(content_of(entry).get("finding", ""))
    if not dismissals.restore(client=client, finding=finding, now=now, actor=actor):
        raise NotUndoable(entry.seq)


UNDOS = {
    "client.archived": Undo(_still_archived, _to_the_desk),
    "followup.done": Undo(_still_done, _open_again),
    "hold.begun": Undo(_still_held, _lift, Can.CHANGE_MONEY),
    "finding.dismissed": Undo(_still_set_aside, _stands_again),
}


def undoable(entries: Iterable[Entry], *, now: datetime) -> set[int]:
    """The numbers of those entries that can be undone at the instant `now`.

    One query for each kind among them.
    """
    of_kind: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.kind in UNDOS and now - entry.recorded_at <= LASTS:
            of_kind[entry.kind].append(entry)
    return {e.seq for kind, some in of_kind.items() for e in UNDOS[kind].standing(some)}


@transaction.atomic
def undo(*, entry: Entry, now: datetime, actor: str) -> None:
    """Take back what `entry` tells. Raises NotUndoable; then nothing has changed."""
    if entry.seq not in undoable([entry], now=now):
        raise NotUndoable(entry.seq)
    UNDOS[entry.kind].take_back(entry, now, actor)
