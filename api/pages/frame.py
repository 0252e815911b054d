"""What stands around every page: navigation, notices, the way back."""

from flask import Flask, g, request, url_for
from flask_babel import gettext

from api import handbook
from api.phones import strip_phones
from engine.cases.permissions import boards
from engine.casework import posters
from engine.config import settings
from engine.errors import N_
from engine.notifications import queries as notifications
from engine.people.actor import Actor
from engine.registers import calls, cameras, households, partners

LARGE = "hejie_large"
"""The cookie of whoever wants large type."""

NAVIGATION = {
    "public": (
        ("home.page", N_("Start")),
        ("report.page", N_("Report")),
        ("follow.page", N_("Follow a report")),
        ("mediators.page", N_("Mediators")),
    ),
    "staff": (
        ("work.page", N_("My work")),
        ("report.page", N_("Report")),
    ),
    "grid": (("rounds.page", N_("My reports")),),
    "volunteer": (
        ("rounds.page", N_("My reports")),
        ("report.page", N_("Report")),
        ("mediators.page", N_("Mediators")),
    ),
    "watcher": (("board.page", N_("Board")),),
    "builder": (("studio.page", N_("Studio")),),
    "desk": (
        ("ledger.page", N_("Ledger")),
        ("sessions.calendar", N_("Calendar")),
    ),
}
"""The pages that everybody of a kind goes to every day, in one row above every page."""

FURTHER = {
    "staff": (
        ("start.page", N_("Start a procedure")),
        ("figures.page", N_("Figures")),
        ("mediators.page", N_("Mediators")),
        ("town.rosters", N_("Rosters")),
    ),
    "poster": (("posters.page", N_("Posters")),),
    "calls": (("calls.page", N_("Calls")),),
    "register": (("registers.households", N_("Households")),),
    "partners": (("registers.partners", N_("Grid workers +N")),),
    "cameras": (("registers.cameras", N_("Camera points")),),
    "admin": (
        ("decisions.page", N_("Decision tables")),
        ("papers.templates", N_("Papers")),
        ("places.page", N_("Places")),
        ("staff.page", N_("People and roles")),
        ("units.page", N_("Organisations")),
        ("notifications.outbox", N_("Outbox")),
    ),
}
"""What is needed now and then, in the menu at the end of the row."""

NOTICES = {
    "claimed": N_("The task is yours now."),
    "released": N_("The task is back with its group."),
    "assigned": N_("The task was handed on."),
    "delegated": N_("The task is with your colleague, who gives it back to you."),
    "resolved": N_("The task is back with its owner."),
    "answered": N_("Your answer is on record."),
    "asked": N_("They were asked. The step waits until all of them agree."),
    "unasked": N_("They are asked no more."),
    "undone": N_("Taken back: it is as it was before."),
    "returned": N_("Sent back: the earlier step is open again."),
    "handed-over": N_("The steps were handed over."),
    "away": N_("Noted. Your cover sees it as well."),
    "back": N_("Noted: you are back."),
    "note-withdrawn": N_("The remark is taken back. That there was one stays in the history."),
    "planned": N_("It stands in the calendar. Now invite the people."),
    "invited": N_("The invitations have their numbers. Print them, and say when they arrived."),
    "served": N_("It is on record that the invitation arrived."),
    "code-sent": N_("The message is on its way. The code is typed here, or on the party’s own phone."),
    "sitting-moved": N_("It is moved. Whoever is told by the house knows; tell the others who were invited."),
    "sitting-cancelled": N_("It is cancelled. Tell those who were invited."),
    "calendar-link": N_("The new address is in force; the old one shows nothing any more."),
    "done": N_("Done. What comes next is on its way."),
    "draft": N_("Saved as a draft. Only you see it."),
    "located": N_("The place is set. The steps that are open are with the people there."),
    "danger": N_("The danger has been recorded and passed on."),
    "withdrawn": N_("The mediation has ended. The other routes are still to be told."),
    "started": N_("The procedure has begun. This is its first step."),
    "noted": N_("The remark is on the file."),
    "visit-cancelled": N_("The visit is cancelled."),
    "declared": N_("It is noted, and held against every case."),
    "called": N_("The answer is on record."),
    "linked": N_("The cases are linked."),
    "unlinked": N_("The link is taken back; the history keeps it."),
    "reopened": N_("The case is open again and waits for triage."),
    "calendar": N_("The calendar is in force."),
    "partner": N_("The list of partners is changed."),
    "placed": N_("The positions are saved."),
    "unit": N_("The list of organisations is up to date."),
    "divisions": N_("The divisions are on the list."),
    "staff": N_("It is changed, and on record."),
    "amended": N_("The new law is in force from its day on."),
    "stands": N_("The shift has its people."),
    "reception": N_("The receptions are up to date."),
    "volunteer": N_("The register is up to date."),
    "cannot-come": N_("Noted. Whoever makes the roster sees that somebody is needed."),
    "call": N_("The call is entered."),
    "camera": N_("The list of camera points is up to date."),
    "household": N_("The register of households is up to date."),
    "published": N_("The figure is on record, with its source."),
    "filed": N_("The file was brought up to date."),
    "paper-added": N_("The paper is on the file."),
    "template": N_("The template is in force."),
    "party": N_("The person is on the file."),
    "sealed": N_("The case is sealed: it is in no list, search, figure or export now."),
    "unsealing": N_("Noted. Another county officer must agree before the case is unsealed."),
    "unsealed": N_("The case is unsealed."),
    "emergency-opened": N_("The case is open to you until tomorrow. Its people and the county centre are told."),
    "emergency-ended": N_("The emergency look is ended. The record of it stays."),
    "held": N_("It is noted whether the file is held."),
    "erased": N_("What the file said about people is erased."),
    "first-password": N_("Choose a password of your own first; then everything else opens."),
    "second-factor-missing": N_("Your role asks for a second factor. Set it up first; then everything else opens."),
    "second-factor": N_("The second factor is set up. The next time you sign in you are asked for a code."),
    "second-factor-off": N_("The second factor is off."),
    "password": N_("Your password was changed. Sign in with the new one."),
    "signed-out": N_("You are signed out."),
    "round": N_("Noted: been round, nothing found."),
    "told": N_("It is noted how you want to be told."),
    "resent": N_("It is on its way again."),
    "cancelled": N_("It is not sent any more."),
    "acted": N_("Done. It is in the history, with your reason."),
    "begun": N_("The draft is there. What is in force stays as it is until the draft is deployed."),
    "discarded": N_("The draft was discarded."),
    "saved": N_("Saved."),
    "deployed": N_("The new version of the table is in force."),
    "scenario-kept": N_("What was played is a scenario of the draft now."),
    "unchanged": N_("Nothing was changed, so the version in force stays."),
}
"""What a page can say about the step before it; the address names the notice, never its words."""


def init_app(app: Flask) -> None:
    """Give every template what the frame shows."""
    app.jinja_env.globals.update(
        navigation=navigation,
        notice=notice,
        here=here,
        help_address=help_address,
        unread=unread,
        large_type=large_type,
        strip_phones=strip_phones,
        exit_address=lambda: settings().exit_address,
        request_id=lambda: g.get("request_id"),
        demo=lambda: settings().demo,
    )


def navigation(*, further: bool = False) -> list[tuple[str, str]]:
    """The pages that this reader can go to, with their labels: those of every day, or the further ones."""
    actor = g.get("actor", Actor.PUBLIC)
    admin = actor.has("admin")
    held = {"staff": True, "grid": actor.has("grid_worker"), "watcher": bool(boards(actor)), "builder": admin}
    held |= {"partners": partners.may_read(actor)}
    held |= {"desk": True, "register": households.may_keep(actor), "cameras": cameras.may_read(actor), "admin": admin}
    held |= {"calls": calls.may_keep(actor), "poster": posters.may_print(actor)}
    if actor.roles == {"volunteer"}:
        held = {"volunteer": True}
    parts = [part for part, yes in held.items() if yes] if actor.id else ["public"]
    pages = FURTHER if further else NAVIGATION
    return [(endpoint, gettext(label)) for part in parts for endpoint, label in pages.get(part, ())]


def large_type() -> bool:
    """Whether the reader wants large type."""
    return LARGE in request.cookies


def unread() -> int:
    """How many notifications the reader has not read; none where the page is made outside of its transaction."""
    session, actor = g.get("session"), g.get("actor", Actor.PUBLIC)
    return notifications.unread(session, actor) if actor.id and session and session.in_transaction() else 0


def notice() -> str | None:
    """What happened just before, if the address says so."""
    sentence = NOTICES.get(request.args.get("notice", ""))
    return gettext(sentence) if sentence else None


def help_address() -> str:
    """Where this page is explained: its section of the handbook, or the handbook's beginning."""
    key = handbook.section_of(request.endpoint)
    return url_for("help.section", key=key) if key and request.blueprint != "help" else url_for("help.page")


def here() -> str:
    """This page's address, to come back to; after a POST that was refused, the start."""
    return request.full_path.rstrip("?") if request.method == "GET" else request.path
