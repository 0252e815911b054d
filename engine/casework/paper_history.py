"""What happened in a case as its closing report tells it, in the words of papers: what, until when, by which number."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

import forms
from engine import events, papers
from engine.cases import queries as cases
from engine.cases.dictionary import label
from engine.cases.models import Case, Submission
from engine.casework import formbook, paper_days
from engine.deadlines import counting, shipped
from engine.deadlines import queries as deadlines
from engine.documents import queries as documents
from engine.documents.models import Document
from engine.events import Event
from engine.papers.citing import cited
from engine.people import queries as people

PLAIN = {
    "case.accepted": "受理", "case.paused": "因危险中止调解",
    "case.resumed": "恢复调解", "case.agreed": "达成协议",
    "case.agreement_rewritten": "协议作废后重新订立", "handover.sent": "移交公安",
    "case.sealed": "依法封存", "case.reopened": "重新办理", "handover.outcome_recorded": "公安反馈结果",
    "invitation.served": "送达通知书",
}  # fmt: skip
REGISTER = "f-labour"
"""The register of a labour dispute."""
PERFORMED = {"yes": "已经履行", "partly": "部分履行", "no": "没有履行"}
ANSWERED = {"accept": "接收", "return": "退回", "refuse": "不收"}
COUNTED = {
    "deadline.met": "期限内完成", "deadline.suspended": "停止计算", "deadline.resumed": "恢复计算",
    "deadline.cancelled": "不再计算", "deadline.kept": "结案后仍可以行使",
    "deadline.extended": "批准延长", "deadline.not_extended": "已经延长过一次，依法不再延长",
    "deadline.restarted": "重新计算",
}  # fmt: skip
LEVELLED = ("case.classified", "case.escalated")
SIGNED = {
    "wet": "手写签名",
    "electronic": "电子签名",
    "drawn": "当面手写（电子）签名",
    "code": "短信验证码（电子）签名",
}


def lines(session: Session, case: Case) -> Iterator[Mapping[str, Any]]:
    """One line for each thing that a reader of the file must know, oldest first: `at` and `what`.

    A paper with a number is told with it, every other one by its name.
    """
    filed = {str(one.id): one for one in cases.submissions(session, case.id)}
    issued = {str(one.id): one for one in documents.of_case(session, case.id)}
    begun = deadlines.of_case(session, case.id)
    shown, runs = _shown(session, case.id), paper_days.Runs(begun)
    found = list(_formed(session, filed.values(), {one.submission_id for one in issued.values()}))
    told = events.of_stream(session, case.id)
    mediators = {one.data["mediator"] for one in told if one.data.get("mediator")}
    names = people.names(session, mediators | {one.extension_approved_by for one in begun})
    for event in told:
        what = PLAIN.get(event.kind) or _case(event, names) or _grounded(session, event, filed.values())
        what = what or _deadline(event, shown, runs, names) or _paper(session, event, issued, filed)
        if what:
            found.append((event.at, what))
    yield from ({"at": at, "what": what} for at, what in sorted(found, key=lambda one: one[0]))


def named(session: Session, submission: Submission) -> papers.Paper | None:
    """The paper that a completed form makes, under the name that it has there; None where it makes none."""
    known = papers.catalogue().get(submission.form_key)
    if known is None:
        return None
    by_road = any("road" in one for one in known.titles)
    road = "labour" if by_road and is_labour(session, submission.case_id) else ""
    return known.as_answered(submission.answers, submission.element_id, road)


def title(session: Session, submission: Submission) -> str:
    """What a completed form is called as a paper, in Chinese; its key where it is none."""
    known = named(session, submission)
    return known.zh if known else submission.form_key


def is_labour(session: Session, case_id: UUID) -> bool:
    """Whether a case went the way of labour disputes, whose mediators are no people's mediators
    (劳动争议调解仲裁法 §§10, 11)."""
    return cases.newest_submission(session, case_id, [REGISTER]) is not None


def _formed(
    session: Session, filed: Iterable[Submission], numbered: set[UUID | None]
) -> Iterator[tuple[datetime, str]]:
    """The papers without a number; not the report itself, nor what is written for those inside alone."""
    for one in filed:
        known = papers.catalogue().get(one.form_key)
        hidden = one.form_key == "f-report" or one.form_key in papers.internal() or one.id in numbered
        if known is not None and not hidden and known.is_made_by(one.answers):
            yield one.at, f"形成《{title(session, one)}》"


def _grounded(session: Session, event: Event, filed: Iterable[Submission]) -> str:
    """A refusal or a result, with its ground in the words of the form where it was chosen."""
    code = event.data.get("ground")
    if event.kind == "case.refused":
        return f"不予受理（依据：{_ground(session, filed, code) if code else '见告知书'}）"
    if event.kind == "result.recorded":
        said = label("result", event.data.get("code"), "zh")
        return f"{said}（依据：{_ground(session, filed, code)}）" if code else said
    return ""


def _ground(session: Session, filed: Iterable[Submission], code: str) -> str:
    for one in filed:
        if one.answers.get("ground") == code:
            form = formbook.version(session, one.form_id).form
            found = forms.answer_words(form, one.answers, locale="zh", evaluate=formbook.evaluate)
            return str(found.get("ground") or code)
    return code


def due_at(session: Session, case_id: UUID, moment: datetime) -> dict[str, date]:
    """The last day of each deadline of a case as it stood at a moment, before whatever extended it later."""
    shown, found = _shown(session, case_id), dict[str, date]()
    for event in events.of_stream(session, case_id):
        if event.kind.startswith("deadline.") and event.at <= moment and (last := _last_day(event, shown)):
            found[event.data["key"]] = last
    return found


def performed(session: Session, case: Case) -> str:
    """Whether what was agreed was performed, as the record says last; nothing as long as there is none."""
    found = [one for one in events.of_stream(session, case.id) if one.kind == "case.performance_recorded"]
    return PERFORMED.get(found[-1].data.get("performed", ""), "") if found else ""


def level_at(session: Session, case: Case, moment: datetime) -> str | None:
    """The level that handled a case at a moment: village, town or county."""
    found = [one for one in events.of_stream(session, case.id) if one.kind in LEVELLED and one.data.get("level")]
    before = [one for one in found if one.at < moment] or found[:1]
    return str(before[-1].data["level"]) if before else case.level


def _shown(session: Session, case_id: UUID) -> Callable[[str, date], date]:
    """The day that is told: a right of citizens ends on a working day (民法典 §203), a duty of organs does not move."""
    rights = {one.key for one in deadlines.of_case(session, case_id) if deadlines.is_a_right(session, one)}
    calendar = deadlines.calendar(session)
    return lambda key, last: counting.next_working_day(last, calendar) if key in rights else last


def _last_day(event: Event, shown: Callable[[str, date], date]) -> date | None:
    due = event.data.get("due_on")
    return shown(event.data.get("key", ""), date.fromisoformat(due)) if due else None


def _case(event: Event, names: Mapping[str, str]) -> str:
    data = event.data
    match event.kind:
        case "case.reported":
            return f"登记（{label('source', data.get('source'), 'zh')}）"
        case "case.routed":
            by = f"依{cited(data['law'])}" if data.get("law") else ""
            gate = data.get("gate", "")
            return f"{by}分流，规则：{gate}，{label('gate', data.get('rule') or gate, 'zh')}"
        case "case.mediator_appointed":
            return f"确定人民调解员：{names.get(data.get('mediator', ''), '')}".removesuffix("：")
        case "case.escalated":
            return f"上交：{label('level', data.get('level'), 'zh')}"
        case "case.performance_recorded":
            return f"履行情况：{PERFORMED.get(data.get('performed', ''), '')}"
        case "case.split":
            return f"一报两件，另立{data.get('number', '')}"
        case "case.visited":
            return f"领导接访、下访（{data.get('number', '')}）"
        case "reward.recorded" | "reward.reversed":
            said = "奖励记入台账" if event.kind == "reward.recorded" else "台账记一笔冲销"
            return f"{said}：{data.get('points')}分（规则{data.get('rule', '')}）"
        case "handover.answered":
            return f"公安回执：{ANSWERED.get(data.get('decision', ''), '')}"
        case "case.concluded":
            return f"办理结果：{label('outcome', data.get('reason'), 'zh')}；其余程序办完后结案"
        case "case.closed":
            return f"结案：{label('outcome', data.get('reason'), 'zh')}"
    return ""


def _deadline(event: Event, shown: Callable[[str, date], date], runs: paper_days.Runs, names: Mapping[str, str]) -> str:
    key, day, run = event.data.get("key", ""), _last_day(event, shown), runs.of(event)
    until = (paper_days.until(run, day) if run else paper_days.written(day)) if day else ""
    if event.kind == "deadline.started":
        return f"{shipped.name(key, 'zh')}（{cited(shipped.law(key))}）开始计算，至{until}"
    if event.kind == "deadline.met" and run and paper_days.was_late(run):
        return f"{shipped.name(key, 'zh')}：逾期完成，期限至{paper_days.until(run)}"
    if event.kind == "deadline.warned" and event.data.get("mark") == "overdue":
        return f"{shipped.name(key, 'zh')}届满，已提醒"
    if event.kind in COUNTED:
        why = paper_days.extended(run, names) if event.kind == "deadline.extended" and run else ""
        if event.kind == "deadline.suspended":
            why = f"（{label('stopped_for', event.data.get('ground'), 'zh')}期间不计入）"
        return f"{shipped.name(key, 'zh')}：{COUNTED[event.kind]}{why}" + (f"，至{until}" if until else "")
    return ""


def _paper(session: Session, event: Event, issued: Mapping[str, Document], filed: Mapping[str, Submission]) -> str:
    data = event.data
    if event.kind == "document.issued" and data.get("document_kind") != "file":
        document = issued.get(data.get("document", ""))
        made = filed.get(str(document.submission_id)) if document else None
        name = title(session, made) if made else _title(data.get("document_kind", ""))
        return f"制作《{name}》，{document.number if document else ''}"
    if event.kind == "document.voided" and (void := issued.get(data.get("document", ""))):
        return f"文书作废：{void.number}（{void.void_reason}）"
    if event.kind == "paper.signed":
        signed = filed.get(data.get("paper", ""))
        return f"《{title(session, signed) if signed else ''}》{SIGNED.get(data.get('how', ''), '签名')}"
    return ""


def _title(form: str) -> str:
    known = papers.catalogue().get(form)
    return known.zh if known else form
