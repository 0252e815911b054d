"""The naive version's web application: ``gunicorn bench.naive.app:app``."""

import os
from uuid import UUID

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from bench.naive import persisted

engine = create_engine(os.environ["HEJIE_DATABASE_URL"], pool_pre_ping=True, pool_size=16)
app = Flask(__name__)


@app.post("/instances/<uuid:instance>/tasks/<uuid:task>/complete")
def complete(instance: UUID, task: UUID) -> ResponseReturnValue:
    """Complete a task with whatever is sent."""
    with Session(engine) as session, session.begin():
        try:
            following = persisted.complete(session, instance, task, request.get_json())
        except LookupError:
            return jsonify(error="not open"), 409
        return jsonify(tasks=[str(one) for one in following])
