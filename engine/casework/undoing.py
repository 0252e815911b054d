"""Taking back what one has just done, where nothing has left the house and nobody has built on it.

Who does a task (taken on, given back, handed on, delegated), and a remark; each for ten minutes, by whoever did it.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, events
from engine.cases import permissions
from engine.cases.models import Mention, Note
from engine.casework import access
from engine.errors import N_, Conflict
from engine.events import Event
from engine.people.actor import Actor
from engine.workflow import tasks
from engine.workflow.models import UserTask

WINDOW = timedelta(minutes=10)
HANDED = ("task.claimed", "task.released", "task.assigned", "task.delegated", "task.resolved", "task.undone")
LEFT = ("bundle.made", "file.finished")
"""What takes a remark out of the house, or into a file that stays as it is."""


class TooLateToUndo(Conflict):
    """What would be taken back is too old, not one's own, or somebody has gone on from there."""

    code = "too-late-to-undo"
    message = N_("This can no longer be taken back: ten minutes are over, or somebody has gone on from there.")


def can_undo(session: Session, actor: Actor, task: UserTask) -> bool:
    """Whether the newest change of who does a task is the actor's own and can still be taken back."""
    return _own_change(session, actor, task) is not None


def undo(session: Session, actor: Actor, task_id: UUID) -> UserTask:
    """Let a task be with whom it was before the actor's last change. Raises TaskUnknown, TaskNotOpen, TooLateToUndo."""
    access.require_may_see(session, actor, tasks.find(session, task_id))
    task = tasks.locked(session, task_id)
    changed = _own_change(session, actor, task)
    if changed is None:
        raise TooLateToUndo(task=task_id)
    return tasks.put_back(
        session, task, changed.data["was"], changed.data.get("was_owner"), actor=actor.id, undone=changed.kind
    )


def _own_change(session: Session, actor: Actor, task: UserTask) -> Event | None:
    events.write(session)  # what this transaction has recorded counts as well
    query = select(Event).where(Event.stream == task.stream, Event.kind.in_(HANDED))
    newest = session.scalar(
        query.where(Event.data["task"].astext == str(task.id)).order_by(Event.position.desc()).limit(1)
    )
    if newest is None or newest.actor != actor.id or newest.kind in ("task.undone", "task.resolved"):
        return None
    if "was" not in newest.data or newest.at < clock.now() - WINDOW or task.state != "open":
        return None
    typed = tasks.draft(session, task.id, actor=task.assignee) if task.assignee else None
    if typed is not None and task.assignee != actor.id and typed.saved_at > newest.at:
        return None  # whoever has it now has begun
    return newest


def can_withdraw(session: Session, actor: Actor, note: Note) -> bool:
    """Whether a remark is the actor's own, young enough, and in no file or bundle yet."""
    if note.by != actor.id or note.at < clock.now() - WINDOW:
        return False
    left = select(Event.id).where(Event.stream == note.case_id, Event.kind.in_(LEFT), Event.at >= note.at)
    return session.scalar(left.limit(1)) is None


def withdraw_note(session: Session, actor: Actor, case_id: UUID, note_id: UUID) -> None:
    """Take one's remark back; that there was one stays in the history. Raises CaseUnknown, TooLateToUndo."""
    permissions.require(session, actor, "note", case_id)
    note = session.get(Note, note_id, with_for_update=True)
    if note is None or note.case_id != case_id or not can_withdraw(session, actor, note):
        raise TooLateToUndo(case=case_id)
    for mention in session.scalars(select(Mention).where(Mention.note_id == note.id)):
        session.delete(mention)
    session.flush()  # they point to it
    session.delete(note)
    events.record(session, "case.note_withdrawn", case_id, actor=actor.id)
