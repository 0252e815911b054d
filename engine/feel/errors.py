"""What can be wrong with an expression."""


class FeelError(Exception):
    """An expression cannot be read or carried out."""


class FeelSyntaxError(FeelError):
    """The text is not FEEL: where (line and column from 1), and what was expected."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(f"{message} (line {line}, column {column})")
        self.message = message
        self.line = line
        self.column = column


class FeelBudgetExceeded(FeelError):
    """The expression took more steps than it may."""
