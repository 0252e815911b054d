"""Processes and their decision tables: what is kept of a decision, and what happens when there is none."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import events
from engine.workflow import definitions, instances
from engine.workflow.definitions import File
from engine.workflow.errors import DeploymentRefused
from engine.workflow.models import Incident, Instance
from tests.engine.dmn.models import data, decision, knowledge, literal, table, xml
from tests.engine.workflow.diagrams import diagram, flow, user_task
from tests.engine.workflow.driving import open_elements, variables

DECIDES = diagram(
    '<bpmn:startEvent id="s"/><bpmn:businessRuleTask id="rule"><bpmn:extensionElements>'
    '<zeebe:calledDecision decisionId="d" resultVariable="found"/></bpmn:extensionElements></bpmn:businessRuleTask>'
    + user_task("after")
    + flow("s", "rule")
    + flow("rule", "after")
)
OTHER = "https://hejie.example/other"
IMPORT = f'<import name="o" namespace="{OTHER}" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'


def run(session: Session, *models: bytes, **given: object) -> Instance:
    """Deploy a process that decides, with the models, and start it."""
    files = [File(f"{number}.dmn", content) for number, content in enumerate(models)]
    definitions.deploy(session, [File("p.bpmn", DECIDES), *files], actor=None)
    return instances.start(session, "p", given, actor=None)


def test_rules_that_held_are_kept_in_the_history(session: Session) -> None:
    model = xml(data("x", "number"), decision("d", table(["x"], [["< 5", '"few"'], [">= 5", '"many"']]), needs=["!x"]))
    instance = run(session, model, x=7)
    assert variables(session, instance)["found"] == "many"
    whys = [event.data["why"] for event in events.of_stream(session, instance.stream) if "why" in event.data]
    assert [why["rules"] for why in whys] == [{"t": ["r2"]}] or not whys


def test_table_that_contradicts_itself_is_an_incident(session: Session) -> None:
    model = xml(decision("d", table(["x"], [["> 1", '"a"'], ["> 2", '"b"']])))
    instance = run(session, model, x=3)
    assert open_elements(session, instance) == []
    [incident] = session.scalars(select(Incident).where(Incident.instance_id == instance.id))
    assert "1, 2" in incident.message


def test_no_rule_is_no_incident(session: Session) -> None:
    instance = run(session, xml(decision("d", table(["x"], [["1", '"a"']]))), x=3)
    assert open_elements(session, instance) == ["after"]
    assert variables(session, instance)["found"] is None


def test_variables_never_stand_in_for_decisions(session: Session) -> None:
    model = xml(decision("base", literal("1")), decision("d", literal("base"), needs=["base"]))
    assert variables(session, run(session, model, base=99))["found"] == 1


def test_models_of_one_deployment_import_each_other_and_later_ones_those_in_force(session: Session) -> None:
    other = xml(knowledge("double", {"n": None}, literal("n * 2")), namespace=OTHER).replace(b'id="test"', b'id="o"')
    for factor in (1, 10):
        own = xml(IMPORT, decision("d", literal(f"o.double({factor})"), knows=[f"{OTHER}#double"]))
        assert variables(session, run(session, own, *([other] if factor == 1 else [])))["found"] == 2 * factor


def test_broken_table_is_refused_with_all_its_findings(session: Session) -> None:
    with pytest.raises(DeploymentRefused) as refused:
        run(session, xml(decision("d", literal("1 +")), decision("e", table(["x"], [["1"]], policy="BEST"))))
    assert {one.rule for one in refused.value.findings} == {"feel-syntax", "cell-count", "hit-policy"}
