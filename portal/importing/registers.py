"""The sheets of the registers: departments, officers, enterprises, items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.importing import cells as c
from portal.importing.columns import Column
from portal.importing.faults import CellFault, cell_fault
from portal.importing.sheets import FieldFault, Sheet, Values
from schemas import uscc
from schemas.base import Bilingual
from schemas.commands import (
    Command,
    PublishItem,
    RegisterDepartment,
    RegisterEnterprise,
    RegisterOfficer,
)
from schemas.registry import (
    CreditTier,
    Department,
    Enterprise,
    Item,
    Jurisdiction,
    Level,
    Officer,
    RiskClass,
    Standing,
    Team,
)


@dataclass(frozen=True, slots=True)
class Lookups:
    """What names in a sheet may refer to: departments by id and name, items by department."""

    departments: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def department(self, text: str, column: str = "department") -> str:
        """Return the id of the department that a cell names, by id or by full name.

        Raises:
            FieldFault: If it is neither known nor an id.
        """
        if text in self.departments:
            return self.departments[text]
        try:
            return c.identifier(text)  # an id that is not registered is refused with its way out
        except CellFault:
            raise FieldFault(column, _no_such_department()) from None

    def item(self, department: str, text: str) -> str:
        """Return the id of the item that a cell names, by id or by the name the department uses.

        Raises:
            FieldFault: If it is neither known nor an id.
        """
        if (department, text) in self.items:
            return self.items[department, text]
        try:
            return c.identifier(text)
        except CellFault:
            raise FieldFault("items", _no_such_item()) from None


DEPARTMENT = Column("department", ("部门", "department", "部门编号", "单位"), c.text, required=True)

_DEPARTMENTS = (
    Column("id", ("部门编号", "department id", "编号", "id"), c.identifier, required=True),
    Column("name", ("部门名称", "name", "名称", "部门", "单位名称"), c.text, required=True),
    Column("level", ("层级", "level", "级别"), c.word(Level)),
    Column("jurisdiction", ("管辖关系", "jurisdiction", "管理体制", "隶属"), c.word(Jurisdiction)),
    Column(
        "enforcement_subject",
        ("行政执法主体", "enforcement subject", "是否执法主体"),
        c.yes_no,
    ),
    Column("daily_units", ("服务周每日能力", "daily units", "每日能力"), c.whole),
    Column("ordinary_units", ("平日能力", "ordinary units"), c.whole),
    Column("teams", ("执法小组", "teams", "小组"), c.listed),
)

_OFFICERS = (
    Column("id", ("人员编号", "officer id", "编号", "id", "工号"), c.identifier, required=True),
    DEPARTMENT,
    Column("name", ("姓名", "name"), c.text, required=True),
    Column("licence", ("执法证号", "licence", "执法证件号", "证号"), c.identifier),
    Column("licence_until", ("证件有效期至", "licence until", "有效期至"), c.day),
    Column("phone", ("手机", "phone", "电话", "联系电话"), c.text),
    Column("recused_from", ("回避企业", "recused from"), c.several(c.credit_code)),
    Column("leading", ("处级干部", "leading official", "是否处级"), c.yes_no),
)

_ENTERPRISES = (
    Column(
        "id",
        ("统一社会信用代码", "uscc", "信用代码", "社会信用代码", "enterprise", "代码"),
        c.credit_code,
        required=True,
    ),
    Column("name", ("企业名称", "name", "名称", "单位名称"), c.text, required=True),
    Column("site", ("经营场所", "site", "地址", "生产经营地址", "住所"), c.text, required=True),
    Column("township", ("乡镇街道", "township", "乡镇", "街道", "所属乡镇"), c.text),
    Column("industry", ("行业代码", "industry", "行业"), c.industry),
    Column("group", ("企业集团", "group", "集团编号"), c.identifier),
    Column("risk", ("风险等级", "risk", "风险"), c.word(RiskClass)),
    Column("credit", ("信用分级", "credit", "信用等级"), c.word(CreditTier)),
    Column("standing", ("经营状态", "standing", "状态"), c.word(Standing)),
    Column("key", ("重点企业", "key enterprise", "是否重点企业"), c.yes_no),
    Column("closed_days", ("企业免打扰日", "blocked days", "免打扰日"), c.several(c.day)),
    Column("contact_name", ("联系人", "contact"), c.text),
    Column("contact_phone", ("联系电话", "contact phone", "联系人电话"), c.text),
)

_ITEMS = (
    Column("id", ("事项编号", "item id", "编号", "id", "事项编码"), c.identifier, required=True),
    DEPARTMENT,
    Column("name", ("事项名称", "name", "检查事项", "名称"), c.text, required=True),
    Column("basis", ("法律依据", "basis", "依据", "检查依据"), c.text, required=True),
    Column("published", ("是否公布", "published", "已公布"), c.yes_no),
    Column("minutes", ("预计分钟", "minutes", "时长"), c.whole),
    Column("documents", ("需准备材料", "documents", "准备材料"), c.listed),
    Column("category", ("监管类别", "category", "类别", "领域"), c.text),
    Column("standard", ("标准编号", "standard", "检查标准"), c.identifier),
    Column("version", ("标准版次", "edition", "版次"), c.whole),
    Column("checklist", ("检查表", "checklist", "检查要点"), c.listed),
)


CATEGORIES: Mapping[str, str] = {
    "安全生产": "safety",
    "消防": "safety",
    "食品": "food",
    "药品": "drugs",
    "特种设备": "special_equipment",
}
"""What sheets call the categories that no white list and no promise ever touches."""


def departments(_: Lookups) -> Sheet[Command]:
    """Return the sheet of departments."""

    def build(values: Values) -> Command:
        given = dict(values)
        names = given.pop("teams", ())
        teams = tuple(
            Team(id=f"{given['id']}.{n}", name=name) for n, name in enumerate(names, start=1)
        )
        return RegisterDepartment(department=Department(**given, teams=teams))

    return Sheet("departments", _DEPARTMENTS, build)


def officers(lookups: Lookups) -> Sheet[Command]:
    """Return the sheet of officers."""

    def build(values: Values) -> Command:
        given = {**values, "department": lookups.department(values["department"])}
        phone = given.pop("phone", None)
        return RegisterOfficer(officer=Officer(**given), phone=phone)

    return Sheet("officers", _OFFICERS, build)


def enterprises(_: Lookups) -> Sheet[Command]:
    """Return the sheet of enterprises; a code that is odd but lawful is taken with a warning."""

    def build(values: Values) -> Command:
        given = dict(values)
        name, phone = given.pop("contact_name", None), given.pop("contact_phone", None)
        given["closed_days"] = tuple(sorted(set(given.get("closed_days", ()))))
        record = Enterprise(**given)
        return RegisterEnterprise(enterprise=record, contact_name=name, contact_phone=phone)

    return Sheet("enterprises", _ENTERPRISES, build, _odd_codes)


def items(lookups: Lookups) -> Sheet[Command]:
    """Return the sheet of inspection items."""

    def build(values: Values) -> Command:
        given = {**values, "department": lookups.department(values["department"])}
        if "category" in given:
            given["category"] = CATEGORIES.get(given["category"], given["category"])
        return PublishItem(item=Item(**given))

    return Sheet("items", _ITEMS, build)


def _odd_codes(texts: Values, _: Values) -> Sequence[tuple[str, Bilingual]]:
    text: Any = texts["id"]
    found = [("id", Bilingual(zh=doubt.zh, en=doubt.en)) for doubt in uscc.doubts(text)]
    if uscc.normalise(text) != text:
        code = uscc.normalise(text)
        found.append(("id", Bilingual(zh=f"已按 {code} 登记", en=f"registered as {code}")))
    return found


def _no_such_department() -> CellFault:
    return cell_fault(
        "没有这个部门", "there is no such department", "请先导入部门, 或核对名称", "import it first"
    )


def _no_such_item() -> CellFault:
    return cell_fault(
        "没有这个检查事项", "there is no such item", "请先导入事项, 或改用编号", "import it first"
    )
