"""What the pages of the cockpit share: their blueprint, their words, and what a diagram beside a table needs."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from werkzeug.datastructures import MultiDict

from api import i18n, security
from api.pages.cockpit.wording import STATUS, WORDS, add_filters
from api.resource import Page
from engine.casework import StepNames
from engine.casework.administration import require_admin
from engine.workflow.selection import Selection

blueprint = Blueprint("cockpit", __name__)

add_filters(blueprint)


class CockpitPage(Page):
    """A page for administrators."""

    def show(self, template: str, **more: Any) -> str:
        """The page, with the words that all of these share."""
        require_admin(self.actor)
        security.allow_diagram()
        steps = StepNames(self.session, i18n.locale())
        return render_template(template, steps=steps, **WORDS, **more)


def selection(asked: MultiDict[str, str]) -> Selection:
    """The filter that an address or a form holds; what cannot be read is not asked."""
    version = asked.get("version", "")
    return Selection(
        process=asked.get("process", "").strip(),
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 9 else None,
        status=asked.get("status", "") if asked.get("status", "") in STATUS else "",
        element=asked.get("element", "").strip(),
        code=asked.get("code", "").strip(),
        failed=asked.get("failed") == "1",
        since=day(asked.get("since", "")),
        until=day(asked.get("until", "")),
    )


def day(text: str) -> date | None:
    """A day as a form gives it; none where it cannot be read."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def in_address(chosen: Selection) -> dict[str, Any]:
    """A filter as parameters of an address; what it does not ask about is left out."""
    asked: Mapping[str, Any] = chosen.stored()
    return {name: ("1" if value is True else value) for name, value in asked.items() if value and name != "instances"}


def cursor(name: str = "before") -> UUID | None:
    """Where a page of a list begins; what cannot be read is the first page."""
    try:
        return UUID(request.args.get(name, ""))
    except ValueError:
        return None
