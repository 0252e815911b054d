"""What happened in a case as its closing report tells it, in the words of papers: what, until when, by which number."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine import events, papers
from engine.cases import queries as cases
from engine.cases.dictionary import label
from engine.cases.models import Case
from engine.deadlines import counting, shipped
from engine.deadlines import queries as deadlines
from engine.documents import queries as documents
from engine.events import Event

PLAIN = {
    "case.accepted": "受理", "case.mediator_appointed": "确定调解员", "case.paused": "因危险中止调解",
    "case.resumed": "恢复调解", "case.agreed": "达成协议", "handover.sent": "移交公安", "document.voided": "文书作废",
    "case.sealed": "依法封存", "case.reopened": "重新办理", "handover.outcome_recorded": "公安反馈结果",
    "invitation.served": "送达调解通知书",
}  # fmt: skip
PERFORMED = {"yes": "已经履行", "partly": "部分履行", "no": "没有履行"}
ANSWERED = {"accept": "接收", "return": "退回", "refuse": "不收"}
COUNTED = {
    "deadline.met": "期限内办结", "deadline.suspended": "停止计算", "deadline.resumed": "恢复计算",
    "deadline.extended": "批准延长", "deadline.not_extended": "已经延长过一次，依法不再延长",
    "deadline.restarted": "重新计算",
}  # fmt: skip
SIGNED = {
    "wet": "手写签名",
    "electronic": "电子签名",
    "drawn": "当面手写（电子）签名",
    "code": "短信验证码（电子）签名",
}


def lines(session: Session, case: Case) -> Iterator[Mapping[str, Any]]:
    """One line for each thing that a reader of the file must know, oldest first: `at` and `what`."""
    numbers = {str(one.id): one.number for one in documents.of_case(session, case.id)}
    forms = {str(one.id): one.form_key for one in cases.submissions(session, case.id)}
    shown = _shown(session, case.id)
    for event in events.of_stream(session, case.id):
        what = PLAIN.get(event.kind) or _case(event) or _deadline(event, shown) or _paper(event, numbers, forms)
        if what:
            yield {"at": event.at, "what": what}


def due_at(session: Session, case_id: UUID, moment: datetime) -> dict[str, date]:
    """The last day of each deadline of a case as it stood at a moment, before whatever extended it later."""
    shown, found = _shown(session, case_id), dict[str, date]()
    for event in events.of_stream(session, case_id):
        if event.kind.startswith("deadline.") and event.at <= moment and (last := _last_day(event, shown)):
            found[event.data["key"]] = last
    return found


def _shown(session: Session, case_id: UUID) -> Callable[[str, date], date]:
    """The day that is told: a right of citizens ends on a working day (民法典 §203), a duty of organs does not move."""
    rights = {one.key for one in deadlines.of_case(session, case_id) if deadlines.is_a_right(session, one)}
    calendar = deadlines.calendar(session)
    return lambda key, last: counting.next_working_day(last, calendar) if key in rights else last


def _last_day(event: Event, shown: Callable[[str, date], date]) -> date | None:
    due = event.data.get("due_on")
    return shown(event.data.get("key", ""), date.fromisoformat(due)) if due else None


def _case(event: Event) -> str:
    data = event.data
    match event.kind:
        case "case.reported":
            return f"登记（{label('source', data.get('source'), 'zh')}）"
        case "case.routed":
            return f"分流，规则：{data.get('gate', '')}，{label('gate', data.get('rule') or data.get('gate'), 'zh')}"
        case "case.escalated":
            return f"上交：{label('level', data.get('level'), 'zh')}"
        case "case.refused":
            return f"不予受理（依据：{data.get('ground') or '见告知书'}）"
        case "case.performance_recorded":
            return f"履行情况：{PERFORMED.get(data.get('performed', ''), '')}"
        case "case.split":
            return f"一报两件，另立{data.get('number', '')}"
        case "case.visited":
            return f"领导接访、下访（{data.get('number', '')}）"
        case "handover.answered":
            return f"公安回执：{ANSWERED.get(data.get('decision', ''), '')}"
        case "result.recorded":
            ground = f"（依据：{data['ground']}）" if data.get("ground") else ""
            return label("result", data.get("code"), "zh") + ground
        case "case.closed":
            return f"结案：{label('outcome', data.get('reason'), 'zh')}"
    return ""


def _deadline(event: Event, shown: Callable[[str, date], date]) -> str:
    key, day = event.data.get("key", ""), _last_day(event, shown)
    until = f"{day.year}年{day.month}月{day.day}日" if day else ""
    if event.kind == "deadline.started":
        return f"{shipped.name(key, 'zh')}（{shipped.law(key)}）开始计算，至{until}"
    if event.kind == "deadline.warned" and event.data.get("mark") == "overdue":
        return f"{shipped.name(key, 'zh')}届满，已提醒"
    if event.kind in COUNTED:
        return f"{shipped.name(key, 'zh')}：{COUNTED[event.kind]}" + (f"，至{until}" if until else "")
    return ""


def _paper(event: Event, numbers: Mapping[str, str], forms: Mapping[str, str]) -> str:
    data = event.data
    if event.kind == "document.issued":
        number = numbers.get(data.get("document", ""), "")
        return (
            "" if data.get("document_kind") == "file" else f"制作《{_title(data.get('document_kind', ''))}》，{number}"
        )
    if event.kind == "paper.signed":
        return f"《{_title(forms.get(data.get('paper', ''), ''))}》{SIGNED.get(data.get('how', ''), '签名')}"
    return ""


def _title(form: str) -> str:
    known = papers.catalogue().get(form)
    return known.zh if known else form
