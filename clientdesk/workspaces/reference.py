"""Countries, currencies and time zones to choose from, by their names in the reader's language."""

from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from django.utils.translation import get_language

_NO_COUNTRY = {"EU", "EZ", "UN", "ZZ", "XA", "XB"}
_ENGLISH = {str(code): str(name) for code, name in Locale("en").territories.items()}
COUNTRY_CODES = frozenset(
    code for code in _ENGLISH if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY
)
# The ones most often wanted come first.
_COMMON = ["EUR", "USD", "GBP", "CHF", "SEK", "DKK", "NOK", "PLN", "CZK", "HUF", "RSD", "BAM"]
# What is legal tender somewhere today: without an end, and not only for the books of banks.
CURRENT_CURRENCIES = frozenset(
    code
    for history in get_global("territory_currencies").values()
    for code, _begun, ended, tender in history
    if tender and ended is None
) | set(_COMMON)
_SORTED_AS = str.maketrans("čćđšžČĆĐŠŽ", "ccdszCCDSZ")


def countries() -> list[tuple[str, str]]:
    """Code and name of every country, by name."""
    return list(_countries(_reader()))


def currencies() -> list[tuple[str, str]]:
    """Code and "EUR – Euro" of every currency in use, the most wanted first."""
    return list(_currencies(_reader()))


@lru_cache(maxsize=1)
def time_zones() -> tuple[str, ...]:
    """The zones that are called by a place, such as Europe/Zagreb, and UTC."""
    places = {
        zone
        for zone in available_timezones()
        if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/", "posix/", "right/"))
    }
    return ("UTC", *sorted(places))


def _reader() -> Locale:
    return Locale.parse(get_language() or "en", sep="-")


@lru_cache(maxsize=8)
def _countries(locale: Locale) -> tuple[tuple[str, str], ...]:
    # Not every language has a name for every island.
    names = ((code, str(locale.territories.get(code, _ENGLISH[code]))) for code in COUNTRY_CODES)
    return tuple(sorted(names, key=lambda pair: pair[1].translate(_SORTED_AS)))


@lru_cache(maxsize=8)
def _currencies(locale: Locale) -> tuple[tuple[str, str], ...]:
    codes = (*_COMMON, *sorted(CURRENT_CURRENCIES - set(_COMMON)))
    return tuple((code, f"{code} – {locale.currencies.get(code, code)}") for code in codes)
