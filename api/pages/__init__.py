"""The pages: server-rendered, complete without script."""

from flask import Flask

from api.pages import (
    account,
    api_docs,
    board,
    callbacks,
    case,
    cockpit,
    colleagues,
    decisions,
    figures,
    follow,
    frame,
    handbook,
    home,
    keeping,
    language,
    law,
    ledger,
    mediators,
    notifications,
    offline,
    papers,
    parties,
    receptions,
    rehearsals,
    replays,
    report,
    rounds,
    search,
    sessions,
    sign_in,
    start,
    studio,
    studio_drafts,
    studio_edit,
    studio_releases,
    task,
    town,
    uploads,
    walks,
    work,
)

PARTS = (
    home,
    report,
    rounds,
    start,
    follow,
    sign_in,
    account,
    handbook,
    language,
    work,
    task,
    colleagues,
    walks,
    sessions,
    case,
    search,
    ledger,
    mediators,
    figures,
    board,
    law,
    town,
    receptions,
    callbacks,
    parties,
    papers,
    keeping,
    decisions,
    rehearsals,
    replays,
    studio,
    notifications,
    cockpit,
    studio_drafts,
    studio_edit,
    studio_releases,
    uploads,
    api_docs,
    offline,
)


def init_app(app: Flask) -> None:
    """Add every page, and what all of them show."""
    frame.init_app(app)
    for part in PARTS:
        app.register_blueprint(part.blueprint)


__all__ = ["init_app"]
