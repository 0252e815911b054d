"""What the police answer of a mediation of theirs (公安机关办理行政案件程序规定 §181)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engine import casework, clock
from engine.cases import parties
from engine.cases import queries as cases
from engine.cases.models import Case
from engine.casework.errors import AnswersInvalid
from engine.casework.police_mediation import GuardianAbsent, SuspectByProxy
from tests.engine.casework.conftest import Work
from tests.factories import LAND, actor, closed, do

MEDIATED = {"outcome": "police_mediation", "minor": "no", "suspect": "in_person"}
WITH_MINOR = {**MEDIATED, "minor": "yes"}


@pytest.fixture
def handed(session: Session, work: Work) -> Case:
    """A fight that the police have taken."""
    case = casework.report(session, actor(session, "duty"), LAND).case
    for element, login, more in (
        ("triage", "duty", {"danger_facts": ["public_order"], "route_facts": ["dispute"], "subject": "neighbours"}),
        ("confirm", "duty", {"route": "police", "risk": "BLUE", "level": "town"}),
        ("handover", "duty", {}),
        ("receipt", "police", {}),
    ):
        work()
        do(session, case, element, login, **more)
    work()
    return case


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({**WITH_MINOR, "guardian": "absent"}, GuardianAbsent),
        (WITH_MINOR, AnswersInvalid),
        ({"outcome": "police_mediation"}, AnswersInvalid),
        ({**MEDIATED, "suspect": "proxy"}, SuspectByProxy),
    ],
)
def test_what_is_no_mediation_by_the_police_is_refused(
    session: Session, handed: Case, given: dict[str, Any], refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        do(session, handed, "outcome-report", "police", **given)


def test_a_minor_whom_the_case_knows_needs_the_guardian_whatever_is_ticked(session: Session, handed: Case) -> None:
    born = (clock.today() - timedelta(days=12 * 365)).isoformat()
    parties.put(session, handed, None, {"role": "respondent", "name": "示例少年", "birth_date": born})
    with pytest.raises(GuardianAbsent):
        do(session, handed, "outcome-report", "police", **MEDIATED)


@pytest.mark.parametrize("guardian", ["present", "of_age"])
def test_a_lawful_one_ends_and_no_more_is_kept_than_that(
    session: Session, work: Work, handed: Case, guardian: str
) -> None:
    """治安管理处罚法(2025) §136: the category alone."""
    do(session, handed, "outcome-report", "police", **WITH_MINOR, guardian=guardian)
    work()
    assert closed(session, handed) == ("handed_over", True)
    [kept] = cases.submissions(session, handed.id, ["f-outcome"])
    assert set(kept.answers) == {"outcome", "minor", "guardian", "suspect", "outcome_on"}


def test_other_outcomes_ask_none_of_it(session: Session, work: Work, handed: Case) -> None:
    do(session, handed, "outcome-report", "police", outcome="public_order")
    [kept] = cases.submissions(session, handed.id, ["f-outcome"])
    assert set(kept.answers) == {"outcome", "outcome_on"}
