"""What the studio's editors ask: the words of the house, and trying things out. Nothing is stored."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask_babel import gettext

import forms
from api import i18n
from api.i18n import told
from api.resource import Resource
from api.rest.refusals import Blueprint, refuses
from api.rest.schemas.studio_tools import (
    DecidedSchema,
    ExpressionsSchema,
    FormPreviewSchema,
    FormTrySchema,
    TableTrySchema,
    TriedListSchema,
    WordsSchema,
)
from engine.casework.errors import AdministratorsOnly
from engine.casework.house import said_of_form
from engine.studio import drafts, require, trying
from engine.studio.errors import DraftUnknown, ExampleInvalid
from engine.studio.trying import Decided
from engine.studio.words import Words, words
from engine.workflow import definitions

blueprint = Blueprint("Trying out", __name__, description="What the studio's editors ask. Nothing is stored.")


@blueprint.route("/studio/drafts/<uuid:draft_id>/words")
class HouseWords(Resource):
    """Words."""

    @refuses(AdministratorsOnly, DraftUnknown)
    @blueprint.response(200, WordsSchema)
    def get(self, draft_id: UUID) -> Words:
        """The forms, tables, processes, roles, deadlines and operations that a diagram may name, and its variables."""
        found = words(self.session, self.actor, drafts.one(self.session, self.actor, draft_id), i18n.locale())
        return replace(found, roles=[replace(role, title=gettext(role.title)) for role in found.roles])


@blueprint.route("/studio/expressions")
class Expressions(Resource):
    """Expressions."""

    @refuses(AdministratorsOnly, ExampleInvalid)
    @blueprint.arguments(ExpressionsSchema)
    @blueprint.response(200, TriedListSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """The values of FEEL expressions for an example, within a second each."""
        require(self.actor)
        tried = trying.expressions(body["expressions"], body["example"])
        return {
            "items": [vars(one) | {"problem": told(one.problem), "warnings": map(told, one.warnings)} for one in tried]
        }


@blueprint.route("/studio/decisions")
class Decisions(Resource):
    """Decision tables."""

    upload = True

    @refuses(AdministratorsOnly, ExampleInvalid)
    @blueprint.arguments(TableTrySchema)
    @blueprint.response(200, DecidedSchema)
    def post(self, body: dict[str, str]) -> Decided:
        """What a decision says for an example, and which rules held."""
        require(self.actor)
        beside = definitions.decision_models(self.session)
        decided = trying.decision(body["content"].encode(), body["decision"], body["example"], beside)
        values = {name: told(value) for name, value in decided.values.items()}
        return replace(decided, value=told(decided.value), values=values, warnings=tuple(map(told, decided.warnings)))


@blueprint.route("/studio/forms")
class Forms(Resource):
    """Forms."""

    upload = True

    @refuses(AdministratorsOnly, ExampleInvalid)
    @blueprint.arguments(FormTrySchema)
    @blueprint.response(200, FormPreviewSchema)
    def post(self, body: dict[str, Any]) -> dict[str, str]:
        """A form as people would see it, in one language."""
        require(self.actor)
        try:
            html = trying.form(body["content"].encode(), body["locale"], body["answers"], body["example"])
        except forms.FormInvalid as error:
            return {"html": "", "problem": "; ".join(told(said_of_form(one)) for one in error.findings[:3])}
        return {"html": html, "problem": ""}
