"""What is offered to somebody of a whole county, found by their roles: most of its twenty thousand tasks are others'.

An index holds county and candidate roles of the open tasks that nobody has taken on. `groups` is a list, so a role
cannot be looked up in it; but a county knows few different lists. They are found one after the other, each by one look
at the index, and those with the role among them are looked up whole. In towns and villages an index over the division
finds little enough.
"""

from sqlalchemy import ColumnElement, Uuid, select, text

from engine.cases.permissions import MEDIATORS
from engine.casework import access
from engine.people.actor import Actor
from engine.workflow.models import UserTask

_OFFERED = """
SELECT id FROM user_task
WHERE state = 'open' AND assignee IS NULL AND split_part(division, '/', 1) = :county# AND groups IN (
  WITH RECURSIVE list (roles) AS (
    SELECT min(groups) FROM user_task
    WHERE state = 'open' AND assignee IS NULL AND split_part(division, '/', 1) = :county#
    UNION ALL
    SELECT (
      SELECT min(groups) FROM user_task
      WHERE state = 'open' AND assignee IS NULL AND split_part(division, '/', 1) = :county# AND groups > roles
    )
    FROM list WHERE roles IS NOT NULL
  )
  SELECT roles FROM list WHERE roles @> ARRAY[:role#]::text[]
)"""
_TAKEN_ON = "SELECT id FROM user_task WHERE state = 'open' AND assignee = :person"


def offered(actor: Actor, *, mine: bool = False) -> ColumnElement[bool]:
    """The condition on open tasks that nobody has taken on and an actor's roles let them take, or with `mine` has."""
    held = actor.memberships
    if not held or any("/" in one.path for one in held):
        free = access.group_tasks(actor) & UserTask.assignee.is_(None)
        return (UserTask.assignee == actor.id) | free if mine else free
    # As text, since putting it together out of parts takes longer than the database takes to answer.
    parts = [_OFFERED.replace("#", str(number)) for number in range(len(held))]
    given = {f"county{number}": one.path for number, one in enumerate(held)}
    given |= {f"role{number}": one.role for number, one in enumerate(held)}
    if mine:
        parts.append(_TAKEN_ON)
        given["person"] = actor.id
    found = UserTask.id.in_(text(" UNION ALL ".join(parts)).bindparams(**given).columns(id=Uuid))
    if actor.roles.isdisjoint(MEDIATORS):
        return found
    # Few, and found by their cases: most of them are among the others already.
    also = select(UserTask.id).where(
        UserTask.state == "open", UserTask.assignee.is_(None), access.mediators_tasks(actor)
    )
    return found | UserTask.id.in_(also)
