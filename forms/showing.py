"""Values as a reader sees them: what was typed as it was typed, what was stored in the reader's language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.dates import format_date

from forms.conditions import Asking, options
from forms.definition import SECRET, Answer, Checkbox, Choice, DateTime, FilePicker, Number, TextField
from forms.identity import masked
from forms.messages import word
from forms.places import Scope
from forms.texts import Locale
from forms.uploads import Upload
from forms.values import COUNTY, is_empty, is_no_answer, read
from forms.wrong import Wrong

BABEL = {"zh": "zh_Hans_CN", "en": "en_GB"}
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
PICKER = {
    "date": re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII),
    "time": re.compile(r"\d{2}:\d{2}", re.ASCII),
    "datetime": re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", re.ASCII),
}


@dataclass(frozen=True)
class Seen:
    """What an answer's words may depend on: the other answers, the context, the files."""

    values: Mapping[str, Any]
    asking: Asking
    scope: Scope
    uploads: Mapping[str, Upload]


def printable(text: str) -> str:
    """Text that can stand in a page: characters that HTML and UTF-8 cannot carry become a visible mark."""
    return UNPRINTABLE.sub("\ufffd", text)


def typed(raw: Any) -> str:
    """A raw answer as the person typed it (numbers of other systems as digits); nothing for what nobody can type."""
    if isinstance(raw, bool) or raw is None:
        return ""
    if isinstance(raw, str):
        return printable(raw)
    if isinstance(raw, int):
        return str(raw) if abs(raw) < 10**40 else "9" * 41
    if isinstance(raw, float):
        return format(Decimal(repr(raw)), "f") if abs(raw) < 1e40 else str(raw)
    return ""


def local_time(part: DateTime, raw: Any) -> tuple[str, bool]:
    """What a date or time box holds, and whether the browser's own picker can hold it."""
    text = typed(raw)
    if not text:
        return "", True
    try:
        value = read(part, text)
    except Wrong:
        return text, False
    if part.subtype == "datetime" and value and re.search(r"T\S*(Z|[+-]\d{2}:\d{2})$", text, re.ASCII):
        text = (
            datetime.fromisoformat(value).astimezone(COUNTY).isoformat()[:16] if part.zone != "no_timezone" else value
        )
    return text, bool(PICKER[part.subtype].fullmatch(text))


def answer_text(part: Answer, raw: Any, seen: Seen, locale: Locale, *, mask: bool = True) -> str:
    """An answer in the reader's words; what cannot be read, as it was typed."""
    if is_no_answer(raw):
        return word(raw["no_answer"], locale)
    try:
        value = read(part, raw)
    except Wrong:
        secret = mask and isinstance(part, TextField) and part.check in SECRET
        return (masked(typed(raw)) if secret else typed(raw)) or word("empty", locale)
    if isinstance(part, Checkbox):
        return word("yes" if value else "no", locale)
    if is_empty(value):
        return word("empty", locale)
    match part:
        case Choice():
            labels = {
                option.value: option.label.text(locale)
                for option in part.options or options(part, seen.values, seen.asking, seen.scope)
            }
            chosen = value if isinstance(value, list) else [value]
            return printable(word("and", locale).join(labels.get(str(one), str(one)) for one in chosen))
        case FilePicker():
            gone = word("file-gone", locale)
            names = (seen.uploads[one].name if one in seen.uploads else gone for one in value)
            return printable(word("and", locale).join(names))
        case DateTime():
            return _moment(part, value, locale)
        case Number():
            number = f"{Decimal(str(value)):,f}"
            return " ".join(filter(None, [part.prefix.text(locale), number, part.suffix.text(locale)]))
        case TextField() if mask and part.check in SECRET:
            return masked(value)
        case TextField():
            return " ".join(filter(None, [part.prefix.text(locale), value, part.suffix.text(locale)]))
    return str(value)


def _moment(part: DateTime, value: str, locale: Locale) -> str:
    if part.subtype == "time":
        return value
    if part.subtype == "date":
        return str(format_date(date.fromisoformat(value), "long", locale=BABEL[locale]))
    moment = datetime.fromisoformat(value)
    local = moment.astimezone(COUNTY) if moment.tzinfo else moment
    return f"{format_date(local.date(), 'long', locale=BABEL[locale])} {local:%H:%M}"


def words(value: Any, locale: Locale) -> str:
    """The value of an expression inside a text."""
    if isinstance(value, bool):
        return word("yes" if value else "no", locale)
    if isinstance(value, list):
        return word("and", locale).join(words(entry, locale) for entry in value)
    return typed(value)
