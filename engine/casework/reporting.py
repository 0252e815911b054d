"""Reporting: what somebody says becomes a case on the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

import forms
from engine import events
from engine.cases import blocklist
from engine.cases import commands as cases
from engine.cases.models import Case
from engine.casework import formbook, telling
from engine.documents import commands as documents
from engine.errors import Forbidden
from engine.people.actor import Actor
from engine.territory import queries as territory
from engine.territory.endings import living
from engine.territory.models import Division
from engine.workflow import instances
from engine.workflow.instances import Home

REPORT_FORM = "f-report"
SEVERAL_FORM = "f-reports"
DESKS = ("duty_officer", "county_officer", "petition_officer")
INTAKE = "intake"


@dataclass(frozen=True)
class Reported:
    """A report on the ledger: its case, and the tracking code that the reporter alone gets."""

    case: Case
    tracking_code: str


def report(
    session: Session, actor: Actor, answers: Mapping[str, Any], *, owner: str = "", source: str = ""
) -> Reported:
    """Put a report on the ledger and start its way through intake. Raises AnswersInvalid."""
    told = put_on_ledger(session, actor, answers, owner=owner, source=source)
    case = told.case
    variables = {
        "case_id": str(case.id),
        "urgency": case.urgency,
        "kind": answers.get("kind") or None,
        "level": level_of(session, case.division),
    }
    instances.start(session, INTAKE, variables, actor=actor.id or None, home=home_of(case))
    return told


def split(answers: Mapping[str, Any]) -> dict[str, Any]:
    """What was begun as one report, as the answers of the form for several: each line is a matter, in its own words.

    Place, urgency and kind stand with each, to be changed; files go with the first.
    """
    words = [line.strip() for line in str(answers.get("what") or "").splitlines() if line.strip()]
    same = {name: answers.get(name) for name in ("where", "urgency", "kind") if answers.get(name)}
    matters: list[dict[str, Any]] = [{"what": line, **same} for line in words] or [same]
    if answers.get("photos"):
        matters[0]["photos"] = answers["photos"]
    who = {name: answers.get(name) for name in ("reporter_name", "reporter_phone") if answers.get(name)}
    return {"matters": matters, **who}


def report_several(session: Session, actor: Actor, answers: Mapping[str, Any], *, owner: str = "") -> list[Reported]:
    """Put several matters on the ledger at once (你一句我一句), all or none, each on its own way through intake.

    `answers` are those of the form f-reports. Raises Forbidden for the public, AnswersInvalid.
    """
    require_staff(actor)
    form = formbook.newest(session, SEVERAL_FORM).form
    values = formbook.checked(session, form, answers, formbook.offers(session, None, {}))
    who = {name: values.get(name) for name in ("reporter_name", "reporter_phone")}
    made = [report(session, actor, {**one, **who}, owner=owner) for one in values["matters"]]
    for one in made:
        events.record(session, "case.reported_together", one.case.id, actor=actor.id, count=len(made))
    return made


def require_staff(actor: Actor) -> None:
    """Raises Forbidden for the public: several matters at once are written down by whoever went round."""
    if not actor.id:
        raise Forbidden


def put_on_ledger(
    session: Session,
    actor: Actor,
    answers: Mapping[str, Any],
    *,
    owner: str = "",
    source: str = "",
    kind: str | None = None,
) -> Reported:
    """Put a report on the ledger (登记); `kind` says what it is where that is known already. Raises AnswersInvalid.

    `answers` are those of the report's form, `owner` says whose uploads they name. A grid worker's report belongs to
    their village; everybody else's to the village or town that the place names.
    """
    form = formbook.newest(session, REPORT_FORM)
    values = formbook.checked(session, form.form, answers, asked_of(session, actor))
    place = str(values["where"])
    division = place_of(session, actor, place)
    reporter = None
    if not values.get("anonymous") and (values.get("reporter_name") or values.get("reporter_phone")):
        reporter = {"name": _text(values.get("reporter_name")), "phone": _text(values.get("reporter_phone"))}
    case, tracking = cases.report(
        session,
        words=str(values["what"]),
        place=place,
        urgency=str(values["urgency"]),
        kind=kind or str(values.get("kind") or "other"),
        source=_text(values.get("source")) or source or ("grid" if actor.has("grid_worker") else "villager"),
        division=division.path,
        actor=actor.id or None,
        reporter=reporter,
    )
    stored = formbook.sealed(form.form, values)
    cases.submit(session, case, actor.id or None, form_key=REPORT_FORM, form_id=form.id, answers=stored)
    documents.link_uploads(session, case.id, owner, formbook.upload_ids(values))
    mark_blocked(session, case, actor, form.form, values)
    if case.urgency in telling.DANGER:
        telling.red(session, case)
    return Reported(case, tracking)


def asked_of(session: Session, actor: Actor) -> dict[str, Any]:
    """What the report's form may refer to: whoever takes reports in at a desk also says how this one came in."""
    return formbook.offers(session, None, {"at_the_desk": any(actor.has(role) for role in DESKS)})


def mark_blocked(session: Session, case: Case, actor: Actor, form: forms.Form, values: Mapping[str, Any]) -> None:
    """Say on the file which facts that must not be kept stand in what was said: nothing urgent is stopped for them.

    What is printed or exported of those words leaves them out (blocklist.covered).
    """
    blocklist.mark(session, case.id, actor, *(place.text for place in forms.written(form, values)))


def level_of(session: Session, path: str) -> str:
    """The level that a division's matters begin at: village, town or county."""
    kind = territory.division(session, path.rpartition("/")[2]).kind
    return "village" if kind in ("village", "community", "grid") else kind


def home_of(case: Case) -> Home:
    """Where the processes of a case belong."""
    return Home(case.id, case.county, case.division)


def place_of(session: Session, actor: Actor, place: str) -> Division:
    """The village, or town, that a report of somebody belongs to, by the words of its place; else the county.
    Of one that ended, its successor.

    Raises NoPlaces.
    """
    return living(session, _named(session, actor, place))


def _named(session: Session, actor: Actor, place: str) -> Division:
    """The division of a report by its reporter or its words, also where it ended since."""
    for held in actor.memberships:
        if held.role == "grid_worker":
            return territory.division(session, held.division)
    villages = territory.villages(session, ended=True)
    named = [one for one in villages if one.short in place or _named_in_english(one, place)]
    if named:
        return max(named, key=lambda one: (_town_named(session, one, place), len(one.name)))
    towns = [one for one in territory.towns(session, ended=True) if one.short in place]
    if towns:
        return towns[0]
    for held in actor.memberships:
        return territory.division(session, held.division)
    return territory.county(session)


def _named_in_english(village: Division, place: str) -> bool:
    name = village.name_en.split(" Village")[0]
    return bool(name) and name in place


def _town_named(session: Session, village: Division, place: str) -> bool:
    town = territory.division(session, village.parent or village.code)
    return town.short in place


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
