"""Cases: what was reported, who is party to it, what was submitted and agreed. The truth about the dispute."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from engine.db import Base
from engine.ids import new_id
from engine.people.models import Account


class CaseCounter(Base):
    """The last number given in a county and year; locking the row keeps numbers without gaps."""

    __tablename__ = "case_counter"

    county: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class Case(Base):
    """One matter (事项) from report to closing; the ledger is a view of these.

    `words` are the speaker's own, verbatim. `division` is the path of where it happened. `risk` is RED, ORANGE,
    YELLOW, BLUE or GREEN (domain rules R1 to R6), `level` village, town or county: where it is being handled.
    `closing` is how it ends, as long as something else still runs in it. `joint` are those who mediate with `mediator`.
    """

    __tablename__ = "case_record"
    __table_args__ = (
        UniqueConstraint("county", "number"),
        Index("ix_case_record_division", "division", "id", postgresql_ops={"division": "text_pattern_ops"}),
        Index("ix_case_record_open", "due_on", postgresql_where=text("closed_at IS NULL")),
        Index("ix_case_record_words", text("letter_pairs(words || ' ' || place)"), postgresql_using="gin"),
        # What boards count, read from the index alone.
        Index(
            "ix_case_record_board", "division", postgresql_ops={"division": "text_pattern_ops"},
            postgresql_include=["level", "due_on", "risk", "stage", "reported_at", "kind", "sealed"],
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_case_record_reported_at", "reported_at", postgresql_include=["division", "kind", "sealed"]),
        Index(
            "ix_case_record_closed_at", "closed_at", postgresql_include=["division", "kind", "sealed"],
            postgresql_where=text("closed_at IS NOT NULL"),
        ),
        # Who mediates: from a person to the open cases, whatever their place.
        Index(
            "ix_case_record_mediator", "mediator",
            postgresql_where=text("closed_at IS NULL AND mediator IS NOT NULL"),
        ),
        Index(
            "ix_case_record_joint", "joint", postgresql_using="gin",
            postgresql_where=text("closed_at IS NULL AND joint <> '{}'"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str]
    county: Mapped[str]
    division: Mapped[str]
    kind: Mapped[str]
    words: Mapped[str]
    place: Mapped[str]
    urgency: Mapped[str]
    source: Mapped[str]
    category: Mapped[str | None]
    risk: Mapped[str | None]
    level: Mapped[str | None]
    stage: Mapped[str]
    mediator: Mapped[str | None]
    joint: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    reported_by: Mapped[str | None]
    reported_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    due_on: Mapped[date | None]
    paused_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    closing: Mapped[str | None]
    report_seconds: Mapped[int | None]
    reopened: Mapped[int] = mapped_column(default=0)
    sealed: Mapped[bool] = mapped_column(default=False)
    tracking_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def mediators(self) -> list[str]:
        """The account ids of who mediates it now, the one who leads first (人民调解法 §19)."""
        return [self.mediator, *self.joint] if self.mediator else []


class Callback(Base):
    """A solved case that was drawn by lot to be asked about, and what was answered: yes, no or unreached."""

    __tablename__ = "callback"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey(Case.id), index=True)
    drawn_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    made_by: Mapped[str | None]
    solved: Mapped[str | None]
    satisfied: Mapped[str | None]


class CaseLink(Base):
    """That a case is the same matter as another (repeat), goes on in it (merged), or belongs under it (group)."""

    __tablename__ = "case_link"
    __table_args__ = (UniqueConstraint("case_id", "to_case_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey(Case.id))
    to_case_id: Mapped[UUID] = mapped_column(ForeignKey(Case.id), index=True)
    kind: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class Party(Base):
    """A person or organisation in a case: reporter, applicant, respondent, or who stands by one of them.

    `identity`, the number of an identity card or another paper, is sealed (engine.identity) and `identity_index` finds
    it. A `guardian` or `agent` is a party of its own that points to whom it acts for
    (`acts_for`). `own_wages`: sixteen or older and living on their own work, who is of full capacity (民法典 §18).
    """

    __tablename__ = "party"
    __table_args__ = (
        Index("ix_party_name", text("letter_pairs(name)"), postgresql_using="gin"),
        Index("ix_party_phone", text(r"regexp_replace(phone, '\D', '', 'g')"), postgresql_where=text("phone <> ''")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey(Case.id), index=True)
    role: Mapped[str]
    kind: Mapped[str] = mapped_column(default="person")
    name: Mapped[str]
    phone: Mapped[str]
    sex: Mapped[str | None]
    birth_date: Mapped[date | None]
    ethnic_group: Mapped[str | None]
    occupation: Mapped[str | None]
    address: Mapped[str | None]
    identity: Mapped[str | None]
    identity_index: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    acts_for: Mapped[UUID | None] = mapped_column(ForeignKey("party.id"))
    powers: Mapped[str | None]
    representative: Mapped[bool] = mapped_column(default=False)
    own_wages: Mapped[bool] = mapped_column(default=False)


class Consent(Base):
    """Whether a party agreed to the use of their data for a purpose (个人信息保护法 §§14, 15, 29, 31).

    `given_for` is mediation, sensitive, minor or publication; a guardian consents for a minor.
    """

    __tablename__ = "consent"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey(Case.id), index=True)
    party_id: Mapped[UUID] = mapped_column(ForeignKey(Party.id), index=True)
    given_for: Mapped[str]
    how: Mapped[str]
    by: Mapped[str | None]
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class PartyCode(Base):
    """A code of a party's own, with which they follow their mediation; on file there is its hash alone.

    A party has one at a time: `ended_at` says when it was withdrawn, or another one was made in its place.
    """

    __tablename__ = "party_code"
    __table_args__ = (
        Index("uq_party_code_party_id", "party_id", unique=True, postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey(Case.id), index=True)
    party_id: Mapped[UUID] = mapped_column(ForeignKey(Party.id))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Unsealing(Base):
    """A wish to unseal a case, and whoever agreed: two different county officers are needed."""

    __tablename__ = "unsealing"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey(Case.id), index=True)
    reason: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    agreed_by: Mapped[str | None]
    agreed_at: Mapped[datetime | None]


class EmergencyLook(Base):
    """That somebody opened a case that is not theirs in an emergency: why, and until when they may read it."""

    __tablename__ = "emergency_look"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey(Case.id), index=True)
    reason: Mapped[str]
    by: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime]
    until: Mapped[datetime]


class Submission(Base):
    """A completed form, never changed: the case file is made of them.

    `party_id` names the party who said it with a code of their own.
    """

    __tablename__ = "submission"
    __table_args__ = (Index("ix_submission_case_id_form_key", "case_id", "form_key", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey(Case.id))
    instance_id: Mapped[UUID | None]
    task_id: Mapped[UUID | None]
    element_id: Mapped[str | None]
    form_key: Mapped[str]
    form_id: Mapped[UUID]
    answers: Mapped[dict[str, Any]]
    by: Mapped[str | None]
    party_id: Mapped[UUID | None] = mapped_column(ForeignKey(Party.id))
    at: Mapped[datetime]


class Agreement(Base):
    """What the parties agreed: written (人民调解法 §29) or oral (§28), binding from its effective day (§31)."""

    __tablename__ = "agreement"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey(Case.id), index=True)
    submission_id: Mapped[UUID] = mapped_column(ForeignKey(Submission.id))
    form: Mapped[str]
    effective_on: Mapped[date]
    confirmable: Mapped[bool]
    performed_on: Mapped[date | None]


class Note(Base):
    """A remark to the file by somebody who may see the case."""

    __tablename__ = "note"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey(Case.id), index=True)
    by: Mapped[str]
    at: Mapped[datetime]
    words: Mapped[str]


class Mention(Base):
    """That a remark names somebody, and when they looked at it."""

    __tablename__ = "mention"
    __table_args__ = (Index("ix_mention_unseen", "account_id", postgresql_where=text("seen_at IS NULL")),)

    note_id: Mapped[UUID] = mapped_column(ForeignKey(Note.id), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey(Account.id), primary_key=True)
    seen_at: Mapped[datetime | None]


class Hold(Base):
    """A file that must be kept although its time is up (保全), why, and why it was let go again."""

    __tablename__ = "retention_hold"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey(Case.id), index=True)
    reason: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    ended_because: Mapped[str | None]


class ReceptionSlot(Base):
    """A time at which a leader receives people (领导接访, 信访工作条例 §18), and how many matters are heard.

    `case_id` is the case of the reception itself, whose process (leader-reception) goes from here to the minutes.
    """

    __tablename__ = "reception_slot"
    __table_args__ = (Index("ix_reception_slot_starts_at", "starts_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    path: Mapped[str]
    leader: Mapped[str]
    place: Mapped[str]
    starts_at: Mapped[datetime]
    capacity: Mapped[int]
    by: Mapped[str]
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey(Case.id))


class ReceptionBooking(Base):
    """A case that is booked into a leader's reception; where it was moved, `moved_because` says why.

    `held_id` is the case of the reception whose process (leader-reception) hears it.
    """

    __tablename__ = "reception_booking"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slot_id: Mapped[UUID] = mapped_column(ForeignKey(ReceptionSlot.id), index=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey(Case.id), index=True)
    held_id: Mapped[UUID | None] = mapped_column(ForeignKey(Case.id), index=True)
    by: Mapped[str]
    at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    moved_because: Mapped[str] = mapped_column(default="", server_default="")
