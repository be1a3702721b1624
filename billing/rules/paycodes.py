"""Codes to pay by: the EPC QR code (EPC069-12) and the PDF417 of Croatian banks (HUB3). Pure.

Each is an inline SVG whose modules are drawn as runs of one path.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from html import escape

import pdf417gen
from segno import helpers
from stdnum import iban as ibans
from stdnum.exceptions import ValidationError

MOST_CENTS = 99_999_999_999  # 999,999,999.99, the limit of both
HUB3_MM = 58.0
EPC_MM = 28.0


class NotPayableByCode(ValueError):
    """The standard has no code for this: not EUR, no valid IBAN, no amount or too large a one."""


@dataclass(frozen=True, slots=True)
class Address:
    """A name with street and place, as HUB3 writes a party."""

    name: str
    street: str = ""
    place: str = ""


def checked_iban(text: str) -> str:
    """The IBAN without spaces. Raises NotPayableByCode."""
    try:
        # The country's own format is not asked: not every bank's country is in that table.
        checked: str = ibans.validate(text, check_country=False)
    except ValidationError as error:
        raise NotPayableByCode(f"{text!r} is no valid IBAN") from error
    return checked


def grouped_iban(text: str) -> str:
    """By fours, as printed; the groups never break apart."""
    plain = re.sub(r"\s", "", text)
    return "\N{NO-BREAK SPACE}".join(plain[i : i + 4] for i in range(0, len(plain), 4))


def epc_svg(*, name: str, iban: str, currency: str, amount_minor: int, text: str, alt: str) -> str:
    """A QR code that a SEPA bank's app reads, 28 mm wide. Raises NotPayableByCode."""
    _check(currency, amount_minor)
    code = helpers.make_epc_qr(
        name=_cut(name, 70),
        iban=checked_iban(iban),
        amount=Decimal(amount_minor).scaleb(-2),
        text=_cut(text, 140),
        # By name, or č goes out in a one-byte code.
        encoding="utf-8",
    )
    rows = [[bool(module) for module in row] for row in code.matrix]
    return _svg(rows, width_mm=EPC_MM, ratio=1, alt=alt, css="epc")


def hub3_reference(number: str) -> tuple[str, str]:
    """Model and reference: HR00 takes digits in up to three groups, anything else goes as HR99."""
    reference = re.sub(r"[^0-9A-Za-z]+", "-", number).strip("-")
    if re.fullmatch(r"\d{1,12}(-\d{1,12}){0,2}", reference) and len(reference) <= 22:
        return "HR00", reference
    return "HR99", ""


def hub3_svg(
    *,
    payer: Address,
    payee: Address,
    iban: str,
    currency: str,
    amount_minor: int,
    number: str,
    text: str,
    alt: str,
) -> str:
    """The 2D code of Croatian payment orders, 58 mm wide. Raises NotPayableByCode."""
    _check(currency, amount_minor)
    checked = checked_iban(iban)
    if not checked.startswith("HR"):
        raise NotPayableByCode(f"{checked!r} is no Croatian IBAN")
    model, reference = hub3_reference(number)
    fields = [
        "HRVHUB30", "EUR", f"{amount_minor:015d}",
        _cut(payer.name, 30), _cut(payer.street, 27), _cut(payer.place, 27),
        _cut(payee.name, 25), _cut(payee.street, 25), _cut(payee.place, 27),
        checked, model, reference, "SCVE", _cut(text, 35),
    ]  # fmt: skip
    codes = pdf417gen.encode("\n".join(fields) + "\n", columns=9, security_level=4)
    rows = [[bit == "1" for word in row for bit in f"{word:b}"] for row in codes]
    return _svg(rows, width_mm=HUB3_MM, ratio=3, alt=alt, css="hub3")


def _check(currency: str, amount_minor: int) -> None:
    if currency != "EUR":
        raise NotPayableByCode(f"{currency} instead of EUR")
    if not 0 < amount_minor <= MOST_CENTS:
        raise NotPayableByCode(f"{amount_minor} cents; expected 1 to {MOST_CENTS}")


def _cut(text: str, length: int) -> str:
    """One line of at most `length` signs, cut at a word where there is one to cut at."""
    plain = " ".join(text.split())
    if len(plain) <= length:
        return plain
    head = plain[:length]
    return (head.rpartition(" ")[0] or head).rstrip(" ,")


def _svg(rows: list[list[bool]], *, width_mm: float, ratio: int, alt: str, css: str) -> str:
    width, height = len(rows[0]), len(rows) * ratio
    path = []
    for y, row in enumerate(rows):
        start = None
        for x, dark in enumerate([*row, False]):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                path.append(f"M{start} {y * ratio}h{x - start}v{ratio}H{start}z")
                start = None
    height_mm = width_mm * height / width
    title = escape(alt, quote=False)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{css}" width="{width_mm:g}mm" '
        f'height="{height_mm:.2f}mm" viewBox="0 0 {width} {height}" shape-rendering="crispEdges" '
        f'role="img"><title>{title}</title><path fill="#000" d="{"".join(path)}"/></svg>'
    )
