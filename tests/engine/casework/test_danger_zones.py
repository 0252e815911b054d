"""Danger zones of geological hazards (地质灾害防治条例 §§19, 20) and patrols in key seasons (§15)."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from engine import casework, clock
from engine.cases.models import Case
from engine.casework import filing, layouts, procedures
from engine.casework.errors import AnswersInvalid
from engine.ledger import queries as ledger
from engine.ledger.queries import Filters
from tests.engine.casework.conftest import Work
from tests.engine.casework.test_special_files import photo
from tests.factories import ROCK, actor, closed, do

NONE = dict.fromkeys(("marked_on", "extent", "signs", "announced_on"))
IN_FORCE = Filters(zone="1")
EXTENT = "东到村道，西到河边"


@pytest.fixture
def rock(session: Session, work: Work) -> Case:
    """A rockfall that was verified, with measures taken."""
    case = casework.report(session, actor(session, "grid"), ROCK).case
    for element, login, more in (
        ("call", "grid", {}), ("verify", "hazard", {"category": "H01", "disaster_grade": "small"}),
        ("fast-report", "hazard", {}), ("measures", "hazard", {"category": "H01"}),
    ):  # fmt: skip
        work()
        do(session, case, element, login, **more)
    work()
    return case


def listed(session: Session) -> list[Case]:
    return ledger.page(session, actor(session, "hazard"), IN_FORCE).cases


def test_a_zone_is_in_force_from_its_marking_until_it_is_lifted(session: Session, work: Work, rock: Case) -> None:
    assert listed(session) == []
    task = next(one for one in casework.open_tasks(session, rock.id) if one.element_id == "mark-zone")
    lies = casework.task_page(session, actor(session, "land"), task.id).laid
    assert len(lies) == 2, "the county's land bureau reads what was found and done"
    do(session, rock, "mark-zone", "land")
    assert listed(session) == [rock]
    book = load_workbook(BytesIO(layouts.workbook(session, actor(session, "hazard"), "zones", IN_FORCE, "zh")))
    assert book.active is not None and EXTENT in [cell.value for row in book.active.iter_rows() for cell in row]
    for element, login, more in (("rectify", "hazard", {}), ("recheck", "hazard2", photo(session))):
        work()
        do(session, rock, element, login, **more)
    work()
    do(session, rock, "lift-zone", "hazard")
    assert listed(session) == []
    work()
    do(session, rock, "strike-off", "hazard")
    work()
    assert closed(session, rock) == ("struck_off", True)
    file = filing.case_file(session, actor(session, "hazard"), rock.id)
    assert {"f-zone", "f-zone-lifted"} <= {one.paper.key for one in file.papers}


@pytest.mark.parametrize("missing", ["extent", "signs", "announced_on"])
def test_a_zone_has_its_extent_its_signs_and_its_announcement(session: Session, rock: Case, missing: str) -> None:
    with pytest.raises(AnswersInvalid):
        do(session, rock, "mark-zone", "land", **{missing: None})


def test_no_zone_is_listed_where_none_was_needed(session: Session, rock: Case) -> None:
    do(session, rock, "mark-zone", "hazard", zone="not_needed", reason="坡下无人无路", **NONE)
    assert listed(session) == []


def test_a_patrol_of_the_flood_season_asks_nothing_of_anybody_and_ends_with_it(session: Session, work: Work) -> None:
    """《关于防治“指尖上的形式主义”的若干意见》: nothing found, nothing to fill in."""
    with clock.virtual(clock.now()) as time:
        begins, ends = clock.today(), clock.today() + timedelta(days=90)
        plan = {
            "where": "民主村三组", "look_for": ["slope"], "season": "flood", "begins_on": begins.isoformat(),
            "ends_on": ends.isoformat(), "points": [{"point": "三组屋后坡"}, {"point": "四组沟口"}],
        }  # fmt: skip
        report = {"what": "汛期巡查", "where": "民主村", "urgency": "ordinary"}
        case = procedures.start(session, actor(session, "duty"), "patrol", report).case
        work()
        [task] = casework.open_tasks(session, case.id)
        with pytest.raises(AnswersInvalid):
            casework.complete_task(session, actor(session, "duty"), task.id, {**plan, "begins_on": None})
        casework.complete_task(session, actor(session, "duty"), task.id, plan)
        for _ in range(12):
            time.advance(timedelta(days=7))
            work()
            assert casework.open_tasks(session, case.id) == []
        assert not closed(session, case)[1]
        time.advance(timedelta(days=7))
        work()
    assert closed(session, case) == ("finished", True)
