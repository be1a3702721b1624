"""What the final report says in Croatian. Pure; english.py has the same names."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from clientdesk.dates import long_day
from clientdesk.money import format_money

NB = "\N{NO-BREAK SPACE}"
LOCALE = Locale("hr")


def counted(count: int, one: str, few: str, many: str) -> str:
    """ "1 zahtjev", "2 zahtjeva", "5 zahtjeva"."""
    form = LOCALE.plural_form(count)
    return f"{count}{NB}{ {'one': one, 'few': few}.get(form, many) }"


class Croatian:
    code = "hr"
    report = "Završno izvješće"
    interim_report = "Međuizvješće"
    contents = "Sadržaj"
    page_of = "Stranica {page} od {pages}"
    results, delivered, clock = "Rezultati", "Isporučeni rad", "Tko je bio na potezu"
    asked, money, handover, record = "Zahtjevi i odgovori", "Novac", "Primopredaja", "Evidencija"
    # Columns
    what, before, after, change, when = "Mjereno", "Prije", "Poslije", "Promjena", "Dana"
    piece, agreed, done, days_off, state = "Isporuka", "Dogovoreno", "Isporučeno", "Kasnilo", ""
    on, entry, took = "Dan", "Što je učinjeno", "Vrijeme"
    no, request, asked_on, answer_by, answered_on = "Br.", "Zahtjev", "Poslan", "Rok", "Odgovor"
    invoice, issued, due, total, paid_on = "Račun", "Izdan", "Dospijeće", "Iznos", "Plaćen"
    open_sum, payment, amount, reference = "Otvoreno", "Uplata", "Iznos", "Poziv na broj"
    account, needed, given, handed = "Profil", "Potreban pristup", "Dobiven", "Predano"
    since, until, reason, days = "Rad obustavljen", "Nastavljen", "Razlog", "Radnih dana"
    late = "Kasnilo"
    # Words in cells and captions
    still_open, withdrawn, in_time, not_yet = "otvoreno", "povučeno", "na vrijeme", "još nije"
    forecast, running, not_due, together = "očekivano", "traje", "nije dospjelo", "Ukupno"
    partly = "djelomično"
    invoiced, paid, unpaid = "Zaračunato", "Plaćeno", "Otvoreno"
    entries_of_work = "Rad, zapis po zapis"
    payments, stops = "Primljene uplate", "Kad je rad mirovao"
    hours_by_kind = "Zapisi i sati po vrsti"
    days_to_pay = "Dana od dospijeća do uplate"
    days_to_pay_small = "Po danu dospijeća. Lijevo od crte: prije roka. Samo obrub: još neplaćeno."
    every_day = "Svaki radni dan"
    every_day_small = (
        "Crno: vi ste na potezu i kasnite. Presječeno: rad obustavljen. Šrafirano: zatraženo. "
        "Svijetlo: mi."
    )
    lane_late, lane_late_small = "Vaš potez", "kasni ili stoji"
    lane_asked, lane_asked_small = "Zatraženo", "još u roku"
    lane_ours, lane_ours_small = "Naš potez", ""
    side_late, side_asked, side_ours = "Vaš potez", "Zatraženo, još u roku", "Naš potez"
    side_asked_what = "unutar dogovorenog roka za odgovor"
    side_ours_what = "dani u kojima nam od vas ništa nije nedostajalo"
    before_after_small = "Obrub: prije. Puno: poslije. Svaki par ima svoje mjerilo."
    clock_note = (
        "Potez je vaš kad je rok za odgovor prošao ili je rad obustavljen; dan je u čekanju dok je "
        "zahtjev otvoren, a rok još traje; inače je potez naš. Dan slanja zahtjeva broji se kao "
        "naš, dan odgovora kao vaš. Zahtjevi koji se preklapaju broje se jednom. Vikendi i "
        "blagdani ne broje se."
    )
    is_that_all = "Je li to sve?"
    done_note = (
        "Dan slanja zahtjeva broji se kao naš, dan odgovora kao vaš; dani u kojima kasne dva "
        "odgovora broje se jednom; vikendi i blagdani ne broje se."
    )
    by_project, project, days_in_all = "Po projektima, radni dani", "Projekt", "Ukupno"
    ours, asked_days, late_days, stopped_days = "Naši", "U roku", "Kasno", "Obustava"
    expected = "Očekivano"
    why_moved, cause, moved_by, rested = (
        "Što je pomaknulo isporuku",
        "Razlog",
        "Dana",
        "rad je mirovao",
    )
    same_day = "isti dani"
    missed, missed_on, how_told = "Propuštene prilike", "Dan", "Po čemu se vidi"
    delivered_note = "Kašnjenje je u radnim danima nakon dogovorenog dana."
    asked_note = "Kašnjenje je u radnim danima nakon roka za odgovor."
    money_note = "Kašnjenje je u kalendarskim danima nakon dospijeća."
    record_note = (
        "Svaki upis nosi otisak prethodnoga. Tko promijeni raniji upis, mijenja sve otiske nakon "
        "njega, pa broj i otisak navedeni ovdje i kasnije pokazuju je li evidencija ostala ista."
    )
    record_lead = (
        "Ovo je izvješće nastalo iz evidencije u kojoj je svaka naknadna izmjena vidljiva."
    )
    kinds: Mapping[str, str] = {
        "call": "Pozivi",
        "email": "E-pošta",
        "meeting": "Sastanci",
        "chat": "Poruke",
        "note": "Bilješke",
        "problem": "Problemi",
        "work": "Rad",
        "chasing": "Traženje odgovora",
        "revision": "Dorade",
    }
    reasons: Mapping[str, str] = {
        "unpaid": "račun nije plaćen",
        "unanswered": "nedostajao je odgovor",
        "other": "drugi razlog",
    }

    def round_of(self, number: int, agreed: int) -> str:
        return f"{number}. krug, dogovoreno {agreed}"

    def for_want_of(self, request: str) -> str:
        return f"nedostajalo je: {request}"

    def day(self, day: date) -> str:
        return f"{day.day}.{NB}{day.month}.{NB}{day.year}."

    def long_day(self, day: date) -> str:
        return long_day(day, "hr")

    def short_day(self, day: date) -> str:
        return format_date(day, "d. M.", locale="hr").replace(" ", NB)

    def short_month(self, day: date) -> str:
        return format_date(day, "LLL y.", locale="hr").replace(" ", NB)

    def period(self, first: date, last: date) -> str:
        return f"od {long_day(first, 'hr')} do {long_day(last, 'hr')}"

    def number(self, value: Decimal) -> str:
        return format_decimal(value, "#,##0.##", locale="hr")

    def percent(self, value: Decimal) -> str:
        sign = "+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else ""
        return f"{sign}{format_decimal(abs(value), '#,##0', locale='hr')}{NB}%"

    def hours(self, minutes: int) -> str:
        return f"{format_decimal(Decimal(minutes) / 60, '#,##0.0', locale='hr')}{NB}h"

    def money_of(self, minor: int, currency: str) -> str:
        return format_money(minor, currency, "hr")

    def listed(self, parts: list[str]) -> str:
        return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} i {parts[-1]}"

    def early(self, days: int) -> str:
        return f"{days}{NB}ranije"

    def entries(self, count: int) -> str:
        return counted(count, "zapis", "zapisa", "zapisa")

    def earlier_work(self, count: int) -> str:
        return f"Ranijih zapisa koji ovdje nisu navedeni: {count}."

    def record_entries(self, count: int) -> str:
        return f"{counted(count, 'upis', 'upisa', 'upisa')} o ovom klijentu"

    def record_line(self, number: int, day: date) -> str:
        return f"Upis br.{NB}{number}, {long_day(day, 'hr')}"

    def foot(self, sender: str, day: date, number: int, head: str) -> str:
        return f"{sender}, {long_day(day, 'hr')} · Evidencija {number}, {head}"

    def nothing(self, names: list[str]) -> str:
        """One sentence about the sections that are left out."""
        return f"Za ovo razdoblje nema podataka o sljedećem: {self.listed(names)}."

    def closing(self, day: date, number: int, head: str) -> str:
        made = f"Izrađeno {long_day(day, 'hr')} iz evidencije"
        return f"{made}; upis br.{NB}{number}, otisak {head}."
