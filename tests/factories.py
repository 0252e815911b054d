"""Answers to the forms of the library as people would give them, and a way to take a case step by step."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import casework, clock
from engine.cases.models import Case
from engine.people import queries as people
from engine.people.actor import Actor
from engine.workflow.models import UserTask

LAND = {
    "what": "李家建房子把我家的地占了",
    "where": "钟宝镇民主村",
    "urgency": "ordinary",
    "kind": "dispute",
}
ROCK = {"what": "我家屋后掉了一块大石头", "where": "民主村", "urgency": "danger_place", "kind": "hazard"}


def _now() -> str:
    return clock.now().astimezone(clock.ZONE).isoformat(timespec="minutes")


def _today() -> str:
    return clock.today().isoformat()


def _on(days: int, hour: int) -> str:
    day = clock.today() + timedelta(days=days)
    return f"{day.isoformat()}T{hour:02d}:00"


def answers(form: str) -> dict[str, Any]:
    """Answers that lead a case along its main way."""
    return ANSWERS[form]()


ANSWERS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "f-triage": lambda: {
        "danger_facts": [], "route_facts": ["dispute"], "weight_facts": [], "subject": "house_land",
        "land_question": "encroachment", "people_count": "few",
    },
    "f-route": lambda: {"route": "civil", "risk": "BLUE", "level": "village"},
    "f-consent": lambda: {
        "answers": [
            {"side": "applicant", "name": "示例甲", "answer": "yes", "how": "face"},
            {"side": "respondent", "name": "示例乙", "answer": "yes", "how": "phone"},
        ],
        "consent": "both",
    },
    "f4-acceptance": lambda: {
        "accepted": "yes", "source": "application", "category": "D0401",
        "parties": [{"side": "applicant", "name": "示例甲"}, {"side": "respondent", "name": "示例乙"}],
        "facts": "李家建房占地一尺多", "accepted_on": _today(), "personal_data": True, "signed": True,
    },
    "f-mediator": lambda: {"how": "chosen", "recusal": "none"},
    "f5-rights": lambda: {"open": "closed", "told": True, "signed": True, "told_at": _now(), "investigate": "no"},
    "f8-investigation": lambda: {"held_at": _now(), "place": "村委会", "content": "丈量了界址", "signed": True},
    "f10-session": lambda: {
        "held_at": _now(), "place": "村委会", "subject": "占地", "present": "双方", "statements": "各说各的",
        "result": "agreed_written", "signed": True,
    },
    "f11-agreement": lambda: {
        "parties": [{"side": "applicant", "name": "示例甲"}, {"side": "respondent", "name": "示例乙"}],
        "facts": "李家建房占地一尺多", "content": "李家退还所占土地", "effective_on": _today(), "signed": True,
        "sealed": True, "obligations": [{"who": "示例乙", "what": "退还土地", "due_on": _today()}],
    },
    "f12-oral-agreement": lambda: {
        "content": "李家退还所占土地", "effective_on": _today(), "no_paper_wanted": True,
        "obligations": [{"who": "示例乙", "what": "退还土地", "due_on": _today()}],
    },
    "f13-performance": lambda: {"performed": "yes", "performed_on": _today()},
    "f14-callback": lambda: {
        "called": "示例甲", "situation": "已经退还", "performed_callback": "yes", "called_on": _today(),
    },
    "f-appraisal": lambda: {
        "entrusted": "both", "body": "示例医学会", "entrusted_on": _today(), "received_on": _today(),
    },
    "f-med-extend": lambda: {"by": "WD10", "why": "鉴定意见要听专家说明", "both_signed": True, "agreed_on": _today()},
    "f-med-approve": lambda: {"approved": "yes", "reason": "双方书面同意，理由充分"},
    "f-terminate": lambda: {
        "reason": "没有达成协议", "routes_told": ["court", "legal_aid"], "limitation": True,
        "told": [{"name": "示例甲", "how": "face"}, {"name": "示例乙", "how": "phone"}], "told_on": _today(),
    },
    "f-hazard-call": lambda: {"called": ["village", "town"], "called_at": _now(), "people_moved": "yes"},
    "f-haz": lambda: {
        "verified": "true", "seen_at": _now(), "category": "H06",
        "geological": "no", "grade": "general", "found": "坡上有裂缝",
    },
    "f-measures": lambda: {
        "category": "H06", "interim": ["move", "guard"], "responsible_kind": "department", "responsible": "镇应急",
        "what_to_fix": "清理危石", "fix_due": _today(),
    },
    "f-zone": lambda: {
        "zone": "marked", "marked_on": _today(), "extent": "东到村道，西到河边", "signs": "村道口",
        "announced_on": _today(),
    },
    "f-zone-lifted": lambda: {"ground": "removed", "lifted_on": _today(), "announced_on": _today()},
    "f-listed-status": lambda: {"state": "on_plan", "progress": "危石已清理一半", "interim_kept": "yes"},
    "f-listed-look": lambda: {"seen": "go_on"},
    "f-supervise": lambda: {"why_late": "吊车进不来", "words": "镇上修便道，三日内改完", "told": True},
    "f-rectify": lambda: {"done": "危石已清理", "done_on": _today()},
    "f-recheck": lambda: {"fixed": "yes", "opinion": "危石已清，无新裂缝", "checked_at": _now()},
    "f-strike-off": lambda: {
        "evidence": ["photo", "opinion"], "watch": "season", "struck_on": _today(), "reporter_told": True,
    },
    "f-danger": lambda: {"signs": ["fight"], "called_police": "yes", "what": "双方动手"},
    "f-receipt": lambda: {"decision": "accept", "accepted_as": "checking", "receipt_number": "示例回执1号"},
    "f-handover": lambda: {
        "matter": "public_order", "facts": "双方推搡，衣服扯破", "called_police": "no", "victim_safe": "yes",
    },
    "f-police-progress": lambda: {"step": "done"},
    "f-outcome": lambda: {"outcome": "people_mediation", "outcome_on": _today()},
    "f-jc-check": lambda: {"obstacles": [], "eligible": "yes", "effective_on": _today()},
    "f-jc-consent": lambda: {"want": "both", "how": "written", "asked_on": _today()},
    "f15-confirmation": lambda: {
        "papers": ["application", "agreement", "organisation", "identity", "address"], "court": "示例县法院",
        "submitted_on": _today(),
    },
    "f-jc-court": lambda: {"taken": "yes", "court_number": "（示例）民特1号"},
    "f-jc-tell": lambda: {"told": ["enforce"], "who": "示例甲、示例乙", "told_on": _today()},
    "f-jc-result": lambda: {"result": "effective", "ruled_on": _today(), "last_due": _today()},
    "f-pet": lambda: {
        "channel": "visit", "purpose": "claim", "demand": "反映饮水问题", "nature": "first",
        "representatives": [{"name": "示例甲"}], "received_on": _today(),
    },
    "f-pet-urgent": lambda: {"told": ["government"], "told_at": _now(), "measures": "派人到场"},
    "f-hearing": lambda: {
        "held_at": _now(), "place": "示例镇政府", "present": "主持人、信访人", "statements": "双方陈述", "signed": True,
    },
    "f-pet-route": lambda: {"route": "organ"},
    "f-pet-send": lambda: {"kind": "assign", "organ": "示例县水利局", "sent_on": _today()},
    "f-pet-receive": lambda: {"decision": "accept", "receipt_number": "示例回执2号"},
    "f-pet-object": lambda: {"agree": "yes", "reason": "核实同意退回"},
    "f-pet-pass": lambda: {"organ": "示例县纪委监委", "pages": 3, "sent_on": _today()},
    "f-pet-discipline": lambda: {"organ": "示例县纪委监委", "receipt_number": "示例收1号", "received_on": _today()},
    "f-pet-refuse": lambda: {
        "ground": "31-1", "routes_told": ["court"], "how": "paper", "told_on": _today(),
    },
    "f-pet-notice": lambda: {"contact": "yes", "told": ["receipt", "procedure", "term", "rights"], "told_on": _today()},
    "f-pet-investigate": lambda: {
        "done": ["heard", "site"], "no_conflict": True, "found": "水管老化", "next": "opinion",
    },
    "f-pet-extend": lambda: {"why_complex": "涉及两个部门"},
    "f-pet-approve": lambda: {"approved": "yes", "reason": "涉及两个部门"},
    "f-pet-extend-notice": lambda: {"reason_told": "涉及两个部门", "told_on": _today()},
    "f-opinion": lambda: {
        "claims": "修好水管", "facts": "水管老化", "result": "support", "law": "示例规定", "measures": "年底前更换",
        "rights_told": True,
    },
    "f-serve": lambda: {"who": "示例甲", "how": "face", "served_on": _today()},
    "f-review-ask": lambda: {"asked": "yes", "reasons": "不服", "asked_on": _today()},
    "f-pet-review": lambda: {
        "organ": "示例市水利局", "facts": "水管已更换", "result": "uphold", "law": "示例规定", "rights_told": True,
    },
    "f-pet-recheck": lambda: {
        "organ": "示例省水利厅", "hearing": "no", "facts": "水管已更换", "result": "uphold",
        "law": "示例规定", "final_told": True,
    },
    "f-rate": lambda: {"asked": "phone", "satisfied": "yes"},
    "f-court": lambda: {"told": ["conditions", "limitation"], "goes": "sue", "told_on": _today()},
    "f-court-filing": lambda: {
        "filing": "registered", "court_number": "（示例）民初1号", "procedure": "ordinary", "decided_on": _today(),
    },
    "f-court-correct": lambda: {"told": ["phone"], "corrected_on": _today()},
    "f-court-med": lambda: {"received": True, "conflict": "none", "signed_on": _today()},
    "f-court-result": lambda: {"result": "agreed"},
    "f-court-close": lambda: {"closed_by": "mediation_paper", "closed_on": _today()},
    "f-protect": lambda: {
        "who": "adult", "called_at": _now(), "also": ["women"], "signs": ["injury"], "safe_contact": "village",
    },
    "f-protect-help": lambda: {"told": ["warning", "order", "shelter"], "done": ["medical"], "arranged_on": _today()},
    "f-order-ask": lambda: {"applied": "yes", "by": "victim", "urgent": "no"},
    "f-order": lambda: {
        "granted": "yes", "ruling_number": "（2026）示例民保令1号", "ruled_on": _today(), "term_in": "months",
        "term_months": 6, "served": ["parties", "police", "village"],
    },
    "f-protect-returned": lambda: {"next": "protect", "why": "示例：已告知可以申请复议，由妇联接着保护"},
    "f-protect-visit": lambda: {"visited_on": _today(), "safe": "yes", "more": "no"},
    "f-protect-close": lambda: {"checked": ["police", "help", "visits"]},
    "f-fraud": lambda: {"money": "sent", "called_at": _now(), "sent_at": _now()},
    "f-fraud-told": lambda: {"told": ["filed", "frozen"], "told_on": _today()},
    "f-labour": lambda: {
        "matter": "dismissal", "workers": "few", "employed": "no", "known_on": _today(), "route": "mediation",
    },
    "f-labour-med": lambda: {"result": "none", "record": "单位不同意补偿", "held_on": _today()},
    "f-labour-guide": lambda: {"told": ["limitation", "documents"], "told_on": _today()},
    "f-labour-arb": lambda: {"accepted": "yes", "receipt_number": "（示例）仲1号"},
    "f-labour-award": lambda: {"result": "award", "final": "no", "received_on": _today()},
    "f-consumer": lambda: {"route": "complaint", "claim": "民宿押金不退", "sent_on": _today()},
    "f-labour-sue": lambda: {"told": ["sue", "final"], "told_on": _today()},
    "f-land-q": lambda: {"about": "title", "against": "person"},
    "f-land-road": lambda: {"road": "title"},
    "f-statusquo": lambda: {
        "told": [{"name": "示例甲"}, {"name": "示例乙"}], "state": "地里种着玉米", "told_on": _today(),
    },
    "f-land-receipt": lambda: {"taken": "yes", "receipt_number": "示例权属1号"},
    "f-land-decision": lambda: {"result": "decided", "number": "示例政处1号", "received_on": _today()},
    "f-land-arb": lambda: {"accepted": "yes", "receipt_number": "（示例）承包仲1号"},
    "f-land-award": lambda: {"result": "award", "received_on": _today()},
    "f-reps": lambda: {"representatives": [{"name": "示例代表"}], "elected": True},
    "f-inspect": lambda: {"result": "ordered", "ground": "拖欠工资属实", "done_on": _today()},
    "f-fast-report": lambda: {"reported_to": ["natural_resources"], "reported_at": _now(), "content": "落石两方"},
    "f-land-sue": lambda: {"told": ["sue", "reconsider"], "told_on": _today()},
    "f-roster": lambda: {
        "duty": "patrol", "ends_on": (clock.today() + timedelta(days=7)).isoformat(),
        "shifts": [
            {"place": "示例桥头", "starts_at": _on(1, 19), "ends_at": _on(1, 21), "needed": 2},
            {"place": "示例校门", "starts_at": _on(1, 20), "ends_at": _on(1, 22), "needed": 1},
        ],
    },
    "f-shift-log": lambda: {"what": "handover", "when": _now(), "words": "钥匙在村委会"},
    "f-reward": lambda: {"grade": "general", "useful": "护栏及时修好"},
    "f-reward-verify": lambda: {"verified": "yes", "how": ["file"]},
    "f-reward-publish": lambda: {"objection": "no"},
    "f-reward-appeal": lambda: {"decision": "withdraw", "reason": "查明是别人先发现的"},
    "f-correction": lambda: {"kind": "sign", "right": "值班电话是 0915-3300000（示例）", "due_on": _today()},
    "f-correction-done": lambda: {"result": "corrected", "words": "牌子换了", "done_on": _today()},
    "f-guidance": lambda: {"routes_told": ["enforcement"], "told_how": "face", "told_at": _now()},
}  # fmt: skip


def actor(session: Session, login: str) -> Actor:
    """A person of the demo county."""
    return people.actor_by_login(session, login)


def open_task(session: Session, case: Case, element: str | None = None) -> UserTask:
    """The one open task of a case, or the open one of an element."""
    found = casework.open_tasks(session, case.id)
    chosen = [task for task in found if element in (None, task.element_id)]
    assert len(chosen) == 1, f"open are {[task.element_id for task in found]}"
    return chosen[0]


def do(session: Session, case: Case, element: str, login: str, **more: Any) -> None:
    """Have somebody complete the open task of an element, with its usual answers and `more`."""
    task = open_task(session, case, element)
    given = answers(task.form_key) if task.form_key else {}
    if task.form_key == "f-mediator":
        given["mediator"] = actor(session, "mediator").id
    casework.complete_task(session, actor(session, login), task.id, {**given, **more})
    session.flush()


def closed(session: Session, case: Case) -> tuple[str | None, bool]:
    """How a case ended, and whether it did."""
    fresh = session.scalars(select(Case).where(Case.id == case.id).execution_options(populate_existing=True)).one()
    return fresh.outcome, fresh.closed_at is not None
