"""What an administrator typed for an act, as the act takes it. Raises Invalid where it cannot be read."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from werkzeug.datastructures import MultiDict

from engine import clock
from engine.errors import N_, Invalid

Typed = MultiDict[str, str]


class ValueUnreadable(Invalid):
    """What was typed as a variable's value is no JSON."""

    code = "value-unreadable"
    message = N_("The value of “%(name)s” cannot be read: write a text in quotes, a number, true, false or null.")


class ChoiceMissing(Invalid):
    """Nothing was chosen of what the act is about."""

    code = "choice-missing"
    message = N_("Choose what this is about first.")


def of(act: str, typed: Typed) -> dict[str, Any]:
    """What is given for an act."""
    read = READ.get(act)
    return read(typed) if read else {}


def mapping(typed: Typed) -> dict[str, str]:
    """Which elements have another id in the other version."""
    found = {name.removeprefix("map-"): value for name, value in typed.items() if name.startswith("map-") and value}
    return {old: new for old, new in found.items() if old != new}


def shown(value: Any) -> str:
    """A variable's value as it is typed."""
    return json.dumps(value, ensure_ascii=False, default=str)


def identity(text: str) -> UUID:
    """The id of what was chosen. Raises ChoiceMissing."""
    try:
        return UUID(text)
    except ValueError:
        raise ChoiceMissing from None


def _identity(typed: Typed, name: str) -> UUID:
    return identity(typed.get(name, ""))


def _retry(typed: Typed) -> dict[str, Any]:
    number = typed.get("incident", "")
    if not (number.isascii() and number.isdigit()):
        raise ChoiceMissing
    return {"incident": int(number)}


def _variables(typed: Typed) -> dict[str, Any]:
    """The values that differ from those that were shown."""
    found: dict[str, Any] = {}
    rows = zip(typed.getlist("name"), typed.getlist("value"), typed.getlist("was"), strict=False)
    for name, value, was in rows:
        if name.strip() and value.strip() != was.strip():
            try:
                found[name.strip()] = json.loads(value)
            except ValueError:
                raise ValueUnreadable(name=name.strip()) from None
    if not found:
        raise ChoiceMissing
    return {"variables": found, "scope": _identity(typed, "scope") if typed.get("scope") else None}


def _modify(typed: Typed) -> dict[str, Any]:
    taken = [identity(one) for one in typed.getlist("take")]
    moved = [
        {"token": identity(name.removeprefix("to-")), "to": value}
        for name, value in typed.items()
        if name.startswith("to-") and value
    ]
    added: list[dict[str, Any]] = [
        {"element_id": one, "within": None, "variables": {}} for one in typed.getlist("add") if one
    ]
    if not (taken or moved or added):
        raise ChoiceMissing
    moving = {one["token"] for one in moved}
    return {"take": [one for one in taken if one not in moving], "move": moved, "add": added}


def _migrate(typed: Typed) -> dict[str, Any]:
    return {
        "definition": _identity(typed, "definition"),
        "mapping": mapping(typed),
        "restart_timers": bool(typed.get("restart_timers")),
    }


def _return(typed: Typed) -> dict[str, Any]:
    if not typed.get("to"):
        raise ChoiceMissing
    return {"task": _identity(typed, "task"), "to": typed["to"]}


def _timer(typed: Typed) -> dict[str, Any]:
    token = _identity(typed, "token")
    if typed.get("when") == "now":
        return {"token": token, "due": None}
    try:
        due = datetime.fromisoformat(typed.get("due", ""))
    except ValueError:
        raise ChoiceMissing from None
    return {"token": token, "due": due if due.tzinfo else due.replace(tzinfo=clock.ZONE)}


READ: Mapping[str, Callable[[Typed], dict[str, Any]]] = {
    "retry": _retry,
    "variables": _variables,
    "modify": _modify,
    "migrate": _migrate,
    "return": _return,
    "timer": _timer,
}
