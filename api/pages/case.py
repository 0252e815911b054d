"""One case: where it stands, what happened, its file, its diagrams; danger, withdrawal, remarks."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

import forms
from api import i18n, security, uploads, words
from api.pages.form_page import FormPage, is_fragment, sheet
from api.pages.task import where_to
from api.phones import emergency_phones, local_phones
from api.posted import posted_id
from api.resource import Page
from api.uploads import owner
from api.waiting import sentences
from engine import casework
from engine.cases import links, permissions
from engine.cases.blocklist import FactsBlocked
from engine.casework import AnswersInvalid, StepNames, formbook, mentions, procedures, taking_up, undoing
from engine.casework.coming import coming
from engine.casework.commands import DANGER_FORM
from engine.casework.queries import CasePage as Opened
from engine.casework.queries import Standing
from engine.casework.waiting import waits_for
from engine.deadlines.ahead import length
from engine.errors import DomainError
from engine.papers.catalogue import catalogue
from engine.people.roles import ROLES
from engine.sessions import sittings
from engine.territory import queries as territory
from engine.workflow import definitions

XML = "application/xml"
DRAWN = {
    "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask", "task",
    "callActivity", "subProcess",
}  # fmt: skip
"""The steps that the table beside a diagram names; events and gateways are seen in the drawing."""

blueprint = Blueprint("case", __name__)


class CasePage(Page):
    """A case with everything on its file."""

    def get(self, case_id: UUID) -> str:
        return self._show(case_id)

    def _show(self, case_id: UUID, note: str = "", error: str | None = None, *, blocked: bool = False) -> str:
        security.allow_diagram()
        page = casework.case_page(self.session, self.actor, case_id)
        if page.emergency:
            return self._show_in_emergency(page)
        mentions.saw(self.session, self.actor, case_id)
        standing = casework.where_it_stands(self.session, self.actor, case_id)
        steps = StepNames(self.session, i18n.locale())
        return render_template(
            "case.html",
            page=page,
            case=page.case,
            sounds=uploads.SOUNDS,
            says=words.stands(page.case),
            history=words.lines(page.timeline, steps),
            file=[(filed, sheet(filed, page.names)) for filed in reversed(page.file)],
            standing=standing,
            coming=coming(self.session, standing, (one for one, _ in page.deadlines)),
            length=length,
            shown=self._shown(standing),
            drawn=DRAWN,
            steps=steps,
            roles=ROLES,
            may={action: permissions.may(self.actor, action, page.case) for action in permissions.ACTIONS},
            startable=procedures.startable_on(self.session, self.actor, page.case),
            note=note,
            error=error,
            blocked=blocked,
            links=links.of_case(self.session, self.actor, case_id),
            keeper=self.actor.has("county_officer"),
            waiting=sentences(waits_for(self.session, page.case), steps),
            known=casework.known(self.session, self.actor, page.case),
            sittings=sittings.of_case(self.session, case_id),
            papers=catalogue(),
            printing=bool(request.args.get("print")),
            nameable=mentions.can_be_named(self.session, self.actor, page.case),
            withdrawable={one.id for one in page.notes if undoing.can_withdraw(self.session, self.actor, one)},
        )

    def _show_in_emergency(self, page: Opened) -> str:
        """What may be read and not changed; the diagram and the papers stay with the case's own people."""
        steps = StepNames(self.session, i18n.locale())
        return render_template(
            "emergency_case.html",
            page=page,
            case=page.case,
            says=words.stands(page.case),
            history=words.lines(page.timeline, steps),
            file=[(filed, sheet(filed, page.names)) for filed in reversed(page.file)],
            steps=steps,
            roles=ROLES,
        )

    def _shown(self, standing: Sequence[Standing]) -> Standing | None:
        wanted = request.args.get("diagram", "")
        chosen = [one for one in standing if str(one.definition.id) == wanted]
        return next(iter(chosen or standing), None)


class Notes(CasePage):
    """A remark to the file."""

    def post(self, case_id: UUID) -> ResponseReturnValue:
        keep = request.form.get("keep_words", "")
        casework.add_note(self.session, self.actor, case_id, request.form.get("words", ""), keep_words=keep)
        return redirect(url_for("case.page", case_id=case_id, notice="noted", _anchor="notes"), 303)

    def refused(self, error: DomainError, case_id: UUID) -> str:  # type: ignore[override]
        blocked = isinstance(error, FactsBlocked)
        return self._show(case_id, request.form.get("words", ""), i18n.sentence(error), blocked=blocked)


class Link(CasePage):
    """Link the case with another one, or let it go on there; take a link back."""

    def post(self, case_id: UUID) -> ResponseReturnValue:
        if request.form.get("do") == "unlink":
            links.unlink(self.session, self.actor, case_id, posted_id("other"))
            return redirect(url_for("case.page", case_id=case_id, notice="unlinked"), 303)
        number, kind = request.form.get("number", ""), request.form.get("kind", "")
        taking_up.link(self.session, self.actor, case_id, number, kind)
        return redirect(url_for("case.page", case_id=case_id, notice="linked"), 303)

    def refused(self, error: DomainError, case_id: UUID) -> str:  # type: ignore[override]
        return self._show(case_id, error=i18n.sentence(error))


class Reopen(CasePage):
    """Open a closed case again."""

    def post(self, case_id: UUID) -> ResponseReturnValue:
        taking_up.reopen(self.session, self.actor, case_id, request.form.get("reason", ""))
        return redirect(url_for("case.page", case_id=case_id, notice="reopened"), 303)

    def refused(self, error: DomainError, case_id: UUID) -> str:  # type: ignore[override]
        return self._show(case_id, error=i18n.sentence(error))


class Danger(FormPage):
    """Somebody is in danger: whom to call first, then what is recorded and passed on."""

    def get(self, case_id: UUID) -> str:
        return self._show(case_id, {})

    def post(self, case_id: UUID) -> ResponseReturnValue:
        form, action = self._form(), self.pressed()
        raw = self.typed(form)
        if action:
            raw = forms.apply_action(form, raw, action)
            return self.fields(form, raw, {}) if is_fragment("fields") else self._show(case_id, raw)
        casework.raise_danger(self.session, self.actor, case_id, raw, owner=owner(self.actor))
        return redirect(where_to(self, case_id, "danger"), 303)

    def refused(self, error: DomainError, case_id: UUID) -> str:  # type: ignore[override]
        errors = error.errors if isinstance(error, AnswersInvalid) else ()
        return self._show(case_id, self.typed(self._form()), errors, None if errors else i18n.sentence(error))

    def _form(self) -> forms.Form:
        return formbook.newest(self.session, DANGER_FORM).form

    def _show(
        self,
        case_id: UUID,
        raw: Mapping[str, Any],
        errors: Sequence[forms.FieldError] = (),
        error: str | None = None,
    ) -> str:
        case = permissions.require(self.session, self.actor, "danger", case_id)
        form = self._form()
        return render_template(
            "danger.html",
            case=case,
            form=form,
            title=form.title(i18n.reader()),
            fields=self.fields(form, raw, {}, errors),
            summary=forms.render_error_summary(errors, i18n.reader()),
            error=error,
            phones=emergency_phones(),
            local=local_phones(self.session, self.actor, case.division),
        )


class Withdraw(Page):
    """A party leaves the mediation: asked once more, then it ends and the other routes are told."""

    def get(self, case_id: UUID) -> str:
        case = permissions.require(self.session, self.actor, "withdraw", case_id)
        return render_template("withdraw.html", case=case, error=None)

    def post(self, case_id: UUID) -> ResponseReturnValue:
        casework.withdraw(self.session, self.actor, case_id)
        following = casework.next_task(self.session, self.actor, case_id)
        if following is not None:
            return redirect(url_for("task.page", task_id=following.id, notice="withdrawn"), 303)
        return redirect(where_to(self, case_id, "withdrawn"), 303)

    def refused(self, error: DomainError, case_id: UUID) -> str:  # type: ignore[override]
        case = permissions.require(self.session, self.actor, "withdraw", case_id)
        return render_template("withdraw.html", case=case, error=i18n.sentence(error))


class Place(Page):
    """Where it really happened: nobody but the people of that place can act."""

    def get(self, case_id: UUID) -> str:
        return self._show(case_id)

    def post(self, case_id: UUID) -> ResponseReturnValue:
        casework.locate(self.session, self.actor, case_id, request.form.get("division", ""))
        return redirect(where_to(self, case_id, "located"), 303)

    def refused(self, error: DomainError, case_id: UUID) -> str:  # type: ignore[override]
        return self._show(case_id, i18n.sentence(error))

    def _show(self, case_id: UUID, error: str | None = None) -> str:
        case = permissions.require(self.session, self.actor, "locate", case_id)
        towns = [(town, territory.villages(self.session, town.path)) for town in territory.towns(self.session)]
        return render_template("place.html", case=case, towns=towns, error=error)


class Diagram(Page):
    """A diagram of a case, as BPMN 2.0 XML; a deployed version never changes."""

    def get(self, case_id: UUID, definition_id: UUID) -> ResponseReturnValue:
        casework.require_sight(self.session, self.actor, case_id)
        response = Response(definitions.one(self.session, definition_id).content, content_type=XML)
        response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
        return response


blueprint.add_url_rule("/cases/<uuid:case_id>", view_func=CasePage.as_view("page"))
blueprint.add_url_rule("/cases/<uuid:case_id>/notes", view_func=Notes.as_view("notes"))
blueprint.add_url_rule("/cases/<uuid:case_id>/link", view_func=Link.as_view("link"))
blueprint.add_url_rule("/cases/<uuid:case_id>/reopen", view_func=Reopen.as_view("reopen"))
blueprint.add_url_rule("/cases/<uuid:case_id>/danger", view_func=Danger.as_view("danger"))
blueprint.add_url_rule("/cases/<uuid:case_id>/place", view_func=Place.as_view("place"))
blueprint.add_url_rule("/cases/<uuid:case_id>/withdraw", view_func=Withdraw.as_view("withdraw"))
blueprint.add_url_rule("/cases/<uuid:case_id>/diagrams/<uuid:definition_id>", view_func=Diagram.as_view("diagram"))
