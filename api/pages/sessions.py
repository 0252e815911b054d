"""Sessions: the calendar of hearings and visits, one sitting with invitations and quick notes, the agreement room."""

from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import i18n, ical
from api.pages.papers import answer
from api.posted import posted_id, posted_ids
from api.resource import Page
from engine import clock
from engine.cases import parties, permissions
from engine.cases.blocklist import FactsBlocked
from engine.casework import convening, inviting, terms
from engine.errors import DomainError
from engine.people import queries as people
from engine.sessions import room, sittings
from engine.sessions.room import ClauseUnfit, Terms
from engine.sessions.sittings import SittingUnfit
from engine.supermarket import queue

WEEK = timedelta(days=7)
AHEAD = timedelta(days=60)
"""How far the list looks."""
FARTHEST = timedelta(days=100 * 365)
"""How far from today a week of the calendar may lie."""
blueprint = Blueprint("sessions", __name__)


class Calendar(Page):
    """Hearings and visits of a week, or of the next sixty days as a list."""

    def get(self) -> str:
        as_list = request.args.get("as") == "list"
        own = request.args.get("own") == "1"
        first = clock.today() if as_list else _monday(request.args.get("day", ""))
        last = first + (AHEAD if as_list else WEEK - timedelta(days=1))
        found = sittings.between(self.session, self.actor, first, last, own=own)
        days = [first + timedelta(days=count) for count in range((last - first).days + 1)]
        by_day = {day: [one for one in found if _day(one.sitting.starts_at) == day] for day in days}
        visits = {} if as_list else {day: queue.of_day(self.session, self.actor, day) for day in days}
        return render_template(
            "agenda.html",
            days={day: by_day[day] for day in days if not as_list or by_day[day]},
            visits=visits,
            as_list=as_list,
            own=own,
            first=first,
            before=(first - WEEK).isoformat(),
            after=(first + WEEK).isoformat(),
            today=clock.today(),
            link=url_for("sessions.feed", name=sittings.address(self.session, self.actor), _external=True),
        )

    def post(self) -> ResponseReturnValue:
        sittings.address(self.session, self.actor, anew=True)
        return redirect(url_for("sessions.calendar", notice="calendar-link", _anchor="link"), 303)


class Feed(Page):
    """One's own calendar for another device: whoever has the signed address may read it."""

    public = True

    def get(self, name: str) -> Response:
        body = ical.calendar(sittings.of_address(self.session, name))
        return Response(
            body, content_type="text/calendar; charset=utf-8", headers={"Cache-Control": "private, no-store"}
        )


class Plan(Page):
    """Plan a session, hearing or visit for a case."""

    def get(self, case_id: UUID) -> str:
        return self._show(case_id)

    def post(self, case_id: UUID) -> ResponseReturnValue:
        given = request.form
        made = convening.plan(
            self.session, self.actor, case_id,
            kind=given.get("kind", ""), starts_at=_moment(given.get("starts_at", "")),
            minutes=given.get("minutes", 0, type=int), place=given.get("place", ""),
        )  # fmt: skip
        return redirect(url_for("sessions.sitting", sitting_id=made.id, notice="planned"), 303)

    def refused(self, error: DomainError, case_id: UUID) -> str:  # type: ignore[override]
        return self._show(case_id, i18n.sentence(error))

    def _show(self, case_id: UUID, error: str | None = None) -> str:
        case = permissions.require(self.session, self.actor, "sit", case_id)
        return render_template(
            "sitting_plan.html", case=case, kinds=sittings.KINDS, given=request.form, error=error,
            planned=sittings.of_case(self.session, case_id),
        )  # fmt: skip


class Sitting(Page):
    """One sitting: whom to invite and whether it reached them, what is said, moving and cancelling it."""

    def get(self, sitting_id: UUID) -> str:
        return self._show(sitting_id)

    def post(self, sitting_id: UUID) -> ResponseReturnValue:
        given, notice = request.form, "noted"
        match given.get("do"):
            case "note":
                sittings.note(
                    self.session, self.actor, sitting_id, side=given.get("side", ""), words=given.get("words", "")
                )  # fmt: skip
            case "invite":
                inviting.invite(self.session, self.actor, sitting_id, posted_ids("party"))
                notice = "invited"
            case "served":
                on = _date(given.get("on", ""))
                inviting.serve(self.session, self.actor, posted_id("invitation"), how=given.get("how", ""), on=on)
                notice = "served"
            case "move":
                convening.move(
                    self.session, self.actor, sitting_id, starts_at=_moment(given.get("starts_at", "")),
                    place=given.get("place", ""), reason=given.get("reason", ""),
                )  # fmt: skip
                notice = "sitting-moved"
            case "cancel":
                convening.cancel(self.session, self.actor, sitting_id)
                notice = "sitting-cancelled"
        return redirect(url_for("sessions.sitting", sitting_id=sitting_id, notice=notice), 303)

    def refused(self, error: DomainError, sitting_id: UUID) -> str:  # type: ignore[override]
        return self._show(sitting_id, i18n.sentence(error))

    def _show(self, sitting_id: UUID, error: str | None = None) -> str:
        planned = sittings.one(self.session, self.actor, sitting_id)
        everybody = parties.of_case(self.session, planned.case.id)
        invitations = inviting.of_sitting(self.session, sitting_id)
        invited = {one.party_id for one, _ in invitations}
        return render_template(
            "sitting.html",
            planned=planned,
            sitting=planned.sitting,
            case=planned.case,
            names={one.id: one.name for one in everybody},
            uninvited=[one for one in everybody if one.id not in invited],
            invitations=invitations,
            stands_at=planned.sitting.starts_at.astimezone(clock.ZONE).strftime("%Y-%m-%dT%H:%M"),
            how=inviting.HOW,
            notes=sittings.notes(self.session, sitting_id),
            may_sit=permissions.may(self.actor, "sit", planned.case),
            today=clock.today().isoformat(),
            given=request.form,
            error=error,
        )


class Room(Page):
    """The agreement room: clause by clause, each agreed, changed or open."""

    def get(self, case_id: UUID) -> str:
        return self._show(case_id)

    def post(self, case_id: UUID) -> ResponseReturnValue:
        given = request.form
        clause = posted_id("clause") if given.get("clause") else None
        keep = given.get("keep_words", "")
        match given.get("do"):
            case "propose":
                room.propose(self.session, self.actor, case_id, _terms(), by=given.get("by", ""), keep_words=keep)
            case "change" if clause:
                room.change(self.session, self.actor, clause, _terms(), by=given.get("by", ""), keep_words=keep)
            case "remove" if clause:
                room.remove(self.session, self.actor, clause)
            case "answer" if clause:
                side, _, says = given.get("says", "").partition(":")
                number = given.get("number", 0, type=int)
                room.answer(self.session, self.actor, clause, side=side, number=number, says=says)
        return redirect(url_for("sessions.room", case_id=case_id, _anchor=f"clause-{clause}" if clause else "new"), 303)

    def refused(self, error: DomainError, case_id: UUID) -> str:  # type: ignore[override]
        return self._show(case_id, i18n.sentence(error), blocked=isinstance(error, FactsBlocked))

    def _show(self, case_id: UUID, error: str | None = None, *, blocked: bool = False) -> str:
        case = permissions.require(self.session, self.actor, "sit", case_id)
        rows = room.rows(self.session, case_id)
        writers = {one.made_by for row in rows for one in row.versions}
        everybody = parties.of_case(self.session, case_id)
        return render_template(
            "room.html",
            case=case,
            rows=rows,
            parties=room.by_party(self.session, case_id, rows),
            agreed=sum(row.state == "agreed" for row in rows),
            sides={side: [one.name for one in everybody if one.role == side and one.name] for side in room.SIDES},
            proposers=room.PROPOSERS,
            instalments=room.instalments,
            names=people.names(self.session, writers),
            given={} if request.form.get("clause") else request.form,
            changing=request.form if request.form.get("do") == "change" else {},
            error=error,
            blocked=blocked,
        )


class Draft(Page):
    """The agreement as it stands in the room, or all that is needed to sign on the spot, as PDF."""

    def get(self, case_id: UUID, what: str) -> Response:
        make = terms.draft if what == "draft" else terms.signing_package
        return answer(make(self.session, self.actor, case_id), "pdf", f"{what}.pdf", inline=True)


def _terms() -> Terms:
    """The terms that a form of the room was filled in with. Raises ClauseUnfit."""
    given = request.form
    try:
        amount = Decimal(given["amount"].replace(",", "")) if given.get("amount", "").strip() else None
        count = int(given.get("instalments") or 1)
    except (InvalidOperation, ValueError):
        raise ClauseUnfit from None
    return Terms(
        given.get("words", ""), given.get("who", ""), amount, _date(given.get("due_on", "")), count,
        given.get("every", "month"),
    )  # fmt: skip


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _moment(text: str) -> datetime:
    """A moment as a form sends it, in the county's time. Raises SittingUnfit."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=clock.ZONE)
    except ValueError:
        raise SittingUnfit from None


def _monday(text: str) -> date:
    """The Monday of the week that an address names; this week's where it names none of the years of this calendar."""
    day = _date(text)
    if day is None or abs(day - clock.today()) > FARTHEST:
        day = clock.today()
    return day - timedelta(days=day.weekday())


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.ZONE).date()


blueprint.add_url_rule("/agenda", view_func=Calendar.as_view("calendar"))
blueprint.add_url_rule("/agenda/<name>.ics", view_func=Feed.as_view("feed"))
blueprint.add_url_rule("/cases/<uuid:case_id>/sittings", view_func=Plan.as_view("plan"))
blueprint.add_url_rule("/sittings/<uuid:sitting_id>", view_func=Sitting.as_view("sitting"))
blueprint.add_url_rule("/cases/<uuid:case_id>/room", view_func=Room.as_view("room"))
blueprint.add_url_rule("/cases/<uuid:case_id>/room/<any(draft, package):what>.pdf", view_func=Draft.as_view("print"))
