"""Following a report with its tracking code and phone, or a mediation with a party's own, and what can be done then.

Both travel in the body: no address or log ever holds them. Sent twice, a form is done once.
"""

from collections.abc import Sequence
from datetime import date, time
from typing import Any, ClassVar
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

import forms
from api import i18n, words
from api.guessing import Proven
from api.idempotency import claim_form
from api.pages.form_page import FormPage, is_fragment
from api.resource import Page
from api.uploads import owner
from engine import clock
from engine.cases.queries import CaseUnknown
from engine.casework import AnswersInvalid, reporters, sides
from engine.casework.reporters import Followed
from engine.casework.sides import Mediation
from engine.errors import N_, DomainError
from engine.idempotency import keep
from engine.supermarket import directory, queue

KEY = "idempotency_key"
OPEN = "open"
"""The button that asks for a form, with code and phone in its body."""
blueprint = Blueprint("follow", __name__)

DONE = {
    "add": N_("It is on the file, and whoever handles it is told."),
    "choose": N_("Your choice is noted. The other side is asked as well."),
    "recuse": N_("It is noted. The committee and the justice office decide whether somebody else mediates."),
    "rate": N_("Thank you. Your answer stands as you gave it."),
    "withdraw": N_("It is noted that you withdraw. Whoever handles it is told."),
    "end": N_("The mediation has ended. Whoever handled it tells you which ways are left."),
}
SENDS = {
    "add": N_("Add it"),
    "choose": N_("This is whom I want"),
    "recuse": N_("Ask them to stand aside"),
    "rate": N_("Send the answer"),
    "withdraw": N_("Withdraw"),
    "end": N_("End the mediation"),
}


class Follow(Proven, Page):
    """Ask for a code and a phone; say where the report stands."""

    public = True

    def get(self) -> str:
        return render_template("follow.html", found=None, error=None)

    def post(self) -> tuple[str, int]:
        try:
            return standing(self), 200
        except CaseUnknown as unknown:  # nothing was changed: show the form again
            self.fits_nothing()
            return render_template("follow.html", found=None, error=i18n.sentence(unknown)), 404


class Act(Proven, FormPage):
    """Something that whoever reported can do, with a form: add, choose, rate, withdraw."""

    public = True
    act: ClassVar[str]

    def get(self) -> ResponseReturnValue:
        return redirect(url_for("follow.page"), 303)

    def post(self) -> ResponseReturnValue:
        form, action = self.form(), self.pressed()
        if action == OPEN:
            return self._show(form, {})
        raw = self.typed(form)
        if action:
            raw = forms.apply_action(form, raw, action)
            return self.fields(form, raw, self._context()) if is_fragment("fields") else self._show(form, raw)
        held = claim_form(self.session, self.actor, request.form.get(KEY, ""))
        if held.answer is None:
            self._do(raw)
            keep(self.session, held, {"done": True})
        return standing(self, gettext(DONE[self.act]))

    def refused(self, error: DomainError, **path: object) -> str:
        form = self.form()
        errors = error.errors if isinstance(error, AnswersInvalid) else ()
        return self._show(form, self.typed(form), errors, None if errors else i18n.sentence(error))

    def form(self) -> forms.Form:
        """What is asked."""
        return reporters.form_of(self.session, self.act)

    def _do(self, raw: dict[str, Any]) -> None:
        command = {"choose": reporters.choose, "rate": reporters.rate, "withdraw": reporters.withdraw}[self.act]
        command(self.session, *proof(), raw)

    def _context(self) -> dict[str, Any]:
        case = reporters.follow(self.session, *proof()).case
        return reporters.offered(self.session, case) if self.act == "choose" else {}

    def _show(self, form: forms.Form, raw: dict[str, Any], errors: Sequence[Any] = (), error: str | None = None) -> str:
        context = self._context()
        return render_template(
            "reporter_form.html",
            form=form,
            title=form.title(i18n.reader()),
            fields=self.fields(form, raw, context, errors),
            summary=forms.render_error_summary(errors, i18n.reader()),
            error=error,
            key=request.form.get(KEY) or str(uuid4()),
            send=gettext(SENDS[self.act]),
            act=self.act,
        )


class Add(Act):
    """Words and photos for an open report."""

    act = "add"

    def _do(self, raw: dict[str, Any]) -> None:
        reporters.add(self.session, *proof(), raw, owner=owner(self.actor))


class Choose(Act):
    """The mediator whom one wants."""

    act = "choose"


class Rate(Act):
    """Whether it helped."""

    act = "rate"


class Withdraw(Act):
    """Withdrawing the report."""

    act = "withdraw"


class Book(Proven, Page):
    """A number for today or a time at one of the bodies that may mediate the case."""

    public = True

    def get(self) -> ResponseReturnValue:
        return redirect(url_for("follow.page"), 303)

    def post(self) -> str:
        given = request.form
        if given.get("_action"):
            return self._show()
        held = claim_form(self.session, self.actor, given.get(KEY, ""))
        if given.get("visit"):
            if held.answer is None:
                slot = _time(given.get("slot", ""))
                reporters.move_visit(self.session, *proof(), _unit(given["visit"]), day=_day(), slot=slot)
                keep(self.session, held, {"done": True})
            return standing(self, gettext("Your visit is moved."))
        if held.answer is None:
            slot = _time(given.get("slot", ""))
            visit, code = reporters.book(
                self.session, *proof(), _unit(given.get("unit", "")), name=given.get("name", ""), day=_day(), slot=slot
            )  # fmt: skip
            held = keep(self.session, held, {"number": visit.number, "code": code})
        answer = dict(held.answer or {})
        said = gettext("Your number is %(number)d. Cancel with this code: %(code)s", **answer)
        return standing(self, str(said))

    def refused(self, error: DomainError, **path: object) -> str:
        return self._show(i18n.sentence(error))

    def _show(self, error: str | None = None) -> str:
        found = reporters.follow(self.session, *proof())
        bodies = reporters.bodies(self.session, found.case)
        visit = next((one for one in found.visits if str(one.id) == request.form.get("visit")), None)
        if visit:
            own = directory.body(self.session, visit.unit_id)
            bodies = [own] if own else []
        unit = next((one for one in bodies if str(one.id) == request.form.get("unit")), bodies[0] if bodies else None)
        try:
            day = _day() or clock.today()
        except queue.SlotUnfit:
            day = clock.today()
        return render_template(
            "reporter_visit.html",
            bodies=bodies,
            unit=unit,
            visit=visit,
            day=day,
            today=clock.today(),
            last=clock.today() + queue.AHEAD,
            slots=queue.free_slots(self.session, unit.id, day) if unit else [],
            is_open=queue.is_open(self.session, day),
            typed=request.form,
            key=request.form.get(KEY) or str(uuid4()),
            error=error,
        )


class NotComing(Proven, Page):
    """Cancel a visit of the case."""

    public = True

    def get(self) -> ResponseReturnValue:
        return redirect(url_for("follow.page"), 303)

    def post(self) -> str:
        reporters.cancel_visit(self.session, *proof(), _unit(request.form.get("visit", "")))
        return standing(self, gettext("Your visit is cancelled."))

    def refused(self, error: DomainError, **path: object) -> str:
        return standing(self, error=i18n.sentence(error))


class Messages(Proven, Page):
    """Agree to be told by message, or take that back."""

    public = True

    def get(self) -> ResponseReturnValue:
        return redirect(url_for("follow.page"), 303)

    def post(self) -> str:
        given = request.form
        reporters.messages(
            self.session, *proof(), wanted=given.get("wanted") == "yes", to=given.get("to", ""), locale=i18n.locale()
        )
        return standing(self, gettext("It is noted whether you want messages."))

    def refused(self, error: DomainError, **path: object) -> str:
        return standing(self, error=i18n.sentence(error))


def standing(page: Page, done: str | None = None, error: str | None = None) -> str:
    """The page that says where it stands, for whoever reported or for a party, by whose code it is.

    Raises CaseUnknown.
    """
    try:
        found: Followed = reporters.follow(page.session, *proof())
    except CaseUnknown:
        return _mediation(sides.follow(page.session, *proof()), done)
    return render_template(
        "follow.html",
        found=found,
        says=words.stands(found.case),
        follows=words.follows(found.case, found.may),
        done=done,
        error=error,
    )


def _mediation(found: Mediation, done: str | None) -> str:
    return render_template(
        "mediation.html",
        found=found,
        says=words.stands(found.case),
        follows=words.follows(found.case, found.may),
        done=done,
    )


def proof() -> tuple[str, str]:
    """The code and the phone that were sent."""
    return request.form.get("code", ""), request.form.get("phone", "")


def _unit(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise queue.BodyUnknown from None


def _day() -> date | None:
    text = request.form.get("day", "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise queue.SlotUnfit from None


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text) if text else None
    except ValueError:
        raise queue.SlotUnfit from None


blueprint.add_url_rule("/follow", view_func=Follow.as_view("page"))
for view in (Add, Choose, Rate, Withdraw):
    blueprint.add_url_rule(f"/follow/{view.act}", view_func=view.as_view(view.act))
blueprint.add_url_rule("/follow/book", view_func=Book.as_view("book"))
blueprint.add_url_rule("/follow/not-coming", view_func=NotComing.as_view("not_coming"))
blueprint.add_url_rule("/follow/messages", view_func=Messages.as_view("messages"))
