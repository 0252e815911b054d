"""Templates that administrators replace, the number of a file, finished files, signatures."""

import hashlib
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, events, papers
from engine.cases.models import Case, Submission
from engine.documents import commands
from engine.documents.models import Document, FinishedFile, PaperSignature, PaperTemplate
from engine.errors import Forbidden
from engine.ids import new_id
from engine.people import queries as people
from engine.people.actor import Actor
from engine.people.models import Unit
from engine.territory import queries as territory

COMMITTEES = {"village": "village_committee", "town": "town_committee", "county": "supermarket"}
LEVELS = ("county", "town", "village")
"""The levels that a case may have, as the path of its division has them."""

OFFICE_LEVELS = {"petition_office": "county", "hazard_office": "town", "town_centre": "town"}

OFFICES = {
    "hazard": "hazard_office", "petition": "petition_office", "suggestion": "petition_office", "police": "town_centre",
    "protection": "town_centre", "fraud": "town_centre", "campaign": "town_centre", "patrol": "town_centre",
    "roster": "town_centre", "reward": "town_centre", "other_road": "town_centre", "other": "town_centre",
}  # fmt: skip
"""Who keeps the file and gives the numbers, where it is not a mediation committee."""

FILE_LETTERS = {
    "petition": "信卷", "suggestion": "信卷", "hazard": "隐卷", "police": "卷", "protection": "卷", "fraud": "卷",
    "other_road": "卷", "other": "卷",
}  # fmt: skip
"""The series of file numbers of those who do not mediate; theirs are letters: 镇信卷〔2026〕1号."""

ELSEWHERE = frozenset({"f-labour", "f-land-q", "f-consumer"})
"""Registers of disputes that go to arbitration, inspection or the government, unless they are mediated first."""

MEDIATED = frozenset({"f-consent", "f4-acceptance", "f-labour-med", "f11-agreement", "f12-oral-agreement"})
"""Papers of people who mediate: from the first of them on the file is a mediation file."""

NUMBERED = ("f11-agreement", "f12-oral-agreement", "file")
"""The papers whose number is the file's number (卷号), first come first served."""

SAMPLE = {"title": "示例", "number": "（2026）示例字第001号"}


def template(session: Session, key: str) -> str:
    """The template in force: the administrator's newest, else the one that comes with the product."""
    newest = select(PaperTemplate.content).where(PaperTemplate.key == key).order_by(PaperTemplate.version.desc())
    return session.scalar(newest.limit(1)) or papers.shipped_template(key)


def versions(session: Session, key: str) -> list[PaperTemplate]:
    """The administrators' templates of a paper, newest first."""
    found = select(PaperTemplate).where(PaperTemplate.key == key).order_by(PaperTemplate.version.desc())
    return list(session.scalars(found))


def replace_template(session: Session, actor: Actor, key: str, content: str) -> PaperTemplate:
    """Put a template in force as a new version. Raises Forbidden, TemplateInvalid."""
    if not actor.has("admin"):
        raise Forbidden
    papers.pdf(key, [papers.Part(key, papers.fill(content, SAMPLE))])
    newest = next(iter(versions(session, key)), None)
    made = PaperTemplate(
        id=new_id(), key=key, version=newest.version + 1 if newest else 1, content=content.replace("\r\n", "\n"),
        by=actor.id, at=clock.now(),
    )  # fmt: skip
    session.add(made)
    events.record(session, "paper.template_replaced", made.id, actor=actor.id, paper=key, version=made.version)
    return made


def number_of(session: Session, case: Case) -> str:
    """The number of a case's file, if it has one; void ones do not count."""
    found = select(Document.number).where(Document.case_id == case.id, Document.kind.in_(NUMBERED))
    return session.scalar(found.where(Document.voided_at.is_(None)).order_by(Document.issued_at).limit(1)) or ""


def file_number(session: Session, case: Case, actor: str | None) -> str:
    """The number of a case's file (卷号): that of its agreement, else the next of the committee, given now."""
    if known := number_of(session, case):
        return known
    unit = keeper_of(session, case)
    letter = FILE_LETTERS.get(road_of(session, case), "")
    abbreviation = series_of(session, case, unit, letter)
    return commands.issue(
        session, case, actor, kind="file", abbreviation=abbreviation, submission=None, letter=bool(letter)
    ).number


def series_of(session: Session, case: Case, unit: Unit | None, letter: str) -> str:
    """How the numbers of an organisation's papers begin; where nobody has entered it, the name of its place stands for
    it, so that those of two places can be told apart: 钟宝人调 for the committee, 钟宝信受告 for letters of a kind."""
    if unit:
        return unit.abbreviation + letter
    level = OFFICE_LEVELS.get(OFFICES.get(case.kind, ""), case.level or "village")
    parts = case.division.split("/")
    place = territory.division(session, parts[min(LEVELS.index(level), len(parts) - 1)])
    return place.short + (letter or "人调")


def give_number(session: Session, case: Case, actor: str | None, submission: Submission) -> None:
    """Give a completed form the next number of its organisation, once."""
    if session.scalar(select(Document.id).where(Document.submission_id == submission.id).limit(1)):
        return
    known = papers.catalogue().get(submission.form_key)
    letter = known.letter if known else ""
    abbreviation = series_of(session, case, writer_of(session, case, submission.form_key), letter)
    commands.issue(
        session, case, actor, kind=submission.form_key, submission=submission, letter=bool(letter),
        abbreviation=abbreviation,
    )  # fmt: skip


def served_by(session: Session, submission: Submission) -> Document | None:
    """The document that a proof of service is about: the last that was given a number before it."""
    if submission.form_key != "f-serve":
        return None
    found = select(Document).where(Document.case_id == submission.case_id, Document.voided_at.is_(None))
    found = found.where(Document.kind != "file", Document.issued_at <= submission.at)
    return session.scalar(found.order_by(Document.issued_at.desc()).limit(1))


def signed_by_parties(session: Session, case_id: UUID) -> list[PaperSignature]:
    """What parties signed electronically, on a device or by phone, oldest first."""
    query = select(PaperSignature).where(PaperSignature.case_id == case_id, PaperSignature.how.in_(("drawn", "code")))
    return list(session.scalars(query.order_by(PaperSignature.at)))


def road_of(session: Session, case: Case) -> str:
    """The kind of a case, but `other_road` for a dispute that nobody mediates: its file is no mediation file."""
    if case.kind != "dispute":
        return case.kind
    forms = set(session.scalars(select(Submission.form_key).where(Submission.case_id == case.id)))
    return "other_road" if forms & ELSEWHERE and not forms & MEDIATED else "dispute"


def keeper_of(session: Session, case: Case, on: date | None = None, level: str | None = None) -> Unit | None:
    """The organisation that handles a case, keeps its file and gives its papers their numbers, on a day (today).

    `level`: which level handled it then, where it is not the one that does now.
    """
    kind = OFFICES.get(road_of(session, case)) or COMMITTEES.get(level or case.level or "village", "town_committee")
    return people.unit_for(session, kind, case.division, on)


def writer_of(session: Session, case: Case, key: str, on: date | None = None, level: str | None = None) -> Unit | None:
    """The organisation that writes and numbers a paper: the keeper of the file, unless the paper has its own writer.

    A hand-over to the police is the centre's, whoever mediates before or after it.
    """
    known = papers.catalogue().get(key)
    own = people.unit_for(session, known.writer, case.division, on) if known and known.writer else None
    return own or keeper_of(session, case, on, level)


def office_of(session: Session, case: Case, on: date | None = None) -> Unit | None:
    """The office of an organ that answers for a case, on a day (today): of a dispute the town's centre, for a
    committee is no organ."""
    return people.unit_for(session, OFFICES.get(case.kind, "town_centre"), case.division, on)


def keep(session: Session, case: Case, actor: str | None, *, number: str, content: bytes) -> FinishedFile:
    """Keep a finished file as it is; another one made later stands beside it."""
    made = FinishedFile(
        id=new_id(), case_id=case.id, number=number, content=content, digest=hashlib.sha256(content).digest(),
        size=len(content), by=actor, at=clock.now(),
    )  # fmt: skip
    session.add(made)
    events.record(session, "file.finished", case.id, actor=actor, file=str(made.id), digest=made.digest.hex())
    return made


def finished(session: Session, case_id: UUID) -> list[FinishedFile]:
    """The finished files of a case, newest first, without their bytes."""
    found = select(FinishedFile).where(FinishedFile.case_id == case_id).order_by(FinishedFile.at.desc())
    return list(session.scalars(found))
