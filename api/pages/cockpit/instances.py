"""The list of instances, by what the address asks for; and one of them with all that there is to see."""

from collections import Counter
from uuid import UUID

from flask import Blueprint, request

from api.pages.cockpit.frame import CockpitPage, cursor, in_address, selection
from engine.casework import cockpit, looking
from engine.casework.looking import InstanceView
from engine.workflow import definitions

SIZE = 25
BULK = ("suspend", "resume", "retry", "migrate", "cancel")


class Instances(CockpitPage):
    """Instances that fit the address, the newest first, with ticks for what is to be done to many."""

    def get(self) -> str:
        name = request.args.get("find", "").strip()
        chosen = cockpit.named(self.session, self.actor, name) if name else selection(request.args)
        found = cockpit.instances(self.session, self.actor, chosen, before=cursor(), size=SIZE + 1)
        processes = definitions.all_newest(self.session, definitions.PROCESS)
        of_key = definitions.versions(self.session, definitions.PROCESS, chosen.process) if chosen.process else []
        return self.show(
            "cockpit/instances.html",
            rows=found[:SIZE],
            next=found[SIZE - 1].instance.id if len(found) > SIZE else None,
            paged=bool(request.args.get("before")),
            chosen=chosen,
            used=in_address(chosen),
            total=cockpit.count(self.session, self.actor, chosen),
            processes=processes,
            versions=of_key,
            elements=_elements(self, of_key[0].id) if of_key else {},
            acts=() if name else BULK,
            name=name,
        )


class OneInstance(CockpitPage):
    """One instance."""

    def get(self, instance_id: UUID) -> str:
        view = looking.one(self.session, self.actor, instance_id)
        return self.show("cockpit/instance.html", view=view, **parts(view))


def parts(view: InstanceView) -> dict[str, object]:
    """The tokens of an instance by what they are for the reader."""
    own = [one for one in view.tokens if one.element_id and not one.armed]
    done = Counter(
        (str(stage.definition_id), stage.element_id)
        for chapter in reversed(view.history)
        for stage in chapter.stages
        if stage.kind == "element.completed"
    )
    return {
        "done": done,
        "places": own,
        "waiting": [one for one in view.tokens if one.waits_for in ("message", "signal")],
        "timers": sorted((one for one in view.tokens if one.due), key=lambda one: (one.due, one.element_id)),
        "scopes": [one for one in view.tokens if one.variables],
        "versions": {one.process_ref for one in own} | {ref for ref, _ in done},
    }


def _elements(page: CockpitPage, definition_id: UUID) -> dict[str, str]:
    """The elements of a version in the order of its file, by id with their names."""
    process = definitions.process(page.session, definition_id)
    return {one.id: one.name or one.id for one in process.elements.values()}


def add_to(blueprint: Blueprint) -> None:
    """Give these pages their addresses."""
    blueprint.add_url_rule("/cockpit/instances", view_func=Instances.as_view("instances"))
    blueprint.add_url_rule("/cockpit/instances/<uuid:instance_id>", view_func=OneInstance.as_view("instance"))
