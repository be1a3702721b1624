"""Public links to one invoice: 256 bits, hashed at rest, expiring, revocable."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from billing.models import Invoice, InvoiceLink
from clientdesk.tokens import address_of, hashed, new_nonce, token_of
from clientdesk.workspaces.rows import insert_rows

PLACE = "0" * 64
LIFETIME = timedelta(days=365)


def _token(nonce: str) -> str:
    return token_of("invoice-link", nonce)


def invoice_links(invoices: Sequence[Invoice], *, now: datetime) -> dict[int, str]:
    """By invoice id: the address under which its client sees it, made where there is none."""
    by_id = {invoice.pk: invoice for invoice in invoices}
    links: dict[int, InvoiceLink] = {}
    for link in InvoiceLink.objects.filter(
        invoice_id__in=by_id, revoked_at=None, expires_at__gt=now
    ).order_by("invoice_id", "pk"):
        # After a change of the secret key the old row opens nothing, so it does not count.
        if link.token_hash == hashed(_token(link.nonce)):
            links[link.invoice_id] = link
    new = []
    for pk, invoice in by_id.items():
        if pk not in links:
            nonce = new_nonce()
            links[pk] = InvoiceLink(
                workspace_id=invoice.workspace_id,
                invoice=invoice,
                nonce=nonce,
                token_hash=hashed(_token(nonce)),
                created_at=now,
                expires_at=now + LIFETIME,
            )
            new.append(links[pk])
    insert_rows(new)
    # The address is worked out once; only the token in it differs.
    pattern = address_of("public:invoice", PLACE)
    return {pk: pattern.replace(PLACE, _token(link.nonce)) for pk, link in links.items()}


def find_link(token: str, *, now: datetime) -> InvoiceLink | None:
    """The link behind a token, from any workspace; unknown, expired and revoked look the same."""
    return (
        InvoiceLink.unscoped.select_related("invoice__client", "workspace")
        .filter(token_hash=hashed(token), revoked_at=None, expires_at__gt=now)
        .first()
    )
