"""The files of a deployment: what each holds by its name, what is wrong with it, and what it defines."""

import json
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any

from engine import dmn
from engine.sentences import S_, where
from engine.workflow import bpmn, calls, scenario_files
from engine.workflow import decisions as decisions_
from engine.workflow.bpmn import Finding, Process, check_model, compile_model

PROCESS, DECISION, FORM, LABELS = "process", "decision", "form", "labels"
BUNDLE, SCENARIO = "bundle", "scenario"
KINDS = (PROCESS, DECISION, FORM, LABELS, BUNDLE, SCENARIO)


@dataclass(frozen=True)
class File:
    """A file to check or deploy; `kind_of` says what its name means, and its folder to which bundle it belongs."""

    name: str
    content: bytes


FormCheck = Callable[[bytes], Iterable[Finding]]
"""How forms are checked; given by the caller, since the engine of processes knows none."""


def kind_of(file_name: str) -> str | None:
    """What a file of this name holds, one of `KINDS`; None where the name says nothing."""
    name = PurePosixPath(file_name).name
    if name == "bundle.toml":
        return BUNDLE
    if name.endswith("labels.en.toml"):
        return LABELS
    endings = {
        ".bpmn": PROCESS,
        ".bpmn20.xml": PROCESS,
        ".dmn": DECISION,
        ".form.json": FORM,
        ".form": FORM,
        ".yaml": SCENARIO,
    }
    return next((kind for ending, kind in endings.items() if name.endswith(ending)), None)


def bundle_of(file_name: str) -> str | None:
    """The bundle that a file belongs to: the folder it is in; None for a file without one."""
    folders = [folder for folder in PurePosixPath(file_name).parts[:-1] if folder != "scenarios"]
    return folders[-1] if folders else None


def check(
    files: Sequence[File],
    *,
    form_check: FormCheck = lambda content: (),
    beside: Iterable[bytes] = (),
    known: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> list[Finding]:
    """All findings of each file, in the order of the files, then what they call that none of them holds.

    Tables may import those of `beside`; what is deployed already is `known`, by kind and key.
    """
    models = decisions_.by_namespace([*decision_files(files), *beside])
    found = [replace(one, file=file.name) for file in files for one in _check_one(file, form_check, models)]
    if any(finding.severity == "error" for finding in found):
        return found
    parts = [part for file in files for part in parts_of(file)]
    processes = [(part.file.name, part.process) for part in parts if part.process]
    keys = {(part.kind, part.key) for part in parts} | {(kind, key) for kind, of in known.items() for key in of}
    return [
        *found,
        *calls.unknown(processes, *({key for kind, key in keys if kind == one} for one in (PROCESS, DECISION))),
    ]


def verdicts(files: Sequence[File]) -> list[tuple[str, str, str]]:
    """Of each process that could be deployed whether it can always end: file, process, verdict."""
    diagrams = [file for file in files if kind_of(file.name) == PROCESS]
    return [(file.name, key, found) for file in diagrams for key, found in bpmn.verdicts(file.content).items()]


@dataclass(frozen=True)
class Part:
    """One thing that a file defines."""

    kind: str
    key: str
    name: str
    file: File
    process: Process | None = None


def decision_files(files: Sequence[File]) -> list[bytes]:
    return [file.content for file in files if kind_of(file.name) == DECISION]


def _check_one(file: File, form_check: FormCheck, models: Mapping[str, bytes]) -> Iterable[Finding]:
    match kind_of(file.name):
        case "process":
            return check_model(file.content, source_name=file.name)
        case "decision":
            return decisions_.check(file.content, models)
        case "form":
            return form_check(file.content)
        case "labels":
            return _check_labels(file)
        case "bundle":
            return _check_bundle(file)
        case "scenario":
            return _check_scenarios(file)
    hint = S_("Name diagrams *.bpmn, decision tables *.dmn, forms *.form.json and English names labels.en.toml.")
    return [Finding("error", "unknown-file", S_("What this file holds does not show from its name."), None, None, hint)]


def _check_labels(file: File) -> list[Finding]:
    hint = S_('A section for each process, in it a line for each element: element-id = "English name".')
    try:
        given = tomllib.loads(file.content.decode())
    except ValueError as error:  # not UTF-8, or not TOML
        return [
            Finding(
                "error",
                "labels-invalid",
                S_("These names cannot be read: %(problem)s.", problem=where(error)),
                None,
                None,
                hint,
            )
        ]
    names = [name for section in given.values() for name in (section.values() if isinstance(section, dict) else [None])]
    if all(isinstance(name, str) for name in names):
        return []
    return [Finding("error", "labels-invalid", S_("Something here is not a name of an element."), None, None, hint)]


def _check_bundle(file: File) -> list[Finding]:
    hint = S_('It needs title = "…" and main = "….bpmn", and says who may start the process.')
    try:
        given = tomllib.loads(file.content.decode())
    except ValueError as error:  # not UTF-8, or not TOML
        return [
            Finding(
                "error", "bundle-invalid", S_("This is not TOML: %(problem)s", problem=where(error)), None, None, hint
            )
        ]
    if not all(isinstance(given.get(word), str) for word in ("title", "main")):
        return [
            Finding("error", "bundle-invalid", S_("The bundle says no title, or no main diagram."), None, None, hint)
        ]
    start = given.get("start", {})
    said = {**given, **start} if isinstance(start, dict) else {}
    texts = all(
        isinstance(said.get(word, ""), str) for word in ("title_en", "owner", "owner_en", "message", "new_case")
    )
    if said and texts and all(_are_words(said.get(word, [])) for word in ("law", "roles", "on_case")):
        return []
    return [
        Finding(
            "error", "bundle-invalid", S_("What the bundle says of the start is no text or list."), None, None, hint
        )
    ]


def _are_words(given: object) -> bool:
    return isinstance(given, list) and all(isinstance(one, str) for one in given)


def _check_scenarios(file: File) -> list[Finding]:
    hint = S_("It needs a list of scenarios, each with a name and steps.")
    try:
        scenario_files.read(file.content)
    except scenario_files.Malformed as error:
        return [Finding("error", "scenario-invalid", error.sentence, None, None, hint)]
    return []


def parts_of(file: File) -> list[Part]:
    bundle = bundle_of(file.name)
    match kind_of(file.name):
        case "process":
            model = compile_model(file.content, source_name=file.name)
            return [Part(PROCESS, key, found.name or key, file, found) for key, found in model.processes.items()]
        case "decision":
            decided = dmn.parse(file.content)
            if not decided.decisions:  # knowledge and types for other models to import
                return [Part(DECISION, decided.id or decided.namespace, decided.name, file)]
            return [Part(DECISION, decision.id, decision.name, file) for decision in decided.decisions]
        case "labels":
            named: dict[str, dict[str, str]] = tomllib.loads(file.content.decode())
            return [Part(LABELS, key, names.get(key, key), file) for key, names in named.items()]
        case "bundle":
            title = str(tomllib.loads(file.content.decode())["title"])
            return [Part(BUNDLE, bundle or title, title, file)]
        case "scenario":
            stem = PurePosixPath(file.name).stem
            return [Part(SCENARIO, f"{bundle}/{stem}" if bundle else stem, stem, file)]
    form: dict[str, Any] = json.loads(file.content)
    return [Part(FORM, form["id"], form.get("title", form["id"]), file)]


def defined_twice(parts: Sequence[Part]) -> Iterator[Finding]:
    first: dict[tuple[str, str], Part] = {}
    for part in parts:
        known = first.setdefault((part.kind, part.key), part)
        if known is not part:
            message = S_("%(part)s is defined in %(known)s already.", part=part.key, known=known.file.name)
            hint = S_("Deploy one of the two, or give one another id.")
            yield Finding("error", "defined-twice", message, part.key, None, hint, part.file.name)
