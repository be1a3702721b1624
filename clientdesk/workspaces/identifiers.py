"""Numbers of businesses and accounts, checked by their check digits before anyone prints them."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum import exceptions, iban
from stdnum.eu import vat
from stdnum.hr import oib

# Greece writes EL before its VAT numbers, Northern Ireland XI; each otherwise its own code.
VAT_PREFIXES = frozenset({"EL", *(code.upper() for code in vat.MEMBER_STATES)})


def checked_iban(text: str) -> str:
    """The IBAN in groups of four; "" stays "". Raises ValidationError."""
    if not text.strip():
        return ""
    try:
        return str(iban.format(iban.validate(text)))
    except exceptions.ValidationError as error:
        raise ValidationError(
            _("%(value)s is no IBAN; expected e.g. HR12 1001 0051 8630 0016 0.") % {"value": text}
        ) from error


def checked_tax_id(text: str, *, country: str) -> str:
    """In Croatia the OIB, eleven digits; elsewhere as typed. Raises ValidationError."""
    text = text.strip()
    if not text or country != "HR":
        return text
    try:
        return str(oib.validate(text))
    except exceptions.ValidationError as error:
        raise ValidationError(
            _("%(value)s is no OIB; expected eleven digits such as 33392005961.") % {"value": text}
        ) from error


def checked_vat_id(text: str, *, country: str) -> str:
    """With the letters of a country of the EU, as that country writes it; of others as typed.

    `country` decides for a number written without letters. Raises ValidationError.
    """
    text = text.strip()
    compact = re.sub(r"[\s.\-/]", "", text).upper()
    if not compact:
        return ""
    own = "EL" if country == "GR" else country
    letters = compact[:2]
    if letters not in VAT_PREFIXES:
        if own not in VAT_PREFIXES:
            return text
        compact, letters = own + compact, own
    try:
        return str(vat.validate(compact))
    except exceptions.ValidationError as error:
        raise ValidationError(
            _("%(value)s is no VAT number of %(country)s; expected %(country)s and its digits.")
            % {"value": text, "country": letters}
        ) from error
