"""The numbers to call when something cannot wait for a form."""

from dataclasses import dataclass

from flask_babel import gettext
from sqlalchemy.orm import Session

from api import i18n
from engine.errors import N_
from engine.people import queries as people
from engine.people.actor import Actor

NATIONAL = (
    ("110", N_("Police: violence, threats, somebody missing")),
    ("119", N_("Fire and rescue: fire, collapse, trapped people")),
    ("120", N_("Ambulance: injured or ill")),
    ("96110", N_("Fraud: money about to be sent or just sent")),
)
"""110, 119, 120: the nation's emergency numbers; 96110: the police's line against fraud."""

ADVICE = (
    ("12348", N_("Legal advice, free of charge")),
    ("12338", N_("Women: violence at home, rights")),
    ("12355", N_("Young people: advice and help")),
    ("12345", N_("Government: questions and complaints")),
)
"""The nation's lines for advice: they are no emergency numbers."""

ELSEWHERE = (
    ("12388", N_("Discipline inspection: an official who takes money, favours somebody or breaks the rules")),
    ("12389", N_("Police conduct: what the police did or left undone")),
    ("12337", N_("Courts, prosecutors and police that break the law; gangs")),
    ("12309", N_("Prosecutor: supervision of the police and of courts")),
    ("12368", N_("Court: filing, where a case stands, enforcement")),
    ("12333", N_("Work and insurance: wages, work injury, pension")),
    ("12315", N_("Market supervision: bad goods, prepaid cards, prices")),
    ("12350", N_("Safety at work: a hazard of a business")),
    ("122", N_("Traffic accidents")),
)
"""Who takes what is not for this house. What is told there against officials is not stored here."""

ON_DUTY = {"village_head", "town_centre", "hazard_office", "police"}
"""Organisations that go to the place; committees and courts are not called in danger."""


@dataclass(frozen=True)
class Phone:
    """One number to call, and when or whom."""

    number: str
    label: str
    local: bool = False


def emergency_phones() -> list[Phone]:
    """The nation's numbers."""
    return [Phone(number, gettext(label)) for number, label in NATIONAL]


STRIP = (("110", N_("Police")), ("119", N_("Fire")), ("120", N_("Ambulance")), ("12348", N_("Legal advice")))
"""What stands above every page of the public, each with one word."""


@dataclass(frozen=True)
class ShortPhone:
    """A number with one word, and its whole label."""

    number: str
    word: str
    label: str


def strip_phones() -> list[ShortPhone]:
    """The numbers above every page of the public."""
    labels = dict((*NATIONAL, *ADVICE))
    return [ShortPhone(number, gettext(word), gettext(labels[number])) for number, word in STRIP]


def advice_phones() -> list[Phone]:
    """The nation's lines for advice."""
    return [Phone(number, gettext(label)) for number, label in ADVICE]


def elsewhere_phones() -> list[Phone]:
    """The nation's lines for what is not for this house, and when to call them."""
    return [Phone(number, gettext(label)) for number, label in ELSEWHERE]


def local_phones(session: Session, actor: Actor, path: str | None = None) -> list[Phone]:
    """The numbers of the village and town on duty: near a place, else near the reader, else all."""
    near = path or next((held.path for held in actor.memberships), None)
    units = [unit for unit in people.duty_phones(session, near) if unit.kind in ON_DUTY]
    english = i18n.locale() == "en"
    return [Phone(unit.phone, unit.name_en if english else unit.name, local=True) for unit in units]
