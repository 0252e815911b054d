"""The register of households (基础信息): an address, its group and grid, how many people. No profile of anybody.

What stands here has a source, a purpose and a day on which it is deleted (个人信息保护法 §§6, 19). Names of people who
live there, ages, illnesses, “kinds of people” have no field; free words are looked through (blocklist).
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from io import StringIO
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from engine import clock, events
from engine.cases import blocklist
from engine.errors import N_, FieldError, Forbidden, Invalid, NotFound
from engine.ids import new_id
from engine.people.actor import Actor
from engine.registers.models import Household
from engine.territory.models import COMMUNITY, GRID, VILLAGE, Division

KEEPERS = ("grid_worker", "village_mediator", "duty_officer", "county_officer")
"""Who keeps and reads the register, each in their division."""
LONGEST_KEPT = timedelta(days=3 * 365)
"""An entry is looked at again at least this often; then it is written anew, or it goes."""
MOST = 2000
"""Households of one file."""
SHOWN = 500
COLUMNS = ("division", "village_group", "address", "people", "source", "purpose", "keep_until")
"""The columns of a file. People to ask are in no file: each of them consents for themselves."""
LENGTHS = {"village_group": 20, "address": 100, "contact": 30, "phone": 30, "source": 100, "purpose": 100}

WRONG = {
    "division": N_("Household %(line)s: there is no grid or village of the code “%(given)s” that you keep."),
    "address": N_("Household %(line)s: say the address."),
    "people": N_("Household %(line)s: how many people is a number from 0 to 99, or stays empty."),
    "source": N_("Household %(line)s: say from where it is known."),
    "purpose": N_("Household %(line)s: say what it is kept for; without a purpose it must not be kept."),
    "keep_until": N_("Household %(line)s: say until which day it is kept, at most three years ahead."),
    "consent_on": N_("Household %(line)s: a person to ask stands here only with the day on which they agreed to it."),
    "long": N_("Household %(line)s: “%(given)s” is too long."),
    "words": N_("Household %(line)s: “%(given)s” must not be on file (%(law)s)."),
    "twice": N_("Household %(line)s: “%(given)s” stands on the register already, in the same grid."),
}


class HouseholdUnknown(NotFound):
    """There is no such household on the register of this person's division."""

    code = "household-unknown"
    message = N_("There is no such household on the register of your division.")


class HouseholdUnfit(Invalid):
    """A household has an address, a grid or village that one keeps, a source, a purpose and a last day."""

    code = "household-unfit"
    message = N_("Nothing was entered: something is missing or cannot be kept.")


class HouseholdFileUnfit(Invalid):
    """The text is no CSV of households."""

    code = "household-file-unfit"
    message = N_(
        "The first line must be division,village_group,address,people,source,purpose,keep_until; after it at most 2000 "
        "lines of these seven."
    )


def may_keep(actor: Actor) -> bool:
    """Whether somebody keeps the register somewhere."""
    return any(actor.has(role) for role in KEEPERS)


def kept(actor: Actor) -> ColumnElement[bool]:
    """The condition on households that an actor keeps."""
    paths = {held.path for held in actor.memberships if held.role in KEEPERS}
    return or_(false(), *(or_(Household.path == one, Household.path.startswith(one + "/")) for one in paths))


def register(session: Session, actor: Actor, *, within: str = "") -> list[Household]:
    """The households that an actor keeps, below a division's path, by grid, group and address. Raises Forbidden."""
    _require_keeper(actor)
    found = select(Household).where(kept(actor), Household.path.startswith(within))
    return list(session.scalars(found.order_by(Household.path, Household.village_group, Household.address)))


def one(session: Session, actor: Actor, household_id: UUID) -> Household:
    """A household that an actor keeps. Raises HouseholdUnknown."""
    found = session.scalar(select(Household).where(Household.id == household_id, kept(actor)))
    if found is None:
        raise HouseholdUnknown(household=household_id)
    return found


def divisions(session: Session, actor: Actor) -> list[Division]:
    """The villages and grids in which an actor keeps the register, village by village. Raises Forbidden."""
    _require_keeper(actor)
    query = select(Division).where(Division.kind.in_((VILLAGE, COMMUNITY, GRID))).order_by(Division.path)
    return [one for one in session.scalars(query) if _keeps(actor, one.path)]


def put(
    session: Session, actor: Actor, given: Sequence[Mapping[str, Any]], *, change: UUID | None = None
) -> list[Household]:
    """Enter households, all or none, or `change` one. Raises Forbidden, HouseholdUnfit, HouseholdUnknown."""
    _require_keeper(actor)
    changed = one(session, actor, change) if change else None
    codes = {str(row.get("division") or "").strip() for row in given}
    places = {one.code: one for one in session.scalars(select(Division).where(Division.code.in_(codes)))}
    places = {code: one for code, one in places.items() if one.kind in (VILLAGE, COMMUNITY, GRID) and not one.last_day}
    read: list[dict[str, Any]] = []
    wrong: list[FieldError] = []
    for number, row in enumerate(given):
        place = places.get(str(row.get("division") or "").strip())
        values = {**_read(row), "place": place if place and _keeps(actor, place.path) else None}
        wrong += _wrong(number, row, values)
        read.append(values)
    wrong += _doubled(session, read, changed) if not wrong else []
    if wrong:
        raise HouseholdUnfit(fields=wrong)
    return [_enter(session, actor, values, changed) for values in read]


def read_csv(text: str) -> list[dict[str, str]]:
    """Households as they are written, one a line, below the names of the columns. Raises HouseholdFileUnfit."""
    try:
        head, *lines = [line for line in csv.reader(StringIO(text.removeprefix("\ufeff").strip()), strict=True) if line]
    except (csv.Error, ValueError):
        raise HouseholdFileUnfit from None
    if tuple(one.strip() for one in head) != COLUMNS or not 0 < len(lines) <= MOST:
        raise HouseholdFileUnfit
    if any(len(line) != len(COLUMNS) for line in lines):
        raise HouseholdFileUnfit
    return [dict(zip(COLUMNS, (cell.removeprefix("'") for cell in line), strict=True)) for line in lines]


def export(session: Session, actor: Actor) -> str:
    """The register as CSV, as `read_csv` takes it; that it was taken out is recorded. Raises Forbidden."""
    found = register(session, actor)
    out = StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(COLUMNS)
    lines.writerows([_cell(getattr(one, name)) for name in COLUMNS] for one in found)
    events.record(session, "households.exported", new_id(), actor=actor.id, count=len(found))
    return "\ufeff" + out.getvalue()


def remove(session: Session, actor: Actor, household_id: UUID) -> None:
    """Take a household off the register. Raises HouseholdUnknown."""
    session.delete(one(session, actor, household_id))
    events.record(session, "household.removed", household_id, actor=actor.id)


def expire(session: Session) -> int:
    """Delete what is kept no longer; returns how many (个人信息保护法 §19)."""
    over = session.scalars(select(Household).where(Household.keep_until < clock.today()).with_for_update()).all()
    for household in over:
        session.delete(household)
        events.record(session, "household.expired", household.id, actor=None)
    return len(over)


def _require_keeper(actor: Actor) -> None:
    if not may_keep(actor):
        raise Forbidden


def _keeps(actor: Actor, path: str) -> bool:
    return any(actor.holds(role, path) for role in KEEPERS)


def _read(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says; None where it cannot be read."""
    said = {name: str(row.get(name) or "").strip() for name in LENGTHS}
    people = row.get("people")
    return {
        **said, "people": "" if people in (None, "") else _number(str(people)),
        "keep_until": _day(row.get("keep_until")), "consent_on": _day(row.get("consent_on")),
    }  # fmt: skip


def _wrong(number: int, row: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[FieldError]:
    today = clock.today()
    if values["place"] is None:
        yield _error(number, "division", given=str(row.get("division") or "—"))
    for name in ("address", "source", "purpose"):
        if not values[name]:
            yield _error(number, name)
    for name, most in LENGTHS.items():
        if len(values[name]) > most:
            yield _error(number, name, "long", given=values[name][:20])
        for hit in blocklist.hits(values[name]):
            yield _error(number, name, "words", given=hit.found, law=hit.law)
    if values["people"] is None:
        yield _error(number, "people")
    if values["keep_until"] is None or not today <= values["keep_until"] <= today + LONGEST_KEPT:
        yield _error(number, "keep_until")
    agreed = values["consent_on"]
    if (values["contact"] or values["phone"]) and (agreed is None or agreed > today):
        yield _error(number, "consent_on")


def _doubled(session: Session, read: Sequence[Mapping[str, Any]], changed: Household | None) -> Iterator[FieldError]:
    """Addresses that the same grid has already, or that stand in the file twice."""
    grids = {values["place"].code for values in read}
    query = select(Household.division, Household.village_group, Household.address)
    query = query.where(Household.division.in_(grids))
    if changed is not None:
        query = query.where(Household.id != changed.id)
    known = {(division, group, address) for division, group, address in session.execute(query)}
    for number, values in enumerate(read):
        key = (values["place"].code, values["village_group"], values["address"])
        if key in known:
            yield _error(number, "address", "twice", given=values["address"])
        known.add(key)


def _enter(session: Session, actor: Actor, values: Mapping[str, Any], changed: Household | None) -> Household:
    place = values["place"]
    named = bool(values["contact"] or values["phone"])
    facts = {
        **{name: values[name] for name in LENGTHS}, "division": place.code, "path": place.path,
        "people": values["people"] if values["people"] != "" else None, "keep_until": values["keep_until"],
        "consent_on": values["consent_on"] if named else None, "at": clock.now(),
    }  # fmt: skip
    made = changed or Household(id=new_id())
    for name, value in facts.items():
        setattr(made, name, value)
    session.add(made)
    kind = "household.changed" if changed else "household.entered"
    events.record(session, kind, made.id, actor=actor.id, division=place.code)
    return made


def _error(number: int, field: str, code: str = "", **facts: str) -> FieldError:
    code = code or field
    return FieldError(f"/items/{number}/{field}", code, WRONG[code], (("line", number + 1), *facts.items()))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and int(text) <= 99 else None


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value or "").strip())
    except ValueError:
        return None


def _cell(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text
