"""Every scenario of every bundle passes, and together they walk every flow of every diagram."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import casework, db
from engine.workflow.scenarios import Outcome
from tests.scenarios.bundles import DIAGRAMS, SCENARIO_FILES, processes, scenario_names

SCENARIOS = [
    pytest.param(file, name, id=f"{file.parent.parent.name}: {name}")
    for file in SCENARIO_FILES
    for name in scenario_names(file)
]


@pytest.fixture(scope="module")
def outcomes(database: str) -> Iterator[dict[tuple[Path, str], Outcome]]:
    """Every scenario played once, on a stage that is taken away afterwards."""
    with casework.stage(db.engine()) as play:
        yield {(file, outcome.scenario): outcome for file in SCENARIO_FILES for outcome in play(file)}


@pytest.mark.parametrize(("file", "name"), SCENARIOS)
def test_scenario_passes(outcomes: dict[tuple[Path, str], Outcome], file: Path, name: str) -> None:
    outcome = outcomes[file, name]
    assert outcome.passed, f"step {outcome.step}: {outcome.problem}"


@pytest.mark.parametrize("diagram", DIAGRAMS, ids=lambda path: path.stem)
def test_every_flow_is_walked(outcomes: dict[tuple[Path, str], Outcome], diagram: Path) -> None:
    # A called process takes its flows within the instance of its caller: look at all of them.
    walked = {flow for outcome in outcomes.values() for flows in outcome.walked.values() for flow in flows}
    for process in processes(diagram).values():
        assert set(process.flows) - walked == set()
