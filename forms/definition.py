"""What a form is: typed, immutable parts read from form-js JSON (see docs/forms.md for the format).

`path` of an answer is relative to its scope: the whole form, or one item of the `DynamicList` around it. Groups with a
path have already been folded in. Expressions are FEEL without the leading ``=``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from forms.texts import UNSAID, Label, Locale

Path = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Component:
    """Anything that stands in a form."""

    id: str
    label: Label = UNSAID
    hide: str | None = None


@dataclass(frozen=True, kw_only=True)
class Answer(Component):
    """A component that asks for something and stores what was answered under `path`."""

    path: Path
    hint: Label = UNSAID
    why: Label = UNSAID
    required: bool = False
    may_decline: bool = False
    autocomplete: str = ""
    default: Any = None
    access: Literal["open", "readonly", "disabled"] = "open"

    @property
    def key(self) -> str:
        """The dotted key as the file writes it, with the paths of groups around it."""
        return ".".join(self.path)


Check = Literal["", "identity-number", "paper-number", "credit-code", "phone", "email"]
SECRET = ("identity-number", "paper-number")
"""Checks of numbers that name one person: sealed where they are stored, masked where they are shown."""


@dataclass(frozen=True, kw_only=True)
class TextField(Answer):
    """One line of text; `suggest` is the id of a datalist that the page may offer."""

    min_length: int = 0
    max_length: int = 1_000
    pattern: str = ""
    pattern_message: Label = UNSAID
    check: Check = ""
    suggest: str = ""
    prefix: Label = UNSAID
    suffix: Label = UNSAID


@dataclass(frozen=True, kw_only=True)
class TextArea(Answer):
    """Several lines of text."""

    min_length: int = 0
    max_length: int = 20_000
    rows: int = 5


@dataclass(frozen=True, kw_only=True)
class Number(Answer):
    """A decimal number; `as_text` keeps its exact digits as a string (money)."""

    decimal_digits: int | None = None
    increment: Decimal | None = None
    min: Decimal | None = None
    max: Decimal | None = None
    as_text: bool = False
    prefix: Label = UNSAID
    suffix: Label = UNSAID


@dataclass(frozen=True, kw_only=True)
class DateTime(Answer):
    """A date, a time of day, or both."""

    subtype: Literal["date", "time", "datetime"] = "date"
    zone: Literal["no_timezone", "utc_offset", "utc_normalized"] = "no_timezone"
    not_past: bool = False
    not_future: bool = False
    typed: bool = False


@dataclass(frozen=True, kw_only=True)
class Checkbox(Answer):
    """Yes or no; where required, it must be ticked."""


@dataclass(frozen=True)
class Option:
    """One thing to choose."""

    value: str
    label: Label


@dataclass(frozen=True, kw_only=True)
class Choice(Answer):
    """One of some options (radio, select), or several of them (checklist).

    The options stand in the form (`options`), in the caller's context under `options_key`, or are computed. Those of
    the form may be `withheld` while an expression holds: (value, expression).
    """

    look: Literal["radio", "select", "checklist"]
    options: tuple[Option, ...] = ()
    options_key: str = ""
    options_expression: str = ""
    withheld: tuple[tuple[str, str], ...] = ()

    @property
    def many(self) -> bool:
        """Whether the answer is a list."""
        return self.look == "checklist"


@dataclass(frozen=True, kw_only=True)
class FilePicker(Answer):
    """Uploaded files; the answer is the list of their upload ids."""

    accept: tuple[str, ...] = ()
    max_files: int = 1
    max_bytes: int | None = None


@dataclass(frozen=True, kw_only=True)
class Expression(Component):
    """A value that the server computes and stores; nobody sees or types it."""

    path: Path
    expression: str


@dataclass(frozen=True, kw_only=True)
class Group(Component):
    """Components under a common title."""

    components: "tuple[Component, ...]" = ()


@dataclass(frozen=True, kw_only=True)
class DynamicList(Component):
    """Components that repeat, such as the parties; stored as a list of objects under `path`."""

    path: Path
    components: "tuple[Component, ...]" = ()
    repetitions: int = 1
    may_change: bool = True
    min_items: int = 0
    max_items: int = 50
    item: Label = UNSAID
    add: Label = UNSAID


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a `Table`."""

    key: str
    label: Label


@dataclass(frozen=True, kw_only=True)
class Table(Component):
    """Rows of the context, to be read only."""

    source: str = ""
    columns: tuple[Column, ...] = ()
    columns_expression: str = ""


@dataclass(frozen=True, kw_only=True)
class Text(Component):
    """Words between the questions, in the small markdown of `forms.markdown`."""

    words: Label


@dataclass(frozen=True, kw_only=True)
class Separator(Component):
    """A line."""


@dataclass(frozen=True, kw_only=True)
class Spacer(Component):
    """A gap."""


@dataclass(frozen=True, eq=False)
class Form:
    """One form, ready to be shown and to check answers. Immutable; compared by identity."""

    key: str
    titles: Label
    law: tuple[str, ...]
    fields: tuple[Component, ...]
    controlling: frozenset[str]
    source: Mapping[str, Any] = field(repr=False)

    def title(self, locale: Locale) -> str:
        """The form's title for a reader."""
        return self.titles.text(locale)

    @cached_property
    def has_files(self) -> bool:
        """Whether the page's form element must be ``multipart/form-data``."""
        return any(isinstance(part, FilePicker) for part in every(self.fields))

    @property
    def keys(self) -> set[str]:
        """The names of its answers, also those within groups; a list counts as one answer."""
        return {str(path[0]) for part in in_scope(self.fields) if (path := getattr(part, "path", None))}


def every(components: tuple[Component, ...]) -> Iterator[Component]:
    """All components, in document order, with those inside groups and lists."""
    for component in components:
        yield component
        if isinstance(component, Group | DynamicList):
            yield from every(component.components)


def in_scope(components: tuple[Component, ...]) -> Iterator[Component]:
    """The components of one scope: those inside groups too, but not those inside lists."""
    for component in components:
        yield component
        if isinstance(component, Group):
            yield from in_scope(component.components)
