"""A wrong agreement is made void and written again under a new number; the void one stays to be seen."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import casework, clock, events
from engine.cases import queries as cases
from engine.cases.commands import CaseClosed
from engine.cases.models import Case
from engine.cases.permissions import NotForYourRole
from engine.casework import adding, filing, paper_facts, procedures, rewriting
from engine.casework.errors import AgreementInCourt, AgreementVoid
from engine.deadlines import queries as deadlines
from engine.documents.models import Document
from tests.engine.casework.conftest import WAY, Work
from tests.engine.casework.test_filing import words
from tests.factories import LAND, actor, answers, do, open_task

KEY = "f11-agreement"


@pytest.fixture
def agreed(session: Session, work: Work) -> Case:
    """A dispute with a written agreement that is still to be performed."""
    case = casework.report(session, actor(session, "grid"), LAND).case
    for element, login in WAY[:8]:
        work()
        do(session, case, element, login)
    work()
    return case


def number(session: Session, case: Case) -> Document:
    found = select(Document).where(Document.case_id == case.id, Document.kind == KEY, Document.voided_at.is_(None))
    return session.scalars(found).one()


def again(**more: object) -> dict[str, object]:
    obligations = [{"who": "示例乙", "what": "退还土地", "due_on": "2027-03-05"}]
    return {**answers(KEY), "content": "李家退还一尺半", "obligations": obligations, **more}


def test_an_agreement_is_written_again_once_its_number_is_void(session: Session, agreed: Case, work: Work) -> None:
    """人民调解法 §29; 民事诉讼法 §205: the thirty days run from the new agreement."""
    mediator, first = actor(session, "mediator"), number(session, agreed)
    with pytest.raises(adding.NotAdded):
        adding.add(session, mediator, agreed.id, KEY, again())
    rewriting.void(session, mediator, agreed.id, first.id, "写错了面积")
    session.flush()
    with pytest.raises(AgreementVoid):
        do(session, agreed, "perform", "mediator")
    with pytest.raises(NotForYourRole):
        adding.wanted(session, actor(session, "duty"), agreed.id, KEY)
    known = adding.wanted(session, mediator, agreed.id, KEY).known()
    assert known["content"] == "李家退还所占土地" and known["signed"] is known["sealed"] is None
    effective = clock.today().isoformat()
    adding.add(session, mediator, agreed.id, KEY, again(effective_on=effective))
    session.flush()
    second = number(session, agreed)
    assert int(second.number[-4:-1]) == int(first.number[-4:-1]) + 1
    [agreement] = cases.agreements(session, agreed.id)
    session.refresh(agreement)
    assert agreement.submission_id == second.submission_id
    windows = [one.state for one in deadlines.of_case(session, agreed.id) if one.key == "pm.confirm.window"]
    assert sorted(windows) == ["cancelled", "running"]
    due = open_task(session, agreed, "perform").due_at
    assert due is not None and due.astimezone(clock.ZONE).date().isoformat() == "2027-03-05"
    assert paper_facts.of_case(session, agreed)["agreement"]["number"] == second.number
    with pytest.raises(adding.NotAdded):
        adding.add(session, mediator, agreed.id, KEY, again())


def test_the_file_shows_both_agreements_and_which_is_void(session: Session, agreed: Case, work: Work) -> None:
    mediator, first = actor(session, "mediator"), number(session, agreed)
    rewriting.void(session, mediator, agreed.id, first.id, "写错了面积")
    session.flush()
    adding.add(session, mediator, agreed.id, KEY, again())
    session.flush()
    file = filing.case_file(session, mediator, agreed.id)
    listed = [(one.document.number, one.document.voided_at is not None) for one in file.papers if one.document]
    assert [void for shown, void in listed if shown in {first.number, number(session, agreed).number}] == [True, False]
    do(session, agreed, "perform", "mediator")
    agreed.closed_at = clock.now()
    session.flush()
    text = "".join(words(filing.finish(session, mediator, agreed.id, {}).content)).replace("\n", "")
    assert f"{first.number}（已作废）" in text and number(session, agreed).number in text
    assert "协议作废后重新订立" in text and "李家退还一尺半" in text


def test_no_agreement_is_made_void_over_the_head_of_the_court(session: Session, agreed: Case, work: Work) -> None:
    """民诉法解释 §357: the parties withdraw their application first."""
    mediator, first = actor(session, "mediator"), number(session, agreed)
    procedures.start_on(session, mediator, agreed.id, "judicial-confirm")
    steps = (("precheck", "mediator"), ("consent", "mediator"), ("papers", "mediator"), ("court-accept", "court"))
    for element, login in steps:
        work()
        do(session, agreed, element, login)
    work()
    with pytest.raises(AgreementInCourt):
        rewriting.void(session, mediator, agreed.id, first.id, "写错了面积")
    do(session, agreed, "court-result", "court", result="withdrawn")
    assert rewriting.void(session, mediator, agreed.id, first.id, "写错了面积").voided_at


@pytest.mark.parametrize(("touches", "ground"), [("identity", "status"), ("title", "title")])
def test_what_no_court_confirms_goes_to_none_once_it_is_written_again(
    session: Session, agreed: Case, work: Work, touches: str, ground: str
) -> None:
    """民诉法解释 §355: the confirmation that was begun ends with the ground, and both sides are told."""
    mediator, first = actor(session, "mediator"), number(session, agreed)
    procedures.start_on(session, mediator, agreed.id, "judicial-confirm")
    for element in ("precheck", "consent", "papers"):
        work()
        do(session, agreed, element, "mediator")
    work()
    rewriting.void(session, mediator, agreed.id, first.id, "漏写了身份关系")
    session.flush()
    with pytest.raises(AgreementVoid):
        do(session, agreed, "court-accept", "court")
    adding.add(session, mediator, agreed.id, KEY, again(touches=[touches]))
    session.flush()
    work()
    assert "court-accept" not in {one.element_id for one in casework.open_tasks(session, agreed.id)}
    told = open_task(session, agreed, "tell-changed")
    assert casework.task_page(session, mediator, told.id).raw["ground"] == ground
    said = {"ground": ground, "routes_told": ["binding", "court"], "told_on": clock.today().isoformat()}
    casework.complete_task(session, mediator, told.id, said)
    session.flush()
    [result] = [one for one in events.of_stream(session, agreed.id) if one.kind == "result.recorded"]
    assert (result.data["code"], result.data["ground"]) == ("not_confirmable", ground)


def test_nobody_is_told_of_confirming_what_is_void(session: Session, agreed: Case, work: Work) -> None:
    """民事诉讼法 §205: the thirty days are those of an agreement that stands."""

    def told() -> set[str]:
        return {deadline.key for deadline, _ in rewriting.rights(session, agreed)}

    mediator = actor(session, "mediator")
    assert rewriting.WINDOW in told()
    rewriting.void(session, mediator, agreed.id, number(session, agreed).id, "写错了面积")
    session.flush()
    assert rewriting.WINDOW not in told()
    adding.add(session, mediator, agreed.id, KEY, again())
    session.flush()
    assert rewriting.WINDOW in told()


def test_the_agreement_of_a_closed_case_is_not_made_void(session: Session, settled: Case) -> None:
    """Nobody could write it again: the case is taken up again first."""
    document = session.scalars(select(Document).where(Document.case_id == settled.id, Document.kind == KEY)).one()
    with pytest.raises(CaseClosed):
        rewriting.void(session, actor(session, "mediator"), settled.id, document.id, "写错了面积")
    assert document.voided_at is None
