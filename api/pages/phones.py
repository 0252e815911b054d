"""The numbers to call when something cannot wait for a form."""

from dataclasses import dataclass

from flask_babel import gettext

from engine.errors import N_

NATIONAL = (
    ("110", N_("Police: violence, threats, somebody missing")),
    ("119", N_("Fire and rescue: fire, collapse, trapped people")),
    ("120", N_("Ambulance: injured or ill")),
    ("96110", N_("Fraud: money about to be sent or just sent")),
)
"""110, 119, 120: the nation's emergency numbers; 96110: the police's line against fraud."""


@dataclass(frozen=True)
class Phone:
    """One number to call, and when."""

    number: str
    label: str
    local: bool = False


def emergency_phones() -> list[Phone]:
    """The nation's numbers."""
    return [Phone(number, gettext(label)) for number, label in NATIONAL]
