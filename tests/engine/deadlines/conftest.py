"""A database with the catalogue and the calendar that come with the product, time that stands still, and a case."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from engine import clock
from engine.deadlines import commands
from engine.ids import new_id

NOW = datetime(2026, 11, 23, 16, 20, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def now() -> Iterator[clock.VirtualClock]:
    with clock.virtual(NOW) as moving:
        yield moving


@pytest.fixture
def case_id() -> UUID:
    return new_id()


@pytest.fixture
def session(session: Session) -> Session:
    commands.load(session)
    return session
