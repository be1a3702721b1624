"""Why a cooperation ends, in the words the client reads, and the facts that go with each. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from clientdesk.dates import counted_working_days


class Kind(StrEnum):
    FAILURE = "failure"
    CONTRACT_OVER = "contract_over"
    CLIENTS_CHOICE = "clients_choice"


class Reason(StrEnum):
    ANSWERS = "answers"
    ROUNDS = "rounds"
    ACCESS = "access"
    PAY = "pay"
    OWN = "own"


# English after "your failure to", Croatian a whole clause.
FAILURES: Mapping[str, Mapping[Reason, str]] = {
    "en": {
        Reason.ANSWERS: "answer within the agreed time",
        Reason.ROUNDS: "approve within the agreed rounds",
        Reason.ACCESS: "give access to the accounts the work needs",
        Reason.PAY: "pay within the agreed terms",
    },
    "hr": {
        Reason.ANSWERS: "odgovori nisu stizali u dogovorenom roku",
        Reason.ROUNDS: "odobrenja nisu davana u dogovorenom broju krugova",
        Reason.ACCESS: "pristup profilima potrebnima za rad nije omogućen",
        Reason.PAY: "plaćanja nisu stizala u ugovorenim rokovima",
    },
}
SENTENCE = {
    "en": "I cannot meet your needs because of your failure to {failure}",
    "hr": "Vašim potrebama ne mogu udovoljiti zbog toga što {failure}",
}
AMICABLE: Mapping[str, Mapping[Kind, str]] = {
    "en": {
        Kind.CONTRACT_OVER: "Our agreement ends on {day}. Thank you for the work we did together.",
        Kind.CLIENTS_CHOICE: (
            "As you wished, our cooperation ends on {day}. Thank you for the work we did together."
        ),
    },
    "hr": {
        Kind.CONTRACT_OVER: (
            "Naš dogovor završava {day} Hvala na suradnji i na svemu što smo zajedno napravili."
        ),
        Kind.CLIENTS_CHOICE: (
            "Prema vašoj želji naša suradnja završava {day} Hvala na svemu što smo zajedno "
            "napravili."
        ),
    },
}


@dataclass(frozen=True, slots=True)
class Support:
    """A reason with the recorded facts that speak for it, as sentences; none is a warning."""

    reason: Reason
    facts: Sequence[str]

    @property
    def is_supported(self) -> bool:
        return bool(self.facts)


def failure(reason: Reason, own_words: str, language: str) -> str:
    """What stands after "because of your failure to"; of one's own words those."""
    if reason == Reason.OWN:
        return own_words.strip().rstrip(".")
    return FAILURES[language][reason]


def sentence(reason: Reason, own_words: str, facts: Sequence[str], language: str) -> str:
    """ "I cannot meet your needs because of your failure to …: fact, fact." """
    said = SENTENCE[language].format(failure=failure(reason, own_words, language))
    if not facts:
        return f"{said}."
    return f"{said}: {' '.join(_small(fact) if n == 0 else fact for n, fact in enumerate(facts))}"


def _small(fact: str) -> str:
    """After a colon a sentence goes on in small letters, but for quotes, names and figures."""
    first, second = fact[:1], fact[1:2]
    return first.lower() + fact[1:] if first.isalpha() and second.islower() else fact


def answers_fact(*, late: int, of: int, lost: int, language: str) -> str:
    """How many answers came late, and by how many working days altogether."""
    days = counted_working_days(lost, language)
    if language == "hr":
        if of == 1:
            return f"Jedini odgovor kasnio je {days}."
        return f"Od ukupno {of} odgovora nakon roka ih je stiglo {late}, zajedno {days} kasnije."
    if of == 1:
        return f"The only answer came {days} after its day."
    return f"{late} of {of} answers came after their day, {days} late in all."


def pay_fact(number: str, days: int, *, is_open: bool, language: str) -> str:
    """One invoice; `days` are calendar days after the due date."""
    if language == "hr":
        word = "dan" if days % 10 == 1 and days % 100 != 11 else "dana"
        said = "još nije plaćen, kasni" if is_open else "plaćen je sa zakašnjenjem od"
        return f"Račun {number} {said} {days} {word}."
    word = "day" if days == 1 else "days"
    if is_open:
        return f"Invoice {number} is still unpaid, {days} {word} after it was due."
    return f"Invoice {number} was paid {days} {word} after it was due."
