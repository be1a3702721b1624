"""The sentences of the answer page that have figures, names and days in them. Pure.

Plurals follow CLDR: Croatian has three forms (1 objava, 2 objave, 5 objava; 21 like 1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from babel import Locale
from babel.dates import format_date

from feedback.rules.page_words import DECISIONS

NBSP = "\N{NO-BREAK SPACE}"
# After "do": the days of the week in the genitive, which babel does not have.
_UNTIL = (
    "ponedjeljka", "utorka", "srijede", "četvrtka", "petka", "subote", "nedjelje",
)  # fmt: skip
_EN_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_HR_FEMALE = ("", "jedna", "dvije", "tri", "četiri", "pet", "šest", "sedam", "osam", "devet")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a sentence; `look` is "" or "b" (strong) or "wait" (a day that moves)."""

    text: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """What the page's first paragraph speaks of. Days are the workspace's.

    `things` are the items asked about, `posts` says that they are posts. `delivery_on` is None
    where nothing with an agreed date depends on the answer.
    """

    kind: str
    things: int
    posts: bool
    answer_by: date
    today: date
    project: str = ""
    account: str = ""
    delivery_on: date | None = None
    forecast_on: date | None = None

    @property
    def is_late(self) -> bool:
        return self.today > self.answer_by


def plural(count: int, language: str) -> str:
    """ "one", "few" or "other"."""
    return str(Locale(language).plural_form(count))


def day(value: date, language: str, *, today: date | None = None) -> str:
    """ "20 May", "20. svibnja"; with its year where that is another one than today's."""
    year = today is not None and value.year != today.year
    if language == "hr":
        pattern = "d. MMMM y." if year else "d. MMMM"
    else:
        pattern = "d MMMM y" if year else "d MMMM"
    return format_date(value, pattern, locale=language).replace(" ", NBSP)


def until_day(value: date, language: str, *, today: date) -> str:
    """As it stands after "by" or "do": "Monday 12 May", "ponedjeljka, 12. svibnja"."""
    if language == "hr":
        return f"{_UNTIL[value.weekday()]}, {day(value, language, today=today)}"
    return f"{format_date(value, 'EEEE', locale='en')} {day(value, language, today=today)}"


def planned(value: date, language: str) -> str:
    """ "Tue 3 June", "uto 3. lipnja"."""
    return f"{format_date(value, 'EEE', locale=language).rstrip('.')} {day(value, language)}"


def moment(value: datetime, language: str, *, today: date) -> str:
    """ "Tuesday 13 May, 14:05" of a local instant, as it stands after "until" or "do"."""
    at = " u " if language == "hr" else ", "
    return f"{until_day(value.date(), language, today=today)}{at}{value:%H:%M}"


def lede(asking: Asking, greeting: str, language: str) -> list[Span]:
    """Who is asked what, by when, and what depends on it."""
    return _lede_hr(asking, greeting) if language == "hr" else _lede_en(asking, greeting)


def _lede_en(asking: Asking, greeting: str) -> list[Span]:
    n, by = asking.things, Span(until_day(asking.answer_by, "en", today=asking.today), "b")
    number = _EN_NUMBERS[n] if n < len(_EN_NUMBERS) else str(n)
    noun = ("post" if asking.posts else "thing") + ("" if n == 1 else "s")
    wants = {
        "approval": f"{number} {noun} {'needs' if n == 1 else 'need'} your word.",
        "choice": f"please choose one of {number}.",
        "question": "one question needs your answer.",
        "material": "I need something from you to go on.",
        "access": f"I need access to {asking.account or 'an account'} to go on.",
    }.get(asking.kind, "one question needs your answer.")
    if asking.kind == "approval" and not n:
        wants = "something needs your word."
    spans = [Span(f"{greeting} {wants} ")]
    moved = asking.delivery_on and asking.forecast_on and asking.forecast_on > asking.delivery_on
    if not asking.is_late:
        spans += [Span("Please answer by "), by]
        if asking.delivery_on and asking.forecast_on:
            stays = asking.forecast_on if moved else asking.delivery_on
            stays_on = day(stays, "en", today=asking.today)
            spans.append(Span(f", so that {asking.project} stays on {stays_on}."))
        else:
            spans.append(Span("."))
        return spans
    spans += [Span("I had hoped for it by "), by]
    if moved and asking.delivery_on and asking.forecast_on:
        was = day(asking.delivery_on, "en", today=asking.today)
        if (was_month := asking.delivery_on).month == asking.forecast_on.month:
            was = str(was_month.day)
        spans += [
            Span(f"; {asking.project} now moves from {was} to "),
            Span(day(asking.forecast_on, "en", today=asking.today), "wait"),
            Span(", and by one working day with each further day."),
        ]
    else:
        spans.append(Span("; it is not too late to answer."))
    return spans


def _lede_hr(asking: Asking, greeting: str) -> list[Span]:
    n, by = asking.things, Span(until_day(asking.answer_by, "hr", today=asking.today), "b")
    form = plural(n, "hr")
    number = _HR_FEMALE[n] if 0 < n < len(_HR_FEMALE) else str(n)
    noun = {
        True: {"one": "objava", "few": "objave", "other": "objava"},
        False: {"one": "stavka", "few": "stavke", "other": "stavki"},
    }[asking.posts][form]
    wait = "čekaju" if form == "few" else "čeka"
    wants = {
        "approval": f"{number} {noun} {wait} vašu riječ.",
        "choice": f"molim odaberite jednu od {n} mogućnosti.",
        "question": "jedno pitanje čeka vaš odgovor.",
        "material": "za nastavak rada potrebni su mi vaši materijali.",
        "access": f"za nastavak rada potreban mi je pristup: {asking.account}."
        if asking.account
        else "za nastavak rada potreban mi je pristup.",
    }.get(asking.kind, "jedno pitanje čeka vaš odgovor.")
    if asking.kind == "approval" and not n:
        wants = "vaša je riječ potrebna za nastavak."
    spans = [Span(f"{greeting} {wants} ")]
    moved = asking.delivery_on and asking.forecast_on and asking.forecast_on > asking.delivery_on
    if not asking.is_late:
        spans += [Span("Molim odgovor do "), by]
        if asking.delivery_on and asking.forecast_on:
            stays = asking.forecast_on if moved else asking.delivery_on
            stays_on = day(stays, "hr", today=asking.today)
            spans.append(Span(f", kako bi rok za projekt {asking.project} ostao {stays_on}."))
        else:
            spans.append(Span("."))
        return [*spans[:-1], Span(_one_stop(spans))]
    spans += [Span("Odgovor je bio potreban do "), by]
    if moved and asking.delivery_on and asking.forecast_on:
        spans += [
            Span(f"; rok za projekt {asking.project} pomiče se s "
                 f"{day(asking.delivery_on, 'hr', today=asking.today)} na "),
            Span(day(asking.forecast_on, "hr", today=asking.today), "wait"),
            Span(", a svaki daljnji radni dan pomiče ga za još jedan."),
        ]  # fmt: skip
    else:
        spans.append(Span("; još nije kasno za odgovor."))
    return spans


def _one_stop(spans: Sequence[Span]) -> str:
    """A Croatian day with its year ends in a full stop already; a sentence gets no second one."""
    last = spans[-1].text
    before = spans[-2].text
    if last == "." and before.endswith("."):
        return ""
    return last.replace("..", ".")


def approve_all(count: int, language: str, *, posts: bool) -> str:
    """The button: "Approve both posts", "Odobri obje objave"."""
    if language == "hr":
        noun = "objav" if posts else "stavk"
        many = "objava" if posts else "stavki"
        if count == 1:
            return f"Odobri {noun}u"
        if count == 2:
            return f"Odobri obje {noun}e"
        form = plural(count, "hr")
        if form == "few":
            return f"Odobri sve {count} {noun}e"
        return f"Odobri svih {count} {many}" if form == "other" else f"Odobri sve {noun}e ({count})"
    noun = "post" if posts else "item"
    if count == 1:
        return f"Approve this {noun}"
    return f"Approve both {noun}s" if count == 2 else f"Approve all {count} {noun}s"


def heading(title: str, round_number: int, language: str) -> str:
    """ "June posts, round 2": the first round needs no number."""
    if round_number == 1:
        return title
    if language == "hr":
        return f"{title}, {round_number}. krug"
    return f"{title}, round {round_number}"


def rounds(number: int, agreed: int, language: str) -> str:
    """ "Round 2 of the 2 we agreed."; nothing where there is only one."""
    if number == 1 and agreed == 1:
        return ""
    if language == "hr":
        agreed_are = {"one": f"dogovoren je {agreed}", "few": f"dogovorena su {agreed}"}.get(
            plural(agreed, "hr"), f"dogovoreno je {agreed}"
        )
        return f"{number}. krug; {agreed_are}."
    if number <= agreed:
        return f"Round {number} of the {agreed} we agreed."
    return f"Round {number}; we agreed on {agreed}."


def change_hours(language: str) -> str:
    if language == "hr":
        return "Odgovor se može izmijeniti još 24 sata nakon slanja."
    return "You can change your answer for 24 hours."


def changeable_until(until: datetime, language: str, *, today: date) -> str:
    when = moment(until, language, today=today)
    if language == "hr":
        return f"Odgovor se može izmijeniti do {when}."
    return f"You can change your answer until {when}."


def answered_on(on: date, language: str, *, today: date) -> str:
    if language == "hr":
        said = f"Odgovor je stigao {day(on, language, today=today)}"
        return said if said.endswith(".") else f"{said}."
    return f"Your answer arrived on {day(on, language, today=today)}."


def waits_for_it(what: str, language: str) -> str:
    said = f"Na odgovor čeka: {what}" if language == "hr" else f"What waits for it: {what}"
    return said if said.endswith((".", "!", "?")) else f"{said}."


def summary(decisions: Sequence[str], language: str) -> str:
    """ "2 approved · 1 with changes" of the items of an answer, in their usual order."""
    words = DECISIONS[language]
    counted = [(kind, sum(one == kind for one in decisions)) for kind in words]
    return " · ".join(f"{count} {words[kind].lower()}" for kind, count in counted if count)


def problems(count: int, language: str) -> str:
    """The heading of the error summary."""
    if language == "hr":
        if count == 1:
            return "Još jedna stvar treba vašu pažnju"
        wants = "stvari trebaju" if plural(count, "hr") == "few" else "stvari treba"
        return f"Još {count} {wants} vašu pažnju"
    return "One thing needs you" if count == 1 else f"{count} things need you"
