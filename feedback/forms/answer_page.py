"""What a client sends from the answer page, checked, with the words to say what is missing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

from clientdesk.documents.operations import FILENAME_LIMIT, UPLOAD_LIMIT
from clientdesk.documents.sniffing import sniff
from feedback.models import Answer, Decision, Request
from feedback.operations.answering import Said
from feedback.queries.answer_page import AnswerPage
from feedback.queries.items import Shown
from feedback.rules import page_sentences

LONGEST = 5_000
MOST_FILES = 10
NONE = "none"
VERDICTS: Mapping[str, str] = {
    "ok": Decision.APPROVED,
    "ch": Decision.CHANGES,
    "no": Decision.REJECTED,
}
OUTCOMES: Mapping[str, str] = {"yes": Decision.DONE, "no": Decision.REFUSED}


@dataclass(frozen=True, slots=True)
class Post:
    """An item with its part of the form; `chosen` and `comment` are what stands in it."""

    number: int
    shown: Shown
    chosen: str
    comment: str
    verdict_error: str = ""
    comment_error: str = ""
    when: str = ""

    @property
    def pk(self) -> int:
        return self.shown.version.pk


class AnswerPageForm(forms.Form):
    """One form for every kind of request; nothing of it depends on scripts.

    `seen` names the versions that the page showed, so that none is approved that was not seen.
    """

    seen = forms.CharField(required=False, max_length=2_000)

    def __init__(
        self, *args: Any, page: AnswerPage, words: Mapping[str, str], language: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.page, self.words, self.language = page, words, language
        self.kind = page.request.kind
        self.fields["comment"] = self._text()
        if self.kind == Request.Kind.APPROVAL:
            for one in page.shown:
                self.fields[f"v{one.version.pk}"] = forms.CharField(required=False, max_length=9)
                self.fields[f"c{one.version.pk}"] = self._text()
            if not page.shown:
                self.fields["v0"] = forms.CharField(required=False, max_length=9)
        elif self.kind == Request.Kind.CHOICE:
            self.fields["pick"] = forms.CharField(required=False, max_length=20)
        elif self.kind in (Request.Kind.MATERIAL, Request.Kind.ACCESS):
            self.fields["outcome"] = forms.CharField(required=False, max_length=9)
        if not self.is_bound and page.last is not None:
            self.initial = _said_before(page.last, self.kind)

    def _text(self) -> forms.CharField:
        return forms.CharField(
            required=False,
            max_length=LONGEST,
            error_messages={
                "max_length": self.words["too_long"],
                "null_characters_not_allowed": self.words["bad_sign"],
            },
        )

    @property
    def uploads(self) -> list[UploadedFile[bytes]]:
        files = self.files
        if self.kind != Request.Kind.MATERIAL or not isinstance(files, MultiValueDict):
            return []
        return [file for file in files.getlist("files") if file]

    @property
    def approves_all(self) -> bool:
        return self.kind == Request.Kind.APPROVAL and "all" in self.data

    @property
    def seen_ids(self) -> set[int]:
        """The versions that the page had shown; what is not a number names none."""
        given = str(self.data.get("seen", "")).split(",")
        return {int(one) for one in given if one.isdecimal() and len(one) < 19}

    @property
    def is_outdated(self) -> bool:
        """An item was changed after the page had been opened."""
        return self.is_bound and self.seen_ids != {one.version.pk for one in self.page.shown}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        check = {
            Request.Kind.APPROVAL: self._check_posts,
            Request.Kind.CHOICE: self._check_pick,
            Request.Kind.MATERIAL: self._check_material,
            Request.Kind.ACCESS: self._check_outcome,
        }.get(Request.Kind(self.kind), self._check_question)
        check(cleaned)
        return cleaned

    def _check_posts(self, cleaned: dict[str, Any]) -> None:
        if self.approves_all:
            return
        for title, pk in self._titles():
            said = VERDICTS.get(cleaned.get(f"v{pk}", ""))
            word = cleaned.get(f"c{pk}" if pk else "comment", "")
            if said is None:
                self.add_error(f"v{pk}", self.words["need_verdict"].format(title=title))
            elif said != Decision.APPROVED and not word and not self._has_error(f"c{pk}"):
                problem = self.words["need_change"].format(title=title)
                self.add_error(f"c{pk}" if pk else "comment", problem)

    def _titles(self) -> list[tuple[str, int]]:
        """The items by id; 0 stands for the whole where there are none."""
        items = [
            (f"{number} · {one.version.title}", one.version.pk)
            for number, one in enumerate(self.page.shown, start=1)
        ]
        return items or [(self.page.request.title, 0)]

    def _check_pick(self, cleaned: dict[str, Any]) -> None:
        picked = cleaned.get("pick", "")
        if picked == NONE:
            if not cleaned.get("comment"):
                self.add_error("comment", self.words["none_words"])
        elif picked not in {str(one.version.pk) for one in self.page.shown}:
            self.add_error("pick", self.words["need_pick"])

    def _check_question(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("comment") and not self._has_error("comment"):
            self.add_error("comment", self.words["need_words"])

    def _check_outcome(self, cleaned: dict[str, Any]) -> None:
        outcome = OUTCOMES.get(cleaned.get("outcome", ""))
        if outcome is None:
            self.add_error("outcome", self.words["need_outcome"])
        elif outcome == Decision.REFUSED and not cleaned.get("comment"):
            self.add_error("comment", self.words["need_why"])

    def _check_material(self, cleaned: dict[str, Any]) -> None:
        # Without a button (the key Enter) it is the first one.
        if not cleaned.get("outcome"):
            cleaned["outcome"] = "yes"
        self._check_outcome(cleaned)
        problem = self._file_problem()
        nothing = not (self.uploads or self.page.kept or cleaned.get("comment"))
        if problem:
            self.add_error(None, problem)
        elif cleaned["outcome"] == "yes" and nothing:
            self.add_error(None, self.words["need_files"])

    def _file_problem(self) -> str:
        if len(self.uploads) + len(self.page.kept) > MOST_FILES:
            return self.words["too_many"]
        for upload in self.uploads:
            name, size = upload.name or "", upload.size or 0
            problem = ""
            if size > UPLOAD_LIMIT:
                problem = "file_large"
            elif not size:
                problem = "file_empty"
            elif len(name) > FILENAME_LIMIT or not name.strip(". "):
                problem = "file_name"
            else:
                upload.seek(0)
                problem = "" if sniff(upload.read(), Path(name).name) else "file_kind"
                upload.seek(0)
            if problem:
                return self.words[problem].format(name=name[:60])
        return ""

    def _has_error(self, field: str) -> bool:
        return field in self.errors

    def answer(self) -> dict[str, Any]:
        """The valid form as answer_by_page takes it."""
        cleaned, comment = self.cleaned_data, self.cleaned_data.get("comment", "")
        given: dict[str, Any] = {
            "seen": self.seen_ids, "comment": comment, "uploads": self.uploads,
        }  # fmt: skip
        if self.kind == Request.Kind.APPROVAL:
            if not self.page.shown:
                given["decision"] = VERDICTS["ok" if self.approves_all else cleaned["v0"]]
            given["said"] = [
                Said(
                    one.version.pk,
                    VERDICTS["ok" if self.approves_all else cleaned[f"v{one.version.pk}"]],
                    cleaned[f"c{one.version.pk}"],
                )
                for one in self.page.shown
            ]
        elif self.kind == Request.Kind.CHOICE:
            picked = cleaned["pick"]
            given["decision"] = Decision.REJECTED if picked == NONE else Decision.CHOSEN
            given["said"] = [] if picked == NONE else [Said(int(picked), Decision.CHOSEN)]
        elif self.kind in (Request.Kind.MATERIAL, Request.Kind.ACCESS):
            given["decision"] = OUTCOMES[cleaned["outcome"]]
        else:
            given["decision"] = Decision.ANSWERED
        return given

    # For the template.

    def value(self, field: str) -> str:
        return str(self[field].value() or "") if field in self.fields else ""

    def error(self, field: str) -> str:
        return str(self.errors[field][0]) if field in self.errors else ""

    def posts(self) -> Iterator[Post]:
        for number, one in enumerate(self.page.shown, start=1):
            pk, planned = one.version.pk, one.version.planned_on
            when = page_sentences.planned(planned, self.language) if planned else ""
            yield Post(
                number=number,
                shown=one,
                chosen=self.value("pick" if self.kind == Request.Kind.CHOICE else f"v{pk}"),
                comment=self.value(f"c{pk}"),
                verdict_error=self.error(f"v{pk}"),
                comment_error=self.error(f"c{pk}"),
                when=", ".join(filter(None, (one.version.channel, when))),
            )

    def comment_value(self) -> str:
        return self.value("comment")

    def outcome_value(self) -> str:
        return self.value("outcome")

    def pick_value(self) -> str:
        return self.value("pick")

    def whole_value(self) -> str:
        return self.value("v0")

    def comment_error(self) -> str:
        return self.error("comment")

    def pick_error(self) -> str:
        return self.error("pick")

    def outcome_error(self) -> str:
        return self.error("outcome")

    def whole_error(self) -> str:
        return self.error("v0")

    def files_error(self) -> str:
        return self.error("__all__")

    def problems(self) -> list[tuple[str, str]]:
        """Where each thing that is missing stands (the id of a control), and what it is."""
        order = [*self.fields, "__all__"]
        order.remove("comment")
        order.append("comment")
        return [
            ("files" if name == "__all__" else name, str(self.errors[name][0]))
            for name in order
            if name in self.errors
        ]


def _said_before(last: Answer, kind: str) -> dict[str, str]:
    """The form as it was filled in for the answer that holds."""
    verdict_of = {decision: key for key, decision in VERDICTS.items()}
    initial = {"comment": last.comment}
    for verdict in last.verdicts.all():
        initial[f"v{verdict.version_id}"] = verdict_of.get(verdict.decision, "")
        initial[f"c{verdict.version_id}"] = verdict.comment
        if verdict.decision == Decision.CHOSEN:
            initial["pick"] = str(verdict.version_id)
    if kind == Request.Kind.CHOICE and last.decision == Decision.REJECTED:
        initial["pick"] = NONE
    if kind == Request.Kind.APPROVAL:
        initial["v0"] = verdict_of.get(last.decision, "")
    initial["outcome"] = {d: key for key, d in OUTCOMES.items()}.get(last.decision, "")
    return initial
