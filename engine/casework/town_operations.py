"""The verbs of diagrams for what a town keeps of its own: rosters of volunteers, and rewards by its rules."""

from typing import Any

from sqlalchemy import select

from engine.cases import parties
from engine.cases import queries as cases
from engine.cases.models import Case
from engine.people import queries as people
from engine.rewards import commands as rewards
from engine.volunteers import commands as volunteers
from engine.workflow import definitions
from engine.workflow.operations import Call, operation

REWARD_FORM, REWARD_TABLE = "f-reward", "reward_rule"


@operation("roster.plan", title="Make the shifts of a roster", title_zh="生成班次")
def plan_roster(call: Call) -> None:
    """Make the shifts that the form f-roster names; people are put on them on the page of rosters."""
    planned = cases.newest_submission(call.session, call.stream, ["f-roster"])
    if planned is not None:
        case = cases.locked(call.session, call.stream)
        volunteers.plan(call.session, case, call.actor, planned.answers.get("shifts") or [])


@operation("roster.end", title="End the shifts of a roster", title_zh="结束班次")
def end_roster(call: Call) -> None:
    """End what is still to come of a roster: it expires (反形式主义规则 11)."""
    volunteers.end(call.session, cases.locked(call.session, call.stream), call.actor)


@operation(
    "reward.check", title="Look at what a reward is for", title_zh="查奖励对应的事项",
    parameters={"number": "number of the finished matter; 办结事项的编号"},
)  # fmt: skip
def check_reward(call: Call, *, number: str) -> dict[str, Any]:
    """Whether a matter may be rewarded (`fit`, else `why` not), `what` it was, its `outcome` and its `town`."""
    about = _about(call, number)
    why = _unfit(call, about)
    if about is None or why:
        return {"fit": False, "why": why, "what": None, "outcome": None, "town": None}
    town = rewards.town_of(about.division).rpartition("/")[2]
    return {"fit": True, "why": None, "what": about.kind, "outcome": about.outcome, "town": town}


@operation(
    "reward.record", title="Record a reward", title_zh="奖励记入台账",
    parameters={
        "number": "number of the finished matter; 办结事项的编号", "what": "kind of the matter; 事项种类",
        "points": "points that the rule gives; 规则给的分",
        "cap": "the most a person gets in a year; 每人每年上限", "rule": "rule that fired; 命中的规则",
    },
)  # fmt: skip
def record_reward(call: Call, *, number: str, what: str, points: int, cap: int, rule: str) -> dict[str, int]:
    """Write the reward into the ledger with its rule; the result is the `points` that the year's cap left of it."""
    case = cases.locked(call.session, call.stream)
    about = _about(call, number)
    if about is None:
        return {"points": 0}
    person, name = _reporter(call, about)
    proposed = cases.newest_submission(call.session, call.stream, [REWARD_FORM])
    version = definitions.newest(call.session, definitions.DECISION, REWARD_TABLE).version
    made = rewards.record(
        call.session, case, call.actor, about=about, person=person, for_whom=name, what=what, points=int(points),
        cap=int(cap), rule=rule, table_version=version, reason=str(proposed.answers.get("useful")) if proposed else "",
    )  # fmt: skip
    return {"points": made.amount}


@operation("reward.reverse", title="Take a reward back", title_zh="冲销奖励")
def reverse_reward(call: Call) -> None:
    """Take back what the case gave, with a line of its own and the reason of the form f-reward-appeal."""
    entry = rewards.newest(call.session, call.stream)
    decided = cases.newest_submission(call.session, call.stream, ["f-reward-appeal"])
    if entry is not None:
        reason = str(decided.answers.get("reason")) if decided else ""
        rewards.reverse(call.session, entry, call.actor, reason=reason)


def _about(call: Call, number: str) -> Case | None:
    case = cases.locked(call.session, call.stream)
    query = select(Case).where(Case.county == case.county, Case.number == number.strip().upper())
    return call.session.scalar(query)


def _unfit(call: Call, about: Case | None) -> str | None:
    """Why a matter cannot be rewarded; a sealed one is as unknown as one that is not there."""
    own_town = rewards.town_of(cases.locked(call.session, call.stream).division)
    if about is None or about.sealed or rewards.town_of(about.division) != own_town:
        return "unknown"
    if about.closed_at is None:
        return "open"
    if rewards.is_rewarded(call.session, about.id):
        return "rewarded"
    return None if _reporter(call, about)[1] else "anonymous"


def _reporter(call: Call, about: Case) -> tuple[str, str]:
    """Who reported a matter: the account, or else the name that was left; and how they are called."""
    if about.reported_by:
        return about.reported_by, people.names(call.session, [about.reported_by]).get(about.reported_by, "")
    told = next((one for one in parties.of_case(call.session, about.id) if one.role == "reporter"), None)
    return (told.name, told.name) if told else ("", "")
