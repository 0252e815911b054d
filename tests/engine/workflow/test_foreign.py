"""Files of other tools: prefixes, missing ids, and vendors' words that change what happens or do not."""

import pytest
from sqlalchemy.orm import Session

from engine.workflow import bpmn, instances
from engine.workflow.files import kind_of
from tests.engine.workflow.diagrams import END, START, diagram, flow, script, timer, user_task
from tests.engine.workflow.driving import open_elements, rules, start, variables
from tests.engine.workflow.logs import chain

VENDORS = (
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:flowable="http://flowable.org/bpmn" '
    'xmlns:activiti="http://activiti.org/bpmn" xmlns:color="http://www.omg.org/spec/BPMN/non-normative/color/1.0" '
    'xmlns:modeler="http://camunda.org/schema/modeler/1.0" xmlns:some="http://some.where"'
)


def foreign(attributes: str = "", inside: str = "", kind: str = "task") -> bytes:
    body = START + f'<bpmn:{kind} id="t" {attributes}>{inside}</bpmn:{kind}>' + END + chain("start", "t", "end")
    return diagram(body).replace(b"<bpmn:definitions ", f"<bpmn:definitions {VENDORS} ".encode())


@pytest.mark.parametrize(
    ("attributes", "inside", "kind"),
    [
        ('camunda:class="org.example.Do"', "", "serviceTask"),
        ('flowable:delegateExpression="${bean}"', "", "serviceTask"),
        ('activiti:expression="${x.y()}"', "", "serviceTask"),
        ('camunda:decisionRef="d"', "", "businessRuleTask"),
        ("", "<bpmn:extensionElements><camunda:inputOutput/></bpmn:extensionElements>", "userTask"),
        ("", '<bpmn:extensionElements><flowable:executionListener event="start"/></bpmn:extensionElements>', "task"),
        ("", '<bpmn:multiInstanceLoopCharacteristics camunda:collection="people"><bpmn:loopCardinality>1'
         "</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>", "userTask"),
    ],
)  # fmt: skip
def test_what_would_change_what_happens_is_refused(attributes: str, inside: str, kind: str) -> None:
    assert "foreign-extension" in rules(foreign(attributes, inside, kind))


@pytest.mark.parametrize("attributes", ['camunda:assignee="demo"', 'flowable:candidateGroups="a"', 'some:word="x"'])
def test_what_is_ignored_is_said(attributes: str) -> None:
    assert rules(foreign(attributes, kind="userTask")) == set()
    assert rules(foreign(attributes, kind="userTask"), "warning") == {"foreign-extension"}


@pytest.mark.parametrize(
    "attributes", ['camunda:asyncBefore="true"', 'color:background-color="#fff"', 'modeler:x="y"', 'flowable:async="1"']
)
def test_what_is_about_drawing_or_saving_is_no_matter(attributes: str) -> None:
    assert bpmn.check_model(foreign(attributes)) == []


def test_expressions_of_other_languages_are_refused_with_their_place() -> None:
    content = diagram(
        START + '<bpmn:exclusiveGateway id="g"/>' + END + flow("start", "g") + flow("g", "end", "${x > 1}")
    )
    [finding] = [one for one in bpmn.check_model(content) if one.severity == "error"]
    assert (finding.rule, finding.element_id) == ("expression", "g_end")
    assert "column" in finding.message and finding.line is not None
    language = diagram(START + END + flow("start", "end", "x").replace("xsi:type", 'language="groovy" xsi:type'))
    assert "expression-language" in rules(language)


@pytest.mark.parametrize(
    ("body", "roots", "at"),
    [
        ('<bpmn:callActivity id="t" calledElement="${process}"/>', "", "t"),
        (user_task("t", groups="${group}"), "", "t"),
        (user_task("t"), '<bpmn:signal id="s" name="alarm-#{place}"/>', "s"),
        (user_task("t", groups="=&quot;${is} &quot; + group"), "", None),
        (user_task("t").replace('name="t"', 'name="What ${costs}"'), "", None),
    ],
)  # fmt: skip
def test_a_placeholder_that_would_be_taken_as_it_stands_is_refused(body: str, roots: str, at: str | None) -> None:
    findings = bpmn.check_model(diagram(START + body + flow("start", "t"), roots=roots))
    assert [(one.rule, one.element_id) for one in findings if one.severity == "error"] == (
        [("expression", at)] if at else []
    )


def test_elements_and_flows_need_no_ids_where_nothing_refers_to_them(session: Session) -> None:
    content = diagram(
        '<bpmn:laneSet><bpmn:lane name="l"/></bpmn:laneSet>'
        + START + user_task("t") + '<bpmn:sequenceFlow sourceRef="start" targetRef="t"/><bpmn:textAnnotation/>'
    )  # fmt: skip
    assert open_elements(session, start(session, content)) == ["t"]


def data(inside: str, body: str = "") -> bytes:
    return diagram(
        START + '<bpmn:dataObject id="d" name="order"/><bpmn:dataObjectReference id="r" dataObjectRef="d"/>'
        + '<bpmn:dataStoreReference id="store" name="files"/>' + body
        + script("t", "taken + 1", "given").replace("</bpmn:scriptTask>", inside + "</bpmn:scriptTask>")
        + user_task("after") + chain("start", "t", "after")
    )  # fmt: skip


SPECIFIED = (
    '<bpmn:ioSpecification><bpmn:dataInput id="in" name="taken"/><bpmn:dataOutput id="out" name="given"/>'
    "</bpmn:ioSpecification>"
)
READS = (
    "<bpmn:dataInputAssociation><bpmn:sourceRef>r</bpmn:sourceRef><bpmn:targetRef>in</bpmn:targetRef>"
    "</bpmn:dataInputAssociation>"
)
WRITES = (
    "<bpmn:dataOutputAssociation><bpmn:sourceRef>out</bpmn:sourceRef><bpmn:targetRef>r</bpmn:targetRef>"
    "</bpmn:dataOutputAssociation>"
)


def test_data_flow_from_and_to_data_objects(session: Session) -> None:
    instance = start(session, data(SPECIFIED + READS + WRITES), order=1)
    assert variables(session, instance) == {"order": 2}


def test_data_are_transformed_on_their_way(session: Session) -> None:
    reads = READS.replace("</bpmn:targetRef>", "</bpmn:targetRef><bpmn:transformation>order * 10</bpmn:transformation>")
    assert variables(session, start(session, data(SPECIFIED + reads + WRITES), order=1)) == {"order": 11}


def test_an_activity_does_not_begin_without_its_data(session: Session) -> None:
    instance = start(session, data(SPECIFIED + READS + WRITES))
    [incident] = instances.restore(session, instance).incidents
    assert (incident.element_id, incident.code) == ("t", "no-data")


def test_data_whose_names_no_variable_can_bear_go_by_their_ids(session: Session) -> None:
    loop = (
        '<bpmn:ioSpecification><bpmn:dataInput id="given" name="input data"/>'
        '<bpmn:dataOutput id="made" name="the result"/></bpmn:ioSpecification><bpmn:multiInstanceLoopCharacteristics>'
        "<bpmn:loopDataInputRef>given</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>made</bpmn:loopDataOutputRef>"
        '<bpmn:inputDataItem id="one" name="input item"/><bpmn:outputDataItem id="twice" name="output item"/>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    doubled = script("t", "one * 2", "twice").replace("</bpmn:scriptTask>", loop + "</bpmn:scriptTask>")
    instance = start(session, diagram(START + doubled + user_task("u") + chain("start", "t", "u")), given=[1, 2])
    assert variables(session, instance) == {"given": [1, 2], "made": [2, 4]}


def test_an_association_that_is_only_drawn_changes_nothing(session: Session) -> None:
    drawn = (
        '<bpmn:property id="x" name="__targetRef_placeholder"/>'
        + READS.replace(">in<", ">x<")
        + "<bpmn:dataOutputAssociation><bpmn:targetRef>store</bpmn:targetRef></bpmn:dataOutputAssociation>"
    )
    assert variables(session, start(session, data(drawn), taken=1)) == {"taken": 1, "given": 2}


@pytest.mark.parametrize(
    ("rule", "inside"),
    [
        ("data-store", SPECIFIED + READS.replace(">r<", ">store<")),
        ("data-reference", SPECIFIED + READS.replace(">r<", ">nothing<")),
        ("data-assignment", SPECIFIED + READS.replace("</bpmn:targetRef>", "</bpmn:targetRef><bpmn:assignment>"
         "<bpmn:from>1</bpmn:from><bpmn:to>a + b</bpmn:to></bpmn:assignment>")),
    ],
)  # fmt: skip
def test_data_that_cannot_flow_as_drawn_are_refused(rule: str, inside: str) -> None:
    assert rule in rules(data(inside))


def test_an_input_of_the_same_name_stays_within_the_step(session: Session) -> None:
    mapped = script("t", "n + 1", "n").replace(
        "</bpmn:extensionElements>",
        '<zeebe:ioMapping><zeebe:input source="=n * 10" target="n"/></zeebe:ioMapping></bpmn:extensionElements>',
    )
    instance = start(session, diagram(START + mapped + user_task("u") + chain("start", "t", "u")), n=1)
    assert variables(session, instance) == {"n": 1}


def test_a_timer_of_another_kind_than_it_says_is_refused() -> None:
    wait = f'<bpmn:intermediateCatchEvent id="c">{timer("2026-01-01", "timeDuration")}</bpmn:intermediateCatchEvent>'
    assert "timer" in rules(diagram(START + wait + flow("start", "c")))


def test_a_diagram_may_be_named_as_older_tools_do() -> None:
    assert {kind_of(f"vacation{ending}") for ending in (".bpmn", ".bpmn20.xml")} == {"process"}
    assert kind_of("vacation.xml") is None
