"""Letters from files: templates/email/<app>/<name>.<language>.txt.

The first line is "Subject: …", then a blank line, then the body: one paragraph a line, blank lines
between paragraphs. A line of a digest is such a file without a subject.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from clientdesk.outbox.kinds import Letter
from clientdesk.outbox.placeholders import fill, names_in

LANGUAGES = ("en", "hr")
SUBJECT = "Subject: "


@dataclass(frozen=True, slots=True)
class LetterText:
    """A text with its placeholders still in it."""

    subject: str
    body: str

    @property
    def placeholders(self) -> list[str]:
        return names_in(f"{self.subject}\n{self.body}")

    def filled(self, facts: Mapping[str, str]) -> Letter:
        """Raises PlaceholderUnknown where the text asks for what `facts` does not hold."""
        return Letter(subject=fill(self.subject, facts, facts), body=fill(self.body, facts, facts))


def spoken(language: str) -> str:
    """`language`, or English where there are no texts in it."""
    return language if language in LANGUAGES else "en"


@cache
def letter_text(app: str, name: str, language: str) -> LetterText:
    """The text of a file. Raises FileNotFoundError."""
    path = settings.BASE_DIR / "templates" / "email" / app / f"{name}.{spoken(language)}.txt"
    text = path.read_text(encoding="utf-8").strip()
    if not text.startswith(SUBJECT):
        return LetterText("", text)
    subject, _, body = text.partition("\n")
    return LetterText(subject.removeprefix(SUBJECT).strip(), body.strip())


def greeting(name: str, language: str) -> str:
    """How a letter begins. Croatian says "Good day": names would need a case, titles a gender."""
    if spoken(language) == "hr":
        return "Dobar dan,"
    return f"Hello {name}," if name else "Hello,"
