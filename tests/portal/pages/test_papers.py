"""Papers of a visit, to edit and to print: what stands in them, and who may have them."""

from __future__ import annotations

import io

import pytest
from docx import Document

from portal.papers import pdf
from portal.papers.docx import docx
from portal.papers.paper import Code, Facts, Grid, Heading, Paper, Signs, Texts
from tests.portal.pages.months import coded, entered
from tests.portal.pages.offices import Office
from tests.portal.pages.test_flow import approved, asked

A_PAPER = Paper(
    "消防救援大队",
    "行政检查通知书",
    ("系统编号：abc",),
    (
        Heading("检查事项"),
        Texts(("第1机械厂：",)),
        Facts((("人数", "2 人\n含 1 名专家"),)),
        Grid(("事项", "依据"), (("消防安全检查", "《消防法》" * 60),), (1, 2)),
        Signs(("检查部门", "企业签收")),
        Code("https://office.test/q/ABC", ("请扫码",)),
    ),
    "按台账生成",
)


def words(body: bytes) -> str:
    """Return all that a Word document says."""
    document = Document(io.BytesIO(body))
    cells = [cell.text for t in document.tables for row in t.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


async def test_every_block_is_set_in_an_editable_document() -> None:
    said = words(docx(A_PAPER))
    for text in ("消防救援大队", "行政检查通知书", "系统编号：abc", "含 1 名专家", "企业签收"):
        assert text in said
    assert len(Document(io.BytesIO(docx(A_PAPER))).inline_shapes) == 1


@pytest.mark.lane("font")
async def test_a_printed_paper_carries_its_font_and_is_the_same_every_time() -> None:
    body = pdf.pdf(A_PAPER)
    assert body.startswith(b"%PDF-")
    assert b"/FontFile2" in body
    assert body == pdf.pdf(A_PAPER)


async def test_without_a_font_the_page_says_what_to_install(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = await asked(office, "clerk", "item-1")
    monkeypatch.setattr(pdf, "FONTS", ())
    answer = await clerk.go(f"{clerk.url}/papers/approval.pdf")
    assert answer.status_code == 503
    assert "fonts-wqy-microhei" in clerk.text


async def test_the_approval_form_says_what_was_asked_and_what_each_role_said(
    office: Office,
) -> None:
    clerk = await asked(office, "clerk", "item-1", why_on_site="设备须现场查看")
    link = f"{clerk.url}/papers/approval.docx"
    assert link in clerk.page.links
    before = words((await clerk.client.get(link)).content)
    assert "设备须现场查看" in before
    assert "□ 同意" in before
    await approved(office, "head")
    after = words((await clerk.client.get(link)).content)
    assert "同意　head-fire" in after
    assert clerk.url.rpartition("/")[2] in after
    for who in ("other-clerk", "firm"):
        other = await office.browser(who)
        assert (await other.go(link)).status_code == 404


async def test_a_notice_names_all_departments_and_carries_the_code_for_officers_alone(
    office: Office,
) -> None:
    visit = await coded(office)
    place = f"/visits/{visit}/papers/notice.docx"
    clerk, firm = await office.browser("clerk"), await office.browser("firm")
    await clerk.go(f"/visits/{visit}")
    assert place in clerk.page.links
    notice = (await clerk.client.get(place)).content
    said = words(notice)
    (row,) = await office.service.queries.rows("visit")
    assert "联合检查通知书" in said
    assert row["serial"] in said
    assert said.count("执法员1") == 2
    assert len(Document(io.BytesIO(notice)).inline_shapes) == 1
    handed = (await firm.client.get(place)).content
    assert len(Document(io.BytesIO(handed)).inline_shapes) == 0
    await clerk.send("/revocation", {"reason": "改期"})
    void = (await clerk.client.get(place)).content
    assert "入企码签发后" in words(void)


async def test_record_and_result_are_one_departments_own(office: Office) -> None:
    visit = await entered(office)
    place = f"/visits/{visit}/papers"
    officer = await office.browser("officer")
    blank = words((await officer.client.get(f"{place}/record.docx")).content)
    assert "□ 符合" in blank
    assert "09:00" in blank
    assert (await officer.go(f"{place}/result.docx")).status_code == 409
    await officer.go(f"/visits/{visit}")
    more = {"fault": "item-1", "note-item-1": "通道堵塞", "measure": "rectification"}
    await officer.send("/outcome", {**more, "rectify_by": "2026-12-31"})
    told = words((await officer.client.get(f"{place}/result.docx")).content)
    for text in ("发现 1 项问题", "通道堵塞", "责令整改", "2026年12月31日"):
        assert text in told
    firm = await office.browser("firm")
    await firm.go(f"/visits/{visit}")
    link = f"{place}/result.docx?department=fire"
    assert link in firm.page.links
    assert "通道堵塞" in words((await firm.client.get(link)).content)
    assert (await firm.go(f"{place}/record.docx")).status_code == 404
    other = await office.browser("other-clerk")
    assert (await other.go(link)).status_code == 404
    assert (await other.go(f"{place}/nothing.docx")).status_code == 404
    assert (await other.go(f"{place}/notice.exe")).status_code == 404
