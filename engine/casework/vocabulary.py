"""Do the words of diagrams exist in this house: operations, forms, roles, decisions, deadlines, processes?"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache

from engine import dmn, feel
from engine.config import ROOT
from engine.deadlines import shipped
from engine.people.roles import ROLES
from engine.sentences import S_, Sentence
from engine.workflow.bpmn import Element, Finding, ModelRefused, Process, compile_model
from engine.workflow.definitions import DECISION, FORM, PROCESS, File, kind_of
from engine.workflow.operations import OPERATIONS


def check(files: Sequence[File], deployed: Mapping[str, set[str]] | None = None) -> list[Finding]:
    """Findings on words that nobody knows: warnings, since they may come later, or be another system's.

    Known are the files, the house's own words, and what is `deployed`, by kind (none said: the product's library).
    """
    known = _known(files, deployed or {})
    read = [(file, one) for file in files if kind_of(file.name) == PROCESS for one in _processes(file)]
    uncallable = {process.key for _, process in read if not process.untriggered_starts()}
    return [
        finding
        for file, process in read
        for element in process.elements.values()
        for finding in (*_element(file.name, element, known), *_called(file.name, element, uncallable))
    ]


def laid_before(element: Element) -> list[str]:
    """The keys of the forms that an element lays before whoever does it (`hejie.lays`, by comma)."""
    return [key for one in element.properties.get("hejie.lays", "").split(",") if (key := one.strip())]


def _called(file: str, element: Element, uncallable: Collection[str]) -> Iterator[Finding]:
    """A process that only events start cannot be called (BPMN 2.0 §10.3.4)."""
    if element.called_process in uncallable:
        text = S_("The process %(process)s has no start event without a trigger.", process=element.called_process)
        hint = S_("Give it one, or send it the message that starts it.")
        yield Finding("error", "called-start", text, element.id, element.line, hint, file)


def _nearest(operation: str) -> Sentence:
    """What to do about an operation that is none."""
    near = get_close_matches(operation, sorted(OPERATIONS), n=2, cutoff=0.7)
    if near:
        return S_(
            "Perhaps %(nearest)s is meant; the studio's panel lists all operations. "
            "If another system does it, mark it hejie.external = true.",
            nearest=", ".join(near),
        )
    return S_("The studio's panel lists all operations. If another system does it, mark it hejie.external = true.")


def _element(file: str, element: Element, known: dict[str, set[str]]) -> Iterator[Finding]:
    def finding(severity: str, rule: str, message: Sentence, hint: Sentence) -> Finding:
        return Finding(
            "error" if severity == "error" else "warning", rule, message, element.id, element.line, hint, file
        )

    external = element.properties.get("hejie.external") == "true"
    if element.operation and element.operation not in OPERATIONS and not external:
        text = S_(
            "There is no operation %(operation)s here: the step waits for an external worker.",
            operation=element.operation,
        )
        yield finding("warning", "unknown-operation", text, _nearest(element.operation))
    if element.form_key and element.form_key not in known[FORM]:
        yield finding(
            "warning",
            "unknown-form",
            S_("There is no form %(form)s.", form=element.form_key),
            S_("Deploy it as well."),
        )
    for form in laid_before(element):
        if form not in known[FORM]:
            text = S_("There is no form %(form)s.", form=form)
            yield finding("warning", "unknown-form", text, S_("Deploy it as well."))
    if element.type == "userTask" and not element.form_key:
        text = S_("Whoever does this task is asked nothing: it has no form.")
        yield finding("warning", "no-form", text, S_("Choose a form."))
    groups = element.candidate_groups
    if isinstance(groups, str):
        for role in (one.strip() for one in groups.split(",")):
            if role not in ROLES:
                yield finding(
                    "warning",
                    "unknown-role",
                    S_("There is no role %(role)s.", role=role),
                    S_("Known: %(known)s.", known=", ".join(ROLES)),
                )
    elif element.type == "userTask" and not isinstance(groups, feel.Expression):
        yield finding("warning", "nobody-assigned", S_("Nobody in particular may do this task."), S_("Name a role."))
    key = element.properties.get("hejie.deadline")
    if key and key not in known["deadline"]:
        yield finding(
            "warning",
            "unknown-deadline",
            S_("The catalogue has no deadline %(key)s.", key=key),
            S_("Choose one of the catalogue."),
        )
    if (
        element.type == "userTask"
        and element.form_key
        and not element.outputs
        and element.properties.get("hejie.answers")
    ):
        yield finding(
            "warning", "answers-stay", S_("No answer of this form reaches the process."), S_("Map those it needs.")
        )


def _known(files: Sequence[File], deployed: Mapping[str, set[str]]) -> dict[str, set[str]]:
    own: dict[str, set[str]] = {kind: set(names) for kind, names in (library() | dict(deployed)).items()}
    for file in files:
        for kind, name in _names(file):
            own[kind].add(name)
    return own


@cache
def library() -> dict[str, set[str]]:
    """The keys of what comes with the product, by kind."""
    found: dict[str, set[str]] = {PROCESS: set(), DECISION: set(), FORM: set(), "deadline": set()}
    paths = [*(ROOT / "processes").glob("*/*.*"), *(ROOT / "forms" / "library").glob("*.form.json")]
    for path in paths:
        for kind, name in _names(File(path.name, path.read_bytes())):
            found[kind].add(name)
    found["deadline"] = {entry["key"] for entry in shipped.catalogue()}
    return found


def _names(file: File) -> Iterator[tuple[str, str]]:
    match kind_of(file.name):
        case "process":
            for process in _processes(file):
                yield PROCESS, process.key
        case "decision":
            try:
                for decision in dmn.parse(file.content).decisions:
                    yield DECISION, decision.id
            except dmn.DmnError:
                return
        case "form":
            try:
                yield FORM, str(json.loads(file.content)["id"])
            except (ValueError, KeyError, TypeError, RecursionError):
                return


def _processes(file: File) -> list[Process]:
    try:
        return list(compile_model(file.content).processes.values())
    except ModelRefused:
        return []
