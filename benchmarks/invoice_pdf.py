"""An invoice's PDF as the product makes it, beside bare WeasyPrint on the same HTML.

Ours: from the rows' facts through the template and the limited child process to the bytes. Bare:
one `FontConfiguration` reused, the style sheet loaded by its link. CPU-bound, median of 5 in turns.
"""

import json
import logging
import os
import statistics
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

RUNS = 5
LINES = 5


def run() -> list[dict[str, Any]]:
    """Milliseconds an invoice, and the ratio to the baseline."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clientdesk.settings")
    import django  # noqa: PLC0415 -- after the settings are named

    django.setup()
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    from billing.operations.papers import render_page, sheet_html  # noqa: PLC0415
    from billing.rules.bill_sheet import bill_sheet  # noqa: PLC0415
    from clientdesk.pdf import BASE_URL, _tools  # noqa: PLC0415

    bill = _bill()
    html = sheet_html("pdf/invoice.html", bill_sheet(bill, "hr"))[0]
    fonts, fetcher = FontConfiguration(), _tools()[2]

    def bare() -> None:
        page = HTML(string=html, base_url=BASE_URL, url_fetcher=fetcher)
        page.write_pdf(font_config=fonts, pdf_variant="pdf/ua-1")

    def ours() -> None:
        render_page(sheet_html("pdf/invoice.html", bill_sheet(bill, "hr")))

    logging.getLogger("weasyprint").setLevel(logging.WARNING)
    bare()
    ours()
    times: dict[str, list[float]] = {"bare": [], "ours": []}
    for _ in range(RUNS):
        times["bare"].append(_timed(bare))
        times["ours"].append(_timed(ours))
    value, baseline = statistics.median(times["ours"]), statistics.median(times["bare"])
    return [
        {
            "name": "invoice PDF",
            "value": round(value, 1),
            "unit": "ms",
            "baseline": round(baseline, 1),
            "ratio": round(value / baseline, 3),
        }
    ]


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _bill() -> Any:
    from billing.rules.paper import Bill, Item, Mark, Party  # noqa: PLC0415 -- as above

    seller = Party(
        "Jana Novak Social", ("Ilica 142", "10000 Zagreb"), "12345678903", "HR12345678903", "HR",
        "HR1210010051863000160", "jana@jananovak.example",
    )  # fmt: skip
    buyer = Party("Bistro Lune d.o.o.", ("Teslina 14", "10000 Zagreb"), "98765432106")
    items = tuple(
        Item(f"Vođenje kanala {n}", 68_000, "Do 16 objava", Decimal(1), "mj.", 68_000, vat_bp=2500)
        for n in range(LINES)
    )
    net = 68_000 * LINES
    return Bill(
        number="2025-031", currency="EUR", seller=seller, buyer=buyer,
        issued_on=date(2025, 4, 9), due_on=date(2025, 4, 23), net_minor=net,
        vat_minor=net // 4, total_minor=net + net // 4, items=items, mark=Mark(127, "7a" * 32),
    )  # fmt: skip


if __name__ == "__main__":
    for row in run():
        print(json.dumps(row))
