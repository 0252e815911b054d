"""The processes that are measured: six user tasks in a row, with and without forms, one that goes round, and timers."""

import itertools
import json

from tests.engine.workflow.diagrams import diagram, flow, timer, user_task

STEPS = [f"step{number}" for number in range(1, 7)]
FORM_KEY = "f-bench"
FORM = json.dumps(
    {
        "id": FORM_KEY, "title": "A step", "type": "default", "schemaVersion": 16,
        "components": [
            {
                "type": "radio", "id": "Agreed", "key": "agreed", "label": "Agreed?", "validate": {"required": True},
                "values": [{"value": "yes", "label": "yes"}, {"value": "no", "label": "no"}],
            },
            {"type": "textarea", "id": "Words", "key": "words", "label": "What was said"},
        ],
    }
).encode()  # fmt: skip
ANSWERS = {"agreed": "yes", "words": "李家退还所占土地"}


def _in_a_row(key: str, extra: str) -> bytes:
    return diagram(
        '<bpmn:startEvent id="start"/>'
        + "".join(user_task(step, groups="village_mediator", extra=extra) for step in STEPS)
        + '<bpmn:endEvent id="end"/>'
        + flow("start", STEPS[0])
        + "".join(flow(one, other) for one, other in itertools.pairwise(STEPS))
        + flow(STEPS[-1], "end"),
        key=key,
    )


SIX_TASKS = _in_a_row("six-tasks", "")
SIX_FORMS = _in_a_row("six-forms", f'<zeebe:formDefinition formId="{FORM_KEY}"/>')
WAIT = diagram(
    '<bpmn:startEvent id="start"/>'
    + f'<bpmn:intermediateCatchEvent id="wait">{timer("P30D")}</bpmn:intermediateCatchEvent>'
    + user_task("after", groups="village_mediator")
    + flow("start", "wait")
    + flow("wait", "after"),
    key="resting",
)
