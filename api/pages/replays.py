"""What if: ended cases played again on a draft, and where they would go another way."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import i18n
from api.resource import Page
from engine.errors import N_
from engine.studio import rehearsing, replays
from engine.workflow import definitions

blueprint = Blueprint("replays", __name__)
REASONS = {
    "start-unknown": N_("They began before it was recorded with which variables."),
    "changed-by-hand": N_("An administrator moved their tokens, or somebody sent them back."),
    "worker-elsewhere": N_("Another system did a step of theirs."),
    "goes-otherwise-here": N_(
        "On the stage they do not go the way they went: a table or a called process has changed."
    ),
    "draft-refused": N_("The draft would be refused: mend its findings first."),
}
"""Why an ended case cannot be played again."""


class Ask(Page):
    """Have ended cases played again."""

    def get(self, key: str) -> str:
        title = rehearsing.title(self.session, self.actor, key, i18n.locale())
        return render_template(
            "studio/what_if.html",
            key=key,
            title=title,
            draft=request.args.get("draft", type=UUID),
            before=replays.of_process(self.session, self.actor, key),
            drafts=replays.drafts_with(self.session, self.actor, key),
        )

    def post(self, key: str) -> ResponseReturnValue:
        made = replays.ask(
            self.session, self.actor, key,
            draft_id=request.form.get("draft", type=UUID), most=request.form.get("most", 50, type=int),
        )  # fmt: skip
        return redirect(url_for("replays.page", replay_id=made.id), 303)


class Answer(Page):
    """What came of it so far."""

    def get(self, replay_id: UUID) -> str:
        answer = replays.answer(self.session, self.actor, replay_id)
        key = answer.replay.process_key
        return render_template(
            "studio/replay.html",
            answer=answer,
            title=rehearsing.title(self.session, self.actor, key, i18n.locale()),
            step=_namer(self, key),
            reasons=REASONS,
        )


def _namer(page: Page, key: str) -> Callable[[str], str]:
    process = definitions.process(page.session, definitions.newest(page.session, definitions.PROCESS, key).id)
    english = definitions.labels(page.session).get(key, {}) if i18n.locale() == "en" else {}

    def name(ids: str) -> str:
        """The names of elements, whose ids are joined by commas."""
        found = (process.elements.get(one) for one in ids.split(", "))
        return ", ".join(
            english.get(one) or (element.name if element else "") or one
            for one, element in zip(ids.split(", "), found, strict=True)
        )

    return name


blueprint.add_url_rule("/studio/what-if/<key>", view_func=Ask.as_view("ask"))
blueprint.add_url_rule("/studio/replays/<uuid:replay_id>", view_func=Answer.as_view("page"))
