"""Which ladder an invoice climbs: its own, else its client's, else the workspace's."""

from collections.abc import Collection, Mapping
from functools import lru_cache

from django.db.models import Q

from billing.models import Invoice, LadderSetting
from clientdesk.ladder import MONEY_DEFAULT, Calendar, Ladder, parse_ladder


@lru_cache(maxsize=256)
def _parsed(rungs: str, calendar: str) -> Ladder:
    return parse_ladder(rungs, calendar=Calendar(calendar))


def money_ladder(workspace_id: int) -> Ladder:
    """The workspace's ladder for money, or the default."""
    setting = LadderSetting.objects.filter(
        workspace_id=workspace_id, purpose=LadderSetting.Purpose.MONEY, client=None, invoice=None
    ).first()
    return _parsed(setting.rungs, setting.calendar) if setting else MONEY_DEFAULT


def own_ladder(
    *, client_id: int | None = None, invoice_id: int | None = None
) -> LadderSetting | None:
    """The ladder that was set for this client, or for this invoice."""
    if client_id is None and invoice_id is None:
        return None
    of = {"client_id": client_id} if invoice_id is None else {"invoice_id": invoice_id}
    return LadderSetting.objects.filter(purpose=LadderSetting.Purpose.MONEY, **of).first()


def ladders_for(invoices: Collection[Invoice]) -> Mapping[int, Ladder]:
    """By invoice id, in one query."""
    workspaces_own = Q(client=None, invoice=None)
    rows = LadderSetting.objects.filter(
        workspaces_own
        | Q(client_id__in={invoice.client_id for invoice in invoices})
        | Q(invoice_id__in={invoice.pk for invoice in invoices}),
        purpose=LadderSetting.Purpose.MONEY,
    ).values_list("client_id", "invoice_id", "rungs", "calendar")
    ladders: dict[tuple[int | None, int | None], Ladder] = {
        (client, invoice): _parsed(rungs, calendar) for client, invoice, rungs, calendar in rows
    }
    general = ladders.get((None, None), MONEY_DEFAULT)
    return {
        invoice.pk: ladders.get((None, invoice.pk))
        or ladders.get((invoice.client_id, None))
        or general
        for invoice in invoices
    }
