"""Money: integer minor units and a currency. Pure.

Rounding happens once, by name, where the standard says so: HALF_UP, as EN 16931 rounds.
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache

from babel.core import get_global
from babel.numbers import format_currency

PLAIN = re.compile(r"-?[0-9]+(?:\.([0-9]+))?")
MOST = 10**15  # minor units: far past any invoice, and sums of thousands still fit a column


class CurrencyUnknown(ValueError):
    """No such ISO 4217 code."""


class AmountInvalid(ValueError):
    """What was typed is no amount of this currency; the text says what was expected."""


@cache
def exponent(currency: str) -> int:
    """Digits after the decimal point: 2 for EUR, 0 for JPY, 3 for KWD. Raises CurrencyUnknown."""
    if not re.fullmatch(r"[A-Z]{3}", currency) or currency not in get_global("all_currencies"):
        raise CurrencyUnknown(f"{currency!r} is no currency; expected a code such as EUR")
    precisions = get_global("currency_fractions")
    digits: int = precisions.get(currency, precisions["DEFAULT"])[0]
    return digits


def half_up(amount: Decimal) -> int:
    """To the nearest whole number; a half goes away from zero."""
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def to_minor(amount: Decimal, currency: str) -> int:
    """`amount` in major units, as minor units, rounded half up. Raises CurrencyUnknown."""
    return half_up(amount.scaleb(exponent(currency)))


def from_minor(minor: int, currency: str) -> Decimal:
    """Minor units as an exact decimal with all the currency's digits. Raises CurrencyUnknown."""
    return Decimal(minor).scaleb(-exponent(currency))


def parse_amount(text: str, currency: str, *, decimal_comma: bool = False) -> int:
    """A written amount in minor units: "1540", "1540.00"; with a decimal comma "1.540,00".

    More decimals than the currency has are refused, zeros too: "1.540" is one thousand to some and
    one and a half to others. Raises AmountInvalid, CurrencyUnknown.
    """
    digits = exponent(currency)
    plain = text.strip()
    if decimal_comma:
        if re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d+)?", plain) or "." not in plain:
            plain = plain.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    example = "1540" if not digits else f"1540{',' if decimal_comma else '.'}{'0' * digits}"
    written = PLAIN.fullmatch(plain)
    if not written:
        raise AmountInvalid(f"{text!r} is no amount; expected e.g. {example}")
    if len(written[1] or "") > digits:
        raise AmountInvalid(
            f"{text!r} has more than {digits} decimals, {currency} has {digits}; "
            f"expected e.g. {example}"
        )
    if len(plain) > len(str(MOST)) + 5 or abs(minor := to_minor(Decimal(plain), currency)) > MOST:
        raise AmountInvalid(f"{text[:40]!r} is too large; expected e.g. {example}")
    return minor


@lru_cache(maxsize=4_096)
def format_money(minor: int, currency: str, language: str) -> str:
    """As a document writes it: "€1,540.00" in English, "1.540,00 €" in Croatian."""
    text = format_currency(from_minor(minor, currency), currency, locale=language)
    # Where a currency has no sign of its own its code stands there: apart from the figure.
    return re.sub(r"^(-?[A-Z]{2,3})(?=\d)", "\\1\N{NO-BREAK SPACE}", text)
