"""Casework: the use cases of the house. Only here do people, cases and processes meet."""

from engine.casework import (
    days,
    deadline_operations,
    duplicates,
    filing,
    following,
    handing_out,
    law_keeping,
    layouts,
    operations,
    outbox,
    places,
    procedures,
    reporters,
    taking_up,
    town_operations,
)
from engine.casework.access import require_sight, sees_case
from engine.casework.changes import versions
from engine.casework.commands import (
    add_note,
    assign,
    claim,
    complete_task,
    locate,
    raise_danger,
    release,
    save_draft,
    seal,
    send_message,
    withdraw,
)
from engine.casework.coverage import coverage
from engine.casework.errors import AnswersInvalid, CasePaused, NotInMediation, Outdated, TaskNotYours
from engine.casework.house import check, demo_accounts, deploy, library, load_demo, stage
from engine.casework.known import known, known_of_number
from engine.casework.naming import StepNames
from engine.casework.parties import erase, own_data, party_page, people_of, save_party
from engine.casework.queries import (
    assignable,
    case_page,
    open_tasks,
    task_page,
    timeline,
    where_it_stands,
)
from engine.casework.reporters import follow
from engine.casework.reporting import Reported, report
from engine.casework.running import instances_of_case, one_instance
from engine.casework.work import count, my_tasks, next_task, task_counts

__all__ = [
    "AnswersInvalid",
    "CasePaused",
    "NotInMediation",
    "Outdated",
    "Reported",
    "StepNames",
    "TaskNotYours",
    "add_note",
    "assign",
    "assignable",
    "case_page",
    "check",
    "claim",
    "complete_task",
    "count",
    "coverage",
    "days",
    "deadline_operations",
    "demo_accounts",
    "deploy",
    "duplicates",
    "erase",
    "filing",
    "follow",
    "following",
    "handing_out",
    "instances_of_case",
    "known",
    "known_of_number",
    "law_keeping",
    "layouts",
    "library",
    "load_demo",
    "locate",
    "my_tasks",
    "next_task",
    "one_instance",
    "open_tasks",
    "operations",
    "outbox",
    "own_data",
    "party_page",
    "people_of",
    "places",
    "procedures",
    "raise_danger",
    "release",
    "report",
    "reporters",
    "require_sight",
    "save_draft",
    "save_party",
    "seal",
    "sees_case",
    "send_message",
    "stage",
    "taking_up",
    "task_counts",
    "task_page",
    "timeline",
    "town_operations",
    "versions",
    "where_it_stands",
    "withdraw",
]
