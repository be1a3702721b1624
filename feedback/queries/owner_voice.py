"""The clock's words as its owner reads them, in the language of the desk."""

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_noop as n_

PHRASES = {
    "you_name": n_("You"),
    "whose_move": n_("Whose move"),
    "day_by_day": n_("Day by day"),
    "as_table": n_("The same as a table"),
    "from": n_("From"),
    "to": n_("To"),
    "court": n_("Whose move it was"),
    "because": n_("Because of"),
    "working_days": n_("Working days"),
    "elapsed": n_("Elapsed"),
    "today": n_("today"),
    "since": n_("since %(day)s"),
    "between": n_("%(first)s to %(last)s"),
    "resting": n_("resting"),
    "chasing": n_("%(hours)s h chasing"),
    "your_move": n_("Your move since %(day)s"),
    "their_move": n_("Their move since %(day)s"),
    "late_since": n_("late since %(day)s"),
    "stopped_since": n_("stopped since %(day)s"),
    "and_waiting": n_("%(what)s, and %(waiting)s waiting"),
    "key_ours": n_("you, %(n)s"),
    "key_waiting": n_("waiting, in time, %(n)s"),
    "key_late": n_("answer late, %(n)s"),
    "key_stopped": n_("work stopped, %(n)s"),
    "court_ours": n_("you"),
    "court_waiting": n_("waiting, in time"),
    "court_late": n_("answer late"),
    "court_stopped": n_("work stopped"),
}


class OwnerVoice:
    """Says "you" to the owner."""

    @property
    def language(self) -> str:
        return "hr" if (get_language() or "en").startswith("hr") else "en"

    def say(self, phrase: str, **values: object) -> str:
        return gettext(PHRASES[phrase]) % values

    def count(self, phrase: str, n: int, **values: object) -> str:
        if phrase == "counted":
            text = ngettext("%(n)s working day", "%(n)s working days", n)
        elif phrase in ("days", "theirs_mixed"):
            text = ngettext("working day", "working days", n)
        elif phrase == "theirs_late":
            text = ngettext("late", "late", n)
        elif phrase == "theirs_stopped":
            text = ngettext("stopped", "stopped", n)
        else:
            raise KeyError(phrase)
        return text % {"n": n, **values}
