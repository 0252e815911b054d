"""A clock that jumps: libfaketime below everything that the house starts, the database too, told by a file."""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from importlib.metadata import files
from pathlib import Path

import pytest


class WrongClock:
    """The wall clock of a house; what runs in the test itself keeps the true one. Clocks that only count go on."""

    def __init__(self) -> None:
        if (sys.platform, platform.machine()) != ("linux", "x86_64"):
            pytest.skip("libfaketime's wheel is for Linux on x86-64")
        self.ahead = self.furthest = timedelta()
        # where the database's own user can read it
        self.folder = Path(tempfile.mkdtemp(prefix="hejie-clock-"))
        self.folder.chmod(0o755)
        [library] = [one for one in files("libfaketime") or () if one.name == "libfaketime.so.1"]
        shutil.copy(str(library.locate()), self.folder / "libfaketime.so.1")
        self.env = {
            "LD_PRELOAD": str(self.folder / "libfaketime.so.1"),
            "FAKETIME_TIMESTAMP_FILE": str(self.folder / "offset"),
            "FAKETIME_CACHE_DURATION": "1",  # seconds between two looks at the file
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }
        self.jump(timedelta(days=1))
        said = subprocess.run(
            [sys.executable, "-c", "import time; print(time.time())"],
            env={**os.environ, **self.env}, check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
        assert datetime.fromtimestamp(float(said), UTC) - datetime.now(UTC) > timedelta(hours=23), "it does not jump"
        self.furthest = timedelta()
        self.jump(timedelta())

    def jump(self, ahead: timedelta) -> None:
        """Be so much ahead of the true time."""
        self.ahead, self.furthest = ahead, max(ahead, self.furthest)
        fresh = self.folder / "fresh"
        fresh.write_text(f"+{ahead.total_seconds():.0f}\n")
        fresh.chmod(0o644)
        fresh.rename(self.folder / "offset")  # at once: nobody reads half of it

    def remove(self) -> None:
        """Take the files away."""
        shutil.rmtree(self.folder)
