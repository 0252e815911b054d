"""Incidents (事故): dangers that came true, as somebody saw them on the scene, for ten thousand residents.

An incident is a case reported in the window whose newest check on the scene (form f-haz) found it true and says that
something happened: damage, or people hurt or dead. What was reported and not looked at is none. The residents are what
a source says of the whole county (engine.ledger.published); so there is a rate for all of it alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, case, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from engine.cases.models import Case, Submission
from engine.errors import N_
from engine.ledger import published
from engine.people.actor import Actor

RESIDENTS = "常住人口"
"""How a published figure is called that is the number of residents; words in brackets may follow."""
UNITS = {"人": 1, "万人": 10_000}
PER = 10_000
HAPPENED = ("damage", "injury", "death")
KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "fire": (N_("Fires"), ("H03", "H04")),
    "nature": (N_("Geological hazards and floods"), ("H01", "H02")),
    "road": (N_("Roads"), ("H05",)),
    "work": (N_("Building sites, mines, dangerous goods, equipment"), ("H07", "H08", "H13")),
    "water": (N_("Drowning"), ("H11",)),
    "other": (N_("Others"), ()),
}
"""What incidents were, with their categories; the last is all the rest."""
ALL, HURT = N_("All incidents"), N_("Of them with people hurt or dead")
MEANING = N_(
    "Cases reported in these days that somebody saw on the scene and found true, and in which something had happened: "
    "damage, or people hurt or dead. What was only a danger is none."
)


@dataclass(frozen=True)
class Incident:
    """One line: how many, and how many for ten thousand residents; None where too small to be shown or not known."""

    key: str
    name: str
    count: int | None
    rate: float | None


@dataclass(frozen=True)
class Incidents:
    """The lines of a window, and the residents they are set against: how many, of which year, from which source."""

    lines: tuple[Incident, ...]
    residents: int | None
    year: int | None
    source: str


def happened() -> ColumnElement[bool]:
    """The condition on cases that are incidents."""
    return _seen("happened").in_(HAPPENED)


def code() -> ColumnElement[str]:
    """Which kind of incident a case is."""
    named = [(Case.category.in_(codes), key) for key, (_, codes) in KINDS.items() if codes]
    return case(*named, else_="other")


def hurt() -> ColumnElement[str]:
    """Whether people were hurt: yes or no."""
    return case((_seen("happened").in_(("injury", "death")), "yes"), else_="no")


def residents(session: Session, actor: Actor, year: int) -> tuple[int, int, str] | None:
    """How many live in the county: the number, its year and source, of the newest line up to a year that tells one."""
    told = [
        one.entry
        for one in published.lines(session, actor)
        if one.entry.metric.startswith(RESIDENTS) and one.entry.value and one.entry.unit in UNITS
    ]
    newest = max((one for one in told if one.year <= year), key=lambda one: one.year, default=None)
    if newest is None or newest.value is None:
        return None
    return int(newest.value * UNITS[newest.unit]), newest.year, newest.source


def set_against(counts: Mapping[str, int | None], people: tuple[int, int, str] | None) -> Incidents:
    """The lines of the counts of `all`, `hurt` and each kind, for ten thousand residents."""
    names = {"all": ALL, "hurt": HURT, **{key: name for key, (name, _) in KINDS.items()}}
    number, year, source = people or (None, None, "")
    lines = tuple(Incident(key, name, counts[key], _rate(counts[key], number)) for key, name in names.items())
    return Incidents(lines, number, year, source)


def _rate(count: int | None, people: int | None) -> float | None:
    return None if count is None or not people else float(round(Decimal(count) * PER / people, 2))


def _seen(key: str) -> ColumnElement[Any]:
    """What the newest check on the scene says, of those that found the report true."""
    answers = type_coerce(Submission.answers, JSONB)
    newest = select(case((answers["verified"].astext == "true", answers[key].astext))).where(
        Submission.case_id == Case.id, Submission.form_key == "f-haz"
    )
    return newest.order_by(Submission.at.desc()).limit(1).correlate(Case).scalar_subquery()
