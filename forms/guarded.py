"""What must be guarded in a form's answers: identity numbers, and words that were written freely."""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from forms.definition import SECRET, Form, TextArea, TextField
from forms.places import Steps, get, html_id, pointer, put, walk
from forms.texts import Label
from forms.validation import FieldError


@dataclass(frozen=True)
class Written:
    """One answer in somebody's own words, and where it stands."""

    text: str
    label: Label
    steps: Steps
    within: tuple[tuple[Label, int], ...]

    def blocked(self, *, found: str, fact: Label, law: str) -> FieldError:
        """The error at this field that says which words give away what must not be on file, and which law says so."""
        params = (("label", self.label), ("found", found), ("fact", fact), ("law", law))
        return FieldError(pointer(self.steps), html_id(self.steps), "blocked-fact", params, self.within)


def replace_identities(form: Form, values: Mapping[str, Any], replace: Callable[[str], str]) -> dict[str, Any]:
    """The answers with every identity number replaced; raw answers of a draft are taken as well."""
    changed = deepcopy(dict(values))
    for part, scope in list(walk(form.fields, changed, frozenset())):
        if isinstance(part, TextField) and part.check in SECRET:
            steps = (*scope.steps, *part.path)
            found = get(changed, steps)
            if isinstance(found, str) and found:
                put(changed, steps, replace(found))
            elif isinstance(found, dict) and isinstance(found.get("given"), str) and found["given"]:
                found["given"] = replace(found["given"])
    return changed


def replace_written(form: Form, values: Mapping[str, Any], replace: Callable[[str], str]) -> dict[str, Any]:
    """The answers with everything that somebody wrote in their own words replaced."""
    changed = deepcopy(dict(values))
    for one in list(written(form, changed)):
        put(changed, one.steps, replace(one.text))
    return changed


def written(form: Form, values: Mapping[str, Any]) -> Iterator[Written]:
    """Every answer that somebody wrote in their own words."""
    for part, scope in walk(form.fields, values, frozenset()):
        if not isinstance(part, TextArea | TextField) or (isinstance(part, TextField) and part.check):
            continue
        steps = (*scope.steps, *part.path)
        text = get(values, steps)
        if isinstance(text, str) and text:
            yield Written(text, part.label, steps, scope.numbered)
