"""Two versions side by side, what differs, and what it means for what runs: a dry run of migration over all of it."""

from flask import Blueprint, request

from api.pages.cockpit.frame import CockpitPage
from engine.casework import comparison
from engine.workflow import definitions
from engine.workflow.models import Definition


class Compare(CockpitPage):
    """The newest version against the one before it, or the two that the address names."""

    def get(self, key: str) -> str:
        versions = definitions.versions(self.session, definitions.PROCESS, key)
        newest = definitions.version(self.session, definitions.PROCESS, key)
        after = _named(versions, "to") or newest
        older = [one for one in versions if one.version < after.version]
        before = _named(versions, "from") or next(iter(older), after)
        found = comparison.compare(self.session, self.actor, before.id, after.id)
        elements = definitions.process(self.session, after.id).elements
        return self.show(
            "cockpit/compare.html",
            versions=versions,
            found=found,
            running=sum(one.tokens for one in found.standing.values()),
            elements=list(elements.values()),
        )


def _named(versions: list[Definition], name: str) -> Definition | None:
    wanted = request.args.get(name, "")
    return next((one for one in versions if str(one.version) == wanted), None)


def add_to(blueprint: Blueprint) -> None:
    """Give these pages their addresses."""
    blueprint.add_url_rule("/cockpit/processes/<key>/compare", view_func=Compare.as_view("compare"))
