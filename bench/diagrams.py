"""The process that is measured: six user tasks in a row, and one that goes round."""

import itertools

from tests.engine.workflow.diagrams import diagram, flow, user_task

STEPS = [f"step{number}" for number in range(1, 7)]
SIX_TASKS = diagram(
    '<bpmn:startEvent id="start"/>'
    + "".join(user_task(step, groups="village_mediator") for step in STEPS)
    + '<bpmn:endEvent id="end"/>'
    + flow("start", STEPS[0])
    + "".join(flow(one, other) for one, other in itertools.pairwise(STEPS))
    + flow(STEPS[-1], "end"),
    key="six-tasks",
)
ROUND = diagram(
    '<bpmn:startEvent id="start"/><bpmn:exclusiveGateway id="meet"/>'
    + user_task("again", groups="village_mediator")
    + flow("start", "meet")
    + flow("meet", "again")
    + flow("again", "meet"),
    key="round",
)
