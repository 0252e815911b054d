"""Many timers that fall due at once, two workers: each fires once, how fast, and whether the workers stay small."""

import os
import re
import subprocess
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from bench import database
from bench.diagrams import WAIT
from bench.engine import deploy
from bench.measure import Figure
from bench.rest import HEJIE
from engine import clock, db
from engine.config import ROOT
from engine.workflow import instances
from engine.workflow.definitions import File

WORKERS, WARM = 2, 0.1
COPY = """
INSERT INTO instance (id, definition_id, stream, county, division, status, state, wake_at, started_at, version)
SELECT made.id, definition_id, made.id, county, division, status, state, wake_at, started_at, version
FROM instance, (SELECT gen_random_uuid() AS id FROM generate_series(2, :number)) AS made
"""
TWICE = """
SELECT count(*) FROM (
  SELECT instance FROM event WHERE kind = 'timer.fired' GROUP BY instance HAVING count(*) <> 1
  UNION ALL SELECT instance_id FROM user_task GROUP BY instance_id HAVING count(*) <> 1
) AS wrong
"""


def run(*, full: bool = False) -> list[Figure]:
    """Timers a second, and the memory of the workers; ends in an error if one fired twice or never."""
    number = 100_000 if full else 20_000
    with database.fresh() as url:
        deploy(File("wait.bpmn", WAIT))
        with clock.virtual(clock.now() - timedelta(days=31)), db.transaction() as session:
            instances.start(session, "resting", {"case_id": "bench", "level": "village"}, actor="bench")
        with db.transaction() as session:
            session.execute(text(COPY), {"number": number})
        with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM (ANALYZE) instance"))
        figures = _fired(url, number)
        with db.transaction() as session:
            assert session.scalar(text("SELECT count(*) FROM event WHERE kind = 'timer.fired'")) == number
            assert session.scalar(text(TWICE)) == 0
        return figures


def _fired(url: str, number: int) -> list[Figure]:
    """Counted from the first to the last that fires: how long a worker takes to start is another matter."""
    env = {**os.environ, "HEJIE_DATABASE_URL": url}
    quiet = subprocess.DEVNULL
    workers = [subprocess.Popen([*HEJIE, "worker"], cwd=ROOT, env=env, stderr=quiet) for _ in range(WORKERS)]
    try:
        begun, first = _until(number, 1)
        _until(number, int(number * WARM))
        warm = [_kilobytes(worker.pid, "VmHWM") for worker in workers]
        ended, all_of_them = _until(number, number)
        peak = [_kilobytes(worker.pid, "VmHWM") for worker in workers]
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait(timeout=30)
    rate = (all_of_them - first) / (ended - begun)
    growth = max(after / before for before, after in zip(warm, peak, strict=True))
    subject = f"peak memory of a worker after {number:,} instances beside {int(number * WARM):,}"
    note = f"{max(peak) / 1024:,.0f} MB"
    return [
        Figure(f"{number:,} timers due at once, two workers", rate, rate, rate, "a second", "", 300, 1000),
        Figure(subject, growth, growth, growth, "×", note, 1.1, 1.05, at_most=True),
    ]


def _until(number: int, wanted: int) -> tuple[float, int]:
    """When so many have fired, and how many had."""
    while True:
        with db.transaction() as session:
            left = session.scalar(text("SELECT count(*) FROM instance WHERE wake_at IS NOT NULL")) or 0
        if number - left >= wanted:
            return time.perf_counter(), number - left
        time.sleep(0.2)


def _kilobytes(pid: int, line: str) -> int:
    found = re.search(rf"{line}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1])
