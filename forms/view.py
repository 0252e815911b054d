"""What the templates are given: every text chosen, every id and state decided, so that templates hold markup only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from forms.conditions import Asking, State
from forms.definition import Form
from forms.texts import Locale
from forms.uploads import Upload

NO_HTML = Markup()


@dataclass(frozen=True)
class OptionView:
    """One radio button, tick box or entry of a list."""

    id: str
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class FileView:
    """One uploaded file."""

    id: str
    name: str
    url: str
    gone: bool


@dataclass(frozen=True)
class View:
    """One component as it is shown. `kind` names the macro of the template; what a kind has no use for stays empty."""

    kind: str
    key: str
    id: str = ""
    name: str = ""
    label: str = ""
    hint: str = ""
    why: str = ""
    error: str = ""
    optional: bool = False
    required: bool = False
    value: str = ""
    autocomplete: str = ""
    controls: bool = False
    input_type: str = "text"
    inputmode: str = ""
    suggest: str = ""
    size: str = ""
    prefix: str = ""
    suffix: str = ""
    rows: int = 0
    options: tuple[OptionView, ...] = ()
    refusals: tuple[OptionView, ...] = ()
    files: tuple[FileView, ...] = ()
    accept: str = ""
    many: bool = False
    parts: tuple["View", ...] = ()
    item: str = ""
    add: str = ""
    remove: str = ""
    html: Markup = NO_HTML
    columns: tuple[str, ...] = ()
    cells: tuple[tuple[str, ...], ...] = ()

    @property
    def described_by(self) -> str:
        """The ids of the hint and the error, for aria-describedby."""
        return " ".join(f"{self.id}-{part}" for part in ("hint", "error") if getattr(self, part))


@dataclass(frozen=True)
class Showing:
    """One showing of a form to one reader: what was `given`, and `raw`, the same with defaults and fixed answers."""

    form: Form
    given: Mapping[str, Any]
    raw: Mapping[str, Any]
    state: State
    asking: Asking
    locale: Locale
    errors: Mapping[str, str]
    uploads: Mapping[str, Upload]
    prefix: str
