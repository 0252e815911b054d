"""What is wrong with a draft: what `hejie check` says, with the words that the house knows today."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from engine.casework import house
from engine.deadlines import queries as deadlines
from engine.sentences import S_
from engine.studio import library
from engine.studio.models import Draft
from engine.workflow import definitions
from engine.workflow.bpmn import Finding
from engine.workflow.definitions import File

MISSING = {"unknown-form", "unknown-called", "unknown-role", "unknown-deadline", "no-form"}
"""Warnings that a release may not pass with: in the house everything that a diagram names must be there."""


def findings(session: Session, draft: Draft, unsaved: Mapping[str, bytes] | None = None) -> list[Finding]:
    """All findings of a draft's files, with those that an editor has not saved yet."""
    files = {one.name: one.content for one in draft.files} | dict(unsaved or {})
    return of_files(session, files)


def of_files(session: Session, files: Mapping[str, bytes]) -> list[Finding]:
    """All findings of files that would be deployed together into this house."""
    given = [File(name, content) for name, content in files.items()]
    tables = [
        one for one in definitions.all_newest_with_content(session, definitions.DECISION) if one.file_name not in files
    ]
    known = {kind: {one.key for one in definitions.all_newest(session, kind)} for kind in library.KINDS}
    known["deadline"] = deadlines.keys(session)
    found = house.check(given, beside=[one.content for one in tables], known=known)
    return found if any(one.severity == "error" for one in found) else [*found, *_elsewhere(session, given)]


def _elsewhere(session: Session, files: list[File]) -> Iterator[Finding]:
    """What would take the place of another file's: it would leave that one's scenarios and deadlines behind."""
    for part, before in definitions.defined_elsewhere(session, files):
        message = S_("“%(key)s” is in force already, in %(file)s.", key=part.key, file=before.file_name)
        hint = S_("Change it there, in a draft of its own bundle; or give this one another id.")
        yield Finding("error", "defined-elsewhere", message, part.key, None, hint, part.file.name)


def refusing(found: list[Finding]) -> list[Finding]:
    """The findings that a release may not pass with."""
    return [replace(one, severity="error") for one in found if one.severity == "error" or one.rule in MISSING]
