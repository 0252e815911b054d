"""What whoever watches over the servers asks."""

from flask.testing import FlaskClient
from sqlalchemy import text

from engine import db


def test_a_healthy_server_says_so(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    assert client.get("/readyz").get_json() == {"status": "ok"}


def test_a_server_with_an_old_schema_is_not_ready(client: FlaskClient) -> None:
    with db.transaction() as session:
        newest = session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    try:
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200
    finally:
        with db.transaction() as session:
            session.execute(text("UPDATE alembic_version SET version_num = :newest"), {"newest": newest})
