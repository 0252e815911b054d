"""The reasons for which a value is null, as sentences; the facts are kinds of value or names, never values."""

from engine.sentences import S_

FACTS = "first", "second", "third"
MESSAGES = {
    "unknown-name": S_("There is nothing named “%(first)s”."),
    "no-entry": S_("There is no entry “%(first)s” in a %(second)s."),
    "no-property": S_("A %(second)s has no property “%(first)s”."),
    "not-comparable": S_("“%(first)s” does not compare a %(second)s with a %(third)s."),
    "not-computable": S_("“%(first)s” does not take a %(second)s and a %(third)s."),
    "not-negatable": S_("There is no negative of a %(first)s."),
    "out-of-range": S_("The result of “%(first)s” is beyond what can be represented."),
    "division-by-zero": S_("A division by zero has no result."),
    "not-boolean": S_("“%(first)s” needs true or false, not a %(second)s."),
    "not-iterable": S_("A %(first)s has no items to go through."),
    "not-a-function": S_("A %(first)s cannot be called."),
    "unknown-function": S_("There is no function “%(first)s”."),
    "wrong-arguments": S_("“%(first)s” does not take these arguments (%(second)s)."),
    "wrong-count": S_("The function takes %(first)s arguments, not %(second)s."),
    "wrong-name": S_("“%(first)s” has no parameter “%(second)s”."),
    "wrong-type": S_("A %(second)s was given where a %(first)s is needed."),
    "no-value": S_("“%(first)s” has no value for these arguments."),
    "bad-literal": S_("“%(first)s” is no date, time or duration."),
    "bad-pattern": S_("The pattern is no regular expression that can be carried out: %(first)s."),
    "bad-flags": S_("Flags are made of the letters s, m, i, x and q."),
    "bad-range": S_("The ends of a range must be two values of one kind that have an order."),
    "same-key": S_("The key “%(first)s” stands twice in a context."),
    "external": S_("External functions are not carried out."),
    "unknown-type": S_("There is no type “%(first)s”."),
    "no-calendar": S_("There is no calendar of working days here."),
    "no-deadlines": S_("There is no catalogue of deadlines here."),
    "no-deadline": S_("The catalogue has no deadline “%(first)s” that is in force then."),
    "failed-condition": S_("A condition needs true or false, not a %(first)s; it counts as false."),
}
"""What each code means."""
