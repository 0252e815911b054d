"""How many requests are worked on at once, and who takes no place while waiting."""

import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from queue import Queue
from typing import Any

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from api.admission import PLACES, Admission, place_left


class Line:
    """A body that comes piece by piece, when the test lets it."""

    def __init__(self) -> None:
        self.pieces: Queue[bytes] = Queue()

    def read(self, size: int) -> bytes:
        return self.pieces.get(timeout=60)


def test_no_more_are_worked_on_at_once_than_there_are_places() -> None:
    lock, go = threading.Lock(), threading.Semaphore(0)
    inside: list[int] = []
    seen: list[int] = []

    def app(environ: Any, start: Any) -> Iterable[bytes]:
        with lock:
            inside.append(1)
            seen.append(len(inside))
        go.acquire(timeout=60)
        with lock:
            inside.pop()
        start("200 OK", [])
        return [b"done"]

    admission = Admission(app, longest=10)
    with ThreadPoolExecutor(3 * PLACES) as pool:
        asked = [pool.submit(_ask, admission) for _ in range(3 * PLACES)]
        for _ in asked:
            go.release()
        assert [one.result() for one in asked] == [("200 OK", b"done")] * (3 * PLACES)
    assert max(seen) <= PLACES


def test_who_sends_slowly_takes_no_place() -> None:
    admission = Admission(_echo, longest=10)
    lines = [Line() for _ in range(2 * PLACES)]
    with ThreadPoolExecutor(2 * PLACES) as pool:
        slow = [pool.submit(_ask, admission, line, 10) for line in lines]
        assert _ask(admission, BytesIO(b"quick"), 5) == ("200 OK", b"quick")
        for line in lines:
            line.pieces.put(b"slow ")
            line.pieces.put(b"words")
        assert {one.result() for one in slow} == {("200 OK", b"slow words")}


def test_half_a_body_is_no_request() -> None:
    assert _ask(Admission(_echo, longest=10), BytesIO(b"half"), 10) == ("400 Bad Request", b"")


def test_what_is_too_long_is_left_to_the_application() -> None:
    assert _ask(Admission(_echo, longest=3), BytesIO(b"long"), 4) == ("200 OK", b"long")


def test_who_waits_for_work_leaves_the_place_to_another() -> None:
    flask = Flask(__name__)
    come = threading.Event()

    @flask.get("/wait")
    def wait() -> str:
        with place_left():
            assert come.wait(60)
        return "come"

    @flask.get("/go")
    def go() -> str:
        come.set()
        return "gone"

    admission = Admission(flask, longest=10)
    with ThreadPoolExecutor(PLACES) as pool:
        waiting = [pool.submit(_ask, admission, path="/wait") for _ in range(PLACES)]
        assert _ask(admission, path="/go") == ("200 OK", b"gone")
        assert [one.result() for one in waiting] == [("200 OK", b"come")] * PLACES


def _echo(environ: Any, start: Any) -> Iterable[bytes]:
    start("200 OK", [])
    return [environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))]


def _ask(admission: Admission, body: Any = None, length: int = 0, path: str = "/") -> tuple[str, bytes]:
    environ = EnvironBuilder(path=path).get_environ()
    environ["wsgi.input"], environ["CONTENT_LENGTH"] = body, str(length)
    answer, status, _ = run_wsgi_app(admission, environ, buffered=True)
    return status, b"".join(answer)
