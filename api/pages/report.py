"""Reporting: three required questions, for everybody, with whom to call above them."""

import re
from typing import Any, ClassVar
from uuid import UUID, uuid4

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

import forms
from api import i18n, security
from api.idempotency import claim_form
from api.pages.form_page import FormPage, is_fragment
from api.pages.several import Several
from api.phones import advice_phones, emergency_phones, local_phones
from api.uploads import owner
from engine import casework, clock
from engine.cases.queries import CaseUnknown
from engine.casework import AnswersInvalid, duplicates, formbook, reporting
from engine.casework.reporting import REPORT_FORM
from engine.config import settings
from engine.errors import DomainError
from engine.idempotency import keep
from engine.territory import queries as territory
from engine.territory.models import Division

KEY = "idempotency_key"
OPENED = "opened"
SIMILAR = "similar"
SPLIT = "split"
"""The button that makes each line a report of its own, for whoever is signed in."""
"""The button that asks whether a matter is known already; it changes nothing."""
LONGEST = 3600
"""Seconds after which a form was not being written but lay open."""

AUTOCOMPLETE = re.compile(r'autocomplete="[^"]*"')
DANGER = {"danger_place", "danger_people"}
blueprint = Blueprint("report", __name__)


class Report(FormPage):
    """The report's form, and after it the tracking code. Sent twice, it makes one case."""

    public = True
    quiet: ClassVar[bool] = False
    """Whether it leaves no trace on the device, for whoever is at risk."""

    def get(self) -> str:
        return self._show(self._form(), self._filled())

    def _filled(self) -> dict[str, Any]:
        """What a poster's code has filled in already: the place of the division that the address names."""
        place = self.session.get(Division, request.args.get("place", ""))
        return {"where": territory.words(self.session, place, i18n.locale())} if place else {}

    def post(self) -> ResponseReturnValue:
        form, action = self._form(), self.pressed()
        raw = self.typed(form)
        if action == SIMILAR:
            near = duplicates.similar(self.session, self.actor, str(raw.get("what") or ""), str(raw.get("where") or ""))
            part = render_template("parts/similar.html", similar=near)
            return part if is_fragment(SIMILAR) else self._show(form, raw, similar=Markup(part))  # noqa: S704 - ours
        if action == SPLIT and self.actor.id and not self.quiet:
            return Several.of(self).split(raw)
        if action:
            raw = forms.apply_action(form, raw, action)
            return self.fields(form, raw, self._context()) if is_fragment("fields") else self._show(form, raw)
        held = claim_form(self.session, self.actor, request.form.get(KEY, ""))
        if held.answer is None and (same := request.form.get("join")):
            joined = duplicates.join(self.session, self.actor, _case(same), raw, owner=owner(self.actor))
            held = keep(self.session, held, {"number": joined.number, "code": "", "joined": str(joined.id)})
        elif held.answer is None:
            made = casework.report(self.session, self.actor, raw, owner=owner(self.actor))
            made.case.report_seconds = _seconds(request.form.get(OPENED, type=int))
            held = keep(self.session, held, {"number": made.case.number, "code": made.tracking_code})
        answer = dict(held.answer or {})
        return answer if is_fragment("receipt") else self._receipt(answer, raw)

    def refused(self, error: DomainError, **path: object) -> str:
        form = self._form()
        errors = error.errors if isinstance(error, AnswersInvalid) else ()
        return self._show(form, self.typed(form), errors=errors, error=None if errors else i18n.sentence(error))

    def _form(self) -> forms.Form:
        return formbook.newest(self.session, REPORT_FORM).form

    def _context(self) -> dict[str, Any]:
        return reporting.asked_of(self.session, self.actor)

    def _show(
        self,
        form: forms.Form,
        raw: dict[str, Any],
        errors: Any = (),
        error: str | None = None,
        *,
        offline: bool = False,
        similar: Markup | None = None,
    ) -> str:
        if not self.quiet:
            security.allow_reporting()
        fields = self.fields(form, raw, self._context(), errors)
        return render_template(
            "report.html",
            form=form,
            title=form.title(i18n.reader()),
            fields=_unfilled(fields) if self.quiet else fields,
            files_limit=settings().upload_limit,
            quiet=self.quiet,
            summary=forms.render_error_summary(errors, i18n.reader()),
            error=error,
            key=request.form.get(KEY) or str(uuid4()),
            opened=request.form.get(OPENED, type=int) or int(clock.now().timestamp()),
            danger=raw.get("urgency") in DANGER,
            phones=emergency_phones(),
            advice=advice_phones(),
            local=local_phones(self.session, self.actor),
            villages=self._villages(),
            offline=offline,
            similar=similar,
        )

    def _villages(self) -> list[tuple[str, str]]:
        """The villages with their towns, to choose from while the place is written, and where each lies if known."""
        english = i18n.locale() == "en"
        towns = {town.code: town.label(i18n.locale()) for town in territory.towns(self.session)}
        found = []
        for one in territory.villages(self.session):
            village, town = one.label(i18n.locale()), towns.get(one.parent or "", "")
            at = "" if one.latitude is None or one.longitude is None else f"{one.latitude},{one.longitude}"
            found.append((f"{village}, {town}" if english else town + village, at))
        return found

    def _receipt(self, made: dict[str, Any], raw: dict[str, Any]) -> str:
        self.comes_back()
        known = None
        if self.actor.id and not self.quiet:
            known = casework.known_of_number(self.session, self.actor, made["number"])
        return render_template(
            "reported.html",
            made=made,
            known=known,
            quiet=self.quiet,
            key=request.form.get(KEY, ""),
            phone=raw.get("reporter_phone") if not raw.get("anonymous") else None,
            danger=raw.get("urgency") in DANGER,
            phones=emergency_phones() + local_phones(self.session, self.actor),
        )


class Quiet(Report):
    """The same form where nothing stays on the device and the title tells nothing."""

    quiet = True
    secret = True


def _unfilled(fields: Markup) -> Markup:
    """The fields, so that a browser neither offers nor remembers what was typed."""
    return Markup(AUTOCOMPLETE.sub('autocomplete="off"', fields))  # noqa: S704  # our own fields, rendered and escaped


def _case(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise CaseUnknown from None


def _seconds(opened: int | None) -> int | None:
    """How long somebody wrote, if that can be known: for the time budget of a report, never of a person."""
    seconds = int(clock.now().timestamp()) - (opened or 0)
    return seconds if opened and 0 < seconds <= LONGEST else None


blueprint.add_url_rule("/report", view_func=Report.as_view("page"))
blueprint.add_url_rule("/services", view_func=Quiet.as_view("quiet"))
