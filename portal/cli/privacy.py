"""``wurao privacy``: retention, holds, and erasure by two roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from portal.cli.acting import OFFICE, By, Key, act, office
from portal.cli.audits import From, log_of
from portal.cli.command import bad_values, command
from portal.cli.session import Session
from portal.messages import Sender
from portal.wording.words import label
from schemas.envelope import ActorRole
from schemas.privacy import ErasureGround

if TYPE_CHECKING:
    from scheduler.privacy_states import PrivacyState
    from schemas.privacy_commands import AskErasure, HoldSubject, ReleaseSubject

app = typer.Typer(name="privacy", help="个人信息 / personal data", no_args_is_help=True)

Subject = Annotated[
    str,
    typer.Argument(metavar="SUBJECT", help="officer/ID, contact/企业代码 (USCC), rater/VISIT"),
]
Hold = Annotated[str, typer.Option("--hold", metavar="ID", help="留存令编号 / the hold's number")]
Reason = Annotated[str, typer.Option("--reason", help="理由 / why")]


@command(app, "retention")
async def retention(
    session: Session,
    name: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="保管期限表 / a table to adopt: default")
    ] = None,
    by: By = None,
) -> None:
    """启用或查看保管期限 / adopt a table of retention classes, or show the one in use."""
    from portal.matters import privacy
    from schemas.privacy_commands import AdoptRetention

    async with session.service() as service:
        if name is not None:
            adopted = AdoptRetention(retention=privacy.read_retention(name))
            await act(session, service, adopted, office(by))
        found = await privacy.retention(service.queries)
    classes = found.classes if found else ()
    columns = [("期限", "class"), ("名称", "title"), ("对象", "covers"), ("月", "months")]
    session.table(
        columns,
        [
            (c.code, session.text(c.title.zh, c.title.en), ", ".join(c.covers), c.months)
            for c in classes
        ],
    )
    session.result(classes=[c.model_dump(mode="json") for c in classes])


@command(app, "hold", acts=True)
async def hold(
    session: Session,
    subject: Subject,
    *,
    hold_: Hold,
    reference: Annotated[str, typer.Option("--reference", help="依据文号 / the order's number")],
    reason: Reason,
    by: By = None,
    key: Key = None,
) -> None:
    """留存: 在解除前不得删除 / hold a subject's data until the hold is released."""
    from schemas.privacy_commands import HoldSubject

    with bad_values():
        asked = HoldSubject(subject=subject, hold=hold_, reference=reference, reason=reason)
    await _office_does(session, asked, "held", by, key)
    session.tell(f"已留存 {subject}", f"held: {subject}, {hold_}")


@command(app, "release", acts=True)
async def release(
    session: Session,
    subject: Subject,
    *,
    hold_: Hold,
    reason: Reason,
    by: By = None,
    key: Key = None,
) -> None:
    """解除留存 / release a hold."""
    from schemas.privacy_commands import ReleaseSubject

    with bad_values():
        asked = ReleaseSubject(subject=subject, hold=hold_, reason=reason)
    await _office_does(session, asked, "released", by, key)
    session.tell(f"已解除 {hold_}", f"released: {subject}, {hold_}")


@command(app, "ask", acts=True)
async def ask(
    session: Session,
    subject: Subject,
    *,
    ground: Annotated[ErasureGround, typer.Option("--ground", help="依据 / on what ground")],
    reason: Reason,
    by: By = None,
    key: Key = None,
) -> None:
    """第一步: 优化办提出删除 / first step: the office asks for an erasure."""
    from schemas.privacy_commands import AskErasure

    with bad_values():
        asked = AskErasure(subject=subject, ground=ground, reason=reason)
    await _office_does(session, asked, "erasure-asked", by, key)
    session.tell(
        f"已提出删除 {subject}, 待系统管理员办理",
        f"asked: {subject}; an administrator carries it out",
    )


async def _office_does(
    session: Session,
    asked: HoldSubject | ReleaseSubject | AskErasure,
    done: str,
    by: str | None,
    key: str | None,
) -> None:
    from portal.matters import privacy

    async with session.service() as service:
        effect = await act(session, service, asked, office(by), key)
    privacy.noted(done, asked.subject, by or OFFICE)
    session.result(status=effect.status, about=effect.about)


@command(app, "erase", acts=True)
async def erase(
    session: Session,
    subject: Subject,
    by: Annotated[str, typer.Option("--by", metavar="ID", help="办理人 / the administrator")],
    key: Key = None,
) -> None:
    """第二步: 管理员办理, 销毁密钥 / second step: an administrator erases, the key is destroyed."""
    from portal.matters import privacy

    async with session.service() as service:
        with bad_values():
            asked = await privacy.erasing(service.queries, subject)
        await act(session, service, asked, Sender.of(by, ActorRole.ADMIN), key)
        destroyed = await privacy.destroy(service, subject)
    privacy.noted("erased", subject, by)
    session.tell(
        f"已删除 {subject}: 密钥已销毁, 台账和证明不变",
        f"erased: {subject}; its key is destroyed, ledger and proofs are as they were",
    )
    session.result(subject=subject, destroyed=destroyed)


@command(app, "list")
async def list_(session: Session) -> None:
    """列出留存、待办和已删除 / list holds, what was asked for, and what was erased."""
    from portal.matters import privacy

    async with session.service() as service:
        found = await privacy.subjects(service.ledger)
    columns = [("对象", "subject"), ("留存", "holds"), ("待办", "asked"), ("已删除", "erased")]
    session.table([*columns, ("依据", "ground")], [_row(session, each) for each in found])
    session.result(subjects=[each.model_dump(mode="json") for each in found])


@command(app, "reapply")
async def reapply(session: Session, source: From = "postgres") -> None:
    """恢复备份后重新执行删除 / apply every erasure again, after a restore."""
    from portal.matters import privacy

    log = await log_of(session, source)
    async with session.service() as service:
        found = await privacy.reapply(service, log)
    session.tell(
        f"台账中 {found.erasures} 次删除, {found.subjects} 个对象; 销毁密钥 {found.destroyed} 个",
        f"{found.erasures} erasures of {found.subjects} subjects in the ledger; "
        f"{found.destroyed} had keys that are destroyed now",
    )
    session.result(erasures=found.erasures, subjects=found.subjects, destroyed=found.destroyed)


def _row(session: Session, each: PrivacyState) -> tuple[Any, ...]:
    last = each.erased[-1] if each.erased else None
    return (
        each.subject,
        ", ".join(h.id for h in each.holds),
        label(each.asked.ground, session.lang) if each.asked else "",
        f"{last.at.date()} {last.asked_by}+{last.by}" if last else "",
        label(last.ground, session.lang) if last else "",
    )
