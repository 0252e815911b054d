"""Many steps while workers, servers and the database go down: none is lost, none is done twice, as the history counts.

Each relay goes round: a job of another system, a job of this house, a message to an instance of another process and its
answer, a timer. HEJIE_FAULT_SCALE makes it longer (`make faults`).
"""

import logging
import random
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from engine import chains, postgres
from engine.config import ROOT
from engine.events import Event as Happened
from engine.workflow import definitions
from engine.workflow.definitions import File
from engine.workflow.models import Definition, Incident, Instance, Message, ServiceJob
from tests.engine.workflow.diagrams import diagram, flow, timer
from tests.faults.test_kill import HEJIE, PATIENCE, SCALE, SEED, Clerk, House

pytestmark = pytest.mark.faults
LOG = logging.getLogger(__name__)
RELAYS, ROUNDS, CLIENTS, KILLS = 12, 4 * SCALE, 8, 5 * SCALE
VICTIMS = ("worker", "serve", "restart", "second", "power")


def task(element: str, kind: str, properties: str = "") -> str:
    """A service task."""
    return (
        f'<bpmn:serviceTask id="{element}"><bpmn:extensionElements><zeebe:taskDefinition type="{kind}" retries="99"/>'
        '<zeebe:ioMapping><zeebe:input source="round" target="kind"/></zeebe:ioMapping>'
        f"<zeebe:properties>{properties}</zeebe:properties></bpmn:extensionElements></bpmn:serviceTask>"
    )


LATER = '<zeebe:property name="hejie.async" value="true"/>'
MESSAGES = (
    '<bpmn:message id="ping" name="ping"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="=relay"/></bpmn:extensionElements></bpmn:message>'
    '<bpmn:message id="pong" name="pong"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="=relay"/></bpmn:extensionElements></bpmn:message>'
)


def throws(message: str) -> str:
    """An event that sends a message with the relay's name."""
    return (
        f'<bpmn:intermediateThrowEvent id="send"><bpmn:extensionElements><zeebe:ioMapping>'
        '<zeebe:input source="=relay" target="relay"/></zeebe:ioMapping></bpmn:extensionElements>'
        f'<bpmn:messageEventDefinition messageRef="{message}"/></bpmn:intermediateThrowEvent>'
    )


RELAY = diagram(
    '<bpmn:startEvent id="start"/><bpmn:exclusiveGateway id="again"/>'
    + task("work", "relay.work")
    + task("note", "notice.record", LATER)
    + throws("ping")
    + '<bpmn:intermediateCatchEvent id="heard"><bpmn:messageEventDefinition messageRef="pong"/>'
    "</bpmn:intermediateCatchEvent>"
    + f'<bpmn:intermediateCatchEvent id="wait">{timer("PT0.2S")}</bpmn:intermediateCatchEvent>'
    + '<bpmn:scriptTask id="count"><bpmn:extensionElements><zeebe:script expression="=left - 1" resultVariable="left"/>'
    '</bpmn:extensionElements></bpmn:scriptTask><bpmn:exclusiveGateway id="done" default="done_again"/>'
    '<bpmn:endEvent id="end"/>'
    + flow("start", "again")
    + flow("again", "work")
    + flow("work", "note")
    + flow("note", "send")
    + flow("send", "heard")
    + flow("heard", "wait")
    + flow("wait", "count")
    + flow("count", "done")
    + flow("done", "end", "left &lt;= 0")
    + flow("done", "again"),
    key="relay",
    roots=MESSAGES,
)
ECHO = diagram(
    '<bpmn:startEvent id="start"><bpmn:messageEventDefinition messageRef="ping"/></bpmn:startEvent>'
    + task("note", "notice.record", LATER)
    + throws("pong")
    + '<bpmn:endEvent id="end"/>'
    + flow("start", "note")
    + flow("note", "send")
    + flow("send", "end"),
    key="echo",
    roots=MESSAGES,
)
EACH_ROUND = {"work": 1, "note": 1, "send": 1, "heard": 1, "wait": 1, "count": 1}


class SecondWorker:
    """A worker beside the one that `hejie run` has; it ends when the database restarts, and is started again."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.process: subprocess.Popen[bytes] | None = None

    def see_to(self) -> None:
        """Start it if it does not run."""
        if self.process is None or self.process.poll() is not None:
            env = {**self.house.env, "HEJIE_DATABASE_URL": ""}
            self.process = subprocess.Popen(
                [*HEJIE, "worker"], cwd=ROOT, env=env, start_new_session=True, stderr=subprocess.DEVNULL
            )

    def kill(self) -> None:
        """SIGKILL."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """The product with the two processes."""
    made = House(tmp_path / "var")
    engine = create_engine(postgres.ensure_running(made.var).url)
    with Session(engine) as session, session.begin():
        definitions.deploy(session, [File("relay.bpmn", RELAY), File("echo.bpmn", ECHO)], actor=None)
    engine.dispose()
    yield made
    made.stop()


@pytest.fixture
def second(house: House) -> Iterator[SecondWorker]:
    """Another worker."""
    made = SecondWorker(house)
    made.see_to()
    yield made
    made.kill()


def work(admin: Clerk, name: str, over: Event) -> int:
    """Another system: get jobs, do them, until it is over. Returns how many it did."""
    done = 0
    while not over.is_set():
        asked = {"types": ["relay.work"], "worker": name, "limit": 3, "lock_seconds": 20, "wait_seconds": 1}
        for one in admin.ask("POST", "jobs/activate", asked)["items"]:
            body = {"lock": one["lock"], "variables": {}}
            answer = admin.ask("POST", f"jobs/{one['job']['id']}/complete", body, conflict=True)
            done += answer is not None  # else its lock ran out, and another has the job
    return done


def disturb(house: House, second: SecondWorker, over: Event) -> Counter[str]:
    """Let things go down at random moments, and come back. Returns how often each did."""
    chance, done = random.Random(SEED), Counter[str]()
    for number in range(KILLS):
        house.wait()
        if over.wait(chance.uniform(0.5, 2.5)):
            break
        done[VICTIMS[number % len(VICTIMS)]] += 1
        match VICTIMS[number % len(VICTIMS)]:
            case "second":
                second.kill()
            case "restart":  # under load: who is connected is cut off
                postgres.stop(house.var)
                postgres.ensure_running(house.var)
            case "power":
                house.cut_power()
            case part:
                house.kill(part)
        second.see_to()
    return done


def test_no_step_is_lost_or_doubled_whatever_goes_down(house: House, second: SecondWorker) -> None:
    admin = Clerk(house)
    admin.sign_in("admin")
    over = Event()
    started = [
        admin.ask("POST", "instances", {"process": "relay", "variables": {"relay": f"r{number}", "left": ROUNDS}})["id"]
        for number in range(RELAYS)
    ]
    with ThreadPoolExecutor(CLIENTS + 1) as pool:
        working = [pool.submit(work, admin, f"w{number}", over) for number in range(CLIENTS)]
        disturbing = pool.submit(disturb, house, second, over)
        try:
            _wait_until_all_have_ended(admin, second, started)
        finally:
            over.set()
        jobs = sum(one.result() for one in working)
        down = disturbing.result()
    steps = assert_counted(house, [UUID(one) for one in started])
    LOG.warning("%d steps, %d jobs of another system, down: %s", steps, jobs, dict(down))  # pytest -rP shows it


def _wait_until_all_have_ended(admin: Clerk, second: SecondWorker, started: list[str]) -> None:
    end = time.monotonic() + PATIENCE * 2 * SCALE
    left = list(started)
    while left:
        second.see_to()
        if admin.ask("GET", f"instances/{left[0]}")["status"] == "completed":
            left.pop(0)
        else:
            assert time.monotonic() < end, f"{len(left)} of {len(started)} never came to their end"
            time.sleep(0.5)


def assert_counted(house: House, started: list[UUID]) -> int:
    """The history has every step of every round exactly once, and nothing is left over. Returns how many steps."""
    engine = create_engine(postgres.ensure_running(house.var).url)
    with Session(engine) as session:
        steps = Counter[str]()
        for instance_id in started:
            happened = session.scalars(select(Happened).where(Happened.instance == instance_id)).all()
            own = Counter(step for one in happened for step in _completed(one.data))
            assert {name: own[name] for name in EACH_ROUND} == dict.fromkeys(EACH_ROUND, ROUNDS)
            kinds = Counter(one.kind for one in happened)
            expected = {"job.completed": 2 * ROUNDS, "notice.recorded": ROUNDS, "message.received": ROUNDS}
            assert {kind: kinds[kind] for kind in expected} == expected
            assert kinds["timer.fired"] == ROUNDS
            steps.update(own)
        assert sum(steps.values()) > 6 * RELAYS * ROUNDS
        running = select(Instance.status, Definition.key).join(Definition, Definition.id == Instance.definition_id)
        statuses = Counter(tuple(row) for row in session.execute(running.where(Definition.key.in_(("relay", "echo")))))
        assert statuses == {("completed", "relay"): RELAYS, ("completed", "echo"): RELAYS * ROUNDS}
        assert session.scalars(select(Incident)).all() == []
        assert set(session.scalars(select(ServiceJob.state))) == {"completed"}
        assert session.scalars(select(Message).where(Message.taken_at.is_(None))).all() == []
        assert [found for _, _, found in chains.verify(session) if found] == []
    engine.dispose()
    return sum(steps.values())


def _completed(data: dict[str, Any]) -> list[str]:
    return [one[1] for one in data.get("path", []) if one[0] == "element.completed"]
