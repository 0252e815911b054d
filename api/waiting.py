"""Why a case stands still, as sentences for the reader."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext, ngettext

from api import i18n
from engine import clock
from engine.casework import StepNames
from engine.casework.waiting import Waiting
from engine.errors import N_
from engine.people.roles import ROLES

SENTENCES = {
    "police": N_("It rests since %(since)s because of danger, until the police have answered."),
    "suspended": N_("An administrator has stopped it for a while."),
    "incident": N_("“%(step)s” did not work on %(since)s; the administrator must mend it, then it goes on."),
    "signatures": N_("“%(step)s” waits for others to agree, %(long)s."),
    "person": N_("It waits for %(person)s: “%(step)s”, %(long)s."),
    "group": N_("It waits for anybody of: %(roles)s, to take on “%(step)s”, %(long)s."),
    "message": N_("It waits for an answer from outside: “%(step)s”, %(long)s."),
    "timer": N_("Nobody has to do anything: it goes on by itself on %(until)s."),
}


def sentences(found: Sequence[Waiting], steps: StepNames) -> list[str]:
    """A sentence for each reason, the most important first."""
    return [_sentence(one, steps) for one in found]


def _sentence(one: Waiting, steps: StepNames) -> str:
    facts = {
        "step": steps.of(*one.step) if one.step else "",
        "roles": " / ".join(gettext(ROLES[role]) for role in one.roles if role in ROLES),
        "person": one.person or "–",
        "since": i18n.instant(one.since),
        "until": i18n.instant(one.until),
        "long": _long(one.since) if one.since else "",
    }
    return str(gettext(SENTENCES[one.kind])) % facts


def _long(since: datetime) -> str:
    """For how many days of the county something has waited."""
    days = (clock.today() - since.astimezone(clock.ZONE).date()).days
    if days < 1:
        return str(gettext("since today"))
    return str(ngettext("for %(num)d day", "for %(num)d days", days))
