"""Sealed cases are nowhere; two open them again. Files go when their time is up."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from engine import clock, events
from engine.cases import parties, retention, sealing
from engine.cases.permissions import NotForYourRole
from engine.ledger import export, queries
from engine.ledger.queries import Filters
from tests.engine.cases.conftest import COUNTY, TOWN, Report, holder


def test_a_sealed_case_is_in_no_ledger_count_or_export(session: Session, report: Report) -> None:
    sealed, ordinary = report(sealed=True, stage="sealed-here"), report()
    officer = holder("county_officer", COUNTY)
    found = queries.page(session, officer, Filters(words=sealed.number)).cases
    assert found == []
    assert ordinary in queries.page(session, officer, Filters()).cases
    assert "sealed-here" not in queries.counts(session, officer)
    from io import BytesIO

    from openpyxl import load_workbook

    sheet = load_workbook(BytesIO(export.workbook(session, officer, Filters(), "zh"))).active
    assert sheet is not None
    numbers = {row[0] for row in sheet.iter_rows(values_only=True)}
    assert ordinary.number in numbers
    assert sealed.number not in numbers


def test_two_county_officers_unseal_and_one_does_not(session: Session, report: Report) -> None:
    case = report(sealed=True)
    first, second = holder("county_officer", COUNTY, "one"), holder("county_officer", COUNTY, "two")
    with pytest.raises(sealing.NotSealed):
        sealing.agree(session, second, case.id)
    with pytest.raises(sealing.UnsealingReasonMissing):
        sealing.ask(session, first, case.id, " ")
    sealing.ask(session, first, case.id, "误封")
    session.flush()
    with pytest.raises(sealing.OwnWish):
        sealing.agree(session, first, case.id)
    sealing.agree(session, second, case.id)
    assert not case.sealed
    assert "case.unsealed" in [one.kind for one in events.of_stream(session, case.id)]


def test_others_neither_unseal_nor_list_sealed_cases(session: Session, report: Report) -> None:
    case = report(kind="police", sealed=True)
    with pytest.raises(NotForYourRole):
        sealing.ask(session, holder("police", TOWN), case.id, "误封")
    assert sealing.sealed_cases(session, holder("duty_officer", TOWN)) == []
    assert case in sealing.sealed_cases(session, holder("county_officer", COUNTY))


def test_pipl_19_a_file_whose_time_is_up_is_erased_and_no_other(session: Session, report: Report) -> None:
    old = report(outcome="guided", closed_at=clock.now() - timedelta(days=5 * 366))
    young = report(outcome="guided", closed_at=clock.now() - timedelta(days=4 * 365))
    agreed = report(outcome="performed", closed_at=clock.now() - timedelta(days=29 * 365))
    person = parties.put(session, old, None, {"role": "applicant", "name": "示例甲", "id_number": "610927188506123017"})
    officer = holder("county_officer", COUNTY)
    assert [one.case for one in retention.due(session, officer)] == [old]
    for kept in (young, agreed):
        with pytest.raises(retention.NotDue):
            retention.erase(session, officer, kept)
    retention.erase(session, officer, old)
    assert (old.words, person.name, person.identity) == (retention.ERASED, retention.ERASED, None)
    assert old.outcome == "guided"
    with pytest.raises(NotForYourRole):
        retention.due(session, holder("leader", COUNTY))
