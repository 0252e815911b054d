"""The WSGI entry ``api.wsgi:app``, for the processes that `hejie serve` starts."""

import os
import signal
import threading
import time

from api.admission import Admission
from api.app import create_app
from api.resource import uploads_limit

LOOK_EVERY = 1.0
"""Seconds between two looks at whether the process that started this one is still there."""


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY)
    os.kill(os.getpid(), signal.SIGKILL)  # nobody is left to start a successor, or to free the port


threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
app = Admission(create_app(), longest=uploads_limit())
