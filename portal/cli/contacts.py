"""``wurao contact``: officials paired with enterprises, the month's contacts, passes to stay there."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from portal.cli.acting import By, Key, clerk, enterprise, hand_in, office
from portal.cli.command import bad_values, command
from portal.cli.session import Session
from portal.matters import contacts
from schemas import contact_commands as c
from schemas.base import CHINA
from schemas.contacts import ContactWay, PairRole, PresenceKind

app = typer.Typer(name="contact", help="包联对接 / contact with enterprises", no_args_is_help=True)

Pairing = Annotated[str, typer.Argument(metavar="PAIRING", help="包联编号 / id of the pairing")]
Reason = Annotated[str, typer.Option(help="理由 / why")]
Firm = Annotated[str, typer.Option("--enterprise", help="统一社会信用代码 / credit code")]
_DAYS = ["%Y-%m-%d"]


@command(app, "list")
async def list_(session: Session) -> None:
    """包联关系, 本月未对接的在前, 附每周摘要 / pairings, those open first, with the week."""
    async with session.service() as service:
        today = service.clock.now().astimezone(CHINA).date()
        rows = await contacts.listed(service.queries, office().actor, today)
    session.table(
        [("编号", "id"), ("企业", "enterprise"), ("包联干部", "official"), ("本月", "this month")],
        [(r.state.id, r.state.pair.enterprise, r.state.on(today).official, r.stage) for r in rows],
    )
    week = contacts.digest(rows, today)
    session.result(
        pairings=[{"id": r.state.id, "stage": r.stage} for r in rows],
        week={"ways": dict(week.ways), "open": week.open, "met": week.met, "missed": week.missed},
    )


@command(app, "pair", acts=True)
async def pair(
    session: Session,
    *,
    firm: Firm,
    official: Annotated[str, typer.Option(help="人员编号 / official of the register")],
    since: Annotated[datetime, typer.Option(formats=_DAYS, help="自哪天起 / from which day")],
    role: Annotated[PairRole, typer.Option(help="身份 / as what")] = PairRole.PAIRED,
    territory: Annotated[str | None, typer.Option(help="片区 / territory")] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """结对 / pair an official with an enterprise."""
    with bad_values():
        asked = c.PairOfficial(
            enterprise=firm, official=official, role=role, territory=territory, since=since.date()
        )
    await hand_in(session, asked, office(by), key)


@command(app, "record", acts=True)
async def record(
    session: Session,
    *,
    pairing: Pairing,
    department: Annotated[str, typer.Option(help="部门 / department of the official")],
    line: Annotated[str, typer.Argument(metavar="LINE", help="一句话 / one line")],
    way: Annotated[ContactWay, typer.Option(help="方式 / how")] = ContactWay.PHONE,
    visit: Annotated[str | None, typer.Option(help="上门的入企编号 / the visit")] = None,
    package: Annotated[
        list[str] | None, typer.Option(help="送达的政策包 / package handed over")
    ] = None,
    by: By = None,
    key: Key = None,
) -> None:
    """登记对接 / record a contact."""
    asked = c.RecordContact(
        pairing=pairing, way=way, line=line, visit=visit, packages=tuple(package or ())
    )
    await hand_in(session, asked, clerk(department, by), key)


@command(app, "waive", acts=True)
async def waive(
    session: Session,
    *,
    pairing: Pairing,
    firm: Firm,
    month: Annotated[str, typer.Argument(metavar="MONTH", help="月份 / month: 2026-12")],
    by: By = None,
    key: Key = None,
) -> None:
    """本月无需联系 / the enterprise does without a month's contact."""
    with bad_values():
        asked = c.WaiveContact(pairing=pairing, month=month)
    await hand_in(session, asked, enterprise(firm, by), key)


@command(app, "hand-over", acts=True)
async def hand_over(
    session: Session,
    *,
    pairing: Pairing,
    official: Annotated[str, typer.Option(help="接手人员 / who takes over")],
    since: Annotated[datetime, typer.Option(formats=_DAYS, help="自哪天起 / from which day")],
    note: Annotated[str, typer.Option(help="交接说明 / what he should know")],
    by: By = None,
    key: Key = None,
) -> None:
    """交接 / another official takes over."""
    asked = c.HandOverPairing(pairing=pairing, official=official, since=since.date(), note=note)
    await hand_in(session, asked, office(by), key)


@command(app, "end", acts=True)
async def end(
    session: Session, *, pairing: Pairing, reason: Reason, by: By = None, key: Key = None
) -> None:
    """解除包联 / end a pairing."""
    await hand_in(session, c.EndPairing(pairing=pairing, reason=reason), office(by), key)


@command(app, "grant", acts=True)
async def grant(
    session: Session,
    *,
    firm: Firm,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="人员编号 / who may stay")],
    kind: Annotated[PresenceKind, typer.Option(help="身份 / as what")],
    until: Annotated[datetime, typer.Option(formats=_DAYS, help="到哪天 / until which day")],
    by: By = None,
    key: Key = None,
) -> None:
    """企业同意驻企 / the enterprise lets a named person in."""
    asked = c.GrantPresence(person=person, kind=kind, until=until.date())
    await hand_in(session, asked, enterprise(firm, by), key)


@command(app, "revoke", acts=True)
async def revoke(
    session: Session,
    *,
    presence: Annotated[str, typer.Argument(metavar="PASS", help="通行编号 / id of the pass")],
    firm: Firm,
    reason: Reason,
    by: By = None,
    key: Key = None,
) -> None:
    """收回驻企通行 / take a pass back."""
    asked = c.RevokePresence(presence=presence, reason=reason)
    await hand_in(session, asked, enterprise(firm, by), key)
