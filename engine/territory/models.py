"""Divisions: county, towns, villages and communities, grids (网格), as a tree of codes (GB/T 2260 and 统计区划代码)."""

import re
from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.db import Base

COUNTY, TOWN, VILLAGE, COMMUNITY, GRID = "county", "town", "village", "community", "grid"

KIND_WORDS = re.compile(
    r"(?<=..)(?:（示例）|街道办事处|街道|社区|居委会|民族乡|自治县|自治旗|苏木|嘎查|林场|农场|村|镇|乡|县|区|市|旗)+$"
)
"""How names of divisions end; two characters before it stay, for nobody says 沙 for 沙县."""


def short(name: str) -> str:
    """The name of a division without the word for its kind."""
    return KIND_WORDS.sub("", name)


class Division(Base):
    """One division. `path` joins the codes from the county down, so that "within" is a test of the beginning.

    `placeholder` marks names and codes that stand in for real ones not known here. Divisions are never deleted: old
    cases keep resolving. `longitude` and `latitude` are degrees (WGS 84), where they are known, and
    `position_source` says from where. `boundary` says in words how far it reaches. One that ended has its
    `last_day` and, as `successor`, the code of the one that what is new there goes to (`endings`).
    """

    __tablename__ = "division"
    __table_args__ = (Index("ix_division_path", "path", postgresql_ops={"path": "text_pattern_ops"}),)

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_en: Mapped[str]
    kind: Mapped[str]
    parent: Mapped[str | None] = mapped_column(ForeignKey("division.code"))
    path: Mapped[str] = mapped_column(unique=True)
    placeholder: Mapped[bool] = mapped_column(default=False)
    longitude: Mapped[float | None]
    latitude: Mapped[float | None]
    position_source: Mapped[str | None]
    boundary: Mapped[str] = mapped_column(default="", server_default="")
    last_day: Mapped[date | None]
    successor: Mapped[str | None] = mapped_column(ForeignKey("division.code"))

    @property
    def county(self) -> str:
        """The code of its county."""
        return self.path.partition("/")[0]

    @property
    def short(self) -> str:
        """The Chinese name without the word for its kind, as people say it: 钟宝 of 钟宝镇, 塘坊坝 of 塘坊坝社区."""
        return short(self.name)

    def label(self, locale: str) -> str:
        """The name in a language; Chinese where there is no other."""
        return self.name_en if locale == "en" and self.name_en else self.name
