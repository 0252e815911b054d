"""No dead corner (无死角) by the register: every household belongs to exactly one grid, every grid has households."""

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.registers.models import Household
from engine.territory import queries as territory
from engine.territory.models import GRID, Division


def gaps(session: Session, villages: Sequence[Division]) -> Iterator[tuple[str, Division, int]]:
    """What falls short: why, in which village or grid, and how many households; whose they are is not said.

    `no-register`: the village has none on its register; `no-grid`: households of which nobody said in which grid they
    lie; `two-grids`: addresses that several grids of a village claim; `empty-grid`: a grid without any household.
    """
    here = session.execute(select(Household.path, func.count()).group_by(Household.path))
    counted = {row[0]: row[1] for row in here}
    grids: dict[str, list[Division]] = {}
    for grid in session.scalars(
        select(Division).where(Division.kind == GRID, Division.last_day.is_(None)).order_by(Division.path)
    ):
        grids.setdefault(grid.parent or "", []).append(grid)
    doubled = _doubled(session)
    for village in villages:
        known = [path for path in counted if territory.is_within(path, village.path)]
        if not known:
            yield "no-register", village, 0
            continue
        if counted.get(village.path):
            yield "no-grid", village, counted[village.path]
        if doubled.get(village.path):
            yield "two-grids", village, doubled[village.path]
        for grid in grids.get(village.code, ()):
            if grid.path not in counted:
                yield "empty-grid", grid, 0


def left_behind(session: Session, paths: Sequence[str]) -> Iterator[tuple[Division, int]]:
    """Villages and grids that ended while households still stand on the register there, and how many."""
    query = select(Division, func.count()).join(Household, Household.path == Division.path).group_by(Division.code)
    for ended, count in session.execute(query.where(Division.last_day.is_not(None)).order_by(Division.path)):
        if any(territory.is_within(ended.path, path) for path in paths):
            yield ended, count


def _doubled(session: Session) -> dict[str, int]:
    """How many addresses of a village stand in more than one of its grids, by the village's path."""
    village = func.regexp_replace(Household.path, "^(([^/]+/){2}[^/]+).*$", "\\1")
    same = (
        select(village.label("village"))
        .group_by(village, Household.village_group, Household.address)
        .having(func.count(func.distinct(Household.division)) > 1)
        .subquery()
    )
    found = session.execute(select(same.c.village, func.count()).group_by(same.c.village))
    return {row[0]: row[1] for row in found}
