from django.db import models

from billing.models.invoices import Invoice
from clientdesk.workspaces.models import TenantModel


class InvoiceLink(TenantModel):
    """A public address of one invoice. Only the hash of its token is kept."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="links")
    nonce = models.CharField(max_length=32)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"link to {self.invoice_id}"
