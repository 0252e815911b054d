"""What the tests of notifications share: preferences, what is read, what waits to leave the house."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock
from engine.notifications import commands, queries
from engine.notifications.models import Delivery
from tests.factories import actor

DAY = datetime(2027, 3, 10, 4, tzinfo=UTC)  # noon in the county
NIGHT = datetime(2027, 3, 10, 15, tzinfo=UTC)  # 23:00
Send = Callable[[], None]


def prefers(session: Session, login: str, **more: Any) -> None:
    given = {"email": "", "phone": "", "quiet_from": time(21), "quiet_to": time(8), "choices": {}} | more
    commands.prefer(session, actor(session, login), **given)


def reads(session: Session, login: str, locale: str = "en") -> list[str]:
    session.flush()
    told, _ = queries.page(session, actor(session, login), locale)
    return [one.text for one in told]


def outbox(session: Session) -> list[tuple[str, int, str | None]]:
    return [(one.state, one.attempts, one.problem) for one in session.scalars(select(Delivery).order_by(Delivery.id))]


def at(moment: datetime) -> AbstractContextManager[Any]:
    return clock.virtual(moment)
