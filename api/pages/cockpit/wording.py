"""The words of the cockpit for codes that the engine uses, and the filters of its templates."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint
from flask_babel import format_timedelta

from api import i18n
from api.pages.cockpit import given
from engine.casework import StepNames
from engine.errors import N_
from engine.workflow import migrating

TABS = (
    ("cockpit.page", N_("Processes")),
    ("cockpit.instances", N_("Instances")),
    ("cockpit.incidents", N_("Incidents")),
    ("cockpit.jobs", N_("Service jobs")),
    ("cockpit.timers", N_("Timers")),
    ("cockpit.messages", N_("Messages")),
    ("cockpit.batches", N_("Batches")),
)
STATUS = {
    "active": N_("running"),
    "suspended": N_("is suspended"),
    "completed": N_("completed"),
    "cancelled": N_("cancelled"),
}
WAITS_FOR = {
    "person": N_("a person"),
    "worker": N_("a worker"),
    "timer": N_("a time"),
    "message": N_("a message"),
    "signal": N_("a signal"),
    "condition": N_("a condition"),
    "conditional": N_("a condition"),
    "others": N_("other tokens"),
    "inside": N_("what is within it"),
    "repair": N_("repair: it failed"),
}
ACTS = {
    "suspend": N_("Suspend"),
    "resume": N_("Resume"),
    "retry": N_("Retry"),
    "variables": N_("Set variables"),
    "modify": N_("Move tokens"),
    "migrate": N_("Migrate to another version"),
    "return": N_("Send back to an earlier step"),
    "timer": N_("Move a timer"),
    "cancel": N_("Cancel"),
    "try": N_("Dry run of a draft"),
}
JOB = {"open": N_("open"), "failed": N_("failed"), "completed": N_("completed"), "cancelled": N_("cancelled")}
BATCH = {
    "previewing": N_("The list is being made"),
    "previewed": N_("The list is ready"),
    "running": N_("running"),
    "paused": N_("paused"),
    "done": N_("done"),
    "cancelled": N_("The rest was left"),
}
ITEM = {"todo": N_("to be done"), "done": N_("done"), "failed": N_("refused when tried"), "refused": N_("left out")}
BECOMES = {
    "kept": N_("goes on as it is"),
    "dropped": N_("is dropped"),
    "armed": N_("begins to wait"),
    "rearmed": N_("waits for another message"),
}
REFUSAL = {
    "gone": migrating.GONE,
    "type": migrating.TYPE,
    "loop": migrating.LOOP,
    "scope": migrating.SCOPE,
    "event": migrating.EVENT,
    "host": migrating.HOST,
    "flow": migrating.FLOW,
    "memory": migrating.MEMORY,
}
EVENT = {
    "instance.started": N_("The process began"),
    "instance.cancelled": N_("Cancelled"),
    "instance.suspended": N_("Suspended"),
    "instance.resumed": N_("Resumed"),
    "instance.modified": N_("Tokens were moved"),
    "instance.migrated": N_("Migrated to another version"),
    "instance.variables_set": N_("Variables were set"),
    "incident.retried": N_("A step was tried again"),
    "timer.fired": N_("A timer fired"),
    "timer.moved": N_("A timer was moved"),
    "task.completed": N_("A step was done"),
    "task.returned": N_("A step was sent back"),
    "job.completed": N_("A service job was done"),
    "job.failed": N_("A service job failed"),
    "job.error_thrown": N_("A service job ended with an error of the diagram"),
    "message.received": N_("A message came"),
    "signal.received": N_("A signal was heard"),
}
STAGE = {
    "element.entered": N_("entered"),
    "element.completed": N_("left"),
    "element.cancelled": N_("cancelled"),
    "gateway.decided": N_("decided"),
    "decision.evaluated": N_("looked up"),
    "event.fired": N_("happened"),
    "timer.fired": N_("was due"),
    "incident.raised": N_("failed"),
    "job.created": N_("given to a worker"),
    "job.cancelled": N_("taken from its worker"),
    "token.added": N_("token put"),
    "token.taken": N_("token taken"),
    "token.moved": N_("token moved to this version"),
    "message.thrown": N_("message sent"),
    "signal.thrown": N_("signal sent"),
    "compensation.started": N_("is undone"),
}

WORDS: Mapping[str, Any] = {
    "tabs": TABS,
    "status_words": STATUS,
    "waits_words": WAITS_FOR,
    "act_words": ACTS,
    "job_words": JOB,
    "batch_words": BATCH,
    "item_words": ITEM,
    "becomes_words": BECOMES,
    "refusal_words": REFUSAL,
    "event_words": EVENT,
    "stage_words": STAGE,
}


def add_filters(blueprint: Blueprint) -> None:
    """Give templates what these pages need to write."""
    blueprint.add_app_template_filter(lambda text: UUID(str(text)), "uuid")
    blueprint.add_app_template_filter(given.shown, "shown")
    blueprint.add_app_template_filter(i18n.sentence, "sentence")
    blueprint.add_app_template_filter(lambda message, **facts: i18n.fill(message, facts), "filled")
    blueprint.add_app_template_filter(_step_name, "stepname")
    blueprint.add_app_template_filter(_span, "span")


def _span(length: timedelta | None) -> str:
    """A length of time in one unit, as short as it stands on a badge."""
    if length is None:
        return "–"
    return str(format_timedelta(length, threshold=1.5)) if length >= timedelta(seconds=1) else "0"


def _step_name(element_id: str, steps: StepNames, definition_id: UUID) -> str:
    return steps.of(definition_id, element_id)
