"""What every bundle must have: a clean drawing, names in both languages, marks on its timers, forms that exist."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

import forms
from engine import casework, feel
from engine.config import ROOT
from engine.workflow.definitions import File
from tests.scenarios.bundles import BPMN, BPMNDI, BUNDLES, DC, DI, DIAGRAMS, PROCESSES, processes, toml, tree

FORMS = sorted((ROOT / "forms" / "library").glob("*.form.json"))
DRAWN = ("Task", "Event", "Gateway", "subProcess", "callActivity")

name_of = pytest.mark.parametrize("bundle", BUNDLES, ids=lambda path: path.name)
each_diagram = pytest.mark.parametrize("diagram", DIAGRAMS, ids=lambda path: path.stem)


def local(element: object) -> str:
    """The BPMN name of an element, empty for whatever else stands in the file."""
    tag = element.tag  # type: ignore[attr-defined]
    return tag.removeprefix(BPMN) if isinstance(tag, str) and tag.startswith(BPMN) else ""


def box(shape: object) -> tuple[float, float, float, float]:
    bounds = shape.find(f"{DC}Bounds")  # type: ignore[attr-defined]
    x, y, width, height = (float(bounds.get(name)) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def test_nothing_is_found_in_diagrams_tables_and_forms() -> None:
    paths = [*DIAGRAMS, *sorted(PROCESSES.glob("*/*.dmn")), *FORMS]
    assert casework.check([File(path.name, path.read_bytes()) for path in paths]) == []


def test_every_folder_of_processes_is_a_bundle() -> None:
    folders = {path for path in PROCESSES.iterdir() if path.is_dir() and list(path.glob("*.bpmn"))}
    assert folders == set(BUNDLES)


@name_of
def test_a_bundle_says_title_owner_start_law_and_main_diagram(bundle: Path) -> None:
    said = toml(bundle, "bundle.toml")
    assert all(said[key] for key in ("title", "title_en", "owner", "owner_en", "law", "start"))
    assert (bundle / said["main"]).exists()


@name_of
def test_every_timer_has_its_mark_and_no_other_is_named(bundle: Path) -> None:
    found = {
        (key, element.id)
        for diagram in bundle.glob("*.bpmn")
        for key, process in processes(diagram).items()
        for element in process.elements.values()
        if element.event and element.event.kind == "timer"
    }
    marks = {
        (key, element): timer
        for key, timers in toml(bundle, "bundle.toml")["timers"].items()
        for element, timer in timers.items()
    }
    assert set(marks) == found
    assert all(timer["mark"] in ("S", "M") and timer["about"] and timer["about_en"] for timer in marks.values())


@each_diagram
def test_timers_never_interrupt(diagram: Path) -> None:
    for process in processes(diagram).values():
        for element in process.elements.values():
            if element.type == "boundaryEvent" and element.event and element.event.kind == "timer":
                assert not element.interrupting, element.id


@each_diagram
def test_every_name_has_its_english(diagram: Path) -> None:
    labels = toml(diagram.parent, "labels.en.toml")[diagram.stem]
    named = {
        one.get("id")
        for one in tree(diagram).iter()
        if isinstance(one.tag, str) and one.tag.startswith(BPMN) and one.get("name") and one.tag != f"{BPMN}message"
    }
    assert set(labels) == named


@each_diagram
def test_every_user_task_has_form_role_and_stage(diagram: Path) -> None:
    known = {path.name.removesuffix(".form.json") for path in FORMS}
    for process in processes(diagram).values():
        for task in process.user_tasks:
            assert task.form_key in known, task.id
            assert task.candidate_groups, task.id
            assert task.properties.get("hejie.stage"), task.id


@each_diagram
def test_everything_is_drawn_within_its_lane(diagram: Path) -> None:
    root = tree(diagram)
    shapes = {one.get("bpmnElement"): one for one in root.iter(f"{BPMNDI}BPMNShape")}
    edges = {one.get("bpmnElement") for one in root.iter(f"{BPMNDI}BPMNEdge")}
    lanes = {one.text: lane.get("id") for lane in root.iter(f"{BPMN}lane") for one in lane.iter(f"{BPMN}flowNodeRef")}
    for element in root.find(f"{BPMN}process").iter():  # type: ignore[union-attr]
        kind = local(element)
        if kind == "sequenceFlow":
            assert element.get("id") in edges
        elif kind.endswith(DRAWN):
            left, top, right, bottom = box(shapes[element.get("id")])
            lane = lanes.get(element.get("id")) or lanes[element.getparent().get("id")]  # type: ignore[union-attr]
            around = box(shapes[lane])
            assert around[0] <= left and around[1] <= top and right <= around[2] and bottom <= around[3], element.get(
                "id"
            )


@each_diagram
def test_no_step_lies_on_another(diagram: Path) -> None:
    root = tree(diagram)
    shapes = {one.get("bpmnElement"): box(one) for one in root.iter(f"{BPMNDI}BPMNShape")}
    steps = [
        one.get("id")
        for one in root.find(f"{BPMN}process").iter()  # type: ignore[union-attr]
        if local(one).endswith(("Task", "Gateway", "callActivity", "endEvent"))
    ]
    for number, first in enumerate(steps):
        for second in steps[number + 1 :]:
            a, b = shapes[first], shapes[second]
            assert not (a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]), f"{first} on {second}"


@each_diagram
def test_no_line_runs_through_a_step_and_no_label_lies_on_something(diagram: Path) -> None:
    root = tree(diagram)
    named = {one.get("id"): one for one in root.iter() if isinstance(one.tag, str) and one.tag.startswith(BPMN)}
    around = {key for key, one in named.items() if local(one) in ("lane", "participant", "subProcess")}
    drawn = {one.get("bpmnElement"): one for kind in ("Shape", "Edge") for one in root.iter(f"{BPMNDI}BPMN{kind}")}
    steps = {key: box(one) for key, one in drawn.items() if one.find(f"{DC}Bounds") is not None and key not in around}
    lines = {key: list(parts(one)) for key, one in drawn.items() if key not in steps and key not in around}
    labels = {
        key: box(label)
        for key, one in drawn.items()
        if named[key].get("name") and (label := one.find(f"{BPMNDI}BPMNLabel")) is not None
    }
    for key, pieces in lines.items():
        ends = (named[key].get("sourceRef"), named[key].get("targetRef"))
        assert [step for step, at in steps.items() if step not in ends and any(on(one, at) for one in pieces)] == [], (
            key
        )
    for key, at in labels.items():
        own = (key, named[key].get("attachedToRef"))
        assert [step for step, other in steps.items() if step not in own and on(at, other)] == [], key
        assert [other for other in labels if other != key and on(at, labels[other])] == [], key
        assert [line for line, pieces in lines.items() if any(on(one, at) for one in pieces)] == [], key


def parts(edge: object) -> Iterator[tuple[float, float, float, float]]:
    """The straight pieces of a line, as boxes."""
    points = [(float(one.get("x")), float(one.get("y"))) for one in edge.iter(f"{DI}waypoint")]  # type: ignore[attr-defined]
    for (x, y), (to_x, to_y) in pairwise(points):
        yield min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y)


def on(first: tuple[float, float, float, float], second: tuple[float, float, float, float]) -> bool:
    """Whether two boxes overlap by more than touching."""
    near = 1
    return (
        first[0] < second[2] - near and second[0] < first[2] - near
        and first[1] < second[3] - near and second[1] < first[3] - near
    )  # fmt: skip


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_a_form_says_why_it_asks_what_must_be_answered(path: Path) -> None:
    form = forms.load(path.read_bytes(), compile=feel.compile_expression)
    assert form.key == path.name.removesuffix(".form.json")
    assert [found for found in forms.check(path.read_bytes()) if found.rule == "why-missing"] == []


def test_a_report_asks_for_three_things_only() -> None:
    report = forms.load((ROOT / "forms" / "library" / "f-report.form.json").read_bytes())
    required = forms.json_schema(report)["required"]
    assert sorted(required) == ["urgency", "what", "where"]


def test_what_comes_with_the_product_is_known_to_one_file_of_it() -> None:
    one = PROCESSES / "civil-dispute" / "civil-dispute.bpmn"
    assert casework.check([File(one.name, one.read_bytes())]) == []
    lost = one.read_bytes().replace(b'processId="performance"', b'processId="no-such-process"')
    assert [found.rule for found in casework.check([File(one.name, lost)])] == ["unknown-called"]
