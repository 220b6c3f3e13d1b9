"""``wurao config show``: which settings are in force, and where each of them came from."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import typer
from pydantic import SecretStr

from portal.cli.command import command
from portal.cli.session import Session
from portal.settings import Settings, variable

app = typer.Typer(name="config", help="配置 / the configuration", no_args_is_help=True)

MASK: Final = "********"


@command(app, "show")
async def show(session: Session) -> None:
    """配置一览: 每项的值与来源, 密钥不显示 / every setting, its value and origin; no secrets."""
    settings = session.settings
    rows = [
        (variable(name), shown(getattr(settings, name)), settings.origin(name))
        for name in Settings.model_fields
    ]
    session.table([("变量", "variable"), ("值", "value"), ("来源", "origin")], rows)
    session.result(
        settings=[
            {"variable": name, "value": value, "origin": origin} for name, value, origin in rows
        ]
    )


def shown(value: object) -> str | None:
    """Return a setting's value as it may be seen: of a secret no more than whom it is shown to."""
    if isinstance(value, SecretStr):
        return masked(value.get_secret_value())
    return None if value is None else str(value)


def masked(secret: str) -> str:
    """Return what may be seen of a secret: of an address who is asked for what, never the password.

    Whatever is not plainly an address is hidden whole, and so are an address's parameters, which
    may hold a password too.
    """
    try:
        address = urlsplit(secret)
        host, port, user = address.hostname, address.port, address.username
    except ValueError:
        return MASK
    # A password that was not quoted (it holds a slash, say) cuts the address in the wrong place.
    misread = "@" in address.path + address.query + address.fragment
    if not address.scheme or host is None or misread:
        return MASK
    who = f"{user}:{MASK}@" if user else ""
    return f"{address.scheme}://{who}{host}{f':{port}' if port else ''}{address.path}"
