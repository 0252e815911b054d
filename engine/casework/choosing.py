"""Choosing a mediator for a case (人民调解法 §19): who may be chosen, what they know, what would stand in the way."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from engine.cases import parties
from engine.cases.dictionary import label
from engine.cases.models import Case
from engine.errors import N_, Invalid
from engine.people import queries as people
from engine.supermarket import conflicts, directory

AGREEMENTS = ("f11-agreement", "f12-oral-agreement")
CHOICE = "f-mediator"


class ChosenTwice(Invalid):
    """A mediator leads or joins once."""

    code = "mediator-chosen-twice"
    message = N_("%(who)s is chosen twice. Name each mediator once: whoever leads does not join as well.")


def options(session: Session, case: Case) -> list[dict[str, str]]:
    """The people's mediators of a case's village, town and county, nearest first, as options of a form.

    Each says the body, what they know, how many open cases they have, and whether something stands in the way.
    """
    return [
        _option(session, case, one)
        for one in directory.mediators(session, above=case.division)
        if one.unit.kind in directory.PEOPLES
    ]


def chosen(answers: Mapping[str, Any]) -> list[str]:
    """The account ids of who mediates, as the form of a choice says: the first leads, others join (人民调解法 §19)."""
    joint = [one.get("mediator") for one in answers.get("joint") or ()]
    return [str(one) for one in (answers.get("mediator"), *joint) if one]


def require_fit(session: Session, case: Case, form_key: str, values: Mapping[str, Any]) -> None:
    """Raises ChosenTwice, and ConflictOfInterest for a mediator who is close to a party; for an agreement
    GuardianMissing of a minor, ConsentWithdrawn.
    """
    if form_key == CHOICE:
        mediators = chosen(values)
        if twice := [one for one, times in Counter(mediators).items() if times > 1]:
            raise ChosenTwice(who=people.names(session, twice)[twice[0]])
        for mediator in mediators:
            conflicts.require_none(session, mediator, case)
    if form_key in AGREEMENTS:
        parties.require_guardians(session, case.id)
        parties.require_consents(session, case.id)


def _option(session: Session, case: Case, one: directory.Listed) -> dict[str, str]:
    key = str(one.account.id)
    found = {conflict.kind for conflict in conflicts.conflicts(session, key, case)}
    zh = [one.unit.name, *_skills(one, "zh"), one.mediator.skills, f"在办{one.open_cases}件", "免费"]
    en = [one.unit.name_en, *_skills(one, "en"), one.mediator.skills, f"{one.open_cases} open cases", "free"]
    if found & set(conflicts.HINDERS):
        zh.append("须回避")
        en.append("must stand back")
    elif found:
        zh.append("曾办过同一当事人的纠纷，须告知双方")
        en.append("had an earlier case of the same people: tell both sides")
    return {
        "value": key,
        "label": f"{one.account.name}（{'；'.join(filter(None, zh))}）",
        "label.en": f"{one.account.name} ({'; '.join(filter(None, en))})",
    }


def _skills(one: directory.Listed, locale: str) -> tuple[str, str]:
    """What a mediator knows and speaks, in words."""
    comma = "、" if locale == "zh" else ", "
    knows = comma.join(label("category", code, locale) for code in one.mediator.specialities)
    return knows, comma.join(label("language", code, locale) for code in one.mediator.languages)
