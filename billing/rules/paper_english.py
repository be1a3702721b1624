"""Invoices, credit notes and statements in English. Pure; paper_croatian.py has the same names."""

from datetime import date, time
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal, get_currency_name, get_currency_symbol

from clientdesk.dates import long_day
from clientdesk.money import exponent, format_money, from_minor

NB = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"


class English:
    code = "en"
    invoice, credit_note, statement = "Invoice", "Credit note", "Statement"
    bill_to, credit_to, statement_for = "Bill to", "Credit to", "For"
    # Facts beside the buyer
    issued, delivered, order, payment_by = "Issued", "Period of supply", "Your order", "Payment by"
    delivered_on = "Day of supply"
    transfer, operator, corrects, reason = "bank transfer", "Operator", "Corrects", "Reason"
    period, disputed = "Period", "On hold, disputed"
    # Columns
    description, quantity, unit, price = "Description", "Quantity", "Unit", "Price"
    discount, vat, amount = "Discount", "VAT", "Amount"
    # Sums
    net, amount_due, total, credited, paid = "Net", "Amount due", "Total", "Credited", "Paid"
    credited_to_you, left, nothing_due = "Credited to you", "Left to pay", "Nothing is due"
    overdue, balance_now, settled = "Overdue", "Balance", "Settled"
    kinds = {
        "Z": "zero rate",
        "E": "exempt",
        "AE": "reverse charge",
        "K": "intra-EU supply",
        "G": "export",
        "O": "not subject to VAT",
    }
    # Payment
    payment, payee, iban, reference, purpose = (
        "Payment", "Payee", "IBAN", "Reference", "Description",
    )  # fmt: skip
    hub3_reference = "Model, reference"
    hub3, epc = "HUB3, Croatian banks", "EPC QR, SEPA"
    thanks = "Thank you for working with me."
    # Credit note
    changes = "What this changes"
    change_columns = ("Invoice", "Due", "Invoiced", "Paid", "Credited", "Left to pay")
    # Statement
    open_by_age = "What is open, by age"
    ages = ("Not due", "1–30", "31–60", "61–90", "Over 90")
    item, due, days_late = "Invoice", "Due", "Days late"
    ages_note = "Columns are days after the due date."
    ages_apart = "Currencies are stated apart and never added together."
    move_columns = ("Date", "Document", "For", "Invoiced", "Paid", "Balance")
    opening, balance = "Brought forward", "Balance"
    moves = {
        "invoice": "Invoice {number}",
        "payment": "Payment",
        "credit": "Credit note {number}",
        "lost": "Written off",
    }
    for_invoice = "Invoice {number}"
    crossed = (
        "If a payment has crossed with this statement, please disregard what it settles. Thank you."
    )
    nothing_open = "Nothing is open. Thank you."
    no_moves = "Nothing was booked in this period."

    def day(self, day: date) -> str:
        return long_day(day, "en")

    def short_day(self, day: date) -> str:
        text = format_date(day, "d MMM y", locale="en_GB").replace("Sept", "Sep")
        return text.replace(" ", NB)

    def moment(self, day: date, at: time | None) -> str:
        return self.day(day) + (f", {at:%H:%M}" if at else "")

    def span(self, first: date, last: date) -> str:
        """ "1 March – 30 April 2025"; the year once where it is one."""
        begin = "d MMMM" if first.year == last.year else "d MMMM y"
        text = format_date(first, begin, locale="en").replace(" ", NB)
        return f"{text}{NB}– {self.day(last)}"

    def money(self, minor: int, currency: str) -> str:
        return format_money(minor, currency, "en").replace("-", MINUS)

    def figure(self, minor: int, currency: str) -> str:
        """The amount alone, for a column whose head names the currency."""
        return _figure(minor, currency, "en")

    def sign(self, currency: str) -> str:
        return str(get_currency_symbol(currency, "en"))

    def currency(self, currency: str) -> str:
        """ "euros", as a sentence names it."""
        return str(get_currency_name(currency, count=2, locale="en"))

    def number(self, value: Decimal) -> str:
        return format_decimal(value, "#,##0.###", locale="en").replace("-", MINUS)

    def percent(self, basis_points: int) -> str:
        return f"{format_decimal(Decimal(basis_points) / 100, '#,##0.##', locale='en')}%"

    def vat_of(self, category: str, vat_bp: int | None) -> str:
        if vat_bp is None:
            return "VAT"
        if category in self.kinds:
            return f"VAT {self.percent(0)}, {self.kinds[category]}".replace(
                "VAT 0%, not subject to VAT", "Not subject to VAT"
            )
        return f"VAT {self.percent(vat_bp)}"

    def vat_on(self, label: str, net: str) -> str:
        return f"{label} on {net}"

    def discounted(self, percent: str) -> str:
        return f"{MINUS}{percent}"

    def title(self, kind: str, number: str, buyer: str) -> str:
        return f"{kind} {number} for {buyer}"

    def by_day(self, day: date) -> str:
        return f"by {self.day(day)}"

    def on_invoice(self, number: str) -> str:
        return f"on invoice {number}"

    def invoice_of(self, number: str, day: date) -> str:
        return f"invoice {number} of {self.day(day)}"

    def of_account(self, day: date) -> str:
        return f"of account on {self.day(day)}"

    def statement_title(self, buyer: str, day: date) -> str:
        return f"Statement of account for {buyer}, {self.day(day)}"

    def paid_on(self, day: date) -> str:
        return f"Paid on {self.day(day)}"

    def credited_by(self, number: str) -> str:
        return f"Credit note {number}"

    def payment_text(self, number: str) -> str:
        return f"Invoice {number}"

    def credit_sums(self, left: str, number: str, iban: str) -> str:
        account = f" to {iban}" if iban else ""
        return (
            f"The credited amount is set off against invoice {number}; you need do nothing about "
            f"it. Please transfer the {left} that is left, with the reference {number}{account}."
        )

    def credit_clears(self, number: str) -> str:
        return (
            f"The credited amount is set off against invoice {number}. Nothing is left to pay on "
            f"it, and you need do nothing."
        )

    def questions(self, email: str) -> str:
        return f"Questions about this invoice are welcome at {email}."

    def hub3_alt(self, amount: str) -> str:
        return f"HUB3 payment code for {amount}; all its data stand in the text as well"

    def epc_alt(self, amount: str) -> str:
        return f"EPC QR payment code for {amount}; all its data stand in the text as well"

    def tax_label(self, country: str) -> str:
        return "OIB" if country == "HR" else "Tax no."

    def vat_label(self) -> str:
        return f"VAT{NB}ID"

    def record(self, number: int) -> str:
        return f"Record no.{NB}{number}"

    def disputed_since(self, day: date) -> str:
        return f"On hold: disputed since {self.day(day)}"

    def balance_in(self, currency: str) -> str:
        return f"Balance in {self.currency(currency)}"

    def moves_in(self, currency: str) -> str:
        return f"Movements in {self.currency(currency)}"

    def and_more(self, amounts: list[str]) -> str:
        """What else is due beside the large figure."""
        return f"and {_listed(amounts, 'and')}"

    def both(self, numbers: list[str]) -> str:
        return _listed(numbers, "and")


def _figure(minor: int, currency: str, language: str) -> str:
    digits = exponent(currency)
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    text = format_decimal(from_minor(abs(minor), currency), pattern, locale=language)
    return f"{MINUS}{text}" if minor < 0 else text


def _listed(parts: list[str], last: str) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"
