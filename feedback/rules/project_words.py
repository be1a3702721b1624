"""The words of the public project page, in English and Croatian. Pure.

Croatian counts in three forms (1 radni dan, 2 radna dana, 5 radnih dana), and nothing in it speaks
of a man or a woman.
"""

from collections.abc import Mapping

from babel import Locale

PHRASES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "whose_move": "Whose move",
        "day_by_day": "Day by day",
        "as_table": "The same as a table",
        "from": "From",
        "to": "To",
        "court": "Whose move it was",
        "because": "Because of",
        "working_days": "Working days",
        "elapsed": "Elapsed",
        "today": "today",
        "since": "since {day}",
        "between": "{first} to {last}",
        "you": "You, {client}",
        "resting": "resting",
        "your_move": "On the move since {day}",
        "their_move": "Your move since {day}",
        "late_since": "late since {day}",
        "stopped_since": "stopped since {day}",
        "and_waiting": "{what}, and {waiting} waiting",
        "key_ours": "{name}, {n}",
        "key_waiting": "waiting, in time, {n}",
        "key_late": "answer late, {n}",
        "key_stopped": "work stopped, {n}",
        "court_ours": "{name}",
        "court_waiting": "waiting, in time",
        "court_late": "answer late",
        "court_stopped": "work stopped",
        "lede_delivered": "Hello {contact}, this was delivered on {day}.",
        "lede_to_come": "Hello {contact}, the work begins on {day}.",
        "lede_ours": "Hello {contact}, it is my move since {day}; nothing is needed from you.",
        "lede_unpaid": "Hello {contact}, the work has rested since {day}. It goes on when the "
        "payment arrives.",
        "lede_stopped": "Hello {contact}, the work has rested since {day}, until an answer "
        "arrives.",
        "lede_plain": "Hello {contact}, this is how the project stands.",
        "waiting_for": "What I wait for",
        "nothing_open": "I wait for no answer at the moment.",
        "in_time": "in time",
        "was_due": "I had hoped for it by {day}.",
        "is_due": "By {day}, please.",
        "round": "round {n}",
        "answer": "Answer",
        "delivery": "Delivery",
        "agreed": "agreed {day}",
        "as_agreed": "{day}, as agreed.",
        "stays": "With your answer today it stays at {day}; each further working day moves it by "
        "one.",
        "why": "Why it moved",
        "came": "Came",
        "days": "Days",
        "came_on": "{came}, by {by}",
        "open_by": "open, by {by}",
        "taken_back": "taken back {came}, by {by}",
        "rested": "Work rested",
        "rested_ours": "Work rested, on my side",
        "rested_from": "{first} to {last}",
        "rests_since": "since {first}",
        "same_days": "same days",
        "same_day": "same day",
        "moves_by": "Delivery moves by",
        "missed": "Chances missed meanwhile",
        "kept": "Kept for both of us with Clientdesk.",
        "calendar": "The days are working days, without the public holidays of {country}.",
        "calendar_plain": "The days are working days, Monday to Friday.",
        "object": "Something not right? Answer the e-mail that brought you here, and it is "
        "corrected on the record.",
    },
    "hr": {
        "whose_move": "Tko je na potezu",
        "day_by_day": "Dan po dan",
        "as_table": "Isto u tablici",
        "from": "Od",
        "to": "Do",
        "court": "Na potezu",
        "because": "Zbog čega",
        "working_days": "Radnih dana",
        "elapsed": "Ukupno",
        "today": "danas",
        "since": "od {day}",
        "between": "od {first} do {last}",
        "you": "Vi, {client}",
        "resting": "nije na potezu",
        "your_move": "Na potezu od {day}",
        "their_move": "Na potezu ste od {day}",
        "late_since": "odgovor kasni od {day}",
        "stopped_since": "rad je obustavljen od {day}",
        "and_waiting": "{what}, {waiting} u čekanju",
        "key_ours": "{name}, {n}",
        "key_waiting": "čekanje, u roku, {n}",
        "key_late": "odgovor kasni, {n}",
        "key_stopped": "rad obustavljen, {n}",
        "court_ours": "{name}",
        "court_waiting": "čekanje, u roku",
        "court_late": "odgovor kasni",
        "court_stopped": "rad obustavljen",
        "lede_delivered": "Dobar dan, projekt je isporučen {day}.",
        "lede_to_come": "Dobar dan, rad na projektu počinje {day}.",
        "lede_ours": "Dobar dan, od {day} na potezu je naša strana; od vas trenutačno nije "
        "potrebno ništa.",
        "lede_unpaid": "Dobar dan, rad je obustavljen od {day} i nastavlja se nakon primitka "
        "uplate.",
        "lede_stopped": "Dobar dan, rad je obustavljen od {day} i nastavlja se kada stigne "
        "odgovor.",
        "lede_plain": "Dobar dan, evo kako stoji projekt.",
        "waiting_for": "Što je potrebno od vas",
        "nothing_open": "Trenutačno ne čekamo nijedan vaš odgovor.",
        "in_time": "u roku",
        "was_due": "Rok je bio {day}.",
        "is_due": "Molimo odgovor do {day}.",
        "round": "{n}. krug",
        "answer": "Odgovori",
        "delivery": "Isporuka",
        "agreed": "dogovoreno {day}",
        "as_agreed": "{day}, kako je dogovoreno.",
        "stays": "Ako odgovor stigne danas, ostaje {day}; svaki daljnji radni dan pomiče "
        "isporuku za jedan dan.",
        "why": "Razlog pomaka",
        "came": "Stiglo",
        "days": "Dana",
        "came_on": "{came}, rok {by}",
        "open_by": "otvoreno, rok {by}",
        "taken_back": "povučeno {came}, rok {by}",
        "rested": "Rad je bio obustavljen",
        "rested_ours": "Rad je bio obustavljen s naše strane",
        "rested_from": "od {first} do {last}",
        "rests_since": "od {first}",
        "same_days": "isti dani",
        "same_day": "isti dan",
        "moves_by": "Isporuka se pomiče za",
        "missed": "U međuvremenu propušteno",
        "kept": "Evidencija za obje strane, u Clientdesku.",
        "calendar": "Broje se radni dani, bez praznika i vikenda. Kalendar: {country}.",
        "calendar_plain": "Broje se radni dani, od ponedjeljka do petka.",
        "object": "Nešto nije točno? Odgovorite na poruku s kojom je stigla ova poveznica; "
        "ispravak se upisuje u evidenciju.",
    },
}
# By plural category of the language: one, few (Croatian only), other.
COUNTED: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "en": {
        "counted": {"one": "{n} working day", "other": "{n} working days"},
        "days": {"one": "working day", "other": "working days"},
        "theirs_mixed": {"one": "working day", "other": "working days"},
        "theirs_late": {"one": "late", "other": "late"},
        "theirs_stopped": {"one": "stopped", "other": "stopped"},
        "earlier": {"one": "{n} earlier cause", "other": "{n} earlier causes"},
        "late": {"one": "{n} working day late", "other": "{n} working days late"},
        "lede_theirs": {
            "one": "Hello {contact}, it is your move: one answer is all I need to go on.",
            "other": "Hello {contact}, it is your move: {n} answers are all I need to go on.",
        },
        "minutes": {"one": "It takes about a minute.", "other": "It takes about {n} minutes."},
    },
    "hr": {
        "counted": {
            "one": "{n} radni dan", "few": "{n} radna dana", "other": "{n} radnih dana",
        },
        "days": {"one": "radni dan", "few": "radna dana", "other": "radnih dana"},
        "theirs_mixed": {"one": "radni dan", "few": "radna dana", "other": "radnih dana"},
        "theirs_late": {"one": "u kašnjenju", "few": "u kašnjenju", "other": "u kašnjenju"},
        "theirs_stopped": {"one": "u obustavi", "few": "u obustavi", "other": "u obustavi"},
        "earlier": {
            "one": "{n} raniji razlog",
            "few": "{n} ranija razloga",
            "other": "{n} ranijih razloga",
        },
        "late": {
            "one": "kasni {n} radni dan",
            "few": "kasni {n} radna dana",
            "other": "kasni {n} radnih dana",
        },
        "lede_theirs": {
            "one": "Dobar dan, na potezu ste: za nastavak je potreban {n} odgovor.",
            "few": "Dobar dan, na potezu ste: za nastavak su potrebna {n} odgovora.",
            "other": "Dobar dan, na potezu ste: za nastavak je potrebno {n} odgovora.",
        },
        "minutes": {
            "one": "Potrebna je oko {n} minuta.",
            "few": "Potrebne su oko {n} minute.",
            "other": "Potrebno je oko {n} minuta.",
        },
    },
}  # fmt: skip


class ClientVoice:
    """Says "you" to the client, in their language."""

    def __init__(self, language: str) -> None:
        self._language = language if language in PHRASES else "en"
        self._locale = Locale(self._language)

    @property
    def language(self) -> str:
        return self._language

    def say(self, phrase: str, **values: object) -> str:
        return PHRASES[self._language][phrase].format(**values)

    def count(self, phrase: str, n: int, **values: object) -> str:
        forms = COUNTED[self._language][phrase]
        form = forms.get(self._locale.plural_form(n), forms["other"])
        return form.format(n=n, **values)

    def country(self, code: str) -> str:
        """The name of a country, empty where the code is none."""
        name: str = self._locale.territories.get(code, "")
        return name

    def calendar(self, code: str) -> str:
        """Whose working days are counted."""
        country = self.country(code)
        if not country:
            return self.say("calendar_plain")
        return self.say("calendar", country=country)
