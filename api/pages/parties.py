"""The people of a case: add, change, look at a whole number, consent, a copy of one's own data; finding a person."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

import forms
from api import i18n
from api.pages.form_page import FormPage, is_fragment
from api.resource import Page
from engine import casework
from engine.cases import parties, party_codes, permissions
from engine.casework import AnswersInvalid
from engine.casework.parties import PartyPage, own_data_pdf
from engine.errors import DomainError

blueprint = Blueprint("parties", __name__)


class OneParty(FormPage):
    """A party's form: a new one, or one that is on file."""

    def get(self, case_id: UUID, party_id: UUID | None = None) -> str:
        page = casework.party_page(self.session, self.actor, case_id, party_id)
        return self._show(page, page.raw)

    def post(self, case_id: UUID, party_id: UUID | None = None) -> ResponseReturnValue:
        page = casework.party_page(self.session, self.actor, case_id, party_id)
        raw = self.typed(page.form)
        if action := self.pressed():
            raw = forms.apply_action(page.form, raw, action)
            return self.fields(page.form, raw, page.context) if is_fragment("fields") else self._show(page, raw)
        keep = request.form.get("keep_words", "")
        casework.save_party(self.session, self.actor, case_id, party_id, raw, keep_words=keep)
        return redirect(url_for("case.page", case_id=case_id, notice="party", _anchor="parties"), 303)

    def refused(self, error: DomainError, case_id: UUID, party_id: UUID | None = None) -> str:  # type: ignore[override]
        page = casework.party_page(self.session, self.actor, case_id, party_id)
        errors = error.errors if isinstance(error, AnswersInvalid) else ()
        return self._show(page, self.typed(page.form), errors, None if errors else i18n.sentence(error))

    def _show(
        self,
        page: PartyPage,
        raw: Mapping[str, Any],
        errors: Sequence[forms.FieldError] = (),
        error: str | None = None,
        number: str | None = None,
    ) -> str:
        people = casework.people_of(self.session, self.actor, page.case)
        coded = page.party if permissions.may(self.actor, "party_code", page.case) else None
        return render_template(
            "party.html",
            page=page,
            case=page.case,
            people=people,
            fields=self.fields(page.form, raw, page.context, errors),
            summary=forms.render_error_summary(errors, i18n.reader()),
            error=error,
            blocked=any(one.code == "blocked-fact" for one in errors),
            number=number,
            may_unmask=permissions.may(self.actor, "unmask", page.case),
            reasons=parties.REASONS,
            purposes=parties.PURPOSES,
            may_have_code=coded is not None and party_codes.fit(page.case, coded),
            code_given=party_codes.of_party(self.session, coded.id) if coded else None,
        )


class WholeNumber(OneParty):
    """A party's identity number in full, for a reason; the look is recorded."""

    def post(self, case_id: UUID, party_id: UUID | None = None) -> ResponseReturnValue:
        assert party_id is not None
        reason = request.form.get("reason", "")
        number = parties.whole_number(self.session, self.actor, case_id, party_id, reason)
        page = casework.party_page(self.session, self.actor, case_id, party_id)
        return self._show(page, page.raw, number=number)

    def refused(self, error: DomainError, case_id: UUID, party_id: UUID | None = None) -> str:  # type: ignore[override]
        page = casework.party_page(self.session, self.actor, case_id, party_id)
        return self._show(page, page.raw, error=i18n.sentence(error))


class Consent(Page):
    """A party agrees to a use of their data, or takes it back."""

    def post(self, case_id: UUID, party_id: UUID) -> ResponseReturnValue:
        purpose, given = request.form.get("purpose", ""), not request.form.get("withdraw")
        casework.set_consent(self.session, self.actor, case_id, party_id, purpose, given=given)
        return redirect(url_for("parties.one", case_id=case_id, party_id=party_id, _anchor="consent"), 303)


class OwnData(Page):
    """A copy of what is on file about one person, to be handed to them."""

    def post(self, case_id: UUID, party_id: UUID) -> Response:
        found = casework.own_data(self.session, self.actor, case_id, party_id)
        if request.form.get("as") == "pdf":
            headers = {"Content-Disposition": 'attachment; filename="hejie-own-data.pdf"', "Cache-Control": "no-store"}
            return Response(own_data_pdf(found), content_type="application/pdf", headers=headers)
        body = json.dumps(found, ensure_ascii=False, indent=2)
        headers = {"Content-Disposition": 'attachment; filename="hejie-own-data.json"', "Cache-Control": "no-store"}
        return Response(body, content_type="application/json; charset=utf-8", headers=headers)


class Find(Page):
    """The cases of a person. What is asked travels in the body: no address or log ever holds a number."""

    def get(self) -> str:
        return render_template("find_people.html", found=None, wrong=False)

    def post(self) -> str:
        number, wrong = request.form.get("number", ""), False
        if number.strip():
            try:
                number = forms.paper_number(number)
            except forms.Wrong:
                number, wrong = "", True
        name, phone = request.form.get("name", "").strip(), request.form.get("phone", "").strip()
        found = parties.find_people(self.session, self.actor, number=number, name=name, phone=phone)
        return render_template("find_people.html", found=None if wrong else found, wrong=wrong)


ONE = "/cases/<uuid:case_id>/parties/<uuid:party_id>"
blueprint.add_url_rule("/cases/<uuid:case_id>/parties/new", view_func=OneParty.as_view("new"))
blueprint.add_url_rule(ONE, view_func=OneParty.as_view("one"))
blueprint.add_url_rule(f"{ONE}/number", view_func=WholeNumber.as_view("number"))
blueprint.add_url_rule(f"{ONE}/consent", view_func=Consent.as_view("consent"))
blueprint.add_url_rule(f"{ONE}/own-data", view_func=OwnData.as_view("own_data"))
blueprint.add_url_rule("/people/find", view_func=Find.as_view("find"))
