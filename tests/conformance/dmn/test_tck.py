"""Every test of the DMN technology compatibility kit that stands beside the repository gives what it expects."""

import pytest

from tests.conformance.dmn.tck import FOLDER, Case, cases, model, same, value

CASES = list(cases())
EXCEPTIONS: dict[str, str] = {}
"""Tests that fail, each with the reason; one that passes must leave this list."""


@pytest.mark.skipif(not CASES, reason=f"the technology compatibility kit is not at {FOLDER}")
@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_gives_what_the_kit_expects(request: pytest.FixtureRequest, case: Case) -> None:
    if case.id in EXCEPTIONS:
        request.applymarker(pytest.mark.xfail(reason=EXCEPTIONS[case.id], strict=True))
    result = model(case.file).decide(case.asked, value(case.inputs))
    reasons = "; ".join(map(str, result.warnings))
    assert same(result.value, value(case.expected)), f"{result.value!r} instead of {case.expected!r}. {reasons}"


@pytest.mark.skipif(not CASES, reason=f"the technology compatibility kit is not at {FOLDER}")
def test_no_exception_has_outlived_its_case() -> None:
    assert set(EXCEPTIONS) <= {case.id for case in CASES}
