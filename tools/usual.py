"""How well "usually pays around" foretells payments: `python -m tools.usual receivables.csv`.

Forward in time: for each invoice only what was settled before its issue date is known, at least
three invoices of the client. Prints one JSON line; errors are mean absolute ones, in days.
"""

import argparse
import csv
import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from billing.rules.lateness import Bill, usually_pays

ONE_DAY = timedelta(days=1)
Row = tuple[str, date, Bill]


def read(path: Path) -> list[Row]:
    """(client, issue date, bill) for each invoice that was paid."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            (
                row["client_reference"],
                date.fromisoformat(row["issued_on"]),
                Bill(
                    number,
                    row["invoice_number"],
                    date.fromisoformat(row["due_on"]),
                    date.fromisoformat(row["paid_on"]),
                ),
            )
            for number, row in enumerate(csv.DictReader(file), 1)
            if row["paid_on"]
        ]


def measure(rows: Iterable[Row]) -> dict[str, float | int | None]:
    """Errors of the foretold day and of the due date, over the same invoices."""
    of_client: defaultdict[str, list[tuple[date, Bill]]] = defaultdict(list)
    for client, issued_on, bill in rows:
        of_client[client].append((issued_on, bill))
    errors, due_errors = [], []
    for invoices in of_client.values():
        bills = [bill for _, bill in invoices]
        for issued_on, bill in invoices:
            usual = usually_pays(bills, on=issued_on - ONE_DAY)
            if usual is None or bill.settled_on is None:
                continue
            days = (bill.settled_on - bill.due_on).days
            errors.append(abs(days - usual.median))
            due_errors.append(abs(days))
    seen = len(errors)
    return {
        "invoices": seen,
        "usual_mae_days": round(sum(errors) / seen, 3) if seen else None,
        "due_mae_days": round(sum(due_errors) / seen, 3) if seen else None,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    print(json.dumps({"name": "usual", **measure(read(parser.parse_args().file))}))


if __name__ == "__main__":
    main()
