"""What OpenAPI says of the whole interface, and flask-smorest taught to answer errors our way."""

import http
from typing import Any

from flask_smorest import Api
from flask_smorest.utils import prepare_response
from marshmallow import Schema

from api.problems import MEDIA_TYPE
from api.rest.schemas.problems import ProblemSchema

PREFIX = "/api/v1"
DESCRIPTION = """\
Everything that Hejie's pages do, other systems can do here: report, work on tasks, read cases and the ledger.

Who you are: send a token as Authorization: Bearer …. POST /api/v1/tokens gives one for a login and a password; \
it is good as long as a session of the pages. Pages of this site use their session cookie instead and must send the \
form token in X-CSRF-Token. What you see and may do follows from your roles and their division, as on the pages.

What is refused is answered as problem details (RFC 9457) in the language of Accept-Language (zh, en).

Lists give at most limit items and a cursor to go on; the address of the next page is in the Link header too. \
A task carries an ETag: send it back in If-Match when you complete it, and you are told (412) if somebody has changed \
it since. \
Send an Idempotency-Key with what must not be done twice: the same key gets the same answer."""

SECURITY_SCHEMES = {
    "token": {"type": "http", "scheme": "bearer", "description": "A token of POST /tokens."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "hejie_session",
        "description": "A browser's session; changes need the form token in X-CSRF-Token as well.",
    },
}


class HejieApi(Api):  # type: ignore[misc]
    """flask-smorest with our errors: api.problems answers them, problem+json describes them."""

    ERROR_SCHEMA: type[Schema] = ProblemSchema

    def _register_error_handlers(self) -> None:
        """Errors are answered by api.problems, for pages and REST alike."""

    def _register_pagination_header(self) -> None:
        """Lists have cursors and Link headers instead."""

    def _register_responses(self) -> None:
        names: dict[http.HTTPStatus | None, str] = {status: status.name for status in http.HTTPStatus}
        names[None] = self.DEFAULT_ERROR_RESPONSE_NAME
        for status, name in names.items():
            response: dict[str, Any] = {"description": status.phrase if status else "What was refused, and why"}
            if status is None or status >= 400:
                response["schema"] = self.ERROR_SCHEMA
            prepare_response(response, self.spec, MEDIA_TYPE)
            self.spec.components.response(name, response, lazy=True)


CONFIG: dict[str, Any] = {
    "API_TITLE": "Hejie",
    "API_VERSION": "1",
    "OPENAPI_VERSION": "3.1.1",
    "OPENAPI_URL_PREFIX": PREFIX,
    "API_SPEC_OPTIONS": {
        "info": {"description": DESCRIPTION},
        "security": [{name: []} for name in SECURITY_SCHEMES],
        "components": {"securitySchemes": SECURITY_SCHEMES},
    },
}
