import csv
from pathlib import Path

from portal.importing.handback import handback_path
from portal.importing.run import SHOWN
from schemas.envelope import ActorRole
from tests.builders import a_uscc
from tests.portal.offices import an_office, sheet, take

HEADING = "部门,统一社会信用代码,检查事项,月份,申请编号\n"


def row(number: int, reference: str = "", item: str = "F-1") -> str:
    return f"消防救援大队,{a_uscc(number)},{item},2026-12,{reference}\n"


async def test_a_month_stands_for_its_service_week(tmp_path: Path) -> None:
    service = await an_office(tmp_path)
    report = await take(service, "requests", sheet(tmp_path, "r", HEADING + row(1)))
    assert (report.taken, report.clean) == (1, True)
    ((_, state),) = await service.queries.find("request")
    # 2026-12 has its service week on 25, 28, 29, 30 and 31 December.
    assert (str(state.request.window.first), str(state.request.window.last)) == (
        "2026-12-25",
        "2026-12-31",
    )
    assert (state.request.items, state.by) == (("F-1",), "clerk.fire")


async def test_an_item_may_go_by_its_name(tmp_path: Path) -> None:
    service = await an_office(tmp_path)
    text = HEADING + row(1, item="消防安全检查")
    assert (await take(service, "requests", sheet(tmp_path, "r", text))).taken == 1


async def test_two_equal_rows_are_two_requests_and_the_file_again_is_none(tmp_path: Path) -> None:
    service = await an_office(tmp_path)
    path = sheet(tmp_path, "r", HEADING + row(1) + row(1))
    assert (await take(service, "requests", path)).taken == 2
    assert (await take(service, "requests", path)).repeated == 2
    assert len(await service.queries.find("request")) == 2


async def test_a_third_routine_visit_is_refused_with_the_rule_and_ways_out(tmp_path: Path) -> None:
    service = await an_office(tmp_path)
    report = await take(service, "requests", sheet(tmp_path, "r", HEADING + row(1) * 3))
    assert (report.taken, report.refused) == (2, 1)
    (refused,) = report.faults
    assert (refused.row, refused.code) == (4, "twice-a-year")
    assert "2" in refused.reason.zh
    assert "非现场办理" in refused.fix.zh


async def test_a_corrected_file_repeats_only_the_corrected_rows(tmp_path: Path) -> None:
    service = await an_office(tmp_path)
    wrong = HEADING + row(1, "A-1") + row(2, "A-2", item="F-9") + row(3, "A-3")
    first = await take(service, "requests", sheet(tmp_path, "r", wrong))
    assert (first.taken, first.refused) == (2, 1)

    right = sheet(tmp_path, "r", wrong.replace("F-9", "F-1"))
    second = await take(service, "requests", right)
    assert (second.taken, second.repeated, second.clean) == (1, 2, True)
    third = await take(service, "requests", right)
    assert (third.taken, third.repeated) == (0, 3)
    statuses = sorted(s.status.value for _, s in await service.queries.find("request"))
    assert statuses == ["accepted", "accepted", "accepted", "refused"]


async def test_a_refused_row_that_comes_again_is_refused_again(tmp_path: Path) -> None:
    service = await an_office(tmp_path)
    path = sheet(tmp_path, "r", HEADING + row(1, "A-1", item="F-9"))
    reports = [await take(service, "requests", path) for _ in range(2)]
    assert [r.refused for r in reports] == [1, 1]
    assert len(await service.queries.find("request")) == 1


async def test_a_reference_stands_for_one_request(tmp_path: Path) -> None:
    service = await an_office(tmp_path)
    await take(service, "requests", sheet(tmp_path, "r", HEADING + row(1, "A-1")))
    other = await take(service, "requests", sheet(tmp_path, "r", HEADING + row(2, "A-1")))
    assert other.faulty == 1
    assert "已受理" in other.faults[0].reason.zh
    twice = HEADING + row(2, "A-2") + row(3, "A-2")
    report = await take(service, "requests", sheet(tmp_path, "r", twice))
    assert (report.taken, report.faulty) == (1, 1)


async def test_a_dry_run_tells_all_and_writes_nothing(tmp_path: Path) -> None:
    service = await an_office(tmp_path)
    before = await service.ledger.position()
    path = sheet(tmp_path, "r", HEADING + row(1) * 3)
    report = await take(service.trial(), "requests", path, dry_run=True)
    assert (report.taken, report.refused, report.dry_run) == (2, 1, True)
    assert await service.ledger.position() == before
    assert not await service.queries.find("request")


async def test_a_row_in_lanes_of_its_own_needs_its_ground(tmp_path: Path) -> None:
    service = await an_office(tmp_path)
    heading = "部门,统一社会信用代码,检查事项,通道,最早日期,最晚日期,事由,事由编号\n"
    start = f"fire,{a_uscc(1)},F-1,有因法定,2026/12/3,2026年12月10日"
    text = heading + f"{start},投诉举报,T-1\n{start},,T-2\n{start},投诉,\n"
    report = await take(service, "requests", sheet(tmp_path, "r", text))
    assert (report.taken, report.faulty) == (1, 2)
    assert [f.column for f in report.faults] == ["事由", "事由编号"]


async def test_a_long_file_with_broken_rows_is_handed_back(tmp_path: Path) -> None:
    service = await an_office(tmp_path, companies=1000)
    rows = [row(n, f"A-{n}") for n in range(1, 1001)]
    rows[99] = rows[99].replace("2026-12", "十二月")
    rows[499] = "消防救援大队,=cmd|' /C calc'!A0,F-1,2026-12,A-500\n"
    rows[699] = '消防救援大队,"forgotten,F-1,2026-12,A-700\n'
    rows[899] = rows[899].replace("F-1", "F-1,too,many")
    path = sheet(tmp_path, "r", HEADING + "".join(rows), "gbk")
    seen: list[int] = []
    report = await take(service, "requests", path)
    assert (report.taken, report.faulty, report.refused) == (996, 4, 0)
    assert report.encoding == "GB18030/GBK"
    assert sum(seen) == 0
    assert report.handback == handback_path(path)

    with handback_path(path).open(encoding="utf-8-sig", newline="") as file:
        back = list(csv.reader(file))
    assert back[0] == [
        "部门",
        "统一社会信用代码",
        "检查事项",
        "月份",
        "申请编号",
        "错误说明 / errors",
    ]
    assert [line[-1].split(" ")[1] for line in back[1:]] == ["101", "501", "701", "901"]
    # A cell that a spreadsheet would run is guarded.
    assert back[2][1] == "'=cmd|' /C calc'!A0"

    # Corrected as it is and handed in again, only its rows are new, and nothing is handed back.
    mended = [line[:-1] for line in back]
    mended[1][3], mended[2][1], mended[4] = (
        "2026-12",
        a_uscc(500),
        [*mended[4][:2], "F-1", "2026-12", "A-900"],
    )
    mended[3] = ["消防救援大队", a_uscc(700), "F-1", "2026-12", "A-700"]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(mended)
    again = await take(service, "requests", path)
    assert (again.taken, again.clean) == (4, True)
    assert not handback_path(path).exists()
    assert len(await service.queries.find("request")) == 1000


async def test_a_report_keeps_no_more_faults_than_it_shows(tmp_path: Path) -> None:
    service = await an_office(tmp_path)
    text = HEADING + "消防救援大队,nonsense,F-1,2026-12,\n" * (SHOWN * 3)
    report = await take(service, "requests", sheet(tmp_path, "r", text))
    assert (report.faulty, len(report.faults)) == (SHOWN * 3, SHOWN)


async def test_who_asks_is_the_clerk_of_the_row_s_department(tmp_path: Path) -> None:
    service = await an_office(tmp_path)
    await take(service, "requests", sheet(tmp_path, "r", HEADING + row(1)))
    entries = [body async for _, body in service.ledger.entries()]
    assert f'"role":"{ActorRole.CLERK.value}"'.encode() in entries[-1]
    assert b'"source":"import.fire"' in entries[-1]
