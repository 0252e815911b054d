"""Whatever the house defers, its worker can do."""

import importlib
import pkgutil
import subprocess
import sys

import engine
from engine.workflow.jobs import JOBS

KNOWN = "import engine.worker; from engine.workflow.jobs import JOBS; print(*JOBS)"


def test_the_worker_knows_every_job() -> None:
    for module in pkgutil.walk_packages(engine.__path__, "engine."):
        if ".migrations." not in module.name:
            importlib.import_module(module.name)
    told = subprocess.run([sys.executable, "-c", KNOWN], capture_output=True, text=True, check=True)
    assert set(told.stdout.split()) == set(JOBS)
