"""Invoices, credit notes and statements in Croatian. Pure; paper_english.py has the same names."""

from datetime import date, time
from decimal import Decimal

from babel.numbers import format_decimal, get_currency_symbol

from billing.rules.paper_english import MINUS, NB, English, _figure, _listed
from clientdesk.money import format_money

# "Stanje u ..."
LOCATIVE = {
    "EUR": "eurima",
    "USD": "američkim dolarima",
    "GBP": "britanskim funtama",
    "CHF": "švicarskim francima",
    "SEK": "švedskim krunama",
    "NOK": "norveškim krunama",
    "DKK": "danskim krunama",
    "CZK": "češkim krunama",
    "PLN": "poljskim zlotima",
    "HUF": "mađarskim forintama",
    "RSD": "srpskim dinarima",
    "BAM": "konvertibilnim markama",
}


class Croatian(English):
    code = "hr"
    invoice, credit_note, statement = "Račun", "Odobrenje", "Izvod"
    bill_to, credit_to, statement_for = "Kupac", "Kupac", "Za"
    issued, delivered, order = "Datum izdavanja", "Razdoblje isporuke", "Vaša narudžba"
    delivered_on, payment_by = "Datum isporuke", "Način plaćanja"
    transfer, operator, corrects = "transakcijski račun", "Oznaka operatera", "Ispravlja"
    reason, period, disputed = "Razlog", "Razdoblje", "Na čekanju, osporeno"
    description, quantity, unit, price = "Opis", "Količina", "Jed.", "Cijena"
    discount, vat, amount = "Popust", "PDV", "Iznos"
    net, amount_due, total, credited, paid = (
        "Osnovica", "Za uplatu", "Ukupno", "Odobreno", "Plaćeno",
    )  # fmt: skip
    credited_to_you, left, nothing_due = "Odobreno", "Preostaje platiti", "Nema dugovanja"
    overdue, balance_now, settled = "Dospjelo", "Stanje", "Podmireno"
    kinds = {
        "Z": "nulta stopa",
        "E": "oslobođeno",
        "AE": "prijenos porezne obveze",
        "K": "isporuka unutar EU",
        "G": "izvoz",
        "O": "ne podliježe PDV-u",
    }
    payment, payee, iban, reference, purpose = (
        "Plaćanje", "Primatelj", "IBAN", "Poziv na broj", "Opis plaćanja",
    )  # fmt: skip
    hub3_reference = "Model i poziv"
    hub3, epc = "2D kod HUB3, hrvatske banke", "EPC QR, SEPA"
    thanks = "Hvala na suradnji."
    changes = "Što se time mijenja"
    change_columns = ("Račun", "Dospijeće", "Zaračunato", "Plaćeno", "Odobreno", "Preostaje")
    open_by_age = "Otvoreno, po starosti"
    ages = ("Nedospjelo", "1–30", "31–60", "61–90", "Više od 90")
    item, due, days_late = "Račun", "Dospijeće", "Dana kasni"
    ages_note = "Stupci su dani nakon dospijeća."
    ages_apart = "Valute su navedene odvojeno i ne zbrajaju se."
    move_columns = ("Datum", "Dokument", "Za što", "Zaračunato", "Plaćeno", "Stanje")
    opening, balance = "Prethodno stanje", "Stanje"
    moves = {
        "invoice": "Račun {number}",
        "payment": "Uplata",
        "credit": "Odobrenje {number}",
        "lost": "Otpisano",
    }
    for_invoice = "Račun {number}"
    crossed = "Ako se uplata mimoišla s ovim izvodom, plaćeno slobodno zanemarite. Hvala."
    nothing_open = "Nema otvorenih računa. Hvala."
    no_moves = "U ovom razdoblju nije bilo knjiženja."

    def day(self, day: date) -> str:
        return f"{day.day}.{NB}{day.month}.{NB}{day.year}."

    def short_day(self, day: date) -> str:
        return self.day(day)

    def span(self, first: date, last: date) -> str:
        begin = f"{first.day}.{NB}{first.month}."
        begin += f"{NB}{first.year}." if first.year != last.year else ""
        return f"{begin}{NB}– {self.day(last)}"

    def money(self, minor: int, currency: str) -> str:
        return format_money(minor, currency, "hr").replace("-", MINUS)

    def figure(self, minor: int, currency: str) -> str:
        return _figure(minor, currency, "hr")

    def sign(self, currency: str) -> str:
        return str(get_currency_symbol(currency, "hr"))

    def currency(self, currency: str) -> str:
        return LOCATIVE.get(currency, f"valuti {currency}")

    def number(self, value: Decimal) -> str:
        return format_decimal(value, "#,##0.###", locale="hr").replace("-", MINUS)

    def percent(self, basis_points: int) -> str:
        return f"{format_decimal(Decimal(basis_points) / 100, '#,##0.##', locale='hr')}{NB}%"

    def vat_of(self, category: str, vat_bp: int | None) -> str:
        if vat_bp is None:
            return "PDV"
        if category == "O":
            return "Ne podliježe PDV-u"
        if category in self.kinds:
            return f"PDV {self.percent(0)}, {self.kinds[category]}"
        return f"PDV {self.percent(vat_bp)}"

    def vat_on(self, label: str, net: str) -> str:
        return f"{label} na {net}"

    def title(self, kind: str, number: str, buyer: str) -> str:
        return f"{kind} {number} za {buyer}"

    def by_day(self, day: date) -> str:
        return f"do {self.day(day)}"

    def on_invoice(self, number: str) -> str:
        return f"po računu {number}"

    def invoice_of(self, number: str, day: date) -> str:
        return f"račun {number} od {self.day(day)}"

    def of_account(self, day: date) -> str:
        return f"otvorenih stavaka na dan {self.day(day)}"

    def statement_title(self, buyer: str, day: date) -> str:
        return f"Izvod otvorenih stavaka za {buyer}, {self.day(day)}"

    def paid_on(self, day: date) -> str:
        return f"Plaćeno {self.day(day)}"

    def credited_by(self, number: str) -> str:
        return f"Odobrenje {number}"

    def payment_text(self, number: str) -> str:
        return f"Račun {number}"

    def credit_sums(self, left: str, number: str, iban: str) -> str:
        account = f" na {iban}" if iban else ""
        return (
            f"Odobreni iznos prebija se s računom {number} i ne treba ništa poduzimati. Molimo "
            f"uplatu preostalih {left}{account}, s pozivom na broj {number}."
        )

    def credit_clears(self, number: str) -> str:
        return (
            f"Odobreni iznos prebija se s računom {number}. Po tom računu ne preostaje ništa za "
            f"uplatu i ne treba ništa poduzimati."
        )

    def questions(self, email: str) -> str:
        return f"Pitanja o ovom računu rado primam na {email}."

    def hub3_alt(self, amount: str) -> str:
        return f"Barkod HUB3 za plaćanje {amount}, svi podaci stoje i u tekstu"

    def epc_alt(self, amount: str) -> str:
        return f"EPC QR kod za plaćanje {amount}, svi podaci stoje i u tekstu"

    def tax_label(self, country: str) -> str:
        return "OIB" if country == "HR" else f"Porezni{NB}br."

    def vat_label(self) -> str:
        return f"PDV{NB}ID"

    def record(self, number: int) -> str:
        return f"Zapis br.{NB}{number}"

    def disputed_since(self, day: date) -> str:
        return f"Na čekanju: osporeno {self.day(day)}"

    def balance_in(self, currency: str) -> str:
        return f"Stanje u {self.currency(currency)}"

    def moves_in(self, currency: str) -> str:
        return f"Promet u {self.currency(currency)}"

    def moment(self, day: date, at: time | None) -> str:
        return self.day(day) + (f", {at:%H:%M}" if at else "")

    def and_more(self, amounts: list[str]) -> str:
        return f"i {_listed(amounts, 'i')}"

    def both(self, numbers: list[str]) -> str:
        return _listed(numbers, "i")
