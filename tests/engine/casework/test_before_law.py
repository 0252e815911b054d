"""A day from which no law of the catalogue counts is refused where somebody types it, and never stops a case."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import casework
from engine.casework import before_law, formbook
from engine.casework.errors import AnswersInvalid
from engine.deadlines import queries as deadlines
from engine.workflow import definitions
from engine.workflow.models import Incident, Instance
from tests.engine.casework.test_roads import WAGES, start
from tests.factories import actor, do

FACTS: dict[str, dict[str, Any]] = {
    "labour": {"subject": "labour"},
    "land": {"subject": "farm_forest", "land_question": "title"},
}
TAKEN = {"about": "expropriation", "against": "government"}
WAYS = {"labour": {"risk": "BLUE", "level": "county"}, "land": {"risk": "YELLOW", "level": "town"}}


@pytest.mark.parametrize(
    ("road", "element", "login", "given", "field"),
    [
        ("labour", "register", "county", {"known_on": "2006-11-26"}, "/known_on"),
        ("land", "questions", "duty", {**TAKEN, "known_on": "2003-01-02"}, "/known_on"),
    ],
)
def test_a_day_before_the_first_law_is_refused_where_it_is_typed(
    session: Session, work: Callable[[], None], road: str, element: str, login: str, given: dict[str, Any], field: str
) -> None:
    """劳动争议调解仲裁法 §27; 行政复议法 §20: no incident stops the case later; an older law can be entered."""
    facts = {"route_facts": ["dispute"], **FACTS[road]}
    case = start(session, work, WAGES, facts, route=road, **WAYS[road])
    with pytest.raises(AnswersInvalid) as refused:
        do(session, case, element, login, **given)
    [wrong] = refused.value.errors
    assert (wrong.pointer, wrong.code) == (field, "before-law")
    assert "管理员" in wrong.sentence("zh") and "administrator" in wrong.sentence("en")
    key = "labour.apply" if road == "labour" else "reconsider.apply"
    law = {"duration": "P60D", "rule": "", "law": "当时的法律", "why": "补录", "in_force_from": date(1995, 1, 1)}
    made = casework.law_keeping.amend(session, actor(session, "admin"), key, law)
    assert made.in_force_to is not None and deadlines.entry(session, key, date(2003, 1, 2)) is made
    do(session, case, element, login, **given)
    work()
    here = select(Incident).join(Instance, Instance.id == Incident.instance_id).where(Instance.stream == case.id)
    assert session.scalars(here).all() == []


@pytest.mark.usefixtures("house")
def test_a_day_that_another_procedure_counts_from_is_refused_as_well(session: Session) -> None:
    """信访工作条例 §35: the reply is served in one procedure, the thirty days run in the next."""
    process = definitions.process(session, definitions.latest(session, definitions.PROCESS, "petition-handle").id)
    form = formbook.newest(session, "f-serve").form
    given = {"served_on": "2019-05-01"}
    instance = Instance(definition_id=definitions.latest(session, definitions.PROCESS, "petition-handle").id)
    with pytest.raises(AnswersInvalid) as refused:
        before_law.require(session, instance, process.elements["serve"], form, given)
    assert [one.pointer for one in refused.value.errors] == ["/served_on"]
    before_law.require(session, instance, process.elements["serve"], form, {"served_on": "2026-11-02"})
