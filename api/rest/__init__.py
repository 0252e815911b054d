"""REST under /api/v1, described by OpenAPI 3.1 at /api/v1/openapi.json."""

from flask import Flask

from api.rest import (
    accounts,
    batches,
    boards,
    cases,
    cockpit,
    colleagues,
    comparison,
    definitions,
    drafts,
    emergency,
    figures,
    handing,
    insight,
    instances,
    jobs,
    keeping,
    law,
    ledger,
    me,
    mediations,
    mediators,
    notifications,
    papers,
    parties,
    places,
    processes,
    receptions,
    registers,
    rehearsals,
    releases,
    reports,
    returning,
    rounds,
    search,
    sessions,
    step_templates,
    studio,
    studio_tools,
    taking_up,
    tasks,
    town,
    units,
    uploads,
    watching,
)
from api.rest.description import CONFIG, PREFIX, HejieApi

PARTS = (
    reports,
    rounds,
    tasks,
    batches,
    returning,
    handing,
    colleagues,
    cases,
    taking_up,
    emergency,
    sessions,
    search,
    parties,
    keeping,
    papers,
    ledger,
    figures,
    boards,
    law,
    places,
    accounts,
    units,
    town,
    registers,
    receptions,
    mediations,
    mediators,
    notifications,
    uploads,
    processes,
    definitions,
    comparison,
    insight,
    cockpit,
    instances,
    jobs,
    watching,
    rehearsals,
    step_templates,
    studio,
    drafts,
    releases,
    studio_tools,
    me,
)


def init_app(app: Flask) -> None:
    """Add every REST address and the description of all of them."""
    app.config.update(CONFIG)
    interface = HejieApi(app)
    for part in PARTS:
        interface.register_blueprint(part.blueprint, url_prefix=PREFIX)


__all__ = ["init_app"]
