"""The history of the database's schema (Alembic): `upgrade` brings a database to the newest."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` to a revision."""
    command.upgrade(_config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Take the database at `url` back to a revision."""
    command.downgrade(_config(url), revision)


def revise(url: str, message: str) -> None:
    """Write a new revision: what the models have and the database at `url` lacks."""
    command.revision(_config(url), message, autogenerate=True)


def newest_revisions() -> set[str]:
    """The revisions that a database of this version has reached."""
    return set(ScriptDirectory(str(Path(__file__).parent)).get_heads())


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["url"] = url
    return config
