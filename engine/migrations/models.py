"""Every table of the house, imported so that Alembic sees them."""

from typing import Any

import engine.cases.models
import engine.cases.rounds
import engine.deadlines.models
import engine.documents.models
import engine.events
import engine.idempotency
import engine.ledger.movements
import engine.ledger.published
import engine.notifications.models
import engine.people.models
import engine.registers.calls
import engine.registers.cameras
import engine.registers.models
import engine.rewards.models
import engine.sessions.models
import engine.studio.models
import engine.supermarket.models
import engine.territory.models
import engine.volunteers.models
import engine.workflow.models  # noqa: F401
from engine.db import Base

metadata = Base.metadata


def is_ours(name: str | None, kind: str, parents: Any) -> bool:
    """Whether Alembic should compare a thing: Procrastinate's own tables are not ours."""
    return not (kind == "table" and (name or "").startswith("procrastinate_"))
