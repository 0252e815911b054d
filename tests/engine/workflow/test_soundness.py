"""Soundness: known sound and unsound nets, with the path that shows what is wrong."""

import pytest

from engine.workflow import bpmn
from engine.workflow.bpmn import soundness
from tests.engine.workflow.diagrams import END, START, diagram, flow, user_task
from tests.engine.workflow.logs import boundary, chain, event


def gateway(kind: str, element: str, *, default: str = "") -> str:
    word = f' default="{default}"' if default else ""
    return f'<bpmn:{kind}Gateway id="{element}"{word}/>'


def split(kind: str, join: str, *, more: str = "") -> bytes:
    """A fork of one kind, two tasks, a join of another kind."""
    condition = None if kind == "parallel" else "x"
    fork = gateway(kind, "fork", default="" if kind == "parallel" else "fork_b")
    return diagram(
        START + fork + user_task("a") + user_task("b") + gateway(join, "join") + user_task("after") + END
        + flow("start", "fork") + flow("fork", "a", condition) + flow("fork", "b")
        + chain("a", "join", "after", "end") + chain("b", "join") + more
    )  # fmt: skip


SOUND = {
    "parallel block": split("parallel", "parallel"),
    "exclusive block": split("exclusive", "exclusive"),
    "inclusive block": split("inclusive", "inclusive"),
    "exclusive split, inclusive join": split("exclusive", "inclusive"),
    "a loop with a way out": diagram(
        START + user_task("a") + gateway("exclusive", "again", default="again_end") + END
        + chain("start", "a", "again", "end") + flow("again", "a", "x")
    ),
    "an inclusive join in a loop": diagram(
        START + gateway("exclusive", "in") + gateway("inclusive", "or", default="or_a") + user_task("a")
        + user_task("b") + gateway("inclusive", "join") + gateway("exclusive", "again", default="again_end") + END
        + chain("start", "in", "or", "a", "join", "again", "end") + flow("or", "b", "x") + flow("b", "join")
        + flow("again", "in", "y")
    ),
    "terminate ends what is left": diagram(
        START + user_task("a") + user_task("b") + gateway("parallel", "join") + event("endEvent", "stop", "terminate")
        + user_task("c") + chain("start", "a", "join", "c") + chain("start", "b", "stop") + chain("start", "c")
    ),
    "reminders beside a step in a loop": diagram(
        START + user_task("a") + boundary("late", "a", "<bpmn:timerEventDefinition><bpmn:timeDuration>P1D"
        "</bpmn:timeDuration></bpmn:timerEventDefinition>", interrupting=False)
        + '<bpmn:task id="remind"/>' + gateway("exclusive", "again", default="again_end") + END
        + chain("start", "a", "again", "end") + flow("again", "a", "x") + flow("late", "remind")
    ),
    "a sub-process that may fail": diagram(
        START + '<bpmn:subProcess id="s"><bpmn:startEvent id="i"/>' + event("endEvent", "x", "error")
        + flow("i", "x") + "</bpmn:subProcess>" + boundary("b", "s", "error") + user_task("help")
        + flow("start", "s") + flow("b", "help")
    ),
    "three times three steps beside each other": diagram(
        START + gateway("parallel", "f") + gateway("parallel", "j") + END + flow("start", "f") + flow("j", "end")
        + "".join(
            "".join(user_task(f"{name}{n}") for n in range(6))
            + chain("f", *(f"{name}{n}" for n in range(6)), "j")
            for name in "abcdef"
        )
    ),
}  # fmt: skip


@pytest.mark.parametrize("content", SOUND.values(), ids=SOUND)
def test_a_sound_process_is_sound(content: bytes) -> None:
    [process] = bpmn.compile_model(content).processes.values()
    assert soundness.verdict(process) == ("sound", [])


LOST = START + user_task("a") + gateway("exclusive", "x") + chain("start", "a", "x", "a")
DOUBLE = (
    START + gateway("exclusive", "in") + user_task("a") + gateway("exclusive", "again", default="again_end") + END
    + chain("start", "in", "a", "again", "end") + flow("again", "fork", "x") + gateway("parallel", "fork")
    + user_task("b") + chain("fork", "b", "in") + flow("fork", "in")
)  # fmt: skip
NEVER = (
    START + '<bpmn:subProcess id="s"><bpmn:startEvent id="i"/>' + event("endEvent", "e", "error") + flow("i", "e")
    + "</bpmn:subProcess>" + boundary("b", "s", "error") + user_task("help") + user_task("never")
    + chain("start", "s", "never") + flow("b", "help")
)  # fmt: skip

UNSOUND = {
    "an exclusive split always waits at a parallel join": (
        split("exclusive", "parallel"), "soundness-deadlock", "join",
        "A token always waits here for ever: start → fork → a → join."),
    "an inclusive split may wait at a parallel join": (
        split("inclusive", "parallel").replace(b' default="fork_b"', b""), "soundness-deadlock", "join",
        "A token can wait here for ever: start → fork → b → join."),
    "a loop without a way out": (diagram(LOST), "soundness-endless", "start", "start"),
    "a loop that forks": (diagram(DOUBLE), "soundness-unbounded", None, None),
    "a sub-process that always fails": (diagram(NEVER), "soundness-dead", "never", None),
}  # fmt: skip


@pytest.mark.parametrize(("content", "rule", "element", "path"), UNSOUND.values(), ids=UNSOUND)
def test_what_is_wrong_is_shown_on_a_path(content: bytes, rule: str, element: str | None, path: str | None) -> None:
    findings = [one for one in bpmn.check_model(content) if one.rule.startswith("soundness")]
    [finding] = [one for one in findings if one.rule == rule]
    assert finding.severity == "warning"
    assert element is None or finding.element_id == element
    assert path is None or path in finding.message


def test_a_flow_into_a_join_from_a_branch_not_taken_deadlocks_only_on_that_path() -> None:
    content = diagram(
        START + gateway("exclusive", "way", default="way_end") + gateway("parallel", "join") + END
        + user_task("a") + gateway("exclusive", "sure", default="sure_join")
        + chain("start", "way", "end") + flow("way", "a", "x") + chain("a", "sure", "join", "end")
        + flow("sure", "b", "y") + user_task("b") + flow("b", "join")
    )  # fmt: skip
    [finding] = [one for one in bpmn.check_model(content) if one.rule == "soundness-deadlock"]
    assert (finding.severity, finding.element_id) == ("warning", "join")


def test_an_error_that_nobody_catches_ends_and_does_not_wait() -> None:
    error = '<bpmn:error id="e" errorCode="E1"/>'
    thrown = '<bpmn:endEvent id="bad"><bpmn:errorEventDefinition errorRef="e"/></bpmn:endEvent>'
    part = f'<bpmn:subProcess id="part"><bpmn:startEvent id="in"/>{thrown}{flow("in", "bad")}</bpmn:subProcess>'
    content = diagram(START + part + user_task("after") + chain("start", "part", "after"), roots=error)
    assert [(one.rule, one.element_id) for one in soundness.verdict(bpmn.compile_model(content).processes["p"])[1]] == [
        ("soundness-dead", "after")
    ]


def test_where_tokens_multiply_nothing_behind_is_called_dead() -> None:
    body = START + gateway("exclusive", "m") + gateway("parallel", "f") + user_task("a") + user_task("b") + END
    content = diagram(body + chain("start", "m", "f", "a", "m") + chain("f", "b", "end"))
    found = soundness.verdict(bpmn.compile_model(content).processes["p"])[1]
    assert [one.rule for one in found] == ["soundness-unbounded"]


def test_beyond_the_bound_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundness, "MARKINGS", 3)
    [process] = bpmn.compile_model(SOUND["inclusive block"]).processes.values()
    verdict, findings = soundness.verdict(process)
    assert verdict == "undecided"
    assert [finding.rule for finding in findings] == ["soundness-undecided"]
