"""A gateway and a mail server that listen on this machine, and keep what they are sent."""

import json
import os
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from engine.config import settings


class Gateway:
    """What came, and with which status the next requests are answered (then 200)."""

    def __init__(self) -> None:
        self.came: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        self.url = ""

    @property
    def texts(self) -> list[str]:
        """What people would read."""
        return [json.loads(body)["text"] for _, body in self.came]


@contextmanager
def gateway() -> Iterator[Gateway]:
    """A gateway that listens for the time of the block."""
    kept = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.came.append((dict(self.headers.items()), body))
            status = kept.answers.pop(0) if kept.answers else 200
            self.send_response(status)
            if status == 302:
                self.send_header("Location", kept.url)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_address[1]}/send"
    with _serving(server):
        yield kept


class MailServer:
    """The mails that came, whole, and the code with which recipients are refused, if any."""

    def __init__(self) -> None:
        self.came: list[bytes] = []
        self.refuses = 0
        self.port = 0


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A mail server (SMTP) that listens for the time of the block."""
    kept = MailServer()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 here")
            while line := self.rfile.readline().decode().strip():
                word = line[:4].upper()
                if word == "RCPT" and kept.refuses:
                    self.say(f"{kept.refuses} no")
                elif word == "DATA":
                    self.say("354 go on")
                    kept.came.append(self._mail())
                    self.say("250 kept")
                elif word == "QUIT":
                    return self.say("221 bye")
                else:
                    self.say("250 ok")

        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def _mail(self) -> bytes:
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line)
            return b"".join(lines)

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    kept.port = server.server_address[1]
    with _serving(server):
        yield kept


@contextmanager
def configured(**environment: str) -> Iterator[None]:
    """The house with these settings, for the time of the block."""
    before = dict(os.environ)
    os.environ.update(environment)
    settings.cache_clear()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        settings.cache_clear()


@contextmanager
def _serving(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
