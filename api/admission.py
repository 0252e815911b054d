"""How many requests of a process are worked on at once: few, since Python runs one thread at a time.

While one waits for the database the next ones work; more than that only take Python's lock from each other. Whoever
waits for something slow takes no place: for a body that comes over a bad line, or for work to come in a long poll.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any

from flask import request
from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PLACES = 2
PLACE = "hejie.place"
IN_MEMORY, PIECE = 256 * 1024, 64 * 1024
"""Bytes of a body that are kept in memory, and that are read at a time."""


class Admission:
    """A WSGI application that receives each request's body, waits for a place, and then passes the request on.

    Bodies longer than `longest` bytes, or of unknown length, are left to the application to refuse or read.
    """

    def __init__(self, app: "WSGIApplication", *, longest: int) -> None:
        self.app, self.longest = app, longest
        self.places = threading.BoundedSemaphore(PLACES)

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        environ[PLACE] = self.places
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if not 0 < length <= self.longest:
            with self.places:
                return self.app(environ, start)
        body = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # closed when the answer has been sent
        if _receive(environ["wsgi.input"], body, length) < length:
            body.close()
            start("400 Bad Request", [("Content-Length", "0")])  # the line was cut: nobody will read this
            return []
        body.seek(0)
        environ["wsgi.input"] = body
        with self.places:
            return ClosingIterator(self.app(environ, start), body.close)


def _receive(source: Any, body: Any, length: int) -> int:
    received = 0
    while received < length and (piece := source.read(min(PIECE, length - received))):
        received += len(piece)
        body.write(piece)
    return received


@contextmanager
def place_left() -> Iterator[None]:
    """Leave this request's place to another one while it waits."""
    places = request.environ.get(PLACE)
    if places is None:  # nobody counts, as in most tests
        yield
        return
    places.release()
    try:
        yield
    finally:
        places.acquire()
