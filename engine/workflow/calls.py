"""What the processes of a deployment call that stands in none of its files."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from engine.workflow.bpmn import Finding, Process
from engine.workflow.bpmn.findings import warning


def unknown(processes: Iterable[tuple[str, Process]], decisions: set[str]) -> Iterator[Finding]:
    """The processes and decisions that are called and not given; they may be deployed already.

    `processes` come with the names of their files.
    """
    given = list(processes)
    keys = {process.key for _, process in given}
    for file, process in given:
        for element in process.elements.values():
            called = (("process", element.called_process, keys), ("decision", element.called_decision, decisions))
            for kind, key, known in called:
                if key is not None and key not in known:
                    text = f"The {kind} {key} stands in none of these files."
                    hint = "If it is not deployed yet, deploy it as well: without it this step fails."
                    yield replace(warning(element, "unknown-called", text, hint), file=file)
