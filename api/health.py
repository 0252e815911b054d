"""For whoever watches over the servers: /healthz (this process and the database answer), /readyz (and may serve)."""

from flask import Blueprint, Flask
from flask.typing import ResponseReturnValue

from engine import db
from engine.health import database_answers, schema_is_current

blueprint = Blueprint("health", __name__)


def init_app(app: Flask) -> None:
    """Add the two addresses."""
    app.register_blueprint(blueprint)


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Whether the database answers."""
    with db.transaction() as session:
        database_answers(session)
    return {"status": "ok"}


@blueprint.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Whether the database answers and has the schema of this version."""
    with db.transaction() as session:
        current = schema_is_current(session)
    return ({"status": "ok"}, 200) if current else ({"status": "schema is not current; run: hejie db upgrade"}, 503)
