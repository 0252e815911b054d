"""The letter on the ways that are open: what a person is told who is sent elsewhere."""

import pytest
from sqlalchemy.orm import Session

from engine import casework
from tests.engine.casework.test_special_files import REPORT, Step, Work, play, printed
from tests.factories import actor


@pytest.mark.parametrize(
    ("ways", "told", "not_told"),
    [
        (["after_review"], "收到复议决定书之日起十五日内", "六十日"),
        (["reconsideration"], "六十日内申请行政复议", "复议决定书"),
        (["appeal"], "判决书送达之日起十五日内上诉", "复议"),
        (["enforcement", "arbitration"], "申请劳动仲裁的时效期间为一年", "三十日内起诉"),
        (["confirmation"], "生效之日起三十日内共同申请司法确认", "上诉"),
        (["court"], "诉讼时效期间一般为三年", "日内"),
        (["legal_aid"], "12348", "日内"),
    ],
)
def test_each_way_is_told_with_its_own_time_and_no_other(
    session: Session, work: Work, ways: list[str], told: str, not_told: str
) -> None:
    """行政诉讼法 §45; 行政复议法 §20; 民事诉讼法 §§171, 205, 250: who holds a decision has fifteen days, not sixty."""
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
