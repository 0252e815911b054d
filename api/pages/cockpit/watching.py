"""What waits and what failed, over all instances: incidents by cause, service jobs, timers, messages."""

from flask import Blueprint, request

from api.pages.cockpit.frame import CockpitPage
from engine.casework import cockpit, watching
from engine.casework.watching import Part

JOB_STATES = ("open", "failed", "completed", "cancelled")


def _part() -> Part:
    return Part(request.args.get("cursor", ""), 25, request.args.get("process", ""))


class Incidents(CockpitPage):
    """Steps that failed, by their cause; and one by one."""

    def get(self) -> str:
        part, code = _part(), request.args.get("code", "")
        page = watching.incidents(self.session, self.actor, part, code=code)
        return self.show(
            "cockpit/incidents.html",
            groups=cockpit.incident_groups(self.session, self.actor, part.process),
            page=page,
            code=code,
            process=part.process,
        )


class Jobs(CockpitPage):
    """Service jobs, of this house and of other systems."""

    def get(self) -> str:
        state = request.args.get("state", "open")
        state = state if state in JOB_STATES else "open"
        kind = request.args.get("type", "")
        page = watching.service_jobs(self.session, self.actor, _part(), state=state, kind=kind)
        return self.show("cockpit/jobs.html", page=page, state=state, states=JOB_STATES, kind=kind)


class Timers(CockpitPage):
    """Timers by when they are due; and what the clock begins."""

    def get(self) -> str:
        page = watching.timers(self.session, self.actor, _part())
        return self.show(
            "cockpit/timers.html",
            page=page,
            starts=watching.starts(self.session, self.actor, "timer"),
        )


class Messages(CockpitPage):
    """Who waits for messages and signals; and messages that nobody has taken."""

    def get(self) -> str:
        name = request.args.get("name", "")
        lying = Part(request.args.get("lying", ""))
        page = watching.subscriptions(self.session, self.actor, _part(), name=name)
        return self.show(
            "cockpit/messages.html",
            page=page,
            starts=[] if name else watching.starts(self.session, self.actor, "message", "signal", "conditional"),
            lying=watching.messages(self.session, self.actor, lying, name=name),
            name=name,
        )


def add_to(blueprint: Blueprint) -> None:
    """Give these pages their addresses."""
    blueprint.add_url_rule("/cockpit/incidents", view_func=Incidents.as_view("incidents"))
    blueprint.add_url_rule("/cockpit/jobs", view_func=Jobs.as_view("jobs"))
    blueprint.add_url_rule("/cockpit/timers", view_func=Timers.as_view("timers"))
    blueprint.add_url_rule("/cockpit/messages", view_func=Messages.as_view("messages"))
