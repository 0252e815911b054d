"""What a party of a mediation can do on the page that their code opens, and the slip on which they get the code.

As a reporter's code it travels in the body alone.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

import forms
from api.pages.follow import Act, proof
from api.posters import follow_address, qr
from api.resource import Page
from engine.cases import parties, party_codes, permissions
from engine.casework import sides

blueprint = Blueprint("sides", __name__)


class SideAct(Act):
    """Something that a party can do, with a form."""

    def form(self) -> forms.Form:
        """What is asked."""
        return sides.form_of(self.session, self.act)

    def _do(self, raw: dict[str, Any]) -> None:
        command = {"choose": sides.choose, "recuse": sides.recuse, "rate": sides.rate, "end": sides.end}[self.act]
        command(self.session, *proof(), raw)

    def _context(self) -> dict[str, Any]:
        found = sides.follow(self.session, *proof())
        return sides.offered(self.session, found.case, found.party, self.act)


class Choose(SideAct):
    """The mediator whom a party wants."""

    act = "choose"


class Recuse(SideAct):
    """A mediator whom a party asks to stand aside."""

    act = "recuse"


class Rate(SideAct):
    """Whether it helped a party."""

    act = "rate"


class End(SideAct):
    """Ending the mediation."""

    act = "end"


class MakeCode(Page):
    """Make a party a code: the slip to print and hand over, the only place where the code stands."""

    def post(self, case_id: UUID, party_id: UUID) -> str:
        code = party_codes.make(self.session, self.actor, case_id, party_id)
        address = follow_address()
        return render_template(
            "party_code.html",
            case=permissions.require(self.session, self.actor, "party_code", case_id),
            party=parties.one(self.session, case_id, party_id),
            code=code,
            address=address,
            picture=qr(address),
            days=party_codes.AFTER.days,
        )


class WithdrawCode(Page):
    """A party's code opens nothing any more."""

    def post(self, case_id: UUID, party_id: UUID) -> ResponseReturnValue:
        party_codes.withdraw(self.session, self.actor, case_id, party_id)
        return redirect(url_for("parties.one", case_id=case_id, party_id=party_id, _anchor="code"), 303)


ONE = "/cases/<uuid:case_id>/parties/<uuid:party_id>/code"
for view in (Choose, Recuse, Rate, End):
    blueprint.add_url_rule(f"/follow/side/{view.act}", view_func=view.as_view(view.act))
blueprint.add_url_rule(ONE, view_func=MakeCode.as_view("make"))
blueprint.add_url_rule(f"{ONE}/withdrawal", view_func=WithdrawCode.as_view("withdraw"))
