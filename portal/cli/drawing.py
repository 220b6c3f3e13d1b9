"""``wurao draw``: lists, a committed seed, a public value, the result, and its bundle."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from portal.cli.acting import By, Key, act, identity, missing, office
from portal.cli.command import bad_values, command
from portal.cli.session import Exit, Session, Stop, instant
from portal.proof import draws
from portal.running.service import Service
from portal.wording.words import label
from scheduler import keys
from scheduler.states import DrawState, DrawStatus
from schemas import draw_commands as d
from schemas.draws import CannotGo, DrawShare
from schemas.registry import RiskClass
from schemas.visits import Window

app = typer.Typer(name="draw", help="双随机抽查 / draws", no_args_is_help=True)

Draw = Annotated[str, typer.Argument(metavar="DRAW", help="抽查编号 / id of the draw")]


@command(app, "open", acts=True)
async def open_(
    session: Session,
    *,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="名称 / title")],
    share: Annotated[
        list[str],
        typer.Option(help="部门:事项,事项 / DEPARTMENT:ITEM,ITEM; 第一个牵头 / the first leads"),
    ],
    first: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="从 / first day")],
    last: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="到 / last day")],
    risk: Annotated[list[RiskClass] | None, typer.Option(help="风险类别 / risk")] = None,
    township: Annotated[list[str] | None, typer.Option(help="乡镇 / township")] = None,
    repeats: Annotated[str | None, typer.Option(help="重抽哪一次 / repeats a draw")] = None,
    reason: Annotated[str | None, typer.Option(help="重抽的理由 / why again")] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """公开两份名单: 企业与执法人员, 取自名录 / open a draw with lists from the registers."""
    with bad_values():
        shares = [_share(text) for text in share]
        wish = draws.Wish(
            title=title,
            shares=shares,
            window=Window(first=first.date(), last=last.date()),
            scope=draws.Scope(risk or (), township or ()),
            repeats=repeats,
            reason=reason,
        )
    async with session.service() as service:
        with bad_values():
            asked = await draws.opening(service.queries, wish)
        effect = await act(session, service, asked, office(by), key)
        state = await _known(session, service, identity(effect.about))
        kept = await draws.receipts_of(service, state.id)
    session.tell(
        f"抽查 {state.id}: {len(state.plan.population)} 家企业, "
        f"{len(state.plan.inspectors)} 名执法人员; 名单摘要 {state.frame}",
        f"draw {state.id}: {len(state.plan.population)} enterprises, "
        f"{len(state.plan.inspectors)} inspectors; hash of the lists {state.frame}",
    )
    session.result(**_told(state), receipts=list(kept))


def _share(text: str) -> DrawShare:
    department, _, items = text.partition(":")
    return DrawShare(department=department, items=tuple(items.split(",")))


@command(app, "commit", acts=True)
async def commit(
    session: Session,
    *,
    draw: Draw,
    source: Annotated[
        str, typer.Option(help="公共随机数取自何处 / where the public value is from")
    ],
    public_at: Annotated[
        datetime, typer.Option(metavar="TIME", parser=instant, help="何时产生 / when it is known")
    ],
    by: By = None,
    key: Key = None,
) -> None:
    """承诺种子: 封存, 只公开摘要 / commit to a secret seed; only its hash is shown."""
    async with session.service() as service:
        state = await _known(session, service, draw)
        asked = draws.committing(state, source, public_at)
        await act(session, service, asked, office(by), key)
        state = await _known(session, service, draw)
        kept = await draws.receipts_of(service, draw)
    session.tell(f"承诺 {state.commitment}", f"commitment {state.commitment}")
    session.tell(f"回执 {kept[-1]}, 请留存", f"receipt {kept[-1]}: keep it")
    session.result(**_told(state), receipts=list(kept))


@command(app, "public", acts=True)
async def public(
    session: Session,
    *,
    draw: Draw,
    value: Annotated[str, typer.Argument(metavar="VALUE", help="公共随机数 / the public value")],
    by: By = None,
    key: Key = None,
) -> None:
    """录入公共随机数 / enter the public value, once everybody can know it."""
    async with session.service() as service:
        state = await _known(session, service, draw)
        asked = d.SetDrawPublic(draw=draw, value=value)
        await act(session, service, asked, office(by), key)
        state = await _known(session, service, draw)
    session.tell("已录入", "entered")
    session.result(**_told(state))


@command(app, "reveal", acts=True)
async def reveal(session: Session, *, draw: Draw, by: By = None, key: Key = None) -> None:
    """揭示种子并抽取, 抽中的自动报批 / reveal the seed; what is drawn is asked for.

    再次执行只补报还没有报批的 / again, it only hands in what is missing.
    """
    async with session.service() as service:
        state = await _known(session, service, draw)
        if state.result is None:
            asked = await draws.revealing(service, state)
            if asked is None:
                zh, en = "种子没有封存在这里", "the seed is not sealed here"
                raise missing(session, zh, en)
            await act(session, service, asked, office(by), key)
            state = await _known(session, service, draw)
        effects = await draws.hand_in(service, state)
    taken = sum(effect.status == "accepted" for effect in effects)
    drawn = len(state.result.targets) if state.result else 0
    session.tell(
        f"抽中 {drawn} 家; 报批 {len(effects)} 份, 受理 {taken} 份",
        f"{drawn} drawn; {len(effects)} requests, {taken} accepted",
    )
    session.result(**_told(state), requests=len(effects), accepted=taken)


@command(app, "substitute", acts=True)
async def substitute(
    session: Session,
    *,
    draw: Draw,
    department: Annotated[str, typer.Option(help="部门 / department")],
    enterprise: Annotated[str, typer.Option(help="企业 / enterprise (USCC)")],
    out: Annotated[str, typer.Option(help="谁不能去 / who cannot go")],
    ground: Annotated[CannotGo, typer.Option(help="事由 / on what ground")],
    reason: Annotated[str, typer.Option(help="说明, 加密保存 / why; it is sealed")],
    by: By = None,
    key: Key = None,
) -> None:
    """补抽: 抽中的人不能去, 由同一次抽查另抽一人 / draw another inspector for one who cannot go."""
    async with session.service() as service:
        with bad_values():
            asked = d.SubstituteDrawn(
                draw=draw,
                department=department,
                enterprise=enterprise,
                out=out,
                ground=ground,
                reason=reason,
            )
        await act(session, service, asked, office(by), key)
        state = await _known(session, service, draw)
    new = state.substitutes[-1]
    session.tell(f"{new.out} 换为 {new.officer}", f"{new.officer} goes in place of {new.out}")
    session.result(**new.model_dump(mode="json"))


@command(app, "withdraw", acts=True)
async def withdraw(
    session: Session,
    *,
    draw: Draw,
    reason: Annotated[str, typer.Option(help="理由 / reason")],
    by: By = None,
    key: Key = None,
) -> None:
    """撤回抽查; 编号和结果永久可见 / withdraw a draw; number and result stay visible."""
    async with session.service() as service:
        state = await _known(session, service, draw)
        asked = d.WithdrawDraw(draw=draw, reason=reason)
        await act(session, service, asked, office(by), key)
        state = await _known(session, service, draw)
    session.tell("已撤回", "withdrawn")
    session.result(**_told(state))


@command(app, "list")
async def list_(session: Session) -> None:
    """列出抽查, 包括撤回的 / list draws, those withdrawn too."""
    async with session.service() as service:
        rows = await service.queries.rows("draw")
    session.table(
        [
            ("编号", "id"),
            ("牵头", "lead"),
            ("第几次", "number"),
            ("名称", "title"),
            ("状态", "status"),
            ("名单", "listed"),
            ("抽中", "drawn"),
        ],
        [
            (
                row["id"],
                row["lead"],
                row["number"],
                row["title"],
                label(DrawStatus(row["status"]), session.lang),
                row["members"],
                row["drawn"],
            )
            for row in rows
        ],
    )
    session.result(draws=rows)


@command(app, "show")
async def show(session: Session, *, draw: Draw) -> None:
    """一次抽查走到哪一步, 谁去哪家 / where a draw stands, its receipts, and who goes where."""
    async with session.service() as service:
        state = await _known(session, service, draw)
        kept = await draws.receipts_of(service, draw)
    session.line(f"{state.plan.title}: {label(state.status, session.lang)}")
    for name, value in _told(state).items():
        session.line(f"  {name:<12} {value}")
    for each in kept:
        session.line(f"  {'receipt':<12} {each}")
    going = list(draws.teams(state))
    for enterprise, department, officers in going:
        session.line(f"  {enterprise} {department}: {', '.join(officers)}")
    told = [{"enterprise": e, "department": d, "officers": list(o)} for e, d, o in going]
    session.result(**_told(state), receipts=list(kept), teams=told)


@command(app, "bundle")
async def bundle(
    session: Session,
    *,
    draw: Draw,
    out: Annotated[Path | None, typer.Option(help="写到 / file to write")] = None,
) -> None:
    """导出抽查包, 任何人可以核验 / write the bundle that anybody can verify."""
    async with session.service() as service:
        await _known(session, service, draw)
        body = await draws.bundle_of(service, draw)
    if body is None:
        raise missing(session, "种子尚未揭示", "the seed is not revealed yet")
    file = out or Path(f"draw-{draw}.json")
    file.write_bytes(body)
    session.tell(f"已写 {file}, {len(body)} 字节", f"{file}: {len(body)} bytes")
    session.result(file=str(file), bytes=len(body))


@command(app, "verify")
async def verify(
    session: Session,
    *,
    file: Annotated[Path, typer.Argument(metavar="BUNDLE", help="抽查包 / the bundle")],
    receipt: Annotated[
        list[str] | None, typer.Option(help="留存的回执 / a receipt that you kept")
    ] = None,
    key: Annotated[
        list[str] | None,
        typer.Option(
            help="存证或见证公钥, 须已签名 / a log's or witness's key that must have signed"
        ),
    ] = None,
) -> None:
    """核验抽查包, 不需要台账 / verify a bundle from its bytes alone."""
    from portal.archives.check import verifier_of
    from portal.archives.package import BadPackageError
    from scheduler.draw.bundle import BadBundleError
    from scheduler.draw.bundle import verify as check

    try:
        found = check(file.read_bytes(), receipt or (), [verifier_of(each) for each in key or ()])
    except (BadBundleError, BadPackageError) as bad:
        data = {"verified": False, "reason": str(bad)}
        raise Stop(Exit.REFUSED, [str(bad)], data) from None
    session.tell(
        f"核验通过: {found.members} 家中抽中 {found.drawn} 家, 重抽结果相同",
        f"verified: {found.drawn} of {found.members} drawn, and drawing again gives the same",
    )
    if found.checkpoint:
        signed = ", ".join(found.signers)
        session.tell(
            f"全部记录在 {found.checkpoint.origin} 的存证点 ({found.checkpoint.size} 条) 之内; "
            f"核对过签名: {signed or '未给公钥'}",
            f"every entry is under the checkpoint of {found.checkpoint.origin} over "
            f"{found.checkpoint.size} entries; signatures checked: {signed or 'no key given'}",
        )
    if found.substitutes:
        session.tell(f"补抽 {found.substitutes} 人", f"{found.substitutes} drawn as substitutes")
    if found.withdrawn:
        session.tell(f"已撤回: {found.withdrawn}", f"withdrawn: {found.withdrawn}")
    session.result(
        verified=True,
        draw=found.draw,
        number=found.number,
        frame=found.frame,
        members=found.members,
        drawn=found.drawn,
        withdrawn=found.withdrawn,
        substitutes=found.substitutes,
        size=found.checkpoint.size if found.checkpoint else None,
        signers=list(found.signers),
        receipts=list(found.receipts),
    )


async def _known(session: Session, service: Service, id_: str) -> DrawState:
    state = await service.queries.get(DrawState, keys.draw(id_))
    if state is None:
        raise missing(session, f"没有这次抽查: {id_}", f"there is no draw {id_}")
    return state


def _told(state: DrawState) -> dict[str, Any]:
    return {
        "draw": state.id,
        "number": state.number,
        "status": state.status.value,
        "lead": state.plan.lead,
        "members": len(state.plan.population),
        "inspectors": len(state.plan.inspectors),
        "frame": state.frame,
        "commitment": state.commitment,
        "public_source": state.public_source,
        "public_at": state.public_at.isoformat() if state.public_at else None,
        "public": state.public,
        "drawn": len(state.result.targets) if state.result else None,
        "repeats": state.plan.repeats,
        "withdrawn": state.withdrawn,
    }
