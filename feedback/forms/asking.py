"""What is asked of a client: one page for every kind, quick for a plain question."""

from datetime import date
from typing import Any
from uuid import uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import Client, ManagedAccount, Project
from feedback.models import Request

WITH_ITEMS = frozenset({Request.Kind.APPROVAL, Request.Kind.CHOICE})


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", "class": "date"}, format="%Y-%m-%d")


def bare_helper(*fields: Any, summary: bool = True) -> FormHelper:
    """The layout of a form, or of a part of one, that its page frames itself.

    Without the `summary` of its errors where the page shows that on top.
    """
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.form_show_errors = summary
    helper.layout = Layout(*fields)
    return helper


def _kinds() -> list[tuple[str, SafeString]]:
    said = (
        (Request.Kind.QUESTION, _("An answer"), _("a question, in their own words")),
        (Request.Kind.APPROVAL, _("An approval"), _("yes, with changes or no, for each item")),
        (Request.Kind.CHOICE, _("A choice"), _("one of several")),
        (Request.Kind.MATERIAL, _("Files"), _("photos, texts, a logo")),
        (Request.Kind.ACCESS, _("Access"), _("to an account that the work needs")),
    )
    return [
        (kind.value, format_html("{}<small>{}</small>", name, more)) for kind, name, more in said
    ]


class RequestForm(forms.ModelForm[Request]):
    """All of a request but its items. `client` is fixed where the page is about one."""

    once_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)

    class Meta:
        model = Request
        fields = (
            "client", "kind", "title", "project", "account", "answer_by", "blocking", "blocks",
            "detail", "rounds_agreed", "minutes_needed", "needs_code",
        )  # fmt: skip
        widgets = {"answer_by": day_input(), "detail": forms.Textarea(attrs={"rows": 3})}
        labels = {
            "client": gettext_lazy("Client"),
            "title": gettext_lazy("In one line"),
            "detail": gettext_lazy("A word to them"),
            "blocks": gettext_lazy("What waits for it"),
            "account": gettext_lazy("Which account"),
        }
        help_texts = {
            "title": gettext_lazy("They read it in the subject of the message."),
            "blocks": gettext_lazy("Where it is less than the project: the June posts."),
            "blocking": gettext_lazy("Each late working day moves the delivery by one."),
        }

    def __init__(
        self, *args: Any, client: Client | None = None, today: date, agreed: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        # self.fields are plain Fields to the types; these are choices.
        of_client: dict[str, Any] = {"client": client} if client else {"client__archived_at": None}
        projects = Project.objects.filter(delivered_on=None, **of_client).select_related("client")
        self.fields["project"].queryset = projects  # type: ignore[attr-defined]
        self.fields["project"].empty_label = _("none in particular")  # type: ignore[attr-defined]
        accounts = ManagedAccount.objects.filter(**of_client).select_related("client")
        self.fields["account"].queryset = accounts  # type: ignore[attr-defined]
        self.fields["account"].empty_label = _("which one")  # type: ignore[attr-defined]
        if client is not None:
            self.fields["client"].widget = forms.HiddenInput()
            self.fields["client"].queryset = Client.objects.filter(pk=client.pk)  # type: ignore[attr-defined]
        else:
            self.fields["client"].queryset = Client.objects.active().order_by("name")  # type: ignore[attr-defined]
            for name in ("project", "account"):
                self.fields[name].label_from_instance = _with_client  # type: ignore[attr-defined]
        self.fields["kind"] = forms.ChoiceField(
            label=_("What do you need?"), choices=_kinds(), widget=forms.RadioSelect
        )
        self.fields["answer_by"].help_text = agreed
        for name in ("minutes_needed", "rounds_agreed"):
            self.fields[name].widget.attrs["class"] = "num"
            self.fields[name].required = False
        self.fields["once_key"].initial = uuid4().hex
        self.top = bare_helper(
            "client", "kind", "title", Div("account", css_class="only-access"),
            Div("project", "answer_by", css_class="pair"), "once_key", summary=False,
        )  # fmt: skip
        self.rest = bare_helper("detail", "blocking", "blocks", summary=False)
        self.rare = bare_helper(
            Div("minutes_needed", Div("rounds_agreed", css_class="only-items"), css_class="pair"),
            "needs_code",
            summary=False,
        )

    def clean_answer_by(self) -> date:
        day: date = self.cleaned_data["answer_by"]
        if day < self.today:
            raise forms.ValidationError(
                _("%(day)s is past; expected %(today)s or a day after it."),
                params={"day": day, "today": self.today},
            )
        return day

    def clean_minutes_needed(self) -> int:
        return int(self.cleaned_data["minutes_needed"] or 2)

    def clean_rounds_agreed(self) -> int:
        return int(self.cleaned_data["rounds_agreed"] or 1)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        client, kind = cleaned.get("client"), cleaned.get("kind")
        for name, text in (
            ("project", _("This project belongs to another client.")),
            ("account", _("This account belongs to another client.")),
        ):
            row = cleaned.get(name)
            if row is not None and client and row.client_id != client.pk:
                self.add_error(name, text)
        if kind != Request.Kind.ACCESS:
            cleaned["account"] = None
        if kind not in WITH_ITEMS:
            cleaned["rounds_agreed"] = 1
        return cleaned

    def fields_of_request(self) -> dict[str, Any]:
        """What was typed, without the client and the form's own key. Call it on a valid form."""
        skipped = ("client", "once_key")
        return {key: value for key, value in self.cleaned_data.items() if key not in skipped}


def _with_client(row: Any) -> str:
    """With its client's name: the list is for all of them, as no script narrows it."""
    return f"{row.client.name}: {row}"
