"""Who may see which case and do what to it: the matrix of docs/access.md, row by row."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import events
from engine.cases import permissions, queries
from engine.cases.models import Case
from engine.people.actor import Actor
from engine.people.roles import ROLES
from tests.engine.cases.conftest import COUNTY, ELSEWHERE, GRID, TOWN, VILLAGE, Report, holder

KINDS: dict[str, dict[str, Any]] = {
    "untriaged": {},
    "village dispute": {"level": "village"},
    "town dispute": {"level": "town"},
    "county dispute": {"level": "county"},
    "hazard": {"kind": "hazard"},
    "suggestion": {"kind": "suggestion"},
    "petition": {"kind": "petition"},
    "police matter": {"kind": "police"},
    "protection": {"kind": "protection", "sealed": True},
    "fraud": {"kind": "fraud"},
    "paused dispute": {"level": "village", "paused_at": datetime(2026, 11, 23, tzinfo=UTC)},
    "handed over": {"level": "village", "outcome": "handed_over"},
    "sealed dispute": {"level": "village", "sealed": True},
    "accusation passed on": {"kind": "petition", "sealed": True, "outcome": "handed_over"},
    "sealed police matter": {"kind": "police", "sealed": True},
}
OPEN_KINDS = {name for name, facts in KINDS.items() if not facts.get("sealed")}
DISPUTES = {name for name in OPEN_KINDS if "kind" not in KINDS[name]}
RISEN = DISPUTES - {"untriaged"}
HANDED = {"police matter", "protection", "fraud", "paused dispute", "handed over", "sealed police matter"}

MATRIX: dict[str, tuple[str, set[str]]] = {
    "grid_worker": (VILLAGE, OPEN_KINDS - {"petition", "police matter", "fraud"}),
    "village_mediator": (VILLAGE, RISEN),
    "town_mediator": (TOWN, {"town dispute", "county dispute"}),
    "county_mediator": (COUNTY, {"county dispute"}),
    "duty_officer": (TOWN, OPEN_KINDS),
    "county_officer": (COUNTY, set(KINDS)),
    "justice_officer": (TOWN, DISPUTES),
    "hazard_officer": (TOWN, {"hazard"}),
    "police": (TOWN, HANDED),
    "court": (TOWN, set()),
    "petition_officer": (COUNTY, {"suggestion", "petition"}),
    "organ_officer": (COUNTY, set()),
    "review_officer": (COUNTY, set()),
    "labour_officer": (COUNTY, set()),
    "land_officer": (COUNTY, set()),
    "protection_officer": (COUNTY, set()),
    "volunteer": (VILLAGE, set()),
    "leader": (COUNTY, set()),
    "admin": (COUNTY, set()),
    "worker": (COUNTY, set()),
}


def seen(session: Session, actor: Actor) -> set[Case]:
    return set(session.scalars(select(Case).where(permissions.scope(actor))))


@pytest.fixture
def cases(report: Report) -> dict[str, Case]:
    for facts in KINDS.values():
        report(division=ELSEWHERE, **facts)
    return {name: report(**facts) for name, facts in KINDS.items()}


def test_the_matrix_has_a_row_for_every_role() -> None:
    assert set(MATRIX) == set(ROLES)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_sees_what_its_row_says_and_nothing_else(session: Session, cases: dict[str, Case], role: str) -> None:
    path, names = MATRIX[role]
    visible = seen(session, holder(role, path))
    assert {name for name, case in cases.items() if case in visible} == names


@pytest.mark.parametrize("role", [role for role, (path, _) in MATRIX.items() if path != COUNTY])
def test_no_role_sees_beyond_its_division(session: Session, cases: dict[str, Case], role: str) -> None:
    assert seen(session, holder(role, MATRIX[role][0])) <= set(cases.values())


def test_a_code_that_merely_begins_alike_is_not_within(session: Session, report: Report) -> None:
    report(division=f"{TOWN}/6109271032070")
    assert seen(session, holder("grid_worker", VILLAGE)) == set()


def test_a_village_s_worker_sees_its_grids_and_not_the_other_way(session: Session, report: Report) -> None:
    in_grid, in_village = report(division=GRID), report()
    assert seen(session, holder("grid_worker", VILLAGE)) == {in_grid, in_village}
    assert seen(session, holder("grid_worker", GRID)) == {in_grid}


def test_who_reported_sees_it_until_it_is_sealed(session: Session, report: Report) -> None:
    reporter = holder("court", TOWN, "somebody")
    case = report(actor="somebody", division=ELSEWHERE)
    assert seen(session, reporter) == {case}
    case.sealed = True
    session.flush()
    assert seen(session, reporter) == set()


def test_the_mediator_sees_their_case_wherever_it_is(session: Session, report: Report) -> None:
    case = report(level="county", mediator="m1")
    assert seen(session, holder("village_mediator", ELSEWHERE, "m1")) == {case}


def test_the_public_sees_nothing_and_the_system_all(session: Session, cases: dict[str, Case]) -> None:
    assert seen(session, Actor.PUBLIC) == set()
    assert seen(session, Actor.SYSTEM) >= set(cases.values())


def test_leaders_count_what_they_do_not_see(session: Session, cases: dict[str, Case]) -> None:
    leader = holder("leader", TOWN)
    figures = set(session.scalars(select(Case).where(permissions.counted(leader))))
    assert figures == {cases[name] for name in OPEN_KINDS}


def test_what_one_may_not_see_is_not_found(session: Session, report: Report) -> None:
    case = report(division=ELSEWHERE)
    with pytest.raises(queries.CaseUnknown):
        queries.case(session, holder("duty_officer", TOWN), case.id)
    with pytest.raises(queries.CaseUnknown):
        permissions.require(session, holder("duty_officer", TOWN), "seal", case.id)


def test_what_one_may_see_but_not_do_is_forbidden(session: Session, report: Report) -> None:
    case, worker = report(), holder("grid_worker", VILLAGE)
    assert permissions.require(session, worker, "note", case.id) is case
    with pytest.raises(permissions.NotForYourRole):
        permissions.require(session, worker, "seal", case.id)
    assert permissions.require(session, holder("duty_officer", TOWN), "seal", case.id) is case


def test_a_role_held_elsewhere_allows_nothing_here(session: Session, report: Report) -> None:
    case = report(actor="both")
    actor = holder("duty_officer", ELSEWHERE, "both")
    with pytest.raises(permissions.NotForYourRole):
        permissions.require(session, actor, "seal", case.id)


def test_a_look_into_a_sealed_case_is_recorded_and_an_ordinary_one_is_not(session: Session, report: Report) -> None:
    sealed, ordinary = report(sealed=True), report()
    officer = holder("county_officer", COUNTY, "o1")
    with pytest.raises(ValueError), session.begin_nested():
        queries.case(session, officer, sealed.id)
        raise ValueError  # what is rolled back was no look
    for case in (sealed, sealed, ordinary):
        queries.case(session, officer, case.id)
    views = [event for event in events.of_stream(session, sealed.id) if event.kind == "case.viewed"]
    assert [event.actor for event in views] == ["o1"]
    assert not any(event.kind == "case.viewed" for event in events.of_stream(session, ordinary.id))


MEDIATORS = {"village_mediator", "town_mediator", "county_mediator"}
CENTRES = {"duty_officer", "county_officer"}
DESKS = MEDIATORS | CENTRES | {"justice_officer", "hazard_officer", "petition_officer", "police"}
ALLOWED = {
    "note": set(ROLES), "danger": set(ROLES), "party": DESKS, "unmask": DESKS, "file": DESKS,
    "withdraw": MEDIATORS | CENTRES | {"justice_officer"}, "paper": MEDIATORS | CENTRES | {"justice_officer"},
    "represent": MEDIATORS | CENTRES | {"justice_officer", "petition_officer"},
    "link": CENTRES | {"petition_officer"}, "reopen": CENTRES,
    "bundle": DESKS - {"village_mediator"}, "void": MEDIATORS | {"justice_officer", "county_officer"},
    "seal": CENTRES | {"police"}, "unseal": {"county_officer"},
}  # fmt: skip


@pytest.mark.parametrize("action", ALLOWED)
def test_an_action_is_for_the_roles_of_its_row_and_nobody_else(session: Session, report: Report, action: str) -> None:
    case = report()
    may = {role for role in ROLES if permissions.may(holder(role, TOWN), action, case)}
    assert may == ALLOWED[action]
    assert not permissions.may(holder("grid_worker", ELSEWHERE), "unseal", case)
