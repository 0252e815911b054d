"""The worker: does jobs as they come and fires timers as they fall due. Any number of workers may run."""

import asyncio
import os
import secrets
import signal
import socket
from collections.abc import Callable
from datetime import timedelta
from logging import getLogger
from uuid import UUID

import procrastinate

import engine.studio.replays
import engine.workflow.batches  # noqa: F401 - these bring their jobs
from engine import clock, db, idempotency
from engine.casework import telling, unsent
from engine.ledger import movements
from engine.notifications import delivering
from engine.registers import calls, households, partners, visits
from engine.studio import releases, trials
from engine.workflow import jobs, messages, performing, service_jobs, timers

TICK = timedelta(seconds=1)
STALLED = timedelta(seconds=30)
"""A job whose worker has not been heard of for so long is given to another."""
LOOK = timedelta(minutes=2)

COUNTING = timedelta(minutes=10)
"""How often to look whether a new day has begun for the boards."""

log = getLogger(__name__)


def _transactional(function: Callable[..., None]) -> Callable[..., None]:
    @db.again_after_deadlock
    def perform(**ids: str) -> None:
        with db.transaction() as session:
            function(session, **ids)

    return perform


def _service_job(job: str) -> None:
    """Do a service job; one that reaches out of the house is done between two transactions, not in one."""
    with db.transaction() as session:
        order = performing.take(session, UUID(job))
    if order is not None:
        outcome = order.carry_out()
        with db.transaction() as session:
            performing.report(session, order, outcome)


def _deliver(delivery: str) -> None:
    """Send a message that leaves the house between two transactions, not in one."""
    with db.transaction() as session:
        message = delivering.take(session, UUID(delivery))
    if message is not None:
        failure = delivering.attempt(message)
        with db.transaction() as session:
            delivering.report(session, UUID(delivery), failure)


def _check_release(release: str) -> None:
    """Try a release; what became of each scenario is seen as soon as it was played."""
    with db.transaction() as session:
        trial = trials.take(session, UUID(release))
    if trial is None:
        return
    for outcome in trial.play():
        with db.transaction() as session:
            trials.note(session, UUID(release), outcome)
    with db.transaction() as session:
        trials.close(session, UUID(release))


OUTSIDE = {
    performing.do_service_job.__name__: _service_job,
    delivering.deliver.__name__: _deliver,
    trials.check_release.__name__: _check_release,
}
"""The jobs that reach out of the house or take long, which none does within one transaction."""

for name, function in jobs.JOBS.items():
    again = procrastinate.RetryStrategy(max_attempts=10, exponential_wait=2)
    jobs.app.task(OUTSIDE.get(name) or _transactional(function), name=name, retry=again)


@db.again_after_deadlock
def tick() -> int:
    """One look at the timers: fires a batch of what is due. Returns how many instances it took."""
    with db.transaction() as session:
        return timers.fire_due(session)


def warn() -> int:
    """One look at the deadlines. Returns how many were warned of."""
    with db.transaction() as session:
        return telling.warn(session)


def look() -> int:
    """One look at what has come that people should know of. Returns how many were told."""
    with db.transaction() as session:
        return telling.look(session)


def count_days() -> int:
    """Count the past days for the boards, once a day. Nothing more is to do then."""
    with db.transaction() as session:
        movements.recount(session)
    return 0


def keep_registers() -> int:
    """Delete what registers keep no longer, and what an ended campaign knew of households. Returns how many."""
    with db.transaction() as session:
        return households.expire(session) + visits.forget(session) + partners.forget(session) + calls.expire(session)


def forget() -> int:
    """Delete files of forms that nobody sent, and answers that nobody asks for again. Nothing more is to do then."""
    with db.transaction() as session:
        unsent.forget(session)
        idempotency.forget(session)
    return 0


def release() -> int:
    """One look at the studio's releases: deploys one whose time has come. Returns how many."""
    with db.transaction() as session:
        return releases.deploy_due(session)


def remind() -> int:
    """Give out service jobs and messages once more that were given to nobody. Returns how many it looked at."""
    with db.transaction() as session:
        return messages.remind(session) + service_jobs.remind(session)


def run() -> None:
    """Work until SIGTERM or SIGINT; what is in hand is finished first."""
    asyncio.run(_run())


async def _run() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    url = db.database_url().replace("+psycopg", "")
    connector = procrastinate.PsycopgConnector(conninfo=url)
    with jobs.app.replace_connector(connector) as app:
        async with app.open_async():
            await _work(app, stop)


async def _work(app: procrastinate.App, stop: asyncio.Event) -> None:
    # A name of its own at each start: Procrastinate would take a new worker for the dead one of the same name.
    name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
    doing = asyncio.create_task(
        app.run_worker_async(name=name, concurrency=4, delete_jobs="successful", install_signal_handlers=False)
    )
    ticking = asyncio.create_task(_every(TICK, tick, stop))
    sweeping = asyncio.create_task(_sweep(app, stop))
    reminding = asyncio.create_task(_every(STALLED, remind, stop))
    warning = asyncio.create_task(_every(STALLED, warn, stop))
    releasing = asyncio.create_task(_every(TICK, release, stop))
    looking = asyncio.create_task(_every(LOOK, look, stop))
    counting = asyncio.create_task(_every(COUNTING, count_days, stop))
    expiring = asyncio.create_task(_every(COUNTING, keep_registers, stop))
    forgetting = asyncio.create_task(_every(COUNTING, forget, stop))
    await asyncio.wait({asyncio.create_task(stop.wait()), doing}, return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    doing.cancel()  # Procrastinate lets the jobs in hand end first
    await asyncio.gather(
        doing,
        ticking,
        sweeping,
        reminding,
        warning,
        looking,
        counting,
        expiring,
        forgetting,
        releasing,
        return_exceptions=True,
    )


async def _every(pause: timedelta, work: Callable[[], int], stop: asyncio.Event) -> None:
    """Do `work` again and again; pause only when it found nothing to do."""
    while not stop.is_set():
        try:
            done = await asyncio.to_thread(work)
        except Exception:
            log.exception("the tick failed; it goes on")
            done = 0
        if not done:
            await _pause(pause, stop)


async def _sweep(app: procrastinate.App, stop: asyncio.Event) -> None:
    """Give jobs of workers that died to others."""
    while not stop.is_set():
        try:
            for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED.total_seconds()):
                await app.job_manager.retry_job(job, retry_at=clock.now())
        except Exception:
            log.exception("stalled jobs could not be given to others; the next look tries again")
        await _pause(STALLED / 3, stop)


async def _pause(length: timedelta, stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), timeout=length.total_seconds())
    except TimeoutError:
        return
