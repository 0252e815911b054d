"""What is sent is made smaller (gzip) where that tells nobody anything: files of the house, and pages of nobody's.

A page of somebody who is signed in holds their form's token beside words that others may have sent; its size under
compression could tell the token (BREACH). Those pages go as they are.
"""

import gzip
from functools import lru_cache

from flask import Flask, Response, g, request

from engine.people.actor import Actor

SMALLEST = 1024
"""Bytes from which it is worth it."""
KINDS = {
    "text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml",
    "application/manifest+json",
}  # fmt: skip


def init_app(app: Flask) -> None:
    """Make answers smaller after every request."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype not in KINDS or not _tells_nothing():
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code != 200 or not request.accept_encodings.quality("gzip") or request.method != "GET":
        return response
    response.direct_passthrough = False
    plain = response.get_data()
    if len(plain) >= SMALLEST and "Content-Encoding" not in response.headers:
        response.set_data(_zipped(plain) if request.endpoint == "static" else gzip.compress(plain, 6))
        response.content_encoding = "gzip"
        tag, _ = response.get_etag()
        if tag:
            response.set_etag(tag, weak=True)
    return response


def _tells_nothing() -> bool:
    return request.endpoint == "static" or g.get("actor") is Actor.PUBLIC


@lru_cache(maxsize=64)
def _zipped(plain: bytes) -> bytes:
    return gzip.compress(plain, 9)
