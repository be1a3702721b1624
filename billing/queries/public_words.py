"""The words of the public invoice page, in the client's language."""

from datetime import date

from billing.models import Invoice
from clientdesk.dates import counted_days, long_day
from clientdesk.money import format_money
from clients.models import Stop

RESTS = {
    "en": "Work has rested since {since} because invoice {number} is open; "
    "it goes on after the payment arrives.",
    "hr": "Rad je od {since} obustavljen jer je račun {number} otvoren; "
    "nastavlja se nakon primitka uplate.",
}
WORDS = {
    "en": {
        "invoice": "Invoice",
        "what": "What it is for",
        "line": "What",
        "amount": "Amount",
        "vat": "VAT",
        "paid": "Paid on",
        "to_pay": "To pay",
        "how": "How to pay",
        "to": "To",
        "reference": "Reference",
        "download": "Download PDF",
        "question": "A question about this invoice?",
        "issued": "issued on {issued}",
        "open": "{amount}, due on {due}.",
        "late": "{amount}, due on {due}, {days} ago.",
        "settled": "{amount}, paid in full on {paid}. Thank you.",
    },
    "hr": {
        "invoice": "Račun",
        "what": "Na što se odnosi",
        "line": "Opis",
        "amount": "Iznos",
        "vat": "PDV",
        "paid": "Plaćeno",
        "to_pay": "Za platiti",
        "how": "Kako platiti",
        "to": "Primatelj",
        "reference": "Poziv na broj",
        "download": "Preuzmi PDF",
        "question": "Pitanje o ovom računu?",
        "issued": "izdan {issued}",
        "open": "{amount}, s dospijećem {due}",
        "late": "{amount}, s dospijećem {due}, prije {days}.",
        "settled": "{amount}, plaćeno u cijelosti {paid} Hvala.",
    },
}

# The page of a PDF that is still to be made.
PDF_WORDS = {
    "en": {
        "making": "The PDF is being made. It takes a few seconds; this page then fetches it.",
        "later": "The PDF has not been made yet.",
        "make": "Make the PDF",
        "again": "Look again",
        "back": "Back to the invoice",
    },
    "hr": {
        "making": "PDF se upravo izrađuje. Potrajat će nekoliko sekundi, a stranica će ga zatim "
        "dohvatiti.",
        "later": "PDF još nije izrađen.",
        "make": "Izradi PDF",
        "again": "Pogledaj ponovno",
        "back": "Natrag na račun",
    },
}


def _rests(invoice: Invoice, language: str) -> str:
    """Why work for the client rests and what lets it go on; only where money is the reason."""
    stop = (
        Stop.objects.running()
        .filter(client=invoice.client_id, reason=Stop.Reason.UNPAID)
        .exclude(cause="")
        .filter(ask_resume__in=("", "part"))
        .first()
    )
    if stop is None or (invoice.settled_on and stop.cause == invoice.number):
        return ""
    return RESTS[language].format(since=long_day(stop.begun_on, language), number=stop.cause)


def public_words(invoice: Invoice, *, today: date) -> dict[str, str | tuple[str, str]]:
    """Every word of the page, filled with this invoice's figures as of `today`."""
    language = invoice.client.language
    words = WORDS[language]
    due_on, issued_on = invoice.due_on or today, invoice.issued_on or today
    late = invoice.days_late(on=today)
    state = "settled" if invoice.settled_on else "late" if late else "open"
    amount = invoice.total_minor if invoice.settled_on else invoice.balance_minor
    sentence = words[state].format(
        amount=format_money(amount, invoice.currency, language),
        due=long_day(due_on, language),
        days=counted_days(late, language),
        paid=long_day(invoice.settled_on, language) if invoice.settled_on else "",
    )
    return {
        **{key: text for key, text in words.items() if "{" not in text},
        "issued": words["issued"].format(issued=long_day(issued_on, language)),
        "sentence": sentence,
        "rests": _rests(invoice, language),
        "language": language,
        "money": (invoice.currency, language),
    }
