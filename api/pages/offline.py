"""What lets a phone report without a signal (docs/offline.md): manifest, service worker, and the copy that it keeps."""

import hashlib
from pathlib import Path

from flask import Blueprint, Response, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api import auth, i18n
from api.pages.report import Report
from api.resource import Page

COPIED = ("base.html", "report.html", "parts/outbox.html")
"""The templates of the copy: where one changes, phones must fetch it again."""

blueprint = Blueprint("offline", __name__)


class Copy(Report):
    """The report page as nobody in particular sees it, to be kept on the phone."""

    methods = {"GET"}  # noqa: RUF012 - Flask's own name

    def get(self) -> str:
        return self._show(self._form(), {}, offline=True)


class Manifest(Page):
    """What makes the site an app on a phone's first screen (W3C Web Application Manifest)."""

    public = True

    def get(self) -> ResponseReturnValue:
        body = {
            "name": gettext("Hejie"),
            "short_name": gettext("Hejie"),
            "lang": i18n.HTML_LANG[i18n.locale()],
            "start_url": url_for("report.page"),
            "scope": "/",
            "display": "standalone",
            "background_color": "#f8f6f1",
            "theme_color": "#17665a",
            "icons": [
                {"src": url_for("static", filename="img/app.svg"), "sizes": "any", "purpose": "any maskable"},
            ],
        }
        return body, 200, {"Content-Type": "application/manifest+json"}


class Worker(Page):
    """The service worker; its address names the language of the copy that it keeps."""

    public = True

    def get(self) -> Response:
        script = render_template("sw.js", copy=url_for("offline.copy", locale=i18n.locale()))
        made_of = [script, *(_source(name) for name in COPIED)]
        version = hashlib.sha256("".join(made_of).encode()).hexdigest()[:12]
        text = f'const CACHE = "hejie-{i18n.locale()}-{version}";\n{script}'
        return Response(text, content_type="text/javascript", headers={"Cache-Control": "no-cache"})


class Sender(Page):
    """Who would be sending now, and the form token for it."""

    public = True

    def get(self) -> ResponseReturnValue:
        return {"actor": self.actor.id, "token": auth.form_token()}


def _source(name: str) -> str:
    return (Path(current_app.root_path) / "templates" / name).read_text(encoding="utf-8")


blueprint.add_url_rule("/report/offline", view_func=Copy.as_view("copy"))
blueprint.add_url_rule("/manifest.webmanifest", view_func=Manifest.as_view("manifest"))
blueprint.add_url_rule("/sw.js", view_func=Worker.as_view("worker"))
blueprint.add_url_rule("/outbox/sender", view_func=Sender.as_view("sender"))
