"""Scenario files: every step of the format, what a failure says, and which flows were walked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from engine import db
from engine.workflow import scenarios
from engine.workflow.scenarios import Outcome, coverage
from tests.engine.workflow.diagrams import MESSAGES, SIGNALS, START, diagram, flow, signal, timer, user_task
from tests.engine.workflow.logs import boundary, chain

WORK = diagram(
    START + user_task("first") + boundary("late", "first", timer("P2D"), interrupting=False) + user_task("remind")
    + '<bpmn:exclusiveGateway id="way" default="way_end"/><bpmn:endEvent id="end"/>'
    + f'<bpmn:intermediateCatchEvent id="wait"><bpmn:messageEventDefinition messageRef="m1"/>'
    f"</bpmn:intermediateCatchEvent><bpmn:intermediateCatchEvent id='hear'>{signal('s1')}</bpmn:intermediateCatchEvent>"
    + '<bpmn:intermediateThrowEvent id="send"><bpmn:messageEventDefinition messageRef="m2"/>'
    "</bpmn:intermediateThrowEvent>"
    + chain("start", "first", "way", "end") + flow("late", "remind") + flow("way", "wait", "more")
    + chain("wait", "hear", "send"),
    key="work",
    roots=MESSAGES + SIGNALS + '<bpmn:message id="m2" name="begin"/>',
)  # fmt: skip
BEGUN = diagram(
    '<bpmn:startEvent id="start"><bpmn:messageEventDefinition messageRef="m2"/></bpmn:startEvent>'
    + user_task("look") + flow("start", "look"),
    key="begun", roots='<bpmn:message id="m2" name="begin"/>',
)  # fmt: skip
FAILS = diagram(
    START + '<bpmn:exclusiveGateway id="g"/>' + user_task("a") + user_task("b") + flow("start", "g")
    + flow("g", "a", "x = 1") + flow("g", "b", "x = 2"), key="fails",
)  # fmt: skip

ALL = """
clock: 2026-03-01T08:00:00+08:00
scenarios:
  - name: every step
    steps:
      - start: {process: work, as: d, variables: {case: "42", ratio: 1.5}}
      - start: {process: work, as: other, variables: {case: "43"}}
      - expect: {tasks: [first, first], active: [d, other]}
      - expect: {tasks: [first], instance: d}
      - advance: P1D
      - expect: {tasks: [first, first]}
      - advance: P1D
      - expect: {tasks: [first, first, remind, remind]}
      - complete: {task: first, instance: d, by: wang, variables: {more: true}}
      - expect_error: {complete: {task: first, instance: d}}
      - expect_error: {message: {name: accepted, key: "nobody"}}
      - message: {name: accepted, key: "42", variables: {answer: 2026-03-05}}
      - signal: {name: alarm, variables: {loud: true}}
      - expect: {new: {process: begun, as: n}, tasks: [first, look, remind, remind]}
      - complete: {task: look}
      - expect: {ended: [n], variables: {d: {answer: "2026-03-05", loud: true, ratio: 1.5, none: null}}}
      - start: {message: begin, as: m}
      - expect: {tasks: [look], instance: m}
      - start: {process: fails, as: f}
      - expect: {incidents: [g], active: [f]}
      - set: {instance: f, variables: {x: 2}}
      - expect_error: {start: {process: nothing}}
      - expect_error: {start: {message: nothing}}
"""


@pytest.fixture
def stage(database: str) -> Iterator[Session]:
    with db.engine().connect() as connection, scenarios.stage(connection) as session:
        yield session


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in (("work", WORK), ("begun", BEGUN), ("fails", FAILS)):
        (tmp_path / f"{name}.bpmn").write_bytes(content)
    (tmp_path / "scenarios").mkdir()
    return tmp_path / "scenarios"


def play(stage: Session, folder: Path, text: str) -> list[Outcome]:
    file = folder / "s.yaml"
    file.write_text(text, encoding="utf-8")
    return scenarios.play(stage, file)


def test_every_step_does_what_it_says(stage: Session, folder: Path) -> None:
    [outcome] = play(stage, folder, ALL)
    assert (outcome.passed, outcome.step, outcome.problem) == (True, None, None)
    assert {one.process: (one.walked, one.flows, one.missed) for one in coverage([outcome])} == {
        "begun": (1, 1, ()),
        "fails": (1, 3, ("g_a", "g_b")),
        "work": (6, 7, ("way_end",)),
    }


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ("expect: {tasks: [second]}", "expected open tasks ['second'], found ['first']"),
        ("expect: {ended: [d]}", "expected d ended, found active"),
        ("expect: {variables: {d: {n: 2}}}", "expected variables {'n': 2}, found {'n': 1}"),
        ("expect: {incidents: [x]}", "expected incidents ['x'], found []"),
        ("expect: {new: {process: begun, as: n}}", "expected one new instance of begun, found 0"),
        (
            "expect_error: {complete: {task: first}}",
            "expected complete: {task: first} to be refused, found it was done",
        ),
        ("complete: {task: second}", "no task second is open; open are: first"),
        ("set: {instance: nobody}", "“nobody” is missing or unknown"),
        ("start: {}", "“process” is missing or unknown"),
        ("dance: {}", "there is no step “dance”"),
    ],
)
def test_a_failure_says_where_what_was_expected_and_what_was_found(
    stage: Session, folder: Path, step: str, says: str
) -> None:
    text = (
        f"scenarios:\n - name: s\n   steps:\n    - start: {{process: work, as: d, variables: {{n: 1}}}}\n    - {step}\n"
    )
    [outcome] = play(stage, folder, text)
    assert (outcome.passed, outcome.step, outcome.scenario) == (False, 2, "s")
    assert says in (outcome.problem or "")


def test_a_refused_diagram_says_why_where_it_is_started(stage: Session, folder: Path) -> None:
    (folder.parent / "work.bpmn").write_bytes(diagram(START + flow("start", "nowhere"), key="work"))
    text = "scenarios:\n - name: s\n   steps:\n    - start: {process: work, as: d}\n"
    [outcome] = play(stage, folder, text)
    assert "hangs in the air" in (outcome.problem or "")
    [expected] = play(
        stage, folder, text.replace("start: {process: work, as: d}", "expect_error: {start: {process: work}}")
    )
    assert expected.passed


def test_what_is_no_scenario_file_is_one_failure(stage: Session, folder: Path) -> None:
    [outcome] = play(stage, folder, "scenarios: [")
    assert not outcome.passed and "this is not a scenario file" in (outcome.problem or "")


OUTSIDE = diagram(
    START
    + '<bpmn:serviceTask id="weigh"><bpmn:extensionElements><zeebe:taskDefinition type="scales.weigh" retries="2"/>'
    '<zeebe:properties><zeebe:property name="hejie.backoff" value="PT10M"/></zeebe:properties>'
    "</bpmn:extensionElements></bpmn:serviceTask>"
    + '<bpmn:boundaryEvent id="heavy" attachedToRef="weigh"><bpmn:errorEventDefinition errorRef="e1"/>'
    "</bpmn:boundaryEvent>" + user_task("light") + user_task("lift")
    + chain("start", "weigh", "light") + flow("heavy", "lift"),
    key="outside", roots='<bpmn:error id="e1" errorCode="TOO_HEAVY"/>',
)  # fmt: skip
WEIGHED = """
scenarios:
  - name: weighed at the second attempt
    steps:
      - start: {process: outside, as: o}
      - expect: {jobs: [weigh], tasks: []}
      - job: {task: weigh, fails: "the scales are being cleaned"}
      - expect: {jobs: []}
      - expect_error: {job: {task: weigh}}
      - advance: PT10M
      - job: {task: weigh, instance: o, variables: {kilograms: 3}}
      - expect: {tasks: [light], variables: {o: {kilograms: 3}}, incidents: []}
  - name: too heavy
    steps:
      - start: {process: outside, as: o}
      - job: {task: weigh, error: TOO_HEAVY, variables: {kilograms: 300}}
      - expect: {tasks: [lift], variables: {o: {kilograms: 300}}}
  - name: given up
    steps:
      - start: {process: outside, as: o}
      - job: {task: weigh, fails: broken}
      - advance: PT10M
      - job: {task: weigh, fails: broken}
      - expect: {jobs: [], incidents: [weigh], active: [o]}
  - name: not this one
    steps:
      - start: {process: outside, as: o}
      - expect: {jobs: [weigh, weigh]}
"""


def test_a_scenario_plays_other_systems_too(stage: Session, folder: Path) -> None:
    (folder.parent / "outside.bpmn").write_bytes(OUTSIDE)
    *played, last = play(stage, folder, WEIGHED)
    assert [(one.scenario, one.problem) for one in played] == [
        ("weighed at the second attempt", None), ("too heavy", None), ("given up", None)
    ]  # fmt: skip
    assert last.problem == "expect: {jobs: [weigh, weigh]}: expected jobs ['weigh', 'weigh'], found ['weigh']"


def test_flows_of_one_name_in_two_processes_are_told_apart(stage: Session, folder: Path) -> None:
    for key in ("one", "two"):
        (folder.parent / f"{key}.bpmn").write_bytes(diagram(START + user_task("a") + flow("start", "a"), key=key))
    [outcome] = play(stage, folder, "scenarios:\n - name: s\n   steps:\n    - start: {process: one, as: d}\n")
    assert {one.process: one.walked for one in coverage([outcome])} | {"begun": 0, "fails": 0, "work": 0} == {
        "one": 1, "two": 0, "begun": 0, "fails": 0, "work": 0
    }  # fmt: skip


@pytest.mark.parametrize(("content", "problem"), [
    ("- a list", "There are no scenarios"), ("scenarios: hello", "There are no scenarios"),
    ("scenarios: [1]", "Scenario 1 has no list of steps"), ("scenarios: [{steps: hello}]", "no list of steps"),
    ("scenarios: [{steps: [{complete: {task: a, variables: {yes: 1}}}]}]", "reads a name as “True”"),
    ("scenarios: [{steps: }]", "no list of steps"), ("scenarios: [{steps: [1, start]}]", "Step 1 of scenario 1"),
    ("scenarios: [{steps: [{start: }]}]", "Step 1 of scenario 1"), ("scenarios: [{steps: [{start: [1]}]}]", "Step 1"),
    ("clock: hello\nscenarios: []", "The clock is no moment"), ("deploy: 1\nscenarios: []", "no list of file names"),
    ("{" * 5000, "not YAML"), ("scenarios: [{steps: [{start: {process: p, variables: hello}}]}]", "start"),
])  # fmt: skip
def test_a_half_written_file_fails_with_what_is_wrong(session: Session, content: str, problem: str) -> None:
    [outcome] = scenarios.play_file(session, "half.yaml", content.encode())
    assert not outcome.passed
    assert problem in str(outcome.problem)
