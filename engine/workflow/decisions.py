"""Decision models among the files of a deployment: what the checker says of them, and what they import."""

import json
from collections.abc import Iterable, Iterator, Mapping

from engine import dmn, feel
from engine.sentences import S_
from engine.workflow.bpmn import Finding


def by_namespace(models: Iterable[bytes]) -> dict[str, bytes]:
    """Decision models by the namespace under which others import them; what cannot be read is left out."""
    found: dict[str, bytes] = {}
    for content in models:
        try:
            found.setdefault(dmn.namespace_of(content), content)
        except dmn.DmnError:
            continue
    return found


def imports_others(content: bytes) -> bool:
    """Whether a decision model imports other models."""
    try:
        return bool(dmn.imported_by(content))
    except dmn.DmnError:
        return False


def check(content: bytes, imports: Mapping[str, bytes]) -> Iterator[Finding]:
    """The findings of one decision model."""
    for found in dmn.check(content, imports=imports):
        hint = found.hint
        if found.example is not None:
            example = json.dumps(feel.to_json(found.example), ensure_ascii=False)
            hint = S_("%(hint)s Example: %(example)s.", hint=hint, example=example)
        yield Finding(found.severity, found.rule, found.message, found.element_id, found.line, hint)
