"""Whether a matter was reported already: what is near in place, time and words, within what the person may see.

Words are compared by the pairs of their characters (Dice's coefficient), which needs no dictionary and knows Chinese
as well as English. Nothing is joined but by a person.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, events
from engine.cases import commands as cases
from engine.cases import queries as case_queries
from engine.cases.models import Case
from engine.cases.permissions import OPEN, CaseUnknown, scope, within
from engine.casework import formbook, telling
from engine.casework.reporters import ADDITION
from engine.casework.reporting import REPORT_FORM, mark_blocked, place_of
from engine.documents import commands as documents
from engine.documents.models import Upload
from engine.people.actor import Actor
from engine.territory.points import point

BACK = timedelta(days=60)
"""How long ago the other report may be."""
LOOKED_AT = 300
"""How many of the newest open cases of a village are compared."""
ALIKE, ALIKE_CLOSE = 0.3, 0.15
"""From which likeness of words something is shown; less is enough within `CLOSE` metres."""
CLOSE = 200.0
SHOWN = 3
NOISE = re.compile(r"\W+")


@dataclass(frozen=True)
class Similar:
    """An open case that may be the same matter: how alike the words are (0 to 1), how far it is (metres), a photo."""

    case: Case
    alike: float
    metres: int | None
    photo: UUID | None


def similar(session: Session, actor: Actor, words: str, place: str) -> list[Similar]:
    """Open cases of the same village that may be the same matter, the likeliest first; none for the public."""
    if not actor.id or not words.strip() or not place.strip():
        return []
    village = place_of(session, actor, place).path
    near = select(Case).where(
        scope(actor), OPEN, within(village), Case.closed_at.is_(None), Case.reported_at > clock.now() - BACK
    )
    found = session.scalars(near.order_by(Case.id.desc()).limit(LOOKED_AT)).all()
    pairs, here = _pairs(words), point(place)
    judged = [(_alike(pairs, _pairs(one.words)), _metres(here, point(one.place)), one) for one in found]
    likely = [one for one in judged if one[0] >= (ALIKE_CLOSE if one[1] is not None and one[1] <= CLOSE else ALIKE)]
    likely.sort(key=lambda one: (-one[0], one[1] or 0))
    photos = _photos(session, [case.id for *_, case in likely[:SHOWN]])
    return [
        Similar(case, round(alike, 2), None if metres is None else round(metres), photos.get(case.id))
        for alike, metres, case in likely[:SHOWN]
    ]


def join(session: Session, actor: Actor, case_id: UUID, answers: Mapping[str, Any], *, owner: str = "") -> Case:
    """It is the same: what was written for a report goes onto the file of that case, and its people are told.

    Raises CaseUnknown, CaseClosed, AnswersInvalid.
    """
    seen = session.scalar(select(Case.id).where(Case.id == case_id, scope(actor), OPEN))
    if seen is None or not actor.id:
        raise CaseUnknown(case=case_id)
    case = case_queries.locked(session, case_id)
    cases.require_open(case)
    given = formbook.checked(session, formbook.newest(session, REPORT_FORM).form, answers, {})
    form = formbook.newest(session, ADDITION)
    named = (
        {}
        if given.get("anonymous")
        else {"witness": given.get("reporter_name"), "witness_phone": given.get("reporter_phone")}
    )
    added = {"what": f"{given['what']}\n{given['where']}", "photos": given.get("photos") or [], **named}
    values = formbook.checked(session, form.form, added, {})
    cases.submit(
        session, case, actor.id, form_key=ADDITION, form_id=form.id, answers=formbook.sealed(form.form, values)
    )
    documents.link_uploads(session, case.id, owner, formbook.upload_ids(values))
    mark_blocked(session, case, actor, form.form, values)
    events.record(session, "case.joined", case.id, actor=actor.id)
    telling.handlers(session, case, "joined")
    if given["urgency"] in telling.DANGER:
        telling.red(session, case)
    return case


def _pairs(text: str) -> frozenset[str]:
    plain = NOISE.sub("", text).lower()
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1)) or frozenset({plain})


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))


def _metres(one: tuple[float, float] | None, other: tuple[float, float] | None) -> float | None:
    """The distance of two places on a sphere, near enough for a village."""
    if one is None or other is None:
        return None
    north = math.radians(one[0] - other[0])
    east = math.radians(one[1] - other[1]) * math.cos(math.radians(one[0]))
    return 6_371_000 * math.hypot(north, east)


def _photos(session: Session, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The first photo of each case that a copy can be made of."""
    query = select(Upload.case_id, Upload.id).where(Upload.case_id.in_(ids), Upload.media_type == "image/jpeg")
    rows = session.execute(query.order_by(Upload.at.desc()))
    return {case: photo for case, photo in rows if case is not None}
