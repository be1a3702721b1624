"""Countries and currencies to choose from, by their usual names."""

from babel import Locale
from babel.numbers import list_currencies

_ENGLISH = Locale("en")
COUNTRIES: list[tuple[str, str]] = sorted(
    (
        (code, name)
        for code, name in _ENGLISH.territories.items()
        if len(code) == 2 and code.isalpha() and code not in {"EU", "EZ", "UN", "ZZ", "XA", "XB"}
    ),
    key=lambda pair: pair[1],
)
_COMMON = (
    "EUR",
    "USD",
    "GBP",
    "CHF",
    "SEK",
    "DKK",
    "NOK",
    "PLN",
    "CZK",
    "HUF",
    "RSD",
    "BAM",
)
CURRENCIES: list[tuple[str, str]] = [
    (code, f"{code} – {_ENGLISH.currencies.get(code, code)}")
    for code in (*_COMMON, *sorted(list_currencies("en") - set(_COMMON)))
    if code.isalpha()
]
