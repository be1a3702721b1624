"""The texts of letters: the owner's own words where there are some, else those of the files.

templates/email/<app>/<name>.<language>.txt: the first line is "Subject: …", then a blank line, then
the body: one paragraph a line, blank lines between paragraphs. A line of a digest is such a file
without a subject.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from django.conf import settings

from clientdesk.outbox.kinds import Letter
from clientdesk.outbox.models import Wording
from clientdesk.outbox.placeholders import fill, names_in
from clientdesk.workspaces.models import Workspace
from clientdesk.workspaces.scoping import acting_in

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


def letter_text(
    app: str, name: str, language: str, workspace: Workspace | None = None
) -> LetterText:
    """The words of `workspace` for a letter, else the delivered ones. Raises FileNotFoundError.

    Asks the database once for all letters of a workspace, and again when it changed one
    (Workspace.letters_version); never for one that changed none.
    """
    language = spoken(language)
    own = own_words(workspace).get((app, name, language)) if workspace is not None else None
    return own or delivered_text(app, name, language)


@cache
def delivered_text(app: str, name: str, language: str) -> LetterText:
    """The text of a file. Raises FileNotFoundError."""
    path = settings.BASE_DIR / "templates" / "email" / app / f"{name}.{spoken(language)}.txt"
    text = path.read_text(encoding="utf-8").strip()
    if not text.startswith(SUBJECT):
        return LetterText("", text)
    subject, _, body = text.partition("\n")
    return LetterText(subject.removeprefix(SUBJECT).strip(), body.strip())


def own_words(workspace: Workspace) -> Mapping[tuple[str, str, str], LetterText]:
    """The texts that the workspace has changed, by app, name and language."""
    if not workspace.letters_version:
        return {}
    return _own_words(workspace.pk, workspace.letters_version)


@lru_cache(maxsize=256)
def _own_words(workspace_id: int, version: int) -> Mapping[tuple[str, str, str], LetterText]:
    with acting_in(workspace_id):
        rows = Wording.objects.values_list("app", "name", "language", "subject", "body")
        return {(app, name, lang): LetterText(head, body) for app, name, lang, head, body in rows}


# For those who go back in time: tests that roll back, and use a version a second time.
forget_own_words = _own_words.cache_clear


def greeting(name: str, language: str) -> str:
    """How a letter begins. Croatian says "Good day": names would need a case, titles a gender."""
    if spoken(language) == "hr":
        return "Dobar dan,"
    return f"Hello {name}," if name else "Hello,"
