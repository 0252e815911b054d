"""The forms of the house: the newest deployed version of each, and what its questions may refer to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

import forms
from engine import clock, feel, identity
from engine.cases import blocklist
from engine.cases import queries as cases
from engine.cases.dictionary import options, words
from engine.cases.models import Case
from engine.casework import choosing, owing, reception_places
from engine.casework.errors import AnswersInvalid
from engine.deadlines import ahead
from engine.documents import queries as documents
from engine.workflow import definitions
from engine.workflow.days import now
from engine.workflow.models import Definition


@dataclass(frozen=True)
class FormVersion:
    """A form and the deployed version it is; the registers that it may let choose from, which must be looked up."""

    id: UUID
    form: forms.Form
    registers: frozenset[str]


def newest(session: Session, key: str) -> FormVersion:
    """The newest version of a form. Raises DefinitionUnknown."""
    return version(session, definitions.latest(session, definitions.FORM, key).id)


def version(session: Session, form_id: UUID) -> FormVersion:
    """The version of a form that something was submitted with."""
    found = _loaded.get(form_id)
    if found is None:
        content = session.get_one(Definition, form_id).content
        named = frozenset(name for name in REGISTERS if name.encode() in content)
        found = FormVersion(form_id, forms.load(content), named)
        _loaded[form_id] = found
        if len(_loaded) > LOADED_LIMIT:
            _loaded.clear()
    return found


_loaded: dict[UUID, FormVersion] = {}
LOADED_LIMIT = 256
REGISTERS = {"mediators": choosing.options, "receptions": reception_places.options}
"""What forms may let choose from, by the name of the list in their context."""


def evaluate(source: str, context: Mapping[str, Any]) -> Any:
    """How forms evaluate their conditions."""
    return feel.compile_expression(source).evaluate(context, runtime=feel.Runtime(now=now))


def offers(
    session: Session, case: Case | None, variables: Mapping[str, Any], *, registers: Collection[str] = tuple(REGISTERS)
) -> dict[str, Any]:
    """What a form's questions may refer to: the process's variables, lists to choose from, facts of the case."""
    context: dict[str, Any] = {**variables, **offers_of_nobody()}
    if case is not None:
        context |= {name: REGISTERS[name](session, case) for name in registers}
    if isinstance(proposal := variables.get("proposal"), Mapping):
        again = proposal.get("gate") == "G9"
        served_on = date.fromisoformat(variables["served_on"]) if variables.get("served_on") else None
        context["deadlines"] = ahead.sentences(
            session, proposal.get("deadlines") or [], earlier=again, served_on=served_on
        )
    if case is not None and "week_state" in variables:
        context["week"] = _week(session, case)
    if case is not None and "due" in variables:
        context["owed"] = owing.in_words(owing.owed(session, case.id))
    if case is not None:
        context["levels"] = _levels(case)
        context["case"] = {
            "number": case.number, "risk": case.risk, "category": case.category, "level": case.level, "kind": case.kind,
        }  # fmt: skip
    return context


def offers_of_nobody() -> dict[str, Any]:
    """What a form's questions may refer to without any case: lists to choose from."""
    return {"categories": options("category"), "words": {locale: words(locale) for locale in ("zh", "en")}}


def offers_of_file(names: Mapping[str, str]) -> dict[str, Any]:
    """What the answers on a file may refer to: lists in words, and by `names` the mediators that were chosen."""
    known = [{"value": key, "label": name} for key, name in names.items()]
    return {**offers_of_nobody(), "levels": options("level"), "mediators": known}


def _week(session: Session, case: Case) -> Mapping[str, Any]:
    """This week's report of a listed hazard; the leader sees no other content of the case (安全生产法 §41)."""
    told = cases.newest_submission(session, case.id, ["f-listed-status"])
    return told.answers if told else {}


def _levels(case: Case) -> list[dict[str, str]]:
    """The levels at which somebody is there for a case: none below the division that its place is known to be in."""
    known = case.division.count("/")  # 0: county, 1: town, 2 and more: village
    return options("level")[max(0, 2 - known) :]


def sealed(form: forms.Form, values: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as they are stored: no identity number in clear."""
    return forms.replace_identities(form, values, identity.seal)


def opened(form: forms.Form, values: Mapping[str, Any]) -> dict[str, Any]:
    """Stored answers as they were typed, for the one who typed them and for papers that ask for the whole number."""
    return dict(_unsealed(values))


def masked(form: forms.Form, values: Mapping[str, Any]) -> dict[str, Any]:
    """Stored answers as they may be shown."""
    return dict(_unsealed(forms.replace_identities(form, values, lambda number: forms.masked(identity.unseal(number)))))


def _unsealed(values: Any) -> Any:
    """What was sealed in the clear, also where the version of the form did not say yet that it is to be sealed."""
    if isinstance(values, Mapping):
        return {name: _unsealed(one) for name, one in values.items()}
    if isinstance(values, list):
        return [_unsealed(one) for one in values]
    try:
        return identity.unseal(values) if isinstance(values, str) else values
    except ValueError:  # somebody's own words that merely begin like it
        return values


def blocked(form: forms.Form, values: Mapping[str, Any]) -> list[tuple[str, forms.FieldError]]:
    """Words among the answers that must not be on file: the kind of fact, and an error at the field."""
    return [
        (hit.kind, place.blocked(found=hit.found, fact=forms.Label(hit.zh, hit.en), law=hit.law))
        for place in forms.written(form, values)
        for hit in blocklist.hits(place.text)
    ]


def uploads(session: Session, values: Any) -> list[forms.Upload]:
    """The files that answers name, wherever in them."""
    ids = set(_ids(values))
    found = documents.uploads(session, ids) if ids else []
    return [forms.Upload(str(one.id), one.name, one.size, one.media_type, f"/uploads/{one.id}") for one in found]


def upload_ids(values: Any) -> list[UUID]:
    """The ids of files that answers may name."""
    return list(_ids(values))


def _ids(values: Any) -> Any:
    if isinstance(values, Mapping):
        for inner in values.values():
            yield from _ids(inner)
    elif isinstance(values, list):
        for inner in values:
            yield from _ids(inner)
    elif isinstance(values, str) and len(values) == 36:
        try:
            yield UUID(values)
        except ValueError:
            return


def checked(
    session: Session, form: forms.Form, answers: Mapping[str, Any], context: Mapping[str, Any]
) -> dict[str, Any]:
    """The clean values of a form's answers. Raises AnswersInvalid."""
    result = forms.validate(
        form,
        answers,
        evaluate=evaluate,
        today=clock.today(),
        context=context,
        uploads=uploads(session, answers),
    )
    if not result.ok:
        raise AnswersInvalid(result.errors)
    return result.values
