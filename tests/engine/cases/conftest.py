"""A county with divisions, and a short way to a case."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engine.cases import commands
from engine.cases.models import Case
from engine.people.actor import Actor, Held

COUNTY = "610927"
TOWN = f"{COUNTY}/610927103"
VILLAGE = f"{TOWN}/610927103207"
GRID = f"{VILLAGE}/610927103207001"
ELSEWHERE = f"{COUNTY}/610927102/610927102200"

Report = Callable[..., Case]


def holder(role: str, path: str, actor_id: str | None = None) -> Actor:
    """Somebody with one role in one division."""
    return Actor(actor_id or f"{role}@{path}", role, "zh", (Held(role, path.rpartition("/")[2], path),))


@pytest.fixture
def report(session: Session) -> Report:
    """A case on the ledger; what is given beyond the report's own fields is set on it."""

    def make(**given: Any) -> Case:
        told = {
            "words": "李家建房子把我家的地占了", "place": "民主村", "urgency": "ordinary", "kind": "dispute",
            "source": "grid", "division": VILLAGE, "actor": None,
        }  # fmt: skip
        own = {name: given.pop(name) for name in (*told, "reporter") if name in given}
        case, _ = commands.report(session, **{**told, **own})
        for name, value in given.items():
            setattr(case, name, value)
        session.flush()
        return case

    return make
