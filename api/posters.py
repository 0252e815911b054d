"""Addresses in codes on paper: the report with its place filled in by the place's code alone, and where to follow."""

import segno
from flask import request, url_for
from markupsafe import Markup

from engine.config import settings
from engine.territory.models import COUNTY, Division


def report_address(place: Division) -> str:
    """Where a phone goes that scans the poster of a place."""
    return _root() + url_for("report.page", place=None if place.kind == COUNTY else place.code)


def follow_address() -> str:
    """Where a phone goes that scans a party's slip: the page that asks for the code, without it."""
    return _root() + url_for("follow.page")


def qr(address: str) -> Markup:
    """The address as a picture to scan, dark on light, with room for a little dirt on the paper."""
    drawn = segno.make(address, error="q").svg_inline(scale=8, dark="#000", light="#fff", omitsize=True)
    return Markup(drawn)  # noqa: S704  (drawn here)


def _root() -> str:
    return settings().address or request.host_url.rstrip("/")
