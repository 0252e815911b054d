"""Every deadline of the catalogue ends on the day that was counted by hand."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from engine import events
from engine.deadlines import commands, shipped
from tests.engine.deadlines.conftest import NOW

EVERY = (
    # what runs from 2026-11-23 16:20: key, article, last day, day that is shown; 2027's holidays are not known yet
    ("pm.confirm.window", "人民调解法 §33；民事诉讼法 §205", "2026-12-23", "2026-12-23"),
    ("pm.soft", "人民调解工作若干规定 §33（非法律）", "2026-12-23", "2026-12-23"),
    ("pm.medical", "医疗纠纷预防和处理条例 §38", "2027-01-04", "2027-01-04"),
    ("pm.labour", "劳动争议调解仲裁法 §14", "2026-12-08", "2026-12-08"),
    ("court.confirm", "民事诉讼法 §187", "2026-12-23", "2026-12-23"),
    ("pet.notice.office", "信访工作条例 §22", "2026-12-08", "2026-12-08"),
    ("pet.notice.organ", "信访工作条例 §23", "2026-12-08", "2026-12-08"),
    ("pet.objection", "信访工作条例 §23", "2026-11-30", "2026-11-30"),
    ("pet.handle", "信访工作条例 §34", "2027-01-22", "2027-01-22"),
    ("pet.review.apply", "信访工作条例 §35", "2026-12-23", "2026-12-23"),
    ("pet.review.decide", "信访工作条例 §35", "2026-12-23", "2026-12-23"),
    ("pet.recheck.apply", "信访工作条例 §36", "2026-12-23", "2026-12-23"),
    ("pet.recheck.decide", "信访工作条例 §36", "2026-12-23", "2026-12-23"),
    ("police.transfer", "公安机关办理行政案件程序规定 §61", "2026-11-24", "2026-11-24"),
    ("police.second_mediation", "公安机关办理行政案件程序规定 §183", "2026-12-02", "2026-12-02"),
    ("police.case", "公安机关办理行政案件程序规定 §165", "2026-12-23", "2026-12-23"),
    ("preserve.sue", "民事诉讼法 §104", "2026-12-23", "2026-12-23"),
    ("court.filing", "民事诉讼法 §126", "2026-11-30", "2026-11-30"),
    ("court.entrusted.ordinary", "最高法立案与调解工作意见（2025）", "2026-12-08", "2026-12-08"),
    ("court.entrusted.summary", "最高法立案与调解工作意见（2025）", "2026-11-30", "2026-11-30"),
    ("labour.arb", "劳动争议调解仲裁法 §43", "2027-01-07", "2027-01-07"),
    ("labour.sue", "劳动争议调解仲裁法 §50", "2026-12-08", "2026-12-08"),
    ("labour.quash", "劳动争议调解仲裁法 §49", "2026-12-23", "2026-12-23"),
    ("land.arb.apply", "农村土地承包经营纠纷调解仲裁法 §18", "2028-11-23", "2028-11-23"),
    ("land.arb", "农村土地承包经营纠纷调解仲裁法 §47", "2027-01-22", "2027-01-22"),
    ("land.arb.accept", "农村土地承包经营纠纷调解仲裁法 §23", "2026-11-30", "2026-11-30"),
    ("land.title.sue", "土地管理法 §14", "2026-12-23", "2026-12-23"),
    ("dv.order", "反家庭暴力法 §28", "2026-11-26", "2026-11-26"),
    ("consumer", "消费者权益保护法 §46", "2026-12-02", "2026-12-02"),
    ("reconsider.apply", "行政复议法 §20", "2027-01-22", "2027-01-22"),
    ("enforce.apply", "民事诉讼法 §250", "2028-11-23", "2028-11-23"),
    ("labour.apply", "劳动争议调解仲裁法 §27", "2027-11-23", "2027-11-23"),
    ("labour.arb.accept", "劳动争议调解仲裁法 §29（按工作日，待核）", "2026-11-30", "2026-11-30"),
    ("labour.inspect", "劳动保障监察条例 §17", "2027-02-15", "2027-02-15"),
    ("land.arb.sue", "农村土地承包经营纠纷调解仲裁法 §48", "2026-12-23", "2026-12-23"),
    ("pet.reply", "信访工作条例 §§29, 31(五)（没有法定期限，按六十日管理）", "2027-01-22", "2027-01-22"),
    ("pet.simple", "信访事项简易办理办法（试行）2016（待核）", "2026-12-07", "2026-12-07"),
    ("hazard.report", "国家突发地质灾害应急预案（以省预案为准）", "2026-11-24", "2026-11-24"),
    ("confirm.object", "民诉法解释 §372", "2026-12-08", "2026-12-08"),
    ("civil.limitation", "民法典 §§188, 195", "2029-11-23", "2029-11-23"),
    ("traffic.mediation.apply", "道路交通事故处理程序规定 §§86, 112", "2026-12-07", "2026-12-07"),
    ("traffic.after.mediation", "道路交通事故处理程序规定 §§85, 112", "2026-11-26", "2026-11-26"),
    ("dv.reconsider", "反家庭暴力法 §31", "2026-11-28", "2026-11-30"),
)


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize(
    ("key", "on", "displayed"),
    [pytest.param(key, date.fromisoformat(on), date.fromisoformat(shown), id=f"{law}: {key}")
     for key, law, on, shown in EVERY],
)  # fmt: skip
def test_every_deadline_of_the_catalogue_ends_on_its_day(
    session: Session, case_id: UUID, key: str, on: date, displayed: date
) -> None:
    running = commands.start(session, case_id, key)
    assert (running.due_on, running.displayed_on) == (on, displayed)


@pytest.mark.usefixtures("now")
def test_the_history_tells_the_last_day_of_a_right_after_the_days_off(session: Session, case_id: UUID) -> None:
    """民法典 §203: a right whose last day is a Saturday is told with the Monday, in the history as in the file."""
    commands.start(session, case_id, "dv.reconsider")
    [started] = events.of_stream(session, case_id)
    assert started.data["due_on"] == "2026-11-30"


def test_no_deadline_of_the_catalogue_is_left_out() -> None:
    assert {key for key, *_ in EVERY} == {entry["key"] for entry in shipped.catalogue()}


@pytest.mark.usefixtures("now")
def test_an_urgent_protection_order_takes_twenty_four_hours(session: Session, case_id: UUID) -> None:
    """反家庭暴力法 §28."""
    urgent = commands.start(session, case_id, "dv.order", urgent=True)
    assert urgent.due_at == NOW + timedelta(hours=24)


MAY = {
    # by how long at most it is extended and what that takes, what stops it, what begins it anew
    "pm.medical": ("WD90", {"both_consent"}, {"appraisal"}, set()),  # the regulation sets the parties no limit
    "court.confirm": ("P365D", {"president"}, set(), set()),
    "pet.handle": ("P30D", {"head_approval", "notice"}, set(), set()),
    "pet.recheck.decide": ("", set(), {"hearing"}, set()),
    "police.case": ("P30D", {"superior"}, {"appraisal"}, {"mediation_failed"}),
    "court.filing": ("", set(), set(), {"correction"}),
    "court.entrusted.ordinary": ("P30D", {"both_consent"}, set(), set()),
    "court.entrusted.summary": ("P30D", {"both_consent"}, set(), set()),
    "labour.arb": ("P15D", {"head_approval"}, set(), set()),
    "land.arb": ("P30D", {"head_approval"}, set(), set()),
    "labour.inspect": ("WD30", {"head_approval"}, set(), set()),
}  # fmt: skip
WITHOUT_LIMIT = {"pm.medical", "court.confirm"}
GROUNDS = {"appraisal", "hearing", "correction", "mediation_failed", "holiday"}
EVERYTHING = frozenset({"both_consent", "president", "head_approval", "notice", "superior"})


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize(("key", "law"), [pytest.param(key, law, id=f"{law}: {key}") for key, law, *_ in EVERY])
def test_every_deadline_is_moved_only_as_its_article_allows(
    session: Session, case_id: UUID, key: str, law: str
) -> None:
    longest, needs, stops, restarts = MAY.get(key, ("", set(), set(), set()))
    running = commands.start(session, case_id, key)
    due = running.due_on
    for ground in GROUNDS - stops:
        with pytest.raises(commands.NotAllowedByLaw) as refused:
            commands.suspend(session, running, "a", ground=ground)
        assert law in str(refused.value.sentence), "it is refused with the article"
    for ground in GROUNDS - restarts:
        with pytest.raises(commands.NotAllowedByLaw):
            commands.restart(session, running, "a", ground=ground)
    if longest:
        for missing in needs:
            with pytest.raises(commands.ExtensionInvalid) as lacking:
                commands.extend(session, running, "a", by=longest, reason="复杂", given=EVERYTHING - {missing})
            assert law in str(lacking.value.sentence)
        if key not in WITHOUT_LIMIT:
            more = f"{longest.rstrip('0123456789D')}{int(longest.strip('PWD')) + 1}{'D' if longest[0] == 'P' else ''}"
            with pytest.raises(commands.ExtensionInvalid):
                commands.extend(session, running, "a", by=more, reason="复杂", given=EVERYTHING)
        commands.extend(session, running, "a", by=longest, reason="复杂", given=frozenset(needs))
        assert (running.due_on > due, running.extension_approved_by, running.extension_reason) == (True, "a", "复杂")
        due = running.due_on
    with pytest.raises(commands.NotAllowedByLaw) as refused:
        commands.extend(session, running, "a", by="P1D", reason="复杂", given=EVERYTHING)
    assert law in str(refused.value.sentence), "not at all, or not twice"
    assert (running.state, running.due_on) == ("running", due)
    for ground in stops:
        commands.suspend(session, running, "a", ground=ground)
        commands.resume(session, running, "a")
    for ground in restarts:
        assert commands.restart(session, running, "a", ground=ground).state == "running"
