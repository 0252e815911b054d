"""The embedded database: private, and still there after the process that started it was killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from engine import postgres
from engine.config import ROOT

STARTS_AND_WAITS = """
import sys, time
from pathlib import Path
from engine import postgres
print(postgres.ensure_running(Path(sys.argv[1])).url, flush=True)
time.sleep(60)
"""


@pytest.mark.faults
def test_the_server_outlives_a_killed_starter_and_the_next_one_finds_it(tmp_path: Path) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTS_AND_WAITS, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert starter.stdout is not None
    try:
        url = starter.stdout.readline().strip()
        starter.send_signal(signal.SIGKILL)
        starter.wait()
        starter.stdout.close()
        found = postgres.ensure_running(tmp_path)
        assert found.url == url
        assert postgres.is_running(found)
    finally:
        postgres.stop(tmp_path)
    assert not postgres.is_running(found)


@pytest.mark.faults
def test_a_server_that_was_killed_an_instant_ago_is_started_again(tmp_path: Path) -> None:
    place = postgres.ensure_running(tmp_path)
    try:
        with psycopg.connect(place.url.replace("+psycopg", "")) as connection:
            for _ in range(3):
                pid = int((place.data / "postmaster.pid").read_text().split()[0])
                os.kill(pid, signal.SIGKILL)
                postgres.ensure_running(tmp_path)
                psycopg.connect(place.url.replace("+psycopg", "")).close()
            connection.close()
    finally:
        postgres.stop(tmp_path)


def test_nobody_else_may_enter_the_folders_of_the_database(tmp_path: Path) -> None:
    place = postgres.cluster(tmp_path)
    assert place.socket.stat().st_mode & 0o077 == 0
    assert place.data.parent.stat().st_mode & 0o077 == 0
    if os.geteuid() == 0:
        assert place.data.is_relative_to(postgres.SYSTEM_HOME)
