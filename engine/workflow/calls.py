"""What the processes of a deployment call that stands in none of its files."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from engine.sentences import S_
from engine.workflow.bpmn import Finding, Process
from engine.workflow.bpmn.findings import warning

NO_PROCESS = S_("The process %(key)s stands in none of these files.")
NO_DECISION = S_("The decision %(key)s stands in none of these files.")


def unknown(
    processes: Iterable[tuple[str, Process]], keys: Collection[str], decisions: Collection[str]
) -> Iterator[Finding]:
    """The processes and decisions that are called and not known by their `keys`; they may be deployed already.

    `processes` come with the names of their files.
    """
    for file, process in processes:
        for element in process.elements.values():
            called = ((NO_PROCESS, element.called_process, keys), (NO_DECISION, element.called_decision, decisions))
            for text, key, known in called:
                if key is not None and key not in known:
                    hint = S_("If it is not deployed yet, deploy it as well: without it this step fails.")
                    yield replace(warning(element, "unknown-called", text.filled({"key": key}), hint), file=file)
