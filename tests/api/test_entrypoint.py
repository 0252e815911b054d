"""The image's entry point, run by itself: it brings the database up to date, serves, and ends when told to."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from engine.config import ROOT
from tests.browser.conftest import free_port
from tests.databases import fresh_database

ENTRYPOINT = ["sh", str(ROOT / "docker" / "entrypoint.sh")]
PATIENCE = 240.0
"""Seconds after which a part that does not answer has failed."""
PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


def test_without_a_database_it_says_what_to_set() -> None:
    env = {**os.environ, "PATH": PATH, "HEJIE_DATABASE_URL": ""}
    refused = subprocess.run([*ENTRYPOINT, "serve"], env=env, capture_output=True, text=True)
    assert refused.returncode != 0
    assert "HEJIE_DATABASE_URL" in refused.stderr


@pytest.mark.faults
def test_it_serves_and_ends_with_the_signal_of_the_container_engine() -> None:
    with fresh_database(f"image_{os.getpid()}") as database:
        port = free_port()
        env = {**os.environ, "PATH": PATH, "HEJIE_DATABASE_URL": database, "HEJIE_DEMO": "1"}
        running = subprocess.Popen([*ENTRYPOINT, "serve", "--port", str(port)], cwd=ROOT, env=env)
        try:
            assert "民主" in _read(f"http://127.0.0.1:{port}/report"), "the demo county is there"
        finally:
            running.send_signal(signal.SIGTERM)
            assert running.wait(timeout=30) == 0


def _read(address: str) -> str:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(address) as answer:
                return str(answer.read().decode())
        except OSError:
            assert time.monotonic() < end, f"{address} does not answer"
            time.sleep(0.2)
