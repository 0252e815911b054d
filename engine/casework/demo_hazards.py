"""Hazards of the last weeks in the demo county that were seen to the end, so that a process has something to tell of
its times: verified in time and late, put right at once and at the second attempt, and one that was none.

Each is played at a clock that is set back, through the commands that everybody uses, with what a worker does between.
All of it is made up, marked 示例 (sample), and drawn with a fixed seed.
"""

import base64
import random
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from engine import clock
from engine.cases import commands as cases
from engine.cases.models import Case
from engine.casework import commands, procedures, queries, reporting
from engine.documents import commands as documents
from engine.people import queries as people
from engine.workflow import jobs, timers

SEED = 20261126
FOUND = (
    ("H05", "村道护栏松了一截（示例）", "护栏立柱松动，扶上去晃", "加固立柱、补焊横杆"),
    ("H14", "院坝边的路灯线垂下来（示例）", "线皮破损，离地不到两米", "换线、抬高线路"),
    ("H05", "河边洗衣台石板断了（示例）", "石板断裂，边上没有遮挡", "换石板、加护栏"),
)
"""Category, what was reported, what was found, what is to be done."""
LISTED = ("H06", "老粮仓的山墙开裂外倾（示例）", "裂缝两指宽，墙向外倾", "先支撑，再拆除危墙")
"""A major one, listed and supervised (挂牌督办), still being fixed: its leader has a week's report to look at."""
COURSES = ("once", "once", "again", "once", "not_true", "once", "again", "once", "once", "again", "listed")
FIRST, BETWEEN = 62, 5
"""How many days ago the first was reported, and how many days lie between two."""
PHOTO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
"""A picture of one point."""


def load(session: Session) -> None:
    """Play all of them."""
    lot = random.Random(SEED)  # noqa: S311 - made-up data, no secret
    with jobs.inline(session) as run_jobs:
        for number, course in enumerate(COURSES):
            _play(session, lot, run_jobs, course, number)


def _play(session: Session, lot: random.Random, run_jobs: Callable[[], None], course: str, number: int) -> None:
    category, words, found, task = LISTED if course == "listed" else FOUND[number % len(FOUND)]
    grid = people.actor_by_login(session, "grid")
    with clock.virtual(clock.now() - timedelta(days=FIRST - BETWEEN * number, hours=lot.uniform(0, 8))) as now:
        report = {"what": words, "where": "民主村", "urgency": "ordinary", "kind": "hazard"}
        case = reporting.put_on_ledger(session, grid, report, kind="hazard").case
        cases.classify(session, case, grid.id, category=category, risk=lot.choice(("BLUE", "YELLOW")), level="village")
        procedures.begin(session, grid, procedures.one(session, "hazard"), case)
        for login, element, hours, answers in _steps(session, lot, course, category, found, task):
            now.advance(timedelta(hours=hours))
            session.flush()
            run_jobs()
            while timers.fire_due(session):
                run_jobs()
            _do(session, case, login, element, answers())
        run_jobs()


def _steps(session: Session, lot: random.Random, course: str, category: str, found: str, task: str) -> Iterator[Any]:
    """Who does which step after how many hours, with which answers (asked for when it is time)."""
    if course == "not_true":
        yield "hazard", "verify", lot.uniform(3, 30), lambda: {
            "verified": "false", "seen_at": _now(), "not_true": "到现场看过，没有这回事（示例）",
        }  # fmt: skip
        return
    yield "hazard", "verify", lot.uniform(3, 90), lambda: {
        "verified": "true", "seen_at": _now(), "category": category, "geological": "no",
        "grade": "major" if course == "listed" else "general", "found": found,
        "happened": "damage" if category == "H05" else "no",
    }  # fmt: skip
    if course == "listed":
        yield "hazard", "measures", 3, lambda: {
            "category": category, "interim": ["guard", "sign"], "responsible_kind": "village",
            "responsible": "民主村村委会（示例）", "what_to_fix": task,
            "fix_due": (clock.today() + timedelta(days=40)).isoformat(),
            "listed_by": "示例县安全生产委员会办公室", "listed_leader": "示例领导",
        }  # fmt: skip
        yield "hazard", "weekly-status", 7 * 24, lambda: {
            "state": "slow", "progress": "钢管支撑到位，拆除队伍还没有定（示例）", "interim_kept": "yes",
            "needs": "协调住建部门派技术人员（示例）",
        }  # fmt: skip
        return
    for fixed in ("no", "yes") if course == "again" else ("yes",):
        yield "hazard", "measures", lot.uniform(1, 20), lambda: {
            "category": category, "interim": ["sign"], "responsible_kind": "village",
            "responsible": "民主村村委会（示例）", "what_to_fix": task,
            "fix_due": (clock.today() + timedelta(days=4)).isoformat(),
        }  # fmt: skip
        yield "hazard", "rectify", lot.uniform(24, 140), lambda: {
            "done": f"{task}（示例）", "done_on": clock.today().isoformat(),
        }  # fmt: skip
        yield "hazard2", "recheck", lot.uniform(4, 40), lambda fixed=fixed: {
            "fixed": fixed, "opinion": "按要求改好了" if fixed == "yes" else "还有一处没有改到", "checked_at": _now(),
            "photos": [_photo(session)],
        }  # fmt: skip
    yield "hazard2", "strike-off", lot.uniform(2, 30), lambda: {
        "evidence": ["photo", "opinion"], "watch": "no", "struck_on": clock.today().isoformat(), "reporter_told": True,
    }  # fmt: skip


def _do(session: Session, case: Case, login: str, element: str, answers: Mapping[str, Any]) -> None:
    task = next(one for one in queries.open_tasks(session, case.id) if one.element_id == element)
    commands.complete_task(session, people.actor_by_login(session, login), task.id, answers)


def _now() -> str:
    return clock.now().astimezone(clock.ZONE).strftime("%Y-%m-%dT%H:%M")


def _photo(session: Session) -> str:
    taken = documents.store_upload(session, people.actor_by_login(session, "hazard2").id, "示例.png", PHOTO)
    session.flush()  # the answer names it
    return str(taken.id)
