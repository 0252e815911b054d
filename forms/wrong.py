"""An answer that cannot be accepted: a code with facts, whose sentences stand in `forms.messages`."""

from forms.texts import Label

Fact = str | int | Label


class Wrong(Exception):
    """One answer is wrong; `code` names the sentence, `params` fill it."""

    def __init__(self, code: str, **params: Fact) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
