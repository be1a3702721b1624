"""The owner's own words: which letters there are to word, and changing or restoring one.

Each app names its letters in its AppConfig.ready(); only what is named can be changed, and only
with the placeholders named for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.functional import Promise

from clientdesk.outbox.letters import LANGUAGES, LetterText, delivered_text
from clientdesk.outbox.models import Wording
from clientdesk.outbox.placeholders import PlaceholderUnknown, names_in
from clientdesk.record import operations as record
from clientdesk.workspaces.models import Workspace, validate_one_line
from clientdesk.workspaces.scoping import acting_in

Sample = Callable[[Workspace, str, date], Mapping[str, str]]
LONGEST_SUBJECT = 300
LONGEST_BODY = 10_000


class LetterUnknown(LookupError):
    """No app named such a letter, or there is none in this language."""


class WordsMissing(ValueError):
    """The text says nothing, or lacks a placeholder that it cannot be without."""


class WordsTooLong(ValueError):
    """Longer than LONGEST_SUBJECT or LONGEST_BODY characters."""


@dataclass(frozen=True, slots=True)
class EditableLetter:
    """A letter whose words the owner may change.

    `placeholders` are those that always have a value where this letter is written. `needed` ones
    cannot be left out. `sample` gives facts for a workspace, a language and a local day.
    """

    app: str
    name: str
    group: str
    title: str | Promise
    when: str | Promise
    placeholders: tuple[str, ...]
    sample: Sample
    has_subject: bool = True
    needed: tuple[str, ...] = ()

    def facts(self, workspace: Workspace, language: str, on: date) -> dict[str, str]:
        """A sample value for each placeholder."""
        found = self.sample(workspace, language, on)
        return {name: found[name] for name in self.placeholders}


_letters: dict[tuple[str, str], EditableLetter] = {}


def register_letters(*letters: EditableLetter) -> None:
    """Make letters known under their app and name; a second of the same name replaces the first."""
    _letters.update({(letter.app, letter.name): letter for letter in letters})


def editable_letters() -> list[EditableLetter]:
    """All of them, in the order in which the apps named them."""
    return list(_letters.values())


def letter_named(app: str, name: str) -> EditableLetter:
    """Raises LetterUnknown."""
    try:
        return _letters[app, name]
    except KeyError as error:
        raise LetterUnknown(f"{app}/{name}") from error


def tidy(text: LetterText) -> LetterText:
    """As it is kept: lines end in one way and without blanks, none at the beginning or end."""
    lines = text.body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    body = "\n".join(line.rstrip(" ") for line in lines).strip()
    return LetterText(text.subject.strip(), body)


def check_words(letter: EditableLetter, text: LetterText) -> None:
    """Raise PlaceholderUnknown, WordsMissing, WordsTooLong, or ValidationError for a subject of
    several lines."""
    for name in text.placeholders:
        if name not in letter.placeholders:
            raise PlaceholderUnknown(name, letter.placeholders)
    if not text.body or (letter.has_subject and not text.subject):
        raise WordsMissing("the letter is empty: expected a text and its subject")
    if missing := [name for name in letter.needed if name not in names_in(text.body)]:
        raise WordsMissing(f"{{{missing[0]}}} is not in the letter; without it nothing is said")
    if len(text.subject) > LONGEST_SUBJECT or len(text.body) > LONGEST_BODY:
        raise WordsTooLong(
            f"subject {len(text.subject)} and letter {len(text.body)} characters long; expected at "
            f"most {LONGEST_SUBJECT} and {LONGEST_BODY}"
        )
    validate_one_line(text.subject)


def links_left_out(letter: EditableLetter, language: str, text: LetterText) -> list[str]:
    """Links that the delivered letter has and `text` lacks: possible, but worth a word."""
    delivered = delivered_text(letter.app, letter.name, language).placeholders
    return [n for n in delivered if n.endswith("_link") and n not in text.placeholders]


def change_wording(
    *,
    workspace: Workspace,
    letter: EditableLetter,
    texts: Mapping[str, LetterText],
    now: datetime,
    actor: str,
) -> list[str]:
    """Keep these words, by language; answers the languages that were changed.

    Words equal to the delivered ones are the delivered ones again. All are kept or none. Letters
    that wait are worded anew. Raises LetterUnknown for a language, and what `check_words` raises.
    """
    tidied = {language: tidy(text) for language, text in texts.items()}
    for language, text in tidied.items():
        if language not in LANGUAGES:
            raise LetterUnknown(f"{letter.app}/{letter.name} in {language}")
        check_words(letter, text)
    with transaction.atomic(), acting_in(workspace.pk):
        changed = [
            language
            for language, text in tidied.items()
            if _keep(workspace, letter, language, text, now=now)
        ]
        if changed:
            _raise_version(workspace)
        # Last: whoever holds the head of the record waits for nobody.
        for language in changed:
            text = tidied[language]
            restored = text == delivered_text(letter.app, letter.name, language)
            _tell(workspace, letter, language, None if restored else text, now=now, actor=actor)
    workspace.refresh_from_db(fields=["letters_version"])
    return changed


def restore_default(
    *, workspace: Workspace, letter: EditableLetter, language: str, now: datetime, actor: str
) -> bool:
    """The delivered words hold again; False where they did already. Raises LetterUnknown."""
    if language not in LANGUAGES:
        raise LetterUnknown(f"{letter.app}/{letter.name} in {language}")
    delivered = delivered_text(letter.app, letter.name, language)
    texts = {language: delivered}
    return bool(
        change_wording(workspace=workspace, letter=letter, texts=texts, now=now, actor=actor)
    )


def _keep(
    workspace: Workspace, letter: EditableLetter, language: str, text: LetterText, *, now: datetime
) -> bool:
    of: dict[str, Any] = {"app": letter.app, "name": letter.name, "language": language}
    if text == delivered_text(letter.app, letter.name, language):
        return bool(Wording.objects.filter(**of).delete()[0])
    if Wording.objects.filter(**of, subject=text.subject, body=text.body).exists():
        return False
    words: dict[str, Any] = {"subject": text.subject, "body": text.body, "changed_at": now}
    Wording.objects.update_or_create(defaults=words, workspace=workspace, **of)
    return True


def _tell(
    workspace: Workspace,
    letter: EditableLetter,
    language: str,
    text: LetterText | None,
    *,
    now: datetime,
    actor: str,
) -> None:
    content = {"letter": f"{letter.app}/{letter.name}", "language": language}
    if text is not None:
        content |= {"headline": text.subject, "body": text.body}
    record.append(
        workspace_id=workspace.pk,
        kind="letter.restored" if text is None else "letter.changed",
        content=content,
        now=now,
        actor=actor,
    )


def _raise_version(workspace: Workspace) -> None:
    # In the same transaction as the words, so that none is read under the version before.
    Workspace.objects.filter(pk=workspace.pk).update(letters_version=F("letters_version") + 1)
