"""``wurao firm``: how an enterprise is supervised: gradings, marks; codes; acts that needed no visit."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
import yaml

from portal.cli.acting import By, Key, clerk, hand_in, office
from portal.cli.command import bad_values, command
from portal.cli.session import Exit, Session, Stop
from portal.matters import treatment
from portal.resources import deploy_dir
from portal.wording.words import label
from schemas import treatment_commands as c
from schemas.acts import ActKind
from schemas.base import CHINA
from schemas.code_lists import CodeList
from schemas.registry import CreditTier, MarkEnd, MarkKind, RiskClass

app = typer.Typer(
    name="firm", help="差异化监管 / how enterprises are treated", no_args_is_help=True
)

Firm = Annotated[str, typer.Argument(metavar="USCC", help="统一社会信用代码 / credit code")]
_DAYS = ["%Y-%m-%d"]


@command(app, "marks")
async def marks(
    session: Session,
    kind: Annotated[MarkKind | None, typer.Option(help="哪一种 / of which kind")] = None,
) -> None:
    """生效的标识, 快到期的在前 / marks in force, those that end first."""
    async with session.service() as service:
        today = service.clock.now().astimezone(CHINA).date()
        found = await treatment.marked(service.queries, today, kind)
    session.table(
        [("企业", "enterprise"), ("标识", "mark"), ("到期", "until"), ("编号", "id")],
        [
            (m.enterprise, label(m.mark.kind, session.lang), str(m.mark.until or "-"), m.mark.id)
            for m in found
        ],
    )
    session.result(
        marks=[
            {
                "enterprise": m.enterprise,
                "id": m.mark.id,
                "kind": m.mark.kind.value,
                "left": m.left,
            }
            for m in found
        ]
    )


@command(app, "grade", acts=True)
async def grade(
    session: Session,
    *,
    firm: Firm,
    since: Annotated[datetime, typer.Option(formats=_DAYS, help="自哪天起 / from which day")],
    source: Annotated[str, typer.Option(help="来源名单 / by which list")],
    credit: Annotated[CreditTier | None, typer.Option(help="信用分级 / credit tier")] = None,
    risk: Annotated[RiskClass | None, typer.Option(help="风险等级 / risk class")] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """分级 / grade an enterprise from a day on."""
    with bad_values():
        asked = c.GradeEnterprise(
            enterprise=firm, since=since.date(), risk=risk, credit=credit, source=source
        )
    await hand_in(session, asked, office(by), key)


@command(app, "mark", acts=True)
async def mark(
    session: Session,
    *,
    firm: Firm,
    kind: Annotated[MarkKind, typer.Argument(help="哪一种 / of which kind")],
    since: Annotated[datetime, typer.Option(formats=_DAYS, help="自哪天起 / from which day")],
    until: Annotated[
        datetime | None, typer.Option(formats=_DAYS, help="到哪天 / until which day")
    ] = None,
    item: Annotated[list[str] | None, typer.Option(help="承诺的事项 / promised item")] = None,
    basis: Annotated[str, typer.Option(help="依据 / on what ground")],
    by: By = None,
    key: Key = None,
) -> None:
    """白名单、免检、承诺、歇业、沙盒、监测点 / mark an enterprise for a time."""
    with bad_values():
        asked = c.MarkEnterprise(
            enterprise=firm,
            kind=kind,
            since=since.date(),
            until=until.date() if until else None,
            items=tuple(item or ()),
            basis=basis,
        )
    await hand_in(session, asked, office(by), key)


@command(app, "unmark", acts=True)
async def unmark(
    session: Session,
    *,
    firm: Firm,
    mark_: Annotated[str, typer.Argument(metavar="MARK", help="标识编号 / id of the mark")],
    cause: Annotated[MarkEnd, typer.Option(help="原因 / why")] = MarkEnd.WITHDRAWN,
    reason: Annotated[str, typer.Option(help="理由 / the reason")],
    by: By = None,
    key: Key = None,
) -> None:
    """移出, 写明理由 / take a mark away, with the reason."""
    with bad_values():
        asked = c.UnmarkEnterprise(enterprise=firm, mark=mark_, cause=cause, reason=reason)
    await hand_in(session, asked, office(by), key)


@command(app, "codes")
async def codes(session: Session) -> None:
    """免罚清单、负面清单等 / the lists of codes in use."""
    async with session.service() as service:
        found = await treatment.code_lists(service.queries)
    rows = [(f"{each.id}:{x.code}", x.text, x.basis) for each in found for x in each.entries]
    session.table([("代码", "code"), ("内容", "text"), ("依据", "basis")], rows)
    session.result(lists={each.id: each.version for each in found})


@command(app, "adopt", acts=True)
async def adopt(
    session: Session,
    *,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="YAML 或随附名称 / or a shipped list's name")
    ],
    by: By = None,
    key: Key = None,
) -> None:
    """启用清单 / adopt a list of codes."""
    text = _read(file)
    if text is None:
        said = session.text(f"没有这个文件: {file}", f"there is no such file: {file}")
        raise Stop(Exit.REFUSED, [said], {"error": "no-file"})
    with bad_values():
        asked = c.AdoptCodeList(code_list=CodeList.model_validate(yaml.safe_load(text)))
    await hand_in(session, asked, office(by), key)


def _read(file: str) -> str | None:
    """Return a list as it stands in a file, or in the one that ships under this name."""
    places = (Path(file), deploy_dir("lists") / f"{file}.yaml")
    return next((p.read_text(encoding="utf-8") for p in places if p.is_file()), None)


@command(app, "act", acts=True)
async def record(
    session: Session,
    *,
    firm: Firm,
    department: Annotated[str, typer.Option(help="部门 / department")],
    kind: Annotated[ActKind, typer.Option(help="guidance | training | reminder | urging")],
    line: Annotated[str, typer.Argument(metavar="LINE", help="一句话 / one line")],
    by: By = None,
    key: Key = None,
) -> None:
    """登记电话指导、培训、提醒、督促 / record an act that needed no visit."""
    with bad_values():
        asked = c.RecordAct(department=department, enterprise=firm, kind=kind, line=line)
    await hand_in(session, asked, clerk(department, by), key)
