"""The verbs that service tasks of diagrams may use (`zeebe:taskDefinition type`), each a few lines over the domain.

Names, addresses and amounts never come as parameters: what an operation needs of a form, it reads from the newest
submission in the case's file.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine import clock, events, notifications
from engine.cases import commands as cases
from engine.cases import queries as case_queries
from engine.cases.dictionary import words
from engine.cases.models import Case, Submission
from engine.casework import choosing, convening, telling
from engine.deadlines import commands as deadlines
from engine.documents import papers as numbered_papers
from engine.workflow import correlation
from engine.workflow.instances import Home
from engine.workflow.operations import Call, operation

DEADLINE = {"deadline": "key in the catalogue of deadlines; 期限目录里的代号"}
CODE = {
    "code": "code in the dictionary of results; 结果代码",
    "ground": "code of the ground, for a refusal; 依据的代码",
}

LENGTHS = ("pm.soft", "pm.medical")
"""How long a mediation takes: the usual length, and the medical one (医疗纠纷预防和处理条例 §38)."""


FIRED = ("reason", "reason_en", "law")
"""What the case's history tells of the gate's rule: why, and by which article."""


def _case(call: Call) -> Case:
    """The case that the instance works on, locked: its events go to the case's stream."""
    return case_queries.locked(call.session, call.stream)


def _submission(call: Call, form: str) -> Submission | None:
    return case_queries.newest_submission(call.session, call.stream, [form])


def _said_by_another(call: Call, gate: str) -> bool:
    """Whether another procedure of the case went by this gate last, as intake does before a fraud's own."""
    routed = [one for one in events.of_stream(call.session, call.stream) if one.kind == "case.routed"]
    return bool(routed) and routed[-1].data["gate"] == gate and routed[-1].instance != call.instance_id


def _say(call: Call, kind: str, **facts: Any) -> None:
    events.record(call.session, kind, call.stream, actor=call.actor, instance=call.instance_id, **facts)


@operation(
    "case.classify", title="Set kind, category, risk and level", title_zh="登记类别、风险、级别",
    parameters={
        "kind": "dispute, hazard, police, suggestion or other; 事项种类",
        "category": "category code; 类别代码",
        "risk": "RED to GREEN; 风险等级",
        "level": "village, town or county; 级别",
        "gate": "gate G0 to G11; 分流关口",
        "rule": "row of the gate's table that fired: reason, reason_en, law; 关口表里命中的规则：理由、依据",
        "road": "road that the gate's rule proposes, such as labour; 规则建议的去向",
        "lowered": "true where a second person agreed to a lower risk; 第二人同意降低风险",
        "sealed": "true where the law hides the case; 依法封存",
    },
)  # fmt: skip
def classify(
    call: Call,
    *,
    kind: str | None = None,
    category: str | None = None,
    risk: str | None = None,
    level: str | None = None,
    gate: str | None = None,
    rule: Mapping[str, Any] | None = None,
    road: str | None = None,
    lowered: bool | None = None,
    sealed: bool | None = None,
) -> None:
    """Write down what triage decided; the reason for a lower risk stands in the form f-route."""
    case = _case(call)
    was, reason = case.risk, "f-route" if lowered else None
    cases.classify(call.session, case, call.actor, kind=kind, category=category, risk=risk, level=level, reason=reason)
    if gate and not _said_by_another(call, gate):
        name = f"{gate}_{road}"  # one gate, several rules: labour, land and consumers pass G11 by rules of their own
        named = {"rule": name} if name in words("zh")["gate"] else {}
        _say(call, "case.routed", gate=gate, **named, **{key: rule[key] for key in FIRED if rule and rule.get(key)})
    if sealed:
        _seal(call, case)  # before anybody is told
    if risk == "RED" and was != risk and (was or case.urgency not in telling.DANGER):  # told at the report
        telling.red(call.session, case)


@operation("case.seal", title="Seal the case", title_zh="封存案件")
def seal(call: Call) -> None:
    """Hide the case from all but those who must act (反家庭暴力法 §14; 未成年人保护法 §103; 信访工作条例 §30)."""
    _seal(call, _case(call))


def _seal(call: Call, case: Case) -> None:
    if not case.sealed:
        cases.seal(call.session, case, call.actor)
        notifications.hush(call.session, case)


@operation("case.accept", title="Accept for mediation", title_zh="受理，开始计时", parameters=DEADLINE)
def accept(call: Call, *, deadline: str = "pm.soft") -> None:
    """Accept a dispute (受理) and let its deadline run from the day of its form (人民调解工作若干规定 §33)."""
    case, filed = _case(call), _submission(call, "f4-acceptance")
    said = filed.answers.get("accepted_on") if filed else None
    on = date.fromisoformat(said) if said else clock.today()
    cases.accept(call.session, case, call.actor, on=on)
    case.due_on = deadlines.start(call.session, case.id, deadline, since=on if said else None).due_on


@operation(
    "case.refuse", title="Record that it is not accepted", title_zh="记录不予受理",
    parameters={"ground": "code of the ground in the form f-refusal; 不受理的理由代码"},
)  # fmt: skip
def refuse(call: Call, *, ground: str | None = None) -> None:
    """Record non-acceptance with its ground (人民调解工作若干规定 §22)."""
    _say(call, "case.refused", ground=ground)


@operation("case.appoint_mediator", title="Record the mediator", title_zh="登记调解员")
def appoint_mediator(call: Call) -> None:
    """Record who mediates, as the form f-mediator says (人民调解法 §19)."""
    choice = _submission(call, choosing.CHOICE)
    if choice is not None:
        cases.appoint_mediators(call.session, _case(call), call.actor, *choosing.chosen(choice.answers))


@operation(
    "case.set_stage", title="Set the stage", title_zh="设定阶段",
    parameters={"stage": "stage code; 阶段代码"},
)  # fmt: skip
def set_stage(call: Call, *, stage: str) -> None:
    """Say where the case stands, for steps that no task names."""
    cases.set_stage(call.session, _case(call), stage)


@operation("case.escalate", title="Take it one level up", title_zh="上交一级")
def escalate(call: Call) -> dict[str, str]:
    """Hand a case to the next level, whose centre is told; the result is the new `level`."""
    case = _case(call)
    level = cases.escalate(call.session, case, call.actor)
    telling.taken_up(call.session, case)
    return {"level": level}


@operation(
    "case.pause", title="Pause mediation", title_zh="暂停调解",
    parameters={"ground": "code of the ground; 暂停的理由代码"},
)  # fmt: skip
def pause(call: Call, *, ground: str = "danger") -> None:
    """Pause because of danger (人民调解法 §25); the usual length does not run meanwhile and begins anew."""
    case = _case(call)
    cases.pause(call.session, case, call.actor, ground=ground)
    for length in LENGTHS:
        deadlines.end(call.session, case.id, length, state="cancelled")
    case.due_on = None


@operation("case.resume", title="Resume mediation", title_zh="恢复调解")
def resume(call: Call) -> None:
    """Go on after a pause."""
    cases.resume(call.session, _case(call), call.actor)


@operation(
    "case.record_agreement", title="Record an agreement", title_zh="登记协议",
    parameters={"form": "f11-agreement or f12-oral-agreement; 协议所在的表单"},
)  # fmt: skip
def record_agreement(call: Call, *, form: str) -> None:
    """Record and number what was agreed; what a court may confirm starts the thirty days (民事诉讼法 §205)."""
    submission = _submission(call, form)
    if submission is None:  # only where the step was completed without its form, as scenarios do
        return
    case = _case(call)
    effective_on = date.fromisoformat(submission.answers["effective_on"])
    confirmable = not submission.answers.get("touches")
    cases.record_agreement(
        call.session, case, call.actor, submission, form=form, effective_on=effective_on, confirmable=confirmable
    )
    numbered_papers.give_number(call.session, case, call.actor, submission)
    convening.call_off(call.session, case, call.actor, kinds=("session",))
    for length in LENGTHS:
        deadlines.end(call.session, case.id, length, state="met")
    if confirmable:
        deadlines.start(call.session, case.id, "pm.confirm.window", since=effective_on)


@operation(
    "case.record_performance", title="Record performance", title_zh="登记履行情况",
    parameters={"performed": "yes, partly or no; 履行、部分履行、未履行"},
)  # fmt: skip
def record_performance(call: Call, *, performed: str) -> None:
    """Record whether the agreement was performed, on the day that its form says (人民调解法 §31)."""
    case = _case(call)
    given = case_queries.newest_submission(call.session, case.id, ("f13-performance",))
    day = given.answers.get("performed_on") if given else None
    on = date.fromisoformat(day) if day else clock.today()
    cases.record_performance(call.session, case, call.actor, performed=performed, on=on)
    if performed == "yes":
        for right in deadlines.OVER_AGREEMENTS:
            deadlines.end(call.session, case.id, right, state="cancelled")


@operation(
    "case.close", title="Close the case", title_zh="结案",
    parameters={"reason": "outcome code; 结案原因代码"},
)  # fmt: skip
def close(call: Call, *, reason: str) -> None:
    """Conclude the case with its reason; it is closed when nothing runs in it any more (engine/casework/ending)."""
    cases.conclude(call.session, _case(call), call.actor, reason=reason)


@operation(
    "document.issue", title="Number a document", title_zh="文书编号",
    parameters={"form": "form that the document is made of; 文书所依据的表单"},
)  # fmt: skip
def issue_document(call: Call, *, form: str) -> None:
    """Give the newest completed form its number, once."""
    submission = _submission(call, form)
    if submission is not None:
        numbered_papers.give_number(call.session, _case(call), call.actor, submission)


@operation(
    "handover.send", title="Hand over to the police", title_zh="移交并通知派出所",
    parameters={"urgent": "true where the call was made already; 是否紧急"},
)  # fmt: skip
def send_handover(call: Call, *, urgent: bool = False) -> None:
    """Record the hand-over (刑事诉讼法 §110; 人民调解法 §25)."""
    _say(call, "handover.sent", urgent=bool(urgent))


@operation(
    "handover.record_receipt", title="Record the receipt", title_zh="记录回执",
    parameters={"decision": "accept, return or refuse; 接收、退回、不收"},
)  # fmt: skip
def record_receipt(call: Call, *, decision: str) -> None:
    """Record what the police answered (公安机关办理行政案件程序规定 §§60, 61)."""
    _say(call, "handover.answered", decision=decision)


@operation(
    "handover.record_outcome", title="Record the outcome", title_zh="记录结果类别",
    parameters={"outcome": "kind of outcome, never a violation record; 结果类别"},
)  # fmt: skip
def record_outcome(call: Call, *, outcome: str) -> None:
    """Record the kind of outcome only: violation records are sealed (治安管理处罚法 2025 §136)."""
    _say(call, "handover.outcome_recorded", outcome=outcome)


@operation("result.record", title="Record a result", title_zh="记录结果", parameters=CODE)
def record_result(call: Call, *, code: str, ground: str | None = None) -> None:
    """Put a step's result on the timeline; a refusal with its ground."""
    _say(call, "result.recorded", code=code, **({"ground": ground} if ground else {}))


@operation(
    "case.visit", title="Bind a reception to cases", title_zh="接访落到案子",
    parameters={"numbers": "list of case numbers; 案件编号"},
)  # fmt: skip
def visit(call: Call, *, numbers: list[str]) -> dict[str, list[str]]:
    """Put a leader's reception or visit on the file of each case (信访工作条例 §18); the result names the `unknown`."""
    return {"unknown": cases.visit(call.session, _case(call), call.actor, numbers)}


@operation(
    "case.split", title="Open a second case", title_zh="另立一件",
    parameters={
        "kind": "kind of the second case; 新案件的种类",
        "message": "message that starts its process; 启动程序的消息",
        "category": "category of the second case; 新案件的类别",
    },
)  # fmt: skip
def split(call: Call, *, kind: str, message: str, category: str | None = None) -> dict[str, str]:
    """Let one report become two cases (一报两分), each with its own process; the result is the second's `case_id`."""
    first = _case(call)
    second = cases.split(call.session, first, call.actor, kind=kind)
    cases.classify(call.session, second, call.actor, category=category, risk=first.risk, level=first.level or "town")
    home = Home(second.id, second.county, second.division)
    given = {"case_id": str(second.id), "level": second.level, "risk": first.risk, "category": category}
    correlation.correlate(call.session, message, str(second.id), given, actor=call.actor, home=home)
    return {"case_id": str(second.id)}


@operation(
    "notice.record", title="Record a reminder", title_zh="记录提醒",
    parameters={"kind": "what is late or near; 提醒的是什么"},
)  # fmt: skip
def record_notice(call: Call, *, kind: str) -> None:
    """Record on the timeline that something is late or near; of a case, who has to see to it is told."""
    _say(call, "notice.recorded", notice=kind)
    if case := call.session.get(Case, call.stream):
        telling.reminded(call.session, case, late=kind.endswith(("late", "overdue")))
