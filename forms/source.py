"""Reading one JSON object of a form's file: typed values, and a finding for what is wrong or not understood."""

import re
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any

from forms.findings import Finding
from forms.texts import Label

Compile = Callable[[str], object]

# What the editor writes for its own canvas or for its own renderer. Kept in the file; without meaning here.
EDITOR_KEYS = frozenset(
    [
        "id",
        "type",
        "properties",
        "validate",
        "conditional",
        "appearance",
        "layout",
        "searchable",
        "computeOn",
        "use24h",
        "timeInterval",
        "showOutline",
        "verticalAlignment",
        "disableCollapse",
        "nonCollapsedItems",
        "isRepeating",
        "rowCount",
        "height",
        "action",
        "dateLabel",
        "timeLabel",
    ]
)
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*")


class Source:
    """One component's JSON object. Remembers what was read, so that `unread` can name what has no effect."""

    def __init__(self, raw: Mapping[str, Any], findings: list[Finding], compiler: Compile | None) -> None:
        self.raw = raw
        self.id = raw["id"] if isinstance(raw.get("id"), str) else ""
        self._findings = findings
        self._compile = compiler
        self._read: set[str] = set()
        self._properties = self._strings()
        self._read_properties: set[str] = set()

    def find(self, rule: str, **params: object) -> None:
        """Note a finding at this component."""
        self._findings.append(Finding(rule, self.id, tuple((name, _said(value)) for name, value in params.items())))

    def value(self, name: str) -> Any:
        """The value under a dotted name such as ``validate.min``; None where there is none."""
        self._read.add(name)
        value: Any = self.raw
        for step in name.split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
        return value

    def text(self, name: str) -> str:
        """A string, empty where there is none."""
        value = self.value(name)
        if value is not None and not isinstance(value, str):
            self.find("wrong-value", name=name, wanted=Label("文字", "a string"))
            return ""
        return value or ""

    def entries(self, name: str) -> list[Any]:
        """A list, empty where there is none."""
        value = self.value(name)
        if value is not None and not isinstance(value, list):
            self.find("wrong-value", name=name, wanted=Label("列表", "a list"))
            return []
        return value or []

    def flag(self, name: str, *, default: bool = False) -> bool:
        """True or false. Expressions, which form-js allows in some places, are refused."""
        value = self.value(name)
        if value is not None and not isinstance(value, bool):
            self.find("wrong-value", name=name, wanted=Label("true 或 false", "true or false"))
            return default
        return default if value is None else value

    def whole(self, name: str, *, low: int = 0, high: int = 100_000) -> int | None:
        """A whole number within bounds."""
        value = self.value(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.find(
                "wrong-value",
                name=name,
                wanted=Label(f"{low} 到 {high} 的整数", f"a whole number from {low} to {high}"),
            )
            return None
        return value

    def decimal(self, name: str) -> Decimal | None:
        """A decimal number, written as JSON number or as a string of digits (as form-js writes increments)."""
        value = self.value(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,20}(\.\d{1,20})?", str(value)[:50]):
            self.find("wrong-value", name=name, wanted=Label("小数", "a decimal number"))
            return None
        return Decimal(str(value))

    def one_of(self, name: str, wanted: Collection[str], default: str) -> str:
        """One word of a list."""
        value = self.value(name)
        if value is None:
            return default
        if not isinstance(value, str) or value not in wanted:
            self.find("wrong-value", name=name, wanted=", ".join(sorted(wanted)))
            return default
        return value

    def prop(self, name: str) -> str:
        """One of our own properties, empty where there is none."""
        self._read_properties.add(name)
        return self._properties.get(name, "")

    def prop_flag(self, name: str) -> bool:
        """A property that is ``"true"`` or ``"false"``."""
        value = self.prop(name)
        if value not in ("", "true", "false"):
            self.find("wrong-value", name=f"properties.{name}", wanted=Label('"true" 或 "false"', '"true" or "false"'))
        return value == "true"

    def prop_whole(self, name: str, default: int, *, low: int = 0, high: int) -> int:
        """A property that is a whole number, written as a string."""
        value = self.prop(name)
        if not value:
            return default
        if not re.fullmatch(r"[0-9]{1,12}", value) or not low <= int(value) <= high:
            self.find(
                "wrong-value", name=f"properties.{name}", wanted=Label(f'"{low}" 到 "{high}"', f'"{low}" to "{high}"')
            )
            return default
        return int(value)

    def label(self, chinese: str, english: str, *, needed: bool = False) -> Label:
        """A text with its English: found under the name `chinese` of the component and the property `english`."""
        return self.pair(self.text(chinese), chinese, english, needed=needed)

    def prop_label(self, name: str) -> Label:
        """A text whose both languages stand in properties: ``why`` and ``why.en``."""
        return self.pair(self.prop(name), f"properties.{name}", f"{name}.en")

    def pair(self, zh: str, name: str, english: str, *, needed: bool = False) -> Label:
        """Join a Chinese text with its English property, noting whichever is missing."""
        en = self.prop(english)
        if (needed or en) and not zh.strip():
            self.find("label-missing", name=name)
        if zh.strip() and not en.strip():
            self.find("english-missing", name=english)
        return Label(zh, en)

    def feel(self, name: str) -> str | None:
        """An expression, which must begin with ``=`` and compile; returned without the ``=``."""
        text = self.text(name).strip()
        if not text:
            return None
        if not text.startswith("="):
            self.find("expression", name=name, reason=Label("没有以 = 开头", "it does not begin with ="))
            return None
        return self.compiled(name, text[1:].strip())

    def compiled(self, name: str, expression: str) -> str | None:
        """The expression, if it compiles; else a finding and None."""
        if self._compile is not None:
            try:
                self._compile(expression)
            except Exception as error:  # whatever the injected compiler raises is its reason
                self.find("expression", name=name, reason=error.args[0] if error.args else error)
                return None
        return expression

    def path(self, name: str, *, needed: bool) -> tuple[str, ...]:
        """A dotted key as its steps; empty (with a finding where needed) if missing or wrongly written."""
        text = self.text(name)
        if NAME.fullmatch(text) and len(text) <= 200:
            return tuple(text.split("."))
        if text or needed:
            self.find("key-missing")
        return ()

    def unread(self) -> None:
        """Note everything that nobody asked for, so that nothing is dropped in silence."""
        for name in self.raw:
            if name not in self._read and name not in EDITOR_KEYS:
                self.find("unknown-key", name=name)
        for outer in ("validate", "conditional", "appearance"):
            inner = self.raw.get(outer)
            if inner is not None and not isinstance(inner, Mapping):
                self.find("wrong-value", name=outer, wanted=Label("对象", "an object"))
                continue
            for name, value in (inner or {}).items():
                # The editor leaves false, null and "" behind where a setting was switched off.
                if f"{outer}.{name}" not in self._read and value not in (None, False, ""):
                    self.find("unknown-key", name=f"{outer}.{name}")
        for name in self._properties:
            if name not in self._read_properties and not name.startswith("hejie."):
                self.find("unknown-property", name=name)

    def _strings(self) -> dict[str, str]:
        properties = self.raw.get("properties") or {}
        if not isinstance(properties, Mapping) or not all(isinstance(value, str) for value in properties.values()):
            self.find("wrong-value", name="properties", wanted=Label("由文字组成的对象", "an object of strings"))
            return {}
        return dict(properties)


def _said(value: object) -> str | Label:
    return value if isinstance(value, str | Label) else str(value)
