"""``wurao identity``: who rated, under two hands: one asks, another agrees, each look is on record."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from portal.cli.acting import Key, act, identity, missing
from portal.cli.command import bad_values, command
from portal.cli.session import Session
from portal.matters import sealed
from portal.messages import Sender
from portal.proof.draws import history_of
from portal.wording.words import label
from scheduler import keys
from scheduler.states import IdentityState
from schemas import sealed_commands as c
from schemas.envelope import ActorRole

app = typer.Typer(name="identity", help="查明评价人 / who rated", no_args_is_help=True)

Identity = Annotated[str, typer.Argument(metavar="IDENTITY", help="申请编号 / id of the opening")]
Reason = Annotated[str, typer.Option("--reason", help="理由 / why")]
Person = Annotated[str, typer.Option("--by", metavar="ID", help="办理人编号 / who acts")]
Role = Annotated[str, typer.Option("--role", help="以何身份 / auditor, scheduler, leader")]

_HANDS: Final = (ActorRole.AUDITOR, ActorRole.SCHEDULER, ActorRole.LEADER)


def _person(by: str, role: str) -> Sender:
    """Return who acts. Both are always said: two hands must be two people in two roles."""
    for each in _HANDS:
        if each.value == role:
            return Sender.of(by, each)
    raise typer.BadParameter(" / ".join(each.value for each in _HANDS))


@command(app, "ask", acts=True)
async def ask(
    session: Session,
    *,
    visit: Annotated[str, typer.Argument(metavar="VISIT", help="入企编号 / id of the visit")],
    reason: Reason,
    by: Person,
    role: Role,
    key: Key = None,
) -> None:
    """申请查明评价人 / ask to learn who rated a visit."""
    with bad_values():
        asked = c.AskIdentity(visit=visit, reason=reason)
    async with session.service() as service:
        effect = await act(session, service, asked, _person(by, role), key)
    id_ = identity(effect.about)
    session.tell(f"已申请 {id_}, 待第二人同意", f"asked: {id_}; a second person must agree")
    session.result(identity=id_, visit=visit)


@command(app, "grant", acts=True)
async def grant(
    session: Session,
    *,
    identity_: Identity,
    reason: Reason,
    by: Person,
    role: Role,
    key: Key = None,
) -> None:
    """第二人以另一身份同意 / somebody else, in another role, agrees."""
    with bad_values():
        asked = c.GrantIdentity(identity=identity_, reason=reason)
    async with session.service() as service:
        await act(session, service, asked, _person(by, role), key)
    session.tell("已同意", "granted")
    session.result(identity=identity_, granted_by=by)


@command(app, "see", acts=True)
async def see(session: Session, *, identity_: Identity, by: Person, role: Role) -> None:
    """查看: 先留痕, 后显示 / see who rated: first on record, then shown."""
    with bad_values():
        asked = c.SeeIdentity(identity=identity_)
    async with session.service() as service:
        await act(session, service, asked, _person(by, role))
        state = await service.queries.get(IdentityState, keys.identity(identity_))
        found = await sealed.identity(service, history_of(service), state) if state else None
    if found is None:
        raise missing(session, f"没有: {identity_}", f"there is no {identity_}")
    grade = label(found.rating.grade, session.lang) if found.rating else ""
    session.table(
        [("企业", "enterprise"), ("评价", "grade"), ("内容", "comment")],
        [(found.enterprise, grade, found.comment)],
    )
    rating = found.rating.model_dump(mode="json") if found.rating else None
    session.result(enterprise=found.enterprise, rating=rating, comment=found.comment)


@command(app, "list")
async def list_(session: Session) -> None:
    """列出申请, 不显示是谁 / list what was asked for; never who rated."""
    async with session.service() as service:
        rows = await service.queries.rows("identity")
    columns = [("编号", "id"), ("入企", "visit"), ("申请人", "asked by"), ("第二人", "granted by")]
    session.table(
        [*columns, ("查看次数", "looks")],
        [(r["id"], r["visit"], r["asked_by"], r["granted_by"], r["seen"]) for r in rows],
    )
    session.result(identities=[dict(row) for row in rows])
