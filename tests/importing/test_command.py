"""The command as it is run: its words, its JSON, its exit status, its memory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.importing.desk import CLIENTS, INVOICES, PAYMENTS, TWO_CLIENTS
from tests.processes import ROOT, Desk
from tools.receivables import COLUMNS, UnknownList, convert


@pytest.fixture
def own(own_desk: Desk) -> Desk:
    own_desk.manage("create_workspace", "jana", "--owner", "jana@example.com")
    return own_desk


def bring(own: Desk, kind: str, path: Path, *options: str) -> tuple[int, dict[str, object]]:
    done = own.manage(
        "import_csv", kind, str(path), "--workspace", "jana", "--json", *options, check=False
    )
    return done.returncode, json.loads(done.stdout.splitlines()[-1])


def test_json_on_the_last_line_and_the_exit_status(own: Desk, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(TWO_CLIENTS)
    bad.write_text(CLIENTS + "A,Cafe,nobody,HR,en,EUR\n")
    nothing = {"errors": [], "error_count": 0, "notes": [], "waiting": 0}
    assert bring(own, "clients", good, "--dry-run") == (
        0, {"kind": "clients", "new": 2, "unchanged": 0, "dry_run": True, **nothing}
    )  # fmt: skip
    for new, unchanged in ((2, 0), (0, 2)):
        assert bring(own, "clients", good) == (
            0,
            {
                "kind": "clients",
                "new": new,
                "unchanged": unchanged,
                "dry_run": False,
                **nothing,
            },
        )
    status, report = bring(own, "clients", bad)
    assert (status, report["new"]) == (1, 0)
    assert report["errors"] == [
        {
            "line": 2,
            "column": "email",
            "value": "nobody",
            "expected": "one e-mail address, or nothing",
        }
    ]
    status, report = bring(own, "clients", tmp_path / "absent.csv")
    assert (status, report["error_count"]) == (1, 1)
    plain = own.manage("import_csv", "clients", str(bad), "--workspace", "jana", check=False)
    assert "line 2, email: 'nobody'; expected one e-mail address" in plain.stderr
    assert "Nothing was brought in: 1 of 1 lines need you." in plain.stderr


def test_receivables_become_three_files(own: Desk, tmp_path: Path) -> None:
    source = tmp_path / "receivables.csv"
    source.write_text(
        ",".join(COLUMNS) + "\n"
        "611365,0379-NEVHP,391,2013-01-02,2013-02-01,USD,55.94,no,2013-01-15,0\n"
        "611366,0379-NEVHP,391,2013-01-26,2013-02-25,USD,61.7,yes,,\n"
    )
    assert convert(source, tmp_path) == {"clients": 1, "invoices": 2, "payments": 1}
    clients = (tmp_path / "clients.csv").read_text().splitlines()
    assert clients[1] == "0379-NEVHP,0379-NEVHP,0379-nevhp@clients.example,391,en,USD"
    for kind, new in (("clients", 1), ("invoices", 2), ("payments", 1)):
        status, report = bring(own, kind, tmp_path / f"{kind}.csv")
        assert (status, report["new"]) == (0, new)
    assert report["waiting"] == 1
    with pytest.raises(UnknownList):
        convert(tmp_path / "clients.csv", tmp_path)


# Runs the command given and prints how much memory it came to, in MB.
MEASURE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


def megabytes(own: Desk, kind: str, path: Path) -> int:
    command = [sys.executable, "manage.py", "import_csv", kind, str(path), "--workspace", "jana"]
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, *command],
        cwd=ROOT,
        env=own.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


def write_many(folder: Path, count: int) -> None:
    with (folder / "clients.csv").open("w") as file:
        file.write(CLIENTS)
        file.writelines(f"C{n},Client {n},c{n}@clients.example,HR,hr,EUR\n" for n in range(count))
    with (folder / "invoices.csv").open("w") as file:
        file.write(INVOICES)
        file.writelines(f"N{n},C{n},2024-01-05,2024-02-04,EUR,97.60\n" for n in range(count))
    with (folder / "payments.csv").open("w") as file:
        file.write(PAYMENTS)
        file.writelines(f"N{n},2024-02-04,97.60\n" for n in range(count))


@pytest.mark.parametrize(
    ("count", "limit"), [(5_000, 130), pytest.param(100_000, 300, marks=pytest.mark.soak)]
)
def test_memory_stays_bounded(own: Desk, tmp_path: Path, count: int, limit: int) -> None:
    write_many(tmp_path, count)
    used = {kind: megabytes(own, kind, tmp_path / f"{kind}.csv") for kind in
            ("clients", "invoices", "payments")}  # fmt: skip
    assert {kind: size for kind, size in used.items() if size > limit} == {}
