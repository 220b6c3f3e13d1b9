"""``wurao user``: the local accounts of a small site, for whom no other login stands ready."""

from __future__ import annotations

from typing import Annotated

import typer

from portal.cli.command import command
from portal.cli.session import Exit, Session, Stop
from schemas.envelope import Actor, ActorRole

app = typer.Typer(name="user", help="本地用户 / local users", no_args_is_help=True)

_SHORTEST = 12
_HERE = "terminal"  # where tries of a password come from, for their limit


@command(app, "add")
async def add(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="用户名 / user name")],
    role: Annotated[ActorRole, typer.Option(help="以何身份 / in which role")],
    of: Annotated[
        str | None, typer.Option(help="所属部门或企业 / department or enterprise")
    ] = None,
    password: Annotated[
        str,
        typer.Option(
            prompt="密码 / password",
            hide_input=True,
            confirmation_prompt=True,
            help="密码 / password",
        ),
    ] = "",
) -> None:
    """登记用户或重设密码 / add a user or reset a password; open sessions of that user end."""
    from portal.pages import logins
    from portal.pages.reception import Reception

    if len(password) < _SHORTEST:
        why = session.text(f"密码至少 {_SHORTEST} 位", f"at least {_SHORTEST} characters")
        raise Stop(Exit.USAGE, [why], {"error": "password"})
    async with session.service() as service:
        await logins.enrol(Reception.of(service), Actor(id=name, role=role, of=of), password)
    session.tell(f"已登记 {name}", f"{name} can log in")
    session.result(name=name, role=role.value, of=of)


@command(app, "password")
async def password(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="用户名 / user name")],
    old: Annotated[
        str,
        typer.Option(prompt="原密码 / old password", hide_input=True, help="原密码 / old password"),
    ] = "",
    new: Annotated[
        str,
        typer.Option(
            prompt="新密码 / new password",
            hide_input=True,
            confirmation_prompt=True,
            help="新密码 / new password",
        ),
    ] = "",
) -> None:
    """修改自己的密码 / change one's own password; all sessions of that user end."""
    from portal.http import accounts
    from portal.http.problems import ProblemError
    from portal.pages.reception import Reception

    async with session.service() as service:
        reception = Reception.of(service)
        account = await reception.people.account(name)
        role = ActorRole(account.role) if account else ActorRole.CLERK
        try:
            await accounts.change_own(reception, Actor(id=name, role=role), old, new, _HERE)
        except ProblemError as problem:
            told = session.text(problem.said.zh, problem.said.en)
            raise Stop(Exit.REFUSED, [told], {"error": problem.code}) from None
    session.tell(f"{name} 的密码已修改", f"the password of {name} was changed")
    session.result(name=name)
