"""How often a stranger may try something, counted in the database: it holds for all processes.

What is counted is named by a keyed hash, so that the rows tell nobody's address or token.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from clientdesk.tokens import token_of
from clientdesk.workspaces.models import Tally

KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` times within one window; windows begin at multiples of their length."""

    most: int
    window: timedelta

    def begins(self, now: datetime) -> datetime:
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        return now - (now - epoch) % self.window


@transaction.atomic
def try_once_more(*, what: str, who: str, limit: Limit, now: datetime) -> bool:
    """Count one more try of `what` by `who`; False where that is more than the limit allows.

    Tries beyond the limit are not counted on, so a row stays small however long they go on.
    """
    key, since = token_of(f"limit:{what}", who), limit.begins(now)
    _, created = Tally.objects.get_or_create(key=key, since=since)
    if created:
        Tally.objects.filter(since__lt=now - KEPT).delete()
    # Conditional: of two at once that would be the last one allowed, one wins.
    return bool(
        Tally.objects.filter(key=key, since=since, count__lt=limit.most).update(
            count=F("count") + 1
        )
    )


def give_back(*, what: str, who: str, limit: Limit, now: datetime) -> None:
    """Take back a try that `try_once_more` allowed at the same instant."""
    key = token_of(f"limit:{what}", who)
    Tally.objects.filter(key=key, since=limit.begins(now), count__gt=0).update(count=F("count") - 1)


def address_of_visitor(request: HttpRequest) -> str:
    """The visitor's address; behind a proxy of ours the one that the proxy saw.

    Only the last entry of X-Forwarded-For is the proxy's own word, and it is believed only where
    the connection comes from a private address: anybody can send the header.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    try:
        if forwarded and ip_address(peer).is_private:
            return str(ip_address(forwarded))
    except ValueError:
        pass
    return peer
