"""What an agreement asks for, one after the other (人民调解法 §29): performed in the order of the days it is due."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.cases import queries as cases
from engine.cases.models import Submission
from engine.casework.choosing import AGREEMENTS

PERFORMANCE = "f13-performance"


def owed(session: Session, case_id: UUID, proof: Submission | None = None) -> Mapping[str, Any]:
    """The obligation that is next to be performed, or that a proof of performance is about; nothing where none is."""
    filed = cases.submissions(session, case_id)
    before = filed[: filed.index(proof)] if proof else filed
    at = max((place for place, one in enumerate(before) if one.form_key in AGREEMENTS), default=None)
    if at is None:
        return {}
    asked = sorted(before[at].answers.get("obligations") or [], key=lambda one: str(one.get("due_on")))
    done = sum(one.form_key == PERFORMANCE for one in before[at:])
    return asked[done] if done < len(asked) else {}


def in_words(obligation: Mapping[str, Any]) -> str:
    """Who does what, and for how much."""
    amount = f"（{Decimal(str(obligation['amount'])):,} 元）" if obligation.get("amount") else ""
    return f"{obligation.get('who', '')}：{obligation.get('what', '')}{amount}" if obligation else ""
