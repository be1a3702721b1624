"""What the forms about money share: days, amounts as a person types them."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from clientdesk.money import AmountInvalid, parse_amount


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def plain_helper(layout: Layout | None = None) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    if layout is not None:
        helper.layout = layout
    return helper


def read_amount(text: str, currency: str) -> int:
    """What a person types, with decimal point or comma, in minor units.

    Raises forms.ValidationError saying what was typed and what was expected.
    """
    text = text.strip().replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
    comma = text.rfind(",") > text.rfind(".")
    try:
        return parse_amount(text, currency, decimal_comma=comma)
    except AmountInvalid as error:
        raise forms.ValidationError(str(error)) from error
