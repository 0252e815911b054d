"""What stands around the studio's pages: its sections, the parts of one process. A page hooks in with a line here."""

from flask_babel import gettext

from api import i18n
from engine.errors import N_
from engine.workflow.bpmn import Finding

SECTIONS = (
    ("studio.page", N_("Library")),
    ("studio_drafts.page", N_("Drafts")),
    ("studio_releases.page", N_("Releases")),
    ("cockpit.page", N_("Cockpit")),
)
"""The studio as a whole: endpoint and label."""

PROCESS_PARTS: tuple[tuple[str, str], ...] = (
    ("cockpit.version", N_("What runs")),
    ("cockpit.compare", N_("Compare")),
    ("cockpit.insight", N_("Insight")),
    ("rehearsals.list", N_("Play")),
    ("walks.list", N_("Scenarios")),
    ("replays.ask", N_("What if")),
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
    "sequenceFlow": N_("Way from step to step"),
    "messageFlow": N_("Way of a message"),
    "message": N_("Message between processes"),
    "signal": N_("Signal to all who wait"),
    "messageEventDefinition": N_("Which message"),
    "timerEventDefinition": N_("When it is due"),
    "terminateEventDefinition": N_("Ends everything"),
    "process": N_("Process"),
    "collaboration": N_("Drawing of several sides"),
    "participant": N_("One side of the drawing"),
    "laneSet": N_("Lanes"),
    "lane": N_("Lane"),
    "textAnnotation": N_("Note in the drawing"),
    "association": N_("Line to a note"),
    "definitions": N_("The whole file"),
    "decision": N_("Decision"),
    "decisionTable": N_("Decision table"),
    "variable": N_("Variable"),
    "informationRequirement": N_("What a decision asks for"),
    "inputData": N_("Fact that is asked for"),
    "input": N_("Column of conditions"),
    "inputExpression": N_("What a column looks at"),
    "output": N_("Column of results"),
    "rule": N_("Rule"),
    "inputEntry": N_("Condition of a rule"),
    "outputEntry": N_("Result of a rule"),
    "inputValues": N_("Values that a column allows"),
    "literalExpression": N_("Formula"),
}
"""What the parts of diagrams and tables are called for people who know neither BPMN nor DMN."""

VERBS = {"added": N_("new"), "removed": N_("gone"), "changed": N_("changed"), "moved": N_("moved in the drawing")}

STATES = {
    "checking": N_("is being tried"),
    "refused": N_("refused"),
    "waiting": N_("waits for another administrator"),
    "approved": N_("approved, waits for its time"),
    "deployed": N_("in force"),
    "failed": N_("could not be deployed"),
    "withdrawn": N_("withdrawn"),
}

EVENTS = {
    "release.asked": N_("Asked for"),
    "release.checked": N_("Tried"),
    "release.approved": N_("Approved"),
    "release.refused": N_("Refused"),
    "release.withdrawn": N_("Withdrawn"),
    "release.deployed": N_("Deployed"),
    "release.failed": N_("Could not be deployed"),
}


def type_of(name: str) -> str:
    """What a kind of element is called for the reader."""
    return str(gettext(TYPES.get(name, name)))


def says(finding: Finding) -> str:
    """What a finding says, and what to do."""
    return f"{i18n.told(finding.message)} {i18n.told(finding.hint)}".strip()


def verb_of(name: str) -> str:
    """What became of something, for the reader."""
    return str(gettext(VERBS[name]))
