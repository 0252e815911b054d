"""The demo county's people and organisations. Everybody here is made up and marked 示例 (sample)."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock
from engine.deadlines import commands as deadlines
from engine.ids import new_id
from engine.people import commands as people
from engine.people.models import Account, Mediator, Unit
from engine.territory import county, queries

PASSWORD = "hejie-demo-2026"  # noqa: S105 - of the demo accounts alone, and printed at the start
COUNTY, TOWN, VILLAGE = "610927", "610927103", "610927103207"


@dataclass(frozen=True)
class DemoAccount:
    """One demo account: login, name, the roles with the divisions they are held in, and what it is for."""

    login: str
    name: str
    roles: tuple[tuple[str, str], ...]
    about: str
    about_en: str


ACCOUNTS = (
    DemoAccount(
        "grid", "示例网格员·民主村", (("grid_worker", VILLAGE),), "民主村网格员", "grid worker, Minzhu Village"
    ),
    DemoAccount("grid2", "示例网格员·民主村二", (("grid_worker", VILLAGE),), "另一位网格员", "another grid worker"),
    DemoAccount("duty", "示例值班员·钟宝镇", (("duty_officer", TOWN),), "镇综治中心值班员", "town centre, on duty"),
    DemoAccount("duty2", "示例值班员·钟宝镇二", (("duty_officer", TOWN),), "另一位值班员", "another on duty"),
    DemoAccount(
        "mediator", "示例调解员·民主村", (("village_mediator", VILLAGE),), "村调委会调解员", "mediator, village"
    ),
    DemoAccount(
        "mediator2", "示例调解员·民主村二", (("village_mediator", VILLAGE),), "另一位调解员", "another mediator"
    ),
    DemoAccount(
        "town",
        "示例调解员·钟宝镇",
        (("town_mediator", TOWN), ("justice_officer", TOWN)),
        "镇调委会、司法所",
        "town committee, justice office",
    ),
    DemoAccount(
        "supermarket", "示例调解员·无忧调解超市", (("county_mediator", COUNTY),), "调解超市", "mediation supermarket"
    ),
    DemoAccount("police", "示例民警·钟宝派出所", (("police", TOWN),), "派出所民警", "police station"),
    DemoAccount(
        "hazard", "示例应急员·钟宝镇", (("hazard_officer", TOWN),), "镇应急和自然资源", "emergency and land office"
    ),
    DemoAccount("hazard2", "示例复查员·钟宝镇", (("hazard_officer", TOWN),), "复查的人", "who checks again"),
    DemoAccount("court", "示例法官·钟宝法庭", (("court", TOWN),), "法庭", "court"),
    DemoAccount(
        "county",
        "示例县综治中心",
        (("county_officer", COUNTY), ("duty_officer", COUNTY)),
        "县综治中心",
        "county centre",
    ),
    DemoAccount(
        "county2", "示例县综治中心二", (("county_officer", COUNTY),), "县综治中心另一位", "another at the county centre"
    ),
    DemoAccount("petition", "示例县信访局", (("petition_officer", COUNTY),), "县信访局", "petition office"),
    DemoAccount(
        "petition2", "示例县信访局二", (("petition_officer", COUNTY),), "另一位信访干部", "another petition officer"
    ),
    DemoAccount("organ", "示例县水利局", (("organ_officer", COUNTY),), "有权处理机关", "a competent organ"),
    DemoAccount("organ2", "示例县水利局二", (("organ_officer", COUNTY),), "同一机关另一人", "another of that organ"),
    DemoAccount("review", "示例复查复核办", (("review_officer", COUNTY),), "复查机关", "review organ"),
    DemoAccount("review2", "示例复核机关", (("review_officer", COUNTY),), "复核机关", "re-examining organ"),
    DemoAccount(
        "labour", "示例县人社局", (("labour_officer", COUNTY),), "人社局、仲裁委", "labour office and arbitration"
    ),
    DemoAccount(
        "land", "示例县自然资源局", (("land_officer", COUNTY),), "自然资源、林业、承包仲裁", "land, forest, arbitration"
    ),
    DemoAccount(
        "women", "示例县妇联民政", (("protection_officer", COUNTY),), "妇联、民政", "women's federation, civil affairs"
    ),
    DemoAccount(
        "volunteer", "示例志愿者甲", (("volunteer", VILLAGE),), "志愿者（红袖章）", "volunteer, Minzhu Village"
    ),
    DemoAccount("leader", "示例领导", (("leader", COUNTY),), "领导", "leader"),
    DemoAccount("admin", "示例管理员", (("admin", COUNTY),), "管理员", "administrator"),
    DemoAccount("admin2", "示例管理员二", (("admin", COUNTY),), "另一位管理员", "another administrator"),
)

IN_OFFICE = timedelta(days=365)
"""How long the demo's people have held their roles: some of what they did lies back."""

SKILLS = {
    "mediator2": (["D01", "D03"], ["mandarin", "local", "sichuan"]),
    "supermarket": (["D09", "D07", "D08"], ["mandarin"]),
}
"""What some demo mediators know (categories) and speak (languages), as codes; the others what is usual."""

ELSE = {"mediator2": "退休教师（示例）"}
"""What else a demo mediator brings."""

USUAL = (["D03", "D05"], ["mandarin", "local"])

UNITS = (
    ("village_committee", "民主村人民调解委员会（示例）", "Minzhu Village mediation committee (sample)", VILLAGE,
     "village", "民主人调", "人民调解法 §8", "free", "0915-3300001"),
    ("town_committee", "钟宝镇人民调解委员会（示例）", "Zhongbao Town mediation committee (sample)", TOWN, "town",
     "钟宝人调", "人民调解法 §34", "free", "0915-3300002"),
    ("supermarket", "无忧调解超市（示例）", "Mediation supermarket (sample)", COUNTY, "county",
     "镇调", "人民调解法 §34", "free", "0915-3300003"),
    ("commercial", "商事调解组织（示例）", "Commercial mediation body (sample)", COUNTY, "county",
     "镇商调", "商事调解条例 §16", "charged", "0915-3300004"),
    ("town_centre", "钟宝镇综治中心值班（示例）", "Zhongbao Town centre, on duty (sample)", TOWN, "town",
     "钟宝综", "", "free", "0915-3300010"),
    ("hazard_office", "钟宝镇应急和自然资源（示例）", "Zhongbao emergency office (sample)", TOWN, "town",
     "钟宝应", "地质灾害防治条例 §28", "free", "0915-3300011"),
    ("petition_office", "镇坪县信访局（示例）", "Zhenping County petition office (sample)", COUNTY, "county", "镇",
     "信访工作条例 §§13, 21", "free", "0915-3300014"),
    ("police", "钟宝派出所（示例）", "Zhongbao police station (sample)", TOWN, "town", "钟宝公", "", "free",
     "0915-3300012"),
    ("village_head", "民主村村委会（示例）", "Minzhu village office (sample)", VILLAGE, "village", "民主村", "", "free",
     "0915-3300013"),
)  # fmt: skip


def load(session: Session) -> bool:
    """Load the demo county; returns whether there was anything to load."""
    if session.scalar(select(Account.id).limit(1)):
        return False
    county.load(session)
    deadlines.load(session)
    units = {unit[0]: _unit(session, *unit) for unit in UNITS}
    session.flush()  # mediators point to their units
    for one in ACCOUNTS:
        account = people.create_account(session, one.login, one.name, PASSWORD)
        for role, division in one.roles:
            employment = {"grid": "full", "grid2": "part"}.get(one.login, "")
            people.grant(session, account, role, division, since=clock.today() - IN_OFFICE, employment=employment)
            level = role.partition("_")[0]
            if role.endswith("_mediator"):
                unit = units["supermarket" if level == "county" else f"{level}_committee"]
                mediator = Mediator(account_id=account.id, unit_id=unit.id)
                mediator.specialities, mediator.languages = SKILLS.get(one.login, USUAL)
                mediator.skills = ELSE.get(one.login, "")
                session.add(mediator)
    return True


def _unit(
    session: Session, kind: str, name: str, name_en: str, division: str, level: str, abbreviation: str, law: str,
    fee: str, phone: str,
) -> Unit:  # fmt: skip
    path = queries.division(session, division).path
    unit = Unit(
        id=new_id(), kind=kind, name=name, name_en=name_en, division=division, path=path, level=level,
        abbreviation=abbreviation, legal_basis=law, fee=fee, phone=phone,
    )  # fmt: skip
    session.add(unit)
    return unit
