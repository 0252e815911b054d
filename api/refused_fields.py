"""marshmallow's own sentences about wrong fields, which are English, in the reader's language."""

import re

from flask_babel import gettext

from engine.errors import N_

PLAIN = (
    N_("Missing data for required field."),
    N_("Field may not be null."),
    N_("Unknown field."),
    N_("Not a valid string."),
    N_("Not a valid integer."),
    N_("Not a valid number."),
    N_("Not a valid boolean."),
    N_("Not a valid UUID."),
    N_("Not a valid date."),
    N_("Not a valid datetime."),
    N_("Not a valid aware datetime."),
    N_("Not a valid mapping type."),
    N_("Not a valid list."),
    N_("Invalid value."),
    N_("Invalid input type."),
    N_("Invalid JSON body."),
    N_("String does not match expected pattern."),
)
FILLED = (
    N_("Must be greater than or equal to %(least)s and less than or equal to %(most)s."),
    N_("Must be greater than or equal to %(least)s."),
    N_("Must be less than or equal to %(most)s."),
    N_("Length must be between %(least)s and %(most)s."),
    N_("Length must be %(equal)s."),
    N_("Shorter than minimum length %(least)s."),
    N_("Longer than maximum length %(most)s."),
    N_("Must be one of: %(choices)s."),
)
"""Those that marshmallow has filled already: what stands in them is found again."""


def in_words(text: str) -> str:
    """What is wrong with a field, in the reader's language; sentences of our own schemas as well."""
    for template in FILLED:
        pattern = re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.+)", re.escape(template))
        if found := re.fullmatch(pattern, text, re.DOTALL):
            return str(gettext(template) % found.groupdict())
    return str(gettext(text))
