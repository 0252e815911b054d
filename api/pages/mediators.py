"""The mediation supermarket for everybody: who mediates, taking a number, agreeing a time; the queue for its desk."""

from datetime import date, time
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from api import i18n
from api.posted import posted_id
from api.resource import Page
from engine import clock
from engine.casework import filing, visits
from engine.errors import DomainError
from engine.people import queries as people
from engine.people.models import Unit
from engine.supermarket import conflicts, directory, queue

blueprint = Blueprint("mediators", __name__)


class Directory(Page):
    """Bodies and mediators; no account is needed to look."""

    public = True

    def get(self) -> str:
        speciality, language = request.args.get("speciality", ""), request.args.get("language", "")
        words, start = request.args.get("words", ""), max(0, request.args.get("start", type=int) or 0)
        found = directory.mediators(self.session, speciality=speciality, language=language, words=words, start=start)
        bodies = directory.bodies(self.session, words=words, start=start)
        specialities, languages = directory.choices(self.session)
        return render_template(
            "mediators.html",
            bodies=bodies,
            after=start + directory.SHOWN if directory.SHOWN in (len(bodies), len(found)) else None,
            listed=found,
            specialities=specialities,
            languages=languages,
            commercial=directory.COMMERCIAL,
            used={"speciality": speciality, "language": language, "words": words},
        )


class Visit(Page):
    """Take a number for today, or agree a time."""

    public = True

    def get(self, unit_id: UUID) -> str:
        return self._show(unit_id)

    def post(self, unit_id: UUID) -> str:
        given = request.form
        if given.get("do") == "look":  # another day: what is typed stays
            return self._show(unit_id)
        day, slot = _day(given.get("day", "")), _time(given.get("slot", ""))
        visit, code = queue.book(
            self.session, unit_id, name=given.get("name", ""), phone=given.get("phone", ""),
            matter=given.get("matter", ""), day=day, slot=slot,
            mediator=posted_id("mediator") if given.get("mediator") else None,
        )  # fmt: skip
        return render_template("visit_booked.html", visit=visit, code=code, unit=self._unit(unit_id))

    def refused(self, error: DomainError, unit_id: UUID) -> str:  # type: ignore[override]
        return self._show(unit_id, i18n.sentence(error))

    def _show(self, unit_id: UUID, error: str | None = None) -> str:
        chosen = request.values.get("day", "")
        try:
            day = _day(chosen) or clock.today()
        except queue.SlotUnfit:
            day = clock.today()
        return render_template(
            "visit.html",
            unit=self._unit(unit_id),
            day=day,
            last=clock.today() + queue.AHEAD,
            today=clock.today(),
            slots=queue.free_slots(self.session, unit_id, day),
            mediators=directory.at_work(self.session, unit_id, day),
            is_open=queue.is_open(self.session, day),
            typed=request.form,
            error=error,
        )

    def _unit(self, unit_id: UUID) -> Unit:
        unit = directory.body(self.session, unit_id)
        if unit is None:
            raise queue.BodyUnknown(unit=unit_id)
        return unit


class Screen(Page):
    """What a screen in the hall shows: the numbers that are called, and those that wait; no names."""

    public = True

    def get(self, unit_id: UUID) -> str:
        unit = directory.body(self.session, unit_id)
        if unit is None:
            raise queue.BodyUnknown(unit=unit_id)
        called, waiting = queue.called(self.session, unit_id, clock.today())
        return render_template("queue_screen.html", unit=unit, called=called, waiting=waiting)


class Cancel(Page):
    """Cancel a visit with its code; the code travels in the body."""

    public = True

    def post(self) -> Response:
        queue.cancel(self.session, request.form.get("code", ""))
        return redirect(url_for("mediators.page", notice="visit-cancelled"), 303)


class Queue(Page):
    """Today's visits to one's own bodies: call, serve, missed."""

    def get(self) -> str:
        return self._show()

    def post(self) -> Response:
        given = request.form
        visit = posted_id("visit")
        if given.get("do") == "put-off":
            day, slot = _day(given.get("day", "")), _time(given.get("slot", ""))
            visits.put_off(self.session, self.actor, visit, day=day, slot=slot, reason=given.get("reason", ""))
        else:
            queue.move(self.session, self.actor, visit, given.get("state", ""))
        return redirect(url_for("mediators.queue", day=request.args.get("day") or None), 303)

    def refused(self, error: DomainError, **path: object) -> str:
        return self._show(i18n.sentence(error))

    def _show(self, error: str | None = None) -> str:
        today = clock.today()
        try:
            day = _day(request.args.get("day", "")) or today
        except queue.SlotUnfit:
            day = today
        rows = queue.of_day(self.session, self.actor, day)
        return render_template(
            "queue.html", rows=rows, next_states=queue.NEXT, slots=queue.SLOTS, today=today, last=today + queue.AHEAD,
            day=day, bodies={unit.id: unit for _, unit in rows}, error=error,
            numbers=visits.numbers(self.session, self.actor, (visit for visit, _ in rows)),
            wished=people.names(self.session, (str(visit.mediator) for visit, _ in rows if visit.mediator)),
        )  # fmt: skip


class Declared(Page):
    """Whom a mediator is close to: said once, held against every case."""

    def get(self) -> str:
        return self._show()

    def refused(self, error: DomainError, **path: object) -> str:
        return self._show(i18n.sentence(error))

    def _show(self, error: str | None = None) -> str:
        declared = conflicts.declared(self.session, self.actor)
        return render_template("declared.html", declared=declared, given=request.form, error=error)

    def post(self) -> ResponseReturnValue:
        given = request.form
        if given.get("do") == "remove":
            conflicts.undeclare(self.session, self.actor, posted_id("declared"))
        else:
            kind, name, phone = (given.get(one, "") for one in ("kind", "name", "phone"))
            conflicts.declare(self.session, self.actor, kind, name, phone)
        return redirect(url_for("mediators.declared", notice="declared"), 303)


class Package(Page):
    """Blank papers of a case for a mediation outside (出门调解), to be filled in and signed by hand."""

    def get(self, case_id: UUID) -> Response:
        content = filing.package(self.session, self.actor, case_id)
        headers = {"Content-Disposition": 'inline; filename="hejie-package.pdf"', "Cache-Control": "private, no-store"}
        return Response(content, content_type="application/pdf", headers=headers)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise queue.SlotUnfit from None


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text) if text else None
    except ValueError:
        raise queue.SlotUnfit from None


blueprint.add_url_rule("/mediators", view_func=Directory.as_view("page"))
blueprint.add_url_rule("/mediators/<uuid:unit_id>/visit", view_func=Visit.as_view("visit"))
blueprint.add_url_rule("/mediators/<uuid:unit_id>/screen", view_func=Screen.as_view("screen"))
blueprint.add_url_rule("/visits/cancel", view_func=Cancel.as_view("cancel"))
blueprint.add_url_rule("/queue", view_func=Queue.as_view("queue"))
blueprint.add_url_rule("/mediators/declared", view_func=Declared.as_view("declared"))
blueprint.add_url_rule("/cases/<uuid:case_id>/package.pdf", view_func=Package.as_view("package"))
