"""All scenarios of a bundle, played on a stage."""

from engine import casework
from engine.studio import walking
from engine.workflow.definitions import File

SCENARIO = b"""
scenarios:
  - name: not there
    steps:
      - start: {process: hazard, as: h, variables: {risk: BLUE, level: village}}
      - complete: {task: verify, variables: {verified: "false"}}
      - expect: {ended: [h]}
"""


def test_a_scenario_passes_and_its_flows_are_told(house: None) -> None:
    [outcome] = walking.played([], [File("hazard/scenarios/one.yaml", SCENARIO)])
    assert outcome.passed, outcome.problem
    assert "is-true-close-not-true" in outcome.walked["hazard"]
    assert "has-zone-strike-off" in outcome.flows["hazard"] - outcome.walked["hazard"]


def test_on_a_draft_that_goes_otherwise_it_fails_at_its_step(house: None) -> None:
    [deployed] = [file for file in casework.library() if file.name == "hazard/hazard.bpmn"]
    draft = File(deployed.name, deployed.content.replace(b'=verified = "true"', b'=verified = "false"'))
    [outcome] = walking.played([draft], [File("hazard/scenarios/one.yaml", SCENARIO)])
    assert (outcome.passed, outcome.step) == (False, 3)


def test_a_draft_that_would_be_refused_says_why(house: None) -> None:
    [outcome] = walking.played([File("x.bpmn", b"<x/>")], [File("hazard/scenarios/one.yaml", SCENARIO)])
    assert not outcome.passed
    assert outcome.problem is not None and outcome.problem.startswith("x.bpmn: ")
