"""Processes that start by themselves: at a date, after a while, in a rhythm; the newest version only."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import clock
from engine.workflow import definitions, instances, timers
from engine.workflow.definitions import File
from engine.workflow.errors import DeploymentRefused
from engine.workflow.models import Instance
from tests.engine.workflow.diagrams import diagram, flow, timer, user_task
from tests.engine.workflow.driving import open_elements, rules, start

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def time() -> Iterator[clock.VirtualClock]:
    with clock.virtual(NOW) as virtual:
        yield virtual


def deploy(session: Session, value: str, kind: str = "timeCycle", name: str = "Process") -> None:
    begin = f'<bpmn:startEvent id="start">{timer(value, kind)}</bpmn:startEvent>'
    content = diagram(begin + user_task("look") + flow("start", "look"), name=name)
    definitions.deploy(session, [File("p.bpmn", content)], actor=None)


def started(session: Session) -> int:
    while timers.fire_due(session):
        pass
    return session.scalar(select(func.count()).select_from(Instance)) or 0


def test_a_date_starts_it_once(session: Session, time: clock.VirtualClock) -> None:
    deploy(session, "2026-03-02T08:00:00Z", "timeDate")
    assert (started(session), timers.next_due(session)) == (0, NOW + timedelta(days=1))
    time.advance(timedelta(days=3))
    assert (started(session), timers.next_due(session)) == (1, None)


def test_a_cycle_keeps_its_rhythm_when_nobody_looked(session: Session, time: clock.VirtualClock) -> None:
    deploy(session, "R4/PT1H")
    time.advance(timedelta(hours=2, minutes=30))
    assert started(session) == 2
    assert timers.next_due(session) == NOW + timedelta(hours=3)
    time.advance(timedelta(days=1))
    assert started(session) == 4


def test_rounds_before_the_deployment_are_over(session: Session, time: clock.VirtualClock) -> None:
    deploy(session, "R/2026-02-01T09:00:00Z/P1D")
    assert (started(session), timers.next_due(session)) == (0, NOW + timedelta(hours=1))


def test_a_newer_version_starts_in_the_place_of_the_older(session: Session, time: clock.VirtualClock) -> None:
    deploy(session, "R/PT1H")
    deploy(session, "R/PT6H", name="Slower")
    time.advance(timedelta(hours=6))
    assert started(session) == 1


def test_a_process_without_its_timer_starts_no_more(session: Session, time: clock.VirtualClock) -> None:
    deploy(session, "R/PT1H")
    content = diagram('<bpmn:startEvent id="start"/>' + user_task("look") + flow("start", "look"))
    definitions.deploy(session, [File("p.bpmn", content)], actor=None)
    time.advance(timedelta(hours=6))
    assert started(session) == 0


def test_what_starts_may_be_worked_out_but_from_no_variables(session: Session, time: clock.VirtualClock) -> None:
    deploy(session, '=now() + duration("PT2H")', "timeDate")
    assert timers.next_due(session) == NOW + timedelta(hours=2)
    with pytest.raises(DeploymentRefused) as refused:
        deploy(session, "=begins", "timeDate")
    assert refused.value.findings[0].rule == "timer"


@pytest.mark.parametrize(
    ("value", "kind"),
    [("tomorrow", "timeDate"), ("P1D", "timeDate"), ("PT", "timeDuration"), ("-PT1H", "timeDuration"),
     ("R0/PT1H", "timeCycle"), ("R3/soon", "timeCycle"), ("0 0 9 * * *", "timeDate")],
)  # fmt: skip
def test_a_time_that_cannot_be_read_is_refused(value: str, kind: str) -> None:
    wait = f'<bpmn:startEvent id="start">{timer(value, kind)}</bpmn:startEvent>'
    assert "timer" in rules(diagram(wait))


def test_a_start_that_fails_for_a_while_keeps_the_rhythm(
    session: Session, time: clock.VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy(session, "R3/PT1H")
    time.advance(timedelta(hours=1, minutes=2))
    with monkeypatch.context() as broken:
        broken.setattr(instances, "start", lambda *_, **__: 1 / 0)
        assert started(session) == 0
    assert timers.next_due(session) == NOW + timedelta(hours=1, minutes=7)
    time.advance(timedelta(minutes=6))
    assert started(session) == 1
    assert timers.next_due(session) == NOW + timedelta(hours=2)
    time.advance(timedelta(days=1))
    assert started(session) == 3


@pytest.mark.parametrize(
    ("value", "kind", "due"),
    [
        ("P1W", "timeDuration", datetime(2026, 3, 8, 8, tzinfo=UTC)),
        ("P1M2W", "timeDuration", datetime(2026, 4, 15, 8, tzinfo=UTC)),
        ("P1Y2M3DT4H", "timeDuration", datetime(2027, 5, 4, 12, tzinfo=UTC)),
        ("R/P1W", "timeCycle", datetime(2026, 3, 8, 8, tzinfo=UTC)),
        ("R2/2026-02-28T00:00Z/P1M1D", "timeCycle", datetime(2026, 3, 29, tzinfo=UTC)),
        ('="P2W"', "timeDuration", datetime(2026, 3, 15, 8, tzinfo=UTC)),
    ],
)
def test_durations_have_weeks_and_may_be_mixed(
    session: Session, time: clock.VirtualClock, value: str, kind: str, due: datetime
) -> None:
    deploy(session, value, kind)
    assert timers.next_due(session) == due


def test_a_cycle_of_months_and_days_goes_on_in_a_stored_instance(session: Session, time: clock.VirtualClock) -> None:
    reminded = f'<bpmn:boundaryEvent id="b" attachedToRef="a" cancelActivity="false">{timer("R/P1M1D", "timeCycle")}'
    content = diagram(
        '<bpmn:startEvent id="s"/>' + flow("s", "a") + user_task("a") + reminded + "</bpmn:boundaryEvent>"
        + flow("b", "look") + user_task("look")
    )  # fmt: skip
    instance = start(session, content)
    time.advance(timedelta(days=32))
    assert started(session) == 1
    assert (open_elements(session, instance), instance.wake_at) == (["a", "look"], NOW + timedelta(days=63))


@pytest.mark.parametrize("value", ["P", "PT", "P1W2", "P1DT", "PW", "P0M0D", "R0/PT1H/2026-12-01T00:00:00Z"])
def test_what_is_nearly_a_duration_is_refused(value: str) -> None:
    kind = "timeCycle" if value.startswith("R") else "timeDuration"
    assert "timer" in rules(diagram(f'<bpmn:startEvent id="start">{timer(value, kind)}</bpmn:startEvent>'))


@pytest.mark.parametrize(
    ("cycle", "moments"),
    [
        ("0 0 9 * * MON-FRI", ["2026-03-02 09:00", "2026-03-03 09:00"]),  # it is Sunday, four in the afternoon there
        ("0 30 8 L * ?", ["2026-03-31 08:30", "2026-04-30 08:30"]),
        ("0 0 9 1 * MON", ["2026-06-01 09:00"]),  # both days must fit, as in Zeebe
        ("@daily", ["2026-03-02 00:00", "2026-03-03 00:00"]),
        (
            "R4/2026-08-31T09:00:00+08:00/P1M",
            ["2026-08-31 09:00", "2026-09-30 09:00", "2026-10-31 09:00", "2026-11-30 09:00"],
        ),
        ("R4/2025-12-31T09:00:00+08:00/P1M", ["2026-03-31 09:00"]),  # what lies before now is over
        ("R3/PT12H/2026-03-03T18:00:00+08:00", ["2026-03-02 18:00", "2026-03-03 06:00", "2026-03-03 18:00"]),
        ("R9/PT12H/2026-03-02T18:00:00+08:00", ["2026-03-01 18:00", "2026-03-02 06:00", "2026-03-02 18:00"]),
        ("R/P1D/2026-03-02T18:00:00", ["2026-03-01 18:00", "2026-03-02 18:00"]),
        ("R2/P1D/2026-02-02T18:00:00+08:00", ["2026-02-02 18:00"]),  # over: what it was for still happens once
    ],
)
def test_a_cycle_happens_at_the_moments_that_it_names(
    session: Session, time: clock.VirtualClock, cycle: str, moments: list[str]
) -> None:
    deploy(session, cycle)
    for number, moment in enumerate(moments, 1):
        due = timers.next_due(session)
        assert due is not None
        assert f"{due.astimezone(clock.ZONE):%Y-%m-%d %H:%M}" == moment
        time.advance(due - clock.now())
        assert started(session) == number
    if cycle.startswith("R"):
        assert timers.next_due(session) is None


def test_a_monthly_cycle_comes_on_the_31st_again_after_a_short_month(
    session: Session, time: clock.VirtualClock
) -> None:
    time.instant = datetime(2027, 1, 31, 1, tzinfo=UTC)
    late = f'<bpmn:boundaryEvent id="late" attachedToRef="a" cancelActivity="false">{timer("R/P1M", "timeCycle")}'
    body = '<bpmn:startEvent id="start"/>' + user_task("a") + late + "</bpmn:boundaryEvent>" + user_task("remind")
    instance = start(session, diagram(body + flow("start", "a") + flow("late", "remind")))
    found = []
    for _ in range(4):
        assert instance.wake_at is not None
        found.append(f"{instance.wake_at:%m-%d}")
        time.instant = instance.wake_at
        started(session)
    assert found == ["02-28", "03-31", "04-30", "05-31"]
    token = next(one for one in instances.restore(session, instance).tokens() if one.due)
    moved = datetime(2027, 6, 15, 1, tzinfo=UTC)
    instances.move_timer(session, instance.id, token.id, moved, actor="admin", reason="holidays")
    time.instant = moved
    started(session)
    assert instance.wake_at == datetime(2027, 7, 15, 1, tzinfo=UTC), "from where it was moved to"


def test_a_process_that_starts_each_month_comes_on_the_31st_again(session: Session, time: clock.VirtualClock) -> None:
    time.instant = datetime(2027, 1, 31, 1, tzinfo=UTC)
    deploy(session, "R/P1M", "timeCycle")
    for day in ("02-28", "03-31", "04-30"):
        due = timers.next_due(session)
        assert due is not None and f"{due:%m-%d}" == day
        time.instant = due
        started(session)


def test_a_cron_cycle_of_an_instance_is_kept_with_its_state(session: Session, time: clock.VirtualClock) -> None:
    late = f'<bpmn:boundaryEvent id="late" attachedToRef="a" cancelActivity="false">{timer("0 0 9 * * *", "timeCycle")}'
    body = '<bpmn:startEvent id="start"/>' + user_task("a") + late + "</bpmn:boundaryEvent>" + user_task("remind")
    instance = start(session, diagram(body + flow("start", "a") + flow("late", "remind")))
    time.advance(timedelta(days=2, microseconds=1))
    started(session)
    assert open_elements(session, instance) == ["a", "remind", "remind"]


@pytest.mark.parametrize(
    "text",
    ["0 9 * * *", "0 0 9 30 2 *", "0 0 25 * * *", "@reboot", "R5/P1M/2026-03-03T18:00:00",
     "R5/2026-03-01T00:00:00/PT1H/2026-03-03T00:00:00", "R5/PT1H/tomorrow"],
)  # fmt: skip
def test_a_cycle_that_cannot_be_exact_is_refused(text: str) -> None:
    begin = f'<bpmn:startEvent id="start">{timer(text, "timeCycle")}</bpmn:startEvent>'
    assert rules(diagram(begin + user_task("look") + flow("start", "look"))) == {"timer"}
