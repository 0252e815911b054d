"""A database with the catalogue and the calendar that come with the product."""

import pytest
from sqlalchemy.orm import Session

from engine.deadlines import commands


@pytest.fixture
def session(session: Session) -> Session:
    commands.load(session)
    return session
