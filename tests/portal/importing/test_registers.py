from pathlib import Path

import pytest

from portal.importing.faults import BadFile
from portal.running.service import Service
from schemas.registry import Department, Enterprise
from schemas.uscc import check_character
from streams.clock import SimulatedClock
from tests.builders import a_uscc
from tests.portal.offices import DEPARTMENTS, MORNING, an_office, enterprises, sheet, take


def empty() -> Service:
    return Service.memory(clock=SimulatedClock(MORNING))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
async def test_departments_come_in_whatever_the_encoding(tmp_path: Path, encoding: str) -> None:
    service = empty()
    report = await take(
        service, "departments", sheet(tmp_path, "departments", DEPARTMENTS, encoding)
    )
    assert (report.rows, report.taken, report.clean) == (2, 2, True)
    fire = await service.queries.get(Department, "department/fire")
    assert fire is not None
    assert fire.name == "消防救援大队"
    assert report.handback is None


async def test_english_headings_do_as_well(tmp_path: Path) -> None:
    service = empty()
    text = (
        "Department ID,Name,Level,Jurisdiction,Daily units\nfire,Fire brigade,county,vertical,3\n"
    )
    assert (await take(service, "departments", sheet(tmp_path, "d", text))).taken == 1
    fire = await service.queries.get(Department, "department/fire")
    assert fire is not None
    assert (fire.jurisdiction.value, fire.daily_units) == ("vertical", 3)


async def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    service = empty()
    path = sheet(tmp_path, "departments", DEPARTMENTS)
    await take(service, "departments", path)
    before = await service.ledger.position()
    again = await take(service, "departments", path)
    assert (again.taken, again.repeated) == (0, 2)
    assert await service.ledger.position() == before


async def test_a_record_may_change_and_change_back(tmp_path: Path) -> None:
    service = empty()
    old = sheet(tmp_path, "old", DEPARTMENTS)
    new = sheet(tmp_path, "new", DEPARTMENTS.replace("消防救援大队", "消防救援局"))
    taken = [(await take(service, "departments", path)).taken for path in (old, new, old)]
    assert taken == [2, 1, 1]
    fire = await service.queries.get(Department, "department/fire")
    assert fire is not None
    assert fire.name == "消防救援大队"


async def test_a_contact_is_sealed_and_known_again(tmp_path: Path) -> None:
    service = empty()
    text = (
        "统一社会信用代码,企业名称,经营场所,联系人,联系电话\n"
        f"{a_uscc()},第1机械厂,工业大道1号,张三,13800000000\n"
    )
    path = sheet(tmp_path, "e", text)
    assert (await take(service, "enterprises", path)).taken == 1
    stored = b"".join([body async for _, body in service.ledger.entries()])
    assert "张三".encode() not in stored
    assert b"13800000000" not in stored
    assert (await take(service, "enterprises", path)).repeated == 1
    moved = sheet(tmp_path, "e", text.replace("张三", "李四"))
    assert (await take(service, "enterprises", moved)).taken == 1


async def test_a_broken_cell_is_told_with_row_column_value_reason_and_fix(tmp_path: Path) -> None:
    wrong = a_uscc(1)[:-1] + next(c for c in "0123456789" if c != a_uscc(1)[-1])
    text = enterprises(1) + f"{wrong},第二厂,某路,极高\n"
    report = await take(empty(), "enterprises", sheet(tmp_path, "e", text))
    assert (report.taken, report.faulty) == (1, 1)
    code, risk = report.faults
    assert (code.row, code.column, code.value) == (3, "统一社会信用代码", wrong)
    assert check_character(wrong[:-1]) in code.reason.zh
    assert "营业执照" in code.fix.zh
    assert (risk.column, risk.value) == ("风险等级", "极高")
    assert "高、中、低" in risk.fix.zh


async def test_a_lawful_but_odd_code_is_taken_with_a_warning(tmp_path: Path) -> None:
    # The body code's own digit is wrong, the check character right: such codes are in circulation.
    first16 = a_uscc(1)[:16]
    digit = "0" if a_uscc(1)[16] != "0" else "1"
    odd = first16 + digit + check_character(first16 + digit)
    text = enterprises(0) + f"{odd},某厂,某路,低\n"
    report = await take(empty(), "enterprises", sheet(tmp_path, "e", text))
    assert (report.taken, report.warnings, report.clean) == (1, 1, True)
    assert report.faults[0].doubt
    assert report.handback is None


async def test_a_code_is_stored_as_it_is_printed(tmp_path: Path) -> None:
    service = empty()
    typed = f" '{a_uscc(1)[:9].lower()}－{a_uscc(1)[9:]}"
    text = enterprises(0) + f"{typed},某厂,某路,低\n"
    report = await take(service, "enterprises", sheet(tmp_path, "e", text))
    assert (report.taken, report.warnings) == (1, 1)
    assert await service.queries.get(Enterprise, f"enterprise/{a_uscc(1)}") is not None


async def test_a_duplicate_row_is_pointed_to_the_first(tmp_path: Path) -> None:
    text = enterprises(2) + enterprises(1).splitlines()[1].replace("高", "低") + "\n"
    report = await take(empty(), "enterprises", sheet(tmp_path, "e", text))
    assert (report.taken, report.faulty) == (2, 1)
    assert "第 2 行" in report.faults[0].reason.zh


async def test_a_row_that_refers_to_nothing_known_is_refused_with_a_way_out(tmp_path: Path) -> None:
    service = await an_office(tmp_path)
    text = "事项编号,部门,事项名称,法律依据\nX-1,nobody,某检查,某法\nX-2,没有此局,某检查,某法\n"
    report = await take(service, "items", sheet(tmp_path, "more", text))
    assert (report.refused, report.faulty) == (1, 1)
    refused = next(fault for fault in report.faults if fault.row == 2)
    assert refused.code == "unknown-department"
    assert "登记主体" in refused.fix.zh


async def test_a_heading_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="部门名称") as caught:
        await take(empty(), "departments", sheet(tmp_path, "d", "部门编号,单位全称\nD1,某局\n"))
    assert "单位全称" in caught.value.reason.zh


async def test_an_unknown_heading_is_told_and_left_aside(tmp_path: Path) -> None:
    text = "部门编号（必填）,部门名称*,层极\nD1,某局,县级\n"
    report = await take(empty(), "departments", sheet(tmp_path, "d", text))
    assert report.taken == 1
    assert report.unknown_columns == (("层极", "层级"),)


@pytest.mark.parametrize(
    "text", ["随便什么\n1,2\n", "\n\n", "部门编号,编号,部门名称\nD1,D1,某局\n"]
)
async def test_a_file_without_usable_headings_is_refused_whole(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadFile):
        await take(empty(), "departments", sheet(tmp_path, "d", text))
