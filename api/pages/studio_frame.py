"""What stands around the studio's pages: its sections, the parts of one process. A page hooks in with a line here."""

from engine.errors import N_

SECTIONS = (("studio.page", N_("Library")), ("cockpit.page", N_("Cockpit")))
"""The studio as a whole: endpoint and label."""

PROCESS_PARTS: tuple[tuple[str, str], ...] = (
    ("cockpit.version", N_("What runs")),
    ("cockpit.compare", N_("Compare")),
)
"""What else can be asked of one process: endpoint (its argument is `key`) and label."""

KINDS = {"process": N_("Processes"), "decision": N_("Decision tables"), "form": N_("Forms")}

TYPES = {
    "task": N_("Step"),
    "userTask": N_("Task for a person"),
    "manualTask": N_("Step by hand"),
    "serviceTask": N_("Operation"),
    "scriptTask": N_("Calculation"),
    "businessRuleTask": N_("Decision table"),
    "sendTask": N_("Sends a message"),
    "receiveTask": N_("Waits for a message"),
    "callActivity": N_("Calls a process"),
    "subProcess": N_("Part of its own"),
    "transaction": N_("Transaction"),
    "adHocSubProcess": N_("Steps in any order"),
    "exclusiveGateway": N_("One way"),
    "parallelGateway": N_("All ways"),
    "inclusiveGateway": N_("Some ways"),
    "complexGateway": N_("Ways by a rule"),
    "eventBasedGateway": N_("Whatever comes first"),
    "startEvent": N_("Start"),
    "endEvent": N_("End"),
    "boundaryEvent": N_("Event at a step"),
    "intermediateCatchEvent": N_("Waits for an event"),
    "intermediateThrowEvent": N_("Throws an event"),
}
"""What BPMN's elements are called for people who know no BPMN."""
