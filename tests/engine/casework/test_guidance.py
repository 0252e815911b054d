"""The letter on the ways that are open: what a person is told who is sent elsewhere."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from engine import casework, clock
from tests.engine.casework.test_special_files import REPORT, Step, Work, play, printed
from tests.factories import actor, do, open_task


@pytest.mark.parametrize(
    ("ways", "told", "not_told"),
    [
        (["after_review"], "收到复议决定书之日起十五日内", "六十日"),
        (["reconsideration"], "六十日内申请行政复议", "复议决定书"),
        (["appeal"], "判决书送达之日起十五日内上诉", "复议"),
        (["enforcement", "arbitration"], "申请劳动仲裁的时效期间为一年", "三十日内起诉"),
        (["confirmation"], "生效之日起三十日内共同申请司法确认", "上诉"),
        (["court"], "诉讼时效期间一般为三年", "日内"),
        (["legal_aid"], "七日内作出决定，决定给予的自决定之日起三日内指派", "起诉"),
        (["preservation"], "采取保全措施后三十日内不起诉", "先予"),
        (["advance"], "劳动报酬的，起诉后可以申请先予执行", "保全"),
        (["police"], "公安机关应当依法作出处理", "三十日内"),
    ],
)
def test_each_way_is_told_with_its_own_time_and_no_other(
    session: Session, work: Work, ways: list[str], told: str, not_told: str
) -> None:
    """民事诉讼法 §§104, 109, 171, 205, 250; 行政诉讼法 §45; 法律援助法 §43: fifteen days, not sixty."""
    case = casework.report(session, actor(session, "grid"), REPORT).case
    steps: tuple[Step, ...] = (
        ("triage", "duty", {"route_facts": ["in_procedure"], "subject": "contract"}),
        ("confirm", "duty", {"route": "guidance", "risk": "BLUE", "level": "town"}),
        ("guide", "duty", {"routes_told": ways}),
    )
    play(session, work, case, steps)
    text = printed(session, case, "duty")
    letter = text[text.index("途径告知书", text.index("你反映的事项") - 40) : text.index("告知方式")]
    assert told in letter and not_told not in letter.partition("途径解决")[2].replace("60日内", "")


def test_who_was_served_a_first_judgment_is_told_the_last_day_to_appeal(session: Session, work: Work) -> None:
    """民事诉讼法 §171: fifteen days from service, beside the two years of enforcement; the letter names the day."""
    case = casework.report(session, actor(session, "grid"), REPORT).case
    served = clock.today() - timedelta(days=1)
    paper = {"paper": "first_judgment", "served_on": served.isoformat()}
    play(session, work, case, (("triage", "duty", {"route_facts": ["in_procedure"], "subject": "contract", **paper}),))
    work()
    told = casework.task_page(session, actor(session, "duty"), open_task(session, case, "confirm").id)
    assert f"15日（民事诉讼法 §171；行政诉讼法 §85），{served} 送达，到 20" in told.context["deadlines"]["zh"]
    assert "P2Y" not in told.context["deadlines"]["zh"] and "申请法院执行" in told.context["deadlines"]["zh"]
    do(session, case, "confirm", "duty", route="guidance", risk="BLUE", level="town")
    work()
    guide = casework.task_page(session, actor(session, "duty"), open_task(session, case, "guide").id)
    assert guide.raw["served_on"] == served.isoformat()
    given = {"routes_told": ["appeal", "enforcement"], "served_on": served.isoformat()}
    play(session, work, case, (("guide", "duty", given),))
    assert f"送达日期{served.year}年{served.month}月{served.day}日" in printed(session, case, "duty")
