"""Another round of a request, or other versions in the one that is open."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.forms.asking import bare_helper, day_input
from feedback.forms.items import ITEMS_AT_MOST, ItemForm, Items

ROUND_ITEMS: type[Items] = forms.formset_factory(
    ItemForm, extra=0, max_num=ITEMS_AT_MOST, absolute_max=ITEMS_AT_MOST
)


class RoundForm(forms.Form):
    """By when the next round is to be answered; nothing where the open one is changed."""

    answer_by = forms.DateField(label=gettext_lazy("Answer by"), widget=day_input())

    def __init__(self, *args: Any, again: bool, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.again, self.today = again, today
        if not again:
            del self.fields["answer_by"]
        self.helper = bare_helper(*(["answer_by"] if again else []), summary=False)

    def clean_answer_by(self) -> date:
        day: date = self.cleaned_data["answer_by"]
        if day < self.today:
            raise forms.ValidationError(
                _("%(day)s is past; expected %(today)s or a day after it."),
                params={"day": day, "today": self.today},
            )
        return day
