"""``wurao receipt``: what an enterprise keeps of a visit or of its rating, and the check of it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portal.cli.command import command
from portal.cli.session import Exit, Session, Stop

if TYPE_CHECKING:
    from portal.receipts.making import About

app = typer.Typer(name="receipt", help="凭据 / receipts", no_args_is_help=True)

Visit = Annotated[str, typer.Argument(metavar="VISIT", help="入企编号 / the visit's id")]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="写入文件 / write to a file")
]


@command(app, "visit")
async def visit(session: Session, visit: Visit, out: Out = None) -> None:
    """入企凭据: 证明这次入企在台账上 / the receipt of a visit: it is on the books."""
    await _give(session, "visit", visit, out)


@command(app, "rating")
async def rating(session: Session, visit: Visit, out: Out = None) -> None:
    """评价凭据: 证明已计入, 不显示等级 / the receipt of a rating: counted; the grade is not shown."""
    await _give(session, "rating", visit, out)


@command(app, "check")
async def check(
    session: Session,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="凭据 / the receipt")],
    policy: Annotated[
        Path, typer.Option("--policy", metavar="FILE", help="信任规则 / whom to believe")
    ],
) -> None:
    """核验凭据, 不用数据库 / check a receipt, without any database."""
    from portal.receipts.verify_receipt import ReceiptError, UnreadableError
    from portal.receipts.verify_receipt import check as checked

    try:
        found = checked(file.read_bytes(), policy.read_text(encoding="utf-8"))
    except UnreadableError as error:
        raise Stop(Exit.USAGE, [str(error)], {"error": "unreadable"}) from error
    except ReceiptError as error:
        told = session.text(f"凭据不成立: {error}", f"the receipt does not hold: {error}")
        raise Stop(Exit.REFUSED, [told], {"error": "does-not-hold", "why": str(error)}) from error
    session.tell(
        f"凭据成立: 入企 {found['visit']}, 在 {found['size']} 条的存证点内",
        f"the receipt holds: visit {found['visit']}, in the checkpoint over {found['size']}",
    )
    session.result(**found)


async def _give(session: Session, about: About, visit: str, out: Path | None) -> None:
    from portal.proof.sealing import history_of, seals_of
    from portal.receipts.making import NoReceiptError, receipt, written
    from scheduler.proof.notes import BadNoteError

    async with session.service() as service:
        try:
            made = await receipt(about, visit, history_of(service), seals_of(service))
        except (NoReceiptError, BadNoteError) as error:
            raise Stop(Exit.REFUSED, [str(error)], {"error": "no-receipt"}) from error
    text = written(made)
    if out is None:
        session.line(text.rstrip())
    else:
        await asyncio.to_thread(out.write_text, text, encoding="utf-8")
        session.tell(f"已写入 {out}", f"written to {out}")
    session.result(receipt=made, file=str(out) if out else None)
