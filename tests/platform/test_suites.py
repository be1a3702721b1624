"""`make test`: what counts as passed."""

import pytest

from tools.suites import Outcome, passed

PASSED = Outcome("sqlite", "passed", 1, ok=True)
FAILED = Outcome("sqlite", "FAILED", 1, ok=False)
NOT_RUN = Outcome("browser", "not run: no chromium", 0, ok=False, ran=False)


@pytest.mark.parametrize(
    ("outcomes", "kindly", "strictly"),
    [
        ([PASSED, PASSED], True, True),
        ([PASSED, FAILED], False, False),
        ([PASSED, NOT_RUN], True, False),
        ([NOT_RUN], False, False),
        ([], False, False),
    ],
)
def test_a_suite_that_was_not_run_fails_only_a_strict_run(
    outcomes: list[Outcome], kindly: bool, strictly: bool
) -> None:
    assert (passed(outcomes, strict=False), passed(outcomes, strict=True)) == (kindly, strictly)
