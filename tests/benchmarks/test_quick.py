"""Every benchmark runs, in small. What it measures is no test's business."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import modules

ROOT = Path(__file__).resolve().parent.parent.parent


# Each run measures on every database it finds: once is enough.
@pytest.mark.sqlite
@pytest.mark.parametrize("name", modules())
def test_it_gives_its_figures(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--only", name],
        cwd=ROOT,
        env={**os.environ, "BENCH_QUICK": "1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures = [json.loads(line) for line in done.stdout.splitlines()]
    assert figures
    for figure in figures:
        assert list(figure) == ["name", "value", "unit", "baseline", "ratio"]
        assert figure["value"] > 0
