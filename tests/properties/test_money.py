"""Amounts: read exactly or refused, rounded half up, written as documents write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.money import (
    MOST,
    AmountInvalid,
    CurrencyUnknown,
    exponent,
    format_money,
    from_minor,
    half_up,
    parse_amount,
    to_minor,
)

CURRENCIES = {"EUR": 2, "USD": 2, "JPY": 0, "KWD": 3, "BHD": 3}
minors = st.integers(-MOST, MOST)
currencies = st.sampled_from(sorted(CURRENCIES))


@pytest.mark.parametrize(("currency", "digits"), CURRENCIES.items())
def test_digits_of_a_currency(currency: str, digits: int) -> None:
    assert exponent(currency) == digits


@pytest.mark.parametrize("code", ["ZZZ", "eur", "EU", "EURO", "", "€", "EUR\n"])
def test_an_unknown_currency_is_refused(code: str) -> None:
    with pytest.raises(CurrencyUnknown):
        exponent(code)
    with pytest.raises(CurrencyUnknown):
        parse_amount("1", code)


@given(minors, currencies)
def test_minor_units_survive_the_way_there_and_back(minor: int, currency: str) -> None:
    amount = from_minor(minor, currency)
    assert amount * 10 ** CURRENCIES[currency] == minor
    assert to_minor(amount, currency) == minor
    assert parse_amount(f"{amount:f}", currency) == minor
    assert parse_amount(f"{amount:f}".replace(".", ","), currency, decimal_comma=True) == minor


@given(minors)
def test_an_amount_with_thousands_is_read_as_written(minor: int) -> None:
    english = f"{from_minor(minor, 'EUR'):,.2f}"
    croatian = english.translate(str.maketrans(",.", ".,"))
    assert parse_amount(english, "EUR") == minor
    assert parse_amount(croatian, "EUR", decimal_comma=True) == minor


@given(st.integers(-(10**9), 10**9), st.integers(1, 999))
def test_rounding_goes_to_the_nearest_and_a_half_away_from_zero(whole: int, parts: int) -> None:
    sign = -1 if whole < 0 else 1
    rounded = half_up(Decimal(whole) + sign * Decimal(parts) / 1000)
    assert rounded == (whole + sign if parts >= 500 else whole)


@pytest.mark.parametrize(
    ("amount", "cents"),
    [("0.005", 1), ("-0.005", -1), ("2.675", 268), ("0.0049999", 0), ("1.005", 101)],
)
def test_half_cents_go_up(amount: str, cents: int) -> None:
    assert to_minor(Decimal(amount), "EUR") == cents


@pytest.mark.parametrize(
    ("text", "currency", "comma", "minor"),
    [
        ("1540", "EUR", False, 154000),
        ("1540.00", "EUR", False, 154000),
        (" 97.6 ", "USD", False, 9760),
        ("1.540,00", "EUR", True, 154000),
        ("97,6", "EUR", True, 9760),
        ("1.540", "EUR", True, 154000),
        ("1540", "JPY", False, 1540),
        ("1.234", "KWD", False, 1234),
        ("-5", "EUR", False, -500),
        ("0", "EUR", False, 0),
    ],
)
def test_what_is_read(text: str, currency: str, comma: bool, minor: int) -> None:
    assert parse_amount(text, currency, decimal_comma=comma) == minor


@pytest.mark.parametrize("comma", [False, True])
@pytest.mark.parametrize(
    "text",
    ["", " ", "NaN", "Infinity", "1e5", "1E-2", "0x10", "1_000", "٣", "１２", "€5", "--5", "5-",
     "1 540", "1.2.3", "1,2,3", ".", ",", "1.", "1,", "=1+1"],
)  # fmt: skip
def test_what_is_no_amount_is_refused_by_value_and_expectation(text: str, comma: bool) -> None:
    with pytest.raises(AmountInvalid) as refused:
        parse_amount(text, "EUR", decimal_comma=comma)
    assert repr(text) in str(refused.value)
    assert f"expected e.g. {'1540,00' if comma else '1540.00'}" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "currency"),
    [("1.540", "EUR"), ("1540.000", "EUR"), ("0.001", "EUR"), ("1.5", "JPY"), ("1.0000", "KWD")],
)
def test_more_decimals_than_the_currency_has_are_refused(text: str, currency: str) -> None:
    with pytest.raises(AmountInvalid, match=f"{currency} has {CURRENCIES[currency]}"):
        parse_amount(text, currency)


@pytest.mark.parametrize("text", ["9" * 18, "-" + "9" * 18, "9" * 40, "9" * 5000])
def test_an_amount_no_column_holds_is_refused(text: str) -> None:
    with pytest.raises(AmountInvalid, match="too large"):
        parse_amount(text, "EUR")


@given(st.text(max_size=12), currencies, st.booleans())
def test_any_text_is_read_or_refused(text: str, currency: str, comma: bool) -> None:
    try:
        minor = parse_amount(text, currency, decimal_comma=comma)
    except AmountInvalid:
        return
    assert abs(minor) <= MOST


@pytest.mark.parametrize(
    ("minor", "currency", "language", "written"),
    [
        (154000, "EUR", "en", "€1,540.00"),
        (154000, "EUR", "hr", "1.540,00\N{NO-BREAK SPACE}€"),
        (9760, "USD", "en", "$97.60"),
        (9760, "USD", "hr", "97,60\N{NO-BREAK SPACE}USD"),
        (-500, "EUR", "en", "-€5.00"),
        (1540, "JPY", "en", "¥1,540"),
        (1234, "KWD", "hr", "1,234\N{NO-BREAK SPACE}KWD"),
        (0, "EUR", "en", "€0.00"),
    ],
)
def test_how_documents_write_it(minor: int, currency: str, language: str, written: str) -> None:
    assert format_money(minor, currency, language) == written
