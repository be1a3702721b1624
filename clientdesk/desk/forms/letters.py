"""A letter's words in one language, as its owner types them."""

from difflib import get_close_matches
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clientdesk.outbox.letters import LetterText
from clientdesk.outbox.placeholders import names_in
from clientdesk.outbox.wording import (
    LONGEST_BODY,
    LONGEST_SUBJECT,
    EditableLetter,
    check_words,
    tidy,
)
from clientdesk.workspaces.models import validate_one_line

LANGUAGE_NAMES = {"en": "English", "hr": "Hrvatski"}


class WordingForm(forms.Form):
    """`prefix` is the language. An unknown placeholder is named with its line."""

    subject = forms.CharField(
        label=gettext_lazy("Subject"), max_length=LONGEST_SUBJECT, validators=[validate_one_line]
    )
    body = forms.CharField(label=gettext_lazy("Text"), max_length=LONGEST_BODY)

    use_required_attribute = False

    def __init__(self, *args: Any, letter: EditableLetter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.letter = letter
        if not letter.has_subject:
            del self.fields["subject"]
        empty = _("Expected some words; “Restore the default” brings back the delivered ones.")
        for field in self.fields.values():
            field.error_messages["required"] = empty

    @property
    def language(self) -> str:
        return str(self.prefix)

    @property
    def language_name(self) -> str:
        return LANGUAGE_NAMES[self.language]

    @property
    def text(self) -> LetterText:
        """The words as they stand in the form, right or wrong."""
        subject = self["subject"].value() if self.letter.has_subject else ""
        return LetterText(str(subject or ""), str(self["body"].value() or ""))

    def clean_subject(self) -> str:
        subject: str = self.cleaned_data["subject"]
        self._check(subject, by_line=False)
        return subject

    def clean_body(self) -> str:
        body = tidy(LetterText("", self.cleaned_data["body"])).body
        self._check(body, by_line=True)
        for name in self.letter.needed:
            if name not in names_in(body):
                raise forms.ValidationError(
                    _("Expected {%(name)s} somewhere: without it the letter says nothing.")
                    % {"name": name}
                )
        return body

    def _check(self, text: str, *, by_line: bool) -> None:
        errors = []
        for number, line in enumerate(text.split("\n"), start=1):
            unknown = [name for name in names_in(line) if name not in self.letter.placeholders]
            for name in unknown:
                said = self._unknown(name)
                errors.append(
                    _("Line %(n)s: %(said)s") % {"n": number, "said": said} if by_line else said
                )
        if errors:
            raise forms.ValidationError(errors)

    def _unknown(self, name: str) -> str:
        near = get_close_matches(name.strip().lower(), self.letter.placeholders, n=1)
        if near:
            return _("there is no {%(name)s}. Did you mean {%(near)s}?") % {
                "name": name,
                "near": near[0],
            }
        known = ", ".join(f"{{{one}}}" for one in self.letter.placeholders)
        return _("there is no {%(name)s}. Possible are %(known)s.") % {"name": name, "known": known}

    def words(self) -> LetterText:
        """Of a valid form. Raises what `check_words` raises, which a valid form does not."""
        found = LetterText(self.cleaned_data.get("subject", ""), self.cleaned_data["body"])
        check_words(self.letter, found)
        return found
