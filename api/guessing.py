"""Addresses that are asked with tracking code and phone: whoever guesses is slowed down, nobody else.

Many villagers share one address of their telephone company, so an address may err often, and a code seldom.
"""

import hashlib
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask.views import View

from engine import db
from engine.cases.commands import tracking_hash
from engine.cases.queries import CaseUnknown
from engine.people import attempts

PER_ADDRESS, PER_CODE = 60, 10
"""Failures within 15 minutes."""


class Proven(View):
    """Goes before Page or Resource."""

    secret = True

    def dispatch_request(self, **path: Any) -> ResponseReturnValue:
        """Answer, unless too many codes from here, or too many phones with this code, fitted nothing."""
        if request.method != "POST":
            return super().dispatch_request(**path)
        with db.transaction() as session:
            attempts.require_few(session, _limits())
        try:
            return super().dispatch_request(**path)
        except CaseUnknown:
            self.fits_nothing()
            raise

    def fits_nothing(self) -> None:
        """Remember that code and phone fitted nothing."""
        attempts.remember(_limits())


def _limits() -> dict[str, int]:
    sent = request.get_json(silent=True) if request.is_json else None
    code = sent.get("tracking_code") if isinstance(sent, dict) else request.form.get("code")
    kept = hashlib.sha256(tracking_hash(str(code or ""))).hexdigest()
    return {f"follow:{request.remote_addr}": PER_ADDRESS, f"code:{kept}": PER_CODE}
