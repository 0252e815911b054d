"""The tables of the workflow engine. They know diagrams, time and divisions, and nothing of what a process is about."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, deferred, mapped_column

from engine.db import Base, Said
from engine.ids import new_id

OPEN = text("state = 'open'")


class Deployment(Base):
    """What was deployed together: by whom, when, and why. `number` grows from one to the next."""

    __tablename__ = "deployment"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(BigInteger, Identity(), unique=True)
    at: Mapped[datetime]
    actor: Mapped[str | None]
    note: Mapped[str] = mapped_column(default="")


class Definition(Base):
    """One version of a process, decision table or form, or of what stands beside them, as deployed; never changed.

    `kind` is one of `definitions.KINDS`; `key` the process id, the id of the decision, or the form's id.
    Two processes of one diagram are two definitions that share its content.
    """

    __tablename__ = "definition"
    __table_args__ = (UniqueConstraint("kind", "key", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    deployment_id: Mapped[UUID] = mapped_column(ForeignKey(Deployment.id))
    kind: Mapped[str]
    key: Mapped[str]
    version: Mapped[int]
    name: Mapped[str]
    file_name: Mapped[str]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    version_tag: Mapped[str | None]
    deployed_at: Mapped[datetime]


class StartSubscription(Base):
    """What starts a process: a message, a signal, a time or a condition.

    One row for each definition (`number`) of each start event of the newest version.

    `due_at` is when a timer starts the process next, `rounds_left` how often still (None: without end); rounds that are
    months apart are counted from `since`. A start that fails is tried again a little later: `round_at` keeps the moment
    that the rhythm goes on from. `held` is whether a condition held when it was looked at last (None: it was not clear
    yet).
    """

    __tablename__ = "start_subscription"
    __table_args__ = (
        Index("ix_start_subscription_name", "kind", "name"),
        Index("ix_start_subscription_due_at", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    )

    definition_id: Mapped[UUID] = mapped_column(ForeignKey(Definition.id), primary_key=True)
    element_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, server_default="0")
    process_key: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    due_at: Mapped[datetime | None]
    round_at: Mapped[datetime | None]
    since: Mapped[datetime | None]
    rounds_left: Mapped[int | None]
    held: Mapped[bool | None]


class Instance(Base):
    """One run of a process. `state` holds its live tokens and variables, compressed; finished branches are history.

    `stream` is where its events go: the case it belongs to, or itself. `wake_at` is the earliest moment at which a
    timer in it is due.
    """

    __tablename__ = "instance"
    __table_args__ = (
        Index("ix_instance_wake_at", "wake_at", postgresql_where=text("wake_at IS NOT NULL")),
        Index("ix_instance_stream", "stream"),
        Index("ix_instance_definition_id_status", "definition_id", "status", "id"),
        {"postgresql_with": {"fillfactor": "70"}},  # room for the next state on the same page (HOT update)
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    definition_id: Mapped[UUID] = mapped_column(ForeignKey(Definition.id))
    stream: Mapped[UUID]
    county: Mapped[str]
    division: Mapped[str]
    status: Mapped[str]
    state: Mapped[bytes] = mapped_column(LargeBinary)
    wake_at: Mapped[datetime | None]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own shape


class Received(Base):
    """Variables that came into an instance from outside: at its start, with a message or signal, or set by hand.

    With them and the answers on file it can be played again. They are facts and codes; answers are not kept here.
    """

    __tablename__ = "received"

    instance_id: Mapped[UUID] = mapped_column(ForeignKey(Instance.id), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    variables: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class UserTask(Base):
    """A step that waits for a person: who may take it, until when, and what became of it.

    `groups` are role names; with `division` (a path) they say which unit's people may take it. `state` is open,
    completed or cancelled. `owner` has delegated it to its assignee; `signatures` is how many people must still agree.
    """

    __tablename__ = "user_task"
    __table_args__ = (
        Index("ix_user_task_instance_id_element_id", "instance_id", "element_id"),
        Index("ix_user_task_stream", "stream"),
        Index(
            "ix_user_task_offered", text("split_part(division, '/', 1)"), "groups",
            postgresql_where=text("state = 'open' AND assignee IS NULL"),
        ),
        Index("ix_user_task_completed", "definition_id", "closed_at", postgresql_where=text("state = 'completed'")),
        Index("ix_user_task_open_assignee", "assignee", "due_at", postgresql_where=OPEN),
        Index(
            "ix_user_task_open_division", "division", "due_at", postgresql_where=OPEN,
            postgresql_ops={"division": "text_pattern_ops"},
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey(Instance.id))
    definition_id: Mapped[UUID] = mapped_column(ForeignKey(Definition.id))
    element_id: Mapped[str]
    name: Mapped[str]
    form_key: Mapped[str | None]
    groups: Mapped[list[str]] = mapped_column(ARRAY(Text))
    assignee: Mapped[str | None]
    stream: Mapped[UUID]
    county: Mapped[str]
    division: Mapped[str]
    state: Mapped[str]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    completed_by: Mapped[str | None]
    owner: Mapped[str | None]
    signatures: Mapped[int] = mapped_column(default=0, server_default="0")
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Signature(Base):
    """Somebody who must agree before a task is completed (加签). `state` is asked, agreed, declined or removed.

    Who has a `turn` is asked once all of lower turns have agreed; without one, at once.
    """

    __tablename__ = "signature"
    __table_args__ = (
        Index("ix_signature_task_id", "task_id"),
        Index("ix_signature_person", "person", postgresql_where=text("state = 'asked'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    task_id: Mapped[UUID] = mapped_column(ForeignKey(UserTask.id))
    person: Mapped[str]
    turn: Mapped[int | None]
    state: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class TokenPlace(Base):
    """Where a live token is: one row a token, gone when it goes on. What waits for nobody in particular has one too.

    Which people or workers it waits for stands in the rows of tasks and jobs, of the same id.
    """

    __tablename__ = "token_place"
    __table_args__ = (
        Index("ix_token_place_element", "definition_id", "element_id", "instance_id"),
        Index("ix_token_place_instance_id", "instance_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey(Instance.id))
    definition_id: Mapped[UUID] = mapped_column(ForeignKey(Definition.id))
    element_id: Mapped[str]
    since: Mapped[datetime]


class Draft(Base):
    """What a person has typed into a task's form and not sent yet."""

    __tablename__ = "draft"

    task_id: Mapped[UUID] = mapped_column(ForeignKey(UserTask.id), primary_key=True)
    actor: Mapped[str] = mapped_column(primary_key=True)
    answers: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]


class Subscription(Base):
    """A catching event or receive task that waits for a message or a signal.

    One that is `fresh` has not been seen by a look of a worker: a message may lie that missed it.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        Index("ix_subscription_kind_name", "kind", "name", "correlation_key"),
        Index("ix_subscription_fresh", "id", postgresql_where=text("fresh")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey(Instance.id), index=True)
    element_id: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    correlation_key: Mapped[str | None]
    created_at: Mapped[datetime]
    fresh: Mapped[bool] = mapped_column(default=True, server_default=text("true"))


class Message(Base):
    """A message on its way: kept until somebody takes it or its time to live is over.

    It is offered to whoever waits by a job; should that be lost, again from `look_at` on (None: it was offered).
    `messages_left` is how many further ones it may lead to (None: as many as one act may). A signal is for one
    `recipient`, or for the processes that it starts.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_name", "name", "correlation_key", "sent_at", postgresql_where=text("taken_at IS NULL")),
        Index("ix_message_sent", "name", "sent_at", postgresql_where=text("taken_at IS NULL")),
        Index("ix_message_look_at", "look_at", postgresql_where=text("look_at IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    name: Mapped[str]
    correlation_key: Mapped[str | None]
    variables: Mapped[dict[str, Any]]
    sender: Mapped[UUID | None]
    county: Mapped[str]
    division: Mapped[str]
    stream: Mapped[UUID | None]
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    look_at: Mapped[datetime | None]
    recipient: Mapped[UUID | None]
    messages_left: Mapped[int | None]


class Incident(Base):
    """A step that failed by itself and waits for somebody to look at the cause and try again."""

    __tablename__ = "incident"
    __table_args__ = (Index("ix_incident_open", "instance_id", postgresql_where=text("resolved_at IS NULL")),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey(Instance.id))
    token_id: Mapped[UUID]
    element_id: Mapped[str]
    code: Mapped[str]
    message: Mapped[str] = mapped_column(Said)
    at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]


class ServiceJob(Base):
    """A service task that a worker does, of this house (`internal`) or another. Its id is its token's.

    `state` is open, failed, completed or cancelled. Nobody may take an open one before `due_at`: its back-off, or the
    end of the lock of whoever has it.
    """

    __tablename__ = "service_job"
    __table_args__ = (
        Index("ix_service_job_open", "type", "due_at", postgresql_where=OPEN),
        Index("ix_service_job_instance_id", "instance_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey(Instance.id))
    definition_id: Mapped[UUID] = mapped_column(ForeignKey(Definition.id))
    element_id: Mapped[str]
    type: Mapped[str]
    internal: Mapped[bool]
    state: Mapped[str]
    attempts: Mapped[int]
    retries: Mapped[int]
    backoff: Mapped[str]
    due_at: Mapped[datetime]
    lock: Mapped[UUID | None]
    worker: Mapped[str | None]
    problem: Mapped[str | None] = mapped_column(Said)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Batch(Base):
    """One command for many instances. `state` is previewing, previewed, running, paused, done or cancelled.

    `chosen` says which instances were asked for, `expected` how many there were when the preview began.
    """

    __tablename__ = "batch"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    command: Mapped[str]
    given: Mapped[dict[str, Any]]
    chosen: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    expected: Mapped[int] = mapped_column(default=0, server_default="0")
    reason: Mapped[str]
    actor: Mapped[str]
    state: Mapped[str]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class BatchItem(Base):
    """One instance (or incident) of a batch, as previewed. `state` is refused, todo, done or failed.

    `moves` is where a migration takes each of its tokens: [from, to, what becomes of it, code of the refusal].
    """

    __tablename__ = "batch_item"
    __table_args__ = (Index("ix_batch_item_todo", "batch_id", "position", postgresql_where=text("state = 'todo'")),)

    batch_id: Mapped[UUID] = mapped_column(ForeignKey(Batch.id), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey(Instance.id))
    incident_id: Mapped[int | None] = mapped_column(ForeignKey(Incident.id))
    state: Mapped[str]
    code: Mapped[str | None]
    says: Mapped[str | None] = mapped_column(Said)
    moves: Mapped[list[Any]] = mapped_column(default=list, server_default=text("'[]'"))
