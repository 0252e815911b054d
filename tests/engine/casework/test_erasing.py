"""Erasing a file whose time is up (个人信息保护法 §19): no row of any table names its people afterwards."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from engine import casework, clock, idempotency
from engine.cases import commands, holds, parties, sealing
from engine.cases.blocklist import WordsBlocked
from engine.cases.models import Case
from engine.casework import emergency, reasons, unsent
from engine.db import Base
from engine.documents import commands as documents
from engine.documents import queries
from engine.documents.models import Upload
from engine.notifications import commands as notifications
from engine.notifications.models import Notification
from engine.sessions.models import Clause, ClauseVersion, QuickNote, Sitting
from engine.supermarket import directory, queue
from tests.factories import actor

NAME, PHONE, NUMBER = "示例欧阳消", "0915-3300077", "610927188506123017"


def tables_that_name(session: Session, words: str) -> list[str]:
    """The tables with a row in which some words stand in clear."""
    found = []
    for table in Base.metadata.sorted_tables:
        row = text(f'SELECT 1 FROM "{table.name}" AS row WHERE strpos(row::text, :words) > 0 LIMIT 1')
        if session.execute(row, {"words": words}).first():
            found.append(table.name)
    return found


def spread(session: Session, case: Case) -> None:
    """Put somebody's name wherever people may write it about a case."""
    officer, mediator, hazards = (actor(session, login) for login in ("county", "mediator", "hazard"))
    party = {"role": "agent", "name": NAME, "phone": PHONE, "id_number": NUMBER, "powers": f"代{NAME}签字"}
    added = parties.put(session, case, None, party)
    parties.consent(session, case, None, added, given_for="mediation", how="written")
    commands.add_note(session, case, mediator.id, f"{NAME}来过")
    sitting = Sitting(
        id=case.id, case_id=case.id, kind="session", starts_at=clock.now(), minutes=60, place=f"{NAME}家",
        led_by=UUID(mediator.id), made_at=clock.now(), moved_because=f"{NAME}生病",
    )  # fmt: skip
    clause = Clause(id=case.id, case_id=case.id)
    session.add_all([sitting, clause])
    session.flush()
    session.add(
        QuickNote(id=case.id, sitting_id=sitting.id, side="", words=f"{NAME}说的", by=mediator.id, at=clock.now())
    )
    session.add(
        ClauseVersion(
            id=case.id,
            clause_id=clause.id,
            number=1,
            words=f"{NAME}付钱",
            who=NAME,
            amount=None,
            due_on=None,
            instalments=1,
            every="month",
            proposed_by="mediator",
            made_by=mediator.id,
            made_at=clock.now(),
        )
    )
    unit = directory.bodies(session)[0]
    visit, _ = queue.book(session, unit.id, name=NAME, phone=PHONE, matter=f"{NAME}的事")
    visit.case_id = case.id
    emergency.open_case(session, hazards, case.number, f"{NAME}被困")
    holds.hold(session, officer, case.id, f"{NAME}要求保全")
    holds.let_go(session, officer, case.id, f"{NAME}已撤回")
    documents.void(session, queries.of_case(session, case.id)[0], officer.id, reason=f"{NAME}写错了")
    case.sealed = True
    session.flush()
    sealing.ask(session, officer, case.id, f"{NAME}已成年")
    sealing.agree(session, actor(session, "county2"), case.id)
    notifications.agree(session, case, PHONE, "zh")
    notifications.tell(session, [officer.id], "mention", case.id, who=NAME)
    photo = documents.store_upload(session, mediator.id, f"{NAME}.png", b"\x89PNG\r\n\x1a\n")
    photo.case_id = case.id
    session.flush()


def test_nothing_in_the_database_names_somebody_whose_file_was_erased(session: Session, settled: Case) -> None:
    spread(session, settled)
    named = tables_that_name(session, NAME)
    assert {"party", "note", "visit", "retention_hold", "unsealing", "emergency_look", "document"} <= set(named)
    settled.closed_at = clock.now() - timedelta(days=31 * 366)
    session.flush()
    casework.erase(session, actor(session, "county"), settled.id)
    session.flush()
    for words in (NAME, PHONE, NUMBER, "示例甲", "示例乙", "李家建房子"):
        assert tables_that_name(session, words) == [], words
    session.expire_all()
    assert session.scalar(select(func.count()).where(Notification.case_id == settled.id)), "that they were told stays"


@pytest.mark.parametrize("said", [f"{NAME}打不通", f"号码 {PHONE.replace('-', '')} 打不通"])
def test_a_reason_that_stays_in_the_history_names_nobody_of_the_case(
    session: Session, settled: Case, said: str
) -> None:
    parties.put(session, settled, None, {"role": "third", "name": NAME, "phone": PHONE})
    assert reasons.naming_nobody(session, settled.id, " 当事人打不通 ") == "当事人打不通"
    with pytest.raises(reasons.PersonNamed):
        reasons.naming_nobody(session, settled.id, said)
    with pytest.raises(WordsBlocked):
        reasons.naming_nobody(session, settled.id, "他吸毒")


def test_files_that_nobody_sent_and_answers_that_nobody_asks_for_are_forgotten(session: Session, settled: Case) -> None:
    stray, fresh, filed = (documents.store_upload(session, "x", "照片.png", b"\x89PNG\r\n\x1a\n") for _ in range(3))
    filed.case_id = settled.id
    for one in (stray, filed):
        one.at = clock.now() - timedelta(days=31)
    session.flush()
    assert unsent.forget(session) == 1
    kept = session.scalars(select(Upload.id).where(Upload.id.in_([stray.id, fresh.id, filed.id]))).all()
    assert set(kept) == {fresh.id, filed.id}
    with clock.virtual(clock.now()) as time:
        idempotency.keep(session, idempotency.claim(session, "a", "k" * 20, b"asked"), {"status": 200})
        time.advance(timedelta(days=8))
        idempotency.forget(session)
        assert idempotency.claim(session, "a", "k" * 20, b"another").answer is None
