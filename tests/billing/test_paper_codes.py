"""The codes to pay by are read back from the printed page."""

import subprocess
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from billing.operations import papers as operations
from billing.rules import paycodes
from clientdesk.workspaces.models import Workspace
from tests.billing import desk, papers


def codes_on(pdf: bytes, where: Path) -> dict[str, str]:
    """By format, the text of each code on the first page at 200 dpi."""
    file = where / "codes.pdf"
    file.write_bytes(pdf)
    subprocess.run(
        ["pdftoppm", "-r", "200", "-l", "1", "-gray", "-png", str(file), str(where / "page")],
        check=True,
    )
    with Image.open(next(where.glob("page*.png"))) as picture:
        found = zxingcpp.read_barcodes(picture)
    return {str(one.format): one.bytes.decode() for one in found}


def test_both_codes_are_read_back(at: Workspace, tmp_path: Path) -> None:
    papers.seller(at)
    invoice = papers.issued(papers.buyer(at, name="Čarobna šuma Đurđa d.o.o."))
    pdf = operations.render_page(operations.invoice_html(invoice))
    codes = {name.replace(" ", ""): text for name, text in codes_on(pdf, tmp_path).items()}
    qr = codes.pop("QRCode")
    (hub3,) = codes.values()
    assert qr.split("\n")[:3] == ["BCD", "002", "1"]
    assert papers.IBAN in qr
    assert "EUR1540" in qr
    assert f"Račun {invoice.number}" in qr
    assert hub3.split("\n")[:14] == [
        "HRVHUB30", "EUR", "000000000154000", "Čarobna šuma Đurđa d.o.o.", "Teslina 14",
        "10000 Zagreb", "Jana Novak Social", "Ilica 142", "10000 Zagreb", papers.IBAN, "HR00",
        invoice.number, "SCVE", f"Račun {invoice.number}",
    ]  # fmt: skip


def test_no_code_in_another_currency(at: Workspace, tmp_path: Path) -> None:
    papers.seller(at)
    invoice = papers.issued(papers.buyer(at), currency="USD")
    assert codes_on(operations.render_page(operations.invoice_html(invoice)), tmp_path) == {}


@pytest.mark.parametrize(
    ("currency", "amount", "iban"),
    [
        ("USD", 100, papers.IBAN),
        ("EUR", 0, papers.IBAN),
        ("EUR", 100_000_000_000, papers.IBAN),
        ("EUR", 100, "HR1210010051863000161"),
        ("EUR", 100, ""),
    ],
)
def test_what_the_standard_cannot_say_is_refused(currency: str, amount: int, iban: str) -> None:
    with pytest.raises(paycodes.NotPayableByCode):
        paycodes.epc_svg(
            name="Jana", iban=iban, currency=currency, amount_minor=amount, text="1", alt=""
        )


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("2025-031", ("HR00", "2025-031")),
        ("31/1/1", ("HR00", "31-1-1")),
        ("R-2025-1", ("HR99", "")),
        ("1-2-3-4", ("HR99", "")),
    ],
)
def test_the_model_takes_digits_only(number: str, expected: tuple[str, str]) -> None:
    assert paycodes.hub3_reference(number) == expected


@pytest.mark.parametrize("count", [1, 7, 8, 9, 13, 25, 41])
def test_pages_break_well(at: Workspace, tmp_path: Path, count: int) -> None:
    """Heads repeat, the sum stands with the last row, the payment block is whole."""
    papers.seller(at)
    invoice = papers.issued(papers.buyer(at), (papers.LINES * 9)[:count])
    text = papers.text_of(operations.render_page(operations.invoice_html(invoice)), tmp_path)
    pages = [page for page in text.split("\f") if page.strip()]
    rows = [sum(page.count(line.description) for line in papers.LINES) for page in pages]
    assert sum(rows) == count
    assert rows[0] > 0
    assert all(("Količina" in page) == (found > 0) for page, found in zip(pages, rows, strict=True))
    with_sum = [n for n, page in enumerate(pages) if "Osnovica" in page]
    assert with_sum == [max(n for n, found in enumerate(rows) if found)]
    paying = next(page for page in pages if "Primatelj" in page)
    assert all(word in paying for word in ("IBAN", "Model i poziv", "Opis plaćanja", "EPC QR"))
    assert f"Stranica {len(pages)} od {len(pages)}" in pages[-1]


def test_an_imported_invoice_has_one_line(at: Workspace, tmp_path: Path) -> None:
    papers.seller(at)
    invoice = desk.imported(papers.buyer(at), "31/1/1", due_on=desk.TODAY)
    text = papers.text_of(operations.render_page(operations.invoice_html(invoice)), tmp_path)
    assert "800,00 €" in text
    assert "HR00 31-1-1" in text
    assert "Količina" not in text
