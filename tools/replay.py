"""Live a list of receivables day by day and compare the mail that arrives with the back-test.

    DATABASE_URL=… python -m tools.replay FOLDER [--ladder RUNGS] [--calendar none|client]

FOLDER holds clients.csv, invoices.csv and payments.csv, as `python -m tools.receivables` writes
them. DATABASE_URL names a migrated database; two fresh workspaces are made in it. One imports all
three files and gives the back-test. The other imports clients and invoices, starts their ladder,
and lives every day: payments of that day booked, ladder swept, mail delivered to an SMTP server on
this machine. Prints one line of JSON; exits with 1 where the two are not equal step by step.
"""

import argparse
import json
import os
import sys
from importlib import import_module
from pathlib import Path

import django

LADDER = "reminder:3,stop_work:10,final:20"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--ladder", default=LADDER)
    parser.add_argument("--calendar", choices=("client", "none"), default="none")
    options = parser.parse_args()
    if not os.environ.get("DATABASE_URL"):
        # Never into the desk that someone works in.
        sys.exit("DATABASE_URL: expected a migrated database made for this, sqlite:// or postgres")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clientdesk.settings")
    django.setup()
    result = import_module("tests.replay.files").run(
        options.folder, rungs=options.ladder, calendar=options.calendar
    )
    print(json.dumps(result))
    sys.exit(0 if result["equal"] else 1)


if __name__ == "__main__":
    main()
