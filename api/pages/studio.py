"""The studio's library: what is in force, and each thing with its drawing, its steps, its versions and its users."""

from flask import Blueprint, render_template, request

from api import i18n, security
from api.pages import studio_frame as frame
from api.resource import Page
from engine.people.roles import ROLES
from engine.studio import bundles, drafts, library
from engine.studio.library import Entry
from engine.workflow import definitions
from engine.workflow.bpmn import Element

blueprint = Blueprint("studio", __name__)
blueprint.add_app_template_global(lambda: frame.SECTIONS, "studio_sections")
blueprint.add_app_template_global(frame.says, "finding_says")
blueprint.add_app_template_global(frame.type_of, "type_of")
blueprint.add_app_template_global(frame.verb_of, "verb_of")


class Library(Page):
    """Everything in force of one kind."""

    def get(self) -> str:
        asked, words = request.args.get("kind", ""), request.args.get("words", "")
        kind = asked if asked in library.KINDS else definitions.PROCESS
        found = library.entries(self.session, self.actor, kind, words=words, locale=i18n.locale())
        return render_template("studio/library.html", kind=kind, kinds=frame.KINDS, entries=found, words=words)


class Thing(Page):
    """One process, decision table or form, in its newest version or an older one."""

    def get(self, kind: str, key: str) -> str:
        versions = library.history(self.session, self.actor, kind, key, locale=i18n.locale())
        shown = _chosen(versions)
        if kind == definitions.PROCESS:
            security.allow_diagram()
        begun = drafts.open_drafts(self.session, self.actor, bundle=bundles.name_of(versions[0].definition))
        return render_template(
            "studio/thing.html",
            drafts=begun,
            names=drafts.names(self.session, begun),
            kind=kind,
            kinds=frame.KINDS,
            parts=frame.PROCESS_PARTS,
            versions=versions,
            shown=shown,
            elements=self._elements(shown),
            labels=definitions.labels(self.session).get(key, {}) if i18n.locale() == "en" else {},
            uses=library.uses(self.session, self.actor, kind, key, locale=i18n.locale()),
            types=frame.TYPES,
            roles=ROLES,
        )

    def _elements(self, shown: Entry) -> list[Element]:
        if shown.definition.kind != definitions.PROCESS:
            return []
        return list(definitions.process(self.session, shown.definition.id).elements.values())


def _chosen(versions: list[Entry]) -> Entry:
    wanted = request.args.get("version", "")
    return next((one for one in versions if str(one.definition.version) == wanted), versions[0])


blueprint.add_url_rule("/studio", view_func=Library.as_view("page"))
blueprint.add_url_rule("/studio/library/<kind>/<key>", view_func=Thing.as_view("thing"))
