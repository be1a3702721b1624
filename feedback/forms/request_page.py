"""What the owner writes down on the page of a request."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from crispy_forms.layout import Div
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import Interaction
from feedback.forms.asking import bare_helper, day_input
from feedback.models import Answer, Decision, Request, Round
from feedback.operations.answering import OF_KIND, Said
from feedback.queries.items import Shown

LONGEST = 5_000
WAYS = (Answer.How.EMAIL, Answer.How.PHONE, Answer.How.CHAT, Answer.How.MEETING)
ALL = "all"


class HeardForm(forms.Form):
    """An answer that came by mail or phone: for all of it at once, or item by item."""

    how = forms.ChoiceField(
        label=gettext_lazy("They answered"), choices=[(way.value, way.label) for way in WAYS]
    )
    on = forms.DateField(label=gettext_lazy("On"), widget=day_input())
    comment = forms.CharField(
        label=gettext_lazy("What they said"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST,
        required=False,
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"), min_value=0, max_value=6_000, required=False,
        widget=forms.NumberInput(attrs={"class": "num"}),
    )  # fmt: skip

    def __init__(
        self, *args: Any, request: Request, shown: Sequence[Shown], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.shown, self.today = request, shown, today
        self.fields["on"].initial = today
        first: list[Any] = [Div("how", "on", "minutes", css_class="pair")]
        if request.kind == Request.Kind.CHOICE and shown:
            options = [(str(one.version.pk), one.version.title) for one in shown]
            self.fields["decision"] = forms.ChoiceField(
                label=_("They chose"),
                choices=[*options, (Decision.REJECTED.value, _("none of them"))],
                widget=forms.RadioSelect,
            )
        elif request.kind != Request.Kind.QUESTION:
            self.fields["decision"] = forms.ChoiceField(
                label=_("For all of it") if len(shown) > 1 else _("What they decided"),
                choices=_decisions(request, several=len(shown) > 1),
                widget=forms.RadioSelect,
            )
        if "decision" in self.fields:
            first.append("decision")
        if self.is_each:
            for one in shown:
                self._add_item(one)
        self.helper = bare_helper(*first, "comment")
        if request.kind == Request.Kind.QUESTION:
            self.fields["comment"].required = True

    @property
    def is_each(self) -> bool:
        return self.request.kind == Request.Kind.APPROVAL and len(self.shown) > 1

    def _add_item(self, one: Shown) -> None:
        self.fields[f"v{one.version.pk}"] = forms.ChoiceField(
            label=one.version.title, required=False,
            choices=[("", _("as for all")), *_decisions(self.request, several=False)],
            widget=forms.Select(attrs={"class": "ctl"}),
        )  # fmt: skip
        self.fields[f"c{one.version.pk}"] = forms.CharField(
            label=_("What they said of it"), required=False, max_length=LONGEST,
            widget=forms.TextInput(attrs={"class": "ctl"}),
        )  # fmt: skip

    def each(self) -> list[tuple[Shown, forms.BoundField, forms.BoundField]]:
        """The items with their fields, for the template."""
        if not self.is_each:
            return []
        return [(o, self[f"v{o.version.pk}"], self[f"c{o.version.pk}"]) for o in self.shown]

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if not self.request.asked_on <= day <= self.today:
            raise forms.ValidationError(
                _("%(day)s is not possible; expected a day from %(first)s to %(last)s."),
                params={"day": day, "first": self.request.asked_on, "last": self.today},
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        comment, decision = cleaned.get("comment", "").strip(), cleaned.get("decision", "")
        if decision in (Decision.CHANGES, Decision.REFUSED) and not comment and not self.is_each:
            self.add_error("comment", _("Write down what they want changed, or why not."))
        if decision == Decision.REJECTED and not comment and not self.is_each:
            self.add_error("comment", _("Write down why not."))
        for one, verdict, words in self.each():
            said = cleaned.get(verdict.name) or decision
            no_words = not (cleaned.get(words.name, "").strip() or comment)
            if said in (Decision.CHANGES, Decision.REJECTED) and no_words:
                self.add_error(
                    words.name,
                    _("Write down what they said of “%(title)s”.") % {"title": one.version.title},
                )
        return cleaned

    def answer(self) -> dict[str, Any]:
        """The valid form as log_answer takes it."""
        cleaned = self.cleaned_data
        given = {
            "how": cleaned["how"],
            "on": cleaned["on"],
            "comment": cleaned["comment"],
            "minutes": cleaned["minutes"],
        }
        decision = cleaned.get("decision", "")
        if self.request.kind == Request.Kind.APPROVAL and self.shown:
            return {**given, "said": [self._said(one, decision) for one in self.shown]}
        if self.request.kind == Request.Kind.CHOICE and decision.isdecimal():
            said = [Said(int(decision), Decision.CHOSEN)]
            return {**given, "decision": Decision.CHOSEN, "said": said}
        return {**given, "decision": decision or Decision.ANSWERED}

    def _said(self, one: Shown, decision: str) -> Said:
        cleaned, pk = self.cleaned_data, one.version.pk
        verdict = cleaned.get(f"v{pk}") or decision
        words = cleaned.get(f"c{pk}", "").strip()
        if verdict != Decision.APPROVED:
            words = words or cleaned["comment"].strip()
        return Said(pk, verdict, words)


def _decisions(request: Request, *, several: bool) -> list[tuple[str, str]]:
    words = {
        Decision.APPROVED: _("approved"),
        Decision.CHANGES: _("with changes"),
        Decision.REJECTED: _("not to be used"),
        Decision.CHOSEN: _("chosen"),
        Decision.DONE: _("done, it is there"),
        Decision.REFUSED: _("not possible"),
    }
    if several:
        words |= {
            Decision.APPROVED: _("all approved"),
            Decision.CHANGES: _("all with changes"),
            Decision.REJECTED: _("use none of them"),
        }
    return [(d.value, text) for d, text in words.items() if d in OF_KIND[request.kind]]


class AboutForm(forms.Form):
    """Time that the request cost: chasing it, or revising what it asks about."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What"),
        choices=[
            (kind.value, kind.label)
            for kind in (
                Interaction.Kind.CALL, Interaction.Kind.EMAIL, Interaction.Kind.CHAT,
                Interaction.Kind.MEETING, Interaction.Kind.WORK, Interaction.Kind.NOTE,
            )
        ],
    )  # fmt: skip
    spent_on = forms.ChoiceField(
        label=gettext_lazy("Spent on"), required=False,
        choices=[*Interaction.Spent.choices, ("", gettext_lazy("the work itself"))],
    )  # fmt: skip
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"), min_value=1, max_value=6_000, required=False,
        widget=forms.NumberInput(attrs={"class": "num"}),
    )  # fmt: skip
    summary = forms.CharField(label=gettext_lazy("What happened"), max_length=300)
    once_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # It stands on one page with the form of an answer.
        super().__init__(*args, **{"auto_id": "about_%s", **kwargs})
        self.fields["once_key"].initial = uuid4().hex
        self.fields["spent_on"].initial = Interaction.Spent.CHASING
        self.helper = bare_helper(
            Div("kind", "spent_on", "minutes", css_class="pair"), "summary", "once_key"
        )


class DatesForm(forms.Form):
    """The days of one round; `closed_on` only where it is closed."""

    asked_on = forms.DateField(label=gettext_lazy("Asked on"), widget=day_input())
    answer_by = forms.DateField(label=gettext_lazy("Answer by"), widget=day_input())
    closed_on = forms.DateField(label=gettext_lazy("Answered on"), widget=day_input())
    reason = forms.CharField(
        label=gettext_lazy("Why they change"),
        max_length=300,
        help_text=gettext_lazy("Agreed on the phone; a typing mistake. It stays in the record."),
    )

    def __init__(self, *args: Any, round_: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = ["asked_on", "answer_by", "closed_on"]
        if round_.closed_on is None:
            del self.fields["closed_on"]
            names.remove("closed_on")
        for name in names:
            self.fields[name].initial = getattr(round_, name)
        self.helper = bare_helper(Div(*names, css_class="pair"), "reason")


class UntilForm(forms.Form):
    """A day and a reason for several requests at once."""

    until = forms.DateField(widget=day_input())
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=300)

    def __init__(self, *args: Any, label: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["until"].label = label
        self.helper = bare_helper("until", "reason")

    def clean_until(self) -> date:
        day: date = self.cleaned_data["until"]
        if day < self.today:
            raise forms.ValidationError(
                _("%(day)s is past; expected %(today)s or a day after it."),
                params={"day": day, "today": self.today},
            )
        return day
