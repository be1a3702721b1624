"""Turn one list of receivables into the three files that `import_csv` takes.

    python -m tools.receivables receivables.csv OUT_FOLDER

The list has one line per invoice, with the columns
invoice_number,client_reference,country_code,issued_on,due_on,currency,total,disputed,paid_on,days_late

Out come clients.csv, invoices.csv and payments.csv, to be imported in that order. A client is
named like its reference and gets the address <reference>@clients.example, which exists nowhere; an
invoice with a day in `paid_on` is paid in full on that day. `disputed` and `days_late` are not
taken over.
"""

import argparse
import csv
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

COLUMNS = (
    "invoice_number", "client_reference", "country_code", "issued_on", "due_on", "currency",
    "total", "disputed", "paid_on", "days_late",
)  # fmt: skip
OUT = {
    "clients": "reference,name,email,country,language,currency",
    "invoices": "number,client_reference,issued_on,due_on,currency,total",
    "payments": "invoice_number,paid_on,amount",
}


class UnknownList(Exception):
    """The file's first line does not name the columns."""


def convert(source: Path, folder: Path) -> dict[str, int]:
    """Write the three files into `folder`; answers how many rows each has. Raises UnknownList."""
    counts = dict.fromkeys(OUT, 0)
    known: set[str] = set()
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as files:
        rows = csv.DictReader(files.enter_context(source.open(encoding="utf-8-sig", newline="")))
        if missing := set(COLUMNS) - set(rows.fieldnames or ()):
            raise UnknownList(f"{source}: missing {', '.join(sorted(missing))}")
        writers = {
            name: files.enter_context(_written(folder / f"{name}.csv", header))
            for name, header in OUT.items()
        }

        def write(name: str, *cells: str) -> None:
            writers[name].writerow(cells)
            counts[name] += 1

        for row in rows:
            reference, currency = row["client_reference"], row["currency"]
            if reference not in known:
                known.add(reference)
                address = f"{reference.lower()}@clients.example"
                write("clients", reference, reference, address, row["country_code"], "en", currency)
            number, total = row["invoice_number"], row["total"]
            write("invoices", number, reference, row["issued_on"], row["due_on"], currency, total)
            if row["paid_on"]:
                write("payments", number, row["paid_on"], total)
    return counts


@contextmanager
def _written(path: Path, header: str) -> Iterator[Any]:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        yield writer


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    try:
        counts = convert(options.source, options.folder)
    except (OSError, UnknownList) as error:
        sys.exit(str(error))
    print(", ".join(f"{count} {name}" for name, count in counts.items()))


if __name__ == "__main__":
    main()
