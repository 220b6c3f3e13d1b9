"""A sheet of requests by pages: looked at, handed in, handed back with what is wrong."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from portal.importing.columns import ERROR_COLUMN
from portal.spreadsheets import XlsxWriter
from tests.builders import a_uscc
from tests.portal.pages.browsers import Browser
from tests.portal.pages.offices import Office

UPLOAD = "/requests/upload"
HEADING = ("部门", "统一社会信用代码", "检查事项", "月份", "申请编号")
GOOD = ("fire", a_uscc(1), "item-1", "2026-12", "A-1")
WRONG = ("fire", "91440300", "item-1", "2026-12", "A-2")
FOREIGN = ("market", a_uscc(1), "item-1-market", "2026-12", "A-3")


def a_sheet(*rows: tuple[str, ...]) -> bytes:
    """Return rows as CSV."""
    out = io.StringIO()
    csv.writer(out).writerows([HEADING, *rows])
    return out.getvalue().encode()


async def looked(office: Office, body: bytes, name: str = "12月.csv") -> Browser:
    """Let a clerk upload a sheet; the browser shows the preview."""
    clerk = await office.browser("clerk")
    await clerk.go("/requests")
    assert UPLOAD in clerk.page.links
    await clerk.go(UPLOAD)
    await clerk.upload(UPLOAD, name, body)
    return clerk


async def requests(office: Office) -> int:
    """Return how many requests are on record."""
    return len(await office.service.queries.rows("request"))


async def test_a_sheet_is_shown_row_by_row_before_anything_is_submitted(office: Office) -> None:
    clerk = await looked(office, a_sheet(GOOD, WRONG, FOREIGN))
    assert "预览：还没有提交" in clerk.text
    assert "提交这 1 份" in clerk.text
    assert "第 3 行" in clerk.text
    assert "不是本部门的申请" in clerk.text
    assert await requests(office) == 0


async def test_the_faulty_rows_come_back_with_a_column_of_errors(office: Office) -> None:
    clerk = await looked(office, a_sheet(GOOD, WRONG))
    link = next(link for link in clerk.page.links if link.endswith("/errors"))
    answer = await clerk.client.get(link)
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == [*HEADING, ERROR_COLUMN]
    assert rows[1][:5] == list(WRONG)
    assert "第 3 行" in rows[1][5]
    assert len(rows) == 2
    mended = a_sheet(("fire", a_uscc(2), "item-1", "2026-12", "A-2"))
    await clerk.go(UPLOAD)
    await clerk.upload(UPLOAD, "12月-errors.csv", mended)
    assert "提交这 1 份" in clerk.text


async def test_a_sheet_is_handed_in_once_however_often_it_comes(office: Office) -> None:
    clerk = await looked(office, a_sheet(GOOD, WRONG))
    await clerk.send(clerk.url)
    assert "表格已提交。" in clerk.text
    assert "上传结果" in clerk.text
    assert await requests(office) == 1
    ((_, state),) = await office.service.queries.find("request")
    assert state.by == "clerk-fire"
    assert not [form for form in clerk.page.forms if form.action == clerk.url]
    again = await looked(office, a_sheet(GOOD, WRONG), "again.csv")
    assert "已提交过，不重复 1" in again.text
    assert await requests(office) == 1


async def test_refused_rows_say_which_rule_stands_in_the_way(office: Office) -> None:
    third = [("fire", a_uscc(1), "item-1", "2026-12", f"A-{n}") for n in range(3)]
    clerk = await looked(office, a_sheet(*third))
    assert "提交 2 份；1 份将登记为退回" in clerk.text
    assert "同一部门对同一企业每年不超过两次" in clerk.text
    assert "非现场办理" in clerk.text


async def test_a_workbook_is_read_and_comes_back_as_one(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    writer = XlsxWriter(path, "申请")
    for row in (HEADING, GOOD, WRONG):
        writer.write(row)
    writer.close()
    clerk = await looked(office, path.read_bytes(), "12月.xlsx")
    assert "提交这 1 份" in clerk.text
    link = next(link for link in clerk.page.links if link.endswith("/errors"))
    answer = await clerk.client.get(link)
    assert answer.content.startswith(b"PK")
    assert "12%E6%9C%88-errors.xlsx" in answer.headers["content-disposition"]


async def test_what_is_no_sheet_is_told_with_the_mend(office: Office) -> None:
    clerk = await looked(office, b"\x00\x01\x02" * 500, "photo.jpg")
    assert clerk.answer.status_code == 422
    assert "这个文件读不了" in clerk.text
    await clerk.go(UPLOAD)
    assert (await clerk.upload(UPLOAD, "", b"")).status_code == 422
    assert "请先选择一个文件" in clerk.text


async def test_a_file_is_its_senders_alone(office: Office) -> None:
    clerk = await looked(office, a_sheet(GOOD, WRONG))
    for who in ("other-clerk", "head"):
        other = await office.browser(who)
        assert (await other.go(clerk.url)).status_code == 404
        assert (await other.go(f"{clerk.url}/errors")).status_code == 404
    firm = await office.browser("firm")
    assert (await firm.go(UPLOAD)).status_code in {403, 404}


async def test_a_file_without_the_pages_own_form_is_refused(office: Office) -> None:
    clerk = await office.browser("clerk")
    await clerk.go(UPLOAD)
    files = {"file": ("a.csv", a_sheet(GOOD))}
    stale = await clerk.client.post(UPLOAD, data={"csrf": "00"}, files=files)
    assert stale.status_code == 403
    large = await clerk.client.post(UPLOAD, content=b"x" * 10_200_000)
    assert large.status_code == 413
    plain = await clerk.client.post("/requests/new", content=b"x" * 300_000)
    assert plain.status_code == 413


async def test_the_empty_sheet_has_the_headings_that_imports_know(office: Office) -> None:
    clerk = await office.browser("clerk")
    blank = await clerk.client.get(f"{UPLOAD}/blank.xlsx")
    assert blank.content.startswith(b"PK")
    await clerk.go(UPLOAD)
    await clerk.upload(UPLOAD, "blank.xlsx", blank.content)
    assert "共 0 行" in clerk.text


async def test_the_list_is_exported_as_it_is_filtered_and_can_be_handed_in_again(
    office: Office,
) -> None:
    clerk = await looked(office, a_sheet(GOOD, ("fire", a_uscc(2), "item-1", "2026-12", "A-9")))
    await clerk.send(clerk.url)
    await clerk.go("/requests?month=2026-12&q=第2机械")
    assert "共 1 份" in clerk.text
    link = next(link for link in clerk.page.links if "export.xlsx" in link)
    answer = await clerk.client.get(link)
    assert answer.content.startswith(b"PK")
    await clerk.go(UPLOAD)
    await clerk.upload(UPLOAD, "again.xlsx", answer.content)
    assert "共 1 行" in clerk.text
    assert "已提交过" in clerk.text or "已用于另一份" in clerk.text
    other = await office.browser("other-clerk")
    foreign = await other.client.get(link)
    await other.go(UPLOAD)
    await other.upload(UPLOAD, "none.xlsx", foreign.content)
    assert "共 0 行" in other.text
