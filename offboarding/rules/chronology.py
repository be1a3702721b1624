"""One line for each thing that happened. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from clientdesk.dates import long_day
from clientdesk.money import format_money


class What(StrEnum):
    """In the order in which things of one day are told."""

    ASKED = "1asked"
    ANSWERED = "2answered"
    WITHDRAWN = "2withdrawn"
    ISSUED = "3issued"
    CREDITED = "4credited"
    VOIDED = "4voided"
    PAID = "5paid"
    WRITTEN_OFF = "5written_off"
    STOPPED = "6stopped"
    RESUMED = "7resumed"


@dataclass(frozen=True, slots=True)
class Moment:
    """`minor` in minor units of `currency`; `late` in calendar days; `number` of a round."""

    on: date
    what: What
    name: str
    minor: int = 0
    currency: str = ""
    by: date | None = None
    late: int = 0
    number: int = 1


WORDS: Mapping[str, Mapping[What, str]] = {
    "en": {
        What.ASKED: "Asked: {name}{round}; answer by {by}",
        What.ANSWERED: "Answered: {name}{round}{late}",
        What.WITHDRAWN: "Taken back: {name}",
        What.ISSUED: "Invoice {name}, {sum}, due {by}",
        What.CREDITED: "Credit note to invoice {name}, {sum}",
        What.VOIDED: "Invoice {name} was voided",
        What.PAID: "Paid on invoice {name}: {sum}{late}",
        What.WRITTEN_OFF: "Invoice {name} was written off",
        What.STOPPED: "Work stopped{cause}",
        What.RESUMED: "Work went on{cause}",
    },
    "hr": {
        What.ASKED: "Upit: {name}{round}; odgovor do {by}",
        What.ANSWERED: "Odgovor: {name}{round}{late}",
        What.WITHDRAWN: "Povučeno: {name}",
        What.ISSUED: "Račun {name}, {sum}, dospijeće {by}",
        What.CREDITED: "Odobrenje uz račun {name}, {sum}",
        What.VOIDED: "Račun {name} je storniran",
        What.PAID: "Uplata po računu {name}: {sum}{late}",
        What.WRITTEN_OFF: "Račun {name} je otpisan",
        What.STOPPED: "Rad je zastao{cause}",
        What.RESUMED: "Rad se nastavio{cause}",
    },
}
LATE: Mapping[str, str] = {"en": ", {n} days late", "hr": ", kašnjenje u danima: {n}"}
ONE_LATE: Mapping[str, str] = {"en": ", one day late", "hr": ", kašnjenje u danima: 1"}
ROUND: Mapping[str, str] = {"en": ", round {n}", "hr": ", krug {n}"}


def sentence(one: Moment, language: str) -> str:
    """Raises KeyError for a language without words."""
    late = (ONE_LATE if one.late == 1 else LATE)[language].format(n=one.late) if one.late else ""
    return WORDS[language][one.what].format(
        name=one.name,
        by=long_day(one.by, language) if one.by else "–",
        sum=format_money(one.minor, one.currency, language) if one.currency else "",
        late=late,
        round=ROUND[language].format(n=one.number) if one.number > 1 else "",
        cause=f" ({one.name})" if one.name else "",
    )
