"""Which instances are meant: one filter lists them, counts them, and picks them for a batch."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select, true
from sqlalchemy.orm import Session

from engine import clock
from engine.workflow import definitions
from engine.workflow.models import Definition, Incident, Instance, TokenPlace

ALIVE = ("active", "suspended")
DAYS = ("since", "until")


@dataclass(frozen=True)
class Selection:
    """Of one process and version, begun on days from `since` to `until`, in a status, with a token at an element, …

    … with an open incident of a code.

    What is empty is not asked about. `instances` names them one by one; `failed` wants those with an open incident.
    """

    instances: tuple[UUID, ...] = ()
    process: str = ""
    version: int | None = None
    status: str = ""
    element: str = ""
    code: str = ""
    failed: bool = False
    since: date | None = None
    until: date | None = None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Selection":
        """A selection as it was stored."""
        days = {name: date.fromisoformat(given[name]) for name in DAYS if isinstance(given.get(name), str)}
        return cls(**{**given, **days, "instances": tuple(UUID(str(one)) for one in given.get("instances", ()))})

    def stored(self) -> dict[str, Any]:
        """The selection as JSON."""
        days = {name: day.isoformat() for name in DAYS if (day := getattr(self, name))}
        return {**asdict(self), **days, "instances": [str(one) for one in self.instances]}

    @property
    def alive_only(self) -> bool:
        """Whether what has ended cannot be meant: no token is left in it, and no incident."""
        return bool(self.element or self.code or self.failed)


def condition(session: Session, selection: Selection, *, called: bool = False) -> ColumnElement[bool]:
    """The selection as a condition on instances. The versions are looked up first, so that an index can be used.

    With `called`, instances in which the process runs since others have called it are meant as well.
    """
    wanted: list[ColumnElement[bool]] = []
    ids = versions(session, selection.process, selection.version) if selection.process else []
    if selection.instances:
        wanted.append(Instance.id.in_(selection.instances))
    if selection.element:  # perhaps in a diagram that others call: whose instance it is does not matter
        wanted.append(stands_at(selection.element, ids))
    elif selection.process and called:
        wanted.append(Instance.id.in_(select(TokenPlace.instance_id).where(TokenPlace.definition_id.in_(ids))))
    elif selection.process:
        wanted.append(Instance.definition_id.in_(ids))
    if selection.status:
        wanted.append(Instance.status == selection.status)
    elif selection.alive_only:
        wanted.append(Instance.status.in_(ALIVE))
    if selection.since:
        wanted.append(Instance.started_at >= clock.midnight(selection.since))
    if selection.until:
        wanted.append(Instance.started_at < clock.end_of(selection.until))
    if selection.code or selection.failed:
        wanted.append(_failed(selection.code))
    return and_(true(), *wanted)


def versions(session: Session, key: str, number: int | None = None) -> list[UUID]:
    """The ids of a process's versions, or of one."""
    query = select(Definition.id).where(Definition.kind == definitions.PROCESS, Definition.key == key)
    return list(session.scalars(query.where(Definition.version == number) if number else query))


def stands_at(element: str, definition_ids: Sequence[UUID] = ()) -> ColumnElement[bool]:
    """The condition that an instance has a token at an element, in any diagram or in some."""
    there = select(TokenPlace.instance_id).where(TokenPlace.element_id == element)
    return Instance.id.in_(there.where(TokenPlace.definition_id.in_(definition_ids)) if definition_ids else there)


def _failed(code: str) -> ColumnElement[bool]:
    found = exists().where(Incident.instance_id == Instance.id, Incident.resolved_at.is_(None))
    return found.where(Incident.code == code) if code else found
