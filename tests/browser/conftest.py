"""The running product, web server and worker, and the people who use it with their phones and desktops."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.people import Person
from tests.databases import fresh_database

HEJIE = [sys.executable, "-m", "api.cli"]
ROOT = Path(__file__).parents[2]
SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1360, "height": 900}}


@dataclass(frozen=True)
class Product:
    """The running product: its address, and the URL of its database."""

    address: str
    database: str


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """The running product with the demo county, on a database of its own."""
    with fresh_database(f"browser_{os.getpid()}") as database:
        env = {**os.environ, "HEJIE_DATABASE_URL": database, "HEJIE_DEMO": "1"}
        subprocess.run([*HEJIE, "demo", "load"], cwd=ROOT, env=env, check=True)
        port = free_port()
        commands = (["serve", "--port", str(port), "--processes", "1"], ["worker"])
        running = [subprocess.Popen([*HEJIE, *one], cwd=ROOT, env=env, start_new_session=True) for one in commands]
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(f"{address}/healthz")
            yield Product(address, database)
        finally:
            for process in running:
                process.send_signal(signal.SIGTERM)
            for process in running:
                process.wait(timeout=30)


@pytest.fixture(params=list(SIZES))
def size(request: pytest.FixtureRequest) -> str:
    """At which size the story is played."""
    return str(request.param)


@pytest.fixture
def person(browser: Browser, product: Product, size: str) -> Iterator[Callable[..., Person]]:
    """Somebody with a device of their own: ``person("duty")`` signs in, ``person()`` is a villager without account."""
    contexts = []
    people = []

    def make(login: str | None = None, *, script: bool = True, locale: str = "zh-CN", dark: bool = False) -> Person:
        context = browser.new_context(
            viewport=SIZES[size],  # type: ignore[arg-type]
            locale=locale,
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
            base_url=product.address,
        )
        contexts.append(context)
        one = Person(context.new_page(), script=script)
        people.append(one)
        if login:
            one.sign_in(login)
        return one

    yield make
    for context in contexts:
        context.close()
    for one in people:
        assert one.troubles == []


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(address).close()
            return
        except OSError:
            assert time.monotonic() < end, f"{address} does not answer"
            time.sleep(0.2)
