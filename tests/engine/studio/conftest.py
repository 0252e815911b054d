"""The same worker and the same settled dispute as casework's tests have."""

from tests.engine.casework.conftest import settled, work

__all__ = ["settled", "work"]
