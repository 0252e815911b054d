"""From what somebody typed to a value that can be stored: types first (`read`), then the form's own limits (`judge`).

Both raise `Wrong`. Values are plain JSON. Full-width digits, blanks and Chinese dates are understood, not scolded.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import ROUND_FLOOR, Decimal, localcontext
from typing import Any

from forms.answers import NO_ANSWER
from forms.definition import Answer, Checkbox, Choice, DateTime, FilePicker, Number, TextArea, TextField
from forms.identity import CHECKS, compact
from forms.messages import WORDS
from forms.patterns import compiled
from forms.texts import Label
from forms.wrong import Wrong

# China Standard Time. No time zone database: its offsets before 1992 (summer time, local mean time) would only spoil
# the wall-clock time that somebody typed about an old event.
COUNTY = timezone(timedelta(hours=8))
MAX_DATE = 60
MAX_DIGITS = 15  # what a JSON number carries exactly
DATE = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?|(\d{4})(\d{2})(\d{2})", re.ASCII)
TIME = re.compile(r"(\d{1,2})(?::|点|时)(?:(\d{1,2})分?)?(?::\d{2}(?:\.\d+)?)?", re.ASCII)
OFFSET = re.compile(r"(Z|[+-]\d{2}:\d{2})$", re.ASCII)
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def is_no_answer(value: object) -> bool:
    """Whether somebody said that they do not know or will not say (不知道/拒绝提供)."""
    return isinstance(value, Mapping) and value.get("no_answer") in NO_ANSWER


def read(answer: Answer, raw: Any) -> Any:
    """The value of a raw answer; None (False, []) where there is none. Raises `Wrong`."""
    if isinstance(raw, Mapping):
        return _declined(answer, raw)
    for kind, reader in _READERS.items():
        if isinstance(answer, kind):
            return reader(answer, raw)
    raise TypeError(answer)


def _declined(answer: Answer, raw: Mapping[str, Any]) -> dict[str, str]:
    code = raw.get("no_answer")
    if not answer.may_decline or code not in NO_ANSWER or set(raw) - {"no_answer", "given"}:
        raise Wrong("wrong-type")
    if raw.get("given"):
        raise Wrong("both", choice=WORDS[code])
    return {"no_answer": code}


def _words(raw: Any) -> str:
    if raw is None:
        return ""
    if not isinstance(raw, str):
        raise Wrong("wrong-type")
    if UNSTORABLE.search(raw):
        raise Wrong("characters")
    return raw.strip()


def _text_field(answer: TextField, raw: Any) -> str | None:
    text = " ".join(_words(raw).splitlines())
    return CHECKS[answer.check](text) if text and answer.check else text or None


def _text_area(answer: TextArea, raw: Any) -> str | None:
    return _words(raw).replace("\r\n", "\n").replace("\r", "\n") or None


def _number(answer: Number, raw: Any) -> int | float | str | None:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        text = format(Decimal(repr(raw)), "f") if abs(raw) < 10**MAX_DIGITS else "too long" if raw == raw else "nan"
    else:
        text = compact(_words(raw))
    if not text:
        return None
    if re.fullmatch(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", text):
        text = text.replace(",", "")
    if len(text) > 40 or text == "too long":
        raise Wrong("number-long")
    if not re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)", text):
        raise Wrong("not-a-number")
    number = Decimal(text)
    if answer.as_text:
        return format(number, "f")
    if len(text.replace(".", "").strip("+-0")) > MAX_DIGITS or abs(number) >= 10**MAX_DIGITS:
        raise Wrong("number-long")
    return int(number) if number == number.to_integral_value() else float(number)


def _date_time(answer: DateTime, raw: Any) -> str | None:
    text = unicodedata.normalize("NFKC", _words(raw)).strip()
    if not text:
        return None
    if len(text) > MAX_DATE:
        raise Wrong({"date": "not-a-date", "time": "not-a-time", "datetime": "not-a-datetime"}[answer.subtype])
    if answer.subtype == "date":
        return _day(re.sub(r"\s", "", text)).isoformat()
    if answer.subtype == "time":
        return _clock(re.sub(r"\s", "", text), "not-a-time").strftime("%H:%M")
    return _moment(answer, text)


def _day(text: str) -> date:
    match = DATE.fullmatch(text)
    if not match:
        raise Wrong("not-a-date")
    year, month, day = (int(part) for part in match.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        raise Wrong("no-such-day", date=f"{year:04}-{month:02}-{day:02}") from None


def _clock(text: str, code: str) -> time:
    match = TIME.fullmatch(text)
    if not match or int(match[1]) > 23 or int(match[2] or 0) > 59:
        raise Wrong(code)
    return time(int(match[1]), int(match[2] or 0))


def _moment(answer: DateTime, text: str) -> str:
    offset = OFFSET.search(text)
    match = re.match(
        r"(.*?[0-9日])(?:T|\s+|(?<=日))\s*([0-9]{1,2}\s*[:点时].*)$", text.removesuffix(offset[1]) if offset else text
    )
    if not match:
        raise Wrong("not-a-datetime")
    day, clock = _day(re.sub(r"\s", "", match[1])), _clock(re.sub(r"\s", "", match[2]), "not-a-datetime")
    try:
        zone = datetime.fromisoformat(f"2000-01-01T00:00{offset[1]}").tzinfo if offset else COUNTY
        moment = datetime.combine(day, clock, zone).astimezone(UTC if answer.zone == "utc_normalized" else COUNTY)
    except (ValueError, OverflowError):
        raise Wrong("not-a-datetime") from None
    local, offset_now = moment.isoformat()[:16], moment.isoformat()[-6:]
    return local + {"no_timezone": "", "utc_normalized": "Z", "utc_offset": offset_now}[answer.zone]


def _checkbox(answer: Checkbox, raw: Any) -> bool:
    if isinstance(raw, str):
        raw = {"": False, "false": False, "off": False, "true": True, "on": True}.get(raw)
    if raw is None or isinstance(raw, bool):
        return bool(raw)
    raise Wrong("wrong-type")


def _choice(answer: Choice, raw: Any) -> str | list[str] | None:
    if not answer.many:
        return _words(raw) or None
    if raw is None or raw == "":
        return []
    if not isinstance(raw, list):
        raise Wrong("wrong-type")
    return list(dict.fromkeys(chosen for chosen in map(_words, raw) if chosen))


def _file_picker(answer: FilePicker, raw: Any) -> list[str]:
    if raw is None or raw == "":
        return []
    if not isinstance(raw, list):
        raise Wrong("wrong-type")
    return list(dict.fromkeys(upload for upload in map(_words, raw) if upload))


_READERS: Mapping[type[Answer], Callable[[Any, Any], Any]] = {
    TextField: _text_field,
    TextArea: _text_area,
    Number: _number,
    DateTime: _date_time,
    Checkbox: _checkbox,
    Choice: _choice,
    FilePicker: _file_picker,
}


def is_empty(value: Any) -> bool:
    """Whether a clean value says nothing."""
    return value is None or value == "" or value == [] or value is False


def judge(answer: Answer, value: Any) -> None:
    """Hold a clean value against the limits that stand in the form itself. Raises `Wrong`."""
    if is_empty(value):
        if answer.required:
            raise Wrong(_missing(answer))
        return
    if is_no_answer(value):
        return
    if isinstance(answer, TextField | TextArea):
        _judge_text(answer, value)
    if isinstance(answer, Number):
        with localcontext(prec=100):  # more digits than anybody may type, so that nothing is rounded
            _judge_number(answer, Decimal(str(value)))
    if isinstance(answer, FilePicker) and len(value) > answer.max_files:
        raise Wrong("too-many-files", limit=answer.max_files)
    if isinstance(answer, Choice) and answer.options and not (answer.options_key or answer.options_expression):
        judge_choice(answer, value, {option.value for option in answer.options})


def judge_choice(answer: Choice, value: str | list[str], offered: set[str]) -> None:
    """Whether what was chosen is among what was offered. Raises `Wrong`."""
    if not set(value if isinstance(value, list) else [value]) <= offered:
        raise Wrong("not-offered")


def _missing(answer: Answer) -> str:
    if isinstance(answer, Checkbox):
        return "tick"
    if isinstance(answer, FilePicker):
        return "files-required"
    return "choose" if isinstance(answer, Choice) else "required"


def _judge_text(answer: TextField | TextArea, text: str) -> None:
    if len(text) < answer.min_length:
        raise Wrong("too-short", limit=answer.min_length, found=len(text))
    if len(text) > answer.max_length:
        raise Wrong("too-long", limit=answer.max_length, found=len(text))
    if isinstance(answer, TextField) and answer.pattern and not compiled(answer.pattern).fullmatch(text):
        raise Wrong("pattern", wanted=answer.pattern_message or Label(answer.pattern, answer.pattern))


def _judge_number(answer: Number, number: Decimal) -> None:
    exponent = number.normalize().as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    if answer.decimal_digits is not None and decimals > answer.decimal_digits:
        raise Wrong("whole") if answer.decimal_digits == 0 else Wrong("decimals", limit=answer.decimal_digits)
    if answer.min is not None and number < answer.min:
        raise Wrong("too-small", limit=f"{answer.min:f}")
    if answer.max is not None and number > answer.max:
        raise Wrong("too-big", limit=f"{answer.max:f}")
    if answer.increment and number % answer.increment:
        below = (number / answer.increment).to_integral_value(ROUND_FLOOR) * answer.increment
        raise Wrong("step", step=f"{answer.increment:f}", below=f"{below:f}", above=f"{below + answer.increment:f}")
