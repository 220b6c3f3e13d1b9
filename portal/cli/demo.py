"""``wurao demo``: the county's December, a past year, or the month told as a story."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from portal.cli.command import command
from portal.cli.session import Exit, Session, Stop

if TYPE_CHECKING:
    from portal.demo.desk import Told
    from portal.demo.run import Through


_RECORDED: Final = 2012
"""The year of the records that a mapping ships for."""


def add(app: typer.Typer) -> None:
    """Register the command: it is one of its own, no group."""
    command(app, "demo")(demo)


async def demo(  # noqa: PLR0917 - typer reads the options off the signature
    session: Session,
    once: Annotated[
        bool, typer.Option("--once", help="跑完、打印、退出 / run, print and exit")
    ] = False,
    history: Annotated[
        Path | None,
        typer.Option("--history", metavar="FILE", help="重放一年的检查记录 / play past records"),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(
            "--year", help="演示县的一整年, 或记录的年份 / a whole year, or of the records"
        ),
    ] = None,
    months: Annotated[
        int, typer.Option("--months", metavar="N", help="只跑前几个月 / the first months only")
    ] = 12,
    scale: Annotated[
        float, typer.Option("--scale", metavar="PART", help="全县的几分之几 / part of the county")
    ] = 1.0,
    tour: Annotated[
        bool, typer.Option("--tour", help="把这个月讲成故事 / tell the month as a story")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", min=0, help="随机种子 / seed")] = 0,
    kafka: Annotated[
        bool, typer.Option("--kafka", help="经 Kafka 与独立进程 / over Kafka, in processes")
    ] = False,
    policy: Annotated[
        str | None,
        typer.Option("--policy", metavar="NAME", help="这个月用哪套政策 / the month's policy"),
    ] = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="页面的端口 / port of the pages")
    ] = 8600,
    lan: Annotated[
        str | None,
        typer.Option(
            "--lan",
            metavar="ADDRESS",
            help="让手机扫码: 本机在局域网的地址, 只供演示 / this machine's address, for phones",
        ),
    ] = None,
) -> None:
    """演示: 一个虚构县的十二月走完闭环 / a fictional county's December through the loop."""
    if policy and (tour or history or year):
        why = session.text("--policy 只用于演示月", "--policy is for the county's month only")
        raise Stop(Exit.USAGE, [why], {"error": "usage"})
    if kafka and year and not history:
        why = session.text("--year 不经 Kafka", "--year plays in this process, not over Kafka")
        raise Stop(Exit.USAGE, [why], {"error": "usage"})
    if lan is not None:
        other = tour or history or year or once or kafka or policy
        _may_be_reached(session, lan, alone=not other)
    with _stopping():
        if tour:
            await _tour(session, seed)
        elif history is not None:
            await _history(session, history, year or _RECORDED, seed, kafka=kafka)
        elif year is not None:
            await _year(session, (year, scale, months), seed)
        elif (_watching(session) or lan) and not (once or kafka or policy):
            await _live(session, seed, port, lan)
        else:
            await _month(session, seed, policy, kafka=kafka)


def _may_be_reached(session: Session, lan: str, *, alone: bool) -> None:
    """Warn of what the option opens.

    Raises:
        Stop: If the address is none, or another option says that no pages are served.
    """
    import re

    if not alone or not re.fullmatch(r"[A-Za-z0-9.:-]{1,253}", lan):
        why = session.text(
            "--lan 须为本机在局域网的一个地址, 且只用于网页演示",
            "--lan takes one address of this machine, and serves pages only",
        )
        raise Stop(Exit.USAGE, [why], {"error": "usage"})
    session.tell(
        f"警告: {lan} 上的任何人都能以任何角色登录这个演示, 不用密码. 只有虚构数据; 用完请结束.",
        f"WARNING: whoever reaches {lan} may act in any role, without a password. "
        "Demonstration data only; end it when you are done.",
    )


@contextmanager
def _stopping() -> Iterator[None]:
    """Turn what the demo itself has to say into an exit code."""
    from portal.demo.history import UnfinishedError
    from portal.demo.mapping import BadHistory
    from portal.demo.reference import UnknownPolicyError
    from portal.demo.run import NotOursError
    from portal.demo.tour import NothingToTellError
    from portal.demo.year.run import BadSizeError

    try:
        yield
    except BadHistory as bad:
        raise _stop(Exit.BAD_ROWS, "bad-history", bad) from None
    except NotOursError as other:
        raise _stop(Exit.USAGE, "not-ours", other) from None
    except BadSizeError as bad_size:
        raise _stop(Exit.USAGE, "bad-size", bad_size) from None
    except UnknownPolicyError as unknown:
        raise _stop(Exit.USAGE, "unknown-policy", unknown) from None
    except (UnfinishedError, NothingToTellError) as unfinished:
        raise _stop(Exit.REFUSED, "unfinished", unfinished) from None


def _stop(code: Exit, kind: str, why: Exception) -> Stop:
    return Stop(code, [str(why)], {"error": kind, "messages": [str(why)]})


async def _month(session: Session, seed: int, policy: str | None, *, kafka: bool) -> None:
    from portal.demo.county.run import play
    from portal.demo.plain import plain_words
    from portal.demo.reference import CITY

    with _watched(session) as told:
        played = await play(
            session.settings.data,
            seed=seed,
            policy=policy or CITY,
            lang=session.lang,
            told=told,
            through=_way(session, kafka=kafka),
        )
    breaches = int(played.summary["breaches"])
    for line in plain_words(played.month, breaches, played.page, session.lang):
        session.line(line)
    session.result(**{**played.summary, **_transport(kafka=kafka)}, report=str(played.page))


def _watching(session: Session) -> bool:
    """Whether a person sits at a terminal and reads what is printed."""
    return not session.json and session.out.is_terminal


async def _live(session: Session, seed: int, port: int, lan: str | None) -> None:
    """Play until the visitor's turn, and serve the pages until interrupted."""
    from portal.cli.serve import listening
    from portal.demo.codes import lay_out
    from portal.demo.county.logins import HOME
    from portal.demo.live import playing, strangers
    from portal.http.server import configured
    from portal.http.serving import HOST, Address
    from portal.pages.reception import DemoLogin, Reception
    from portal.proof.sealing import published_trust, sealed_meanwhile
    from portal.settings import Settings

    shown: list[DemoLogin] = []

    def tell(at: str, chosen: int) -> None:
        url = f"http://{at}:{chosen}/"
        session.tell(f"打开 {url} (Ctrl+C 结束)", f"open {url} (Ctrl+C ends it)")
        session.tell("登录页上每个角色一个按钮:", "the login page has a button for each role:")
        for login in shown:
            session.line(f"  {session.text(login.title.zh, login.title.en)}")
            session.line(f"    {session.text(login.first.zh, login.first.en)}")
        if lan is not None:
            session.tell(f"打印并扫码: {url}demo/codes", f"print and scan: {url}demo/codes")

    address = Address(lan or HOST, port)
    with listening(session, address) as sockets:
        async with AsyncExitStack() as stack:
            with _watched(session) as told:
                played = playing(session.settings.data, seed, told)
                service, found = await stack.enter_async_context(played)
            shown.extend(found.logins)
            if lan is not None:
                rows = await service.queries.rows("enterprise", limit=4)
                await lay_out(service, HOME, tuple(str(row["id"]) for row in rows[1:]))
            reached = f"http://{lan}:{port}" if lan else session.settings.url
            reception = Reception.of(service, url=reached, demo=found)
            server = configured(service, strangers(), address, tell, reception)
            settings = Settings(data=session.settings.data)
            reception.trust = published_trust(settings)
            await stack.enter_async_context(sealed_meanwhile(settings, service))
            await server.serve(sockets=sockets)


async def _history(session: Session, file: Path, year: int, seed: int, *, kafka: bool) -> None:
    from portal.demo.history import History, play
    from portal.demo.year_words import year_words

    past = History.of(file, year)
    with _watched(session) as told:
        through = _way(session, kafka=kafka)
        result = await play(past, session.settings.data, seed=seed, told=told, through=through)
    for line in year_words(result, session.lang):
        session.line(line)
    session.result(**{**result, **_transport(kafka=kafka)})


async def _year(session: Session, size: tuple[int, float, int], seed: int) -> None:
    from portal.demo.year.run import play, size_of
    from portal.demo.year.words import scorecard_words

    wanted = size_of(*size)
    with _watched(session) as told:
        result = await play(session.settings.data, wanted, seed=seed, told=told)
    for line in scorecard_words(result, session.lang):
        session.line(line)
    session.result(**result)


def _way(session: Session, *, kafka: bool) -> Through:
    """Return how commands are handed in; processes of their own only where that was asked for."""
    from portal.demo.run import directly

    if not kafka:
        return directly
    from portal.demo.over_kafka import through_kafka

    settings = session.settings.model_copy(update={"domain": "wurao", "kafka": None, "dsn": None})
    return through_kafka(settings, session.err)


def _transport(*, kafka: bool) -> dict[str, str]:
    if not kafka:
        return {}
    from portal.demo.over_kafka import TRANSPORT

    return {"transport": TRANSPORT}


async def _tour(session: Session, seed: int) -> None:
    """Tell the month from its ledger; play it first where no finished run lies in the folder."""
    from portal.demo.county.run import finished, play, run_of
    from portal.demo.tour import tour

    data = session.settings.data
    if not run_of(data, seed).finished:
        with _watched(session) as told:
            await play(data, seed=seed, lang=session.lang, told=told)
    async with finished(data, seed) as there:
        chapters = await tour(there[0].service.queries, there[1], session.lang) if there else ()
    for number, chapter in enumerate(chapters, start=1):
        session.line(f"\n{number}. {chapter.title}")
        for sentence in chapter.told:
            session.line(f"   {sentence}")
    session.result(chapters=[{"title": c.title, "told": list(c.told)} for c in chapters])


@contextmanager
def _watched(session: Session) -> Iterator[Told]:
    """Show how far a run has come: its phase, and the commands that went through."""
    with session.progress("办理", "commands") as bar:

        def told(phase: str, number: int) -> None:
            bar.progress.update(bar.task, description=phase)
            bar(number)

        yield told
