"""What is shown of people's contacts: whole to whoever handles the case, a part to whoever merely sees it."""

from collections.abc import Mapping
from typing import Any

from engine.cases import permissions
from engine.cases.models import Case, Party
from engine.people.actor import Actor

PHONES = frozenset({"phone", "reporter_phone", "agent_phone"})
OTHERS = frozenset({"address", "number"})
"""Answers that say where somebody lives, or the number of a passport or permit (form F6)."""


def needs_contacts(actor: Actor, case: Case) -> bool:
    """Whether somebody needs to reach the people of a case: who handles it, mediates it, or reported it."""
    return permissions.may(actor, "party", case) or (actor.id != "" and actor.id in (*case.mediators, case.reported_by))


def person(party: Party) -> Party:
    """A party to be shown, with the contacts masked: a copy that no session knows."""
    columns = {name.key: getattr(party, name.key) for name in Party.__table__.columns}
    return Party(**{**columns, "phone": phone(party.phone), "address": partly(party.address or "") or None})


def answers(values: Any) -> Any:
    """Answers of a completed form with the contacts in them masked, wherever they stand."""
    if isinstance(values, Mapping):
        return {name: _answer(name, value) for name, value in values.items()}
    return [answers(one) for one in values] if isinstance(values, list) else values


def phone(number: str) -> str:
    """A phone number of which the first four and the last two digits show: 0915****20."""
    digits = "".join(char for char in number if char.isdigit())
    return f"{digits[:4]}****{digits[-2:]}" if len(digits) > 6 else "*" * len(digits)


def partly(text: str) -> str:
    """An address or number of which the beginning shows."""
    return f"{text[: max(1, len(text) // 3)]}…" if text else ""


def _answer(name: str, value: Any) -> Any:
    if isinstance(value, str):
        return phone(value) if name in PHONES else partly(value) if name in OTHERS else value
    return answers(value)
