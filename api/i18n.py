"""The reader's language: which one, and how dates and due times are said in it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from flask import Flask, g, request
from flask_babel import Babel, format_date, format_datetime, format_decimal, get_locale, gettext, ngettext, refresh

import forms
from engine import clock, sentences
from engine.cases.dictionary import label, words
from engine.deadlines.counting import in_words
from engine.deadlines.models import Deadline
from engine.errors import DomainError, FieldError
from engine.sentences import Sentence
from engine.territory.models import Division
from engine.territory.points import point

LOCALES = {"zh": "中文", "en": "English"}
"""The languages of the product, each under its own name; the first is the default."""

COOKIE = "hejie_locale"
HTML_LANG = {"zh": "zh-CN", "en": "en"}
"""zh-CN and not zh: with a bare zh some systems pick Japanese glyphs."""


def init_app(app: Flask) -> None:
    """Let gettext and Babel follow the reader's language and the county's time."""
    Babel(app, default_locale="zh", default_timezone=str(clock.ZONE), locale_selector=_chosen)
    app.jinja_env.filters.update(day=day, instant=instant, left=left, lateness=lateness, code=code, place=place)
    app.jinja_env.filters.update(point=point)
    app.jinja_env.filters.update(until=until, left_to_last_day=left_to_last_day, told=told, read=read)
    app.jinja_env.filters.update(
        length_of=length, short_day=short_day, from_to=from_to, duration=duration, weekday=weekday, hour=hour
    )
    app.jinja_env.globals["today"] = clock.today
    app.jinja_env.filters.update(money=money)
    app.jinja_env.globals.update(locales=LOCALES, locale=locale, html_lang=lambda: HTML_LANG[locale()])
    app.jinja_env.globals["code_names"] = lambda kind: words(locale()).get(kind, {}).items()


def locale() -> str:
    """The reader's language: zh or en."""
    found = get_locale()
    return str(found.language) if found else "zh"


def reader() -> forms.Locale:
    """The reader's language, as forms call it."""
    return cast(forms.Locale, locale())


def follow(actor_locale: str | None) -> None:
    """Use the language of the account from here on, unless the reader chose another."""
    g.account_locale = actor_locale
    refresh()


def _chosen() -> str:
    """Pages: the address, the reader's click, then the account, then the browser. REST: what the client accepts."""
    asked = request.args.get("locale", "")[:2]
    if asked in LOCALES:
        return asked
    clicked = None if request.path.startswith("/api/v1") else request.cookies.get(COOKIE)
    if clicked in LOCALES:
        return clicked
    account = g.get("account_locale")
    if account in LOCALES and not (request.path.startswith("/api/v1") and "Accept-Language" in request.headers):
        return str(account)
    return request.accept_languages.best_match(list(LOCALES)) or "zh"


def told(text: Any) -> Any:
    """What the engine says (a finding, an incident, a warning), in the reader's language; other values as they are."""
    return sentences.told(text, locale(), gettext)


def read(text: str) -> str:
    """A sentence that was stored, in the reader's language; other text as it is."""
    return str(told(sentences.read(text))) if text else ""


def sentence(error: DomainError | FieldError) -> str:
    """What an error says, in the reader's language, with its facts."""
    if isinstance(error, DomainError) and isinstance(error.detail, Sentence):
        return str(told(error.detail))
    if isinstance(error, FieldError):
        return fill(error.message, dict(error.params))
    return fill(error.detail or error.message, error.facts)


def fill(message: str, facts: Mapping[str, Any]) -> str:
    """A marked sentence translated and filled; facts that are instants are said as the reader writes them."""
    text = str(gettext(message))
    if "%(" not in text:
        return text
    said = {name: instant(value) if isinstance(value, datetime) else value for name, value in facts.items()}
    return text % said


def code(value: str | None, kind: str) -> str:
    """The name of a code of the domain, such as a risk or a stage."""
    return label(kind, value, locale())


def place(division: Division | None) -> str:
    """The name of a division."""
    return division.label(locale()) if division else ""


def day(value: Any) -> str:
    """A day as the reader writes it: 2026年11月23日, 23 Nov 2026."""
    return str(format_date(value, "y年M月d日" if locale() == "zh" else "d MMM y")) if value else ""


def short_day(value: Any) -> str:
    """A day without its year, where space is scarce: 11月23日, 23 Nov."""
    return str(format_date(value, "M月d日" if locale() == "zh" else "d MMM")) if value else ""


def money(value: Any) -> str:
    """An amount as the reader's language groups it, with cents only where there are any: 12,000 or 12,000.50."""
    return str(format_decimal(value, "#,##0" if value == int(value) else "#,##0.00"))


def duration(text: str) -> str:
    """A duration of the catalogue in words: 30日, 5 working days."""
    return in_words(text, locale())


def weekday(value: Any) -> str:
    """A day with its weekday, short: 11月26日 周四, Thu 26 Nov."""
    return str(format_date(value, "M月d日 EEE" if locale() == "zh" else "EEE d MMM"))


def hour(value: datetime) -> str:
    """Hour and minute, in the county's time."""
    return value.astimezone(clock.ZONE).strftime("%H:%M")


def instant(value: datetime | None) -> str:
    """A day and minute, in the county's time."""
    if not value:
        return ""
    pattern = "y年M月d日 HH:mm" if locale() == "zh" else "d MMM y, HH:mm"
    return str(format_datetime(value, pattern))


def from_to(begins: datetime, ends: datetime) -> str:
    """From when to when; the day once, where both are on the same: 23 Nov 2026, 19:00–21:00."""
    alike = begins.astimezone(clock.ZONE).date() == ends.astimezone(clock.ZONE).date()
    return f"{instant(begins)}–{hour(ends) if alike else instant(ends)}"


def lateness(due: datetime) -> str:
    """How close a due moment is, as a word for the style: overdue, late (within two days), or nothing."""
    remaining = due - clock.now()
    if remaining < timedelta(0):
        return "overdue"
    return "late" if remaining < timedelta(days=2) else ""


def left(due: datetime | None) -> str:
    """How long is left until `due`, in words; whole days are counted in the county, not in 24 hours."""
    if not due:
        return ""
    remaining = due - clock.now()
    if timedelta(0) <= remaining < timedelta(hours=1):
        minutes = int(remaining / timedelta(minutes=1))
        return str(ngettext("%(num)d minute left", "%(num)d minutes left", minutes))
    if timedelta(0) <= remaining < timedelta(hours=24):
        hours = int(remaining / timedelta(hours=1))
        return str(ngettext("%(num)d hour left", "%(num)d hours left", hours))
    if timedelta(hours=-1) < remaining < timedelta(0):
        return str(gettext("Just overdue"))
    if timedelta(hours=-24) < remaining < timedelta(0):
        hours = int(-remaining / timedelta(hours=1))
        return str(ngettext("%(num)d hour overdue", "%(num)d hours overdue", hours))
    days = (due.astimezone(clock.ZONE).date() - clock.today()).days
    if days >= 0:
        return str(ngettext("%(num)d day left", "%(num)d days left", days))
    return str(ngettext("%(num)d day overdue", "%(num)d days overdue", -days))


def hidden(count: int) -> str:
    """How many tasks the filters of a list hide."""
    return str(ngettext("The filters hide %(num)d task.", "The filters hide %(num)d tasks.", count))


def elsewhere(count: int) -> str:
    """How many tasks stand in another view."""
    return str(ngettext("%(num)d task is open under “All”.", "%(num)d tasks are open under “All”.", count))


def length(time: timedelta | None) -> str:
    """A length of time in the largest unit that says it: days, hours or minutes."""
    if time is None:
        return ""
    if time >= timedelta(days=2):
        return str(ngettext("%(num)d day", "%(num)d days", round(time / timedelta(days=1))))
    if time >= timedelta(hours=2):
        return str(ngettext("%(num)d hour", "%(num)d hours", round(time / timedelta(hours=1))))
    return str(ngettext("%(num)d minute", "%(num)d minutes", round(time / timedelta(minutes=1))))


def until(deadline: Deadline) -> str:
    """Until when a deadline runs; where a citizen's last day is off, that day and the one it moves to (民法典 §203)."""
    if deadline.displayed_on == deadline.due_on:
        return str(gettext("until %(day)s", day=day(deadline.due_on)))
    last, later = day(deadline.due_on), day(deadline.displayed_on)
    return str(gettext("the last day, %(last)s, is a day off: until %(later)s", last=last, later=later))


def left_to_last_day(deadline: Deadline) -> str:
    """How long is left; where two days are named, which of them is counted to: the earlier one, as warnings do."""
    counted = left(deadline.due_at)
    if deadline.displayed_on == deadline.due_on:
        return counted
    return str(gettext("%(left)s (counted to %(last)s)", left=counted, last=day(deadline.due_on)))
