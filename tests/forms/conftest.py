"""A page around a form, served for a real browser."""

from collections.abc import Iterator
from threading import Thread

import pytest
from werkzeug.serving import make_server

from tests.forms.page import Desk, app_for


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A running page; says where it is, and keeps what it was sent."""
    found = Desk()
    server = make_server("127.0.0.1", 0, app_for(found), threaded=True)
    found.url = f"http://127.0.0.1:{server.server_port}/"
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()
