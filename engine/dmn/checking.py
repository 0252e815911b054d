"""Everything that can be said of a decision model without asking it, in one list."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from engine.dmn.cells import Region, key, region
from engine.dmn.coverage import coverage
from engine.dmn.findings import DmnError, Finding
from engine.dmn.model import Decision, Knowledge, Model
from engine.dmn.reading import Imports, parse
from engine.dmn.tables import Table
from engine.dmn.types import BuiltIn, unconstrained
from engine.sentences import S_


def check(xml: bytes, *, imports: Imports | None = None) -> list[Finding]:
    """All findings on a file: what keeps it from being carried out as errors, what may surprise as warnings."""
    try:
        return findings(parse(xml, imports=imports))
    except DmnError as error:
        return list(error.findings)


def findings(model: Model) -> list[Finding]:
    """All findings on a model that could be read."""
    return [*model.findings, *_cycles(model), *(one for table in model.tables for one in _table(table))]


def _cycles(model: Model) -> Iterator[Finding]:
    """Elements that require themselves (DMN 1.5 §6.2.1); only a function may call itself."""
    try:
        TopologicalSorter({identity: set(_needs(model, identity)) for identity in model.parts}).prepare()
    except CycleError as error:
        ring = [model.parts[identity] for identity in reversed(error.args[1])]
        message = S_(
            "%(name)s requires itself: %(way)s.", name=ring[0].name, way=" → ".join(part.name for part in ring)
        )
        hint = S_("Remove one of these requirements.")
        yield Finding("error", "requirement-cycle", message, ring[0].id, ring[0].line, hint)


def _needs(model: Model, identity: str) -> Iterator[str]:
    part = model.parts[identity]
    for one in part.required if isinstance(part, Decision | Knowledge) else ():
        if one.origin is None and (one.id != identity or isinstance(part, Decision)):
            yield one.id


def _table(table: Table) -> Iterator[Finding]:
    if not table.rules:
        hint = S_("Add rules, or remove the table.")
        yield Finding("warning", "no-rules", S_("The table has no rules."), table.id, table.line, hint)
    if table.hit_policy in ("PRIORITY", "OUTPUT ORDER") and not any(one.listed for one in table.outputs):
        message = S_(
            "%(hit_policy)s needs the output's values in their order, and none are listed.", hit_policy=table.hit_policy
        )
        yield Finding("error", "no-priorities", message, table.id, table.line, S_("List the output values."))
    yield from _same_conditions(table)
    yield from _cells(table)
    yield from _outputs(table)
    yield from coverage(table)


def _same_conditions(table: Table) -> Iterator[Finding]:
    """Rules whose cells are the same to the letter, where they are too intricate for the search for overlaps."""
    if table.hit_policy in ("COLLECT", "RULE ORDER", "OUTPUT ORDER"):
        return
    seen: dict[tuple[str, ...], int] = {}
    for index, rule in enumerate(table.rules):
        earlier = seen.setdefault(rule.sources, index)
        if earlier != index and "?" in table.cells[index]:
            message = S_("Rule %(index)s asks the same as rule %(earlier)s.", index=index + 1, earlier=earlier + 1)
            yield Finding("warning", "same-conditions", message, rule.id, rule.line, S_("Remove one of them."))


def _cells(table: Table) -> Iterator[Finding]:
    """Cells that no value of their column can meet."""
    for column, found in enumerate(table.inputs):
        expected = unconstrained(found.type)
        kind = expected.name if isinstance(expected, BuiltIn) else None
        for index, row in enumerate(table.cells):
            cell, rule = row[column], table.rules[index]
            if not isinstance(cell, Region) or cell.kind == "null":
                continue
            message = None
            if kind and cell.kind != kind and cell.kind in KINDS and kind in KINDS:
                message = S_("it asks for a %(kind)s, and the input is a %(kind2)s", kind=cell.kind, kind2=kind)
            elif found.domain is not None and _outside(cell, found.domain):
                message = S_("the input never has such a value")
            if message:
                text = S_(
                    "The cell “%(sources)s” of rule %(index)s never holds: %(message)s.",
                    sources=rule.sources[column],
                    index=index + 1,
                    message=message,
                )
                yield Finding(
                    "warning", "cell-never-holds", text, rule.id, rule.line, S_("Correct the cell or the type.")
                )


KINDS = {"number", "string", "boolean", "date", "days and time duration", "years and months duration"}


def _outside(cell: Region, domain: Region) -> bool:
    """Whether single values that a cell asks for are not allowed."""
    single = [one.low for one in cell.intervals if one.low == one.high and one.low is not None]
    return (
        bool(single)
        and not cell.inverted
        and len(single) == len(cell.intervals)
        and (cell.kind != domain.kind or not any(domain.has(value) for value in single))
    )


def _outputs(table: Table) -> Iterator[Finding]:
    """Results that are not allowed, and allowed ones that no rule gives."""
    for column, output in enumerate(table.outputs):
        allowed = output.domain
        if allowed is None:
            continue
        given: dict[object, None] = {}
        plain = output.default is None
        for index, rule in enumerate(table.rules):
            value = _literal(rule.results[column] if column < len(rule.results) else "")
            plain = plain and value is not None
            if value is None:
                continue
            given[value[1]] = None
            if value[0] != allowed.kind or not allowed.has(value[1]):
                message = S_(
                    "The result %(results)s of rule %(index)s is none of the output's values.",
                    results=rule.results[column],
                    index=index + 1,
                )
                hint = S_("Correct it, or add it to the output values.")
                yield Finding("error", "output-not-allowed", message, rule.id, rule.line, hint)
        for missing in (one for one in output.listed if plain and key(one)[1] not in given):
            message = S_("No rule gives %(missing)s, which is one of the output's values.", missing=missing)
            hint = S_("Add a rule, or remove the value.")
            yield Finding("warning", "unreachable-output", message, output.id, table.line, hint)


def _literal(source: str) -> tuple[str, object] | None:
    """Kind and value of an output cell that is one literal."""
    found = region(source)
    if found is None or found.inverted or len(found.intervals) != 1 or found.null:
        return None
    one = found.intervals[0]
    return (found.kind, one.low) if one.low is not None and one.low == one.high and source[:1] not in "=<>[(]" else None
