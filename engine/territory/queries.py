"""Reading the tree of divisions."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import N_, NotFound, Unavailable
from engine.territory.models import COMMUNITY, COUNTY, TOWN, VILLAGE, Division


class DivisionUnknown(NotFound):
    """No division has this code."""

    code = "division-unknown"
    message = N_("There is no town, village or grid of this code.")


class NoPlaces(Unavailable):
    """Nobody has entered the county and its towns yet."""

    code = "no-places"
    message = N_(
        "This house does not know its county yet. Whoever runs it adds the places: `hejie places add FILE.csv` "
        "(README, “Running it for real”). In danger call 110, 119 or 120."
    )


def county(session: Session) -> Division:
    """The county itself, whose centre takes what belongs nowhere else. Raises NoPlaces."""
    found = session.scalar(select(Division).where(Division.kind == COUNTY).order_by(Division.code).limit(1))
    if found is None:
        raise NoPlaces
    return found


def division(session: Session, code: str) -> Division:
    """The division of a code. Raises DivisionUnknown."""
    found = session.get(Division, code)
    if found is None:
        raise DivisionUnknown(division=code)
    return found


def by_path(session: Session, paths: Iterable[str]) -> dict[str, Division]:
    """The divisions of several paths."""
    found = session.scalars(select(Division).where(Division.path.in_(set(paths))))
    return {one.path: one for one in found}


def villages(session: Session, within: str = "", *, ended: bool = False) -> list[Division]:
    """All villages and communities below a path, town by town; those that ended only where they are asked for."""
    query = select(Division).where(Division.kind.in_((VILLAGE, COMMUNITY)), Division.path.startswith(within))
    query = query if ended else query.where(Division.last_day.is_(None))
    return list(session.scalars(query.order_by(Division.path)))


def towns(session: Session, *, ended: bool = False) -> list[Division]:
    """All towns; those that ended only where they are asked for."""
    query = select(Division).where(Division.kind == TOWN).order_by(Division.path)
    return list(session.scalars(query if ended else query.where(Division.last_day.is_(None))))


def ancestors(path: str) -> list[str]:
    """The paths from the county down to this one."""
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]


def is_within(path: str, above: str) -> bool:
    """Whether a path is another or lies below it."""
    return path == above or path.startswith(above + "/")


def below(session: Session, paths: Iterable[str]) -> list[Division]:
    """The divisions that lie directly in some others, by path: the towns of a county, the villages of a town."""
    codes = {path.rpartition("/")[2] for path in paths}
    return list(session.scalars(select(Division).where(Division.parent.in_(codes)).order_by(Division.path)))


def words(session: Session, division: Division, locale: str) -> str:
    """A place as people write it, without the county: 钟宝镇民主村; in English from the small to the large.

    A grid that is named after its village brings its village's name itself.
    """
    above = by_path(session, ancestors(division.path)[1:])
    labels = [above[path].label(locale) for path in sorted(above)]
    names = [one for at, one in enumerate(labels) if not any(one in below for below in labels[at + 1 :])]
    return ", ".join(reversed(names)) if locale == "en" else "".join(names)
