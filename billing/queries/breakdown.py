"""The VAT breakdown of a stored document."""

from decimal import Decimal

from billing.models import CreditNote, Invoice, LineBase
from billing.rules.totals import LineFacts, VatShare, document_totals


def facts_of(line: LineBase) -> LineFacts:
    """A stored line as the rules add it up."""
    return LineFacts(
        quantity=Decimal(line.quantity_milli) / 1000,
        price_minor=line.price_minor,
        vat_rate=Decimal(line.vat_bp) / 100,
        discount=Decimal(line.discount_bp) / 100,
        category=line.vat_category,
        note=line.vat_note,
    )


def breakdown(document: Invoice | CreditNote) -> tuple[VatShare, ...]:
    """One share for each category and rate (EN 16931, BG-23), highest rate first.

    What came from a file keeps the VAT that the file said, whatever its one line would give.
    """
    lines = list(document.lines.all())
    if isinstance(document, Invoice) and document.imported:
        bp = lines[0].vat_bp if lines else 0
        category = "S" if document.vat_minor else "O"
        return (VatShare(category, Decimal(bp) / 100, document.net_minor, document.vat_minor),)
    return document_totals([facts_of(line) for line in lines]).shares
