"""What is stuck in the demo county, so that administrators can practise the repair: another platform sends a risk that
is lower than the one on the ledger, and the law wants a second person for that.

It fails by itself when the worker comes to it. `risk` set to ORANGE, and the step tried again, mends it.
"""

from pathlib import Path

from sqlalchemy.orm import Session

from engine.cases import commands as cases
from engine.casework import reporting
from engine.people.actor import Actor
from engine.workflow import instances
from engine.workflow.definitions import File

PROCESS = "demo-repair"
RISK, SENT = "ORANGE", "BLUE"
WORDS = {
    "what": "示例：邻里为堆放杂物起争执，外部平台也报来一条。", "where": "民主村", "urgency": "ordinary",
    "kind": "dispute",
}  # fmt: skip


def files() -> list[File]:
    """The demo's own process, to be deployed."""
    here = Path(__file__).parent
    named = {f"{PROCESS}/{PROCESS}.bpmn": "demo_repair.bpmn", f"{PROCESS}/labels.en.toml": "demo_repair.en.toml"}
    return [File(name, here.joinpath(file).read_bytes()) for name, file in named.items()]


def load(session: Session, duty: Actor) -> None:
    """Begin the instance that will get stuck."""
    case = reporting.put_on_ledger(session, duty, WORDS, kind="dispute").case
    cases.classify(session, case, duty.id, category="D03", risk=RISK, level="village")
    given = {"case_id": str(case.id), "risk": SENT}
    instances.start(session, PROCESS, given, actor=None, home=reporting.home_of(case))
