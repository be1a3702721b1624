"""A ladder of a client's own, and of an invoice's own."""

import pytest

from billing.models import Invoice, LadderSetting
from billing.operations.ladders import OneThingOnly, drop_ladder, set_money_ladder
from billing.queries.ladders import ladders_for
from clientdesk.ladder import Calendar, format_ladder
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import ForeignRow, acting_in
from clients.models import Client
from tests.billing import desk
from tests.billing.desk import ACTOR, NOW, TODAY, days


def own(
    at: Workspace, rungs: str, *, client: Client | None = None, invoice: Invoice | None = None
) -> None:
    set_money_ladder(
        workspace=at,
        rungs=rungs,
        calendar=Calendar.NONE,
        client=client,
        invoice=invoice,
        now=NOW,
        actor=ACTOR,
    )


def test_the_nearest_ladder_holds_and_can_be_given_back(at: Workspace, lune: Client) -> None:
    plain = desk.invoice(desk.client(at, "Marek"))
    of_client, special = desk.invoice(lune), desk.invoice(lune)
    own(at, "reminder:5", client=lune)
    own(at, "reminder:8", invoice=special)
    invoices = [plain, of_client, special]
    texts = [format_ladder(ladders_for(invoices)[one.pk]) for one in invoices]
    assert texts == ["reminder:3,stop_work:10,final:20", "reminder:5", "reminder:8"]
    for one in invoices:
        one.refresh_from_db()
    assert [one.next_step_on for one in invoices] == [
        TODAY + days(3), TODAY + days(5), TODAY + days(8),
    ]  # fmt: skip
    drop_ladder(workspace=at, invoice=special, now=NOW, actor=ACTOR)
    drop_ladder(workspace=at, client=lune, now=NOW, actor=ACTOR)
    special.refresh_from_db()
    assert special.next_step_on == TODAY + days(3)
    assert LadderSetting.objects.count() == 1


def test_a_ladder_is_for_one_thing_of_this_workspace(at: Workspace, lune: Client) -> None:
    with pytest.raises(OneThingOnly):
        own(at, "reminder:5", client=lune, invoice=desk.invoice(lune))
    other = desk.workspace("other")
    with acting_in(other.pk), pytest.raises(ForeignRow):
        own(other, "reminder:5", client=lune)
