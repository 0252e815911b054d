"""The names of the kinds of events, as sentences name them."""

from engine.sentences import S_

KINDS = {
    "none": S_("none"),
    "message": S_("message"),
    "timer": S_("timer"),
    "signal": S_("signal"),
    "error": S_("error"),
    "escalation": S_("escalation"),
    "conditional": S_("conditional"),
    "link": S_("link"),
    "terminate": S_("terminate"),
    "compensation": S_("compensation"),
    "cancel": S_("cancel"),
    "multiple": S_("multiple"),
}
