"""Organisations (mediation committees, stations, offices) and the directory of mediators: administrators keep them.

People's mediation is free of charge (人民调解法 §4); commercial mediation alone may charge (商事调解条例 §16).
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from engine import events
from engine.cases import blocklist
from engine.cases.dictionary import dictionary
from engine.casework.administration import require_admin
from engine.casework.reporting import level_of
from engine.documents.models import DocumentCounter
from engine.errors import N_, FieldError, Invalid, NotFound
from engine.ids import new_id
from engine.people import queries as people
from engine.people.actor import Actor
from engine.people.models import Account, Mediator, Unit
from engine.supermarket.directory import COMMERCIAL, PEOPLES, named
from engine.territory.models import GRID, Division

KINDS = (*PEOPLES, COMMERCIAL, "town_centre", "hazard_office", "petition_office", "police", "village_head")
LEVELS = {"village_committee": "village", "village_head": "village", "town_committee": "town", "supermarket": "county"}
"""Where organisations of some kinds belong; others anywhere."""
SEVERAL = ("industry_committee", COMMERCIAL)
"""Kinds of which a division may have several; of the others the nearest one is looked for."""
FEES = ("free", "charged")
MEDIATES = ("village_mediator", "town_mediator", "county_mediator")
REASON = 300
"""Characters of the reason why one is closed."""
SHOWN = 100
"""Organisations, or mediators, of one page."""
LENGTHS = {"name": 100, "name_en": 100, "legal_basis": 100}
FIELDS = ("kind", "name", "name_en", "division", "abbreviation", "legal_basis", "fee", "phone")
ABBREVIATION = re.compile(r"[\u4e00-\u9fff]{1,10}")
PHONE = re.compile(r"[\d +()-]{0,30}")

WRONG = {
    "kind": N_("Choose the kind of organisation from the list."),
    "name": N_("Say the Chinese name, in at most 100 characters."),
    "name_en": N_("The English name has at most 100 characters."),
    "division": N_("Choose a county, town or village that you administer."),
    "level": N_(
        "A village's committee and office belong to a village, a town's committee to a town, the supermarket to a "
        "county."
    ),
    "second": N_(
        "There is one of this kind already: %(other)s. Change that one; papers would not know whose number to take."
    ),
    "abbreviation": N_(
        "The abbreviation stands in the numbers of papers: one to ten Chinese characters, such as 民主人调."
    ),
    "taken": N_(
        "%(other)s has this abbreviation already, and numbers of papers must tell the two apart. Choose another."
    ),
    "kept": N_("The abbreviation %(kept)s already stands in numbers of papers and stays."),
    "legal_basis": N_("The legal basis has at most 100 characters."),
    "fee": N_(
        "Mediation by a people's committee is free of charge (People's Mediation Law, article 4); only commercial "
        "mediation may charge."
    ),
    "phone": N_("A telephone number has digits, spaces, + - and brackets, at most 30."),
    "ended": N_("It was closed already; its last day was %(day)s. Papers of its time keep what it was called."),
    "last_day": N_("Say its last day: today or a day before."),
    "numbered": N_("It gave a paper its number on %(day)s. The last day is that day or one after it."),
    "successor": N_(
        "Choose who takes over: %(mediators)s mediators and %(visits)s agreed visits would be left with nobody."
    ),
    "reason": N_("Say why, in at most 300 characters; whoever has agreed a visit can read it."),
    "unit": N_("Choose a mediation body that you administer."),
    "specialities": N_("Choose from the list what they know about."),
    "skills": N_("Say in at most 100 characters what else they bring."),
    "languages": N_("Choose from the list at least one language that they speak."),
}


class UnitUnknown(NotFound):
    """There is no such organisation within what somebody administers."""

    code = "unit-unknown"
    message = N_("There is no such organisation within what you administer.")


class UnitUnfit(Invalid):
    """Something said of an organisation cannot be right."""

    code = "unit-unfit"
    message = N_("The organisation was not saved: something cannot be right.")


class MediatorUnfit(Invalid):
    """Something said of a mediator cannot be right."""

    code = "mediator-unfit"
    message = N_("The mediator was not put on the list: something cannot be right.")


class MediatorUnknown(NotFound):
    """Whoever it is mediates nothing within what somebody administers."""

    code = "mediator-unknown"
    message = N_("Nobody of this account mediates within what you administer. The role of a mediator comes first.")


def units(session: Session, actor: Actor, words: str = "", start: int = 0) -> list[Unit]:
    """The organisations that an administrator keeps, from the county down, those that were closed last: SHOWN of them
    from the `start`th on, with `words` in their name or that of their place. Raises AdministratorsOnly."""
    require_admin(actor)
    query = select(Unit).where(_mine(actor, Unit.path), named(words))
    query = query.order_by(Unit.last_day.is_not(None), Unit.path, Unit.kind, Unit.name, Unit.id)
    return list(session.scalars(query.offset(start).limit(SHOWN)))


def after(start: int, *shown: Sequence[Any]) -> int | None:
    """Where the next page of some lists begins; None where none of them goes on."""
    return start + SHOWN if any(len(one) == SHOWN for one in shown) else None


def bodies(session: Session, actor: Actor) -> list[Unit]:
    """The bodies for which an administrator puts mediators into the directory. Raises AdministratorsOnly."""
    require_admin(actor)
    query = select(Unit).where(_mine(actor, Unit.path), Unit.kind.in_((*PEOPLES, COMMERCIAL)), Unit.last_day.is_(None))
    return list(session.scalars(query.order_by(Unit.path, Unit.name)))


def unit(session: Session, actor: Actor, unit_id: UUID) -> Unit:
    """One of them. Raises AdministratorsOnly, UnitUnknown."""
    require_admin(actor)
    found = session.get(Unit, unit_id)
    if found is None or not actor.holds("admin", found.path):
        raise UnitUnknown(unit=unit_id)
    return found


def divisions(session: Session, actor: Actor) -> list[Division]:
    """Where an administrator may put organisations: counties, towns, villages. Raises AdministratorsOnly."""
    require_admin(actor)
    query = select(Division).where(_mine(actor, Division.path), Division.kind != GRID)
    return list(session.scalars(query.order_by(Division.path)))


def put(session: Session, actor: Actor, given: Mapping[str, Any], *, change: UUID | None = None) -> Unit:
    """Add an organisation, or change one. Its level is that of its division; without an English name the Chinese one
    stands for it. Raises AdministratorsOnly, UnitUnknown, UnitUnfit, WordsBlocked."""
    require_admin(actor)
    session.execute(text("LOCK TABLE unit IN SHARE ROW EXCLUSIVE MODE"))  # two must not take one abbreviation
    found = unit(session, actor, change) if change else None
    if found and found.last_day:
        raise UnitUnfit(fields=unfit({"ended": {"day": found.last_day.isoformat()}}))
    said = {name: blocklist.clean(str(given.get(name) or "")) for name in FIELDS}
    said["name_en"] = said["name_en"] or said["name"]
    division = session.get(Division, said["division"])
    if division and not actor.holds("admin", division.path):
        division = None
    checks = _checks(session, said, division)
    alone: dict[str, dict[str, str]] = {name: {} for name, fits in checks.items() if not fits}
    wrong = alone or _clashes(session, said, found, division)
    if wrong or division is None:
        raise UnitUnfit(fields=unfit(wrong))
    said |= {"path": division.path, "level": level_of(session, division.path)}
    before = {name: getattr(found, name) for name in said} if found else {}
    if found is None:
        found = Unit(id=new_id(), **said)
        session.add(found)
        events.record(session, "unit.added", found.id, actor=actor.id, unit=said)
    elif before != said:
        for name, value in said.items():
            setattr(found, name, value)
        events.record(session, "unit.changed", found.id, actor=actor.id, before=before, after=said)
    return found


def _checks(session: Session, said: Mapping[str, str], division: Division | None) -> dict[str, bool]:
    """What must hold of an organisation by itself, by the name of what is wrong."""
    at = division and division.kind != GRID and level_of(session, division.path)
    return {
        **{name: len(said[name]) <= most for name, most in LENGTHS.items()},
        "name": 0 < len(said["name"]) <= LENGTHS["name"],
        "kind": said["kind"] in KINDS,
        "division": bool(at),
        "level": not at or LEVELS.get(said["kind"], at) == at,
        "abbreviation": bool(ABBREVIATION.fullmatch(said["abbreviation"])),
        "fee": said["fee"] == "free" or (said["fee"] in FEES and said["kind"] == COMMERCIAL),
        "phone": bool(PHONE.fullmatch(said["phone"])),
    }


def _clashes(
    session: Session, said: Mapping[str, str], found: Unit | None, division: Division | None
) -> dict[str, dict[str, str]]:
    """What is wrong beside other organisations and the numbers that were given."""
    others = [one for one in session.scalars(select(Unit)) if found is None or one.id != found.id]
    wrong: dict[str, dict[str, str]] = {}
    taken = next((one.name for one in others if one.abbreviation == said["abbreviation"]), None)
    if taken:
        wrong["taken"] = {"other": taken}
    here = (said["kind"], said["division"], None)
    alike = (one for one in others if division and (one.kind, one.division, one.last_day) == here)
    if said["kind"] not in SEVERAL and (second := next(alike, None)):
        wrong["second"] = {"other": second.name}
    if found and found.abbreviation != said["abbreviation"] and series_of(session, found):
        wrong["kept"] = {"kept": found.abbreviation}
    return wrong


def series_of(session: Session, one: Unit) -> list[str]:
    """The series of numbers of an organisation: those that its abbreviation begins, and no longer one of another."""
    others = session.scalars(select(Unit.abbreviation).where(Unit.abbreviation.startswith(one.abbreviation)))
    longer = tuple(other for other in others if other != one.abbreviation)
    begun = DocumentCounter.series.startswith(one.abbreviation, autoescape=True)
    found = session.scalars(select(DocumentCounter.series).where(begun).distinct().order_by(DocumentCounter.series))
    return [series for series in found if not series.startswith(longer)]


def unfit(wrong: Mapping[str, Mapping[str, str]]) -> list[FieldError]:
    """What is wrong, each at its field."""
    at = {
        "level": "division", "second": "kind", "taken": "abbreviation", "kept": "abbreviation", "numbered": "last_day",
        "ended": "last_day",
    }  # fmt: skip
    return [FieldError(f"/{at.get(one, one)}", one, WRONG[one], tuple(facts.items())) for one, facts in wrong.items()]


def mediators(
    session: Session, actor: Actor, words: str = "", start: int = 0
) -> list[tuple[Account, Mediator, Unit]]:  # fmt: skip
    """Who stands in the directory for bodies that an administrator keeps, as `units` lists them.

    Raises AdministratorsOnly.
    """
    require_admin(actor)
    query = select(Account, Mediator, Unit).join(Mediator, Mediator.account_id == Account.id)
    query = query.join(Unit, Unit.id == Mediator.unit_id).where(_mine(actor, Unit.path))
    if words.strip():
        query = query.where(or_(Account.name.icontains(words.strip(), autoescape=True), named(words)))
    query = query.order_by(Unit.path, Unit.name, Account.name, Account.id)
    rows = session.execute(query.offset(start).limit(SHOWN))
    return [(account, mediator, body) for account, mediator, body in rows]


def listed(session: Session, actor: Actor, account_id: UUID) -> Mediator:
    """One of them. Raises AdministratorsOnly, MediatorUnknown."""
    require_admin(actor)
    found = session.get(Mediator, account_id)
    body = session.get(Unit, found.unit_id) if found else None
    if found is None or body is None or not actor.holds("admin", body.path):
        raise MediatorUnknown
    return found


def candidates(session: Session, actor: Actor) -> list[Account]:
    """Whose role as a mediator lies within what an administrator keeps. Raises AdministratorsOnly."""
    require_admin(actor)
    return people.holders_within(session, MEDIATES, _paths(actor))


def list_mediator(session: Session, actor: Actor, account_id: UUID, given: Mapping[str, Any]) -> Mediator:
    """Put somebody into the directory (人民调解法 §19), or change what it says: for which body (`unit_id`), what they
    know (`specialities`) and speak (`languages`), as codes, and in words what else they bring (`skills`).

    Raises AdministratorsOnly, MediatorUnknown, MediatorUnfit, WordsBlocked.
    """
    require_admin(actor)
    specialities, languages = (sorted(set(given.get(name) or ())) for name in ("specialities", "languages"))
    body = session.get(Unit, given["unit_id"]) if given.get("unit_id") else None
    found = session.get(Mediator, account_id, with_for_update=True)
    before = session.get(Unit, found.unit_id) if found else None
    if account_id not in {one.id for one in candidates(session, actor)}:
        raise MediatorUnknown
    if before and not actor.holds("admin", before.path):
        raise MediatorUnknown
    skills = blocklist.clean(str(given.get("skills") or ""))
    fits = {
        "skills": len(skills) <= LENGTHS["name"],
        "unit": body is not None and body in bodies(session, actor),
        "specialities": set(specialities) <= set(knowledge()),
        "languages": bool(languages) and set(languages) <= set(dictionary()["language"]),
    }
    if body is None or not all(fits.values()):
        raise MediatorUnfit(fields=unfit({name: {} for name, holds in fits.items() if not holds}))
    if found is None:
        found = Mediator(account_id=account_id)
        session.add(found)
    found.unit_id, found.specialities, found.languages, found.skills = body.id, specialities, languages, skills
    events.record(
        session, "mediator.listed", account_id, actor=actor.id, unit=str(body.id), specialities=specialities,
        languages=languages, skills=skills,
    )  # fmt: skip
    return found


def unlist_mediator(session: Session, actor: Actor, account_id: UUID) -> None:
    """Take somebody out of the directory; their cases and role stay. Raises AdministratorsOnly, MediatorUnknown."""
    found = listed(session, actor, account_id)
    session.delete(found)
    events.record(session, "mediator.unlisted", account_id, actor=actor.id, unit=str(found.unit_id))


def knowledge() -> list[str]:
    """The codes of what mediators may know about: the categories of disputes."""
    return [one for one in dictionary()["category"] if one.startswith("D")]


def _mine(actor: Actor, path: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    return or_(*(or_(path == one, path.startswith(one + "/")) for one in _paths(actor)))


def _paths(actor: Actor) -> list[str]:
    return [one.path for one in actor.memberships if one.role == "admin"]
