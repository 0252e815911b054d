"""What each operation may refuse, in its description: the problems by their status, each with its code and meaning.

The errors are named where the operation stands; that nothing else is refused is held by the tests, which look every
refusal up in the description.
"""

from collections.abc import Callable
from copy import deepcopy
from typing import Any, TypeVar

import flask_smorest

from api import problems
from api.idempotency import KeyUnfit
from api.problems import FormExpired, SignInNeeded
from api.rest.reading import Parser
from api.rest.schemas.problems import ProblemSchema
from engine.cases.permissions import CaseUnknown
from engine.casework.errors import TaskNotYours
from engine.errors import DomainError, Invalid
from engine.idempotency import KeyReused
from engine.people.commands import FirstPassword
from engine.people.second_factor import SecondFactorMissing
from engine.workflow.errors import InstanceNotActive, TaskAlreadyAssigned, TaskNotOpen, TaskUnknown

Errors = tuple[type[DomainError], ...]
Method = TypeVar("Method", bound=Callable[..., Any])

TASK: Errors = (TaskUnknown, TaskNotYours, TaskNotOpen, TaskAlreadyAssigned, InstanceNotActive)
"""What changing a task may refuse."""

CASE: Errors = (CaseUnknown,)
KEYED: Errors = (KeyUnfit, KeyReused)
"""What an Idempotency-Key may refuse."""

SAFE = {"get", "head", "options"}
INVALID = 422


def refuses(*errors: type[DomainError]) -> Callable[[Method], Method]:
    """Name the problems that a method may answer with, besides those that every one of them may."""

    def named(method: Method) -> Method:
        found = deepcopy(getattr(method, "_apidoc", {}))
        found["refusals"] = (*found.get("refusals", ()), *errors)
        method._apidoc = found  # type: ignore[attr-defined]  # where flask-smorest keeps what it knows of a method
        return method

    return named


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]
    """flask-smorest's, with our reading of what is sent, and the refusals of each operation in its description."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._prepare_doc_cbks.append(_describe_refusals)


def _describe_refusals(doc: dict[str, Any], doc_info: dict[str, Any], *, method: str, **_: Any) -> dict[str, Any]:
    responses = doc.setdefault("responses", {})
    errors = [SignInNeeded, FirstPassword, SecondFactorMissing, *doc_info.get("refusals", ())]
    if method not in SAFE:
        errors.append(FormExpired)
    if INVALID in responses:  # flask-smorest: there are arguments
        errors.append(Invalid)
    by_status: dict[int, list[type[DomainError]]] = {}
    for error in errors:
        by_status.setdefault(_status(error), []).append(error)
    for status, kinds in sorted(by_status.items()):
        responses[status] = {
            "description": "\n\n".join(f"`{kind.code}`: {_meaning(kind)}" for kind in kinds),
            "content": {problems.MEDIA_TYPE: {"schema": ProblemSchema}},
        }
    doc["responses"] = dict(
        sorted(responses.items(), key=lambda one: str(one[0]))
    )  # what is given first, then refusals
    return doc


def _status(error: type[DomainError]) -> int:
    return next(problems.STATUS[kind][0] for kind in error.__mro__ if kind in problems.STATUS)


def _meaning(error: type[DomainError]) -> str:
    return (error.__doc__ or "").partition("\n")[0]
