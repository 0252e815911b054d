"""The deadlines that a way of handling brings with it, told before any of them runs."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from engine import clock
from engine.deadlines import counting, queries, rules, shipped
from engine.deadlines.counting import Calendar
from engine.deadlines.models import CatalogueEntry

NONE = {"zh": "没有法定期限", "en": "none of the law"}
NOT_YET = {
    "agreement_effective": ("协议生效", "the agreement takes effect"),
    "reply_received": ("收到答复", "the reply is received"),
    "review_reply_received": ("收到复查意见", "the review's reply is received"),
    "award_received": ("收到裁决", "the award is received"),
    "finding_received": ("收到事故认定书", "the finding on the accident is received"),
    "decision_received": ("收到处理决定", "the decision is received"),
    "review_decision_received": ("收到复议决定书", "the reconsideration decision is received"),
    "ruling_received": ("收到裁定", "the ruling is received"),
    "known": ("知道或者应当知道", "it was known"),
    "performance_due": ("履行期届满", "performance was due"),
    "mediator_signed": ("调解员签收", "the mediator signed for it"),
    "mediation_ended": ("调解结束", "mediation ends"),
    "first_mediation": ("第一次调解", "the first mediation"),
    "payment_stopped": ("止付", "the payment is stopped"),
    "earlier": ("原件受理", "the earlier matter was accepted"),
    "paper_served": ("裁判文书送达", "the judgment or ruling is served"),
    "preserved": ("采取保全措施", "it was preserved"),
    "aid_granted": ("决定给予法律援助", "legal aid was granted"),
    "not_performed": ("不履行", "it was not performed"),
}

BEGINS_NOW = {
    "accepted": ("受理", "acceptance"),
    "received": ("收到", "receipt"),
    "application_received": ("收到申请", "receipt of the application"),
    "complaint_received": ("收到起诉状", "receipt of the complaint"),
    "request_received": ("收到请求", "receipt of the request"),
    "filed": ("立案", "filing"),
}
"""Events that can happen on the day a matter is sorted; the others (a reply, an award, an agreement) come later."""

TOLD = {one["key"]: CatalogueEntry(**one) for one in shipped.told()}
"""What is told and not run, by key."""


def sentences(
    session: Session, keys: Iterable[str], *, earlier: bool = False, served_on: date | None = None
) -> dict[str, str]:
    """What each deadline is called, how long it is, by which article, and its last day if it began today; by language.

    Beside the catalogue's they may be those of told.json; other keys are left out: a table may be newer.
    `earlier`: the same matter is being handled already, so that nothing begins today. `served_on`: when a judgment or
    ruling was served, if that is known.
    """
    found = []
    for key in keys:
        try:
            found.append(TOLD.get(key) or queries.entry(session, key, clock.today()))
        except queries.DeadlineUnknown:
            continue
    if not found:
        return dict(NONE)
    calendar = queries.calendar(session)
    return {
        "zh": "；".join(_sentence(calendar, one, "zh", earlier, served_on) for one in found),
        "en": "; ".join(_sentence(calendar, one, "en", earlier, served_on) for one in found),
    }


def _without_holidays(years: tuple[int, ...], zh: bool) -> str:
    """That a day was counted with weekends alone, because nobody has entered the holidays of these years yet."""
    if not years:
        return ""
    if zh:
        return f"（{'、'.join(map(str, years))}年节假日还没有录入，只按周末算）"
    return f" (holidays of {', '.join(map(str, years))} not entered yet, weekends alone)"


def begins_with(entry: CatalogueEntry, locale: str) -> str:
    """The event with which a deadline begins, in words."""
    names = {**BEGINS_NOW, **NOT_YET}.get(entry.starts_at)
    return names[locale == "en"] if names else entry.starts_at


def _how_long(entry: CatalogueEntry, locale: str) -> str:
    """The duration in words, with the shorter one of what is urgent (反家庭暴力法 §28), unless its name says that."""
    words, urgent = counting.in_words(entry.duration, locale), rules.read(entry.rule).urgent
    if urgent is None or counting.in_words(urgent, "zh") in entry.name:
        return words
    shorter = counting.in_words(urgent, locale)
    return f"{words}，情况紧急的{shorter}" if locale == "zh" else f"{words}, {shorter} if urgent"


def length(entry: CatalogueEntry, locale: str) -> str:
    """How long a deadline is and from when it counts, where that is another day than today's."""
    words = _how_long(entry, locale)
    names = NOT_YET.get(entry.starts_at)
    if names is None:
        return words
    return f"{words}，从{names[0]}起算" if locale == "zh" else f"{words}, from the day {names[1]}"


def _sentence(calendar: Calendar, entry: CatalogueEntry, locale: str, earlier: bool, served_on: date | None) -> str:
    zh = locale == "zh"
    length = _how_long(entry, locale)
    starts_at = "earlier" if earlier and entry.starts_at in BEGINS_NOW else entry.starts_at
    if starts_at in BEGINS_NOW:
        rolls = rules.read(entry.rule).roll_forward
        due = counting.due(entry.duration, clock.now(), calendar, roll_forward=rolls)
        hour = f" {due.at:%H:%M}" if entry.duration.startswith("PT") else ""
        day = f"{due.displayed.isoformat()}{hour}"
        until = f"，今天起算到 {day}" if zh else f", until {day} if it begins today"
        until += _without_holidays(due.missing_years, zh)
    elif starts_at == "paper_served" and served_on:
        due = counting.due(entry.duration, served_on, calendar, roll_forward=rules.read(entry.rule).roll_forward)
        day = due.displayed.isoformat()
        until = f"，{served_on} 送达，到 {day}" if zh else f", until {day}, as it was served on {served_on}"
        until += _without_holidays(due.missing_years, zh)
    else:
        names = NOT_YET.get(starts_at, (starts_at, starts_at))
        until = f"，从{names[0]}起算" if zh else f", from the day {names[1]}"
    return f"{entry.name}{length}（{entry.law}）{until}" if zh else f"{entry.name_en}: {length} ({entry.law}){until}"
