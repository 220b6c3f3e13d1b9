"""企业的权利: the list, the notice that says them, a visit declined on a ground."""

from __future__ import annotations

import pytest

from portal.matters.rights import GROUNDS, declined
from portal.papers import build
from portal.papers.build import Known
from portal.papers.paper import Grid, Texts
from scheduler.states import VisitState, VisitStatus
from schemas.lanes import Lane
from tests.builders import a_plan_line
from tests.portal.pages.offices import Office

STATE = VisitState(
    id="visit-1", line=a_plan_line(), lane=Lane.ROUTINE, status=VisitStatus.PUBLISHED
)


async def test_anybody_reads_the_list_and_an_enterprise_finds_it(office: Office) -> None:
    stranger = await office.browser()
    await stranger.go("/rights")
    assert "不必到场接待" in stranger.text
    assert "拒绝这次入企" not in stranger.text
    firm = await office.browser("firm")
    await firm.go("/rights")
    assert "已通知的入企" in firm.text


async def test_only_the_enterprise_itself_declines(office: Office) -> None:
    clerk = await office.browser("clerk")
    await clerk.go("/rights")
    answer = await clerk.client.post("/visits/nothing/decline", data={"ground": "item"})
    assert answer.status_code in {400, 403, 404}


def test_a_decline_goes_to_the_office_with_its_ground() -> None:
    report = declined(STATE, "item", "事项不在清单上").problem
    assert report.about == STATE.id
    assert GROUNDS["item"].zh in report.text
    assert report.enterprise == STATE.line.enterprise
    with pytest.raises(KeyError):
        declined(STATE, "mood", None)


def test_the_notice_says_what_to_prepare_and_who_need_not_come() -> None:
    item = STATE.line.parts[0].items[0]
    known = Known({}, {item: {"name": "消防检查"}}, {}, {}, 0, {item: ("消防台账", "培训记录")})
    blocks = build.notice(STATE, known, None).blocks
    grids = [row for block in blocks if isinstance(block, Grid) for row in block.rows]
    assert ("消防检查", "消防台账、培训记录") in grids
    said = "".join(p for block in blocks if isinstance(block, Texts) for p in block.paragraphs)
    assert "不必到场接待" in said
    plain = build.notice(STATE, Known({}, {}, {}, {}, 0), None).blocks
    assert len(plain) == len(blocks) - 2, "an item without a list has no such heading"
