"""Bundles: which files belong together, as they are in force."""

from collections.abc import Collection, Iterable
from pathlib import PurePosixPath

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, undefer

from engine.studio.errors import FileStrange, FileUnfit
from engine.workflow import definitions
from engine.workflow.models import Definition

MOST_FILES, MOST_BYTES = 200, 10 * 1024 * 1024


def name_of(definition: Definition) -> str:
    """The bundle that a definition belongs to: its folder, or its own key."""
    return definitions.bundle_of(definition.file_name) or definition.key


def in_force(session: Session, bundle: str, also: Collection[str] = ()) -> list[Definition]:
    """The newest version of each file of a bundle, and of files of other names, by name.

    A file with several definitions counts once.
    """
    newest = select(Definition.id).order_by(Definition.kind, Definition.key, Definition.version.desc())
    ids = newest.ext(distinct_on(Definition.kind, Definition.key))
    belongs = Definition.file_name.startswith(f"{bundle}/", autoescape=True) | (Definition.key == bundle)
    belongs |= Definition.file_name.in_(also)
    query = select(Definition).where(Definition.id.in_(ids), belongs).options(undefer(Definition.content))
    found = session.scalars(query.order_by(Definition.deployed_at, Definition.version))
    return sorted(
        {one.file_name: one for one in found if name_of(one) == bundle or one.file_name in also}.values(),
        key=lambda one: one.file_name,
    )


def everything(session: Session) -> list[Definition]:
    """The newest version of every file in force, with its content."""
    newest = select(Definition.id).order_by(Definition.kind, Definition.key, Definition.version.desc())
    ids = newest.ext(distinct_on(Definition.kind, Definition.key))
    query = select(Definition).where(Definition.id.in_(ids)).options(undefer(Definition.content))
    found = session.scalars(query.order_by(Definition.deployed_at, Definition.version))
    return list({one.file_name: one for one in found}.values())


def require_fit(names: Iterable[str], size: int) -> None:
    """Refuse what belongs in no bundle. Raises FileUnfit."""
    listed = list(names)
    if len(listed) > MOST_FILES or size > MOST_BYTES or len(set(listed)) < len(listed):
        raise FileUnfit
    for name in listed:
        path = PurePosixPath(name)
        odd = path.is_absolute() or ".." in path.parts or "\\" in name or len(name) > 200 or not name.isprintable()
        if odd or definitions.kind_of(name) is None:
            raise FileStrange(file=name)
