"""Half a year of made-up matters for the demo county, so that boards and figures have something to show.

Closed ones are put on the ledger as they would have been, unless an answer ended them. Those, and the open ones, are
taken through their steps by the engine itself, at a clock that is set back. All of it is marked 示例 (sample), and
drawn with a fixed seed.
"""

import random
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock
from engine.cases import commands as cases
from engine.casework import commands, reporting
from engine.deadlines import commands as deadlines
from engine.people.actor import Actor
from engine.territory import queries as territory
from engine.workflow.models import UserTask

SEED = 20261123
DAYS, CLOSED = 180, 150
WEIGHTS = {"牛头店镇": 5, "曙坪镇": 4, "城关镇": 4, "钟宝镇": 3, "曾家镇": 2, "华坪镇": 1, "上竹镇": 1}
"""How many of the matters each town has a share of; made up, like everything here."""

CLOSINGS = (
    ("hazard", "H05", "路边护栏松动（示例）", ("struck_off",)),
    ("hazard", "H14", "院坝路灯不亮（示例）", ("struck_off", "struck_off", "false_report")),
    ("dispute", "D03", "两家为排水沟说不拢（示例）", ("guided", "withdrawn", "failed_told")),
    ("dispute", "D07", "借款没有还清（示例）", ("guided", "handed_over")),
    ("suggestion", "D14", "建议修一段便道（示例）", ("suggestion_noted",)),
)
OPEN = (
    ("牛头店镇", 8), ("曙坪镇", 7), ("城关镇", 5), ("曾家镇", 2), ("华坪镇", 1),
)  # fmt: skip
TRIAGE = {
    "danger_facts": [], "route_facts": ["dispute"], "weight_facts": [], "subject": "house_land",
    "land_question": "encroachment", "people_count": "few",
}  # fmt: skip
ANSWERED: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "suggestion_noted": (
        {"route_facts": ["suggestion"], "subject": "village_affairs", "people_count": "few"},
        {"route": "guidance", "risk": "BLUE", "level": "town", "other_reason": "示例：当场答复了"},
        {"routes_told": ["answer"], "told_how": "phone"},
    ),
    "guided": (
        {"route_facts": ["pending"], "subject": "contract", "people_count": "few"},
        {"route": "guidance", "risk": "BLUE", "level": "town"},
        {"routes_told": ["court", "legal_aid"], "told_how": "face"},
    ),
}
"""What an answer ends, step by step: triage, the way, and what was told."""
RISKS = ("BLUE", "YELLOW", "ORANGE", "BLUE", "RED")


def load(session: Session, officer: Actor) -> None:
    """Load the half year; `officer` is of the county centre and takes the first steps."""
    lot = random.Random(SEED)  # noqa: S311 - made-up data, no secret
    villages: dict[str, list[str]] = {}
    towns = {one.path: one.name for one in territory.towns(session)}
    for one in territory.villages(session):
        villages.setdefault(towns[one.path.rpartition("/")[0]], []).append(one.path)
    now = clock.now()
    for moment in sorted(now - timedelta(days=lot.uniform(21, DAYS)) for _ in range(CLOSED)):
        town = lot.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        kind, category, words, outcomes = lot.choice(CLOSINGS)
        outcome = lot.choice(outcomes)
        if outcome in ANSWERED:
            _answered(session, lot, officer, moment, town, {"what": words, "kind": kind}, ANSWERED[outcome])
        else:
            _closed(session, lot, moment, lot.choice(villages[town]), (kind, category, words, outcome))
    for moment, town in _opened(lot, now):
        _open(session, lot, officer, moment, town)


def _answered(
    session: Session, lot: random.Random, officer: Actor, moment: datetime, town: str, told: Mapping[str, Any],
    steps: Iterable[Mapping[str, Any]],
) -> None:  # fmt: skip
    """One that an officer answered, mostly within a day; the next steps followed at once."""
    with clock.virtual(moment) as then:
        report = {**told, "where": town, "urgency": "ordinary"}
        case = reporting.report(session, officer, report, source="window").case
        then.advance(timedelta(hours=lot.uniform(0.5, 28)))
        for answers in steps:
            given = {"told_at": then.instant.astimezone(clock.ZONE).isoformat(timespec="minutes")}
            _do(session, officer, case.id, {**answers, **(given if "told_how" in answers else {})})


def _closed(
    session: Session, lot: random.Random, moment: datetime, division: str, what: tuple[str, str, str, str]
) -> None:
    kind, category, words, outcome = what
    with clock.virtual(moment) as then:
        case, _ = cases.report(
            session, words=words, place="（示例）", urgency="ordinary", kind=kind, source="grid", division=division,
            actor=None,
        )  # fmt: skip
        case.category, case.risk = category, lot.choice(RISKS)
        case.level = lot.choices(("village", "town", "county"), (6, 3, 1))[0]
        session.flush()  # the deadline points to it
        due = deadlines.start(session, case.id, "consumer").due_at - then.instant
        then.advance(due * lot.choice((0.3, 0.5, 0.8, 0.9, 1.3)))
        deadlines.end(session, case.id, "consumer", state="met")
        cases.close(session, case, None, reason=outcome)


def _opened(lot: random.Random, now: datetime) -> Iterator[tuple[datetime, str]]:
    for town, count in OPEN:
        for _ in range(count):
            yield now - timedelta(hours=lot.uniform(1, 24 * 20)), town


def _open(session: Session, lot: random.Random, officer: Actor, moment: datetime, town: str) -> None:
    now = clock.now()
    with clock.virtual(moment) as then:
        words = {
            "what": "屋檐水滴到邻居墙上，两家争了几回（示例）",
            "where": town,
            "urgency": "ordinary",
            "kind": "dispute",
        }
        told = reporting.report(session, officer, words, source="window")
        if lot.random() < 0.7:
            for answers in (TRIAGE, {"route": "civil", "risk": lot.choice(RISKS), "level": "county"}):
                then.advance((now - then.instant) * lot.uniform(0.01, 0.3))
                _do(session, officer, told.case.id, answers)


def _do(session: Session, officer: Actor, case_id: Any, answers: Mapping[str, Any]) -> None:
    """Complete the one open task of a case."""
    session.flush()
    task = session.scalars(select(UserTask).where(UserTask.stream == case_id, UserTask.state == "open")).one()
    commands.complete_task(session, officer, task.id, answers)
