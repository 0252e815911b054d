"""What an earlier release of the product brought is renewed by the next one; what the house made of it stays."""

import os
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from engine import casework, db
from engine.casework import house
from engine.workflow import definitions
from engine.workflow.definitions import File
from tests.databases import fresh_database, using

FORM = "f-watch.form.json"


def release(monkeypatch: pytest.MonkeyPatch, title: str) -> File:
    """Let the product bring this form, its title changed, and all else as it is."""
    [form] = [one for one in REAL if one.name == FORM]
    changed = File(FORM, form.content.replace(b'"title": "', f'"title": "{title}'.encode(), 1))
    monkeypatch.setattr(house, "library", lambda: [changed if one.name == FORM else one for one in REAL])
    return changed


REAL = house.library()


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    """A session in an empty house of its own."""
    with fresh_database(f"library_{os.getpid()}") as url, using(url), db.transaction() as own:
        yield own
        own.rollback()


def test_a_release_renews_what_the_one_before_brought(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    casework.load_library(session)
    assert casework.load_library(session) == [], "nothing new, no version"
    release(monkeypatch, "新")
    assert [(one.key, one.version) for one in casework.load_library(session)] == [("f-watch", 2)]
    assert casework.own_versions(session) == []


def test_what_was_deployed_here_stays_and_is_named(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    casework.load_library(session)
    own = release(monkeypatch, "本县")
    casework.deploy(session, None, [File("ours.form.json", own.content)])
    release(monkeypatch, "新")
    assert casework.load_library(session) == []
    assert casework.own_versions(session) == [FORM]
    assert definitions.newest(session, "form", "f-watch").content == own.content
