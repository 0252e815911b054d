"""Whoever is found by county and role has the work that asking each open task would give them."""

from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, make_transient

from engine import casework
from engine.casework.access import may_take
from engine.casework.shortlist import offered
from engine.people.actor import Actor, Held
from engine.workflow.models import UserTask
from tests.factories import LAND

COUNTY, TOWN = "610927", "610927/610927103"
DIVISIONS = (COUNTY, TOWN, f"{TOWN}/610927103207", "610928", "6109271")
GROUPS = (["town_mediator"], ["duty_officer"], ["county_officer"], ["court", "duty_officer"], ["police", "court"], [])
ME = "8a4a3f0e-6a8e-4d9e-9d0e-000000000001"


@pytest.fixture
def tasks(house: None, session: Session) -> list[UserTask]:
    """Open tasks of every mixture of division, roles and assignee."""
    case = casework.report(session, Actor.PUBLIC, LAND).case
    case.mediator, case.joint = "somebody", [ME]
    session.flush()
    example = session.scalars(select(UserTask).where(UserTask.stream == case.id)).first()
    assert example is not None
    session.expunge(example)
    make_transient(example)
    kept = {column.key: getattr(example, column.key) for column in UserTask.__table__.columns}
    mixed = [
        UserTask(**kept | {"id": uuid4(), "division": division, "groups": groups, "assignee": assignee})
        for division in DIVISIONS
        for groups in GROUPS
        for assignee in (None, ME, "somebody")
    ]
    session.add_all(mixed)
    session.flush()
    return mixed


@pytest.mark.parametrize(
    "held",
    [
        [("duty_officer", COUNTY)],
        [("duty_officer", COUNTY), ("court", COUNTY)],
        [("duty_officer", COUNTY), ("court", "610928")],
        [("duty_officer", COUNTY), ("court", TOWN)],
        [("duty_officer", TOWN)],
        [("county_mediator", COUNTY)],
        [("leader", COUNTY)],
        [],
    ],
)
@pytest.mark.parametrize("mine", [False, True])
def test_the_index_finds_what_the_rules_say(
    session: Session, tasks: list[UserTask], held: list[tuple[str, str]], mine: bool
) -> None:
    actor = Actor(ME, "示例", None, tuple(Held(role, path.rpartition("/")[2], path) for role, path in held))
    ids = {task.id for task in tasks}
    found = session.scalars(select(UserTask.id).where(UserTask.id.in_(ids), offered(actor, mine=mine))).all()
    expected = {
        task.id
        for task in tasks
        if (task.assignee is None and may_take(session, actor, task)) or (mine and task.assignee == actor.id)
    }
    assert len(found) == len(set(found))
    assert set(found) == expected
