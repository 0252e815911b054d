"""What to look for in my work; the address of the page holds it, so that it can be kept and passed on."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, or_

from engine import clock
from engine.cases.models import Case
from engine.casework.due import DUE
from engine.errors import N_, Invalid
from engine.workflow.models import UserTask

DUE_WITHIN = {"today": 0, "week": 7}
"""Days of the county, counted from today, to whose end something is due."""
WAITING = (1, 3, 7, 30)
"""Days for which a task has waited at least."""


class WorkFilterInvalid(Invalid):
    """A filter of my work cannot be read."""

    code = "work-filter-invalid"
    message = N_("A filter of this list cannot be read. Choose it again.")


@dataclass(frozen=True)
class Filters:
    """An empty field lets everything through. `due` is today, week or none; `waiting` a number of days."""

    words: str = ""
    place: str = ""
    kind: str = ""
    due: str = ""
    waiting: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Filters":
        """Filters from an address. Raises WorkFilterInvalid."""
        found = cls(**{name: given.get(name, "").strip() for name in cls.__dataclass_fields__})
        if found.due not in ("", "none", *DUE_WITHIN) or found.waiting not in ("", *map(str, WAITING)):
            raise WorkFilterInvalid
        return found

    @property
    def used(self) -> dict[str, str]:
        """Those that are set."""
        return {name: value for name, value in asdict(self).items() if value}

    def conditions(self) -> list[ColumnElement[bool]]:
        """The conditions on tasks and their cases."""
        found: list[ColumnElement[bool]] = []
        if self.words:
            columns = (Case.number, Case.words, Case.place)
            found.append(or_(*(column.icontains(self.words, autoescape=True) for column in columns)))
        if self.place:
            below = Case.division.startswith(self.place + "/", autoescape=True)
            found.append(or_(Case.division == self.place, below))
        if self.kind:
            found.append(Case.kind == self.kind)
        if self.due == "none":
            found.append(DUE.is_(None))
        elif self.due:
            last = clock.today() + timedelta(days=DUE_WITHIN[self.due] + 1)
            found.append(datetime.combine(last, time(), tzinfo=clock.ZONE) >= DUE)
        if self.waiting:
            found.append(UserTask.created_at <= clock.now() - timedelta(days=int(self.waiting)))
        return found


EVERYTHING = Filters()
