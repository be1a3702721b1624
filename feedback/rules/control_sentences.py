"""The facts of the talk with a controlling client, each a sentence of its letter. Pure.

Only what is recorded, without a judgement; in English and Croatian.
"""

from collections.abc import Iterator

from babel import Locale

from clientdesk.dates import counted_working_days, long_day
from feedback.rules.controlling import Approval, Control, Sign, Withheld

LISTED = 2  # requests that get a sentence of their own


def _form(count: int, language: str) -> str:
    return str(Locale(language).plural_form(count))


def counted(count: int, language: str, en: tuple[str, str], hr: tuple[str, str, str]) -> str:
    """ "11 posts"; `hr` for one, for two to four, for more, as the language counts."""
    form = _form(count, language)
    if language == "hr":
        word = {"one": hr[0], "few": hr[1]}.get(form, hr[2])
    else:
        word = en[0] if form == "one" else en[1]
    return f"{count}\N{NO-BREAK SPACE}{word}"


def rounds(count: int, language: str) -> str:
    return counted(count, language, ("round", "rounds"), ("krug", "kruga", "krugova"))


def of_items(count: int, language: str) -> str:
    """ "12 items"; Croatian in the genitive, after "od": "od 21 objave", "od 12 objava"."""
    return counted(count, language, ("item", "items"), ("stavke", "stavke", "stavki"))


def _beyond(one: Approval, language: str) -> str:
    used, agreed = one.rounds_used, one.rounds_agreed
    if language == "hr":
        return f"„{one.title}”: {rounds(used, language)}, a dogovoreno je {agreed}."
    return f"“{one.title}” took {rounds(used, language)} where {agreed} had been agreed."


def _all_beyond(control: Control, language: str) -> str:
    """Many in one sentence, with the one that went on longest."""
    most = max(control.beyond, key=lambda one: (one.beyond, -one.request_id))
    used, agreed = control.rounds_used, control.rounds_agreed
    of = len(control.approvals)
    if language == "hr":
        together = counted(of, language, ("", ""), ("odobrenje", "odobrenja", "odobrenja"))
        return (
            f"Za {together} ukupno {rounds(used, language)}, a dogovoreno je {agreed}; "
            f"najviše za „{most.title}”: {most.rounds_used}."
        )
    together = counted(of, language, ("approval", "approvals"), ("", "", ""))
    return (
        f"{together} took {rounds(used, language)} in all where {agreed} had been agreed, "
        f"most of them “{most.title}”: {most.rounds_used}."
    )


def _items(control: Control, language: str) -> str:
    of, changed, bare = control.items, control.changed, control.bare
    if language == "hr":
        said = f"Od {of_items(of, language)} s izmjenama se vratilo: {changed}"
        return f"{said}, uz najviše dvije riječi što promijeniti: {bare}." if bare else f"{said}."
    said = f"Of {of_items(of, language)}, {changed} came back with changes"
    few = "with no more than two words on what to change"
    return f"{said}, {bare} of them {few}." if bare else f"{said}."


def _waiting(control: Control, language: str) -> str:
    waiting, elapsed = control.waiting, control.elapsed
    if language == "hr":
        return f"Od ukupno {counted_working_days(elapsed, language)}, čekanje odobrenja: {waiting}."
    return (
        f"On {waiting} of {counted_working_days(elapsed, language)} "
        "something was waiting for approval."
    )


def access_sentence(one: Withheld, language: str) -> str:
    """What is missing since when, and what cannot be done without it."""
    since = long_day(one.since, language)
    if language == "hr":
        said = f"Pristup za {one.name} nedostaje od {since}"
        # A Croatian date ends with its full stop.
        return f"{said} Bez njega nije moguće: {one.blocks}." if one.blocks else said
    said = f"Access to {one.name} has been missing since {since}"
    return f"{said}; without it this cannot be done: {one.blocks}." if one.blocks else f"{said}."


def sentences(control: Control, language: str) -> Iterator[str]:
    """What of it is out of the ordinary; nothing where nothing is."""
    if len(control.beyond) > LISTED:
        yield _all_beyond(control, language)
    else:
        for one in control.beyond:
            yield _beyond(one, language)
    if control.changed:
        yield _items(control, language)
    if Sign.WAITING in control.signs:
        yield _waiting(control, language)
    for account in control.withheld:
        yield access_sentence(account, language)


def proposal(control: Control, language: str) -> str:
    """What to suggest, by what is in the way; a beginning that its owner goes over."""
    steps = []
    if language == "hr":
        if Sign.ROUNDS in control.signs or Sign.CHANGES in control.signs:
            steps.append("sve primjedbe stižu odjednom, napisane uz svaku objavu")
            steps.append("nakon dogovorenih krugova vrijedi posljednja inačica")
        if Sign.WAITING in control.signs:
            steps.append("što se ne odobri u dogovorenom roku, smatra se odobrenim")
        if control.withheld:
            steps.append("pristup navedenim profilima dobivam ovaj tjedan")
        return _listed(steps or ["razgovor o tome što je svakome od nas potrebno"], "i")
    if Sign.ROUNDS in control.signs or Sign.CHANGES in control.signs:
        steps.append("all comments come at once, written down for each item")
        steps.append("after the agreed rounds the last version stands")
    if Sign.WAITING in control.signs:
        steps.append("what is not decided within the agreed time counts as approved")
    if control.withheld:
        steps.append("I get access to the accounts named above this week")
    return _listed(steps or ["a call about what each of us needs"], "and")


def _listed(steps: list[str], last: str) -> str:
    if len(steps) == 1:
        return f"{steps[0]}."
    return f"{'; '.join(steps[:-1])}; {last} {steps[-1]}."
