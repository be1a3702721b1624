"""`make bench [ONLY=name]`: one JSON line per figure.

BENCH_QUICK=1 measures next to nothing and shows in seconds that everything runs.
"""

import argparse
import importlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent


def modules() -> list[str]:
    """The names of those that have figures: every module here with a `run`.

    Read, not imported: some need Django's settings, which only their children have.
    """
    return sorted(p.stem for p in HERE.glob("[a-z]*.py") if "\ndef run(" in p.read_text())


def main(arguments: Sequence[str] | None = None) -> int:
    known = modules()
    parser = argparse.ArgumentParser(prog="make bench", description="Measure what README quotes.")
    parser.add_argument("--only", choices=known, action="append")
    for name in parser.parse_args(arguments).only or known:
        for figure in importlib.import_module(f"benchmarks.{name}").run():
            print(json.dumps(figure), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
