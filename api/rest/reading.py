"""Reading what is sent: what no database can hold is refused before anything is done with it, with its place."""

import math
from collections.abc import Mapping
from typing import Any, NoReturn

from flask import Request
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser

from engine.errors import N_

DEEPEST = 32
"""Levels of lists and objects that a body may have; forms have three."""

UNFIT = N_("This holds a character or a number that cannot be kept.")
TOO_DEEP = N_("This has too many levels of lists and objects.")


class Parser(FlaskParser):
    """webargs', for JSON as I-JSON (RFC 7493) has it: no NUL, no half of a character, no NaN, no endless nesting."""

    def use_args(self, argmap: Any, req: Request | None = None, **more: Any) -> Any:
        """With one instance of the schema for all requests: making one costs more than reading with it."""
        return super().use_args(argmap() if isinstance(argmap, type) else argmap, req, **more)

    def load_json(self, req: Request, schema: Schema) -> Any:
        """The body; missing if there is none."""
        try:
            given = super().load_json(req, schema)
        except (ValueError, RecursionError) as error:  # a number of thousands of digits; a million brackets
            self._unreadable(error, req)
        require_fit(given)
        return given

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        """The parameters of the address."""
        require_fit({name: "".join(values) for name, values in req.args.lists()})
        return super().load_querystring(req, schema)

    def load_form(self, req: Request, schema: Schema) -> Any:
        """The fields of a multipart body."""
        require_fit({name: "".join(values) for name, values in req.form.lists()})
        return super().load_form(req, schema)

    def load_files(self, req: Request, schema: Schema) -> Any:
        """The files of a multipart body; their names are kept as well."""
        for name, file in req.files.items(multi=True):
            require_fit({name: file.filename or ""})
        return super().load_files(req, schema)

    def _unreadable(self, error: Exception, req: Request) -> NoReturn:
        self._handle_invalid_json_error(error, req)  # type: ignore[arg-type]  # it only reports what it is given


def require_fit(given: Any) -> None:
    """Raises ValidationError with the place of everything that cannot be kept."""
    if found := _unfit(given, DEEPEST):
        raise ValidationError(found)


def _unfit(given: Any, levels: int) -> dict[Any, Any] | list[str]:
    """The messages as marshmallow nests them; empty if all is well."""
    if isinstance(given, str):
        return [] if _is_text(given) else [UNFIT]
    if isinstance(given, float):
        return [] if math.isfinite(given) else [UNFIT]
    if not isinstance(given, Mapping | list):
        return []
    if not levels:
        return [TOO_DEEP]
    if isinstance(given, Mapping) and not all(_is_text(name) for name in given):
        return [UNFIT]
    inner = given.items() if isinstance(given, Mapping) else enumerate(given)
    return {name: found for name, value in inner if (found := _unfit(value, levels - 1))}


def _is_text(text: str) -> bool:
    """Whether PostgreSQL can hold it: no NUL, no surrogate without its other half."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False
