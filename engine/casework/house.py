"""Setting up the house: check and deploy files with its own words, load the demo county, give scenarios a stage."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

import forms
from engine import demo, feel
from engine.cases import commands as cases
from engine.casework import (
    demo_desk,
    demo_hazards,
    demo_history,
    demo_messages,
    demo_repair,
    demo_settled,
    demo_story,
    reporting,
    statutes,
    vocabulary,
)
from engine.casework.errors import ApprovalNeeded
from engine.config import ROOT
from engine.deadlines import commands as deadlines
from engine.errors import Forbidden
from engine.people import queries as people
from engine.people.actor import Actor
from engine.sentences import Bilingual, Sentence
from engine.territory import queries as territory
from engine.territory.models import Division
from engine.workflow import definitions, instances, scenarios
from engine.workflow.bpmn import Finding
from engine.workflow.definitions import File
from engine.workflow.errors import DeploymentRefused
from engine.workflow.instances import Home
from engine.workflow.models import Definition, Deployment, Instance
from engine.workflow.scenarios import Outcome

PROCESSES, LIBRARY = ROOT / "processes", ROOT / "forms" / "library"
FROM_THE_PRODUCT = "comes with the product"
"""The note of a deployment that a release brought, and that the next one renews."""
DEMO_REPORTS = Path(__file__).with_name("demo_reports.json")


def check(
    files: Sequence[File], *, beside: Iterable[bytes] = (), known: Mapping[str, set[str]] | None = None
) -> list[Finding]:
    """All findings of diagrams, tables and forms, with the words that the house knows; tables may import `beside`.

    `known` are the keys of what is deployed, by kind; without it, those that come with the product.
    """
    found = definitions.check(
        files, form_check=_check_form, beside=beside, known={**vocabulary.library(), **(known or {})}
    )
    return [*found, *vocabulary.check(files, known)]


def deploy(
    session: Session, actor: Actor | None, files: Sequence[File], *, note: str = "", approved: bool = False
) -> list[Definition]:
    """Deploy files as one deployment; the command line (no actor) or an administrator may.

    What touches deadlines of the law must be `approved` by another administrator: the studio's releases see to it.
    Raises Forbidden, ApprovalNeeded, DeploymentRefused.
    """
    if actor is not None and not actor.has("admin"):
        raise Forbidden
    if actor is not None and not approved and statutes.touched(session, {one.name: one.content for one in files}):
        raise ApprovalNeeded
    refused = [finding for finding in vocabulary.check(files) if finding.severity == "error"]
    if refused:
        raise DeploymentRefused(refused)
    by = actor.id if actor else None
    return definitions.deploy(session, files, actor=by, note=note, form_check=_check_form)


def library() -> list[File]:
    """The bundles and the forms that come with the product, each file under its name in `processes`, forms bare."""
    kinds = ("*/*.bpmn", "*/*.dmn", "*/*.toml", "*/scenarios/*.yaml")
    bundles = [path for kind in kinds for path in sorted(PROCESSES.glob(kind))]
    named = {path.relative_to(PROCESSES).as_posix(): path for path in bundles}
    named |= {path.name: path for path in sorted(LIBRARY.glob("*.form.json"))}
    return [File(name, path.read_bytes()) for name, path in named.items()]


def load_library(session: Session) -> list[Definition]:
    """Deploy what comes with the product and is not there yet, or came with an earlier release of it.

    Its calendar and catalogue of deadlines are loaded as well. What somebody has deployed since stays (`own_versions`).
    """
    deadlines.load(session)
    ours = _deployed_from_the_product(session)
    digests = {file: hashlib.sha256(file.content).digest() for file in library()}
    new = [file for file, made in digests.items() if ours.get(file.name, b"") not in (None, made)]
    return deploy(session, None, new, note=FROM_THE_PRODUCT) if new else []


def own_versions(session: Session) -> list[str]:
    """The files of the library of which this house has deployed versions of its own."""
    return sorted(name for name, ours in _deployed_from_the_product(session).items() if ours is None)


def _deployed_from_the_product(session: Session) -> dict[str, bytes | None]:
    """The digest of each file of the library that is deployed; None where its newest version is not the product's."""
    names = {file.name for file in library()}
    files = session.execute(
        select(Definition.kind, Definition.key, Definition.file_name).where(Definition.file_name.in_(names)).distinct()
    )
    file_of = {(kind, key): name for kind, key, name in files}
    newest = (
        select(Definition.kind, Definition.key, Definition.digest, Deployment.note)
        .join(Deployment)
        .order_by(Definition.kind, Definition.key, Definition.version.desc())
        .ext(distinct_on(Definition.kind, Definition.key))
    )
    found: dict[str, bytes | None] = {}
    for kind, key, made, note in session.execute(newest):
        if name := file_of.get((kind, key)):
            found[name] = made if note == FROM_THE_PRODUCT and found.get(name, made) == made else None
    return found


def load_demo(session: Session) -> bool:
    """Load the library, the demo county and a few reports; returns whether it was empty."""
    load_library(session)
    if not demo.load(session):
        return False
    session.flush()
    for given in json.loads(DEMO_REPORTS.read_text(encoding="utf-8")):
        actor = people.actor_by_login(session, given["by"]) if given["by"] else Actor.PUBLIC
        told = reporting.report(session, actor, given["answers"], source=given.get("source", ""))
        if given.get("desk"):
            demo_desk.load(session, told.case)
    demo_settled.load(session)
    demo_hazards.load(session)
    demo_story.load(session)
    demo_messages.load(session)
    demo_history.load(session, people.actor_by_login(session, "county"))
    demo_desk.load_dispute(session)
    demo_desk.load_bookings(session)
    deploy(session, None, demo_repair.files(), note=FROM_THE_PRODUCT)
    demo_repair.load(session, people.actor_by_login(session, "duty"))
    return True


def demo_accounts() -> str:
    """The demo accounts as lines for the terminal."""
    lines = [f"    {one.login:<12} {one.about_en} {one.about}" for one in demo.ACCOUNTS]
    return "\n".join([f"  Demo accounts, password {demo.PASSWORD}:", *lines])


@contextmanager
def stage(engine: Engine) -> Iterator[Callable[[Path], list[Outcome]]]:
    """An empty house for scenarios, with the demo county's people; nothing of it stays."""
    with (
        engine.connect() as connection,
        scenarios.stage(connection, lambda session: void(demo.load(session))) as session,
    ):
        yield lambda path: scenarios.play(session, path, start=start_with_case)


def void(_: object) -> None:
    """Take a value and return nothing."""


def start_with_case(
    session: Session,
    key: str,
    variables: Mapping[str, Any],
    start_event: str | None,
    *,
    definition_id: UUID | None = None,
) -> Instance:
    """Start a process, its newest version unless another is given, for a case made for the occasion."""
    division = session.get(Division, demo.VILLAGE) or territory.villages(session)[0]
    case, _ = cases.report(
        session, words="情景", place=division.name, urgency=str(variables.get("urgency", "ordinary")),
        kind=str(variables.get("kind") or "dispute"), source="system", division=division.path, actor=None,
        reporter={"name": "情景反映人", "phone": ""},
    )  # fmt: skip
    case.risk, case.level = variables.get("risk"), variables.get("level")
    return instances.start(
        session, key, {"case_id": str(case.id), **variables}, actor=None,
        home=Home(case.id, case.county, case.division), start_event=start_event, definition_id=definition_id,
    )  # fmt: skip


def _check_form(content: bytes) -> list[Finding]:
    return [_of_form(found) for found in forms.check(content, compile=feel.compile_expression)]


def _of_form(found: forms.Finding) -> Finding:
    hint = Bilingual(found.advises("en"), found.advises("zh"))
    return Finding(found.severity, found.rule, said_of_form(found), found.field, None, hint)


def said_of_form(found: forms.Finding) -> Bilingual:
    """What is wrong with a form, in both languages, with what the compiler of expressions said."""
    parts = [value for _, value in found.params if isinstance(value, Sentence)]
    return Bilingual(found.says("en"), found.says("zh"), parts)
