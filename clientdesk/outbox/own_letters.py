"""The letters that belong to no app: several things in one message, and what stands under all."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext_lazy as _

from clientdesk.outbox.composing import identity_of, sender_name
from clientdesk.outbox.letters import greeting
from clientdesk.outbox.wording import EditableLetter
from clientdesk.workspaces.models import Workspace

POINTS = {
    "en": "Invoice 2025-031 for €1,540.00 is still open.\n\nYour answer on the logo was due.",
    "hr": "Račun 2025-031 na iznos 1.540,00 € još je otvoren.\n\nOdgovor o logotipu još nedostaje.",
}


def sample(workspace: Workspace, language: str, on: date) -> Mapping[str, str]:
    return {
        "count": "2",
        "greeting": greeting("Luc Perrin", language),
        "points": POINTS[language],
        "sender_name": sender_name(workspace),
        "identity": identity_of(workspace),
    }


DIGEST = ("greeting", "count", "points", "sender_name")

LETTERS = (
    EditableLetter(
        app="outbox",
        name="digest_gentle",
        group="digest",
        title=_("Several reminders in one"),
        when=_("Where more than one thing is due to a client on the same day."),
        placeholders=DIGEST,
        needed=("points",),
        sample=sample,
    ),
    EditableLetter(
        app="outbox",
        name="digest_firm",
        group="digest",
        title=_("Several in one, work depends on it"),
        when=_("As before, with a stop-work notice among them."),
        placeholders=DIGEST,
        needed=("points",),
        sample=sample,
    ),
    EditableLetter(
        app="outbox",
        name="digest_final",
        group="digest",
        title=_("Several in one, with a last notice"),
        when=_("As before, with a last notice among them."),
        placeholders=DIGEST,
        needed=("points",),
        sample=sample,
    ),
    EditableLetter(
        app="outbox",
        name="footer",
        group="digest",
        title=_("Under every letter"),
        when=_("Who writes, and that a reply arrives."),
        placeholders=("identity",),
        needed=("identity",),
        has_subject=False,
        sample=sample,
    ),
)
