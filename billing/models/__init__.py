from billing.models.invoices import (
    OPEN_MINOR,
    Invoice,
    InvoiceQuerySet,
    Line,
    LineBase,
    VatCategory,
    unasked_by_ladders,
)
from billing.models.ladder import Hold, LadderSetting, Step
from billing.models.links import InvoiceLink
from billing.models.numbering import Counter, Series
from billing.models.payments import CreditLine, CreditNote, Instalment, Payment, Plan
from billing.models.settings import MoneySettings, ReferenceRate
from billing.models.tally import Tally

__all__ = [
    "OPEN_MINOR",
    "Counter",
    "CreditLine",
    "CreditNote",
    "Hold",
    "Instalment",
    "Invoice",
    "InvoiceLink",
    "InvoiceQuerySet",
    "LadderSetting",
    "Line",
    "LineBase",
    "MoneySettings",
    "Payment",
    "Plan",
    "ReferenceRate",
    "Series",
    "Step",
    "Tally",
    "VatCategory",
    "unasked_by_ladders",
]
