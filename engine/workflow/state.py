"""The state of an instance as bytes: live tokens and variables, compressed; never the diagram, never the past."""

import json
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import zstandard

from engine.feel import YearsMonthsDuration, kind, read_temporal, text_of
from engine.workflow.bpmn import Process
from engine.workflow.bpmn.schedules import Cron, Mixed
from engine.workflow.tokens import ROOT, Token, TokenTree

FORMAT = 1
LEVEL = 3
TEMPORAL = ("date", "time", "date and time", "days and time duration")


def dump(tree: TokenTree, outcome: str | None) -> bytes:
    """The tree as bytes."""
    refs: list[str] = []
    places: dict[UUID, int] = {}
    rows: list[list[Any]] = []
    for token in tree.all():
        places[token.id] = len(rows)
        if token.process.ref not in refs:
            refs.append(token.process.ref)
        parent = places[token.parent.id] if token.parent is not None else -1
        rows.append(
            [
                token.id.hex,
                parent,
                token.element_id,
                refs.index(token.process.ref),
                token.state,
                token.data,
                token.internal_data,
            ]
        )
    text = json.dumps([FORMAT, refs, outcome, rows], default=_encode, ensure_ascii=False, separators=(",", ":"))
    return zstandard.ZstdCompressor(level=LEVEL).compress(text.encode())


def restore(tree: TokenTree, state: bytes, process: Process, process_by_ref: Callable[[str], Process]) -> str | None:
    """Fill an empty tree from bytes. Returns the outcome if the instance has ended."""
    text = zstandard.ZstdDecompressor().decompress(state)
    _, refs, outcome, rows = json.loads(text, object_hook=_decode, parse_float=Decimal)
    processes = [process if ref == process.ref else process_by_ref(ref) for ref in refs]
    tokens: list[Token] = []
    for identity, parent, element_id, ref, token_state, data, internal in rows:
        above = tokens[parent] if parent >= 0 else None
        token = Token(tree, processes[ref], element_id, above, token_state, UUID(hex=identity))
        token.data, token.internal_data = data, internal
        tokens.append(token)
    tree.task_tree = tokens[0]
    assert tokens[0].element_id == ROOT
    result: str | None = outcome
    return result


def _encode(value: Any) -> Any:
    match value:
        case Decimal():
            return {"$number": str(value)}
        case datetime():
            return {"$datetime": value.isoformat()}
        case date():
            return {"$date": value.isoformat()}
        case time():
            return {"$time": value.isoformat()}
        case timedelta():
            return {"$seconds": str(value.total_seconds())}
        case Mixed():
            return {"$mixed": [value.months.months, str(value.rest.total_seconds())]}
        case Cron():
            return {"$cron": value.text}
        case YearsMonthsDuration():
            return {"$months": value.months}
        case _ if kind(value) in TEMPORAL:  # beyond what Python's own classes hold
            return {"$temporal": text_of(value)}
        case tuple() | set() | frozenset():
            return list(value)
        case UUID():
            return str(value)
    raise TypeError(f"{type(value).__name__} cannot be a process variable")


_DECODERS: dict[str, Callable[[Any], Any]] = {
    "$number": Decimal,
    "$datetime": datetime.fromisoformat,
    "$date": date.fromisoformat,
    "$time": time.fromisoformat,
    "$seconds": lambda text: timedelta(seconds=float(text)),
    "$months": YearsMonthsDuration,
    "$mixed": lambda parts: Mixed(YearsMonthsDuration(parts[0]), timedelta(seconds=float(parts[1]))),
    "$cron": Cron,
    "$temporal": read_temporal,
}


def _decode(found: dict[str, Any]) -> Any:
    if len(found) == 1:
        [(key, value)] = found.items()
        if key in _DECODERS:
            return _DECODERS[key](value)
    return found
