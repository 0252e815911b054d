"""Whom the parties want as mediator (人民调解法 §19), as they said with their codes, and what the form proposes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from engine.cases import parties
from engine.cases import queries as cases
from engine.cases.models import Case, Party, Submission
from engine.casework import choosing

WISH = "f-chosen"
BOTH = {"applicant", "respondent"}


@dataclass(frozen=True)
class Wish:
    """The last word of somebody: on which side they stand ("" for whoever merely reported), and the mediator's id."""

    side: str
    mediator: str


def of_case(session: Session, case: Case) -> list[Wish]:
    """The last word of each who spoke, if it names nobody who had to stand aside since; once a party has spoken, a
    neighbour who reported is not counted.
    """
    everybody = parties.of_case(session, case.id)
    said = {_whose(one, everybody): one.answers for one in cases.submissions(session, case.id, (WISH,))}
    aside = {
        one.answers.get("mediator")
        for one in cases.submissions(session, case.id, (choosing.CHOICE,))
        if one.answers.get("recusal") != "none"
    }
    found = [Wish(who.role if who else "", str(answers["mediator"])) for who, answers in said.items()]
    found = [one for one in found if one.mediator not in aside]
    return [one for one in found if one.side] or found


def proposal(wishes: Sequence[Wish]) -> dict[str, Any]:
    """What the committee's form proposes: chosen where both sides want the same, appointed where people differ."""
    wanted = {one.mediator for one in wishes}
    if len(wanted) > 1:
        return {"how": "appointed"}
    agreed = {one.side for one in wishes} >= BOTH
    return {"mediator": wanted.pop()} | ({"how": "chosen"} if agreed else {}) if wanted else {}


def stands_for(who: Party, everybody: Sequence[Party]) -> Party:
    """The party whose side somebody takes: of a guardian or agent whom they act for, else themselves."""
    return next((one for one in everybody if one.id == who.acts_for), who)


def _whose(said: Submission, everybody: Sequence[Party]) -> Party | None:
    """Whose word it is: that of the party with the code, or of the party who reported it; None for a neighbour."""
    if said.party_id:
        return stands_for(next(one for one in everybody if one.id == said.party_id), everybody)
    told = [one for one in everybody if one.role == "reporter"]
    sides = (one for one in everybody if one.role in BOTH)
    return next((one for one in sides if any(parties.same_person(one, who) for who in told)), None)
