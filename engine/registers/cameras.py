"""Camera points (视频监控点位) as a list to refer to: where one stands and whose it is. No picture comes from them.

公共安全视频图像信息系统管理条例 (State Council order 799, in force 2025-04-01): whoever runs a system files it with the
county's police (§14) and keeps what it records for at least 30 days (§17). Organs see recordings only for a duty of
theirs, by the law's procedure and no further than it needs (§20): they ask with a letter (the paper f-footage).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine import clock, events
from engine.db import Base
from engine.errors import N_, Forbidden, Invalid, NotFound
from engine.ids import new_id
from engine.people.actor import Actor
from engine.territory import queries as territory

KEEPERS = ("police", "duty_officer", "county_officer")
"""Who keeps the list, each in their division."""
READERS = (*KEEPERS, "justice_officer", "hazard_officer", "petition_officer")
"""Officers of organs that may have to ask for recordings; mediators are none (人民调解法 §7)."""
LEAST_DAYS = 30
"""§17: recordings are kept for at least so long."""
LONGEST = 100


class CameraPoint(Base):
    """Where a camera stands, whose it is, and for how many days its recordings are kept, as its owner filed it.

    `until` is the moment from which it is there no more; old letters keep naming it.
    """

    __tablename__ = "camera_point"
    __table_args__ = (
        CheckConstraint(f"kept_days >= {LEAST_DAYS}", name="camera_kept_days"),
        Index("ix_camera_point_path", "path"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    division: Mapped[str] = mapped_column(ForeignKey("division.code"))
    path: Mapped[str]
    place: Mapped[str]
    owner: Mapped[str]
    kept_days: Mapped[int]
    source: Mapped[str]
    at: Mapped[datetime]
    until: Mapped[datetime | None]


class CameraUnknown(NotFound):
    """There is no such camera point in this person's division."""

    code = "camera-unknown"
    message = N_("There is no such camera point in your division.")


class CameraUnfit(Invalid):
    """A camera point has a place, an owner, a division, a source, and at least thirty days for which it keeps."""

    code = "camera-unfit"
    message = N_(
        "Say where the camera stands, whose it is, in which village or town, from where that is known, and for how "
        "many days recordings are kept: at least 30 (Regulation on public video systems, art. 17)."
    )


def points(session: Session, actor: Actor) -> list[CameraPoint]:
    """The camera points of an actor's divisions that are there, place by place. Raises Forbidden."""
    paths = {held.path for held in actor.memberships if held.role in READERS}
    if not paths:
        raise Forbidden
    here = [or_(CameraPoint.path == path, CameraPoint.path.startswith(path + "/")) for path in paths]
    query = select(CameraPoint).where(or_(*here), CameraPoint.until.is_(None))
    return list(session.scalars(query.order_by(CameraPoint.path, CameraPoint.place)))


def may_read(actor: Actor) -> bool:
    """Whether somebody reads the list somewhere."""
    return any(actor.has(role) for role in READERS)


def may_keep(actor: Actor, path: str) -> bool:
    """Whether somebody keeps the list of a division."""
    return any(actor.holds(role, path) for role in KEEPERS)


def enter(session: Session, actor: Actor, given: Mapping[str, Any]) -> CameraPoint:
    """Put a camera point on the list. Raises CameraUnfit, DivisionUnknown, Forbidden."""
    said = {name: str(given.get(name) or "").strip() for name in ("place", "owner", "source")}
    days = str(given.get("kept_days") or "").strip()
    fits = all(0 < len(one) <= LONGEST for one in said.values()) and days.isascii() and days.isdigit()
    if not fits or not LEAST_DAYS <= int(days) <= 3650 or not given.get("division"):
        raise CameraUnfit
    division = territory.division(session, str(given["division"]))
    if not may_keep(actor, division.path):
        raise Forbidden
    made = CameraPoint(
        id=new_id(), division=division.code, path=division.path, kept_days=int(days), at=clock.now(), **said
    )  # fmt: skip
    session.add(made)
    events.record(session, "camera.entered", made.id, actor=actor.id, division=division.code)
    return made


def end(session: Session, actor: Actor, camera_id: UUID) -> CameraPoint:
    """Take a camera point off the list: it is there no more. Raises CameraUnknown."""
    found = session.get(CameraPoint, camera_id)
    if found is None or found.until is not None or not may_keep(actor, found.path):
        raise CameraUnknown(camera=camera_id)
    found.until = clock.now()
    events.record(session, "camera.ended", found.id, actor=actor.id)
    return found
