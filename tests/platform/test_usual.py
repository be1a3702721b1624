"""The measure of "usually pays around" looks at nothing that was not known on the issue date."""

from pathlib import Path

from tools.usual import measure, read

HEAD = "invoice_number,client_reference,issued_on,due_on,paid_on\n"


def test_it_walks_forward_in_time(tmp_path: Path) -> None:
    file = tmp_path / "receivables.csv"
    rows = [
        "1,A,2025-01-01,2025-01-15,2025-01-19",  # 4 days after due
        "2,A,2025-02-01,2025-02-15,2025-02-21",  # 6
        "3,A,2025-03-01,2025-03-15,2025-03-20",  # 5
        # Paid on the day the next is issued: not known before it.
        "4,A,2025-03-20,2025-04-03,2025-04-11",  # two known so far: not measured
        "5,A,2025-04-12,2025-04-26,2025-05-05",  # 9; known 4, 6, 5, 8: foretold 6 (5.5 goes up)
        "6,B,2025-04-12,2025-04-26,",
    ]
    file.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    assert measure(read(file)) == {"invoices": 1, "usual_mae_days": 3.0, "due_mae_days": 9.0}
