"""How many invoices there are of each sort, and what is open: kept by the database itself."""

from datetime import date

from django.db import models

from clientdesk.workspaces.models import TenantModel, Workspace

NO_DAY = date.min
"""`due_on` of what is not open, or has no due day."""


class Tally(TenantModel):
    """Sums over invoices that are alike in all columns above them; billing.tallying writes them.

    There may be several rows of one sort, also negative ones: only their sum counts. That way two
    transactions never wait for each other here.
    """

    # No constraint: a workspace may go while its tally still stands.
    workspace = models.ForeignKey(
        Workspace, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    state = models.CharField(max_length=8)
    settled = models.BooleanField()
    # Imported, and its ladder not started.
    waiting = models.BooleanField()
    currency = models.CharField(max_length=3)
    due_on = models.DateField()
    invoices = models.BigIntegerField()
    open_minor = models.BigIntegerField()

    class Meta:
        indexes = (
            models.Index(
                fields=("workspace", "state", "settled", "waiting", "currency", "due_on"),
                name="tally_of_a_sort",
            ),
        )

    def __str__(self) -> str:
        return f"{self.invoices} {self.state}"
