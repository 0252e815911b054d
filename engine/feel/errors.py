"""What can be wrong with an expression."""

from engine.sentences import S_, Sentence


class FeelError(Exception):
    """An expression cannot be read or carried out."""

    code = "feel-error"


class FeelSyntaxError(FeelError):
    """The text is not FEEL: where (line and column from 1), what was found and what could stand there."""

    code = "feel-syntax"

    def __init__(
        self, message: Sentence, line: int, column: int, *, found: str = "", expected: tuple[str, ...] = ()
    ) -> None:
        super().__init__(
            S_("%(message)s (line %(line)s, column %(column)s)", message=message, line=line, column=column)
        )
        self.message = message
        self.line = line
        self.column = column
        self.found = found
        self.expected = expected


class FeelBudgetExceeded(FeelError):
    """The expression wants more steps, time or room than it may have."""

    code = "feel-budget"


def syntax_error(
    source: str, position: int, message: Sentence, *, found: str = "", expected: tuple[str, ...] = ()
) -> FeelSyntaxError:
    """A syntax error at a position of the source."""
    line, column = place(source, position)
    return FeelSyntaxError(message, line, column, found=found, expected=expected)


def place(source: str, position: int) -> tuple[int, int]:
    """Line and column, from 1, of a position in a source."""
    return source.count("\n", 0, position) + 1, position - source.rfind("\n", 0, position)
