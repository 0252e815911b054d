"""Drafts: what was typed into any form of a step is there again for whoever typed it, and for nobody else."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import forms
from engine import casework
from engine.casework.house import LIBRARY
from engine.people import queries as people
from engine.workflow.models import Draft, UserTask
from tests.factories import ANSWERS, LAND, answers

FORMS = sorted(path.name.removesuffix(".form.json") for path in LIBRARY.glob("*.form.json"))


def typed(key: str) -> dict[str, object]:
    """What somebody has typed into a form so far: its usual answers, else something in its first field."""
    if key in ANSWERS:
        return answers(key)
    form = forms.load((LIBRARY / f"{key}.form.json").read_bytes())
    first = next(str(path[0]) for part in form.fields if (path := getattr(part, "path", None)))
    return {first: "写到一半"}


@pytest.mark.parametrize("key", FORMS)
def test_a_draft_of_every_form_is_there_again(session: Session, house: None, key: str) -> None:
    duty, other = (people.actor_by_login(session, login) for login in ("duty", "duty2"))
    case = casework.report(session, duty, LAND).case
    session.flush()
    task = session.scalars(select(UserTask).where(UserTask.stream == case.id)).one()
    task.form_key = key
    session.flush()
    given = typed(key)
    casework.save_draft(session, duty, task.id, given)
    page = casework.task_page(session, duty, task.id)
    assert {name: page.raw.get(name) for name in given} == given
    assert page.draft_saved_at is not None
    assert casework.task_page(session, other, task.id).draft_saved_at is None


def test_no_identity_number_stands_in_a_draft(session: Session, house: None) -> None:
    duty = people.actor_by_login(session, "duty")
    case = casework.report(session, duty, LAND).case
    session.flush()
    task = session.scalars(select(UserTask).where(UserTask.stream == case.id)).one()
    task.form_key = "f4-acceptance"
    session.flush()
    number = "11010519491231002X"
    casework.save_draft(session, duty, task.id, {"parties": [{"name": "示例甲", "id_number": number}]})
    kept = session.get_one(Draft, (task.id, duty.id)).answers
    assert number not in str(kept)
    assert casework.task_page(session, duty, task.id).raw["parties"][0]["id_number"] == number
