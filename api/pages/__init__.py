"""The pages: server-rendered, complete without script."""

from flask import Flask

from api.pages import api_docs, frame, home, language, ledger, sign_in, uploads

PARTS = (home, sign_in, language, ledger, uploads, api_docs)


def init_app(app: Flask) -> None:
    """Add every page, and what all of them show."""
    frame.init_app(app)
    for part in PARTS:
        app.register_blueprint(part.blueprint)


__all__ = ["init_app"]
