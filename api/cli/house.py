"""Commands that run the house: the database, the demo county, the web server, the worker, and all at once."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

import click

from engine import casework, db, postgres
from engine.config import ROOT, settings
from engine.migrations import upgrade

HEJIE = [sys.executable, "-m", "api.cli"]
LOOK_EVERY = 2.0
"""Seconds between two looks at whether everything runs."""
MOST_RESTARTS = 10
"""Restarts in a minute after which `run` gives up."""
THREADS = 64
"""Requests of a web process that may be under way; most of them wait for a slow line (`api.admission`)."""
KEEP_ALIVE = 75
"""Seconds that a connection may rest between two requests: longer than proxies keep theirs, since who closes first must
not be us."""
LIFELINE = "HEJIE_LIFELINE"
"""How `run` tells its children the pipe to watch: it closes when `run` ends, even by SIGKILL, on every Unix."""


@click.group("db")
def database() -> None:
    """The database: bring it up to date, stop the embedded one."""


@database.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest schema; starts the embedded one if no other is set."""
    upgrade(db.database_url())


@database.command("stop")
def db_stop() -> None:
    """Stop the embedded database."""
    if settings().database_url:
        raise click.UsageError("HEJIE_DATABASE_URL is set: that server is not ours to stop.")
    postgres.stop(settings().var)


@click.group("demo")
def demo() -> None:
    """The demo county."""


@demo.command("load")
def demo_load() -> None:
    """Load the demo county, its people, the processes and a few reports; what is there already stays as it is."""
    with db.transaction() as session:
        casework.load_demo(session)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--processes", default=2, show_default=True, help="Web processes; one for each processor is enough.")
def serve(host: str, port: int, processes: int) -> None:
    """Serve pages and REST."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    _end_with_run()
    db.database_url()  # start the embedded database once, before the processes are
    Granian(
        "api.wsgi:app", address=host, port=port, interface=Interfaces.WSGI, http=HTTPModes.http1, websockets=False,
        workers=processes, blocking_threads=THREADS, workers_kill_timeout=10, respawn_failed_workers=True,
        log_level=LogLevels.error, http1_settings=HTTP1Settings(header_read_timeout=1000 * KEEP_ALIVE),
    ).serve()  # fmt: skip


@click.command()
def worker() -> None:
    """Do jobs and fire timers, until told to stop."""
    from engine import worker as engine_worker

    _end_with_run()
    engine_worker.run()


@click.command()
@click.option("--port", default=8000, show_default=True)
def run(port: int) -> None:
    """All at once: the database, the demo county on first start, the worker and the web server."""
    address = f"http://127.0.0.1:{port}"
    _require_free(port)  # before the database is touched: another Hejie may be using it
    _upgrade_and_load()
    lifeline = os.pipe()[0]  # its other end closes with us, however we end
    children = {name: _start(name, port, lifeline) for name in ("worker", "serve")}
    try:
        signal.signal(signal.SIGTERM, _interrupt)
        click.echo(f"\n  Hejie 和解   {address}\n\n{casework.demo_accounts()}\n\n  Ctrl-C stops it.")
        _keep_alive(children, port, lifeline)
    except KeyboardInterrupt:
        click.echo("Stopping …")
    finally:
        for child in children.values():
            child.terminate()
        for child in children.values():
            child.wait(timeout=30)
        if not settings().database_url:
            postgres.stop(settings().var)


def _keep_alive(children: dict[str, subprocess.Popen[bytes]], port: int, lifeline: int) -> None:
    """Start again what has ended: web server, worker, embedded database. Gives up where that does not help."""
    restarts: list[float] = []
    while True:
        time.sleep(LOOK_EVERY)
        ended = [name for name, child in children.items() if child.poll() is not None]
        if ended:
            restarts = [at for at in restarts if at > time.monotonic() - 60] + [time.monotonic()]
        if len(restarts) > MOST_RESTARTS:
            raise click.ClickException(f"{ended[0]} ends again and again; what it said stands above.")
        if not settings().database_url:
            postgres.ensure_running(settings().var)
        for name in ended:
            children[name] = _start(name, port, lifeline)


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the web server binds
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            hint = "Perhaps Hejie runs there already. PORT=8080 make run chooses another."
            raise click.ClickException(f"Port {port} is taken. {hint}") from None


def _upgrade_and_load() -> None:
    upgrade(db.database_url())
    with db.transaction() as session:
        casework.load_demo(session)
    db.engine().dispose()


def _start(name: str, port: int, lifeline: int) -> subprocess.Popen[bytes]:
    options = ["--port", str(port)] if name == "serve" else []
    # A session of its own: Ctrl-C reaches us alone, and we end the children in order.
    env = {**os.environ, "HEJIE_DEMO": "1", LIFELINE: str(lifeline)}
    return subprocess.Popen(
        [*HEJIE, name, *options], cwd=Path(ROOT), env=env, start_new_session=True, pass_fds=(lifeline,)
    )


def _end_with_run() -> None:
    """Have a small process of our own tell us to end, in order, once the `run` that started us is no more."""
    if LIFELINE not in os.environ:
        return
    watched = os.getpid()
    if os.fork() > 0:
        return
    os.read(int(os.environ[LIFELINE]), 1)
    if os.getppid() == watched:  # else we ended long ago, and the number may be somebody else's
        os.kill(watched, signal.SIGTERM)
    os._exit(0)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
