"""The switch between Chinese and English, kept in a cookie and in the account; and the one for large type."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from api import auth, i18n
from api.pages.frame import LARGE
from api.resource import Page
from engine.config import settings
from engine.people import commands as people

YEAR = 365 * 24 * 3600
blueprint = Blueprint("language", __name__)


class Language(Page):
    """Switch, and go back to where one was."""

    public = True

    def post(self) -> ResponseReturnValue:
        chosen = request.form.get("locale", "")
        response = redirect(auth.local(request.form.get("next")) or url_for("home.page"), 303)
        if chosen in i18n.LOCALES:
            if self.actor.id:
                people.set_locale(self.session, self.actor, chosen)
            secure = settings().secure_cookies
            response.set_cookie(i18n.COOKIE, chosen, max_age=YEAR, samesite="Lax", httponly=True, secure=secure)
        return response


class Display(Page):
    """Large type on every page, or usual type again."""

    public = True

    def post(self) -> ResponseReturnValue:
        response = redirect(auth.local(request.form.get("next")) or url_for("home.page"), 303)
        secure = settings().secure_cookies
        if request.form.get("type") == "large":
            response.set_cookie(LARGE, "1", max_age=YEAR, samesite="Lax", httponly=True, secure=secure)
        else:
            response.delete_cookie(LARGE, samesite="Lax", httponly=True, secure=secure)
        return response


blueprint.add_url_rule("/display", view_func=Display.as_view("display"))
blueprint.add_url_rule("/language", view_func=Language.as_view("switch"))
